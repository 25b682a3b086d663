"""The readers of text: the first byte chooses a format, two more options, the rest is the file."""

from tests.fuzz.targets.reading import seeds, try_reading

_SUFFIXES = {
    "csv": ("csv", "txt", "xml", "html"),  # its reader looks at the beginning for the others
    "tsv": ("tsv",),
    "json": ("json",),
    "ndjson": ("ndjson", "jsonl"),
}
SEEDS = [bytes([place]) + seed for place, suffixes in enumerate(_SUFFIXES.values()) for seed in seeds(*suffixes)]


def test(data: bytes) -> None:
    """Read a text."""
    kind = list(_SUFFIXES)[data[0] % len(_SUFFIXES)] if data else "csv"
    try_reading(data[1:], kind)
