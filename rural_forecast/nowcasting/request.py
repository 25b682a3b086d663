"""What a nowcast is asked for: which year, from which parts, and the requests that are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rural_forecast.errors import NOWHERE, InputError, Place, Problem, UsageError
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.nowcasting.part_bases import Base, Rows, with_growth
from rural_forecast.nowcasting.parts import Choice, Part, choose
from rural_forecast.nowcasting.votes import Range
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.observation import Observation, Series

UNIT_SLIP = 300
"""Times by which a part is off before it is taken for one in another unit and refused."""
ODD = 5
"""Times by which it is off before its unit is asked for."""
LEVEL = 99
"""Of the annual forecast's interval that a part is compared with."""


def require_flow(series: Series) -> None:
    """Refuse a stock, a rate or a price: only the parts of a flow add up to a year."""
    if series.measure != "flow":
        recognised = any(note.code == "read_as_rate" for note in series.reading_notes)
        raise UsageError.of("no_flow", series=series.id, measure=series.measure, recognised=recognised)


def target_year(
    series: Series,
    year: int | None,
    until: int | None,
    typed: Sequence[Part],
    published: Rows,
    totals: Mapping[int, Observation],
) -> int:
    """The year to estimate: as asked, of the latest typed part, after `until`, or the latest that is partly known."""
    latest = max((part.period.year for part in typed), default=None)
    if year is not None:
        if latest is not None and latest > year:
            raise UsageError.of("part_after_target", part_year=latest, year=year)
        return year
    if latest is not None or until is not None:
        return latest if latest is not None else (until or 0) + 1
    partly = {period.year for period in (*published.levels, *published.growth) if not period.is_year}
    if partly - totals.keys():
        return max(partly - totals.keys())
    last, newest = (max(years, default=None) for years in (totals, partly))
    raise UsageError.of("no_partial_year", series=series.id, last=last, newest=newest)


def refuse_known(
    series: Series, year: int, totals: Mapping[int, Observation], until: int | None, as_of: date | None
) -> None:
    """Refuse a year whose total may be used: there is nothing to estimate."""
    if year in totals and (until is None or until >= year):
        total = totals[year].value
        raise UsageError.of("year_known", year=year, total=total, unit=series.unit, as_of=as_of is not None)


def refuse_negative(typed: Sequence[Part], totals: Mapping[int, Observation]) -> None:
    """Refuse a typed part below zero if no year is."""
    for part in typed:
        if part.value is not None and part.value < 0 and totals and all(year.value >= 0 for year in totals.values()):
            raise UsageError.of("part_negative", period=part.period, part=part.value)


def choice_of(series: Series, year: int, typed: Sequence[Part], published: Rows, actual: Observation | None) -> Choice:
    """The known parts of the year, typed ones first; they must exist, leave something open and fit the known total."""
    choice = choose(published.parts(year), [with_growth(part, published) for part in typed if part.period.year == year])
    if not choice.used:
        raise UsageError.of("year_unknown", year=year, series=series.id)
    value = choice.value
    if value is not None and len(choice.months) == 12:
        raise UsageError.of("year_complete", year=year, part=value)
    if value is not None and actual is not None and value > actual.value >= 0:
        fields = {"part": value, "months": choice.months, "year": year, "total": actual.value}
        exceeds = Problem("part_exceeds_year", **fields, typed=_typed(choice))
        if _typed(choice):
            raise UsageError.of(exceeds)
        raise InputError.of(exceeds, place=choice.used[0].place or Place(series.id))
    return choice


def refuse_other_unit(series: Series, choice: Choice, annual: Forecast | None) -> None:
    """Refuse a typed part hundreds of times what its months could bring, or less than a hundredth of it."""
    value = choice.value
    if value is None or annual is None or not _typed(choice) or not value > 0 < float(annual.history.values.min()):
        return
    times = off_by(value, len(choice.months), annual.best.last)
    if not 1 / UNIT_SLIP < times < UNIT_SLIP:
        last = annual.history.observations[-1]
        raise UsageError.of(
            "part_in_other_unit",
            year=annual.target,
            part=value,
            months=choice.months,
            times=times,
            total=last.value,
            last=last.period,
            unit=series.unit,
        )


def off_by(part: float, months: int, year: float) -> float:
    """How many times its share of a level year a part is, within what can be written."""
    return min(max(12 / months * (part / year), 1e-99), 1e99)


def refuse_other_basis(choice: Choice, now: Base | None, total: float | None, year: int) -> None:
    """Refuse a growth that implies more for the part than its whole year had: it is on another basis."""
    if now is not None and now.implied is not None and total is not None and 0 < total <= now.implied:
        fields = {"part": choice.value or 0, "months": choice.months, "year": year, "before": year - 1}
        raise UsageError.of(Problem("part_of_other_basis", **fields, implied=now.implied, total=total))


def known_elsewhere(series: Series, typed: Sequence[Part], known: Rows, *, same_definition: bool) -> Iterator[Note]:
    """A warning for each part that the catalogue has under another definition, where that is overruled.

    Raises InputError if there is such a part, and it is not overruled.
    """
    values = {part.period: part.value for part in typed if part.value is not None}
    if series.file:
        values |= {period: level.value for period, level in known.levels.items() if not period.is_year}
    for other in elsewhere(series, values.items()):
        if not same_definition:
            place = known.levels[other.period].place if other.period in known.levels else NOWHERE
            raise InputError.of("part_of_other_definition", place=place, note=other.note, label=other.series.label)
        yield Note("other_definition", {"what": other.note}, warning=True)


def contradiction(
    series: Series, choice: Choice, reach: Range, annual: Forecast | None, year: int, *, same_definition: bool
) -> Iterator[Note]:
    """A warning where the years that a part allows lie outside the far interval of the annual forecast.

    Parts of the catalogue are on the definition of their series. About one real year in a thousand is refused.

    `reach`: the smallest and the largest year that the part allows, by the usual shares. Raises InputError if they do,
    and it is not overruled.
    """
    if annual is None or choice.value is None or not (_typed(choice) or series.file):
        return
    low, high = annual.best.ends(annual.levels.index(LEVEL))
    if low <= 0 or (reach.low <= high and low <= reach.high):
        return
    above = reach.low > high
    fields = {
        "value": choice.value,
        "months": choice.months,
        "year": year,
        "series": series.id,
        "implied": reach.low if above else reach.high,
        "limit": high if above else low,
        "above": above,
        "unit": series.unit,
        "level": LEVEL,
    }
    what = Note("unlikely_year", fields)
    if not same_definition:
        place = NOWHERE if _typed(choice) else choice.used[0].place
        raise InputError.of("part_contradicts_years", place=place, note=what)
    yield Note("part_contradicts", {"what": what}, warning=True)


def _typed(choice: Choice) -> bool:
    return any(part.given for part in choice.used)
