"""Names of sources: which are files, of which format, and how messages call them."""

from __future__ import annotations

import os
from os.path import isfile
from pathlib import Path

SERIES_SIGN = "::"  # between a file and the series of it that is meant
DEFAULT_SERIES = "rural_online_shopping_turnover"

STANDARD_INPUT = "standard input"  # its name in messages
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
TEXTS = (".zip", ".md", ".html", ".htm", ".xml", ".px")  # what they hold is found by their content


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


def split(source: str) -> tuple[str, str | None]:
    """The file, none for `::SERIES`, and the series of `FILE::SERIES`; any other source as it is,
    with None.

    >>> split("sales.csv::North"), split("C:\\\\sales.csv"), split("mofcom"), split("::North")
    (('sales.csv', 'North'), ('C:\\\\sales.csv', None), ('mofcom', None), ('', 'North'))
    """
    file, sign, series = source.partition(SERIES_SIGN)
    if not sign or (file and not is_file(file)) or isfile(source):  # noqa: PTH113 - pathlib raises if a name is too long
        return source, None
    return file, series.strip()


def in_file_of(source: str, other: str) -> str:
    """The source `::SERIES` with the file of another source in front; any other one as it is."""
    file = split(other)[0] if source.startswith(SERIES_SIGN) else ""
    return f"{file}{source}" if file and is_file(file) else source


def is_file(source: str) -> bool:
    """True for a file or a series of one: '-', or a name with a slash or a known suffix; all else
    is an id.
    """
    file = source.partition(SERIES_SIGN)[0]
    known = {Path(file).suffix.lower(), Path(source).suffix.lower()}
    named = file == "-" or "/" in source or "\\" in source or source.startswith(SERIES_SIGN)
    return named or not known.isdisjoint((*SUFFIXES, *TEXTS, ".gz"))
