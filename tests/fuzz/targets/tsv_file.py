"""The reader of TSV."""

from __future__ import annotations

from tests.fuzz.targets.reading import seeds, try_reading

SEEDS = seeds("tsv")


def test(data: bytes) -> None:
    """Read TSV."""
    try_reading(data, "tsv")
