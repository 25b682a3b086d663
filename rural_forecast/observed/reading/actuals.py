"""Puts the observations of a series in order, with those that are no actuals apart."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.errors import InputError, option
from rural_forecast.observed.observation import Observation
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.draft import Point
from rural_forecast.observed.reading.history_end import (
    last_year_over,
    last_year_stated,
    require_near_years,
    says_projection,
    says_update,
    without_future,
)
from rural_forecast.observed.reading.values import Values
from rural_forecast.text.cells import shown


def in_order(values: Values, name: str, points: Sequence[Point]) -> list[Observation]:
    """Put observations in order, those of years that are not over as published forecasts."""
    ordered = sorted((point.observed for point in points), key=order_of)
    stated = {id(point.observed) for point in points if point.stated}
    if not values.rows.own and not stated:
        _require_history(values, name, points[0], ordered)
    require_near_years(name, ordered)
    ordered, note = without_future(name, values.grid.file, ordered, stated, values.options)
    if note is not None:
        values.noted.keep(note)
    return ordered


def _require_history(
    values: Values, name: str, first: Point, ordered: Sequence[Observation]
) -> None:
    """Refuse values that are forecasts by their marks, or that a label or a title calls so.

    A label does not say where history ends; `actuals_until` does.
    """
    labels = values.descriptions.labels(first.value_index)
    forecasts = sum(observed.status == "forecast" for observed in ordered)
    is_unasked = values.options.actuals_until is None
    if forecasts == len(ordered) and (is_unasked or not any(map(says_projection, labels))):
        written = str(first.observed.period)
        if values.table.across:
            written = values.period_as_written(first.value_index) or written
        problem = f"every period, such as {shown(written)}, is a forecast."
        hint = "Choose another series, or take the marks away."
        raise InputError(problem, hint, place=first.observed.place)
    if forecasts or not is_unasked:
        return
    texts = (*values.descriptions.titles(), *labels)
    projection = next(filter(says_projection, texts), "")
    if projection:
        problem = (
            f"{values.noted.file} says {shown(projection)}, "
            f"and not where the history of {shown(name)} ends."
        )
        hint = f"Name its last year of history with {option('actuals_until')}."
        years = (ordered[0].period.year, ordered[-1].period.year)
        words = (projection, *texts, *_dates_of_updates(values, first), values.noted.file)
        stated = last_year_stated(words, *years, last_year_over(values.options))
        if stated is not None:
            hint = f"Name its last year of history: {option('actuals_until', stated)}, say."
        raise InputError(problem, hint, place=ordered[-1].place)


def _dates_of_updates(values: Values, point: Point) -> list[str]:
    """Give the cells in the row of a value that say when it was published, with their names."""
    row = int(values.melt.rows[point.value_index])
    names = enumerate(values.table.names)
    return [
        f"{name} {values.grid.text(row, column)}" for column, name in names if says_update(name)
    ]


def order_of(observation: Observation) -> tuple[Period, bool, str, float]:
    """Return the key that sorts observations: by period, forecasts after actuals."""
    return (
        observation.period,
        observation.status == "forecast",
        observation.source,
        observation.value,
    )
