"""Forecasts stay inside their bounds: those of a rate, and the limits that a person states.

What would pass a bound approaches it ever more slowly instead (see `limits`). On the test parts of 202 series of
internet users (percent of people, Gapminder) the map took the mean absolute scaled error from 2.94 to 2.66, where
forecasting the odds gave 3.04.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.limits import FALL, NONE, Limits, first_fall, kept
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History
from rural_forecast.series.shares import most_of, whole_of
from rural_forecast.text.wording import number


def whole(history: History) -> float | None:
    """The most a rate can be, in its own unit: 100 in percent, 1 as a share; None for what is no rate."""
    if history.series.measure != "rate":
        return None
    unit = history.series.unit
    most = most_of(unit)
    return most if 0 <= history.values.min() <= history.values.max() <= most else None


def notes(history: History, stated: Limits) -> Iterator[Note]:
    """Which bounds a forecast keeps."""
    unit = history.series.unit
    most = whole(history)
    if most is not None:
        yield Note("rate_ends", {"most": most, "unit": unit})
    if stated.ceiling is not None:
        yield Note("ceiling", {"low": stated.ceiling[0], "high": stated.ceiling[1], "unit": unit})
    if stated.floor is not None:
        yield Note("floor", {"value": stated.floor, "unit": unit})
    if stated.cumulative:
        yield Note("cumulative", {"last": float(history.values[-1]), "unit": unit})


def past_whole(history: History, told: Sequence[ModelForecast]) -> Iterator[Note]:
    """A warning where a percentage that has not passed the whole is forecast past it."""
    most, values = whole_of(history.series.unit), history.values
    if most is None or history.series.measure in ("rate", "growth") or values.min() < 0 or values.max() > most:
        return
    if any(float(part.max(initial=0.0)) > most for one in told if one.answers for part in (one.values, one.upper)):
        yield Note("past_whole", {"whole": most}, warning=True)


def require_possible(history: History, stated: Limits) -> None:
    """Refuse limits that the history contradicts.

    Raises
    ------
    UsageError : a value lies above the ceiling, the last one below the floor, or a cumulative total fell
    """
    found = contradiction(history.years[0], history.values, stated, whole(history)) if stated.stated else None
    if found is not None:
        problem, hint = found
        raise UsageError(f"{history.series.id}: {problem}.", hint)


def contradiction(first: int, values: Array, stated: Limits, most: float | None) -> tuple[str, str] | None:
    """What the values say against the limits, and what to do about it; None where they agree.

    Parameters
    ----------
    first : the year of the first value
    most : the most a rate can be, None for what is no rate
    """
    last, origin = float(values[-1]), first + len(values) - 1
    highest = int(values.argmax())
    end = inf if most is None else most
    if stated.top < inf and stated.top > end:
        problem = f"the ceiling of {number(stated.top)} is above {end:g}, the most that a rate can be"
        return problem, "Lower the ceiling."
    if values[highest] > stated.top:
        value = f"its value of {first + highest}, {number(float(values[highest]))}"
        return f"{value}, is above the ceiling of {number(stated.top)}", "Raise the ceiling."
    if stated.floor is not None and last < stated.floor:
        return f"its last value, {number(last)} in {origin}, is below the floor of {number(stated.floor)}", (
            "Lower the floor."
        )
    if stated.floor is not None and stated.floor >= end:
        return f"the floor of {number(stated.floor)} is not below {end:g}, the most that a rate can be", (
            "Lower the floor."
        )
    if not stated.cumulative:
        return None
    fall = first_fall(values)
    if fall is not None:
        before, after = (f"{number(float(values[place]))} in {first + place}" for place in (fall - 1, fall))
        return (
            f"it falls from {before} to {after}, and a cumulative total never falls",
            f"Leave {option('cumulative')} out, or correct the value; falls up to {100 * FALL:g} % count as revisions.",
        )
    if last >= min(end, stated.top):
        reached = number(min(end, stated.top))
        return f"its last value has reached {reached}, so a total that never falls has nothing left to add", (
            f"Raise the ceiling, or leave {option('cumulative')} out."
        )
    return None


def bounded(given: ModelForecast, history: History, stated: Limits = NONE) -> ModelForecast:
    """A model's forecast inside the bounds of a rate and the stated limits; any other one as it is."""
    most = whole(history)
    if not given.answers or (most is None and not stated.stated):
        return given
    found = kept(
        given.values,
        given.lower,
        given.upper,
        float(history.values[-1]),
        top=stated.top if stated.ceiling else most,
        floor=stated.floor,
        cumulative=stated.cumulative,
        settled=is_settled(given.model, stated),
    )
    return given._replace(**found._asdict())


def is_settled(model: str, stated: Limits) -> bool:
    """Whether a model's medians respect the ceiling by themselves: those of the curves, and so of the consensus."""
    return stated.ceiling is not None and (model == "consensus" or registry.get(model).role == "curve")
