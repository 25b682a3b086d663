"""The reader of CSV, which looks at the beginning for XML, HTML and JSON."""

from __future__ import annotations

from tests.fuzz.targets.reading import seeds, try_reading

SEEDS = seeds("csv", "txt", "xml", "html")


def test(data: bytes) -> None:
    """Read CSV."""
    try_reading(data, "csv")
