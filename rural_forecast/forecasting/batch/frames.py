"""Rows of a batch as frames of any library, with our names, the caller's or those of the Nixtla tools, and as paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Literal

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.distribution import paths, spread

Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")
MOST_CELLS = 50_000_000
"""Values of sampled paths."""


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


def sampled(panel: Panel, parts: Sequence[Rows], asked: Request, count: int, seed: int) -> dict[str, Any]:
    """The paths of `Forecast.paths` for every series; `asked` has the levels of the whole distribution.

    Raises UsageError if there are too many values, or no path.
    """
    cells = count * sum(len(rows.value) for rows in parts)
    if count < 1 or cells > MOST_CELLS:
        problem = f"{count} paths of each series are {'none' if count < 1 else f'{cells:,} values'}."
        raise UsageError(problem, f"Ask for 1 or more, and {MOST_CELLS:,} values at most.")
    place_of, limits = {name: place for place, name in enumerate(panel.ids)}, asked.limits
    names = list[str]()
    periods, numbers, values = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for rows in parts:
        edges = np.flatnonzero(np.diff(rows.series.codes, prepend=-1, append=-1))
        for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            name = rows.series.words[rows.series.codes[start]]
            at = place_of[name]
            history = panel.values[panel.offsets[at] : panel.offsets[at + 1]]
            least = max(0.0 if history.min() >= 0 else -inf, -inf if limits.floor is None else limits.floor)
            bounds = rows.value[start:end], rows.lower[:, start:end], rows.upper[:, start:end]
            known = spread(*bounds, whole=panel.wholes.get(name), least=least, most=limits.top)
            drawn = paths(known, name, count, seed, ranked=limits.cumulative or limits.ranged)
            names += [name] * drawn.size
            periods.append(np.tile(rows.period[start:end], count))
            numbers.append(np.repeat(np.arange(1, count + 1), end - start))
            values.append(drawn.ravel())
    made = (np.concatenate(part) for part in (periods, numbers, values))
    return dict(zip((*KEYS, "path", "value"), (names, *made), strict=True))


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
    """Names of bounds from the lowest up."""
    rising = sorted(levels)
    return [*(f"{low}{level}" for level in reversed(rising)), *(f"{high}{level}" for level in rising)]


def ends(levels: Sequence[int]) -> list[str]:
    """Suffixes of the Nixtla tools behind the name of a model: for the point, and bounds from the lowest up."""
    return ["", *_bounds(levels, "-lo-", "-hi-")]
