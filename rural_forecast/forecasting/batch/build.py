"""Values to panels: a series that arrays surely understand is taken as it is, any other is read as one series alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import NOWHERE, InputError, Problem, RuralForecastError
from rural_forecast.forecasting.batch.panel import Panel, Refusal, refusal_of
from rural_forecast.forecasting.batch.rates import rates
from rural_forecast.forecasting.limits import whole
from rural_forecast.models.base import Flags, Integers
from rural_forecast.notes import of_code
from rural_forecast.series.findings import OF_VALUES
from rural_forecast.series.history import History, annual
from rural_forecast.series.published import published_forecasts
from rural_forecast.series.reading.build import Builder
from rural_forecast.series.reading.future import reaches_ahead, says_projection
from rural_forecast.series.reading.melt import Melt
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import Head, read_day
from rural_forecast.series.reading.remarks import Noted
from rural_forecast.series.reading.schema import AGREED, QUALIFIERS, STATUSES
from rural_forecast.series.reading.table import together
from rural_forecast.series.reading.units import NAMED
from rural_forecast.series.whole_years import parts_in
from rural_forecast.text.cells import shown

PARTS = "value{s} of parts of years (a batch forecasts whole years)"
_SILENT = frozenset(["id", "period", "value", "source", "author", "note", "model", "unit", "definition", "scale"])
"""Roles whose texts change no number; a series that has several units is read alone."""


class Built(NamedTuple):
    """The series of a block, read or refused."""

    panel: Panel
    refusals: Sequence[Refusal]
    before_gaps: int = 0
    """Values before the last gap of their series, which are not used."""


def build(melt: Melt, options: ReadOptions, noted: Noted) -> Built:
    """The series of a melt in order of first appearance, and those that are refused.

    `noted`: takes note of what is not read.
    """
    ids = melt.choice.ids
    builder = Builder(melt, options, noted)
    count = len(ids)
    missing = melt.missing
    unsure = np.zeros(count, dtype=np.bool_)
    unsure[melt.key[_odd(melt, builder) & ~missing]] = True
    unsure |= _in_several(melt, builder)
    unsure |= np.array([not name for name in ids])
    years = np.array([_plain_year(head) for head in melt.heads] + [0])[melt.head]
    kept = np.flatnonzero(~missing)
    order = kept[np.lexsort((years[kept], melt.key[kept]))]
    key, years, values = melt.key[order], years[order], melt.values[order]
    unsure[key[(years == 0) | ~np.isfinite(values)]] = True
    unsure[key[1:][(key[1:] == key[:-1]) & (np.diff(years) != 1)]] = True
    lengths = np.bincount(key, minlength=count)
    ends = np.cumsum(lengths)
    there = lengths > 0
    unsure |= ~there
    if options.as_of is not None:
        unsure[there] |= reaches_ahead(years[(ends - lengths)[there]], years[ends[there] - 1], options.as_of.year)
    if _is_careful(melt, options):
        unsure[:] = True
    good = np.flatnonzero(~unsure)
    texts = _units(builder, order[(ends - lengths)[good]])
    for mark, number in _marks(melt, missing & ~unsure[melt.key]):
        noted.missing(mark, count=number)
    at: Any = slice(None) if len(good) == count else np.flatnonzero(~unsure[key])
    panel = _panel(melt, options, noted, good, lengths, values[at], years[ends[good] - 1], texts)
    if len(good) == count:
        return Built(panel, ())
    return _with_others(panel, builder, good, np.flatnonzero(unsure), options, noted)


def _with_others(
    panel: Panel, builder: Builder, good: Integers, others: Integers, options: ReadOptions, noted: Noted
) -> Built:
    """The panel with series that are read one by one, all in order of first appearance."""
    histories: dict[int, History] = {}
    refused: list[Refusal] = []
    for place in others.tolist():
        name = builder.melt.choice.ids[place]
        try:
            series = builder.series(place)
            if series is None:
                where = next((builder.place(at) for at in builder.places(place)), NOWHERE)
                raise InputError(f"series {shown(name)} has no values.", "Leave it out.", place=where)
            history = annual(series, allow_gaps=options.allow_gaps)
        except RuralForecastError as error:
            refused.append(refusal_of(name, error))
            continue
        noted.forecasts += sum(seen.status == "forecast" for seen in series.observations)
        parts = len(parts_in(series))
        if parts:
            noted.rows_left_out(PARTS, parts)
        histories[place] = history
    if histories:
        joined = panel.then(panel_of([*histories.values()]))
        panel = joined.select(np.argsort([*good.tolist(), *histories], kind="stable"))
    gaps = sum(left.why == "gap" for history in histories.values() for left in history.left_out)
    return Built(panel, refused, gaps)


def _marks(melt: Melt, missing: Flags) -> list[tuple[str, int]]:
    """How many values are missing by each mark."""
    codes, counts = np.unique(melt.codes[missing], return_counts=True)
    return [
        (getattr(melt.odd.get(code), "marked", "") or "", int(n))
        for code, n in zip(codes.tolist(), counts, strict=True)
    ]


def _plain_year(head: Head | None) -> int:
    plain = head is not None and head.period.is_year and head.mark is None and head.kind == "plain"
    return head.period.year if plain and head else 0


def _odd(melt: Melt, builder: Builder) -> Flags:
    """Values whose cell or row says more than a number."""
    grid = melt.choice.table.grid
    odd: Flags = np.isin(
        melt.codes, [code for code, made in melt.odd.items() if isinstance(made, Problem) or made.body is not None]
    )
    odd |= melt.head < 0
    for role, column in builder.rows.roles.items():
        if role in _SILENT:
            continue
        codes = grid.index[melt.row, column]
        there = np.unique(codes)
        bad = [code for code in there.tolist() if not _is_plain(role, grid.words.text(code))]
        odd |= np.isin(codes, bad)
    if builder.projected is not None and builder.projected.rows:
        odd |= np.isin(melt.row, list(builder.projected.rows))
    if builder.projected is not None and builder.projected.until:
        odd[:] = True
    if builder.rows.ragged:
        odd |= np.isin(melt.row, list(builder.rows.ragged))
    return odd


def _in_several(melt: Melt, builder: Builder) -> Flags:
    """Series whose rows differ in what all rows of a series say."""
    several = np.zeros(len(melt.choice.ids), dtype=np.bool_)
    for role in AGREED if builder.rows.own else ():
        if role not in builder.rows.roles:
            continue
        label = melt.choice.table.grid.label(role, builder.rows.roles[role], melt.row)
        stated = np.array([bool(text) for text in label.texts])[label.codes]
        pairs = np.unique(np.stack([melt.key[stated], label.codes[stated].astype(np.int64)]), axis=1)[0]
        keys, counts = np.unique(pairs, return_counts=True)
        several[keys[counts > 1]] = True
    return several


def _is_plain(role: str, text: str) -> bool:
    """True if a cell of a role says nothing of its value that takes care."""
    if role == "status":
        return STATUSES.get(text.lower()) in ("actual", "preliminary", "estimate")
    if role == "published_on":
        return not text or read_day(text) is not None
    if role == "qualifier":
        return text in QUALIFIERS
    if role == "kind":
        return text == "actual"
    return not text


def _is_careful(melt: Melt, options: ReadOptions) -> bool:
    """True if every series takes care: percentages of a spreadsheet, documents, titles of projections."""
    table = melt.choice.table
    said = [*table.title[-6:], str(table.grid.about.get("", {}).get("title", ""))]
    return (
        bool(table.grid.percent)
        or bool(table.grid.about)
        or options.actuals_until is not None
        or options.measure == "growth"
        or (table.roles is None and any(map(says_projection, said)))
        or (
            table.roles is None
            and any(says_projection(text) for label in melt.choice.known.labels for text in label.texts[:1000])
        )
        or table.part >= 0
        or bool(table.parts)
    )


def _units(builder: Builder, at: Integers) -> list[str]:
    """The unit of each series by one of its values; those whose cells of units are the same have the same."""
    choice, index, melt = builder.melt.choice, builder.grid.index, builder.melt
    roles = {at for role, at in choice.known.roles.items() if role in ("unit", "scale", "definition", "measure")}
    named = {at for at, name in enumerate(builder.table.names) if NAMED.match(name) or "unit" in name.casefold()}
    labels = set(choice.known.places.values()) if builder.table.across else set()
    said = [melt.column[at], *(index[melt.row[at], column] for column in sorted(roles | named | labels))]
    _, first, of = np.unique(together(said, len(at)), return_index=True, return_inverse=True)
    units = [builder.unit_at(place) for place in at[first].tolist()]
    return [units[code] for code in of.tolist()]


def _panel(
    melt: Melt, options: ReadOptions, noted: Noted, good: Integers, lengths: Integers, values: Any, origins: Integers,
    units: Sequence[str],
) -> Panel:  # fmt: skip
    table, ids = melt.choice.table, [melt.choice.ids[place] for place in good.tolist()]
    head = "" if table.across or len(melt.choice.columns) > 1 else table.names[int(melt.choice.columns[0])]
    offsets = np.concatenate([[0], np.cumsum(lengths[good])]).astype(np.int64)
    wholes: dict[str, float] = {}
    if ids:
        lowest, highest = (part.reduceat(values, offsets[:-1]) for part in (np.minimum, np.maximum))
        units, wholes = rates(ids, units, head, options.measure, lowest, highest)
        if options.measure is None:
            for name, most in wholes.items():
                noted.share(name, most)
    return Panel(ids, offsets, values, origins, units, wholes=wholes)


def panel_of(histories: Sequence[History]) -> Panel:
    """The panel of series that were read one by one."""
    published = {history.series.id: published_forecasts(history.series) for history in histories}
    return Panel(
        [history.series.id for history in histories],
        np.cumsum([0, *(len(history.years) for history in histories)]),
        np.concatenate([np.empty(0), *(history.values for history in histories)]),
        np.array([history.origin for history in histories], dtype=np.int64),
        [history.series.unit for history in histories],
        {
            name: [forecast for forecast in forecasts if forecast.period.is_year]
            for name, forecasts in published.items()
            if forecasts
        },
        {history.series.id: most for history in histories if (most := whole(history)) is not None},
        {
            history.series.id: doubts[0]
            for history in histories
            if (doubts := of_code(history.notes, *OF_VALUES, "growth"))
        },
        {history.series.id: history.series.market_kind for history in histories if history.series.market_kind},
    )
