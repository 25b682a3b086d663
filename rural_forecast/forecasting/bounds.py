"""Forecasts stay inside their bounds: those of a rate, and the limits that a person states.

What would pass a bound approaches it ever more slowly instead (see `limits`). On the test parts of 202 series of
internet users (percent of people, Gapminder) the map took the mean absolute scaled error from 2.94 to 2.66, where
forecasting the odds gave 3.04.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from rural_forecast.errors import Place, Problem, UsageError, option
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.kinds import applies
from rural_forecast.forecasting.limits import FALL, NONE, Limits, first_fall, kept
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.series.shares import end_of, is_growth, most_of
from rural_forecast.text.numbers import in_unit, number


def whole(history: History) -> float | None:
    """The most a rate can be, in its own unit: 100 in percent, 1 as a share; None for what is no rate."""
    if history.series.measure != "rate":
        return None
    unit = history.series.unit
    most = most_of(unit)
    return most if 0 <= history.values.min() <= history.values.max() <= most else None


def notes(history: History, stated: Limits) -> Iterator[Note]:
    """Which bounds a forecast keeps."""
    unit = in_unit(history.series.unit)
    most = whole(history)
    if most is not None:
        yield Note("rate_ends", f"A rate ends at {most:g}{unit}: forecasts near it approach it ever more slowly.")
    if stated.ceiling is not None:
        low, high = map(number, stated.ceiling)
        ends = f" of {high}" if low == high else f", {low} to {high}"
        yield Note("ceiling", f"Nothing lies above the stated ceiling{ends}{unit}.")
    if stated.floor is not None:
        yield Note("floor", f"Nothing lies below the stated floor of {number(stated.floor)}{unit}.")
    if stated.cumulative:
        last = f"{number(history.last)}{unit}"
        yield Note("cumulative", f"A running total: no median falls, and no bound lies below the last value, {last}.")


def past_whole(history: History, paths: Sequence[ModelForecast]) -> Iterator[Note]:
    """A warning where what may be a share and has not passed the whole is forecast past it."""
    series, values = history.series, history.values
    most = end_of((series.id, series.title), series.unit, float(values.min()), float(values.max()))
    if most is None or series.measure in ("rate", "growth"):
        return
    if any(float(side.max(initial=0.0)) > most for path in paths if path.answers for side in (path.values, path.upper)):
        yield past_whole_note(most)


def of_growth(series: Series) -> Iterator[Note]:
    """A warning where growth in percent is forecast as if it were an amount."""
    if series.measure not in ("rate", "growth") and is_growth((series.id, series.title), series.unit):
        yield growth_note()


def past_whole_note(most: float, where: str = "") -> Note:
    """The warning; `where`: in which series of a batch."""
    name = "100 %" if most > 1 else "1, that is 100 %"
    text = f"The forecast passes {name}{where}, which no share of a whole can."
    return Note("past_whole", text, warning=True, advice="--measure rate keeps it below.")


def growth_note(where: str = "") -> Note:
    """The warning; `where`: in which series of a batch."""
    return Note(
        "growth_forecast",
        f"Growth in percent (by name and unit) is forecast as an amount{where}. To forecast a market, give its levels, "
        "with growth in a column growth_pct.",
        warning=True,
    )


def require_possible(history: History, stated: Limits) -> None:
    """Refuse limits that the history contradicts.

    Raises UsageError if a value lies above the ceiling, the last one below the floor, or a cumulative total fell.
    """
    most = whole(history)
    contradicted = contradiction(history.first, history.values, stated, inf if most is None else most)
    if contradicted is not None:
        raise UsageError.of(contradicted, place=Place(history.series.id))


def contradiction(first: int, values: Array, stated: Limits, most: float) -> Problem | None:
    """What the values say against the limits; None where they agree.

    `first`: the year of the first value. `most`: the most a rate can be, infinite for what is no rate.
    """
    last, origin, highest = float(values[-1]), first + len(values) - 1, int(values.argmax())
    ceiling, floor = number(stated.top), -inf if stated.floor is None else stated.floor
    if stated.kind and not applies(values[None])[0]:
        needs = f"The kind {stated.kind} needs two positive values or more."
        return Problem(needs, f"Leave {option('kind')} out.")
    if most < stated.top < inf:
        return Problem(f"The ceiling of {ceiling} is above {most:g}, the most that a rate can be.", "Lower it.")
    if values[highest] > stated.top:
        above = f"{number(float(values[highest]))} in {first + highest} is above the ceiling of {ceiling}."
        return Problem(above, "Raise the ceiling.")
    if last < floor:
        below = f"The last value, {number(last)} in {origin}, is below the floor of {number(floor)}."
        return Problem(below, "Lower the floor.")
    if floor >= most:
        return Problem(f"The floor of {number(floor)} is not below {most:g}, the most that a rate can be.", "Lower it.")
    fall = first_fall(values) if stated.cumulative else None
    if fall is not None:
        before, after = map(number, values[fall - 1 : fall + 1].tolist())
        falls = f"A running total never falls: it has {before} in {first + fall - 1}, {after} in {first + fall}."
        hint = f"Leave {option('measure')} out, or correct the value; falls up to {100 * FALL:g} % count as revisions."
        return Problem(falls, hint)
    if stated.cumulative and last >= min(most, stated.top):
        done = f"The last value has reached {number(min(most, stated.top))}: a running total has nothing left to add."
        return Problem(done, f"Raise the ceiling, or leave {option('measure')} out.")
    return None


def bounded(path: ModelForecast, history: History, stated: Limits = NONE) -> ModelForecast:
    """A model's forecast inside the bounds of a rate and the stated limits; any other one as it is."""
    most = whole(history)
    if not path.answers or (most is None and not stated.stated):
        return path
    last, settled = float(history.values[-1]), is_settled(path.model, stated)
    values, lower, upper = kept(path.values, path.lower, path.upper, last, stated, most, settled)
    return path._replace(values=values, lower=lower, upper=upper)


def is_settled(model: str, stated: Limits) -> bool:
    """Whether a model's medians respect the ceiling by themselves: those of the curves, and so of the consensus,
    unless a kind moves it."""
    if model == "consensus":
        return stated.ceiling is not None and stated.kind is None
    return stated.ceiling is not None and registry.get(model).role == "curve"
