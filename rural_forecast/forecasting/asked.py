"""A question applied to the history of a series: the years to forecast, and the limits to keep."""

from __future__ import annotations

from contextlib import suppress
from math import inf

from rural_forecast.errors import Place, UsageError, option
from rural_forecast.forecasting.kinds import applies
from rural_forecast.forecasting.limits import Limits, contradiction
from rural_forecast.forecasting.wholes import not_a_part, whole_of_rate
from rural_forecast.models.base import Array
from rural_forecast.observed.catalogue import load
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.observation import NO_KIND, Series
from rural_forecast.observed.period import LAST_YEAR
from rural_forecast.observed.subjects import subject_of
from rural_forecast.question.question import (
    DEFAULT_HORIZON,
    FARTHEST,
    MarketQuestion,
    Statements,
)


def target_years(history: History, year: int | None) -> tuple[int, ...]:
    """The years from the one after the origin to `year`; refuses one that cannot be asked for."""
    origin = history.origin
    target = origin + DEFAULT_HORIZON if year is None else year
    if target <= origin:
        observed = ", and observed already" if target in history.years else ""
        until = f", or add {option('until', target - 1)}" if target > history.first else ""
        hint = f"Ask for a later year, such as {option('year', origin + 1)}{until}."
        raise UsageError(f"{target} is not after {origin}, the last year used{observed}.", hint)
    last = min(origin + FARTHEST, LAST_YEAR)
    if target > last:
        problem = f"{target} is too far after {origin}, the last year used."
        raise UsageError(problem, f"The last one that can be asked for is {option('year', last)}.")
    return tuple(range(origin + 1, target + 1))


def stated_limits(question: Statements) -> Limits:
    """The limits that are stated of any series."""
    return Limits(question.ceiling, question.floor, question.measure, question.kind)


def kind_of(series: Series, values: Array, stated: str | None = None) -> str | None:
    """Return the subject of a series: as stated, as its file or the catalogue says, or as read.

    What is stated, or in a file, comes back even where it cannot apply, and is then refused.
    """
    kind = stated or series.market_kind
    if kind == NO_KIND:
        return None
    if stated or (kind and series.file):
        return kind
    return kind or subject_of(series) or None if applies(values[None])[0] else None


def limits_of(question: MarketQuestion, history: History) -> Limits:
    """The limits that are stated of one series, which it does not contradict, with other markets in
    its unit.
    """
    series = history.series
    if question.like and history.last <= 0:
        raise UsageError(
            f"The last value of {series.id} is not positive.", f"Leave {option('like')} out."
        )
    limits = stated_limits(question)._replace(
        kind=kind_of(series, history.values, question.kind),
        like=tuple(_history(market, history) for market in question.like),
        within=_total(question, history),
    )
    contradicted = contradiction(
        history.first, history.values, limits, whole_of_rate(history) or inf
    )
    if contradicted is not None:
        raise UsageError.of(contradicted, place=Place(series.id))
    return limits


def total_of(series: Series, question: MarketQuestion) -> Series | None:
    """The total that is stated, or else that of the file or of the catalogue."""
    stated = question.within if question.within is not None else series.total
    if stated is None and series.within and not series.file:
        return load().get(series.within)
    return stated


def _total(question: MarketQuestion, history: History) -> History | None:
    series = history.series
    total = total_of(series, question)
    if total is None:
        return None
    if question.within is None and series.total is None:
        # That of the catalogue may not have been known by then, which nobody asked for.
        with suppress(UsageError):
            return _history(total, history, question.until)
        return None
    whole = _history(total, history, question.until)
    problem = not_a_part(*_identified(history), *_identified(whole))
    if problem is not None:
        raise UsageError.of(problem)
    return whole


def _identified(history: History) -> tuple[str, int, Array]:
    return history.series.id, history.first, history.values


def _history(theirs: Series, ours: History, until: int | None = None) -> History:
    own = ours.series
    if theirs.unit and own.unit and theirs.unit != own.unit:
        problem = f"{theirs.id} is in {theirs.unit}, and {own.id} in {own.unit}."
        raise UsageError(problem, "Give both in one unit.")
    return annual(theirs, until=until, allow_gaps=True, as_of=ours.as_of)
