"""Bytes to the content of a TOML file, within limits that keep hostile files from exhausting the parser."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from rural_forecast.errors import InputError, Place

_LARGEST = 10**1000
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""A dotted key of more than 20 names; each dot opens a table."""
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
MOST_BYTES = 1_000_000
DEEPEST = 20
"""Tables within tables; a model has three."""


def parse(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    """The content of a file, and its text with `\\n` line ends; `name` is what messages call the file.

    Raises InputError if it is not UTF-8, not TOML (with line and column), too large or nested too deep.
    """
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES:,} bytes.", "Keep only drivers and formulas.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    too_deep = InputError(f"{name}: tables are nested too deep for a model.", "Write tables such as [drivers.users].")
    too_large = InputError(f"{name} holds a number of more than 1,000 digits.", "Write it in a larger unit.")
    if _DEEP.search(text):
        raise too_deep
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.search(str(error))
        what = _PLACE.sub("", str(error))
        at = f" line {match[1]}, column {match[2]}" if match and match[1] else ", at its end" if match else ""
        line, column = map(int, match.groups()) if match and match[1] else (0, 0)
        raise InputError(
            f"{name}{at}: this is not valid TOML: {what[:1].lower()}{what[1:]}.",
            'Text and ranges go between double quotes: value = "0.6..0.8".',
            place=Place(f"{name}{at}", name, line, column),
        ) from None
    except RecursionError:
        raise too_deep from None
    except ValueError:  # an integer of more digits than Python reads
        raise too_large from None
    values: list[Any] = [content]
    for _ in range(DEEPEST + 1):
        values = [inner for value in values for inner in _inside(value)]
        if any(isinstance(value, int) and abs(value) >= _LARGEST for value in values):
            raise too_large
    if any(isinstance(value, dict | list) for value in values):
        raise too_deep
    return content, text


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
