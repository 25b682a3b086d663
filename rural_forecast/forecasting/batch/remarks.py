"""Remarks on the series of a batch: how many series each is about, and the first of them.

Workers look for them part by part, and the counts are added up; a note names a few series, for a
batch may have a million.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.errors import command, option
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.one_series import growth_note, past_whole_note
from rural_forecast.forecasting.panel import Panel, kinds_of
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.findings import jump, jumps, leap, leaps
from rural_forecast.observed.observation import MARKET_KINDS, NO_KIND
from rural_forecast.observed.reading.source import unnamed
from rural_forecast.observed.shares import end_of, is_growth
from rural_forecast.question.question import CONSENSUS
from rural_forecast.text.cells import shown

MOST_NAMED = 10  # series that a remark names
SHORT = 2  # points of a series whose growth is one step or none
WHERE = "{where}"  # is replaced by the series of a remark

Remarks = dict[Note, tuple[int, tuple[str, ...]]]
"""By remark, the number of series that it is about, and the first of these."""

# The order of notes.
CODES = (
    "running_year",
    "parts_not_used",
    "path_ends",
    "past_whole",
    "kinds_stated",
    "subject_read",
    "within",
    "growth_forecast",
    "short_series",
)
RUNNING = Note(
    "running_year",
    f"The first year is the nowcast from its known parts, and later years go on from it: {WHERE}.",
    warning=True,
)
UNUSED = Note(
    "parts_not_used",
    f"Parts of a year after the last whole one are not used: {WHERE}.",
    warning=True,
)
WITHIN = Note("within", f"No forecast lies above that of its total in {WHERE}.")
FEW = Note(
    "short_series",
    f"{WHERE} have one or two points: their forecasts rest on the growth of other markets.",
)
# Its names are those of series, each with what is wrong.
DOUBTFUL = Note("findings", "", warning=True)


def remarks_on(panel: Panel, forecasts: Answers) -> Remarks:
    """Look for all that needs a remark in the series of a panel and their forecasts.

    `forecasts` may be of some of the series, as others are refused.
    """
    names: dict[Note, list[str]] = defaultdict(list)
    _add_ends(names, forecasts)
    ids = forecasts.panel.ids
    names.update(on_kinds(forecasts))
    for name, whole in _passing(forecasts):
        names[past_whole_note(whole, f" in {WHERE}")].append(name)
    names[growth_note(f" in {WHERE}")] = _growing(panel)
    starts = forecasts.panel.starts
    names[RUNNING] = [name for name in ids if name in starts]
    names[UNUSED] = [name for name in ids if name in panel.running and name not in starts]
    names[WITHIN] = [*panel.within]
    names[FEW] = [panel.ids[index] for index in np.flatnonzero(panel.lengths <= SHORT).tolist()]

    return counted_names(names) | doubtful(panel)


def counted_names(names: Mapping[Note, Sequence[str]]) -> Remarks:
    """Count the series that each remark is on, and name the first ones."""
    remarks: Remarks = {}
    for note, series in names.items():
        if series:
            remarks[note] = len(series), tuple(shown(name) for name in series[:MOST_NAMED])
    return remarks


def on_kinds(forecasts: Answers) -> dict[Note, list[str]]:
    """Say which series are forecast by a subject, stated or read from a title."""
    names: dict[Note, list[str]] = {}
    kinds = kinds_of(forecasts.panel, forecasts.request)
    for name, kind in zip(forecasts.panel.ids, kinds, strict=True):
        if kind:
            names.setdefault(_of_kind(kind, name, forecasts), []).append(name)
    return names


def _of_kind(kind: str, name: str, forecasts: Answers) -> Note:
    """Say that a subject moves the forecast of a series, and how it came to it."""
    if forecasts.request.limits.kind or forecasts.panel.kinds.get(name):
        text = f"The stated kind of market, {kind}, moves the forecasts of {WHERE}."
        return Note("kinds_stated", text)
    text = f"Forecast as {MARKET_KINDS[kind]}, by their titles: {WHERE}."
    return Note("subject_read", text, advice=f"Use {option('kind', NO_KIND)} to leave that out.")


def added(remarks: Remarks, later: Remarks) -> Remarks:
    """Add the remarks of later series."""
    total = dict(remarks)
    for note, (count, names) in later.items():
        count_before, names_before = total.get(note, (0, ()))
        total[note] = count_before + count, (*names_before, *names)[:MOST_NAMED]
    return total


def _add_ends(names: dict[Note, list[str]], forecasts: Answers) -> None:
    """Find the models asked for whose paths end before the last year."""
    reach = np.isfinite(forecasts.points).sum(axis=2)
    for slot, model in enumerate(forecasts.request.main):
        if model == CONSENSUS:
            continue
        ends = (reach[:, slot] > 0) & (reach[:, slot] < forecasts.ahead)
        note = Note("path_ends", f"{model} gives only the first years of {WHERE}.", warning=True)
        names[note] = [forecasts.panel.ids[index] for index in np.flatnonzero(ends).tolist()]


def _growing(panel: Panel) -> list[str]:
    """Find the series that are growth in percent by name and unit, and no rates."""
    # The unit alone rules most series out, and there are few units.
    units = {unit for unit in {*panel.units} if is_growth(("growth",), unit)}
    growing = []
    for index, (name, unit) in enumerate(zip(panel.ids, panel.units, strict=True)):
        if unit in units and name not in panel.wholes and is_growth(panel.names(index), unit):
            growing.append(name)
    return growing


def _passing(forecasts: Answers) -> Iterator[tuple[str, float]]:
    """Find the series that may be shares of a whole, and pass it only in their forecasts.

    Yields each with the whole.
    """
    panel = forecasts.panel
    if not len(panel.ids):
        return
    main = len(forecasts.request.main)
    lowest, highest = extremes(panel)
    for index in np.flatnonzero((lowest >= 0) & (highest <= 100)).tolist():
        name = panel.ids[index]
        if name in panel.wholes:
            continue
        low = float(lowest[index])
        high = float(highest[index])
        end = end_of(panel.names(index), panel.units[index], low, high)
        if end is None:
            continue
        points = forecasts.points[index, :main]
        upper = forecasts.upper[:, index, :main]
        if (points > end).any() or (upper > end).any():
            yield name, end


def extremes(panel: Panel) -> tuple[Array, Array]:
    """Return the lowest and the highest value of each series of a panel that has some."""
    starts = panel.offsets[:-1]
    return (
        np.minimum.reduceat(panel.values, starts),
        np.maximum.reduceat(panel.values, starts),
    )


def doubtful(panel: Panel) -> Remarks:
    """Find the series of a panel with values that are most likely wrong, as `series check` does.

    The names of the first say what is wrong.
    """
    odd = jumps(panel.values, panel.offsets)
    leap_of = _leaps_in(panel)
    series_of_jump = np.searchsorted(panel.offsets, odd.position, side="right") - 1
    indices, firsts = np.unique(series_of_jump, return_index=True)
    jump_of = dict(zip(indices.tolist(), firsts.tolist(), strict=True))
    doubted = {*jump_of, *leap_of}
    if panel.doubts:
        doubted.update(index for index, name in enumerate(panel.ids) if name in panel.doubts)
    if not doubted:
        return {}

    names: list[str] = []
    for index in sorted(doubted)[:MOST_NAMED]:
        name, first_year, values = panel.series(index)
        which = jump_of.get(index)
        if which is None and name in panel.doubts:
            names.append(f"{name} {panel.doubts[name]}")
            continue
        if which is None:
            position = leap_of[index]
            names.append(f"{name} {leap(first_year + position, position, values).note}")
            continue
        finding = jump(
            int(odd.kind[which]),
            int(odd.power[which]),
            up=bool(odd.up[which]),
            year=first_year + int(odd.position[which] - panel.offsets[index]),
            values=dict(enumerate(values.tolist(), first_year)),
        )
        names.append(f"{name} {finding.note}")
    return {DOUBTFUL: (len(doubted), tuple(names))}


def _leaps_in(panel: Panel) -> dict[int, int]:
    """Find the position of the leap of a whole level in each series of amounts that has one."""
    every = leaps(panel.values, panel.offsets)
    pairs = zip(every.series.tolist(), every.position.tolist(), strict=True)
    return {index: position for index, position in pairs if panel.ids[index] not in panel.wholes}


def notes_on(remarks: Remarks) -> Iterator[Note]:
    """Make a note of each remark but those on doubtful values."""
    notes = remarks.keys() - {DOUBTFUL}
    for note in sorted(notes, key=lambda note: (CODES.index(note.code), note.text)):
        count, names = remarks[note]
        where = f"{count:,} series (such as {names[0]})"
        yield replace(note, text=note.text.replace(WHERE, where))


def findings(remarks: Remarks, total: int, file: str) -> tuple[Note, ...]:
    """Make a warning that counts doubtful series, and a note for each of the first.

    `total` is the number of series of the batch.
    """
    count, names = remarks.get(DOUBTFUL, (0, ()))
    if not count:
        return ()
    needs = "needs" if count == 1 else "need"
    text = f"{count:,} of {total:,} series {needs} a look, first {names[0]}"
    advice = ""
    if file and not unnamed(file):
        advice = f"List them all with '{command('series check', file)}'."
    warning = replace(DOUBTFUL, text=text, advice=advice)
    return (warning, *(Note("finding", name) for name in names))
