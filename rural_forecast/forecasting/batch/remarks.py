"""What is to be said of a batch, counted over all series: models that end early, percentages past the whole, values
that are most likely wrong, with the first series of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.kernel import kinds_of
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.notes import Note
from rural_forecast.series.findings import jump, jumps
from rural_forecast.series.shares import end_of, is_growth


def found_in(panel: Panel, parts: Sequence[Rows], request: Request) -> list[Note]:
    """The notes on the series of a panel and their rows."""
    kinds = Counter(kind for kind in kinds_of(panel, request) if kind)
    stated = [Note("kinds_stated", {"kind": kind, "series": count}) for kind, count in sorted(kinds.items())]
    units = zip(panel.ids, panel.units, strict=True)
    growth = [name for name, unit in units if name not in panel.wholes and is_growth((name,), unit)]
    if growth:
        stated.append(Note("growth_forecast", {"series": len(growth), "example": growth[0]}, warning=True))
    return [*(note for rows in parts for note in _endings(rows, request)), *_passing(panel, parts, request), *stated]


def summed(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes of several panels: those on one model or one whole count their series together."""
    total: dict[object, Note] = {}
    for note in notes:
        key = note.code, note.fields.get("model"), note.fields.get("whole"), note.fields.get("kind")
        known = total.get(key, replace(note, text={**note.fields, "series": 0}))
        series = int(str(known.fields["series"])) + int(str(note.fields["series"]))
        total[key] = replace(known, text={**known.fields, "series": series})
    return tuple(sorted(total.values(), key=lambda note: note.code != "path_ends"))


def _endings(rows: Rows, request: Request) -> Iterator[Note]:
    """Models that were asked for and give fewer years."""
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
            fields = {
                "model": model,
                "last": int(last[first]),
                "series": int(short.sum()),
                "example": rows.series.words[first],
            }
            yield Note("path_ends", fields, warning=True)


def _passing(panel: Panel, parts: Sequence[Rows], request: Request) -> Iterator[Note]:
    """Series that are no rates, may be shares that have not passed the whole, and are forecast past it."""
    if not len(panel.ids):
        return
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
    for whole, names in by_whole.items():
        yield Note("past_whole", {"whole": whole, "series": len(names), "example": names[0]}, warning=True)


MOST = 10
"""Series that are named; a batch may have a million."""


FINDINGS = "findings"
"""Code of the note that sums them up."""


class Doubts(NamedTuple):
    """Series that need a look."""

    series: int = 0
    first: tuple[tuple[str, Note], ...] = ()
    """Id and finding of the first `MOST` of them, in order."""

    def joined(self, later: Doubts) -> Doubts:
        """These and those of a later part."""
        return Doubts(self.series + later.series, (*self.first, *later.first)[:MOST])

    def notes(self, total: int, source: str) -> tuple[Note, ...]:
        """One warning for all, then a note for each of the first.

        `total`: number of series of the batch. `source`: the input as `series check` takes it; empty where it is no
        file.
        """
        if not self.series:
            return ()
        name, what = self.first[0]
        fields = {"series": self.series, "total": total, "first": name, "what": what, "source": source}
        one_each = (Note("finding", {"series": name, "what": what}) for name, what in self.first)
        return (Note("findings", fields, warning=True), *one_each)


def doubts(panel: Panel) -> Doubts:
    """The series of a panel that need a look; the first `MOST` are named."""
    odd = jumps(panel.values, panel.offsets)
    of = np.searchsorted(panel.offsets, odd.at, side="right") - 1
    places, first = np.unique(of, return_index=True)
    texts = dict(zip(places.tolist(), first.tolist(), strict=True))
    if panel.doubts:
        texts |= {at: -1 for at, name in enumerate(panel.ids) if name in panel.doubts and at not in texts}

    def named() -> Iterator[tuple[str, Note]]:
        for at in sorted(texts)[:MOST]:
            name, which = panel.ids[at], texts[at]
            if which < 0:
                yield name, panel.doubts[name]
                continue
            start, end = int(panel.offsets[at]), int(panel.offsets[at + 1])
            year = int(panel.origins[at]) - (end - 1 - int(odd.at[which]))
            values = {int(panel.origins[at]) - (end - 1 - i): float(panel.values[i]) for i in range(start, end)}
            kind, power, up = int(odd.kind[which]), int(odd.power[which]), bool(odd.up[which])
            yield name, jump(kind, power, up=up, year=year, values=values).note

    return Doubts(len(texts), tuple(named()))
