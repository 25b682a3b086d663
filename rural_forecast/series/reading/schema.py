"""Rows of our own: every column has one of our names, and each cell says what it says, or is refused.

These are the rows that a person writes by the page on files, and those that this program writes. Only here has a period
several sources, a source or an author, dates of publication, growth, qualifiers and ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, get_args

import numpy as np

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.observation import MARKET_KINDS, Interval, Measure, Qualifier, Status
from rural_forecast.series.reading import flags
from rural_forecast.series.reading.amounts import Notation, Signs, value_of
from rural_forecast.series.reading.formats.delimited import ragged_row
from rural_forecast.series.reading.grid import NUMBER, Grid, UnusableCell
from rural_forecast.series.reading.names import NO, YES, are_ours, normalised, role_of
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import Head, Mark, read_day, read_head
from rural_forecast.series.reading.table import BELOW, NO_YEAR, Table
from rural_forecast.series.reading.units import is_scale
from rural_forecast.text.cells import label, quoted, shown

T = TypeVar("T")
_NO_DAY: tuple[date | None, date | None] = (None, None)
STATUSES: dict[str, Status] = {
    **dict.fromkeys(("", "actual", "实际"), "actual"),
    **dict.fromkeys(("preliminary", "provisional", "初步"), "preliminary"),
    **dict.fromkeys(("estimate", "估计"), "estimate"),
    **dict.fromkeys(("forecast", "projected", "projection", "published", "target", "expert"), "forecast"),
    **dict.fromkeys(("预测", "目标", "专家"), "forecast"),
}
TARGETS = frozenset(["target", "目标"])
"""Statuses of a forecast that is the plan of the one who carries it out."""
EXPERTS = frozenset(["expert", "专家"])
"""Statuses of the forecast of a person, with a range or without."""
QUALIFIERS: dict[str, Qualifier] = {"": "=", "=": "=", "~": "~", ">": ">", "<": "<"}
KINDS = ("actual", "published", "forecast", "nowcast", "scenario")
"""Kinds of the rows this program writes; only the first two are data."""
AGREED = ("unit", "definition", "scale", "measure", "market_kind")
"""Roles of columns in which all rows of a series say the same."""
_OURS = frozenset(["series_id", "period", "kind", "model", "value"])
_STATUSES = "Write actual, preliminary, estimate, forecast (a published forecast), expert or target (a plan)"


class Remarks(NamedTuple):
    """Roles that describe the value of a row; the first are in the order of the fields of `Observation`."""

    status: Status = "actual"
    qualifier: Qualifier = "="
    source: str = ""
    note: str = ""
    earliest: date | None = None
    latest: date | None = None
    """First and last day on which it may have been published."""
    author: str = ""
    """Who made a published forecast: the author column, or else the source."""
    target: bool = False
    doubtful: bool = False
    stated: bool = False
    """True if the status column says something of the row."""

    def of_value(self, mark: Mark | None, flag: str, *, wide: bool, file: str) -> Remarks | None:
        """The remarks for one value, after the mark of its period and the flags behind it.

        A status column wins over a mark in the same row; in a wide sheet the mark of a column wins over the row's
        status. None where status and mark contradict each other.
        """
        status, target = flags.status_of(flag), False
        if mark is not None and (status is None or mark.status == "forecast"):
            status, target = mark
        if status is None or status == self.status:
            return self
        if self.stated and not wide:
            return None if {status, self.status} == {"actual", "forecast"} else self
        if status != "forecast":
            return self._replace(status=status, author="", target=False)
        return self._replace(status=status, author=self.author or self.source or file, target=target)


def own_table(grid: Grid, options: ReadOptions) -> Table | None:
    """The table of a grid whose first row has our names alone, once each; None for any other."""
    names = grid.texts(0)[: grid.widths[0] if grid.widths else None]
    asked = {options.period_column: "period", options.value_column: "value", options.id_column: "id"}
    asked.pop(None, None)
    known = {normalised(name): role for name, role in asked.items() if name is not None}
    if not set(known) <= set(map(normalised, names)):
        return None
    if not are_ours([name for name in names if normalised(name) not in known or role_of(name)]):
        return None
    roles: dict[str, int] = {}
    for at, name in enumerate(names):
        role = known.get(normalised(name), "" if role_of(name) in known.values() else role_of(name))
        if role in ("derived", ""):
            continue
        if role in roles and role in ("period", "value", "id"):
            return None
        if role in roles:
            heads = quoted([names[roles[role]], name])
            raise InputError(
                f"several columns could hold the {role}: {heads}.",
                "Rename all but one of them.",
                place=grid.place(0, at),
                code="choice_needed",
            )
        roles[role] = at
    if not _OURS.issubset(map(normalised, names)):
        roles.pop("model", None)
        if "kind" in roles:
            roles["plan" if "status" in roles else "status"] = roles.pop("kind")
    if not {"period", "value"} <= roles.keys():
        return None
    table = _table(grid, names, roles)
    roles = {role: at for role, at in roles.items() if fits(role, table, at)}
    table = _table(grid, names, roles)
    said = set(map(str.lower, table.label(roles["status"]).texts)) if "status" in roles else set()
    if {"low", "high", "level"} & roles.keys() and not said & EXPERTS:
        return None
    return table


def fits(role: str, table: Table, column: int) -> bool:
    """True if the cells can have the role that the name of their column says."""
    if role not in ("measure", "scale", "flag", "doubtful", "unit"):
        return True
    texts = [text for text in table.label(column).texts if text]
    if role == "measure":  # many files call anything they measure a measure
        return bool(texts) and set(texts) <= set(get_args(Measure))
    if role == "scale":
        return all(map(is_scale, texts))
    if role == "flag":
        return all(map(flags.is_flag, texts))
    if role == "doubtful":
        words = {text.casefold() for text in texts}
        return not words or bool(words & (YES | NO) - {"0", "1"}) or words <= {"0", "1"}
    return role != "unit" or not table.is_numeric(column, 1)


def _table(grid: Grid, names: list[str], roles: Mapping[str, int]) -> Table:
    period = roles["period"]
    rows = np.flatnonzero(~grid.blank[1:].all(axis=1)) + 1
    there, of = np.unique(grid.index[rows, period], return_inverse=True)
    found = [read_head(grid.words.cells[code]) for code in there.tolist()]
    heads = [head if isinstance(head, Head) else None for head in found]
    known = np.array([head is not None for head in heads] or [False])[of] if len(rows) else np.zeros(0, dtype=np.bool_)
    head_of = np.where(known, of, -1)
    last, skipped = int(np.flatnonzero(known)[-1]) if known.any() else len(rows), list[tuple[int, str]]()
    for at in range(last + 1, len(rows)):  # totals and footnotes
        text, number = grid.text(rows[at], period), not grid.blank[rows[at], roles["value"]]
        unread = (grid.bits[rows[at], period] & NUMBER) != 0 and at == last + 1
        if text and not unread and not (number and any(map(str.isdigit, text))):
            skipped.append((int(rows[at]), NO_YEAR if number else BELOW))
    keep = ~np.isin(rows, [row for row, _ in skipped])
    return Table(
        grid, 0, names, False, rows[keep], np.array([roles["value"]]), heads, head_of[keep], period=period,
        skipped=skipped, roles=roles, labels=range(len(names)), bottom=len(grid.index),
    )  # fmt: skip


def refuse_cell(table: Table, row: int, column: int, cause: Problem) -> InputError:
    """The refusal of a cell, with the name of its column."""
    name = table.names[column] if column < len(table.names) else ""
    named = f"column {shown(name) if name else column + 1}"
    cell = table.grid.cell(row, column)
    if isinstance(cell, UnusableCell):
        cause, cell = Problem(cell.problem, cell.hint), cell.shown
    problem = f"{named}: {shown(cell)} {cause.problem}" if label(cell) else f"{named} {cause.problem}"
    place = table.grid.place(row, column)
    return InputError(f"{problem}.", cause.hint, place=place, value=cell)


class Rows:
    """Reads what the rows of a table say of their values; each text is parsed once."""

    def __init__(self, table: Table, roles: Mapping[str, int]) -> None:
        self.table, self.grid = table, table.grid
        self.roles = roles
        self.own = table.roles is not None
        self._known: dict[tuple[str, int], Any] = {}

    def text(self, row: int, role: str) -> str:
        """The text of a role; empty where there is no such column."""
        at = self.roles.get(role, -1)
        return self.grid.text(row, at) if at >= 0 else ""

    def _parsed(self, row: int, role: str, parse: Callable[[str], T | Problem], default: T) -> T:
        """Read the text of a role. Raises InputError where it means nothing."""
        at = self.roles.get(role, -1)
        if at < 0:
            return default
        code = int(self.grid.index[row, at])
        if (role, code) not in self._known:
            cell = self.grid.words.cells[code]
            nested = isinstance(cell, UnusableCell)
            self._known[role, code] = Problem("") if nested else parse(self.grid.words.text(code))
        found = self._known[role, code]
        if isinstance(found, Problem):
            raise refuse_cell(self.table, row, at, found)
        return found  # type: ignore[no-any-return]

    def remarks(self, row: int) -> Remarks:
        """Describe the value of a row. Raises InputError for a text that is none of its role."""
        if not self.roles:
            return Remarks()
        stated = self._parsed(row, "status", self._status, "")
        status = STATUSES[stated]
        if not stated and "flag" in self.roles:
            status = flags.status_of(self.text(row, "flag")) or status
        if not self.own:
            return Remarks(status, stated=bool(stated))
        plan = self.text(row, "plan").lower()
        target = stated in TARGETS or plan in TARGETS
        status = "forecast" if target else status
        if "kind" in self.roles and self.text(row, "kind") == "published":
            author = self.text(row, "model")
            return Remarks("forecast", source=author, author=author, stated=True)
        source, author = self._text(row, "source"), self._text(row, "author")
        first, last = self._parsed(row, "published_on", _day, _NO_DAY)
        return Remarks(
            status,
            self._parsed(row, "qualifier", _qualifier, "="),
            source,
            self._text(row, "note"),
            first,
            last,
            (author or source) if status == "forecast" else author,
            target,
            self._parsed(row, "doubtful", _yes_or_no, default=False),
            bool(stated) or "kind" in self.roles,
        )

    def _text(self, row: int, role: str) -> str:
        return self._parsed(row, role, lambda text: text, "")

    def _status(self, text: str) -> str | Problem:
        other = ""
        if normalised(self.table.names[self.roles["status"]]) == "kind":
            other = "; or rename the column where it says something else"
        return text.lower() if text.lower() in STATUSES else Problem("is not a status", f"{_STATUSES}{other}.")

    def kind(self, row: int) -> str:
        """The kind of a row we wrote; `actual` for all other files."""
        return self._parsed(row, "kind", _kind, "actual")

    def growth(self, row: int, notation: Notation) -> float | None:
        """The growth that a row states; None where it states none."""
        at = self.roles.get("growth_pct", -1)
        if at < 0 or not self.own or "kind" in self.roles or self.grid.is_blank(row, at):
            return None
        return self._number(row, at, notation)

    def _number(self, row: int, column: int, notation: Notation) -> float:
        code = int(self.grid.index[row, column])
        if isinstance(self.grid.cell(row, column), UnusableCell):
            raise refuse_cell(self.table, row, column, Problem(""))
        made = self.grid.words.amount(code, Signs())
        value = value_of(made.body, notation) if made.body is not None else Problem("is no number", "Write a number.")
        if isinstance(value, Problem):
            raise refuse_cell(self.table, row, column, value)
        return value

    def interval(self, row: int, value: float, status: Status, notation: Notation) -> Interval | None:
        """The range around the value of a forecast, from the columns low, high and level."""
        places = [self.roles[role] for role in ("low", "high", "level") if role in self.roles]
        filled = [at for at in places if not self.grid.is_blank(row, at)]
        if not self.own or not filled:
            return None
        if status != "forecast":
            cause = Problem("is part of a range, and the row is no forecast", f"{_STATUSES}.")
            raise refuse_cell(self.table, row, filled[0], cause)
        ends = [self.roles.get("low", -1), self.roles.get("high", -1)]
        if not set(ends) <= set(filled):
            raise refuse_cell(self.table, row, filled[0], Problem("is only a part of a range", "Give low and high."))
        lower, upper = (self._number(row, at, notation) for at in ends)
        if not lower <= value <= upper or lower == upper:
            cause = Problem(f"to {upper:g} is no range around {value:g}", "The value is the median.")
            raise refuse_cell(self.table, row, ends[0], cause)
        level = self.roles.get("level", -1)
        if level not in filled:
            return Interval(lower, upper)
        percent = self._number(row, level, notation)
        if not (percent == int(percent) and 30 <= percent <= 99):
            cause = Problem("is no level", "Write whole percents from 30 to 99, such as 80.")
            raise refuse_cell(self.table, row, level, cause)
        return Interval(lower, upper, int(percent))

    @cached_property
    def ragged(self) -> Mapping[int, InputError]:
        """Rows of a text that are not as wide as their header, each with its refusal."""
        widths = self.grid.widths
        if not self.own or not widths:
            return {}
        return {
            row: ragged_row(
                self.grid.file, self.grid.place(row, 0).line, self.grid.texts(row)[: widths[row]], widths[0],
                self.grid.delimiter,
            )
            for row in np.flatnonzero(np.array(widths) != widths[0]).tolist()
        }  # fmt: skip


def check_agreed(table: Table, row: int, role: str, text: str, known: str, series: str) -> None:
    """Refuse a second unit, definition or measure of a series. Raises InputError."""
    assert table.roles is not None
    column = table.roles[role]
    if known and text and known != text:
        cause = Problem(
            f"differs from {shown(known)} in the rows before of series {shown(series)}",
            f"One series has one {role}; give the other rows an id of their own.",
        )
        raise refuse_cell(table, row, column, cause)
    if role == "market_kind" and text and text not in MARKET_KINDS:
        cause = Problem(
            "is no kind that changes a forecast",
            f"There is a forecast for {', '.join(MARKET_KINDS)}; leave the cell empty for all other markets.",
        )
        raise refuse_cell(table, row, column, cause)


def _day(text: str) -> tuple[date | None, date | None] | Problem:
    if not text:
        return None, None
    return read_day(text) or Problem("is not a date", "Write it as 2017-08-31, 2017-08 or 2017.")


def _qualifier(text: str) -> Qualifier | Problem:
    hint = "Write = (or nothing), ~ for rounded, > for a floor or < for an upper figure."
    return QUALIFIERS.get(text) or Problem("is not a qualifier", hint)


def _yes_or_no(text: str) -> bool | Problem:
    word = text.casefold()
    return word in YES if word in YES | NO else Problem("is neither yes nor no", "Write yes, or leave the cell empty.")


def _kind(text: str) -> str | Problem:
    return text if text in KINDS else Problem("is not a kind of row", f"Kinds are {', '.join(KINDS)}.")
