"""How the estimate of a year moved as its parts came in: the same nowcast asked again with fewer of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from rural_forecast.errors import RuralForecastError
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.series.observation import Observation


class Revision(NamedTuple):
    """The estimate once the months up to `months` were known; 0 for the forecast of whole years alone."""

    months: int
    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]

    def divided(self, rate: float) -> Revision:
        """The same in another currency."""
        return Revision(self.months, self.value / rate, *(tuple(x / rate for x in s) for s in (self.lower, self.upper)))


def revisions(result: Nowcast) -> tuple[Revision, ...]:
    """The estimates in the order in which parts came, the last one being the result itself."""
    found = []
    if result.annual is not None:
        best, places = result.annual.best, [result.annual.levels.index(level) for level in result.levels]
        ends = (tuple(float(side[place, -1]) for place in places) for side in (best.lower, best.upper))
        found.append(Revision(0, float(best.values[-1]), *ends))
    last_months = sorted({one.part.period.last for one in result.parts})
    for months in last_months[:-1]:
        earlier = _known_until(result, months)
        if earlier is not None:
            found.append(Revision(months, earlier.value, earlier.lower, earlier.upper))
    found.append(Revision(last_months[-1], result.value, result.lower, result.upper))
    return tuple(found)


def _known_until(result: Nowcast, months: int) -> Nowcast | None:
    """The nowcast with the parts that end by a month; None if they allow no nowcast."""

    def kept(one: Observation) -> bool:
        return one.period.year != result.year or one.period.last <= months

    series = replace(
        result.series,
        observations=tuple(filter(kept, result.series.observations)),
        growth=tuple(filter(kept, result.series.growth)),
    )
    typed = [one for one in result.options["partial"] if one.period.year != result.year or one.period.last <= months]
    options = {**result.options, "partial": typed}
    try:
        return nowcast(series, year=result.year, levels=result.levels, as_of=result.as_of, **options)
    except RuralForecastError:
        return None
