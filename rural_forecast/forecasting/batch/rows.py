"""Rows of a batch by column, made without a Python step a row; as frames of any library, and as paths."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.distribution import paths
from rural_forecast.forecasting.panel import Refusal
from rural_forecast.forecasting.result import spread_of
from rural_forecast.models.base import Array, Integers

KINDS = ("forecast", "actual", "published", "refused")
Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")
MOST_CELLS = 50_000_000  # values of sampled paths
Rows = dict[str, Any]  # the columns of the contract by name, `Words` or arrays of equal length; NaN is an empty cell


def assemble(given: Answers, *, history: bool = False) -> Rows:
    """Rows by series: actual and published ones where they are asked for, or with `history`, then each forecast."""
    panel, slots, points, authors = given.panel, given.request.slots, given.points, [""]
    there = np.isfinite(points)
    series, model, step = np.nonzero(there)
    last = np.broadcast_to(panel.values[panel.offsets[1:] - 1][:, None, None], (*there.shape[:2], 1))
    growth = _growth(np.concatenate([last, points[:, :, :-1]], axis=2), points)
    numbers = [side[:, there] for side in (points[None], growth[None], given.lower, given.upper)]
    parts = [_part("forecast", series, panel.origins[series] + step + 1, model, np.concatenate(numbers))]
    if history or given.request.history:
        before = np.concatenate([[np.nan], panel.values[:-1]])
        before[panel.offsets[:-1]] = np.nan
        growth, series = _growth(before, panel.values), np.repeat(np.arange(len(panel.ids)), panel.lengths)
        actual = _part("actual", series, panel.years, len(slots), np.stack([panel.values, growth]))
        by_id = panel.published
        others = [(at, one) for at, name in enumerate(panel.ids if by_id else ()) for one in by_id.get(name, ())]
        place = {name: at for at, name in enumerate(dict.fromkeys(one.author for _, one in others), len(slots) + 1)}
        authors += place
        cells = [(at, one.period.year, place[one.author], one.value) for at, one in others]
        series, years, model, value = np.array(cells).reshape(-1, 4).T
        parts = [actual, _part("published", series, years, model, value[None]), *parts]
    most = max(len(numbers) for _, numbers in parts)
    codes = np.concatenate([part for part, _ in parts], axis=1)
    filled = [np.pad(part, ((0, most - len(part)), (0, 0)), constant_values=np.nan) for _, part in parts]
    order = np.argsort(codes[0], kind="stable")
    every, models = np.concatenate(filled, axis=1)[:, order], (*slots, *authors)
    return _rows(given.request.levels, codes[:, order], every, panel.ids, models, panel.units)


def refused_rows(refusals: Sequence[Refusal], levels: Sequence[int]) -> Rows:
    """A row for each series that is refused, with the reason under `model`."""
    ids, reasons = ([getattr(one, name) for one in refusals] for name in ("series_id", "reason"))
    at = np.arange(len(ids))
    codes, numbers = _part("refused", at, 0, at, np.full((2 + 2 * len(levels), len(ids)), np.nan))
    return _rows(levels, codes, numbers, ids, reasons, [""] * len(ids))


def _part(kind: str, series: Any, years: Any, model: Any, numbers: Array) -> tuple[Integers, Array]:
    """Codes of shape (4, row) and numbers of shape (number, row): the value, its growth, then bounds."""
    return np.stack(np.broadcast_arrays(series, years, KINDS.index(kind), model)).astype(np.int64), numbers


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
    """Growth in percent; NaN where the value before is not positive."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = 100 * (now / before - 1)
    return np.where((before > 0) & np.isfinite(rate), rate, np.nan)


def frame_of(data: Mapping[str, Any], library: Any) -> Any:
    """Columns, lists of text or arrays, as a frame: types do not depend on the data, and what is not known is null."""
    import narwhals as nw

    kinds = {"i": nw.Int64, "f": nw.Float64}
    types = {name: nw.String if isinstance(cells, list) else kinds[cells.dtype.kind] for name, cells in data.items()}
    numbers = [name for name, kind in types.items() if kind is nw.Float64]
    return nw.from_dict(data, types, backend=library).with_columns(nw.col(*numbers).fill_nan(None)).to_native()


def columns(parts: Sequence[Rows]) -> dict[str, Any]:
    """The columns of all parts, texts as lists."""

    def joined(cells: list[Any]) -> Any:
        if not isinstance(cells[0], Words):
            return np.concatenate(cells)
        return [word for words in cells for word in np.array([*words.words, ""], dtype=object)[words.codes].tolist()]

    return {name: joined([rows[name] for rows in parts]) for name in parts[0]}


def sampled(parts: Sequence[Answers], count: int, seed: int) -> dict[str, Any]:
    """The paths of `Forecast.paths` for every series; the levels asked for are those of the whole distribution."""
    cells = count * sum(int(np.isfinite(made.points).sum()) for made in parts)
    if count < 1 or cells > MOST_CELLS:
        problem = f"{count} paths of each series are {'none' if count < 1 else f'{cells:,} values'}."
        raise UsageError(problem, f"Ask for 1 or more, and {MOST_CELLS:,} values at most.")
    names, nobody = list[str](), np.empty(0, dtype=np.int64)
    found = [(nobody, nobody, np.empty(0))]  # year, number of the path and value
    for made in parts:
        limits = made.request.limits
        for place, name in enumerate(made.panel.ids):
            path, (_, first, history) = made.path(0, place), made.panel.series(place)
            years = first + len(history) + np.arange(len(path.values))
            known = spread_of(path, history, limits, made.panel.wholes.get(name))
            drawn = paths(known, name, count, seed, ranked=limits.cumulative or limits.ranged)
            names += [name] * drawn.size
            found.append((np.tile(years, count), np.repeat(np.arange(1, count + 1), len(years)), drawn.ravel()))
    columns = map(np.concatenate, zip(*found, strict=True))
    return dict(zip((*KEYS, "path", "value"), (names, *columns), strict=True))


def renamed(frame: Any, names: Names, levels: Sequence[int], of_input: Mapping[str, str]) -> Any:
    """A frame of rows with other names; `of_input`: our names with those of the frame that was given."""
    import narwhals as nw

    rows = nw.from_native(frame, eager_only=True)
    if names == "input":
        taken = set(rows.columns) - of_input.keys()
        return rows.rename({ours: name for ours, name in of_input.items() if name not in taken}).to_native()
    if names == "tidy":
        return frame
    theirs = {"series_id": "unique_id", "period": "ds"}
    if "model" not in rows.columns:
        return rows.rename(theirs).to_native()
    rows = rows.filter(nw.col("kind") == "forecast")
    made = rows.select(*KEYS).unique(maintain_order=True)
    ours = {end: end.replace("-lo-", "lower_").replace("-hi-", "upper_") or "value" for end in ends(levels)}
    for model in rows["model"].unique(maintain_order=True).to_list():
        own = {column: f"{model}{end}" for end, column in ours.items()}
        mine = rows.filter(nw.col("model") == model).select(*KEYS, *own).rename(own)
        made = made.join(mine, on=list(KEYS), how="left")
    return made.rename(theirs).to_native()


def ends(levels: Sequence[int]) -> list[str]:
    """Suffixes of the Nixtla tools behind the name of a model: for the point, and bounds from the lowest up."""
    rising = sorted(levels)
    return ["", *(f"-lo-{level}" for level in reversed(rising)), *(f"-hi-{level}" for level in rising)]
