"""Remarks on a batch, each with the number of its series and the first of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from shlex import quote

import numpy as np

from rural_forecast.forecasting.answers import Answers, kinds_of
from rural_forecast.forecasting.forecast import growth_note, past_whole_note
from rural_forecast.forecasting.panel import CONSENSUS, Panel
from rural_forecast.notes import Note
from rural_forecast.series.findings import jump, jumps
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.shares import end_of, is_growth
from rural_forecast.text.cells import shown

MOST = 10  # series that are named; a batch may have a million
SHORT = 2  # points of a series whose growth is one step or none
WHERE = "{where}"  # stands for the series of a remark
Found = dict[Note, tuple[int, tuple[str, ...]]]  # remarks: how many series, and the first of them
CODES = ("path_ends", "past_whole", "kinds_stated", "within", "growth_forecast", "short_series")  # in order
WITHIN = Note("within", f"No forecast lies above that of its total in {WHERE}.")
SHORT_SERIES = Note(
    "short_series", f"{WHERE} have one or two points: their forecasts rest on the growth of other markets."
)
DOUBTFUL = Note("findings", "", warning=True)  # the first of its series stand with what is wrong


def notes_on(found: Found) -> Iterator[Note]:
    """A note for each remark but those on doubtful values."""
    for note in sorted(found.keys() - {DOUBTFUL}, key=lambda note: (CODES.index(note.code), note.text)):
        series, first = found[note]
        yield replace(note, text=note.text.replace(WHERE, f"{series:,} series (such as {first[0]})"))


def found_in(panel: Panel, made: Answers) -> Found:
    """Look for what needs a remark in the series of a panel and their forecasts."""
    names: dict[Note, list[str]] = defaultdict(list)
    ids, reach = made.panel.ids, np.isfinite(made.points).sum(axis=2)
    for slot, model in enumerate(made.request.main):
        ends = (reach[:, slot] > 0) & (reach[:, slot] < made.ahead) & (model != CONSENSUS)
        note = Note("path_ends", f"{model} gives only the first years of {WHERE}.", warning=True)
        names[note] = [ids[at] for at in np.flatnonzero(ends).tolist()]
    for name, kind in zip(ids, kinds_of(made.panel, made.request), strict=True):
        if kind:
            text = f"The stated kind of market, {kind}, moves the forecasts of {WHERE}."
            names[Note("kinds_stated", text)].append(name)
    for name, end in _passing(made):
        names[past_whole_note(end, f" in {WHERE}")].append(name)
    in_percent = {unit for unit in {*panel.units} if is_growth(("growth",), unit)}
    named = zip(panel.ids, panel.units, strict=True)
    growing = (name for name, unit in named if unit in in_percent and is_growth((name,), unit))
    names[growth_note(f" in {WHERE}")] = [name for name in growing if name not in panel.wholes]
    names[WITHIN] = [*panel.within]
    names[SHORT_SERIES] = [panel.ids[at] for at in np.flatnonzero(panel.lengths <= SHORT).tolist()]
    return {note: (len(some), (*map(shown, some[:MOST]),)) for note, some in names.items() if some} | doubtful(panel)


def _passing(made: Answers) -> Iterator[tuple[str, float]]:
    """Series that may be shares and have not passed the whole, and are forecast past it; each with the whole."""
    panel, main = made.panel, len(made.request.main)
    if not len(panel.ids):
        return
    lowest, highest = (part.reduceat(panel.values, panel.offsets[:-1]) for part in (np.minimum, np.maximum))
    for at in np.flatnonzero((lowest >= 0) & (highest <= 100)).tolist():
        name, span = panel.ids[at], (float(lowest[at]), float(highest[at]))
        end = None if name in panel.wholes else end_of((name,), panel.units[at], *span)
        if end is not None and ((made.points[at, :main] > end).any() or (made.upper[:, at, :main] > end).any()):
            yield name, end


def doubtful(panel: Panel) -> Found:
    """The series of a panel with values that are most likely wrong, as `series check` says; the first with what is."""
    odd = jumps(panel.values, panel.offsets)
    places, first = np.unique(np.searchsorted(panel.offsets, odd.at, side="right") - 1, return_index=True)
    jump_of = dict(zip(places.tolist(), first.tolist(), strict=True))
    every = sorted(
        {*jump_of, *(at for at, name in enumerate(panel.ids if panel.doubts else ()) if name in panel.doubts)}
    )
    named = list[str]()
    for at in every[:MOST]:
        name, first_year, values = panel.series(at)
        if (which := jump_of.get(at)) is None:
            named.append(f"{name} {panel.doubts[name]}")
            continue
        kind, power, up = int(odd.kind[which]), int(odd.power[which]), bool(odd.up[which])
        year, known = first_year + int(odd.at[which] - panel.offsets[at]), dict(enumerate(values.tolist(), first_year))
        named.append(f"{name} {jump(kind, power, up=up, year=year, values=known).note}")
    return {DOUBTFUL: (len(every), (*named,))} if every else {}


def findings(found: Found, total: int, file: str) -> tuple[Note, ...]:
    """A warning that sums doubtful series up, then a note for each of the first; `total`: series of the batch."""
    series, first = found.get(DOUBTFUL, (0, ()))
    if not series:
        return ()
    text = f"{series:,} of {total:,} series {'needs' if series == 1 else 'need'} a look, first {first[0]}"
    advice = "" if not file or unnamed(file) else f"List them all with 'rural-forecast series check {quote(file)}'."
    return (replace(DOUBTFUL, text=text, advice=advice), *(Note("finding", one) for one in first))
