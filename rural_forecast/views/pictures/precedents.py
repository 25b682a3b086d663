"""`precedents` as a picture: what similar histories did next, from 100 on, next to our forecast and its range."""

from __future__ import annotations

from math import exp

import numpy as np

from rural_forecast.document.picture import MAIN, Band, Course, Label, Line, Picture
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.precedents import MOST, Precedents
from rural_forecast.text.style import Digits
from rural_forecast.views.pictures.course import CREDIT, name_of
from rural_forecast.views.precedents import count_faster

SHOWN = 8
"""Histories drawn: the nearest."""


def picture(result: Precedents) -> Picture:
    """Each history from the end of its window on, and the forecast with its range.

    Raises UsageError if no history is like the series.
    """
    forecast, nearest = result.forecast, result.nearest[:SHOWN]
    if not nearest or forecast.history.last <= 0:
        raise UsageError("No history is like this series, so there is no picture.", "Leave --kind out.")
    steps = len(nearest[0].after)
    xs = tuple(float(step) for step in range(steps + 1))
    write = Digits("", 1.0, 1.0)
    lines: list[Line] = []
    labels: list[Label] = []
    for precedent in nearest:
        ys = tuple(100 * exp(min(sum(precedent.after[:step]), MOST)) for step in range(steps + 1))
        lines.append(Line("", xs, ys, 4, dots=False))
        labels.append(Label(ys[-1], write(ys[-1]), f"{precedent.name}, {precedent.to_year}", 2))
    base, best, place = forecast.history.last, forecast.best, forecast.headline

    def indexed(values: np.ndarray) -> tuple[float, ...]:
        return (100.0, *(100 * values[:steps] / base).tolist())

    own = indexed(best.values)
    band = Band("", xs, indexed(best.lower[place]), indexed(best.upper[place]), forecast.levels[place])
    lines.append(Line("forecast", xs, own, MAIN, "dashed"))
    labels.append(Label(own[-1], write(own[-1]), "our forecast", MAIN, strong=True))
    more, all_of = count_faster(result), len(result.nearest)
    title = f"{more} of {all_of} similar histories grew faster than this forecast"
    subtitle = f"{name_of(forecast.history.series)}, and the histories most like it"
    sources = ", ".join(dict.fromkeys(precedent.source for precedent in nearest))
    return Picture(
        Course(tuple(lines), (band,), labels=tuple(labels), origin=0.0),
        title,
        subtitle=subtitle,
        about=f"Last known year = 100. Shaded: our {forecast.levels[place]} % range",
        amounts=write,
        source=f"Sources: {sources}. {CREDIT}",
        alternative=f"Line chart of similar histories. {title}. The forecast comes to {write(own[-1])}.",
        logarithmic=True,
    )
