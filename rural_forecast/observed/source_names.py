"""Names of sources: which are files, of which format, and how messages call them."""

from __future__ import annotations

import os
import re
from pathlib import Path

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
PACKED = (".gz", ".zst")
TEXTS = (".zip", ".md", ".html", ".htm", ".xml", ".px")  # what they hold is found by their content


PUBLISHERS = ("wb", "eurostat", "oecd", "fred", "dbnomics")
"""The publishers with short names, such as `wb:SP.RUR.TOTL/CHN`."""
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|(?:" + "|".join(PUBLISHERS) + r"):(?!:)", re.IGNORECASE)


def is_remote(name: str) -> bool:
    """True for an address, or the short name of what a publisher has at one."""
    return _REMOTE.match(name) is not None


def without_folders(name: str) -> str:
    """A file as results name it: they are passed on, and folders are nobody's business.

    An address goes without its query too; the name of a series at a publisher stays whole.
    """
    if is_remote(name):
        scheme, separator, address = name.partition("://")
        return address.partition("?")[0].rstrip("/").rpartition("/")[2] if separator else scheme
    base = os.path.basename(name) or name
    return base if base.isprintable() else ascii(base)[1:-1]


def stem_of(name: str) -> str:
    """The name of a file without folders and suffixes: `sales` of `a/sales.csv.gz`."""
    file = without_folders(name)
    packed = file.lower().endswith(PACKED)
    unpacked = file.rpartition(".")[0] if packed else file
    return unpacked.rpartition(".")[0] or unpacked


def is_folder(path: str | Path) -> bool:
    """True if there is a folder at a path."""
    return os.path.isdir(path)
