"""A nowcast shown in another currency: computed in yuan, then converted, each year by its own rate."""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.nowcasting.part_bases import Base
from rural_forecast.nowcasting.parts import Choice, Part
from rural_forecast.nowcasting.result import KnownPart, Nowcast
from rural_forecast.series.currency import Conversion


def converted(result: Nowcast, how: Conversion) -> Nowcast:
    """The nowcast with every amount converted; growth of the parts and weights stay as they are.

    Raises
    ------
    UsageError : a year before the first rate
    """
    year = result.year
    rate = how.rate(year)
    choice = result.choice
    return replace(
        result,
        series=replace(result.series, unit=how.unit),
        choice=Choice(*(tuple(_part(part, rate) for part in parts) for parts in choice)),
        parts=tuple(KnownPart(_part(one.part, rate), one.use, _base(one.base, how, year - 1)) for one in result.parts),
        base=_base(result.base, how, year - 1),
        shares=tuple(
            one._replace(part=how.value(one.part, one.year), total=how.value(one.total, one.year))
            for one in result.shares
        ),
        value=result.value / rate,
        lower=tuple(bound / rate for bound in result.lower),
        upper=tuple(bound / rate for bound in result.upper),
        votes=tuple(vote._replace(value=vote.value / rate) for vote in result.votes),
        annual=None if result.annual is None else in_currency(result.annual, how),
        estimates=tuple(
            one._replace(figure=one.figure._replace(value=one.figure.value / rate)) for one in result.estimates
        ),
        actual=None if result.actual is None else replace(result.actual, value=result.actual.value / rate),
    )


def _part(part: Part, rate: float) -> Part:
    return part if part.value is None else part._replace(value=part.value / rate)


def _base(base: Base | None, how: Conversion, year: int) -> Base | None:
    if base is None:
        return None
    value, published, implied = (
        None if amount is None else how.value(amount, year) for amount in (base.value, base.published, base.implied)
    )
    return base._replace(value=value, published=published, implied=implied)
