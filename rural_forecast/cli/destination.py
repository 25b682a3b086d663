"""The file and the format of a result, from the options."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.cli import streams
from rural_forecast.render import formats

STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""Names of it; opened as a file, the device would start a redirected one anew."""
STANDARD_INPUT = frozenset({"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
"""Names of it, likewise."""


def format_of(chosen: str | None, output: Path | None, default: str) -> str:
    """The format of a result: the one that is named, that of the suffix, or the default."""
    target = file(output)
    suggested = formats.from_suffix(target) if target else None
    return chosen or suggested or default or ("table" if streams.is_terminal("stdout") else "csv")


def file(output: Path | None) -> Path | None:
    """The file to write; None for standard output."""
    return None if output is None or str(output) in STANDARD_OUTPUT else output
