"""JSON values as both JSON formats write them: strict, non-ASCII kept, and safe to print on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from json import JSONEncoder
from typing import TYPE_CHECKING, Any

from rural_forecast.errors import not_finite
from rural_forecast.render.plain_text import INVISIBLE, NO_CHARACTERS, encodable

if TYPE_CHECKING:
    from rural_forecast.document.table import Table

_UNSAFE = re.compile(f"[\x7f-\x9f\u2028\u2029{INVISIBLE}{NO_CHARACTERS}]")
"""What a terminal obeys, or a reader of lines splits at, though JSON allows it raw. It only occurs within strings."""


def encoder(*, indent: int | None = None, separators: tuple[str, str] | None = None) -> JSONEncoder:
    """An encoder that refuses NaN and infinity, and that knows mappings and dates."""
    return JSONEncoder(
        ensure_ascii=False, allow_nan=False, indent=indent, separators=separators, default=_other, check_circular=False
    )


def encode(writer: JSONEncoder, value: object) -> str:
    """One value as text.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    try:
        text = writer.encode(value)
    except ValueError as error:
        raise not_finite("A number of the result is not finite.") from error
    return text if text.isascii() and "\x7f" not in text else encodable(_UNSAFE.sub(_escaped, text))


def records(table: Table) -> list[dict[str, object]]:
    """Rows as objects, keys in the order of the columns."""
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _other(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a document")
