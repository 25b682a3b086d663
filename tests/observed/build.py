"""Short ways to write a series down in a test."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period, parse


def observed(period: str, value: float, **more: Any) -> Observation:
    return Observation(parse(period), value, **{"source": "a", **more})


def series(
    values: Mapping[str, float], growth: Mapping[str, float] | None = None, **more: Any
) -> Series:
    return Series(
        **{
            "id": "market",
            "unit": "bn CNY",
            "observations": tuple(observed(period, value) for period, value in values.items()),
            "growth": tuple(observed(period, value) for period, value in (growth or {}).items()),
            **more,
        }
    )


def market(name: str, values: Iterable[float], first: int = 2000, **about: Any) -> Series:
    """A series without a source, a value a year."""
    years = tuple(
        Observation(Period(first + step), float(value)) for step, value in enumerate(values)
    )
    return Series(name, observations=years, **about)


def day(text: str) -> date:
    return date.fromisoformat(text)
