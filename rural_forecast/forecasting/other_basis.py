"""What the choice of basis changes: the same forecast once more, on the basis that was not asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import Forecast, forecast
from rural_forecast.series.basis import TOLERANCE_PCT, Basis
from rural_forecast.series.history import annual
from rural_forecast.text.wording import number

_WORDS = {"levels": "On the levels as published", "chained": "On levels chained by the published growth"}


def other_basis(result: Forecast, **options: Any) -> str:
    """A sentence on what the other basis gives for the target; empty where level and growth agree.

    Parameters
    ----------
    result : a forecast
    options : the arguments of `forecast` that gave it; models beside the consensus are not asked again
    """
    history = result.history
    basis: Basis = "chained" if history.basis == "levels" else "levels"
    options |= {"basis": basis, "year": result.target, "kernels": False, "opinions": False}
    window = ("since", "until", "prefer", "reconcile", "allow_gaps", "as_of", "basis")
    try:
        other = annual(history.series, **{key: options[key] for key in window if key in options})
    except UsageError:  # nothing to chain with
        return ""
    if other.years != history.years or not np.all(history.values):
        return ""
    change = other.values / history.values - 1
    if np.max(np.abs(change)) * 100 <= TOLERANCE_PCT:
        return ""
    told, ours = forecast(history.series, **options).best, result.best
    value, point = float(told.values[-1]), float(ours.values[-1])
    unit = f" {history.series.unit}" if history.series.unit else ""
    apart = f", {100 * abs(value / point - 1):.1f} % {'more' if value >= point else 'less'}" if point > 0 else ""
    level = f" ({result.levels[0]} %: {_rounded(told.lower[0, -1])} to {_rounded(told.upper[0, -1])})"
    worst = int(np.argmax(np.abs(change)))
    return (
        f"{_WORDS[basis]} the forecast for {result.target} is {_rounded(value)}{unit}{level}{apart}: "
        f"{history.years[worst]} is then {_rounded(other.values[worst])} in place of {number(history.values[worst])}. "
        f"See it with --basis {basis}."
    )


def _rounded(value: float) -> str:
    return number(float(f"{value:.4g}"))
