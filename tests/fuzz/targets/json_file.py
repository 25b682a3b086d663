"""The reader of JSON."""

from __future__ import annotations

from tests.fuzz.targets.reading import seeds, try_reading

SEEDS = seeds("json")


def test(data: bytes) -> None:
    """Read JSON."""
    try_reading(data, "json")
