"""Rows of a batch by column, made without a Python step a row; as frames of any library, and as paths.

Frames have our names, the caller's, or those of the Nixtla tools.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.distribution import paths
from rural_forecast.forecasting.result import spread_of
from rural_forecast.models.base import Array, Integers

KINDS = ("forecast", "actual", "published")
Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")
MOST_CELLS = 50_000_000  # values of sampled paths


class Rows(NamedTuple):
    """Columns of equal length; NaN is an empty cell."""

    series: Words
    period: Integers
    kind: Words
    model: Words
    value: Array
    lower: Array  # shape (level, row)
    upper: Array
    growth: Array
    unit: Words

    def columns(self, levels: tuple[int, ...]) -> Iterator[tuple[str, Words | Integers | Array]]:
        """Name and data of each column, in the order of the contract."""
        names = [f"{side}_{level}" for level in levels for side in ("lower", "upper")]
        bounds = (bound for pair in zip(self.lower, self.upper, strict=True) for bound in pair)
        yield from zip(("series_id", "period", "kind", "model", "value"), self[:5], strict=True)
        yield from zip((*names, "growth_pct", "unit"), (*bounds, self.growth, self.unit), strict=True)

    def then(self, later: Rows) -> Rows:
        """These rows and those of the same series, kinds and models, series by series."""
        order = np.argsort(np.concatenate([self.series.codes, later.series.codes]), kind="stable")

        def joined(first: Any, second: Any) -> Any:
            if isinstance(first, Words):
                return second._replace(codes=joined(first.codes, second.codes))
            return np.concatenate([first, second], axis=-1)[..., order]

        return Rows(*map(joined, self, later))


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
        lower, upper = bounds or (np.full((len(request.levels), len(value)), np.nan),) * 2
        kinds, unit = np.full(len(value), KINDS.index(kind)), Words(units[series], list(known))
        numbers = value, lower, upper, growth
        return Rows(Words(series, panel.ids), year, Words(kinds, KINDS), Words(model, models), *numbers, unit)

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
        made = rows("published", others, years, authors, values, np.full(len(values), np.nan)).then(made)
    before = np.concatenate([[np.nan], panel.values[:-1]])
    before[panel.offsets[:-1]] = np.nan
    series = np.repeat(np.arange(len(panel.ids)), panel.lengths)
    nobody, grown = np.full(len(series), len(request.slots)), _growth(before, panel.values)
    return rows("actual", series, panel.years, nobody, panel.values, grown).then(made)


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


def columns(parts: Sequence[Rows], levels: tuple[int, ...]) -> dict[str, Any]:
    """The columns of the contract of all parts."""
    data: dict[str, Any] = {}
    for pieces in zip(*(rows.columns(levels) for rows in parts), strict=True):
        cells = [cells for _, cells in pieces]
        data[pieces[0][0]] = (
            [word for words in cells for word in np.array([*words.words, ""], dtype=object)[words.codes].tolist()]
            if isinstance(cells[0], Words)
            else np.concatenate(cells)
        )
    return data


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
    for model in rows["model"].unique(maintain_order=True).to_list():
        own = dict(
            zip(("value", *_bounds(levels, "lower_", "upper_")), (f"{model}{end}" for end in ends(levels)), strict=True)
        )
        mine = rows.filter(nw.col("model") == model).select(*KEYS, *own).rename(own)
        made = made.join(mine, on=list(KEYS), how="left")
    return made.rename(theirs).to_native()


def _bounds(levels: Sequence[int], low: str, high: str) -> list[str]:
    rising = sorted(levels)
    return [*(f"{low}{level}" for level in reversed(rising)), *(f"{high}{level}" for level in rising)]


def ends(levels: Sequence[int]) -> list[str]:
    """Suffixes of the Nixtla tools behind the name of a model: for the point, and bounds from the lowest up."""
    return ["", *_bounds(levels, "-lo-", "-hi-")]
