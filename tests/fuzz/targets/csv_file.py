"""The reader of CSV."""

from __future__ import annotations

from tests.fuzz.targets.reading import seeds, try_reading

SEEDS = seeds("csv", "txt")


def test(data: bytes) -> None:
    """Read CSV."""
    try_reading(data, "csv")
