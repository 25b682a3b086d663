"""Numbers and ranges of drivers, as TOML gives them."""

from __future__ import annotations

import re
from math import inf, isfinite
from typing import Any

from rural_forecast.sizing.distributions import LARGEST, SMALLEST, Distribution, from_range
from rural_forecast.toml.table import TableError, shown

_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_AMOUNT = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\s*({_NUMBER})\s*)?", re.ASCII)


def plain_number(written: Any) -> float:
    """A number that is not written as text. Raises TableError if it is not one, or beyond the limits of `number`."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise TableError(f"{shown(written)} is not a number")
    return number(written)


def number(written: str | float) -> float:
    """A finite number. Raises TableError if it is not one, or its square or inverse is beyond what a double holds."""
    try:
        value = float(written)
    except ValueError:
        raise TableError(f"{str(written)[:20]!r} is not a number") from None
    except OverflowError:
        value = inf
    if not isfinite(value):
        raise TableError(f"{str(written)[:20]} is not a finite number")
    if value and not SMALLEST <= abs(value) <= LARGEST:
        side = "farther from 0 than 1e150" if abs(value) > LARGEST else "nearer to 0 than 1e-150"
        raise TableError(f"{value:g} is {side}", "Choose a unit that makes the number shorter.")
    return value


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`; those of a single number are equal. Raises TableError if it is neither."""
    if not isinstance(written, bool) and isinstance(written, int | float):
        return number(written), number(written)
    match = _AMOUNT.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        hint = 'Write a number, or a range such as "0.6..0.8".'
        raise TableError(f"{shown(written)} is neither a number nor a range", hint)
    return number(match[1]), number(match[2] or match[1])


def amount(written: Any, whole: float | None) -> Distribution:
    """A number or a range; `whole` is the value that a share cannot exceed, None for other units.

    Raises TableError if it is neither, or not possible for a share.
    """
    low, high = ends(written)
    if low <= high and whole is not None and (low < 0 or high > whole):
        raise _beyond(low if low < 0 else high, whole)
    try:
        return from_range(low, high, whole)
    except ValueError as error:
        end = "Write the lower end first." if high < low else 'Move that end a little, or use distribution = "uniform".'
        raise TableError(f"the range {error}", end) from None


def within(distribution: Distribution, whole: float | None) -> Distribution:
    """The distribution, if a share may have it. Raises TableError if it can be below 0 or above the whole."""
    low, high = distribution.bounds
    if whole is not None and (low < 0 or high > whole):
        raise _beyond(low if low < 0 else high, whole)
    return distribution


def _beyond(value: float, whole: float) -> TableError:
    side = "below 0" if value < 0 else f"above {whole:g}"
    if not isfinite(value):
        return TableError(
            f"can be {side}, which a share cannot", 'Give a range, or one of "beta", "pert" and "uniform".'
        )
    hint = 'Growth is in unit = "percent per year", a multiple in unit = "ratio".'
    if whole == 1 and 1 < value <= 100:
        hint = f'Write {value / 100:g}, or unit = "percent". {hint}'
    return TableError(f"{value:g} is {side}, which a share cannot be", hint)


def as_written(written: Any) -> str:
    """An amount as in the file, in one line."""
    return re.sub(r"\s*\.\.\s*", "..", written.strip()) if isinstance(written, str) else f"{written:,}"
