"""Results of a batch: rows by column, made without a Python step a row; frames, sampled paths, and
remarks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from shlex import quote
from typing import Any, Literal

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.distribution import paths
from rural_forecast.forecasting.forecast import growth_note, past_whole_note
from rural_forecast.forecasting.panel import CONSENSUS, Panel, Refusal, kinds_of
from rural_forecast.forecasting.result import spread_of
from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note
from rural_forecast.series.findings import jump, jumps
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.shares import end_of, is_growth
from rural_forecast.text.cells import shown

KINDS = ("forecast", "actual", "published", "refused")
Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")
MOST_VALUES = 50_000_000  # values of sampled paths
# The columns of the contract by name, `Words` or arrays of equal length; NaN is an empty cell.
Rows = dict[str, Any]

MOST = 10  # series that are named; a batch may have a million
SHORT = 2  # points of a series whose growth is one step or none
WHERE = "{where}"  # is replaced by the series of a remark
Found = dict[Note, tuple[int, tuple[str, ...]]]  # remarks: how many series, and the first of them
# In order.
CODES = ("path_ends", "past_whole", "kinds_stated", "within", "growth_forecast", "short_series")
WITHIN = Note("within", f"No forecast lies above that of its total in {WHERE}.")
FEW = Note(
    "short_series",
    f"{WHERE} have one or two points: their forecasts rest on the growth of other markets.",
)
# Names the first of its series, each with what is wrong.
DOUBTFUL = Note("findings", "", warning=True)


def assemble(given: Answers, *, history: bool = False) -> Rows:
    """Rows by series: actual and published ones where they are asked for, or with `history`, then
    each forecast.
    """
    panel = given.panel
    slots = given.request.slots
    points = given.points
    authors = [""]
    there = np.isfinite(points)
    series, model, step = np.nonzero(there)
    last = np.broadcast_to(
        panel.values[panel.offsets[1:] - 1][:, None, None], (*there.shape[:2], 1)
    )
    growth = _growth(np.concatenate([last, points[:, :, :-1]], axis=2), points)
    numbers = [side[:, there] for side in (points[None], growth[None], given.lower, given.upper)]
    parts = [
        _part("forecast", series, panel.origins[series] + step + 1, model, np.concatenate(numbers))
    ]
    if history or given.request.history:
        before = np.concatenate([[np.nan], panel.values[:-1]])
        before[panel.offsets[:-1]] = np.nan
        growth = _growth(before, panel.values)
        series = np.repeat(np.arange(len(panel.ids)), panel.lengths)
        actual = _part("actual", series, panel.years, len(slots), np.stack([panel.values, growth]))
        by_id = panel.published
        others = [
            (at, one)
            for at, name in enumerate(panel.ids if by_id else ())
            for one in by_id.get(name, ())
        ]
        place = {
            name: at
            for at, name in enumerate(
                dict.fromkeys(one.author for _, one in others), len(slots) + 1
            )
        }
        authors += place
        cells = [(at, one.period.year, place[one.author], one.value) for at, one in others]
        series, years, model, value = np.array(cells).reshape(-1, 4).T
        parts = [actual, _part("published", series, years, model, value[None]), *parts]
    most = max(len(numbers) for _, numbers in parts)
    codes = np.concatenate([part for part, _ in parts], axis=1)
    filled = [
        np.pad(part, ((0, most - len(part)), (0, 0)), constant_values=np.nan) for _, part in parts
    ]
    order = np.argsort(codes[0], kind="stable")
    every = np.concatenate(filled, axis=1)[:, order]
    models = (*slots, *authors)
    return _rows(given.request.levels, codes[:, order], every, panel.ids, models, panel.units)


def refused_rows(refusals: Sequence[Refusal], levels: Sequence[int]) -> Rows:
    """A row for each series that is refused, with the reason under `model`."""
    ids, reasons = ([getattr(one, name) for one in refusals] for name in ("series_id", "reason"))
    at = np.arange(len(ids))
    codes, numbers = _part("refused", at, 0, at, np.full((2 + 2 * len(levels), len(ids)), np.nan))
    return _rows(levels, codes, numbers, ids, reasons, [""] * len(ids))


def _part(kind: str, series: Any, years: Any, model: Any, numbers: Array) -> tuple[Integers, Array]:
    """Codes of shape (4, row) and numbers of shape (number, row): the value, its growth, then
    bounds.
    """
    return np.stack(np.broadcast_arrays(series, years, KINDS.index(kind), model)).astype(
        np.int64
    ), numbers


def _rows(
    levels: Sequence[int],
    codes: Integers,
    numbers: Array,
    ids: Sequence[str],
    models: Sequence[str],
    units: Sequence[str],
) -> Rows:
    (series, years, kind, model), (value, growth, *bounds) = codes, numbers
    rows: Rows = {"series_id": Words(series, ids), "period": years, "kind": Words(kind, KINDS)}
    rows |= {"model": Words(model, models), "value": value}
    for level, lower, upper in zip(levels, bounds, bounds[len(levels) :], strict=False):
        rows |= {f"lower_{level}": lower, f"upper_{level}": upper}
    known = {word: code for code, word in enumerate(dict.fromkeys(units))}
    unit = np.array([known[word] for word in units], dtype=np.int64)[series]
    return rows | {"growth_pct": growth, "unit": Words(unit, [*known])}


def _growth(before: Array, now: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = 100 * (now / before - 1)
    return np.where((before > 0) & np.isfinite(rate), rate, np.nan)


def frame_of(data: Mapping[str, Any], library: Any) -> Any:
    """Columns, lists of text or arrays, as a frame: types do not depend on the data, and what is
    not known is null.
    """
    import narwhals as nw

    kinds = {"i": nw.Int64, "f": nw.Float64}
    types = {
        name: nw.String if isinstance(cells, list) else kinds[cells.dtype.kind]
        for name, cells in data.items()
    }
    numbers = [name for name, kind in types.items() if kind is nw.Float64]
    return (
        nw.from_dict(data, types, backend=library)
        .with_columns(nw.col(*numbers).fill_nan(None))
        .to_native()
    )


def columns(parts: Sequence[Rows]) -> dict[str, Any]:
    """The columns of all parts, texts as lists."""

    def joined(cells: list[Any]) -> Any:
        if not isinstance(cells[0], Words):
            return np.concatenate(cells)
        return [
            word
            for words in cells
            for word in np.array([*words.words, ""], dtype=object)[words.codes].tolist()
        ]

    return {name: joined([rows[name] for rows in parts]) for name in parts[0]}


def sampled(parts: Sequence[Answers], count: int, seed: int) -> dict[str, Any]:
    """The paths of `Forecast.paths` for every series; the levels asked for are those of the whole
    distribution.
    """
    cells = count * sum(int(np.isfinite(made.points).sum()) for made in parts)
    if count < 1 or cells > MOST_VALUES:
        problem = (
            f"{count} paths of each series are {'none' if count < 1 else f'{cells:,} values'}."
        )
        raise UsageError(problem, f"Ask for 1 or more, and {MOST_VALUES:,} values at most.")
    names = list[str]()
    nobody = np.empty(0, dtype=np.int64)
    found = [(nobody, nobody, np.empty(0))]  # year, number of the path and value
    for made in parts:
        limits = made.request.limits
        for place, name in enumerate(made.panel.ids):
            path, (_, first, history) = made.path(0, place), made.panel.series(place)
            years = first + len(history) + np.arange(len(path.values))
            known = spread_of(path, history, limits, made.panel.wholes.get(name))
            drawn = paths(known, name, count, seed, ranked=limits.cumulative or limits.ranged)
            names += [name] * drawn.size
            found.append(
                (
                    np.tile(years, count),
                    np.repeat(np.arange(1, count + 1), len(years)),
                    drawn.ravel(),
                )
            )
    columns = map(np.concatenate, zip(*found, strict=True))
    return dict(zip((*KEYS, "path", "value"), (names, *columns), strict=True))


def renamed(frame: Any, names: Names, levels: Sequence[int], of_input: Mapping[str, str]) -> Any:
    """A frame of rows with other names; `of_input`: our names with those of the frame that was
    given.
    """
    import narwhals as nw

    rows = nw.from_native(frame, eager_only=True)
    if names == "input":
        taken = set(rows.columns) - of_input.keys()
        return rows.rename(
            {ours: name for ours, name in of_input.items() if name not in taken}
        ).to_native()
    if names == "tidy":
        return frame
    theirs = {"series_id": "unique_id", "period": "ds"}
    if "model" not in rows.columns:
        return rows.rename(theirs).to_native()
    rows = rows.filter(nw.col("kind") == "forecast")
    made = rows.select(*KEYS).unique(maintain_order=True)
    ours = {
        end: end.replace("-lo-", "lower_").replace("-hi-", "upper_") or "value"
        for end in ends(levels)
    }
    for model in rows["model"].unique(maintain_order=True).to_list():
        own = {column: f"{model}{end}" for end, column in ours.items()}
        mine = rows.filter(nw.col("model") == model).select(*KEYS, *own).rename(own)
        made = made.join(mine, on=list(KEYS), how="left")
    return made.rename(theirs).to_native()


def ends(levels: Sequence[int]) -> list[str]:
    """Suffixes of the Nixtla tools behind the name of a model: for the point, and bounds from the
    lowest up.
    """
    rising = sorted(levels)
    return [
        "",
        *(f"-lo-{level}" for level in reversed(rising)),
        *(f"-hi-{level}" for level in rising),
    ]


def notes_on(found: Found) -> Iterator[Note]:
    """A note for each remark but those on doubtful values."""
    for note in sorted(
        found.keys() - {DOUBTFUL}, key=lambda note: (CODES.index(note.code), note.text)
    ):
        series, first = found[note]
        yield replace(
            note, text=note.text.replace(WHERE, f"{series:,} series (such as {first[0]})")
        )


def found_in(panel: Panel, made: Answers) -> Found:
    """Look for what needs a remark in the series of a panel and their forecasts."""
    names: dict[Note, list[str]] = defaultdict(list)
    ids = made.panel.ids
    reach = np.isfinite(made.points).sum(axis=2)
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
    names[FEW] = [panel.ids[at] for at in np.flatnonzero(panel.lengths <= SHORT).tolist()]
    return {
        note: (len(some), (*map(shown, some[:MOST]),)) for note, some in names.items() if some
    } | doubtful(panel)


def _passing(made: Answers) -> Iterator[tuple[str, float]]:
    """Series that may be shares and have not passed the whole, and are forecast past it; each with
    the whole.
    """
    panel = made.panel
    main = len(made.request.main)
    if not len(panel.ids):
        return
    lowest, highest = (
        part.reduceat(panel.values, panel.offsets[:-1]) for part in (np.minimum, np.maximum)
    )
    for at in np.flatnonzero((lowest >= 0) & (highest <= 100)).tolist():
        name = panel.ids[at]
        span = (float(lowest[at]), float(highest[at]))
        end = None if name in panel.wholes else end_of((name,), panel.units[at], *span)
        if end is not None and (
            (made.points[at, :main] > end).any() or (made.upper[:, at, :main] > end).any()
        ):
            yield name, end


def doubtful(panel: Panel) -> Found:
    """The series of a panel with values that are most likely wrong, as `series check` says; the
    first with what is.
    """
    odd = jumps(panel.values, panel.offsets)
    places, first = np.unique(
        np.searchsorted(panel.offsets, odd.position, side="right") - 1, return_index=True
    )
    jump_of = dict(zip(places.tolist(), first.tolist(), strict=True))
    every = sorted(
        {
            *jump_of,
            *(
                at
                for at, name in enumerate(panel.ids if panel.doubts else ())
                if name in panel.doubts
            ),
        }
    )
    named = list[str]()
    for at in every[:MOST]:
        name, first_year, values = panel.series(at)
        if (which := jump_of.get(at)) is None:
            named.append(f"{name} {panel.doubts[name]}")
            continue
        kind = int(odd.kind[which])
        power = int(odd.power[which])
        up = bool(odd.up[which])
        year = first_year + int(odd.position[which] - panel.offsets[at])
        known = dict(enumerate(values.tolist(), first_year))
        named.append(f"{name} {jump(kind, power, up=up, year=year, values=known).note}")
    return {DOUBTFUL: (len(every), (*named,))} if every else {}


def findings(found: Found, total: int, file: str) -> tuple[Note, ...]:
    """A warning that sums doubtful series up, then a note for each of the first; `total`: series of
    the batch.
    """
    series, first = found.get(DOUBTFUL, (0, ()))
    if not series:
        return ()
    text = f"{series:,} of {total:,} series {'needs' if series == 1 else 'need'} a look, first {first[0]}"
    advice = (
        ""
        if not file or unnamed(file)
        else f"List them all with 'rural-forecast series check {quote(file)}'."
    )
    return (replace(DOUBTFUL, text=text, advice=advice), *(Note("finding", one) for one in first))
