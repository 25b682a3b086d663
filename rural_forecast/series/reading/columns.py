"""Which column holds what: recognised by its name, given by the user, or left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading.column_names import (
    EXPERTS,
    ID_NAMES,
    OTHER_NAMES,
    PERIOD_NAMES,
    RANGE_NAMES,
    VALUE_NAMES,
    holds_our_rows,
    normalised,
)
from rural_forecast.series.reading.contents import fits, is_text
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.heads import head_names_year, is_head, likely_year, mistyped
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.text.cells import label

_BOUNDS = ("lower_", "upper_")


class Columns(NamedTuple):
    """Places of the columns, counted from 0; -1 where there is none."""

    period: int = -1
    value: int = -1
    id: int = -1
    source: int = -1
    author: int = -1
    """Who made a published forecast."""
    status: int = -1
    published_on: int = -1
    unit: int = -1
    scale: int = -1
    """The factor of the values, such as `Millions` or a power of ten; only where the column holds nothing else."""
    definition: int = -1
    growth_pct: int = -1
    note: int = -1
    qualifier: int = -1
    flag: int = -1
    """Flags of an agency, such as `e` and `p`; only where the column holds nothing else."""
    measure: int = -1
    """Whether a series is a flow, a stock, a rate or a price; only where the column says nothing else."""
    market_kind: int = -1
    doubtful: int = -1
    """Whether a value is likely a slip or misprint; only where the column says yes or no."""
    """Whether growth is not read across the year; only where the column says yes or no."""
    kind: int = -1
    """Only in the rows this program writes itself, together with `model`."""
    model: int = -1
    plan: int = -1
    """Where a file has both `status` and a `kind` of its own: whether a forecast is a target."""
    low: int = -1
    """Of the range that an expert gives with a value, as `high` and its `level`."""
    high: int = -1
    level: int = -1
    years: tuple[int, ...] = ()
    """Of a wide sheet: the columns whose header is a period; `period` and `value` are then -1."""

    def places(self) -> frozenset[int]:
        """All columns that have a role."""
        single = (place for place in self[:-1] if isinstance(place, int))
        return frozenset((*single, *self.years))

    def of_values(self) -> tuple[int, ...]:
        """The columns of values: those of a wide sheet, or the one of long rows."""
        return self.years or (self.value,)


def recognise(grid: Grid, options: ReadOptions) -> Columns:
    """Find the columns of a grid.

    Raises InputError if no period or value column is found, or several could be it. Raises UsageError if a column the
    user named is not there.
    """
    names = [normalised(cell) for cell in grid.header]
    given = {"period": options.period_column, "value": options.value_column, "id": options.id_column}
    heads = [label(cell) for cell in grid.header]
    asked = {role: named(heads, grid.name, name, f"{role}_column") for role, name in given.items() if name is not None}
    roles = _other_columns(grid, names, asked.get("value", -1))
    kinds = [] if holds_our_rows(names) else [i for i, name in enumerate(names) if name == "kind"]
    kind = _only(grid, kinds, "kind")  # of a file that is not ours, where it says what `status` says
    identity = asked.get("id", -1)
    if identity < 0:
        identity = _only(grid, [i for i, name in enumerate(names) if name in ID_NAMES], "id")
    taken = {identity, *roles.values(), *asked.values()}
    if "period" not in asked and "value" not in asked:
        years = tuple(i for i, cell in enumerate(grid.header) if i not in taken and is_head(cell))
        if _is_wide(grid, names, years):
            free = sorted({*range(len(names))} - taken - {*years})
            if identity < 0:  # the first column of labels
                identity = next((i for i in free if not mistyped(grid.header[i])), -1)
            return Columns(id=identity, years=years, **roles)
    if kind >= 0 and kind not in asked.values():
        roles["plan" if "status" in roles else "status"] = kind
    ranges = range_columns(names, grid.column(roles["status"])) if "status" in roles else {}
    if any(asked.get("value") in places for places in ranges.values()):
        ranges = {}  # a case of its own, not the end of a range
    roles |= {role: _only(grid, places, role) for role, places in ranges.items()}
    taken |= set(roles.values())
    if all(is_head(cell) or re.match(r"[+-]*[0-9.]", label(cell)) for cell in grid.header):
        raise InputError.of("no_header", cells=grid.header, place=grid.place(-1, 0))
    period = asked.get("period", -1)
    if period < 0:
        period = _period_column(grid, names, taken)
    value = asked.get("value", -1)
    if value < 0:
        value = _value_column(grid, names, taken | {period})
    if period == value:
        raise UsageError.of("period_is_value", column=heads[value])
    return Columns(period=period, value=value, id=identity, **roles)


def _other_columns(grid: Grid, names: Sequence[str], value: int) -> dict[str, Any]:
    """Columns recognised by their name, where their cells fit it."""
    left = () if holds_our_rows(names) else ("kind", "model")
    fitting = columns_by_role(names, [at for at in range(len(names)) if at != value], grid.column, left)
    return {role: _only(grid, at[:1] if role == "flag" else at, role) for role, at in fitting.items()}


def columns_by_role(
    names: Sequence[str], places: Iterable[int], cells: Callable[[int], Iterable[Any]], left: Collection[str]
) -> dict[str, list[int]]:
    """The columns whose name says a role and whose cells fit it, by role; `left`: roles that are left out."""
    return {
        role: fitting
        for role, known in OTHER_NAMES.items()
        if role not in left and (fitting := [at for at in places if names[at] in known and fits(role, cells(at))])
    }


def range_columns(names: Sequence[str], statuses: Iterable[Any]) -> dict[str, list[int]]:
    """The columns that could hold each part of a range, by its role, where a row is an expert's."""
    if EXPERTS.isdisjoint(label(cell).lower() for cell in statuses):
        return {}
    return {role: [at for at, name in enumerate(names) if name in known] for role, known in RANGE_NAMES.items()}


