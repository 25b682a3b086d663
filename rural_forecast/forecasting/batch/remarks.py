"""Remarks on a batch, counted over all its series with the first of each: models that end early, percentages past the
whole, series that are short or most likely wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.kernel import kinds_of
from rural_forecast.forecasting.batch.panel import CONSENSUS, Panel, Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.caveats import growth_note, past_whole_note
from rural_forecast.notes import Note
from rural_forecast.series.findings import jump, jumps
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.shares import end_of, is_growth
from rural_forecast.text.cells import shown

MOST = 10
"""Series that are named; a batch may have a million."""
SHORT = 2
"""Points of a series whose growth is one step or none."""
CODES = ("path_ends", "past_whole", "kinds_stated", "within", "growth_forecast", "short_series", "findings")
"""Of the remarks, in the order of their notes."""


Key = tuple[str, str | float]
"""The code of a remark, and the model, whole or kind that it is about."""


class Named(NamedTuple):
    """A number of series, and the first of them by name or with what is wrong."""

    series: int = 0
    first: tuple[str, ...] = ()


Found = Mapping[Key, Named]


def together(parts: Iterable[Found]) -> Found:
    """Join the findings of the parts of a batch."""
    whole: dict[Key, Named] = {}
    for part in parts:
        for key, (series, first) in part.items():
            before = whole.get(key, Named())
            whole[key] = Named(before.series + series, (*before.first, *first)[:MOST])
    return whole


def notes_on(found: Found) -> Iterator[Note]:
    """A note for each remark but those on doubtful values."""
    for code, about in sorted(found, key=lambda key: (CODES.index(key[0]), str(key[1]))):
        series, first = found[code, about]
        where = f" in {series:,} series (such as {shown(first[0])})"
        if code == "path_ends":
            text = f"{about} gives only the first years of {series:,} series: later its path would cross zero or leave "
            yield Note(code, f"{text}the range of numbers (series {first[0]}).", warning=True)
        elif code == "past_whole":
            yield past_whole_note(float(about), where)
        elif code == "kinds_stated":
            yield Note(code, f"The stated kind of market, {about}, moves the forecasts of {series:,} series.")
        elif code == "within":
            yield Note(code, f"No forecast lies above that of its total{where}.")
        elif code == "growth_forecast":
            yield growth_note(where)
        elif code == "short_series":
            text = "have one or two points: their forecasts rest on the growth of other markets."
            yield Note(code, f"{where.removeprefix(' in ')} {text}")


def found_in(panel: Panel, parts: Sequence[Rows], request: Request) -> Found:
    """Look for what needs a remark in the series of a panel and their rows."""
    kinds = kinds_of(panel, request)
    units = zip(panel.ids, panel.units, strict=True)
    passing = _passing(panel, parts, request)
    names: dict[Key, list[str]] = {("past_whole", whole): past for whole, past in passing.items()}
    names |= {("kinds_stated", kind): [""] * kinds.count(kind) for kind in {*kinds} if kind}
    in_percent = {unit for unit in {*panel.units} if is_growth(("growth",), unit)}
    growing = [
        name for name, unit in units if unit in in_percent and name not in panel.wholes and is_growth((name,), unit)
    ]
    names["growth_forecast", ""] = growing
    names["within", ""] = list(panel.within)
    names["short_series", ""] = [panel.ids[at] for at in np.flatnonzero(panel.lengths <= SHORT).tolist()]
    found = {key: Named(len(series), tuple(series[:MOST])) for key, series in names.items() if series}
    return together([*(_endings(rows, request) for rows in parts), found, doubtful(panel)])


def _endings(rows: Rows, request: Request) -> Found:
    """Series by the models that were asked for and give fewer years."""
    ended: dict[Key, Named] = {}
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
            ended["path_ends", model] = Named(int(short.sum()), (example,))
    return ended


def _passing(panel: Panel, parts: Sequence[Rows], request: Request) -> dict[float, list[str]]:
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
        ours = (rows.kind.codes == rows.kind.words.index("forecast")) & (rows.model.codes < len(request.main))
        past = ours & (np.maximum(rows.value, rows.upper.max(axis=0, initial=-np.inf)) > most)
        for code in np.unique(rows.series.codes[past]).tolist():
            name = rows.series.words[code]
            by_whole.setdefault(ends[name], []).append(name)
    return by_whole


def doubtful(panel: Panel) -> Found:
    """The series of a panel with values that are most likely wrong, as `series check` says; the first with what is."""
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
        first_year = int(panel.origins[at]) + 1 - end
        values = {first_year + i: float(panel.values[i]) for i in range(start, end)}
        kind, power, up = int(odd.kind[which]), int(odd.power[which]), bool(odd.up[which])
        return jump(kind, power, up=up, year=first_year + int(odd.at[which]), values=values).note

    every = sorted({*jump_of, *stated})
    named = tuple(f"{panel.ids[at]} {finding(at)}" for at in every[:MOST])
    return {("findings", ""): Named(len(every), named)} if every else {}


def findings(found: Found, total: int, file: str) -> tuple[Note, ...]:
    """A warning that sums doubtful series up, then a note for each of the first; `total`: series of the batch."""
    series, first = found.get(("findings", ""), Named())
    if not series:
        return ()
    text = f"{series:,} of {total:,} series {'needs' if series == 1 else 'need'} a look, first {first[0]}"
    advice = "" if not file or unnamed(file) else f"List them all with 'rural-forecast series check {quote(file)}'."
    return (Note("findings", text, warning=True, advice=advice), *(Note("finding", one) for one in first))
