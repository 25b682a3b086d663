"""Which columns of the input a batch reads, by the rules of the careful readers, and what their cells mean.

Cells of ids, periods, statuses and units repeat, so each different text is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import Place
from rural_forecast.forecasting.batch.panel import CareNeededError, Integers, Raw, taken
from rural_forecast.models.base import Array
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.assemble import KINDS, account_of, default_id, second_value_hint
from rural_forecast.series.reading.cells import STATUS_HINT, STATUSES
from rural_forecast.series.reading.column_names import unit_in
from rural_forecast.series.reading.columns import Columns, recognise
from rural_forecast.series.reading.flags import is_flag, parted, status_of, unused
from rural_forecast.series.reading.grid import Grid, is_empty, label, shown
from rural_forecast.series.reading.heads import read_head
from rural_forecast.series.reading.periods import NotAPeriodError
from rural_forecast.series.reading.values import NotANumberError, Notation, number

NO_ID = "is empty where the id of a series must be. Give every row the id of its series."
NO_STATUS = f"is not a status. {STATUS_HINT}"
NO_KIND = f"is not a kind of row. Kinds are {', '.join(KINDS)}."
SUB_ANNUAL = -1
"""Stands for a period that is no whole year, which no yearly forecast uses."""
MARKED = -2
"""Stands for a period whose mark makes its value a published forecast."""
PARTS = "value{s} of parts of years (a batch forecasts whole years)"


class Layout(NamedTuple):
    """Places of the columns that are read, by role, and what the file says of all rows."""

    places: Mapping[str, int]
    """Of `id`, `period`, `value`, `unit`, `definition`, `status`, `kind`, `growth_pct`, those that are there."""
    titles: Mapping[str, str]
    default_id: str
    unit: str
    sourced: bool
    """Whether rows name their sources, so that a year may have several values."""
    second: str
    """What to do about a second value of a year."""
    account: Account
    """Keeps what is left out."""
    measure: str | None = None
    """What all series measure, by the user's word."""


def layout(grid: Grid, options: ReadOptions, *, whole: bool) -> Layout:
    """The layout of a file, from its header and first rows.

    Parameters
    ----------
    whole : whether these are all rows

    Raises
    ------
    InputError, UsageError : as the careful readers: no or several columns could hold the period or the value
    CareNeededError : the years stand across, or a column says what is a rate
    """
    columns = recognise(grid, options)
    if columns.years:
        raise CareNeededError("years across")
    if columns.measure >= 0:
        raise CareNeededError("a column of measures")
    if options.measure == "growth":
        raise CareNeededError("the measure growth")
    places = {role: place for role, place in _roles(columns).items() if place >= 0}
    return Layout(
        places,
        {role: label(grid.header[place]) for role, place in places.items()},
        default_id(grid, columns),
        options.unit or unit_in(grid.header[columns.value]),
        columns.source >= 0,
        second_value_hint(grid, columns),
        account_of(grid, columns, whole=whole),
        options.measure,
    )


def _roles(columns: Columns) -> dict[str, int]:
    return {
        "id": columns.id,
        "period": columns.period,
        "value": columns.value,
        "unit": columns.unit,
        "definition": columns.definition,
        "status": columns.status,
        "flag": columns.flag,
        "kind": columns.kind,
        "growth_pct": columns.growth_pct if columns.kind < 0 else -1,
    }


OTHERS: tuple[str, ...] = ("unit", "definition", "status", "flag", "kind")
"""Roles of further columns that are read."""


class Cells(NamedTuple):
    """Columns of a piece of input as read, before their texts are understood."""

    rows: Integers
    values: Array
    periods: Words | Integers
    """Years, or texts, dates or numbers that repeat."""
    ids: Words | None
    others: Mapping[str, Words]
    """Those of `OTHERS` that are there."""
    faults: dict[int, str]
    """By row."""


