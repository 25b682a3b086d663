"""Rows of our own, which alone have sources, authors, growth and ranges: each cell says what it
says or is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from math import nan
from typing import Any, get_args

import numpy as np

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.observation import (
    MARKET_KINDS,
    Interval,
    Measure,
    Observation,
    Qualifier,
    Status,
)
from rural_forecast.series.period import Period
from rural_forecast.series.reading.amounts import Notation, is_flag, status_of, value_of
from rural_forecast.series.reading.formats.delimited import ragged_row
from rural_forecast.series.reading.grid import BELOW, NO_YEAR, Grid, PeriodTable, heads_in
from rural_forecast.series.reading.names import NO, YES, is_open, normalised, role_of
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import read_day
from rural_forecast.series.reading.units import is_scale
from rural_forecast.series.reading.words import NUMBER, UnusableCell
from rural_forecast.text.cells import is_empty, label, quoted, shown

STATUSES: dict[str, Status] = {
    **dict.fromkeys(("", "actual", "实际"), "actual"),
    **dict.fromkeys(("preliminary", "provisional", "初步"), "preliminary"),
    **dict.fromkeys(("estimate", "估计"), "estimate"),
    **dict.fromkeys(
        ("forecast", "projected", "projection", "published", "target", "expert"), "forecast"
    ),
    **dict.fromkeys(("预测", "目标", "专家"), "forecast"),
}
# Plans, and views of a person.
TARGETS = frozenset(["target", "目标"])
EXPERTS = frozenset(["expert", "专家"])
QUALIFIERS: dict[str, Qualifier] = {"": "=", "=": "=", "~": "~", ">": ">", "<": "<"}
# Of the rows we write; only the first two are data.
KINDS = ("actual", "published", "forecast", "nowcast", "scenario")
# In which rows of a series agree.
AGREED = ("unit", "definition", "scale", "measure", "market_kind", "within")


def own_table(grid: Grid, options: ReadOptions) -> PeriodTable | None:
    """The table of a grid whose first row has our names alone, once each; None for any other."""
    names = grid.texts(0)[: grid.widths[0] if grid.widths else None]
    keys = [*map(normalised, names)]
    ours = [*map(role_of, names)]
    given = {
        "period": options.period_column,
        "value": options.value_column,
        "id": options.id_column,
    }
    asked = {normalised(name): role for role, name in given.items() if name is not None}
    known = all(role or key in asked for key, role in zip(keys, ours, strict=True))
    if not (known and asked.keys() <= {*keys} and {"period", "value"} <= {*ours}):
        return None
    roles: dict[str, int] = {}
    for at, (key, role) in enumerate(zip(keys, ours, strict=True)):
        role = asked.get(key, "" if role in asked.values() else role)
        if role in ("derived", ""):
            continue
        if role in roles:
            if role in given:
                return None
            problem = (
                f"several columns could hold the {role}: {quoted([names[roles[role]], names[at]])}."
            )
            raise InputError(
                problem,
                "Rename all but one of them.",
                place=grid.place_of(0, at),
                code="choice_needed",
            )
        roles[role] = at
    if not {"series_id", "period", "kind", "model", "value"} <= {*keys}:
        roles.pop("model", None)
        if "kind" in roles:
            roles["plan" if "status" in roles else "status"] = roles.pop("kind")
    if not {"period", "value"} <= roles.keys():
        return None
    table = _table(grid, names, roles)
    roles = {role: at for role, at in roles.items() if fits(role, table, at)}
    said = {*map(str.lower, table.label(roles["status"]).texts)} if "status" in roles else set()
    return (
        None
        if {"low", "high", "level"} & roles.keys() and not said & EXPERTS
        else replace(table, roles=roles)
    )


def fits(role: str, table: PeriodTable, column: int) -> bool:
    """True if the cells can have the role that the name of their column says."""
    if role not in ("measure", "scale", "flag", "doubtful", "unit"):
        return True
    if role == "unit":
        return not table.is_numeric(column, 1)
    texts = {text for text in table.label(column).texts if text}
    if role == "measure":  # many files call anything they measure a measure
        return bool(texts) and texts <= set(get_args(Measure))
    if role == "doubtful":
        texts = set(map(str.casefold, texts))
        return not texts or bool(texts & (YES | NO) - {"0", "1"}) or texts <= {"0", "1"}
    return all(map(is_scale if role == "scale" else is_flag, texts))


def _table(grid: Grid, names: list[str], roles: Mapping[str, int]) -> PeriodTable:
    period = roles["period"]
    rows = np.flatnonzero(~grid.blank[1:].all(axis=1)) + 1
    heads, head_of = heads_in(grid, rows, period, any_year=True)
    last = int(np.flatnonzero([True, *(head_of >= 0)])[-1]) - 1
    skipped = list[tuple[int, str]]()
    for row in rows[last + 1 :].tolist() if last >= 0 else ():  # totals and footnotes
        text = grid.text(row, period)
        number = not grid.blank[row, roles["value"]]
        unread = (grid.bits[row, period] & NUMBER) != 0 and row == rows[last + 1]
        if text and not unread and (is_open(text) or not (number and any(map(str.isdigit, text)))):
            skipped.append((row, NO_YEAR if number else BELOW))
    keep = ~np.isin(rows, [row for row, _ in skipped])
    return PeriodTable(
        grid,
        0,
        names,
        rows[keep],
        np.array([roles["value"]]),
        heads,
        head_of[keep, None],
        period,
        skipped=skipped,
        roles=roles,
    ).with_common_years()


def refuse_cell(table: PeriodTable, row: int, column: int, cause: Problem) -> InputError:
    """The refusal of a cell, with the name of its column."""
    name = table.names[column] if column < len(table.names) else ""
    cell = table.grid.cell(row, column)
    if isinstance(cell, UnusableCell):
        cause = Problem(cell.problem, cell.hint)
        cell = cell.shown
    named = f"column {shown(name) if name else column + 1}" + (
        f": {shown(cell)}" if label(cell) else ""
    )
    return InputError(
        f"{named} {cause.problem}.", cause.hint, place=table.grid.place_of(row, column), value=cell
    )


_KNOWN: Mapping[str, tuple[Mapping[str, object], str, str]] = {
    "status": (
        {word: word for word in STATUSES},
        "a status",
        "Write actual, preliminary, estimate, forecast (a published forecast), expert or target (a plan).",
    ),
    "qualifier": (
        QUALIFIERS,
        "a qualifier",
        "Write = (or nothing), ~ rounded, > a floor, < a ceiling.",
    ),
    "doubtful": (
        dict.fromkeys(YES, True) | dict.fromkeys(NO, False),
        "yes or no",
        "Write yes, or leave the cell empty.",
    ),
    "kind": ({kind: kind for kind in KINDS}, "a kind of row", f"Kinds are {', '.join(KINDS)}."),
    "market_kind": (
        {kind: kind for kind in ("", *MARKET_KINDS)},
        "a kind that changes a forecast",
        f"There is a forecast for {', '.join(MARKET_KINDS)}; leave the cell empty for all other markets.",
    ),
}
"""Meanings of the words of a role, what other words are not, and what to do; all else is taken as
it is.
"""


@lru_cache(8192)
def meaning(role: str, text: str) -> Any:
    """Read a text in the column of a role; a Problem for one that has no meaning there."""
    if role == "published_on":
        return (
            (read_day(text) or Problem("is not a date", "Write it as 2017-08-31 or 2017."))
            if text
            else (None, None)
        )
    if role not in _KNOWN:
        return text
    known, what, hint = _KNOWN[role]
    return known.get(text.casefold(), known.get(text, Problem(f"is not {what}", hint)))


class Rows:
    """Reads what the rows of a table say of their values."""

    def __init__(self, table: PeriodTable, roles: Mapping[str, int]) -> None:
        self.table = table
        self.grid = table.grid
        self.roles = roles
        self.own = table.roles is not None

    def text(self, row: int, role: str) -> str:
        """The text of a role; empty where there is no such column."""
        at = self.roles.get(role, -1)
        return self.grid.text(row, at) if at >= 0 else ""

    def said(self, row: int, role: str) -> Any:
        """The meaning of the text of a role. Raises InputError for a text that has none."""
        at = self.roles.get(role, -1)
        found = meaning(role, self.text(row, role))
        if at >= 0 and isinstance(self.grid.cell(row, at), UnusableCell):
            found = Problem("")
        if isinstance(found, Problem):
            raise refuse_cell(self.table, row, at, found)
        return found

    def seen(self, row: int, period: Period) -> tuple[Observation, bool]:
        """The value of a row but its number, and True if the row states its status."""
        word = self.said(row, "status")
        flag = self.text(row, "flag")
        status = STATUSES[word] if word else status_of(flag) or "actual"
        if not self.own:
            return Observation(period, nan, status), bool(word)
        if self.text(row, "kind") == "published":
            author = self.text(row, "model")
            return Observation(period, nan, "forecast", source=author, author=author), True
        target = word in TARGETS or self.text(row, "plan").lower() in TARGETS
        status = "forecast" if target else status
        source, author, (earliest, latest) = (
            self.said(row, role) for role in ("source", "author", "published_on")
        )
        author = (author or source) if status == "forecast" else author
        note = self.said(row, "note")
        doubtful = self.said(row, "doubtful")
        seen = Observation(
            period,
            nan,
            status,
            self.said(row, "qualifier"),
            source,
            note,
            earliest,
            latest,
            author=author,
            target=target,
            doubtful=doubtful,
        )
        return seen, bool(word) or "kind" in self.roles

    def agree(self, row: int, stated: dict[str, str], series: str) -> str:
        """The kind of a row; what a row of data says of its whole series is added, if it agrees
        with rows before.
        """
        kind: str = self.said(row, "kind") if "kind" in self.roles else "actual"
        if kind not in KINDS[:2]:
            return kind
        if "id" in self.roles and not series:
            cause = Problem(
                "is empty where the id of a series must be", "Give every row the id of its series."
            )
            raise refuse_cell(self.table, row, self.roles["id"], cause)
        for role in filter(self.roles.__contains__, AGREED):
            text = self.text(row, role)
            if stated[role] and text and text != stated[role]:
                differs = f"differs from {shown(stated[role])} in the rows before of series {shown(series)}"
                cause = Problem(
                    differs, f"One series has one {role}; give the other rows an id of their own."
                )
                raise refuse_cell(self.table, row, self.roles[role], cause)
            self.said(row, role)
            stated[role] = text or stated[role]
        return kind

    def growth(self, row: int, notation: Notation) -> float | None:
        """The growth that a row states; None where it states none."""
        return (
            None
            if not self.own or "kind" in self.roles
            else self._number(row, "growth_pct", notation)
        )

    def interval(
        self, row: int, value: float, status: Status, notation: Notation
    ) -> Interval | None:
        """The range around the value of a forecast, from the columns low, high and level."""
        if not self.own:
            return None
        low, high, level = (self._number(row, role, notation) for role in ("low", "high", "level"))
        if low is high is level is None:
            return None
        inside = low is not None and high is not None and low <= value <= high and low < high
        level = 80 if level is None else level
        if status == "forecast" and inside and level == int(level) and 30 <= level <= 99:
            return Interval(low, high, int(level))  # type: ignore[arg-type]
        hint = "Write low and high around the median of a forecast, and a level from 30 to 99."
        cause = Problem(f"is part of no range around {value:g}", hint)
        faulty = "level" if inside or "low" not in self.roles else "low"
        raise refuse_cell(self.table, row, self.roles.get(faulty, self.roles.get("high", 0)), cause)

    def _number(self, row: int, role: str, notation: Notation) -> float | None:
        at = self.roles.get(role, -1)
        # A formula that was never computed has no text, and is refused.
        if at < 0 or is_empty(self.grid.cell(row, at)):
            return None
        made = self.grid.words.amount(int(self.grid.index[row, at]))
        value = (
            value_of(made.body, notation)
            if made.body is not None
            else Problem("is no number", "Write a number.")
        )
        if isinstance(value, Problem):
            raise refuse_cell(self.table, row, at, value)
        return value

    @cached_property
    def ragged(self) -> Mapping[int, list[InputError]]:
        """Rows of a text that are not as wide as their header, each with its refusal."""
        grid, widths = self.grid, self.grid.widths if self.own else ()
        return {
            row: [ragged_row(grid, row, grid.texts(row)[:width], widths[0])]
            for row, width in enumerate(widths)
            if width != widths[0]
        }
