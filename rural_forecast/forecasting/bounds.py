"""Forecasts stay inside their bounds: those of a rate, and the limits that a person states.

What would pass a bound approaches it ever more slowly instead (see `limits`). On the test parts of 202 series of
internet users (percent of people, Gapminder) the map took the mean absolute scaled error from 2.94 to 2.66, where
forecasting the odds gave 3.04.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from rural_forecast.errors import Problem, UsageError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.kinds import applies
from rural_forecast.forecasting.limits import FALL, NONE, Limits, first_fall, kept
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.series.shares import end_of, is_growth, most_of


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


def past_whole(history: History, paths: Sequence[ModelForecast]) -> Iterator[Note]:
    """A warning where what may be a share and has not passed the whole is forecast past it."""
    series, values = history.series, history.values
    most = end_of((series.id, series.title), series.unit, float(values.min()), float(values.max()))
    if most is None or series.measure in ("rate", "growth"):
        return
    if any(float(side.max(initial=0.0)) > most for path in paths if path.answers for side in (path.values, path.upper)):
        yield Note("past_whole", {"whole": most}, warning=True)


def of_growth(series: Series) -> Iterator[Note]:
    """A warning where growth in percent is forecast as if it were an amount."""
    if series.measure not in ("rate", "growth") and is_growth((series.id, series.title), series.unit):
        yield Note("growth_forecast", {}, warning=True)


def require_possible(history: History, stated: Limits) -> None:
    """Refuse limits that the history contradicts.

    Raises UsageError if a value lies above the ceiling, the last one below the floor, or a cumulative total fell.
    """
    most = whole(history)
    contradicted = contradiction(history.first, history.values, stated, inf if most is None else most)
    if contradicted is not None:
        raise UsageError.of("contradicted", series=history.series.id, cause=contradicted)


def contradiction(first: int, values: Array, stated: Limits, most: float) -> Problem | None:
    """What the values say against the limits; None where they agree.

    `first`: the year of the first value. `most`: the most a rate can be, infinite for what is no rate.
    """
    last, origin, highest = float(values[-1]), first + len(values) - 1, int(values.argmax())
    floor = -inf if stated.floor is None else stated.floor
    if stated.kind and not applies(values[None])[0]:
        return Problem("kind_of_too_little", kind=stated.kind)
    if most < stated.top < inf:
        return Problem("ceiling_above_rate", ceiling=stated.top, most=most)
    if values[highest] > stated.top:
        return Problem("above_ceiling", year=first + highest, value=float(values[highest]), ceiling=stated.top)
    if last < floor:
        return Problem("last_below_floor", year=origin, value=last, floor=floor)
    if floor >= most:
        return Problem("floor_above_rate", floor=floor, most=most)
    fall = first_fall(values) if stated.cumulative else None
    if fall is not None:
        before, after = values[fall - 1 : fall + 1].tolist()
        return Problem("total_falls", before=before, after=after, year=first + fall, least=100 * FALL)
    if stated.cumulative and last >= min(most, stated.top):
        return Problem("total_complete", most=min(most, stated.top))
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