def understood(cells: Cells, layout: Layout) -> Raw:
    """What the cells of a piece mean. Rows that are no data (forecasts of others, parts of a year) are left out."""
    faults = cells.faults
    count = len(cells.rows)
    series = _ids(cells, layout, faults)
    years = _years(cells, layout, faults)
    keep = years >= 0
    forecasts = years == MARKED
    _count_unread(cells.others, layout.account)
    for role, known, unknown in (("status", _status, NO_STATUS), ("flag", _flag, ""), ("kind", _kind, NO_KIND)):
        if role in cells.others:
            words = cells.others[role]
            data = _data(words, known, unknown, layout.titles[role], cells.rows, faults)
            if role == "kind":
                forecasts |= _is(words, "published")
            else:
                forecasts |= ~data & (years != 0)
            keep &= data
    published = bool(forecasts.any())
    layout.account.forecasts += int(forecasts.sum())
    layout.account.leave_rows_out(PARTS, int((~forecasts & (years == SUB_ANNUAL)).sum()))
    units, definitions = (
        _merged(cells.others[role], blank=True) if role in cells.others else None for role in ("unit", "definition")
    )
    whole = keep.all()
    at: Any = slice(None) if whole else keep
    assert len(cells.values) == count
    return Raw(
        series._replace(codes=series.codes[at]),
        years[at],
        cells.values[at],
        cells.rows[at],
        taken(units, at),
        taken(definitions, at),
        faults,
        layout.unit,
        layout.sourced,
        layout.second,
        published,
        layout.titles["value"],
        layout.measure,
    )


def number_in(cell: object, title: str, row: int, notation: Notation, faults: dict[int, str]) -> float:
    """The number in a cell; NaN where it holds none, with the reason among the faults of its row."""
    try:
        return number(cell, notation)
    except NotANumberError as error:
        flagged = parted(cell) if isinstance(cell, str) else None
        if flagged is not None:
            if status_of(flagged[1]) == "forecast":
                raise CareNeededError("forecasts flagged behind their values") from None
            return number_in(flagged[0], title, row, notation, faults)
        told = "" if is_empty(cell) else f": {shown(cell)}"
        faults[row] = f"column {shown(title)}{told} {error.problem}. {error.hint}"
        return float("nan")


def _ids(cells: Cells, layout: Layout, faults: dict[int, str]) -> Words:
    if cells.ids is None:
        return Words(np.zeros(len(cells.rows), dtype=np.int64), [layout.default_id])
    merged = _merged(cells.ids, blank=False)
    if "" in merged.words:
        for row in cells.rows[merged.codes == merged.words.index("")].tolist():
            faults[row] = f"column {shown(layout.titles['id'])} {NO_ID}"
    return merged


def _merged(given: Words, *, blank: bool) -> Words:
    """Texts without space around them, each once, codes in order of words; `blank` makes an empty text none."""
    words, codes = [label(word) for word in given.words], given.codes
    if words == list(given.words) and (codes.size == 0 or codes.min() >= 0) and "" not in words:
        return Words(codes, words)
    known: dict[str, int] = {}
    table = [-1 if blank and not word else known.setdefault(word, len(known)) for word in words]
    table.append(-1 if blank or codes.size == 0 or codes.min() >= 0 else known.setdefault("", len(known)))
    return Words(np.array(table, dtype=np.int64)[codes], list(known))


def _years(cells: Cells, layout: Layout, faults: dict[int, str]) -> Integers:
    title = shown(layout.titles["period"])
    if not isinstance(cells.periods, Words):
        years = cells.periods
        out = (years < 1) | (years > 9999)
        for place in np.flatnonzero(out).tolist():
            faults.setdefault(int(cells.rows[place]), f"column {title}: {years[place]} is a year outside 1 to 9999")
        return np.where(out, 0, years) if out.any() else years
    table = np.zeros(len(cells.periods.words) + 1, dtype=np.int64)  # the last stands for an empty cell
    problems = {}
    for code, cell in enumerate(cells.periods.words):
        try:
            head = read_head(cell)
        except NotAPeriodError as error:
            problems[code] = f"column {title}: {shown(cell)} {error.problem}. {error.hint}"
        else:
            table[code] = head.period.year if head.period.is_year else SUB_ANNUAL
            if head.mark is not None and cells.others.keys() & {"status", "flag", "kind"}:
                raise CareNeededError("marked years beside a status")
            if head.mark is not None and head.mark.status == "forecast":
                layout.account.mark(label(cell))
                table[code] = MARKED
    for code, problem in problems.items():
        for row in cells.rows[cells.periods.codes == code].tolist():
            faults.setdefault(row, problem)
    return np.asarray(table[cells.periods.codes])


