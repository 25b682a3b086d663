"""Numbers and ranges of drivers, as TOML gives them."""

from __future__ import annotations

import re
from math import inf, isfinite
from typing import Any

from rural_forecast.sizing.distributions import LARGEST, SMALLEST, Distribution, from_range
from rural_forecast.toml.table import TableError

_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_AMOUNT = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\s*({_NUMBER})\s*)?", re.ASCII)


def plain_number(written: Any) -> float:
    """A number that is not written as text. Raises TableError if it is not one, or beyond the limits of `number`."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise TableError.of("amount_not_a_number", written=written)
    return finite_number(written)


def finite_number(written: str | float) -> float:
    """A finite number. Raises TableError if it is not one, or its square or inverse is beyond what a double holds."""
    try:
        value = float(written)
    except ValueError:
        raise TableError.of("amount_not_a_number", written=str(written)[:20]) from None
    except OverflowError:
        value = inf
    if not isfinite(value):
        raise TableError.of("amount_not_finite", written=str(written)[:20])
    if value and not SMALLEST <= abs(value) <= LARGEST:
        raise TableError.of("number_out_of_range", number=value, smallest=SMALLEST, largest=LARGEST)
    return value


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`; those of a single number are equal. Raises TableError if it is neither."""
    if not isinstance(written, bool) and isinstance(written, int | float):
        return finite_number(written), finite_number(written)
    match = _AMOUNT.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise TableError.of("not_a_range", written=written)
    return finite_number(match[1]), finite_number(match[2] or match[1])


def amount(written: Any, whole: float | None) -> Distribution:
    """A number or a range; `whole` is the value that a share cannot exceed, None for other units.

    Raises TableError if it is neither, or not possible for a share.
    """
    low, high = ends(written)
    if low <= high:
        _require_share(low, high, whole)
    try:
        return from_range(low, high, whole)
    except TableError as error:
        raise TableError.of("impossible_range", cause=error) from None


def within(distribution: Distribution, whole: float | None) -> Distribution:
    """The distribution, if a share may have it. Raises TableError if it can be below 0 or above the whole."""
    _require_share(*distribution.bounds, whole)
    return distribution


def _require_share(low: float, high: float, whole: float | None) -> None:
    if whole is not None and (low < 0 or high > whole):
        raise TableError.of("beyond_whole", number=low if low < 0 else high, whole=whole)


def as_written(written: Any) -> str:
    """An amount as in the file, in one line."""
    return re.sub(r"\s*\.\.\s*", "..", written.strip()) if isinstance(written, str) else f"{written:,}"
