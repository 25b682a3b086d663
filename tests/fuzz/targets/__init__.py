"""The targets: functions from bytes that raise only where a promise is broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import NamedTuple

SHARES = {
    "csv_file": 16,
    "tsv_file": 4,
    "json_file": 10,
    "ndjson_file": 5,
    "xlsx_file": 2,
    "parquet_file": 6,
    "period": 12,
    "formula": 13,
    "size_model": 4,
    "scenario_file": 4,
    "catalogue": 5,
    "forecasting": 3,
    "document": 3,
    "picture": 2,
    "batch": 3,
    "command": 8,
}
"""Each target with its share of the cases in percent: quick ones have more."""
TEXTS = {
    "csv_file": ("csv", "txt", "xml", "html"),  # its reader looks at the beginning for the others
    "tsv_file": ("tsv",),
    "json_file": ("json",),
    "ndjson_file": ("ndjson", "jsonl"),
}
"""Targets that read text, with the suffixes of their seeds."""


class Target(NamedTuple):
    """One target."""

    name: str
    test: Callable[[bytes], None]
    seeds: Sequence[bytes]


def target(name: str) -> Target:
    """A target by name; it imports what it tries."""
    if name in TEXTS:
        reading = import_module("tests.fuzz.targets.reading")
        return Target(name, partial(reading.try_reading, kind=TEXTS[name][0]), reading.seeds(*TEXTS[name]))
    module = import_module(f"tests.fuzz.targets.{name}")
    return Target(name, module.test, module.SEEDS)