def _data(
    words: Words, known: Callable[[str], bool | None], unknown: str, title: str, rows: Integers, faults: dict[int, str]
) -> Any:
    """Which rows are data by one column; a text that says nothing known is a fault."""
    table = np.ones(len(words.words) + 1, dtype=np.bool_)
    for code, cell in enumerate(words.words):
        told = known(label(cell))
        table[code] = told is not False
        if told is None:
            for row in rows[words.codes == code].tolist():
                faults.setdefault(row, f"column {shown(title)}: {shown(cell)} {unknown}")
    return table[words.codes]


def _is(words: Words, text: str) -> Any:
    """Which rows hold a text."""
    table = np.array([*(label(word) == text for word in words.words), False])
    return table[words.codes]


def _count_unread(others: Mapping[str, Words], account: Account) -> None:
    """Count rows that are no data, and flags that are not used.

    Raises
    ------
    CareNeededError : texts that are no flags, or a flag makes a forecast of a row that may have a status as well
    """
    for word, count in _counts(others.get("kind")):
        if word in KINDS and word not in ("actual", "published"):
            account.leave_rows_out(f"row{{s}} of kind {shown(word)} (not data)", count)
    for word, count in _counts(others.get("flag")):
        if "status" in others and status_of(word) == "forecast":
            raise CareNeededError("flags beside a status")
        if not is_flag(word):
            raise CareNeededError("texts in a column of flags")
        account.leave_flags_out(unused(word), count)


def _counts(words: Words | None) -> list[tuple[str, int]]:
    if words is None:
        return []
    counts = np.bincount(words.codes[words.codes >= 0], minlength=len(words.words)).tolist()
    return [(label(word), count) for word, count in zip(words.words, counts, strict=True)]


def _flag(text: str) -> bool:
    return status_of(text) != "forecast"


def _status(text: str) -> bool | None:
    status = STATUSES.get(text.lower())
    return None if status is None else status != "forecast"


def _kind(text: str) -> bool | None:
    return text == "actual" if text in KINDS else None


def joined(first: Raw, second: Raw) -> Raw:
    """One stretch after the other; words that both have are one series."""

    def words(a: Words, b: Words) -> Words:
        known = {word: code for code, word in enumerate(a.words)}
        merged = list(a.words)
        table = np.empty(len(b.words) + 1, dtype=np.int64)
        table[-1] = -1
        for code, word in enumerate(b.words):
            place = known.get(word)
            if place is None:
                place = len(merged)
                merged.append(word)
            table[code] = place
        return Words(np.concatenate([a.codes, table[b.codes]]), merged)

    def both(a: Words | None, b: Words | None) -> Words | None:
        return words(a, b) if a is not None and b is not None else None

    return first._replace(
        series=words(first.series, second.series),
        years=np.concatenate([first.years, second.years]),
        values=np.concatenate([first.values, second.values]),
        rows=np.concatenate([first.rows, second.rows]),
        units=both(first.units, second.units),
        definitions=both(first.definitions, second.definitions),
        faults={**first.faults, **second.faults},
        published=first.published or second.published,
    )


def sample_grid(name: str, header: Sequence[Any], rows: Sequence[Sequence[Any]], place: str) -> Grid:
    """The header and first rows, as the careful readers see them; `place` is what one row is called."""

    def place_of(row: int, column: int) -> Place:
        if place == "line":
            return Place(f"{name}:{row + 2}", name, row + 2, column + 1)
        return Place(f"{name} row {row + 1}" if row >= 0 else name, name, max(row + 1, 0), column + 1)

    return Grid(name, header, rows, place_of)
