"""The reader of NDJSON."""

from __future__ import annotations

from tests.fuzz.targets.reading import seeds, try_reading

SEEDS = seeds("ndjson", "jsonl")


def test(data: bytes) -> None:
    """Read NDJSON."""
    try_reading(data, "ndjson")
