"""Names of sources: which are files, of which format, and how messages call them."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_SERIES = "rural_online_shopping_turnover"

STANDARD_INPUT = "standard input"
"""Its name in messages."""
SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".parquet": "parquet",
}
"""The format of a file by its suffix."""
TEXTS = (".zip", ".md", ".html", ".htm", ".xml", ".px")
"""Suffixes of other files that a series can be read from: what they hold is found by their content."""


def without_folders(name: str) -> str:
    """A file as results name it: they are passed on, and folders are nobody's business."""
    base = os.path.basename(name) or name  # noqa: PTH119 - pathlib would cost the start more
    return base if base.isprintable() else ascii(base)[1:-1]


def is_folder(path: str | Path) -> bool:
    """True if there is a folder at a path."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises for a name too long


def is_toml(source: str) -> bool:
    """True for the name of a TOML file: of a sizing or of scenarios, not of a series."""
    return source.lower().endswith(".toml")


def is_file(source: str) -> bool:
    """True for a file: '-', or a name with a slash or a known suffix; all else is an id of the catalogue."""
    known = Path(source).suffix.lower()
    return source == "-" or "/" in source or "\\" in source or known in (*SUFFIXES, *TEXTS, ".gz")
