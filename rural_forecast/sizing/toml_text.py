"""Reading TOML, with refusals that name the place."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from rural_forecast.errors import InputError


def read_toml(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    """The content of a file and its text with plain line ends; `name` is how messages call it.

    Raises
    ------
    InputError : it is not UTF-8 or no TOML, with line and column
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what = str(error)[: where.start()] if where else str(error)
        at = f" line {where[1]}, column {where[2]}" if where and where[1] else ", at its end" if where else ""
        raise InputError(
            f"{name}{at}: this is no TOML: {what[:1].lower()}{what[1:]}.",
            'Text and ranges go between double quotes: value = "0.6..0.8".',
        ) from None
    except RecursionError:
        raise InputError(f"{name}: this is nested too deep to be a model.") from None
