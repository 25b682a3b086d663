"""The year and the parts of a nowcast, and the requests that are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rural_forecast.errors import NOWHERE, InputError, Place, UsageError, option
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.nowcasting.parts import Base, Choice, Part, Rows, agree, choose, too_much
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import named_months

FAST = 1.5
"""Times by which a year at the pace of its part is larger than the year before, where the part alone is larger too."""
LEVEL = 99  # of the annual forecast's interval that a part is compared with


def target_year(
    series: Series,
    year: int | None,
    until: int | None,
    typed: Sequence[Part],
    published: Rows,
    totals: Mapping[int, Observation],
) -> int:
    """The year to estimate: as asked, of the latest typed part, after `until`, or the latest that is partly known."""
    latest = max((part.period.year for part in typed), default=None if until is None else until + 1)
    if year is not None and typed and latest is not None and latest > year:
        raise UsageError(f"A part of {latest} is given, after {year}, the year to estimate.", "Name that year.")
    partly = {period.year for period in (*published.levels, *published.growth) if not period.is_year} - totals.keys()
    target = year or latest or max(partly, default=None)
    if target is None:
        example = option("partial", [f"{max(totals, default=2025) + 1}H1=VALUE"])
        hint = f"Give a part of the year to estimate, such as {example}."
        raise UsageError(f"{series.id} has no year of which only parts are known.", hint)
    if target in totals and (until is None or until >= target):
        known = f"{number(totals[target].value)} {series.unit}".rstrip()
        by_day = f"{option('as_of', 'DATE')} to use what was published by then"
        hint = f"Add {option('until', target - 1)} to estimate it from its parts alone, or {by_day}."
        raise UsageError(f"The total of {target} is known: {known}.", hint)
    return target


def choice_of(series: Series, year: int, typed: Sequence[Part], published: Rows, actual: Observation | None) -> Choice:
    """The known parts of the year, typed ones first; they must exist, leave something open and fit the known total."""
    parts = []
    for part in (part for part in typed if part.period.year == year):
        seen = published.part(part.period)
        other = part.value is not None and seen.value is not None and not agree(part.value, seen.value)
        parts.append(part if other or part.growth_pct is not None else part._replace(growth_pct=seen.growth_pct))
    choice = choose(published.parts(year), parts)
    value = choice.value
    if not choice.used:
        hint = f"Give a part: {option('partial', [f'{year}H1=VALUE'])}."
        raise UsageError(f"Nothing is known of {year} in {series.id}.", hint)
    if value is not None and len(choice.months) == 12:
        problem = f"The parts of {year} make up the whole year: {number(value)}."
        raise UsageError(problem, "Nothing is left to estimate.")
    if value is not None and actual is not None and value > actual.value >= 0:
        problem = f"{_known(choice, year)} is more than its whole year, {number(actual.value)}."
        typed_one = any(part.given for part in choice.used)
        raise too_much(problem, typed=typed_one, place=choice.used[0].place or Place(series.id))
    return choice


def require_positive(series: Series, choice: Choice, annual: Forecast | None) -> None:
    """Refuse amounts that are zero or negative: a nowcast rests on shares and growth."""
    amounts = [(part.period, part.value) for part in choice.used if part.value is not None]
    if annual is not None:
        amounts += zip(map(Period, annual.history.years), annual.history.values.tolist(), strict=True)
    if bad := next((f"{number(value)} for {period}" for period, value in amounts if value <= 0), None):
        problem = f"{series.id} has {bad}, and a nowcast rests on shares and growth."
        raise UsageError(problem, f"Leave such years out with {option('since')}; a part must be above zero.")


def refuse_other_basis(choice: Choice, now: Base | None, total: float | None, year: int) -> None:
    """Refuse a growth that implies more for the part than its whole year had: it is on another basis."""
    if now is not None and now.implied is not None and total is not None and 0 < total <= now.implied:
        implied = f"imply {number(now.implied)} for {year - 1}, not less than its whole year, {number(total)}"
        hint = "A part and its year must be on one basis: check the part, its growth and the series."
        raise UsageError(f"{_known(choice, year)} and its growth {implied}.", hint)


def with_totals(
    series: Series, earlier: Mapping[int, Base], totals: Mapping[int, float], first: int
) -> dict[int, tuple[float, float]]:
    """The part and the total of the years from `first` on that have both. Raises InputError if a part is no part."""
    known = {}
    for year, part in earlier.items():
        total = totals.get(year, 0.0)
        if year < first or part.value is None or min(total, part.value) <= 0:
            continue
        if part.value < total:
            known[year] = part.value, total
        elif series.file:
            problem = f"{number(part.value)} for a part of {year} is not less than its whole year, {number(total)}."
            raise too_much(problem, typed=False, place=Place(series.file, series.file))
    return known


def known_elsewhere(series: Series, typed: Sequence[Part], known: Rows, *, same_definition: bool) -> Iterator[Note]:
    """A warning for each part that the catalogue has under another definition, unless it is refused."""
    values = {part.period: part.value for part in typed if part.value is not None}
    if series.file:
        values |= {period: level.value for period, level in known.levels.items() if not period.is_year}
    for other in elsewhere(series, values.items()):
        place = known.levels[other.period].place if other.period in known.levels else NOWHERE
        instead = f", or nowcast {other.series.label}, which has it"
        yield _doubt("other_definition", str(other.note).rstrip("."), place, instead, same_definition=same_definition)


def contradictions(
    series: Series,
    choice: Choice,
    reach: tuple[float, float],
    annual: Forecast | None,
    year: int,
    *,
    alone: bool,
    same_definition: bool,
) -> Iterator[Note]:
    """A warning or refusal where a part is above the whole year before, or its `reach` outside the forecast.

    `alone`: no earlier year has the same part, so that no such growth is known.
    """
    value, typed = choice.value, any(part.given for part in choice.used)
    if annual is None or value is None or not (typed or series.file):
        return
    last, (low, high) = annual.history.observations[-1], annual.best.ends(annual.levels.index(LEVEL))
    fast = 12 / len(choice.months) * value > FAST * last.value  # eleven months of a growing year may be more
    if value > last.value > 0 and fast and last.period.year == year - 1 and alone:
        what = f"{_known(choice, year)} is more than the whole of {year - 1}, {number(last.value)}"
    elif low > 0 and (reach[0] > high or low > reach[1]):
        makes, expected = (" to ".join(map(rounded, ends)) for ends in (reach, (low, high)))
        makes = f"it makes {year} {makes} {series.unit}".rstrip()
        what = f"{_known(choice, year)} does not fit the years of {series.id}: {makes}, and they {expected} ({LEVEL} %)"
    else:
        return
    place = NOWHERE if typed else choice.used[0].place
    yield _doubt("part_contradicts", what, place, same_definition=same_definition)


def _doubt(code: str, what: str, place: Place, instead: str = "", *, same_definition: bool) -> Note:
    """A warning that a part may be on another definition; raises InputError unless that is overruled."""
    if same_definition:
        return Note(code, f"{what}.", warning=True, advice=f"{option('same_definition', True)} uses it all the same.")
    counts = f"If it counts the same as the years, add {option('same_definition', True)}"
    raise InputError(f"{what}.", f"Check its unit and its definition. {counts}{instead}.", place=place)


def _known(choice: Choice, year: int) -> str:
    return f"{number(choice.value or 0)} for {named_months(choice.months)} of {year}"
