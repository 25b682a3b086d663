"""Values to panels: a series that arrays surely understand is taken as it is, any other is read as
one series alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import NOWHERE, InputError, Problem, RuralForecastError
from rural_forecast.forecasting.panel import Panel, Refusal, refusal_of
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Flags, Integers
from rural_forecast.notes import of_code
from rural_forecast.series.findings import OF_VALUES
from rural_forecast.series.history import History, annual
from rural_forecast.series.preference import parts_in, published_forecasts
from rural_forecast.series.reading.account import Noted
from rural_forecast.series.reading.amounts import Amount
from rural_forecast.series.reading.build import Builder
from rural_forecast.series.reading.grid import together
from rural_forecast.series.reading.melt import FIRST, Melt, says_projection
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.schema import AGREED, STATUSES, meaning
from rural_forecast.series.reading.units import NAMED
from rural_forecast.series.shares import most_of, percent, says_percent
from rural_forecast.text.cells import shown

PARTS = "value{s} of parts of years (a batch forecasts whole years)"
_SILENT = frozenset(
    ["id", "period", "value", "source", "author", "note", "model", "unit", "definition", "scale"]
)
"""Roles whose texts change no number; a series that has several units is read alone."""


class Built(NamedTuple):
    """The series of a block, read or refused."""

    panel: Panel
    refusals: Sequence[Refusal] = ()


def build(melt: Melt, options: ReadOptions, noted: Noted) -> Built:
    """The series of a melt in order of first appearance, and those that are refused."""
    ids = melt.choice.ids
    builder = Builder(melt, options, noted)
    missing = builder.missing
    unsure = np.array([not name for name in ids])
    unsure[melt.id_of[_odd(melt, builder) & ~missing]] = True
    plain = (
        head if head and head.mark is None and head.kind == "plain" else None for head in melt.heads
    )
    years = np.array(
        [head.period.year if head and head.period.is_year else 0 for head in plain] + [0]
    )[melt.head_of]
    kept = np.flatnonzero(~missing)
    order = kept[np.lexsort((years[kept], melt.id_of[kept]))]
    key = melt.id_of[order]
    years = years[order]
    values = melt.values[order]
    unsure[key[(years == 0) | ~np.isfinite(values)]] = True
    unsure[key[1:][(key[1:] == key[:-1]) & (np.diff(years) != 1)]] = True
    first = np.zeros(len(ids), dtype=np.int64)
    grid = melt.choice.table.grid
    first[melt.id_of[kept][::-1]] = kept[::-1]
    own = builder.rows.own
    agreed = np.array(
        [at for role, at in builder.rows.roles.items() if own and role in AGREED], dtype=np.int64
    )
    stated = ~grid.blank[melt.rows[:, None], agreed]
    stating = np.flatnonzero(stated.any(axis=1))
    # The row that says what all rows of its series agree in.
    first[melt.id_of[stating][::-1]] = stating[::-1]
    said = grid.index[melt.rows[:, None], agreed]
    unsure[melt.id_of[(stated & (said != said[first[melt.id_of]])).any(axis=1)]] = True
    lengths = np.bincount(key, minlength=len(ids))
    ends = np.cumsum(lengths)
    there = lengths > 0
    unsure |= ~there
    if options.as_of is not None:
        begin = years[(ends - lengths)[there]]
        last = years[ends[there] - 1]
        unsure[there] |= (begin >= FIRST) & (last >= options.as_of.year)  # one that is not over
    if _is_careful(melt, options):
        unsure[:] = True
    good = np.flatnonzero(~unsure)
    units = _units(builder, first[good])
    codes, counts = np.unique(melt.codes[missing & ~unsure[melt.id_of]], return_counts=True)
    for code, number in zip(codes.tolist(), counts.tolist(), strict=True):
        noted.missing(getattr(melt.odd.get(code), "marked", "") or "", count=number)
    sure: Any = slice(None) if len(good) == len(ids) else np.flatnonzero(~unsure[key])
    offsets = np.concatenate([[0], np.cumsum(lengths[good])])
    panel = Panel(
        [ids[place] for place in good.tolist()], offsets, values[sure], years[ends[good] - 1], units
    )
    panel = _with_rates(panel, melt, options, noted)
    if len(good) == len(ids):
        return Built(panel)
    histories, refused = _one_by_one(builder, np.flatnonzero(unsure), options, noted)
    if histories:
        joined = panel.then(panel_of([*histories.values()]))
        panel = joined.select(np.argsort([*good.tolist(), *histories], kind="stable"))
    return Built(panel, refused)


def _one_by_one(
    builder: Builder, places: Integers, options: ReadOptions, noted: Noted
) -> tuple[dict[int, History], list[Refusal]]:
    histories: dict[int, History] = {}
    refused: list[Refusal] = []
    for place in places.tolist():
        name = builder.melt.choice.ids[place]
        try:
            series = builder.series(place)
            if series is None:
                where = next((builder.place_of(at) for at in builder.indices_of(place)), NOWHERE)
                raise InputError(
                    f"series {shown(name)} has no values.", "Leave it out.", place=where
                )
            histories[place] = annual(series, allow_gaps=options.allow_gaps)
            noted.before_gaps += sum(left.why == "gap" for left in histories[place].left_out)
        except RuralForecastError as error:
            refused.append(refusal_of(name, error))
            continue
        noted.forecasts += sum(seen.status == "forecast" for seen in series.observations)
        if parts := len(parts_in(series)):
            noted.name("rows_left_out", PARTS, parts)
    return histories, refused


def _odd(melt: Melt, builder: Builder) -> Flags:
    """Values whose cell or row says more than a number."""
    grid = melt.choice.table.grid
    marked = [
        code
        for code, made in melt.odd.items()
        if isinstance(made, Amount) and made.body is not None
    ]
    odd: Flags = builder.faulty | np.isin(melt.codes, marked)
    for role, column in builder.rows.roles.items():
        if role not in _SILENT:
            codes = grid.index[melt.rows, column]
            said = {code: grid.words.text(code) for code in np.unique(codes).tolist()}
            odd |= np.isin(
                codes, [code for code, text in said.items() if not _is_plain(role, text)]
            )
    for rows in (builder.rows.ragged, builder.until):
        if rows:
            odd |= np.isin(melt.rows, list(rows))
    return odd


def _is_plain(role: str, text: str) -> bool:
    if role == "status":
        return STATUSES.get(text.lower()) in ("actual", "preliminary", "estimate")
    if role in ("published_on", "qualifier"):
        return not isinstance(meaning(role, text), Problem)
    return text == "actual" if role == "kind" else not text


def _is_careful(melt: Melt, options: ReadOptions) -> bool:
    table = melt.choice.table
    said = [*table.title[-6:], str(table.grid.about.get("", {}).get("title", ""))]
    said += [text for label in melt.choice.beside.labels for text in label.texts[:1000]]
    return (
        bool(table.grid.percent or table.grid.about)
        or table.part_column >= 0
        or options.actuals_until is not None
        or options.measure == "growth"
        or (table.roles is None and any(map(says_projection, said)))
    )


def _units(builder: Builder, at: Integers) -> list[str]:
    choice = builder.melt.choice
    index = builder.grid.index
    melt = builder.melt
    roles = {
        at
        for role, at in choice.beside.roles.items()
        if role in ("unit", "scale", "definition", "measure")
    }
    named = {
        at
        for at, name in enumerate(builder.table.names)
        if NAMED.match(name) or "unit" in name.casefold()
    }
    labels = set(choice.beside.places.values()) if builder.table.across else set()
    said = [
        melt.columns[at],
        *(index[melt.rows[at], column] for column in sorted(roles | named | labels)),
    ]
    _, first, of = np.unique(together(said, len(at)), return_index=True, return_inverse=True)
    units = [builder.descriptions.unit_at(place) for place in at[first].tolist()]
    return [units[code] for code in of.tolist()]


def _with_rates(panel: Panel, melt: Melt, options: ReadOptions, noted: Noted) -> Panel:
    """The panel with the units of percentages, and the whole of each series that is a rate, as for
    a series alone.
    """
    table = melt.choice.table
    measure = options.measure
    head = (
        ""
        if table.across or len(melt.choice.value_columns) > 1
        else table.names[int(melt.choice.value_columns[0])]
    )
    if not panel.ids or not (
        measure == "rate" or says_percent("\n".join([head, *set(panel.units), *panel.ids]))
    ):
        return panel
    lowest, highest = (
        part.reduceat(panel.values, panel.offsets[:-1]).tolist()
        for part in (np.minimum, np.maximum)
    )
    units = []
    wholes = {}
    for name, unit, *ends in zip(panel.ids, panel.units, lowest, highest, strict=True):
        share = percent((name, head), unit)
        units.append(unit if share is None else unit or "%")
        if measure == "rate":
            if ends[0] >= 0 and ends[1] <= most_of(units[-1]):
                wholes[name] = most_of(units[-1])
        elif measure is None and share and share.holds(*ends):
            wholes[name] = share.whole
            noted.name("read_as_rate", name, of=f"{share.whole:g}")
    return replace(panel, units=units, wholes=wholes)


def panel_of(histories: Sequence[History]) -> Panel:
    """The panel of series that were read one by one."""
    all_published = {
        history.series.id: published_forecasts(history.series) for history in histories
    }
    published = {
        name: [one for one in others if one.period.is_year]
        for name, others in all_published.items()
    }
    doubts = {
        history.series.id: of_code(history.notes, *OF_VALUES, "growth") for history in histories
    }
    return Panel(
        [history.series.id for history in histories],
        np.cumsum([0, *(len(history.years) for history in histories)]),
        np.concatenate([np.empty(0), *(history.values for history in histories)]),
        np.array([history.origin for history in histories], dtype=np.int64),
        [history.series.unit for history in histories],
        {name: others for name, others in published.items() if others},
        {
            history.series.id: most
            for history in histories
            if (most := whole_of_rate(history)) is not None
        },
        {name: notes[0] for name, notes in doubts.items() if notes},
        {
            history.series.id: history.series.market_kind
            for history in histories
            if history.series.market_kind
        },
        {
            history.series.id: history.series.within
            for history in histories
            if history.series.within
        },
    )
