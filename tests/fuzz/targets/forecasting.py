"""Any finite series of one or more points gets a finite forecast, its point within its intervals."""

import numpy as np

from rural_forecast.objects.functions import forecast
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.render import formats
from rural_forecast.views.project import document
from tests.fuzz.choices import Choices
from tests.fuzz.promises import parses, refusals, require

SEEDS = [
    bytes([years, ahead, *(byte for value in values for byte in (1, *divmod(value, 256), 0))])
    for years, ahead, values in (
        (2, 1, (18000, 35300, 48200)),
        (0, 4, (100,)),
        (9, 9, (0, 0, 0)),
        (4, 0, (5000, 5100, 5200, 5300, 5200, 5600, 5800, 6100, 6200)),
    )
]


def test(data: bytes) -> None:
    choices = Choices(data)
    first = 1900 + choices.below(256)
    ahead = 1 + choices.below(30)
    seen = []
    while choices and len(seen) < 40:
        value = choices.number()
        if np.isfinite(value):
            seen.append(Observation(Period(first + len(seen)), value, source="a"))
    if not seen:
        return
    series = Series("market", unit="bn CNY", observations=tuple(seen))
    with refusals():
        promised(series, seen[-1].period.year + ahead, every_model=bool(data[0] % 8 == 7))


def promised(series: Series, year: int | None = None, *, every_model: bool = False) -> None:
    """Forecast a series and hold the answer against the promises."""
    result = forecast(series, year=year, kernels=every_model)
    for given in (*result.main, *(one for one in result.others if one.answers)):
        require(given.answers, f"the consensus steps aside: {given.reason}")
        numbers = np.concatenate([given.values[None], given.lower, given.upper])
        require(np.isfinite(numbers).all(), f"a number of {given.model} is not finite")
        require(
            (given.lower <= given.values).all(),
            f"the point of {given.model} lies below its interval",
        )
        require(
            (given.upper >= given.values).all(),
            f"the point of {given.model} lies above its interval",
        )
    if all(value > 0 for value in result.history.values):
        require(
            min(float(given.values.min()) for given in result.main) >= 0,
            "a positive series turns negative",
        )
    parses(formats.render(document(result, history=True), "json"), "json")
