"""Cross-validation of many series: forecasts from the last origins of each, next to what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from rural_forecast.api import ArgumentError, checked
from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.batch.frames import ends, frame_of
from rural_forecast.forecasting.batch.inputs import of_frame
from rural_forecast.forecasting.batch.kernel import forecast_panel
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request, request
from rural_forecast.forecasting.own_model import Asked, resolved
from rural_forecast.forecasting.question import DEFAULT_LEVELS
from rural_forecast.models.base import Array, Model, answer
from rural_forecast.series.reading import ReadOptions, memory

Frame = TypeVar("Frame")
FEWEST_POINTS = 3
"""Points that a forecast rests on, at least."""


@checked
def cross_validation(
    df: Frame,
    h: int = 2,
    windows: int = 3,
    models: Sequence[Asked] = (),
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
    for name, value in {"h": h, "windows": windows, "step": step}.items():
        if value < 1:
            raise ArgumentError(f"{name} is {value}.", "Give 1 or more.")
    given = resolved(models)
    named = [model for model in given if isinstance(model, str)]
    own = [model for model in given if isinstance(model, Model)]
    asked = request(horizon=h, levels=levels, models=named)
    table = memory.opened(df)
    options = ReadOptions(id_column=id_column, period_column=period_column, value_column=value_column)
    _, built = of_frame(table.columns, table.rows, options)
    if built.refusals:
        raise built.refusals[0].error
    panel = built.panel
    made = []
    for back in range((windows - 1) * step, -1, -step):
        chosen = np.flatnonzero(panel.lengths - h - back >= FEWEST_POINTS)
        if len(chosen):
            made.append(_window(panel, chosen, h, back, asked if named or not own else None, own, asked.levels))
    if not made:
        least = FEWEST_POINTS + h
        raise InputError(f"No series has {least} points.", f"Use a shorter {option('h')}, or longer series.")
    data = {name: np.concatenate([window[name] for window in made]) for name in made[0]}
    order = np.lexsort((data["ds"], data["cutoff"], data["unique_id"]))
    data = {name: cells[order] for name, cells in data.items()}
    ids = [panel.ids[place] for place in data["unique_id"].tolist()]
    result: Frame = frame_of({**data, "unique_id": ids}, table.library)
    return result


def _window(
    panel: Panel, chosen: Any, h: int, back: int, asked: Request | None, own: Sequence[Model], levels: tuple[int, ...]
) -> dict[str, Any]:
    """Forecasts of some series from `h + back` years before their ends, next to what came; ids by their places."""
    some = panel.select(chosen)
    past = some.before(h + back)
    actual = some.values[some.offsets[1:, None] - h - back + np.arange(h)]
    series, ahead = np.repeat(np.arange(len(chosen)), h), np.tile(np.arange(h), len(chosen))
    cutoffs = past.origins[series]
    data = {"unique_id": chosen[series], "ds": cutoffs + ahead + 1, "cutoff": cutoffs, "y": actual.ravel()}

    def add(model: str, points: Array, lower: Array, upper: Array) -> None:
        cells = (points, *lower[::-1], *upper)
        data.update({f"{model}{end}": column for end, column in zip(ends(levels), cells, strict=True)})

    if asked is not None:
        place_of = {name: place for place, name in enumerate(past.ids)}
        parts, _ = forecast_panel(past, asked)
        for slot in asked.slots:
            table = np.full((1 + 2 * len(levels), len(series)), np.nan)
            for rows in parts:
                mine = np.flatnonzero(rows.model.codes == rows.model.words.index(slot))
                places = np.array([place_of[name] for name in rows.series.words])[rows.series.codes[mine]]
                cells = places * h + rows.period[mine] - past.origins[places] - 1
                table[:, cells] = np.concatenate([rows.value[None], rows.lower, rows.upper])[:, mine]
            add(slot, table[0], table[1 : 1 + len(levels)], table[1 + len(levels) :])
    for model in own:
        split = np.split(past.values, past.offsets[1:-1])
        answered = [answer(model, values[None], h, levels) for values in split]
        lower, upper = (
            np.concatenate([getattr(one, side)[0] for one in answered], axis=1) for side in ("lower", "upper")
        )
        add(model.name, np.concatenate([one.points.ravel() for one in answered]), lower, upper)
    return data
