"""Rows to series: what arrays surely understand as one series alone is read does not, row by row.

The columns are looked at whole, each different text once. A series of plain values, one a year, without a gap, is
taken as it is. Any other goes through the pass that reads a series alone, and so gets its numbers or its refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.forecasting.batch.alone import Alone, panel_of
from rural_forecast.forecasting.batch.panel import Panel, Refusal
from rural_forecast.forecasting.batch.rates import rates
from rural_forecast.forecasting.batch.sure import sure_rows, year_of
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.series.history import History
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.arrays import Numbers
from rural_forecast.series.reading.assemble import KINDS, default_id
from rural_forecast.series.reading.by_column import by_label, table_of
from rural_forecast.series.reading.column_names import unit_in
from rural_forecast.series.reading.flags import unused
from rural_forecast.series.reading.future import reaches_ahead
from rural_forecast.series.reading.judge import Stretch
from rural_forecast.series.reading.stretches import count_refused
from rural_forecast.series.reading.units import with_scale
from rural_forecast.text.cells import identity, is_empty, label, shown


class Built(NamedTuple):
    """What became of the series of a stretch."""

    panel: Panel
    refusals: Sequence[Refusal]
    before_gaps: int = 0
    """Values before the last gap of their series, which are not used."""
    told_apart: bool = True
    """Whether each row of a wide sheet has an id of its own."""


class _Values(NamedTuple):
    """Values one below the other."""

    codes: Integers
    """Of the series."""
    years: Integers
    """0 where it takes care to tell."""
    values: Array
    """NaN likewise."""

    def ordered(self) -> _Values:
        """By series and, within each, by year."""
        step = np.diff(self.codes)
        if not ((step < 0) | ((step == 0) & (np.diff(self.years) < 0))).any():
            return self
        order = np.lexsort((self.years, self.codes))
        return _Values(self.codes[order], self.years[order], self.values[order])


def build(stretch: Stretch, options: ReadOptions, account: Account, *, search: bool = False) -> Built:
    """The series of a stretch in order of first appearance, and those that are refused.

    `account`: takes note of what is not read. `search`: whether a series that is refused may be published data, and is
    read again as such.
    """
    ids = ids_of(stretch)
    account.name_totals(ids.words)
    data = _data_rows(stretch, account)
    if not data.all():
        stretch, ids = stretch.on(stretch.rows.at(data)), Words(ids.codes[data], ids.words)
    count = len(ids.words)
    sure = sure_rows(stretch, ids)
    cells = _wide(stretch, ids, sure) if stretch.columns.years else _long(stretch, ids)
    codes, years, values = cells.ordered()
    lengths = np.bincount(codes, minlength=count)
    ends = np.cumsum(lengths)
    unsure = lengths == 0
    unsure[ids.codes[~sure]] = True
    unsure[codes[(years == 0) | ~np.isfinite(values)]] = True
    stated = {role: _stated(stretch, role, ids) for role in ("unit", "definition", "scale")}
    for _, several in stated.values():
        unsure |= several
    odd = unsure.copy()  # a search for published data does not help the others
    unsure[codes[1:][(codes[1:] == codes[:-1]) & (np.diff(years) != 1)]] = True
    if options.as_of is not None and options.future_years != "history":
        there = lengths > 0
        unsure[there] |= reaches_ahead(years[(ends - lengths)[there]], years[ends[there] - 1], options.as_of.year)
    if stretch.careful or options.measure == "growth":
        unsure[:] = True
    good = np.flatnonzero(~unsure)
    at: Any = slice(None) if len(good) == count else np.flatnonzero(~unsure[codes])
    units = _units(stretch, options, stated["unit"][0], stated["scale"][0])
    panel = _panel(stretch, options, account, [ids.words[code] for code in good.tolist()],
                   lengths[good], values[at], years[ends[good] - 1], units[good])  # fmt: skip
    _count_flags(stretch, ids, unsure, account)
    if len(good) == count:
        return Built(panel, ())
    slow, order = Alone(stretch, options, account), np.argsort(ids.codes, kind="stable")
    edges = np.searchsorted(ids.codes[order], np.arange(count + 1)).tolist()
    histories: dict[int, History] = {}
    refused: dict[int, Refusal] = {}
    for code in np.flatnonzero(unsure).tolist():
        rows = order[edges[code] : edges[code + 1]]
        outcome = slow.read(ids.words[code], rows, search=search and bool(odd[code]))
        if isinstance(outcome, History):
            histories[code] = outcome
        else:
            refused[code] = outcome
    if refused:
        rows_refused = stretch.rows.at(np.isin(ids.codes, [*refused]))
        count_refused(account, rows_refused, stretch.columns, stretch.labels)
    if histories:
        joined = panel.then(panel_of([*histories.values()]))
        panel = joined.select(np.argsort([*good.tolist(), *histories], kind="stable"))
    gaps = sum(left.why == "gap" for outcome in histories.values() for left in outcome.left_out)
    return Built(panel, [*refused.values()], gaps, not stretch.columns.years or count == len(stretch.rows))


def _data_rows(stretch: Stretch, account: Account) -> Flags:
    """The rows but those of kinds that are no data, in a file this program wrote."""
    if stretch.columns.kind < 0:
        return np.ones(len(stretch.rows), dtype=np.bool_)
    words = stretch.rows.words(stretch.columns.kind)
    data = [label(word) not in KINDS[2:] for word in words.words]
    counts = np.bincount(words.codes[words.codes >= 0], minlength=len(data)).tolist()
    for word, is_data, count in zip(words.words, data, counts, strict=True):
        if not is_data:
            account.leave_rows_out(f"row{{s}} of kind {shown(label(word))} (not data)", count)
    return np.asarray(table_of(words, data, True, bool))


def ids_of(stretch: Stretch) -> Words:
    """The series of each row, codes in order of first appearance."""
    if stretch.columns.id < 0:
        return Words(np.zeros(len(stretch.rows), dtype=np.int64), [default_id(stretch.grid, stretch.columns)])
    return _in_order(by_label(stretch.rows.words(stretch.columns.id), identity))


def _in_order(words: Words) -> Words:
    """Words that are there, codes in order of first appearance."""
    codes = words.codes
    if (
        len(codes)
        and codes[0] == 0
        and (np.diff(np.maximum.accumulate(codes)) <= 1).all()
        and codes.max() + 1 == len(words.words)
    ):
        return words
    there, first = np.unique(codes, return_index=True)
    order = there[np.argsort(first)]
    table = np.full(len(words.words), -1)
    table[order] = np.arange(len(order))
    return Words(table[codes], [words.words[code] for code in order.tolist()])


def _long(stretch: Stretch, ids: Words) -> _Values:
    words = stretch.rows.words(stretch.columns.period)
    years = table_of(words, map(year_of, words.words), 0, np.int64)
    return _Values(ids.codes, years, _numbers(stretch, stretch.columns.value).values)


def _wide(stretch: Stretch, ids: Words, sure: Flags) -> _Values:
    """The cells of a wide sheet; an empty one is no value."""
    places = stretch.columns.years
    years = np.array([year_of(stretch.grid.header[place]) for place in places])
    values = np.empty((len(sure), len(places)))
    there = np.ones(values.shape, dtype=np.bool_)
    for at, place in enumerate(places):
        column = _numbers(stretch, place)
        values[:, at] = column.values
        there[[row for row, cell in column.odd.items() if is_empty(cell)], at] = False
    sure &= there.any(axis=1)
    row, column_at = np.nonzero(there)
    return _Values(ids.codes[row], years[column_at], values[there])


def _numbers(stretch: Stretch, place: int) -> Numbers:
    column = stretch.rows.columns[place]
    assert isinstance(column, Numbers)
    return column


def _stated(stretch: Stretch, role: str, ids: Words) -> tuple[Any, Flags]:
    """The text of a role in each series, empty where none is stated, and which series have several."""
    place = getattr(stretch.columns, role)
    several = np.zeros(len(ids.words), dtype=np.bool_)
    if place < 0:
        return np.full(len(ids.words), "", dtype=object), several
    words = by_label(stretch.rows.words(place))
    stated = table_of(words, map(bool, words.words), False, bool)
    known = np.full(len(ids.words), -1)
    known[ids.codes[stated]] = words.codes[stated]
    several[ids.codes[stated & (known[ids.codes] != words.codes)]] = True
    return np.array([*words.words, ""], dtype=object)[known], several


def _units(stretch: Stretch, options: ReadOptions, units: Any, scales: Any) -> Any:
    """The unit of each series, with its factor."""
    value = stretch.columns.value
    default = options.unit or (unit_in(stretch.grid.header[value]) if value >= 0 else "")
    units[units == ""] = default
    if stretch.columns.scale >= 0:
        units[:] = [with_scale(unit, scale) for unit, scale in zip(units.tolist(), scales.tolist(), strict=True)]
    return units


def _panel(
    stretch: Stretch, options: ReadOptions, account: Account, ids: list[str], lengths: Integers, values: Array,
    origins: Integers, units: Any,
) -> Panel:  # fmt: skip
    head = label(stretch.grid.header[stretch.columns.value]) if stretch.columns.value >= 0 else ""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    texts: Sequence[str] = units.tolist()
    wholes: dict[str, float] = {}
    if ids:
        lowest, highest = (part.reduceat(values, offsets[:-1]) for part in (np.minimum, np.maximum))
        texts, wholes = rates(ids, texts, head, options.measure, lowest, highest)
        if options.measure is None:
            for name, most in wholes.items():
                account.share(name, most)
    return Panel(ids, offsets, values, origins, texts, wholes=wholes)


def _count_flags(stretch: Stretch, ids: Words, unsure: Flags, account: Account) -> None:
    if stretch.columns.flag < 0:
        return
    words = stretch.rows.words(stretch.columns.flag)
    codes = words.codes[~unsure[ids.codes] & (words.codes >= 0)]
    for word, count in zip(words.words, np.bincount(codes, minlength=len(words.words)).tolist(), strict=True):
        if count:
            account.leave_flags_out(unused(label(word)), count)
