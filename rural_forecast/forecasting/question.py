"""The question that a forecast answers: keyword arguments of one series and of a batch, and their
checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import inf, isfinite
from typing import Any, TypedDict

from rural_forecast.errors import Place, UsageError, option
from rural_forecast.forecasting.limits import CUMULATIVE, Limits, contradiction
from rural_forecast.forecasting.wholes import not_a_part, whole_of_rate
from rural_forecast.models.base import Array, Ceiling
from rural_forecast.series.catalogue import load
from rural_forecast.series.history import History, Selection, annual
from rural_forecast.series.observation import MARKET_KINDS, Series
from rural_forecast.series.period import LAST_YEAR

DEFAULT_LEVELS = (80, 95)
DEFAULT_HORIZON = 2
FARTHEST = 100  # years after the origin beyond which a target is refused


def require_consensus(models: Sequence[object], **stated: object) -> None:
    """Refuse a kind, or leaders, where models are asked in place of the consensus, which alone
    these change.
    """
    for name, given in stated.items():
        if given and models and "consensus" not in models:
            problem = f"{option(name)} changes the consensus alone, and other models are asked in its place."
            raise UsageError(
                problem, f"Leave {option(name)} out, or add {option('models', ['consensus'])}."
            )


def checked_levels(levels: Sequence[int]) -> tuple[int, ...]:
    """Interval levels in rising order, each once; those outside 30 to 99 are refused."""
    for level in levels:
        if not 30 <= level <= 99:
            hint = f"Give whole percents, such as {option('levels', [90])}."
            raise UsageError(f"The level {level} is not between 30 and 99.", hint)
    return tuple(sorted(set(levels)))


def headline(levels: Sequence[int]) -> int:
    """Place of the level that sentences name: the one nearest to 80 %, of two the wider."""
    return min(range(len(levels)), key=lambda place: (abs(levels[place] - 80), -levels[place]))


def check_horizon(horizon: int | None, year: int | None) -> None:
    """Refuse a horizon that is out of range, or given together with a year."""
    if horizon is not None and year is not None:
        hint = f"Leave {option('horizon')} or {option('year')} out."
        raise UsageError("A horizon and a year contradict each other.", hint)
    if horizon is not None and not 1 <= horizon <= FARTHEST:
        hint = f"Give one, such as {option('horizon', 3)}."
        raise UsageError(f"The horizon {horizon} is not between 1 and {FARTHEST} years.", hint)


def target_years(history: History, year: int | None) -> tuple[int, ...]:
    """The years from the one after the origin to `year`; refuses one that cannot be asked for."""
    origin = history.origin
    target = origin + DEFAULT_HORIZON if year is None else year
    if target <= origin:
        seen = ", and observed already" if target in history.years else ""
        until = f", or add {option('until', target - 1)}" if target > history.first else ""
        hint = f"Ask for a later year, such as {option('year', origin + 1)}{until}."
        raise UsageError(f"{target} is not after {origin}, the last year used{seen}.", hint)
    last = min(origin + FARTHEST, LAST_YEAR)
    if target > last:
        problem = f"{target} is too far after {origin}, the last year used."
        raise UsageError(problem, f"The last one that can be asked for is {option('year', last)}.")
    return tuple(range(origin + 1, target + 1))


class Stated(TypedDict, total=False):
    """Knowledge of a market that a person states."""

    ceiling: Ceiling | None
    """Range in which the market saturates: growth curves join, and nothing lies above its upper
    end.
    """
    floor: float | None  # nothing lies below it
    measure: str | None
    """`cumulative` for a running total, which never falls; other measures are stated where a file
    or frame is read.
    """
    kind: str | None
    """kind of market, one of `MARKET_KINDS`; left out, the one that the series states."""


class Question(Stated, Selection, total=False):
    """Statements about a market, and which points of its series are used."""

    within: Any
    """the total that it is a part of, in its unit; left out, the one that the catalogue names."""
    like: Sequence[Any]
    """The same product in other markets: those that are ahead lead the consensus. Each whatever
    makes a series.
    """


class BatchQuestion(Stated, total=False):
    """The question to every series of a batch; a series that contradicts a limit is refused."""

    horizon: int | None  # years ahead of the last one of each series, 2 where left out
    year: int | None  # the last year to forecast, in place of `horizon`
    levels: Sequence[int]  # interval levels in whole percents, 30 to 99
    models: Sequence[str]  # models that answer in place of the consensus
    all_models: bool  # True to add the rows of our other kernels
    history: bool  # True to put the actual rows first


def stated_limits(question: Stated, kind: str | None) -> Limits:
    """The limits among what is stated, checked; `kind` is that of the series."""
    ceiling = question.get("ceiling")
    floor = question.get("floor")
    kind = question.get("kind") or kind
    if ceiling is not None:
        low, high = ceiling = float(ceiling[0]), float(ceiling[1])
        if not 0 < low <= high < inf:
            problem = f"The ceiling {low:g} to {high:g} is not a range of positive numbers."
            raise UsageError(problem, "Give the lower end first.")
    floor = None if floor is None else float(floor)
    if floor is not None and not isfinite(floor):
        raise UsageError(
            f"The floor {floor:g} is not a finite number.", f"Give {option('floor', 100)}, say."
        )
    if floor is not None and ceiling is not None and floor >= ceiling[1]:
        problem = f"The floor of {floor:,.6g} is not below the ceiling of {ceiling[1]:,.6g}."
        raise UsageError(problem, "Lower the floor.")
    if kind and kind not in MARKET_KINDS:
        hint = f"There is one for {', '.join(MARKET_KINDS)}; leave {option('kind')} out for all other markets."
        raise UsageError(f"There is no forecast for the kind of market {kind!r}.", hint)
    measure = question.get("measure")
    if measure not in (None, CUMULATIVE):
        advice = f"{option('measure', CUMULATIVE)} is the only one that a forecast takes."
        raise UsageError(f"The measure {measure} is stated where a file or frame is read.", advice)
    return Limits(ceiling, floor, measure, kind or None)


def limits_of(question: Question, history: History) -> Limits:
    """The limits among what is stated of one series, which it does not contradict, with other
    markets in its unit.
    """
    stated = stated_limits(question, history.series.market_kind)
    name = history.series.id
    others = question.get("like") or ()
    if others and history.last <= 0:
        raise UsageError(
            f"The last value of {name} is not positive.", f"Leave {option('like')} out."
        )
    like = tuple(_history(series, history) for series in others)
    stated = stated._replace(within=_total(question, history), like=like)
    contradicted = contradiction(
        history.first, history.values, stated, whole_of_rate(history) or inf
    )
    if contradicted is not None:
        raise UsageError.of(contradicted, place=Place(name))
    return stated


def _total(question: Question, history: History) -> History | None:
    total = question.get("within")
    until = question.get("until")
    series = history.series
    if total is None:
        total = series.total
    if total is None and series.within and not series.file:
        with suppress(UsageError):  # not known by then
            return _history(load().get(series.within), history, until)
    known = None if total is None else _history(total, history, until)
    if known and (problem := not_a_part(*_named(history), *_named(known))):
        raise UsageError.of(problem)
    return known


def _named(history: History) -> tuple[str, int, Array]:
    return history.series.id, history.first, history.values


def _history(theirs: Series, ours: History, until: int | None = None) -> History:
    own = ours.series
    if theirs.unit and own.unit and theirs.unit != own.unit:
        problem = f"{theirs.id} is in {theirs.unit}, and {own.id} in {own.unit}."
        raise UsageError(problem, "Give both in one unit.")
    return annual(theirs, until=until, allow_gaps=True, as_of=ours.as_of)
