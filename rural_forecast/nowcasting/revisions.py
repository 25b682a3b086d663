"""How the estimate of a year moved as its parts came in: the same nowcast repeated with fewer of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from rural_forecast.errors import RuralForecastError
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.series.period import Period


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
    estimates = []
    if result.annual is not None:
        best = result.annual.best
        ends = [best.ends(result.annual.levels.index(level)) for level in result.levels]
        estimates.append(Revision(0, best.last, *zip(*ends, strict=True)))
    for months in sorted({known.part.period.last for known in result.parts}):
        known = _known_until(result, months)
        if known is not None:
            estimates.append(Revision(months, known.value, known.lower, known.upper))
    return tuple(estimates)


def _known_until(result: Nowcast, months: int) -> Nowcast | None:
    """The nowcast with the parts that end by a month; None if they allow no nowcast."""
    if months >= max(known.part.period.last for known in result.parts):
        return result

    def kept(period: Period) -> bool:
        return period.year != result.year or period.last <= months

    observations, growth = (
        tuple(seen for seen in all_seen if kept(seen.period))
        for all_seen in (result.series.observations, result.series.growth)
    )
    series = replace(result.series, observations=observations, growth=growth)
    options = {**result.options, "partial": [part for part in result.options["partial"] if kept(part.period)]}
    try:
        return nowcast(series, year=result.year, levels=result.levels, **options)
    except RuralForecastError:
        return None
