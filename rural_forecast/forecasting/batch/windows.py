"""Cross-validation of many series: forecasts from the last origins of each, next to what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from rural_forecast.api import ArgumentError, checked
from rural_forecast.errors import InputError, option
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.batch.api import frame_of
from rural_forecast.forecasting.batch.inputs import of_frame
from rural_forecast.forecasting.batch.kernel import forecast_panel
from rural_forecast.forecasting.batch.naming import in_nixtla
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request, request
from rural_forecast.forecasting.question import DEFAULT_LEVELS
from rural_forecast.models.base import Array, Integers, Model, answer
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.memory import opened

Frame = TypeVar("Frame")
FEWEST_POINTS = 3
"""Points that a forecast rests on, at least."""


@checked
def cross_validation(
    df: Frame,
    h: int = 2,
    windows: int = 3,
    models: Sequence[str | Model] = (),
    *,
    step: int = 1,
    levels: Sequence[int] = DEFAULT_LEVELS,
    id_column: str | None = None,
    period_column: str | None = None,
    value_column: str | None = None,
) -> Frame:
    """Forecast from the last origins of every series of a frame, with the columns of the Nixtla tools.

    Parameters
    ----------
    df : a frame as `forecast_frame` takes it
    h : years ahead of each origin
    windows : origins of each series, the last one `h` years before its end; a window that leaves fewer than three
        points has no rows
    models : names, or models of your own; the consensus if left out
    step : years from one origin to the next
    levels : interval levels in whole percents, 30 to 99

    Returns
    -------
    A frame of the same library with `unique_id, ds, cutoff, y`, and a column a model and bound, such as `consensus`,
    `consensus-lo-80`. The learned models were trained on data from after the origins.

    Raises
    ------
    InputError : the columns are not there, a series is refused, or none is long enough
    UsageError : an unknown model or level

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": "a", "year": range(2010, 2020), "value": range(1, 11)})
    >>> cross_validation(frame, h=1, windows=2, models=["naive"], levels=[80]).round(1).values.tolist()[0][:5]
    ['a', 2018, 2017, 9.0, 8.0]
    """
    import narwhals as nw

    for name, value in {"h": h, "windows": windows, "step": step}.items():
        if value < 1:
            raise ArgumentError(f"{name} is {value}.", "Give 1 or more.")
    names = [model for model in models if isinstance(model, str)]
    own = [model for model in models if not isinstance(model, str)]
    asked = request(horizon=h, levels=levels, models=names)
    table = opened(df)
    options = ReadOptions(id_column=id_column, period_column=period_column, value_column=value_column)
    _, built = of_frame(table.columns, table.rows, options)
    if built.refusals:
        raise built.refusals[0].error
    made = []
    for back in range((windows - 1) * step, -1, -step):
        panel, actual = _window(built.panel, h, back)
        if panel.ids:
            made.append(_answers(panel, actual, asked, own, table.library, ours=bool(names) or not own))
    if not made:
        least = FEWEST_POINTS + h
        raise InputError(f"No series has {least} points.", f"Use a shorter {option('h')}, or longer series.")
    order = {name: place for place, name in enumerate(built.panel.ids)}
    whole = nw.concat(made)
    ranks = nw.new_series(
        "_order", [order[name] for name in whole["unique_id"].to_list()], nw.Int64, backend=table.library
    )
    ordered = whole.with_columns(ranks).sort("_order", "cutoff", "ds").drop("_order")
    result: Frame = nw.maybe_reset_index(ordered).to_native()
    return result


def _window(panel: Panel, h: int, back: int) -> tuple[Panel, Array]:
    """The series up to `h + back` years before their ends, and the `h` values after that of each."""
    kept = np.flatnonzero(panel.lengths - h - back >= FEWEST_POINTS)
    some = panel.select(kept)
    used = some.lengths - h - back
    offsets = np.concatenate([[0], np.cumsum(used)])
    places: Integers = np.repeat(some.offsets[:-1] - offsets[:-1], used) + np.arange(offsets[-1])
    after = some.offsets[:-1, None] + used[:, None] + np.arange(h)
    past = some._replace(
        offsets=offsets, values=some.values[places], origins=some.origins - h - back, published={}, doubts={}
    )
    return past, some.values[after]


def _answers(panel: Panel, actual: Array, asked: Request, own: Sequence[Model], library: Any, *, ours: bool) -> Any:
    """The rows of one window."""
    import narwhals as nw

    h = actual.shape[1]
    series = np.repeat(np.arange(len(panel.ids)), h)
    cutoffs = panel.origins[series]
    data: dict[str, Any] = {
        "unique_id": [panel.ids[at] for at in series.tolist()],
        "ds": cutoffs + np.tile(np.arange(1, h + 1), len(panel.ids)),
        "cutoff": cutoffs,
        "y": actual.ravel(),
    }
    types: dict[str, Any] = {"unique_id": nw.String, "ds": nw.Int64, "cutoff": nw.Int64, "y": nw.Float64}
    made = nw.from_dict(data, types, backend=library)
    if ours:
        parts, _ = forecast_panel(panel, asked)
        rows = nw.from_native(frame_of(parts, asked, library), eager_only=True)
        made = made.join(in_nixtla(rows, asked.levels), on=["unique_id", "ds"], how="left")
        absent = [slot for slot in asked.slots if slot not in made.columns]
        for column in (f"{slot}{end}" for slot in absent for end in _ends(asked.levels)):
            made = made.with_columns(nw.lit(None, nw.Float64).alias(column))
    for model in own:
        answered = [
            answer(registry.get(model), values[None], h, asked.levels)
            for values in np.split(panel.values, panel.offsets[1:-1])
        ]
        points = np.concatenate([one.points.ravel() for one in answered])
        lower, upper = (
            np.concatenate([getattr(one, side)[0] for one in answered], axis=1) for side in ("lower", "upper")
        )
        columns = [points, *lower[::-1], *upper]
        for end, column in zip(_ends(asked.levels), columns, strict=True):
            cells = nw.new_series(f"{model.name}{end}", column, nw.Float64, backend=library)
            made = made.with_columns(cells.fill_nan(None))
    return made


def _ends(levels: Sequence[int]) -> list[str]:
    """Suffixes of the name of a model in the names of its columns."""
    return ["", *(f"-lo-{level}" for level in levels[::-1]), *(f"-hi-{level}" for level in levels)]
