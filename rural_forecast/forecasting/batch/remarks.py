"""Remarks on a batch, counted over all its series with the first of each: models that end early, percentages past the
whole, series that are short or most likely wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import NamedTuple, TypeVar

import numpy as np

from rural_forecast.forecasting.batch.kernel import kinds_of
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.caveats import growth_note, past_whole_note
from rural_forecast.notes import Note
from rural_forecast.series.findings import jump, jumps
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.shares import end_of, is_growth
from rural_forecast.text.cells import shown

Key = TypeVar("Key")
MOST = 10
"""Series that are named; a batch may have a million."""
SHORT = 2
"""Points of a series whose growth is one step or none."""


class Named(NamedTuple):
    """A number of series, and the first of them by name or with what is wrong."""

    series: int = 0
    first: tuple[str, ...] = ()

    def then(self, later: Named) -> Named:
        """These and those of a later part."""
        return Named(self.series + later.series, (*self.first, *later.first)[:MOST])

    @property
    def where(self) -> str:
        """How many they are, and one of them."""
        return f" in {self.series:,} series (such as {shown(self.first[0])})"


class Found(NamedTuple):
    """Series of a batch that need a remark."""

    ended: Mapping[str, Named] = {}
    """Those of which a model gives the first years alone, by the model."""
    past: Mapping[float, Named] = {}
    """Those forecast past the whole of which they may be shares, by the whole."""
    kinds: Mapping[str, Named] = {}
    """Those with a stated kind of market, by the kind."""
    growth: Named = Named()
    """Those of growth in percent."""
    short: Named = Named()
    doubtful: Named = Named()
    """Those with values that are most likely wrong, as `series check` says."""

    def then(self, later: Found) -> Found:
        """What is found in these series and in those of a later part."""
        return Found(
            _summed(self.ended, later.ended),
            _summed(self.past, later.past),
            _summed(self.kinds, later.kinds),
            self.growth.then(later.growth),
            self.short.then(later.short),
            self.doubtful.then(later.doubtful),
        )

    def notes(self) -> Iterator[Note]:
        """A note for each remark but those on doubtful values."""
        for model, (series, first) in self.ended.items():
            yield Note(
                "path_ends",
                f"{model} gives only the first years of {series:,} series: later its path would cross zero or leave "
                f"the range of numbers (series {first[0]}).",
                warning=True,
            )
        for whole, named in self.past.items():
            yield past_whole_note(whole, named.where)
        for kind, (series, _) in sorted(self.kinds.items()):
            yield Note("kinds_stated", f"The stated kind of market, {kind}, moves the forecasts of {series:,} series.")
        if self.growth.series:
            yield growth_note(self.growth.where)
        if self.short.series:
            yield Note(
                "short_series",
                f"{self.short.series:,} series (such as {shown(self.short.first[0])}) have one or two points: their "
                "forecasts rest on the growth of other markets.",
            )


def found_in(panel: Panel, parts: Sequence[Rows], request: Request) -> Found:
    """Look for what needs a remark in the series of a panel and their rows."""
    kinds = kinds_of(panel, request)
    units = zip(panel.ids, panel.units, strict=True)
    short = [panel.ids[at] for at in np.flatnonzero(panel.lengths <= SHORT).tolist()]
    return Found(
        _summed(*(_endings(rows, request) for rows in parts)),
        _passing(panel, parts, request),
        {kind: Named(kinds.count(kind)) for kind in {*kinds} if kind},
        _named([name for name, unit in units if name not in panel.wholes and is_growth((name,), unit)]),
        _named(short),
        doubtful(panel),
    )


def _summed(*parts: Mapping[Key, Named]) -> dict[Key, Named]:
    total: dict[Key, Named] = {}
    for part in parts:
        for key, named in part.items():
            total[key] = total.get(key, Named()).then(named)
    return total


def _named(names: Sequence[str]) -> Named:
    return Named(len(names), tuple(names[:MOST]))


def _endings(rows: Rows, request: Request) -> Mapping[str, Named]:
    """Series by the models that were asked for and give fewer years."""
    ended = {}
    forecast = np.array([word == "forecast" for word in rows.kind.words])[rows.kind.codes]
    for model in request.models:
        if model == CONSENSUS or model not in rows.model.words:
            continue
        mine = forecast & (rows.model.codes == rows.model.words.index(model))
        series, counts = np.unique(rows.series.codes[mine], return_counts=True)
        last = np.zeros(len(rows.series.words), dtype=np.int64)
        np.maximum.at(last, rows.series.codes[mine], rows.period[mine])
        short = counts < request.horizon if request.horizon else last[series] < (request.year or 0)
        if short.any():
            first = int(series[short.argmax()])
            example = f"{shown(rows.series.words[first])}: no year after {last[first]}"
            ended[model] = Named(int(short.sum()), (example,))
    return ended


def _passing(panel: Panel, parts: Sequence[Rows], request: Request) -> Mapping[float, Named]:
    """Series that may be shares, have not passed the whole and are forecast past it, by the whole."""
    if not len(panel.ids):
        return {}
    highest, lowest = (part.reduceat(panel.values, panel.offsets[:-1]) for part in (np.maximum, np.minimum))
    ends = {}
    for index in np.flatnonzero((lowest >= 0) & (highest <= 100)).tolist():
        name, span = panel.ids[index], (float(lowest[index]), float(highest[index]))
        end = None if name in panel.wholes else end_of((name,), panel.units[index], *span)
        if end is not None:
            ends[name] = end
    by_whole: dict[float, list[str]] = {}
    for rows in parts if ends else ():
        most = np.array([ends.get(name, np.inf) for name in rows.series.words])[rows.series.codes]
        ours = (rows.kind.codes == rows.kind.words.index("forecast")) & (rows.model.codes < request.main)
        past = ours & (np.maximum(rows.value, rows.upper.max(axis=0, initial=-np.inf)) > most)
        for code in np.unique(rows.series.codes[past]).tolist():
            name = rows.series.words[code]
            by_whole.setdefault(ends[name], []).append(name)
    return {whole: _named(names) for whole, names in by_whole.items()}


def doubtful(panel: Panel) -> Named:
    """The series of a panel that need a look; the first are named, each with what is wrong."""
    odd = jumps(panel.values, panel.offsets)
    of = np.searchsorted(panel.offsets, odd.at, side="right") - 1
    places, first = np.unique(of, return_index=True)
    jump_of = dict(zip(places.tolist(), first.tolist(), strict=True))
    stated = [at for at, name in enumerate(panel.ids) if name in panel.doubts] if panel.doubts else []

    def finding(at: int) -> Note:
        which = jump_of.get(at)
        if which is None:
            return panel.doubts[panel.ids[at]]
        start, end = int(panel.offsets[at]), int(panel.offsets[at + 1])
        year_of_end = int(panel.origins[at]) + 1
        values = {year_of_end - end + i: float(panel.values[i]) for i in range(start, end)}
        year = year_of_end - end + int(odd.at[which])
        kind, power, up = int(odd.kind[which]), int(odd.power[which]), bool(odd.up[which])
        return jump(kind, power, up=up, year=year, values=values).note

    every = sorted({*jump_of, *stated})
    return Named(len(every), tuple(f"{panel.ids[at]} {finding(at)}" for at in every[:MOST]))


def findings(doubts: Named, total: int, file: str) -> tuple[Note, ...]:
    """A warning that sums doubtful series up, then a note for each of the first.

    `total`: number of series of the batch. `file`: the input as messages call it.
    """
    if not doubts.series:
        return ()
    need = "needs" if doubts.series == 1 else "need"
    text = f"{doubts.series:,} of {total:,} series {need} a look, first {doubts.first[0]}"
    advice = "" if not file or unnamed(file) else f"List them all with 'rural-forecast series check {quote(file)}'."
    return (Note("findings", text, warning=True, advice=advice), *(Note("finding", one) for one in doubts.first))
