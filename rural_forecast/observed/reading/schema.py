"""Reads rows of our own: a first row with our names alone, and cells that mean one thing each.

Only such rows have sources, authors, growth and ranges. What a cell of them says is taken or
refused, never guessed; tables of others are found by `layout` instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from math import nan
from typing import Any, NamedTuple, get_args

import numpy as np

from rural_forecast.errors import InputError, Problem, option
from rural_forecast.observed.observation import (
    MARKET_KINDS,
    NO_KIND,
    Interval,
    Measure,
    Observation,
    Qualifier,
    Status,
)
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.amounts import Notation, is_flag, status_of, value_of
from rural_forecast.observed.reading.days import read_day
from rural_forecast.observed.reading.formats.delimited import ragged_row
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.labels import Indices
from rural_forecast.observed.reading.names import NO, YES, normalised, role_of, same, spans_no_year
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.table import BELOW, NO_YEAR, PeriodTable, SkippedRow, heads_in
from rural_forecast.observed.reading.units import is_scale
from rural_forecast.observed.reading.words import NUMBER, UnusableCell
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
TARGETS = frozenset(["target", "目标"])  # plans
EXPERTS = frozenset(["expert", "专家"])  # views of a person
QUALIFIERS: dict[str, Qualifier] = {"": "=", "=": "=", "~": "~", ">": ">", "<": "<"}
KINDS = ("actual", "published", "forecast", "nowcast", "scenario")  # of the rows we write
DATA_KINDS = KINDS[:2]  # what we compute is no data
AGREED = ("unit", "definition", "scale", "measure", "market_kind", "within", "breaks")
"""Roles in which all rows of a series agree."""
OF_MARKETS = ("market_kind", "within")
"""Those that are read beside columns of others as well."""
BREAK_MARKS = YES | {"b", "*", "break", "break in series"}
"""Marks of the first value on a new basis, in a column of them."""
_BREAK = re.compile(
    r"\bbreak in (the )?(time )?series\b|\b(series|methodological) break\b"
    r"|\bnew (basis|definition)\b|\brebased\b|口径调整|新口径",
    re.IGNORECASE,
)
_OF_RANGES = frozenset(["low", "high", "level"])
_WRITTEN = frozenset(["series_id", "period", "kind", "model", "value"])
"""Columns by which the rows we write are known."""


def own_table(grid: Grid, options: ReadOptions) -> PeriodTable | None:
    """Read the table of a grid whose first row has our names alone, once each; None for others."""
    names = grid.texts(0)[: grid.widths[0] if grid.widths else None]
    roles = _own_roles(grid, names, options)
    if roles is None:
        return None
    table = _table(grid, names, roles)
    roles = {role: column for role, column in roles.items() if fits(role, table, column)}
    # A range belongs to the view of an expert; bounds in other files are not read as such.
    if _OF_RANGES & roles.keys():
        statuses = table.label(roles["status"]).texts if "status" in roles else []
        if EXPERTS.isdisjoint(map(str.lower, statuses)):
            return None
    return replace(table, roles=roles)


def _own_roles(grid: Grid, names: Sequence[str], options: ReadOptions) -> dict[str, int] | None:
    """Find the column of each role; None if a name is not ours, or period or value is missing."""
    keys = [*map(normalised, names)]
    roles_by_name = [*map(role_of, names)]
    given = {
        "period": options.period_column,
        "value": options.value_column,
        "id": options.id_column,
    }
    asked = {normalised(name): role for role, name in given.items() if name is not None}
    are_ours = all(role or key in asked for key, role in zip(keys, roles_by_name, strict=True))
    if not are_ours or not asked.keys() <= {*keys} or not {"period", "value"} <= {*roles_by_name}:
        return None
    roles: dict[str, int] = {}
    for column, (key, role_by_name) in enumerate(zip(keys, roles_by_name, strict=True)):
        # A column that an option names takes the role from one that has our name for it.
        role = asked.get(key, "" if role_by_name in asked.values() else role_by_name)
        if role in ("derived", ""):
            continue
        if role not in roles:
            roles[role] = column
        elif role in given:
            return None
        else:
            several = quoted([names[roles[role]], names[column]])
            problem = f"several columns could hold the {role}: {several}."
            raise InputError(
                problem,
                "Rename all but one of them.",
                place=grid.place_of(0, column),
                code="choice_needed",
            )
    if not {*keys} >= _WRITTEN:
        # `kind` and `model` have the meaning of our output beside its other columns alone.
        roles.pop("model", None)
        if "kind" in roles:
            roles["plan" if "status" in roles else "status"] = roles.pop("kind")
    return roles if {"period", "value"} <= roles.keys() else None


def fits(role: str, table: PeriodTable, column: int) -> bool:
    """True if the cells can have the role that the name of their column says."""
    if role not in {
        "measure",
        "scale",
        "flag",
        "doubtful",
        "unit",
        "within",
        "used",
        "breaks",
        "new_basis",
    }:
        return True
    if role in ("unit", "within"):  # units may be what was sold
        return not table.is_numeric(column, 1)
    texts = {text for text in table.label(column).texts if text}
    if role == "new_basis":  # a column of other words is a remark
        marks = set(map(str.casefold, texts))
        return bool(marks & BREAK_MARKS) and marks <= BREAK_MARKS | NO
    if role == "breaks":
        return all(breaks_in(text) is not None for text in texts)
    if role == "measure":  # many files call anything they measure a measure
        return bool(texts) and texts <= set(get_args(Measure))
    if role == "used":  # of `series show`: the value of a period that the rule takes
        return texts <= {"true", "false", "True", "False"}
    if role == "doubtful":
        texts = set(map(str.casefold, texts))
        return not texts or bool(texts & (YES | NO) - {"0", "1"}) or texts <= {"0", "1"}
    return all(map(is_scale if role == "scale" else is_flag, texts))


def _table(grid: Grid, names: Sequence[str], roles: Mapping[str, int]) -> PeriodTable:
    """Make the table of all rows that hold something, without totals and footnotes below them."""
    rows: Indices = np.flatnonzero(~grid.blank[1:].all(axis=1)) + 1
    heads, head_of = heads_in(grid, rows, roles["period"], any_year=True)
    with_period = np.flatnonzero(head_of >= 0)
    below = rows[int(with_period[-1]) + 1 :].tolist() if len(with_period) else []
    skipped: list[SkippedRow] = []
    for row in below:
        has_value = not grid.blank[row, roles["value"]]
        if _is_no_data(grid, row, roles["period"], has_value, is_next=row == below[0]):
            skipped.append(SkippedRow(row, NO_YEAR if has_value else BELOW))
    keep = ~np.isin(rows, [line.row for line in skipped])
    return PeriodTable(
        grid,
        0,
        names,
        rows[keep],
        np.array([roles["value"]]),
        heads,
        head_of[keep, None],
        roles["period"],
        skipped=skipped,
        roles=roles,
    ).with_common_years()


def _is_no_data(grid: Grid, row: int, column: int, has_value: bool, *, is_next: bool) -> bool:
    """True for a total, a footnote, or part of a year below all periods.

    Any other row is data, whose period is refused: a number right below the last period, or digits
    beside a value, are most likely a mistyped year.
    """
    text = grid.text(row, column)
    is_number = (grid.bits[row, column] & NUMBER) != 0
    if not text or (is_number and is_next):
        return False
    return not has_value or spans_no_year(text)


def refuse_cell(table: PeriodTable, row: int, column: int, cause: Problem) -> InputError:
    """Refuse a cell, with the name of its column."""
    name = table.names[column] if column < len(table.names) else ""
    cell = table.grid.cell(row, column)
    if isinstance(cell, UnusableCell):
        cause = Problem(cell.problem, cell.hint)
        cell = cell.shown
    refused = f"column {shown(name) if name else column + 1}"
    if label(cell):
        refused += f": {shown(cell)}"
    problem = f"{refused} {cause.problem}."
    return InputError(problem, cause.hint, place=table.grid.place_of(row, column), value=cell)


class _Vocabulary(NamedTuple):
    """The words that have a meaning in the column of a role, and what to say of others."""

    meanings: Mapping[str, object]
    name: str
    hint: str


_VOCABULARIES: Mapping[str, _Vocabulary] = {
    "status": _Vocabulary(
        {word: word for word in STATUSES},
        "a status",
        "Write actual, preliminary, estimate, forecast (a published forecast), expert or "
        "target (a plan).",
    ),
    "qualifier": _Vocabulary(
        QUALIFIERS,
        "a qualifier",
        "Write = (or nothing), ~ rounded, > a floor, < a ceiling.",
    ),
    "doubtful": _Vocabulary(
        dict.fromkeys(YES, True) | dict.fromkeys(NO, False),
        "yes or no",
        "Write yes, or leave the cell empty.",
    ),
    "kind": _Vocabulary(
        {kind: kind for kind in KINDS},
        "a kind of row",
        f"Kinds are {', '.join(KINDS)}.",
    ),
    "market_kind": _Vocabulary(
        {kind: kind for kind in ("", *MARKET_KINDS, NO_KIND)},
        "a kind that changes a forecast",
        f"There is a forecast for {', '.join(MARKET_KINDS)}; {NO_KIND} is for all other markets.",
    ),
}
"""By role; texts of other roles are taken as they are."""


def breaks_in(text: str) -> tuple[int, ...] | None:
    """Read the first years on a new basis; None for any other text."""
    words = re.split(r"[\s,;]+", text.strip())
    years = [word for word in words if word]
    if not all(re.fullmatch(r"\d{1,4}", year) and int(year) for year in years):
        return None
    return tuple(sorted(map(int, years)))


def says_break(note: str) -> bool:
    """Check that a remark on a value says that it is the first on a new basis."""
    return bool(_BREAK.search(note))


@lru_cache(8192)
def meaning(role: str, text: str) -> Any:
    """Read a text in the column of a role; a Problem for one that has no meaning there."""
    if role == "published_on":
        if not text:
            return None, None
        return read_day(text) or Problem("is not a date", "Write it as 2017-08-31 or 2017.")
    if role == "breaks":
        years = breaks_in(text)
        if years is None:
            return Problem("is no list of years", "Write years with a space between them.")
        return years
    if role not in _VOCABULARIES:
        return text
    meanings, name, hint = _VOCABULARIES[role]
    if text.casefold() in meanings:
        return meanings[text.casefold()]
    return meanings.get(text, Problem(f"is not {name}", hint))


class RowReader:
    """Reads what the rows of a table say of their values."""

    def __init__(self, table: PeriodTable, roles: Mapping[str, int]) -> None:
        self.table = table
        self.grid = table.grid
        self.roles = roles
        self.own = table.roles is not None
        self.agreed = [role for role in AGREED if role in roles]

    def text(self, row: int, role: str) -> str:
        """Return the text of a role; empty where there is no such column."""
        column = self.roles.get(role, -1)
        return self.grid.text(row, column) if column >= 0 else ""

    def meaning_of(self, row: int, role: str) -> Any:
        """Return the meaning of the text of a role. Raises InputError for a text that has none."""
        column = self.roles.get(role, -1)
        read = meaning(role, self.text(row, role))
        if column >= 0 and isinstance(self.grid.cell(row, column), UnusableCell):
            read = Problem("")  # the refusal takes that of the cell
        if isinstance(read, Problem):
            raise refuse_cell(self.table, row, column, read)
        return read

    def observation(self, row: int, period: Period) -> tuple[Observation, bool]:
        """Read the value of a row but its number. The flag is true if the row states its status."""
        word = self.meaning_of(row, "status")
        status = STATUSES[word] if word else status_of(self.text(row, "flag")) or "actual"
        if not self.own:
            return Observation(period, nan, status), bool(word)
        if self.text(row, "kind") == "published":  # a row we wrote, whose model is the author
            author = self.text(row, "model")
            return Observation(period, nan, "forecast", source=author, author=author), True
        target = word in TARGETS or self.text(row, "plan").lower() in TARGETS
        if target:
            status = "forecast"
        source = self.meaning_of(row, "source")
        author = self.meaning_of(row, "author")
        earliest, latest = self.meaning_of(row, "published_on")
        if status == "forecast":
            author = author or source
        note = self.meaning_of(row, "note")
        doubtful = self.meaning_of(row, "doubtful")
        observation = Observation(
            period,
            nan,
            status,
            self.meaning_of(row, "qualifier"),
            source,
            note,
            earliest,
            latest,
            author=author,
            target=target,
            doubtful=doubtful,
            passed_over=self.text(row, "used").lower() == "false",
        )
        return observation, bool(word) or "kind" in self.roles

    def agree(self, row: int, stated: dict[str, str], series: str) -> str:
        """Return the kind of a row, and add to `stated` what a row of data says of its series.

        Raises InputError if rows before say something else.
        """
        kind: str = self.meaning_of(row, "kind") if "kind" in self.roles else "actual"
        if kind not in DATA_KINDS:
            return kind
        if "id" in self.roles and not series:
            cause = Problem(
                "is empty where the id of a series must be", "Give every row the id of its series."
            )
            raise refuse_cell(self.table, row, self.roles["id"], cause)
        for role in self.agreed:
            text = self.text(row, role)
            if stated[role] and text and not self._agree(text, stated[role]):
                problem = (
                    f"differs from {shown(stated[role])} in the rows before "
                    f"of series {shown(series)}"
                )
                hint = f"One series has one {role}; give the other rows an id of their own."
                if not self.own:
                    condition = f"{self.table.names[self.roles[role]]}={stated[role]}"
                    hint = f"One series has one {role}; choose it: {option('where', [condition])}."
                raise refuse_cell(self.table, row, self.roles[role], Problem(problem, hint))
            self.meaning_of(row, role)
            stated[role] = text or stated[role]
        return kind

    def _agree(self, text: str, stated: str) -> bool:
        """True if two texts of a role say the same; others write one unit in several ways."""
        return text == stated or (not self.own and same(text, stated))

    def growth(self, row: int, notation: Notation) -> float | None:
        """Return the growth that a row states; None where it states none."""
        # In rows we wrote growth follows from the values.
        if not self.own or "kind" in self.roles:
            return None
        return self._number(row, "growth_pct", notation)

    def interval(
        self, row: int, value: float, status: Status, notation: Notation
    ) -> Interval | None:
        """Return the range around the value of a forecast, from the columns low, high and level."""
        if not self.own:
            return None
        low = self._number(row, "low", notation)
        high = self._number(row, "high", notation)
        stated_level = self._number(row, "level", notation)
        if low is None and high is None and stated_level is None:
            return None
        level = 80 if stated_level is None else stated_level
        if low is not None and high is not None and low <= value <= high and low < high:
            if status == "forecast" and level == int(level) and 30 <= level <= 99:
                return Interval(low, high, int(level))
            faulty = "level"
        else:
            faulty = "low" if "low" in self.roles else "level"
        hint = "Write low and high around the median of a forecast, and a level from 30 to 99."
        cause = Problem(f"is part of no range around {value:g}", hint)
        raise refuse_cell(self.table, row, self.roles.get(faulty, self.roles.get("high", 0)), cause)

    def _number(self, row: int, role: str, notation: Notation) -> float | None:
        column = self.roles.get(role, -1)
        # A formula that was never computed has no text, and is refused.
        if column < 0 or is_empty(self.grid.cell(row, column)):
            return None
        body = self.grid.words.amount(int(self.grid.index[row, column])).body
        value: float | Problem = Problem("is no number", "Write a number.")
        if body is not None:
            value = value_of(body, notation)
        if isinstance(value, Problem):
            raise refuse_cell(self.table, row, column, value)
        return value

    @cached_property
    def ragged(self) -> Mapping[int, list[InputError]]:
        """Rows of a text that are not as wide as their header, each with its refusal."""
        grid = self.grid
        refusals: dict[int, list[InputError]] = {}
        for row, width in enumerate(grid.widths if self.own else ()):
            if width != grid.widths[0]:
                refusals[row] = [ragged_row(grid, row, grid.texts(row)[:width], grid.widths[0])]
        return refusals
