"""What a nowcast is asked for: which year, from which parts, and the requests that cannot be carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.forecast import Forecast
from rural_forecast.nowcasting.part_bases import Base, Rows, with_growth
from rural_forecast.nowcasting.parts import Choice, Part, choose, words
from rural_forecast.series.observation import Observation, Series
from rural_forecast.text.wording import number

UNIT_SLIP = 300
"""Times by which a part is off before it is taken for one in another unit and refused."""
ODD = 5
"""Times by which it is off before its unit is asked for."""


def require_flow(series: Series) -> None:
    """Refuse a stock, a rate or a price: parts of a year add up for flows alone."""
    if series.measure != "flow":
        recognised = any(note.code == "read_as_rate" for note in series.reading_notes)
        raise UsageError(
            f"{series.id} is a {series.measure}, not a flow: its parts do not add up to a year.",
            "A nowcast needs a flow, such as sales or parcels over a year."
            + (f" Where this is one, add {option('measure', 'flow')}." if recognised else ""),
        )


def target_year(
    series: Series,
    year: int | None,
    until: int | None,
    typed: Sequence[Part],
    published: Rows,
    totals: Mapping[int, Observation],
) -> int:
    """The year to estimate."""
    latest = max((part.period.year for part in typed), default=None)
    if year is None:
        partly = {one.year for one in (*published.levels, *published.growth) if not one.is_year}
        open_ = partly - set(totals)
        found = latest if latest is not None else until + 1 if until is not None else max(open_, default=None)
        if found is None:
            newest = max(partly & set(totals), default=None)
            hint = f"Give a part of the year to estimate, such as {option('partial', ['2026H1=VALUE'])}"
            if newest is not None:
                hint += f", or nowcast a known year: {option('year', newest)} {option('until', newest - 1)}"
            raise UsageError(f"{series.id} has no year of which only parts are known.", f"{hint}.")
        return found
    if latest is not None and latest > year:
        raise UsageError(
            f"A part of {latest} is given, after {year}, the year to estimate.", f"Use {option('year', latest)}."
        )
    return year


def refuse_known(
    series: Series, year: int, totals: Mapping[int, Observation], until: int | None, as_of: date | None
) -> None:
    """Refuse a year whose total may be used: there is nothing to estimate."""
    if year in totals and (until is None or until >= year):
        unit = f" {series.unit}" if series.unit else ""
        raise UsageError(
            f"The total of {year} is known: {number(totals[year].value)}{unit}.",
            f"Add {option('until', year - 1)} to estimate it from its parts alone, or "
            f"{'an earlier' if as_of else 'an'} {option('as_of', 'DATE')} to use what was published by then.",
        )


def choice_of(series: Series, year: int, typed: Sequence[Part], published: Rows, actual: Observation | None) -> Choice:
    """The known parts of the year, typed ones first; they must exist, leave something open and fit the known total."""
    given = [with_growth(part, published) for part in typed if part.period.year == year]
    choice = choose(published.parts(year), given)
    if not choice.used:
        raise UsageError(
            f"Nothing is known of {year} in {series.id}.", f"Give a part: {option('partial', [f'{year}H1=VALUE'])}."
        )
    value = choice.value
    if value is not None and len(choice.months) == 12:
        raise UsageError(
            f"The parts of {year} make up the whole year: {number(value)}.", "There is nothing left to estimate."
        )
    if value is not None and actual is not None and value > actual.value >= 0:
        problem = (
            f"{number(value)} for {words(choice.months)} of {year} is more than its whole year, {number(actual.value)}"
        )
        if any(part.given for part in choice.used):
            raise UsageError(f"{problem}.", "Check the part; it and its year must be on one basis.")
        raise InputError(f"{choice.used[0].place or series.id}: {problem}.", "Correct one of the two.")
    return choice


def refuse_other_unit(series: Series, choice: Choice, annual: Forecast | None) -> None:
    """A typed part hundreds of times what its months could bring, or less than a hundredth, is in another unit."""
    value = choice.value
    if (
        value is None
        or annual is None
        or not any(part.given for part in choice.used)
        or not value > 0 < float(annual.history.values.min())
    ):
        return
    times = off_by(value, len(choice.months), float(annual.best.values[-1]))
    if 1 / UNIT_SLIP < times < UNIT_SLIP:
        return
    last, unit = annual.history.observations[-1], f" {series.unit}" if series.unit else ""
    size = f"{number(float(f'{max(times, 1 / times):.0e}'))} times {'too large' if times > 1 else 'too small'}"
    year = f"{number(last.value)}{unit} for {last.period}"
    problem = f"{number(value)} for {words(choice.months)} is about {size}, compared with {year}"
    hint = f"Give the part in the unit of the year{f', {series.unit}' if series.unit else ''}."
    raise UsageError(f"The part of {year} does not fit: {problem}.", hint)


def off_by(part: float, months: int, year: float) -> float:
    """How many times what so many months of a year bring, all months alike, a part is; within what can be written."""
    return min(max(12 / months * (part / year), 1e-99), 1e99)


def refuse_other_basis(choice: Choice, now: Base | None, total: float | None, year: int) -> None:
    """A growth that implies more for the part than its whole year had is on another basis."""
    if now is None or now.implied is None or total is None or not 0 < total <= now.implied:
        return
    raise UsageError(
        f"{number(choice.value or 0)} for {words(choice.months)} of {year} and its growth imply {number(now.implied)} "
        f"for {year - 1}, not less than {number(total)}, the whole of {year - 1}.",
        "A part and its year must be on one basis: check the part, its growth and the series.",
    )
