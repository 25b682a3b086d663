"""Remarks on a batch, each with the number of its series and the first of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
Key = tuple[str, str | float]  # the code of a remark, and the model, whole or kind that it is about
Found = dict[Key, tuple[int, tuple[str, ...]]]  # how many series, and the first of them by name or with what is wrong
CODES = ("path_ends", "past_whole", "kinds_stated", "within", "growth_forecast", "short_series")  # in order
TEXTS = {
    "path_ends": "{about} gives only the first years of {where}.",
    "kinds_stated": "The stated kind of market, {about}, moves the forecasts of {where}.",
    "within": "No forecast lies above that of its total in {where}.",
    "short_series": "{where} have one or two points: their forecasts rest on the growth of other markets.",
}


def add(found: Found, part: Found) -> None:
    """Join what was found in another part of the batch."""
    for key, (series, first) in part.items():
        before, names = found.get(key, (0, ()))
        found[key] = before + series, (*names, *first)[:MOST]


def notes_on(found: Found) -> Iterator[Note]:
    """A note for each remark but those on doubtful values."""
    kept = (key for key in found if key[0] in CODES)
    for code, about in sorted(kept, key=lambda key: (CODES.index(key[0]), str(key[1]))):
        series, first = found[code, about]
        where = f"{series:,} series (such as {first[0]})"
        if code == "past_whole":
            yield past_whole_note(float(about), f" in {where}")
        elif code == "growth_forecast":
            yield growth_note(f" in {where}")
        else:
            yield Note(code, TEXTS[code].format(about=about, where=where), warning=code == "path_ends")


def found_in(panel: Panel, parts: Sequence[Answers]) -> Found:
    """Look for what needs a remark in the series of a panel and their forecasts."""
    names: dict[Key, list[str]] = defaultdict(list)
    for made in parts:
        ids, reach = made.panel.ids, np.isfinite(made.points).sum(axis=2)
        for slot, model in enumerate(made.request.main):
            ends = (reach[:, slot] > 0) & (reach[:, slot] < made.ahead) & (model != CONSENSUS)
            names["path_ends", model] += [ids[at] for at in np.flatnonzero(ends).tolist()]
        for name, kind in zip(ids, kinds_of(made.panel, made.request), strict=True):
            if kind:
                names["kinds_stated", kind].append(name)
        for name, end in _passing(made):
            names["past_whole", end].append(name)
    in_percent = {unit for unit in {*panel.units} if is_growth(("growth",), unit)}
    named = zip(panel.ids, panel.units, strict=True)
    growing = (name for name, unit in named if unit in in_percent and is_growth((name,), unit))
    names["growth_forecast", ""] = [name for name in growing if name not in panel.wholes]
    names["within", ""] = list(panel.within)
    names["short_series", ""] = [panel.ids[at] for at in np.flatnonzero(panel.lengths <= SHORT).tolist()]
    return {key: (len(some), (*map(shown, some[:MOST]),)) for key, some in names.items() if some} | doubtful(panel)


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
    of = np.searchsorted(panel.offsets, odd.at, side="right") - 1
    places, first = np.unique(of, return_index=True)
    jump_of = dict(zip(places.tolist(), first.tolist(), strict=True))
    stated = [at for at, name in enumerate(panel.ids) if name in panel.doubts] if panel.doubts else []

    def finding(at: int) -> Note:
        which = jump_of.get(at)
        if which is None:
            return panel.doubts[panel.ids[at]]
        _, first_year, values = panel.series(at)
        kind, power, up = int(odd.kind[which]), int(odd.power[which]), bool(odd.up[which])
        year = first_year + int(odd.at[which]) - int(panel.offsets[at])
        return jump(kind, power, up=up, year=year, values=dict(enumerate(values.tolist(), first_year))).note

    every = sorted({*jump_of, *stated})
    named = tuple(f"{panel.ids[at]} {finding(at)}" for at in every[:MOST])
    return {("findings", ""): (len(every), named)} if every else {}


def findings(found: Found, total: int, file: str) -> tuple[Note, ...]:
    """A warning that sums doubtful series up, then a note for each of the first; `total`: series of the batch."""
    series, first = found.get(("findings", ""), (0, ()))
    if not series:
        return ()
    text = f"{series:,} of {total:,} series {'needs' if series == 1 else 'need'} a look, first {first[0]}"
    advice = "" if not file or unnamed(file) else f"List them all with 'rural-forecast series check {quote(file)}'."
    return (Note("findings", text, warning=True, advice=advice), *(Note("finding", one) for one in first))
