"""The nowcast of a year of which a part is known, in three steps.

`parts` chooses the known parts, `evidence` sets them against earlier years, `votes` combines the
estimates that follow. Here they are put together, converted to other currencies, and noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.nowcasting.evidence import (
    LEVEL,
    Case,
    contradictions,
    gathered,
    known_elsewhere,
    shares_of,
)
from rural_forecast.forecasting.nowcasting.parts import (
    BOUNDS,
    Base,
    ChosenParts,
    PeriodValues,
    YearPart,
    read_partial,
)
from rural_forecast.forecasting.nowcasting.votes import Evidence, combine, combine_restated, votes
from rural_forecast.forecasting.one_series import forecast_from
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import PublishedForecast, published_forecasts
from rural_forecast.observed.yearly import observed_years
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import Question, headline
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import capital, listed, named_months, spans


class Vote(NamedTuple):
    """The estimate of one voter: `share`, `growth`, `smoothing`, `annual` or `calendar`."""

    voter: str
    value: float
    weight: float


class KnownPart(NamedTuple):
    """A part of the target year, `used` or `left out`, with the same part a year before."""

    part: YearPart
    use: str
    base: Base | None


@dataclass(frozen=True, slots=True, eq=False)
class Nowcast(Comparable):
    """One year estimated from its known part."""

    series: Series
    year: int
    levels: tuple[int, ...]
    choice: ChosenParts
    parts: tuple[KnownPart, ...]
    base: Base | None  # the same months of the year before
    evidence: Evidence  # the evidence behind the votes, in the unit of the data
    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    votes: tuple[Vote, ...]
    annual: Forecast | None
    """the forecast from whole years alone; None where there is none on this basis."""
    estimates: tuple[PublishedForecast, ...]  # figures that others published for the year
    actual: Observation | None  # the total of the year where it is known by now (a hindcast)
    as_of: date | None
    same_definition: bool  # True if parts on another definition were allowed
    notes: tuple[Note, ...] = ()
    """warnings first, then the use of each part, then the notes on the whole years."""

    def __repr__(self) -> str:
        value = f"{self.value:,.4g} {self.series.unit}".rstrip()
        return f"<Nowcast of {self.series.id}: {value} in {self.year}>"

    @property
    def headline(self) -> int:
        """Place of the level that sentences name."""
        return headline(self.levels)

    @property
    def before(self) -> float | None:
        """The total of the year before, where it is known on this basis."""
        annual = self.annual
        if annual is None or annual.origin != self.year - 1:
            return None
        return annual.history.last

    @property
    def vote(self) -> Mapping[str, Vote]:
        """Votes by voter."""
        return {vote.voter: vote for vote in self.votes}


def nowcast(series: Series, question: NowcastQuestion) -> Nowcast:
    """Estimate a year of which halves, quarters or months are known.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    start : year of the first value, where the series is values alone
    year : the year to estimate; left out, it is that of the latest typed part, the one after
        `until`, or the latest year of which only parts are known
    partial : known parts, `2017H1=537.62`, or with their growth in percent `2017H1=537.62:38.1`;
        they replace those of the series, and parts of earlier years are taken too
    levels : interval levels in whole percents, 30 to 99
    same_definition : use parts that the catalogue has under another definition, or that do not fit
        the series
    since, prefer, allow_gaps, as_of, breaks : which points are used, see `Window`
    until : last year used; where it is before the year, a year whose total is known is estimated
    basis : of the levels that the annual forecast uses: `comparable`, `levels` as published, or
        `chained`, rebuilt from published growth

    Raises
    ------
    UsageError : the series is no flow, nothing is known of the year, its total is known, or parts
        contradict
    InputError : parts in a file contradict each other or their year, or a part is on another
        definition

    >>> import rural_forecast as rf
    >>> result = rf.nowcast("mofcom", year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    >>> 1180 < result.value < 1300, result.base.how, round(result.base.value, 1)
    (True, 'replaced', 389.3)
    """
    if series.measure != "flow":
        hint = f"{option('measure', 'flow')} reads a file as a flow, such as sales."
        raise UsageError(
            f"{series.id} is a {series.measure}: its parts do not add up to a year.", hint
        )
    levels = tuple(question.levels)
    typed = [read_partial(part) if isinstance(part, str) else part for part in question.partial]
    until = question.until
    as_of = question.as_of
    prefer = question.prefer
    same_definition = question.same_definition
    published = PeriodValues.of(series, as_of, prefer)
    warnings = [*known_elsewhere(series, typed, published, same_definition=same_definition)]
    series = published.with_sums(series)
    totals = {
        total.period.year: total.value
        for total in observed_years(series, as_of=as_of, prefer=prefer)
    }
    target = published.target_year(series, question.year, until, typed, totals)
    # What came later, too: a hindcast shows it, and no part may be more than it.
    known_today = {total.period.year: total for total in observed_years(series, prefer=prefer)}
    actual = known_today.get(target)
    choice = published.choice(series, target, typed, actual.value if actual else None)

    last = target - 1 if until is None else min(until, target - 1)
    series = _without_observed(series, range(last + 1, target))
    values = PeriodValues.of(series, as_of, prefer, typed)
    annual = None
    if any(total <= last for total in totals):
        whole_years = question.of(Question, year=target, until=last, levels={80, LEVEL, *levels})
        annual = forecast_from(series, whole_years)
        if any(annual.origin < first <= target for first in series.breaks):
            annual = None
    by_year = _totals_of(annual)
    if question.basis == "chained":  # a part and its year on one basis: both as published
        by_year = {year: totals.get(year, value) for year, value in by_year.items()}

    earlier = _bases(values, choice, {*by_year, target - 1}, target) if annual else {}
    base = earlier.get(target - 1)
    case = Case(series, target, values, choice, annual, by_year, earlier, base, same_definition)
    past = shares_of(case)
    evidence = gathered(case, past)
    warnings += contradictions(case, evidence, past)

    voted = votes(evidence)
    if not voted or (evidence.part == 0 and "growth" not in voted):
        raise UsageError(
            f"{series.id} has a growth alone, and no earlier year.",
            f"Give a value: {option('partial')}.",
        )
    _require_finite(voted.values(), target)
    restated = base is not None and base.how == "restated" and {"share", "growth"} <= voted.keys()
    answer = (combine_restated if restated else combine)(evidence, levels)
    _require_finite((answer.point, *answer.lower, *answer.upper), target)

    result = Nowcast(
        series=series,
        year=target,
        levels=levels,
        choice=choice,
        parts=_known_parts(case),
        base=base,
        evidence=evidence,
        value=answer.point,
        lower=answer.lower,
        upper=answer.upper,
        votes=tuple(Vote(voter, value, answer.weights[voter]) for voter, value in voted.items()),
        annual=annual,
        estimates=_estimates(series, target, as_of),
        actual=actual,
        as_of=as_of,
        same_definition=same_definition,
    )
    return replace(result, notes=(*warnings, *_notes(result)))


def _totals_of(annual: Forecast | None) -> dict[int, float]:
    """The totals that the annual forecast rests on, by year."""
    if annual is None:
        return {}
    return dict(zip(annual.history.years, annual.history.values.tolist(), strict=True))


def _without_observed(series: Series, years: range) -> Series:
    """The series without levels and growth observed in these years, which came after `until`."""
    rows = series.observations
    levels = [row for row in rows if row.status == "forecast" or row.period.year not in years]
    growth = [row for row in series.growth if row.period.year not in years]
    return replace(series, observations=tuple(levels), growth=tuple(growth))


def _bases(
    values: PeriodValues, choice: ChosenParts, years: Iterable[int], target: int
) -> dict[int, Base]:
    """The known months in earlier years, by year.

    The growth of the chosen parts implies those of the year before.
    """
    bases = {}
    for year in sorted(years):
        later = choice.used if year == target - 1 else ()
        base = values.base(year, choice.months, later)
        if base is not None:
            bases[year] = base
    return bases


def _known_parts(case: Case) -> tuple[KnownPart, ...]:
    """Every known part of the year with its base, in the order of the periods."""

    def with_base(part: YearPart, use: str) -> KnownPart:
        if case.annual is None:
            return KnownPart(part, use, None)
        return KnownPart(part, use, case.values.base(case.year - 1, part.months, (part,)))

    used = [with_base(part, "used") for part in case.choice.used]
    left = [with_base(part, "left out") for part in case.choice.left]
    return tuple(sorted([*used, *left], key=lambda line: (line.part.period, line.use)))


def _estimates(series: Series, target: int, as_of: date | None) -> tuple[PublishedForecast, ...]:
    """Select the estimates that others published for the year; a target is a plan, and none."""
    year = Period(target)
    published = published_forecasts(series, as_of=as_of)
    return tuple(figure for figure in published if figure.period == year and not figure.target)


def _require_finite(values: Iterable[float], target: int) -> None:
    if not all(map(isfinite, values)):
        raise UsageError(
            f"These parts make {target} more than a number holds.",
            "Write the series in a larger unit.",
        )


@in_currency.register
def _converted(result: Nowcast, how: Exchange) -> Nowcast:
    year = result.year

    def amount(value: float | None, of: int = year) -> float | None:
        return None if value is None else how.value(value, of)

    def amounts(values: Iterable[float]) -> tuple[float, ...]:
        return tuple(how.value(value, year) for value in values)

    def base_of(base: Base | None) -> Base | None:
        if base is None:
            return None
        return base._replace(
            value=amount(base.value, year - 1),
            published=amount(base.published, year - 1),
            implied=amount(base.implied, year - 1),
        )

    def part_of(part: YearPart) -> YearPart:
        return part._replace(value=amount(part.value))

    history = result.annual.history.years if result.annual else ()
    return replace(
        result,
        parts=tuple(
            KnownPart(part_of(line.part), line.use, base_of(line.base)) for line in result.parts
        ),
        base=base_of(result.base),
        value=how.value(result.value, year),
        lower=amounts(result.lower),
        upper=amounts(result.upper),
        votes=tuple(vote._replace(value=how.value(vote.value, year)) for vote in result.votes),
        estimates=tuple(
            figure._replace(value=how.value(figure.value, year)) for figure in result.estimates
        ),
        notes=(how.note((*history, year), "nowcast", result.series.unit), *result.notes),
        series=replace(result.series, unit=how.unit),
        choice=ChosenParts(
            used=tuple(map(part_of, result.choice.used)),
            left=tuple(map(part_of, result.choice.left)),
        ),
        annual=result.annual and in_currency(result.annual, how),
        actual=result.actual and replace(result.actual, value=how.value(result.actual.value, year)),
    )


def _notes(result: Nowcast) -> Iterator[Note]:
    """Notes on the parts, their base and the years before, in this order."""
    yield from _notes_on_parts(result)
    yield from _notes_on_base(result)
    yield from _notes_on_years(result)


def _notes_on_parts(result: Nowcast) -> Iterator[Note]:
    if result.choice.left:
        others = listed(map(_left_in_words, result.choice.left))
        yield Note(
            "longest_part",
            f"The longest known part of {result.year} is used, and not {others}.",
        )
    for part in result.choice.used:
        if not part.weak:
            continue
        months = f"{capital(named_months(part.months))} is {part.weak}"
        if part.weak in BOUNDS.values():
            side = "low" if part.weak == BOUNDS[">"] else "high"
            amount = number(part.value or 0)
            yield Note("inexact_part", f"{months} {amount}, so the nowcast is likely too {side}.")
        else:
            yield Note("preliminary_part", f"{months} and may be revised.")


def _left_in_words(part: YearPart) -> str:
    """A part that is left out, with its value or its growth."""
    if part.value is None:
        return f"{part.period} (growth {part.growth_pct:+g} %)"
    return f"{part.period} ({number(part.value)})"


def _notes_on_base(result: Nowcast) -> Iterator[Note]:
    base = result.base
    months = named_months(result.choice.months)
    if base is not None and base.published is not None and base.how != "published":
        before = f"{capital(months)} of {result.year - 1}"
        if base.how == "restated":
            yield _restated_note(before, base.published, base.implied or 0.0)
        else:
            bound = f"{base.weak} " if base.weak in BOUNDS.values() else ""
            use = "so it is not used"
            if base.implied is not None:
                use = f"replaced by {rounded(base.implied)}, which the growth since implies"
            yield Note(
                "weak_base",
                f"{before} was first published as {bound}{number(base.published)}, {use}.",
            )
    if "calendar" in result.vote:
        yield Note(
            "no_season", f"No earlier year has {months} on this basis, so the interval is wide."
        )


def _restated_note(before: str, published: float, implied: float) -> Note:
    change = 100 * (implied / published - 1)
    return Note(
        "restated_base",
        f"{before} is published as {number(published)}, but the growth since implies "
        f"{rounded(implied)} ({change:+.1f} %): the base was restated, and the whole year may "
        "have been.",
    )


def _notes_on_years(result: Nowcast) -> Iterator[Note]:
    year = result.year
    annual = result.annual
    if annual is None:
        text = "No earlier year is known, so there is no annual forecast."
        breaks = [first for first in result.series.breaks if first <= year]
        if breaks:
            text = f"{max(breaks)} is the first year on a new basis; no earlier year is used."
        yield Note("no_earlier_year", text)
    if annual is None or result.actual or result.as_of:
        yield Note(
            "learned_later", f"The weights and the models were trained on data from after {year}."
        )

    totals = annual.history.observations if annual else ()
    summed = [total.period.year for total in totals if _is_sum(total)]
    if summed:
        yield Note("summed", f"Parts are summed to years: {spans(summed)}.")

    # The nowcast says the first for itself; the others point to this command.
    covered = ("learned_later", "parts_of_year", "open_year")
    for note in annual.notes if annual else result.series.reading_notes:
        if note.code not in covered:
            yield note


def _is_sum(total: Observation) -> bool:
    return total.derivation is not None and total.derivation.how == "sum"