def _only(grid: Grid, places: Sequence[int], role: str) -> int:
    """The one place of a role, or -1. Raises InputError if there are several."""
    if len(places) < 2:
        return places[0] if places else -1
    heads = [label(grid.header[i]) for i in places]
    place = grid.place(-1, places[1])
    raise InputError.of("several_columns", role=role, columns=heads, place=place, code="choice_needed")


def named(names: Sequence[str], file: str, wanted: str, asked: str) -> int:
    """The place of a column the user named: by its exact name, or else in any case.

    Raises UsageError if there is none, or several of that name.
    """
    places = [i for i, name in enumerate(names) if name == wanted.strip()]
    places = places or [i for i, name in enumerate(names) if normalised(name) == normalised(wanted)]
    if len(places) == 1:
        return places[0]
    if places:
        raise UsageError.of("columns_of_one_name", file=file, count=len(places), column=wanted)
    known = [*filter(None, names)]
    raise UsageError.of("no_such_column", file=file, column=wanted, asked=asked, names=known, code="unknown_name")


def _is_wide(grid: Grid, names: Sequence[str], years: Sequence[int]) -> bool:
    """Whether the header runs over the years.

    Bare small numbers count as periods only behind a label column; a header of nothing but numbers is a wide sheet
    only where it counts up or down by one, since it may also be the first row of a file without a header.
    """
    if not years or (any(name in VALUE_NAMES for name in names) and any(name in PERIOD_NAMES for name in names)):
        return False
    if len(names) == len(years):
        texts = [label(cell) for cell in grid.header]
        sure = all(re.fullmatch(r"\d{4}", text, re.ASCII) for text in texts)
        return sure and {int(later) - int(earlier) for earlier, later in pairwise(texts)} in ({1}, {-1})
    if len(years) == 1:
        return head_names_year(grid.header[years[0]]) and not any(name in PERIOD_NAMES for name in names)
    return True


def _period_column(grid: Grid, names: Sequence[str], taken: set[int]) -> int:
    free = [i for i in range(len(names)) if i not in taken]
    place = _only(grid, [i for i in free if names[i] in PERIOD_NAMES], "period")
    if place >= 0:
        return place
    candidates = [i for i in free if names[i] not in VALUE_NAMES]
    holding = [i for i in candidates if all(map(head_names_year, grid.column(i)))]
    if len(holding) == 1 and len(free) == 2:
        return holding[0]
    raise _no_column(grid, "period")


def _value_column(grid: Grid, names: Sequence[str], taken: set[int]) -> int:
    free = [i for i in range(len(names)) if i not in taken and names[i] and not names[i].startswith(_BOUNDS)]
    texts = [i for i in free if is_text(grid.column(i))]
    free = [i for i in free if i not in texts] or [i for i in free if names[i] in VALUE_NAMES]
    place = _only(grid, [i for i in free if names[i] in VALUE_NAMES] or free, "value")
    if place >= 0:
        return place
    if texts:
        raise InputError.of("columns_of_texts", columns=[grid.header[i] for i in texts], place=grid.place(-1, texts[0]))
    raise _no_column(grid, "value")


def _no_column(grid: Grid, role: str) -> InputError:
    """No column has this role."""
    place, names = grid.place(-1, 0), [text for cell in grid.header if (text := label(cell))]
    if len(grid.header) == 1:
        return InputError.of("column_alone", columns=names, place=place)
    odd = next((name for name in names if role == "period" and likely_year(name)), "")
    return InputError.of(
        "no_column", role=role, columns=names, odd=odd, year=likely_year(odd), in_sheet=grid.in_sheet, place=place
    )
