"""Reading TOML, with refusals that name the place."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from rural_forecast.errors import InputError

_LONGEST = 10**1000
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""Names joined by more dots than tables may nest: each dot is a table within the one before."""
MOST_BYTES = 1_000_000
DEEPEST = 20
"""Tables within tables; a model has three."""


def read_toml(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    """The content of a file and its text with plain line ends; `name` is how messages call it.

    Raises
    ------
    InputError : it is not UTF-8 or no TOML, with line and column; or it is far larger than what people write
    """
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES:,} bytes.", "Take out what is no driver and no formula.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    if _DEEP.search(text):
        raise _too_deep(name)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what = str(error)[: where.start()] if where else str(error)
        at = f" line {where[1]}, column {where[2]}" if where and where[1] else ", at its end" if where else ""
        raise InputError(
            f"{name}{at}: this is no TOML: {what[:1].lower()}{what[1:]}.",
            'Text and ranges go between double quotes: value = "0.6..0.8".',
        ) from None
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError:  # a whole number of more digits than Python reads
        raise _too_large(name) from None
    _require_figures(content, name)
    return content, text


def _require_figures(content: Any, name: str, depth: int = 0) -> None:
    """Refuse whole numbers so long that Python would not print them in a message, and tables without end."""
    if isinstance(content, int) and abs(content) >= _LONGEST:
        raise _too_large(name)
    if isinstance(content, dict | list):
        if depth > DEEPEST:
            raise _too_deep(name)
        for inner in content.values() if isinstance(content, dict) else content:
            _require_figures(inner, name, depth + 1)


def _too_deep(name: str) -> InputError:
    return InputError(f"{name}: this is nested too deep to be a model.", "Write tables such as [drivers.users].")


def _too_large(name: str) -> InputError:
    return InputError(f"{name} holds a number of more than 1,000 digits.", "Write it in a larger unit.")
