"""The values of a choice one below the other, as arrays, and what a file says of them: unit, title,
labels.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place, Problem, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation
from rural_forecast.series.period import LAST_YEAR
from rural_forecast.series.reading.amounts import (
    IN_BRACKETS,
    NO_VALUE,
    Amount,
    Notation,
    notation_of,
)
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.columns import holds_numbers
from rural_forecast.series.reading.grid import Indices, PeriodTable
from rural_forecast.series.reading.names import ends_history, normalised, single_spaced, unit_in
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import MARKS, Head, read_head, says_status
from rural_forecast.series.reading.schema import Rows, refuse_cell
from rural_forecast.series.reading.units import (
    NAMED,
    beside_numbers,
    combined,
    of_title,
    with_scale,
)
from rural_forecast.series.reading.words import are_plain
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import expression, shown

MOST_FAULTS = 1000  # faults that are kept; a file with more has one cause for most of them
_INITIALS = expression(
    r"\((?!EUR|USD|GBP|CNY|JPY|CHF|AUD|CAD|NZD|SEK|NOK|DKK|PLN|KRW|BRL|[GMTKP]Wh?\)|[EPTGM]J)[A-Z]{2,4}\)$"
)  # the end of a label such as `Acre (AC)`, whose brackets hold no unit
_ABOUT = ("title", "definition", "unit", "publisher", "caveat", "measure")
FIRST = 1000  # A series that begins before this year is a running index
# Years of the Buddhist calendar that a series may begin in: 1900 to 2099.
BUDDHIST = range(2443, 2643)
LONE = 3  # years after the last of the others from which a single one is asked about
# Labels of a column that tells projections apart; a column with more holds prose or names.
_MOST_LABELS = 12
_PROJECTED = expression(
    r"(?i)\b(?:projections?|projected|forecasts?|forecasted|outlook|baseline|prognosen?|prévisions?|"
    r"previsi[oó]n(?:es)?|previsioni|projeç(?:ão|ões)|proyecci(?:ón|ones)|прогноз\w*)\b|预测|展望|予測|将来推計|전망|추계"
)


class Fault(NamedTuple):
    """One thing that is refused."""

    series_id: str  # empty where the row could not be read far enough
    error: InputError


class Melt(NamedTuple):
    """Values one below the other, each with its series, in the order of rows."""

    choice: Choice
    id_of: Indices  # the series, a place among the ids of the choice
    head_of: Indices  # the period, a place among `heads`; -1 where the cell is none
    heads: Sequence[Head | None]
    rows: Indices  # of the grid
    columns: Indices
    codes: Indices  # the word of each value
    values: NDArray[np.float64]  # NaN where there is none
    odd: Mapping[int, Amount | Problem]
    """by word: what is next to a number, why there is none, or what is wrong."""
    missing: NDArray[np.bool_]
    """which values are not there: the cell is empty or marked, or a flag says so."""
    notation: Notation

    def require_clear(self) -> None:
        """Refuse numbers whose signs may mean either, where they are used. Raises InputError."""
        unclear = self.notation.unclear
        codes = [code for code, made in self.odd.items() if made is unclear]
        if unclear and codes:
            at = int(np.argmax(np.isin(self.codes, codes)))
            raise refuse_cell(self.choice.table, int(self.rows[at]), int(self.columns[at]), unclear)

    @property
    def faulty(self) -> NDArray[np.bool_]:
        """Which values have no period, or are there and no number."""
        problems = [code for code, made in self.odd.items() if isinstance(made, Problem)]
        faulty: NDArray[np.bool_] = self.head_of < 0
        return faulty | (np.isin(self.codes, problems) & ~self.missing) if problems else faulty

    def faults(self, at: int) -> list[InputError]:
        """Refusals of the period and of the number of a value."""
        table = self.choice.table
        row = int(self.rows[at])
        found = list[InputError]()
        if self.head_of[at] < 0:
            cell = table.grid.cell(row, table.period_column)
            usual = cell is None or isinstance(cell, str | int | float)
            cause = read_head(cell) if usual else Problem("is not a period", "")
            if not isinstance(cause, Problem):
                cause = Problem(
                    "is a year only in a column with the name of one", "Name the column 'year'."
                )
            found.append(refuse_cell(table, row, table.period_column, cause))
        wrong = self.odd.get(int(self.codes[at]))
        if isinstance(wrong, Problem) and not self.missing[at]:
            found.append(refuse_cell(table, row, int(self.columns[at]), wrong))
        return found


def notation_in(table: PeriodTable, columns: Indices, asked: str | None) -> Notation:
    """The signs in the numbers of a table, from all its values, those that are not chosen as well."""
    words = table.grid.words
    inside = table.grid.index[np.ix_(table.rows, columns)]
    there = np.flatnonzero(words.within(inside))
    unknown = [words.cells[code] for code in there[np.isnan(words.numbers[there])].tolist()]
    if (
        asked is None
        and table.grid.delimiter != ";"
        and are_plain([cell for cell in unknown if cell is not None])
    ):
        return Notation(".", ",")
    texts = {code: cell for code in there.tolist() if isinstance(cell := words.cells[code], str)}
    codes = dict[str, int]()
    for code, cell in texts.items():
        if body := cell if cell.isdigit() else words.amount(code).body:
            codes.setdefault(body, code)

    def place(body: str) -> Place:
        row, column = np.argwhere(inside == codes[body])[0].tolist()
        return table.grid.place_of(int(table.rows[row]), int(columns[column]))

    notation = notation_of(codes, asked, table.grid.delimiter, place)
    return notation._replace(
        lone=any(IN_BRACKETS.fullmatch(cell.strip()) for cell in texts.values())
    )


def melted(choice: Choice, options: ReadOptions, notation: Notation | None = None) -> Melt:
    """The values of a choice. `notation`: that of the numbers, where it is known."""
    table, grid = choice.table, choice.table.grid
    if notation is None:
        fixed = table.measures is not None or table.roles
        several = np.array(
            sorted({*choice.value_columns.tolist(), *choice.beside.values}), dtype=np.int64
        )
        notation = notation_in(table, table.value_columns if fixed else several, options.decimal)
    rows = table.rows[choice.rows]
    columns = choice.value_columns
    head = table.head_of
    if len(head) > 1 or not table.across:
        head = head[choice.rows]
    if table.measures is not None:
        head = head[:, np.searchsorted(table.value_columns, columns)]
    words = grid.index[np.ix_(rows, columns)]
    by_column = table.measures is None and len(columns) > 1

    def flat(part: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(part, words.shape).reshape(-1, order="F" if by_column else "C")

    codes = flat(words)
    values, odd = grid.words.values(codes, notation)
    missing = np.isin(
        codes,
        [code for code, made in odd.items() if isinstance(made, Amount) and made.body is None],
    )
    for at in (
        at
        for role, at in choice.beside.roles.items()
        if role == "flag" or role.startswith("remark")
    ):
        flags = grid.label("", at, rows)
        missing |= flat(
            np.array([text.casefold() in NO_VALUE for text in flags.texts])[flags.codes][:, None]
        )
    key = flat(choice.id_of if choice.id_of.ndim == 2 else choice.id_of[:, None])
    row = flat(rows[:, None])
    column = flat(columns[None, :])
    return Melt(
        choice,
        key,
        flat(head),
        table.heads,
        row,
        column,
        codes,
        values[codes],
        odd,
        missing,
        notation,
    )


def says_projection(text: str) -> bool:
    """True if a label or a title says that values are projections."""
    return len(text) <= 300 and _PROJECTED.search(text) is not None


class Stated:
    """Finds the unit and the names of values, each by its place among those of a melt."""

    def __init__(self, melt: Melt, rows: Rows, options: ReadOptions) -> None:
        self.melt = melt
        self.rows = rows
        self.options = options
        self.choice = melt.choice
        self.table = melt.choice.table
        self.grid = melt.choice.table.grid
        known = self.choice.beside
        naming = self.choice.naming
        table = self.table
        self._worded = [
            one
            for one in known.labels
            if known.places.get(one.name) in naming or not holds_numbers(one)
        ]
        self._others = [
            at for at in range(len(table.names)) if not (table.across and at in table.value_columns)
        ]

    def about(self, name: str) -> dict[str, str]:
        """Facts on a series that the file states apart from its rows."""
        about = self.grid.about.get(name, self.grid.about.get("", {}))
        return {key: text for key in _ABOUT if isinstance(text := about.get(key), str) and text}

    def titles(self) -> list[str]:
        """The title of the file, and the lines above the table."""
        return [
            *filter(None, (self.grid.about.get("", {}).get("title", ""),)),
            *self.table.title[-6:],
        ]

    def title(self, name: str, at: int) -> str:
        """The title that a file states, that above its table, or the labels of its one series."""
        if stated := self.about(name).get("title", ""):
            return stated
        if self.table.title:
            return single_spaced(max(self.table.title[-3:], key=len))[:200]
        labels = [] if self.rows.own else self.labels(at)
        return " / ".join(labels) if len(labels) > 1 else ""

    def labels(self, at: int) -> list[str]:
        """The labels that say which series a value is of."""
        row = int(np.searchsorted(self.table.rows, int(self.melt.rows[at])))
        return [text for column in self._worded if (text := column.texts[column.codes[row]])]

    def text(self, at: int, role: str) -> str:
        """The text of a role in the row of a value."""
        column = self.choice.beside.roles.get(role, -1)
        return self.grid.text(int(self.melt.rows[at]), column) if column >= 0 else ""

    def unit_at(self, at: int, stated: Mapping[str, str] | None = None) -> str:
        """The unit of a value, as its row and column say it. Raises InputError where they
        contradict each other.
        """
        row = int(self.melt.rows[at])
        column = int(self.melt.columns[at])
        own = self.rows.own
        if stated is None:
            stated = {role: self.rows.text(row, role) if own else "" for role in ("unit", "scale")}
        in_heads = next(filter(None, map(unit_in, self._names(row, column))), "")
        unit = stated["unit"] or ("" if own else self._in_columns(row, column))
        for said in (self.table.units.get(column, ""), in_heads):
            found = combined(unit, said)
            if isinstance(found, Problem):
                place = self.grid.place_of(row, max(self.choice.beside.roles.get("unit", 0), 0))
                raise InputError(f"the unit {found.problem}.", found.hint, place=place)
            unit = found
        scale = stated["scale"] or self.text(at, "scale")
        unit = with_scale(unit or self.about(self.choice.ids[0]).get("unit", ""), scale)
        return (unit if own else of_title(self.table.title, unit)) or self.options.unit or ""

    def _names(self, row: int, column: int) -> list[str]:
        """The names that may hold the unit of a value in brackets."""
        table = self.table
        if not table.across:
            return [table.names[column]] if table.measures is None else []
        measures = (
            [table.measures.all_texts[int(np.searchsorted(table.value_columns, column))]]
            if table.measures
            else []
        )
        texts = [
            text for at in self._others if not _INITIALS.search(text := self.grid.text(row, at))
        ]
        heads = [
            f"head {name}"
            for at in self._others
            if (name := table.names[at]).startswith(("(", "["))
        ]
        return [*measures, *texts, *heads]

    def _in_columns(self, row: int, column: int) -> str:
        """The text of a column of units, the longest of several: its code may be next to it."""
        table = self.table
        stated = ""
        of_values = None if table.across else f"{normalised(table.names[column])}_unit"
        for at in self._others:
            name = single_spaced(table.names[at])
            text = self.grid.text(row, at)
            if "\\" in name and "," in name:  # keys packed into one: freq,unit,geo\TIME_PERIOD
                keys = dict(zip(name.partition("\\")[0].split(","), text.split(","), strict=False))
                name, text = ("unit", keys["unit"].strip()) if "unit" in keys else (name, text)
            named = NAMED.match(name) or self.choice.beside.roles.get("unit") == at
            if at != column and (named or normalised(name).removesuffix("s") == of_values):
                stated = (
                    text
                    if len(text) > len(stated) and not text.replace(".", "").isdecimal()
                    else stated
                )
        return stated

    def unit(self, places: Sequence[int], stated: Mapping[str, str]) -> str:
        """The unit of a series, with what is next to its numbers. Raises InputError for units that
        contradict.
        """
        unit = self.unit_at(places[0], stated)
        currency = ""
        scale = None
        for at in places:
            made = self.melt.odd.get(int(self.melt.codes[at]))
            amount = made if isinstance(made, Amount) else Amount(0.0)
            is_zero = self.melt.values[at] == 0  # which needs no factor
            differs = not is_zero and scale is not None and amount.scale != scale
            if differs or (
                not is_zero and currency and amount.currency and amount.currency != currency
            ):
                row = int(self.melt.rows[at])
                column = int(self.melt.columns[at])
                problem = f"{shown(self.grid.cell(row, column))} is in another unit than the values before it."
                place = self.grid.place_of(row, column)
                raise InputError(problem, "Write all values of a series in one unit.", place=place)
            currency = currency or amount.currency
            scale = scale if is_zero else amount.scale
        return beside_numbers(unit, currency, scale or "")


def projections(table: PeriodTable, naming: Collection[int]) -> dict[int, int]:
    """The last year of history of rows whose labels say that later values are projections; 0 where
    all of them are.
    """
    until = dict[int, int]()
    projected = list[int]()
    for at, name in enumerate(table.names):
        if not name or at == table.period_column or at in naming or at in table.value_columns:
            continue
        column = table.label(at)
        if ends_history(name):
            texts = zip(table.rows.tolist(), column.all_texts, strict=True)
            until |= {row: int(text) for row, text in texts if text.isdecimal() and len(text) == 4}
        said = [says_projection(text) and len(text) <= 60 for text in column.texts]
        if says_status(column.texts):
            said = [MARKS[text.casefold()].status == "forecast" for text in column.texts]
        if any(said) and not all(said) and len(column.texts) <= _MOST_LABELS:
            projected += table.rows[np.array(said)[column.codes]].tolist()
    return until | dict.fromkeys(projected, 0)


def without_future(
    series_id: str,
    file: str,
    ordered: Sequence[Observation],
    stated: Collection[int],
    options: ReadOptions,
) -> tuple[list[Observation], Note | None]:
    """Observations with the years that are not over as published figures, and a note of it."""
    history = [seen for seen in ordered if seen.status != "forecast"]
    until = options.actuals_until
    as_of = options.as_of
    begin = history[0].period.year if history else 0
    over = as_of.year - 1 if as_of is not None and begin >= FIRST else LAST_YEAR
    over = over if until is None else until
    late = {
        id(seen): seen for seen in history if seen.period.year > over and id(seen) not in stated
    }
    if not late:
        return list(ordered), None
    years = [seen.period.year for seen in late.values()]
    first = min(years)
    last = max(years)
    before = max((seen.period.year for seen in history if id(seen) not in late), default=begin)
    doubt = ""
    keep = begin
    at = history[0]
    if until is None and begin in BUDDHIST:
        doubt = f"begins in {begin}, which may be of the Buddhist calendar: 2562 is 2019"
    elif len(late) == len(history):
        doubt = f"has no year that is over by {over}: it begins in {begin}"
    elif until is None and first == last > before + LONE:
        doubt = f"has {first} alone, {first - before} years after {before}"
        keep = before
        at = next(iter(late.values()))
    if doubt:
        hint = (
            f"Correct the year, or name the last year of history: {option('actuals_until', keep)}."
        )
        raise InputError(f"series {shown(series_id)} {doubt}.", hint, place=at.place)
    name = without_folders(file)
    made = [
        replace(seen, status="forecast", author=seen.author or seen.source or name)
        if id(seen) in late
        else seen
        for seen in ordered
    ]
    why = f"not over by {over + 1}" if until is None else f"after {until}"
    years_are = f"{first} to {last} are" if first < last else f"{first} is"
    said = f"In {name}, {years_are} {why}: read as published forecasts, not as history."
    if until is not None:
        return made, Note("future_years", said)
    said += " Years before may hold estimates that are not marked."
    advice = f"Name the last year of history with {option('actuals_until')}."
    return made, Note("future_years", said, warning=True, advice=advice)


def check_gaps(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse years that are missing between the first and the last one that is not a forecast."""
    years = [seen for seen in ordered if seen.period.length == 12 and seen.status != "forecast"]
    for earlier, later in pairwise(years):
        before = earlier.period.year
        after = later.period.year
        if after > before + 1:
            gap = range(before + 1, after)
            names = ", ".join(map(str, gap)) if len(gap) <= 6 else f"{gap[0]} to {gap[-1]}"
            are = "is" if len(gap) == 1 else "are"
            problem = f"in series {shown(series_id)} the years jump from {before} to {after}; {names} {are} missing."
            hint = f"Add the missing years, or use {option('allow_gaps', True)}: nothing is filled, only years after"
            raise InputError(problem, f"{hint} the last gap count.", place=later.place, code="gap")
