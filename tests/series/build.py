"""Short ways to write a series down in a test."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import parse


def seen(period: str, value: float, **more: Any) -> Observation:
    return Observation(parse(period), value, **{"source": "a", **more})


def series(values: Mapping[str, float], growth: Mapping[str, float] | None = None, **more: Any) -> Series:
    return Series(
        **{
            "id": "market",
            "unit": "bn CNY",
            "observations": tuple(seen(period, value) for period, value in values.items()),
            "growth": tuple(seen(period, value) for period, value in (growth or {}).items()),
            **more,
        }
    )


def day(text: str) -> date:
    return date.fromisoformat(text)
