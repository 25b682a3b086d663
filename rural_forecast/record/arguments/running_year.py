"""The argument of the year under way, of which parts are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.nowcasting.nowcast import nowcast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import Question
from rural_forecast.record.arguments.argument import (
    LEVELS,
    NOWCAST,
    SCORES,
    Argument,
    quantiles_of_result,
)
from rural_forecast.text.wording import listed


def of_running_year(
    series: Series, trend: Forecast, partial: Sequence[str], question: Question
) -> Iterator[Argument]:
    """The nowcast of the year after the last one, from which the trend goes on; none where no part
    of it is known.
    """
    first = trend.years[0]
    of_year = question.of(
        NowcastQuestion, year=first, partial=partial, levels=LEVELS, allow_gaps=False
    )
    try:
        estimate = nowcast(series, of_year)
    except RuralForecastError:
        if partial:
            raise
        return
    quantiles = quantiles_of_result(estimate)
    if trend.target > first:
        if min(quantiles) <= 0:  # widths are added on a logarithmic scale below
            return
        estimated = Observation(Period(first), estimate.value, status="estimate")
        longer = replace(series, observations=(*series.observations, estimated))
        from_there = replace(question.to(trend.target), until=first if question.until else None)
        later = quantiles_of_result(forecast(longer, from_there))
        # The errors of the running year and of those after it are taken as independent.
        wide = np.hypot(np.log(quantiles / quantiles[0]), np.log(later / later[0]))
        quantiles = later[0] * np.exp(np.sign(SCORES) * wide)
    parts = listed(str(part.part.period) for part in estimate.parts if part.use == "used")
    yield Argument(NOWCAST, quantiles, series.definition, f"{first} from {parts}")
