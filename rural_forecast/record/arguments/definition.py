"""The argument of another definition of the market, by its growth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.past_record import (
    LONGEST,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.observed.definitions import related
from rural_forecast.observed.other_growth import OtherGrowth, growth_since, record
from rural_forecast.question.question import Question
from rural_forecast.question.triangulate import TriangulationQuestion
from rural_forecast.record.arguments.argument import (
    DEFINITION,
    LEVELS,
    Argument,
    quantiles_of_result,
)
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted, short


def growth_elsewhere(trend: Forecast, question: TriangulationQuestion) -> OtherGrowth | None:
    """The growth since the origin of the definition that is stated, or else of the one among those
    of the catalogue that has most years in common, and then the latest one.
    """
    stated = question.definition
    if question.until:
        if stated is not None:
            problem = "Another definition knows later years than a hindcast may."
            raise UsageError(problem, "Leave definition or until out.")
        return None
    others = related(trend.history.series) if stated is None else [stated]
    every = [growth for other in others if (growth := growth_since(trend.history, other))]
    if stated is not None and not every:
        raise UsageError(
            f"The growth of {stated.id} after {trend.origin} is not known: it needs amounts above "
            f"zero in {trend.origin} and later, on one basis.",
            "Name another series of the same market.",
        )
    return max(every, key=lambda growth: (growth.common, growth.last), default=None)


def of_definition(trend: Forecast, growth: OtherGrowth, question: Question) -> Iterator[Argument]:
    """The last value times the growth of another definition, which its own trend goes on with."""
    history = trend.history
    year = trend.target
    until = min(year, growth.last)
    name = short(growth.history.series.title or growth.history.series.id)
    amount = percent(100 * (growth.factor(until) - 1), "+,.3g")
    why = f"{name}, {amount} from {growth.origin} to {until}"
    value = history.last * growth.factor(until)
    widths = growth.widths(year)
    if until < year:
        asked = Question(levels=LEVELS, as_of=question.as_of, opinions=False, kernels=False)
        later = forecast(growth.history.series, asked.to(year))
        ends = quantiles_of_result(later)
        if ends.min() <= 0:  # widths are added on a logarithmic scale below
            return
        value *= float(ends[0]) / later.history.last
        low = np.log(ends[0] / ends[1 : 1 + len(LEVELS)])
        high = np.log(ends[1 + len(LEVELS) :] / ends[0])
        # How definitions differ and how a trend errs are taken as independent.
        below = np.hypot(widths, low)
        above = np.hypot(widths, high)
        why += ", then its trend"
    else:
        below = widths
        above = widths
    quantiles = value * np.exp(np.concatenate([[0.0], -below, above]))
    held, ranges = record(history, growth, min(len(trend.years), LONGEST))
    yield Argument(
        DEFINITION,
        quantiles,
        history.series.definition,
        f"{why}; {_in_common(growth)}",
        held=held if ranges else None,
        n=ranges,
    )


def _in_common(growth: OtherGrowth) -> str:
    """Say what the range of another definition rests on."""
    if not growth.common:
        return f"{growth.origin} alone in common, so as wide as pairs alike differed"
    years = counted(growth.common, "year")
    return f"as wide as growth of the two differed in {years}, or that of pairs alike"
