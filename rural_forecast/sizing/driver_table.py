"""The table of one driver in a model file: what it is, in which unit, and on whose word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from pathlib import Path as FilePath
from typing import Any, NamedTuple, TypeAlias

from rural_forecast.errors import RuralForecastError
from rural_forecast.sizing.distributions import (
    KINDS,
    LARGEST,
    SMALLEST,
    Distribution,
    Point,
    bounds,
    from_range,
    named,
    parameters,
)
from rural_forecast.sizing.places import Path, Places, meant
from rural_forecast.sizing.series_table import WINDOW, FromSeries, read_series, read_unit, text_of
from rural_forecast.sizing.units import Unit, whole_of

WAYS = ("value", "values", "distribution", "series", "formula")
MOST_SHOWN = 3
"""Values by year that are written out where people read them."""
_ABOUT = ("unit", "source", "assumption", "note")
_PARAMETERS = tuple(sorted({name for kind in KINDS for names in parameters(kind) for name in names}))
_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*", re.ASCII)
_SINGLE = re.compile(rf"\s*({_NUMBER})\s*", re.ASCII)


Value: TypeAlias = Distribution | dict[int, Distribution] | FromSeries


class Driver(NamedTuple):
    """One driver as the file gives it."""

    name: str
    unit: Unit
    unit_text: str
    value: Value
    written: str
    """The value as in the file, in one line."""
    source: str = ""
    assumption: bool = False
    note: str = ""


class Derived(NamedTuple):
    """A driver or stage that is a formula of others."""

    name: str
    text: str
    path: Path
    """Where the formula stands in the file."""
    unit_text: str
    """Empty where the unit follows from the formula."""
    source: str = ""
    assumption: bool = False
    note: str = ""


def read_driver(name: str, table: Any, places: Places, folder: FilePath, top: tuple[str, ...]) -> Driver | Derived:
    """Read one table of `[drivers]`; `folder` is where the names of files start from.

    Raises
    ------
    InputError : anything about it is wrong, with file, line and key
    """
    path: Path = ("drivers", name)
    if not isinstance(table, dict):
        raise places.refuse(
            path, "is no table", f'Write {name} = {{ value = {table!r}, unit = "..." }}, or a table [drivers.{name}].'
        )
    ways = [way for way in WAYS if way in table]
    if len(ways) != 1:
        what = f"has {' and '.join(ways)}, of which one is enough" if ways else "has no value"
        raise places.refuse(path, what, f"Give one of {', '.join(WAYS)}.")
    way = ways[0]
    extra = {"series": WINDOW, "distribution": _PARAMETERS}.get(way, ())
    places.check_keys(path, table, (way, *_ABOUT, *extra), top)
    texts = {key: text_of(table, key, path, places) for key in ("unit", "source", "note")}
    assumption = table.get("assumption", False)
    if not isinstance(assumption, bool):
        raise places.refuse((*path, "assumption"), f"{assumption!r} is neither true nor false")
    if way == "formula":
        formula = text_of(table, "formula", path, places)
        return Derived(name, formula, (*path, "formula"), texts["unit"], texts["source"], assumption, texts["note"])
    if way == "series":
        given, unit, text = read_series(table, path, places, folder, texts["unit"])
        return Driver(name, unit, text, given, f"series {given.series.id}", texts["source"], assumption, texts["note"])
    unit = read_unit(texts["unit"], path, places)
    whole = whole_of(texts["unit"])
    if way == "value":
        value: Value = _amount(table["value"], (*path, "value"), places, whole)
        written = _as_written(table["value"])
    elif way == "values":
        value = _by_year(table["values"], (*path, "values"), places, whole)
        shown = [f"{year}: {_as_written(amount)}" for year, amount in table["values"].items()]
        written = ", ".join(shown) if len(shown) <= MOST_SHOWN else f"{shown[0]}, and so on to {shown[-1]}"
    else:
        value, written = _distribution(table, path, places, whole)
    return Driver(name, unit, texts["unit"], value, written, texts["source"], assumption, texts["note"])


def _amount(given: Any, path: Path, places: Places, whole: float | None) -> Distribution:
    """A number or a range."""
    if isinstance(given, str):
        if match := _RANGE.fullmatch(given):
            low, high = (_float(match[place], path, places) for place in (1, 2))
            return _range(low, high, path, places, whole)
        if match := _SINGLE.fullmatch(given):
            given = _float(match[1], path, places)
        else:
            raise places.refuse(
                path, f"'{given}' is neither a number nor a range", 'Write a number, or a range such as "0.6..0.8".'
            )
    elif isinstance(given, bool) or not isinstance(given, int | float):
        raise places.refuse(
            path, f"{given!r} is neither a number nor a range", 'Write a number, or a range such as "0.6..0.8".'
        )
    return _within(Point(_float(given, path, places)), path, places, whole)


def _range(low: float, high: float, path: Path, places: Places, whole: float | None) -> Distribution:
    if low < high and whole is not None and (low < 0 or high > whole):
        raise _beyond(low if low < 0 else high, path, places, whole)
    try:
        return _within(from_range(low, high, whole), path, places, whole)
    except ValueError as error:
        hint = 'Move that end a little, or use distribution = "uniform".'
        hint = "Write the lower end first." if high < low else hint
        raise places.refuse(path, f"the range {error}", hint) from None


def _within(distribution: Distribution, path: Path, places: Places, whole: float | None) -> Distribution:
    """Refuse what can lie outside a part of a whole."""
    low, high = bounds(distribution)
    if whole is not None and (low < 0 or high > whole):
        raise _beyond(low if low < 0 else high, path, places, whole)
    return distribution


def _beyond(value: float, path: Path, places: Places, whole: float) -> RuralForecastError:
    side = "below 0" if value < 0 else f"above {whole:g}"
    if not isfinite(value):
        return places.refuse(
            path, f"can lie {side}, which a share cannot", 'Give a range, or one of "beta", "pert" and "uniform".'
        )
    hint = 'Growth is in unit = "percent per year", a multiple in unit = "ratio".'
    if whole == 1 and 1 < value <= 100:
        hint = f'Write {value / 100:g}, or unit = "percent". ' + hint
    return places.refuse(path, f"{value:g} is {side}, which a share cannot be", hint)


def _by_year(given: Any, path: Path, places: Places, whole: float | None) -> dict[int, Distribution]:
    if not isinstance(given, dict) or not given:
        raise places.refuse(path, "is no table of years", 'Write values = { 2026 = "0.6..0.8", 2027 = "0.6..0.85" }.')
    found = {}
    for key, amount in given.items():
        if not re.fullmatch(r"\d{1,4}", key, re.ASCII) or int(key) == 0:
            raise places.refuse((*path, key), f"'{key}' is no year")
        found[int(key)] = _amount(amount, (*path, key), places, whole)
    return found


def _distribution(
    table: Mapping[str, Any], path: Path, places: Places, whole: float | None
) -> tuple[Distribution, str]:
    kind = table["distribution"]
    path = (*path, "distribution")
    if not isinstance(kind, str) or kind not in KINDS:
        raise places.refuse(path, f"'{kind}' is no distribution", meant(str(kind), KINDS))
    given = {name: _plain(table[name], (*path[:-1], name), places) for name in _PARAMETERS if name in table}
    try:
        distribution = named(kind, given)
    except ValueError as error:
        raise places.refuse(path, f"{kind} {error}") from None
    text = ", ".join(f"{name} {value:g}" for name, value in given.items())
    return _within(distribution, path, places, whole), f"{kind}: {text}"


def _plain(given: Any, path: Path, places: Places) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise places.refuse(path, f"{given!r} is no number")
    return _float(given, path, places)


def _float(given: str | float, path: Path, places: Places) -> float:
    try:
        value = float(given)
    except ValueError:  # such as `4_`
        raise places.refuse(path, f"{str(given)[:20]!r} is not a number") from None
    except OverflowError:
        value = float("inf")
    if not isfinite(value):
        raise places.refuse(path, f"{str(given)[:20]} is no finite number")
    if value and not SMALLEST <= abs(value) <= LARGEST:
        side = "farther from 0 than 1e150" if abs(value) > LARGEST else "nearer to 0 than 1e-150"
        raise places.refuse(path, f"{value:g} is {side}", "Choose a unit that makes the number shorter.")
    return value


def _as_written(given: Any) -> str:
    return re.sub(r"\s*\.\.\s*", "..", given.strip()) if isinstance(given, str) else f"{given:,}"
