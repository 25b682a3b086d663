"""Forecasts of short series for the tests of views."""

from collections.abc import Sequence
from typing import Any

from rural_forecast.forecasting.result import Forecast
from rural_forecast.objects.functions import forecast
from tests.observed.build import market


def forecast_of(values: Sequence[float], **options: Any) -> Forecast:
    """Forecast a series whose last year is 2024, two years ahead."""
    series = market("market", values, 2025 - len(values), unit="")
    return forecast(series, **{"horizon": 2, **options})
