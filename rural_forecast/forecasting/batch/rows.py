"""Rows of a batch by column, made without a Python step a row; as frames of any library, and as paths."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.distribution import paths
from rural_forecast.forecasting.result import spread_of
from rural_forecast.models.base import Array

KINDS = ("forecast", "actual", "published")
Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")
MOST_CELLS = 50_000_000  # values of sampled paths
Rows = dict[str, Any]  # the columns of the contract by name, `Words` or arrays of equal length; NaN is an empty cell


def rows_of(levels: Sequence[int], first: Sequence[Any], growth: Array, unit: Words, *bounds: Array) -> Rows:
    """The columns of the contract: the `first` five, then bounds of shape (level, row) or none, then the rest."""
    lower, upper = bounds or (np.full((len(levels), len(growth)), np.nan),) * 2
    rows: Rows = dict(zip(("series_id", "period", "kind", "model", "value"), first, strict=True))
    for place, level in enumerate(levels):
        rows |= {f"lower_{level}": lower[place], f"upper_{level}": upper[place]}
    return rows | {"growth_pct": growth, "unit": unit}


def assemble(given: Answers, *, history: bool = False) -> Rows:
    """Rows by series: actual and published ones where they are asked for, or with `history`, then each forecast."""
    panel, request, (points, lower, upper) = given.panel, given.request, given.bounds
    history = history or request.history
    by_id = panel.published if history else {}
    published = [(at, other) for at, name in enumerate(panel.ids if by_id else ()) for other in by_id.get(name, ())]
    models = (*request.slots, "", *dict.fromkeys(other.author for _, other in published))
    known = {word: code for code, word in enumerate(dict.fromkeys(panel.units))}
    units = np.array([known[word] for word in panel.units], dtype=np.int64)

    def rows(kind: str, series: Any, year: Any, model: Any, value: Any, growth: Any, *bounds: Array) -> Rows:
        kinds, unit = Words(np.full(len(value), KINDS.index(kind)), KINDS), Words(units[series], list(known))
        first = Words(series, panel.ids), year, kinds, Words(model, models), value
        return rows_of(request.levels, first, growth, unit, *bounds)

    last = np.broadcast_to(panel.values[panel.offsets[1:] - 1][:, None, None], (*points.shape[:2], 1))
    grown, there = _growth(np.concatenate([last, points[:, :, :-1]], axis=2), points), np.isfinite(points)
    series, model, step = np.nonzero(there)
    years = panel.origins[series] + step + 1
    made = rows("forecast", series, years, model, points[there], grown[there], lower[:, there], upper[:, there])
    if not history:
        return made
    if published:
        cells = [(at, other.period.year, models.index(other.author, len(request.slots) + 1), other.value)
                 for at, other in published]  # fmt: skip
        others, years, authors, values = map(np.array, zip(*cells, strict=True))
        made = _before(rows("published", others, years, authors, values, np.full(len(values), np.nan)), made)
    before = np.concatenate([[np.nan], panel.values[:-1]])
    before[panel.offsets[:-1]] = np.nan
    series = np.repeat(np.arange(len(panel.ids)), panel.lengths)
    nobody, grown = np.full(len(series), len(request.slots)), _growth(before, panel.values)
    return _before(rows("actual", series, panel.years, nobody, panel.values, grown), made)


def _before(first: Rows, later: Rows) -> Rows:
    """Rows and others of the same series, kinds and models, series by series."""
    order = np.argsort(np.concatenate([first["series_id"].codes, later["series_id"].codes]), kind="stable")

    def joined(cells: Any, more: Any) -> Any:
        if isinstance(cells, Words):
            return cells._replace(codes=joined(cells.codes, more.codes))
        return np.concatenate([cells, more])[order]

    return {name: joined(cells, later[name]) for name, cells in first.items()}


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
    names = list[str]()
    periods, numbers, values = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for made in parts:
        limits = made.request.limits
        for place, name in enumerate(made.panel.ids):
            path, (_, first, history) = made.path(0, place), made.panel.series(place)
            years = first + len(history) + np.arange(len(path.values))
            known = spread_of(path, history, limits, made.panel.wholes.get(name))
            drawn = paths(known, name, count, seed, ranked=limits.cumulative or limits.ranged)
            names += [name] * drawn.size
            periods.append(np.tile(years, count))
            numbers.append(np.repeat(np.arange(1, count + 1), len(years)))
            values.append(drawn.ravel())
    columns = (np.concatenate(part) for part in (periods, numbers, values))
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
