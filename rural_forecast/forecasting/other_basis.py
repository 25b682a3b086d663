"""What the choice of basis changes: the same forecast once more, on the basis that was not asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.series.basis import TOLERANCE_PCT, Basis
from rural_forecast.series.history import annual
from rural_forecast.series.selection import selected


def other_basis(result: Forecast, **options: Any) -> Forecast:
    """The forecast with a note on what the other basis gives for the target, unless level and growth agree.

    `result`: a forecast. `options`: the arguments of `forecast` that gave it; models other than the consensus are not
    asked again.
    """
    history = result.history
    basis: Basis = "chained" if history.basis == "levels" else "levels"
    options |= {"basis": basis, "year": result.target, "kernels": False, "opinions": False}
    try:
        other = annual(history.series, **selected(options))
    except UsageError:  # nothing to chain with
        return result
    if other.years != history.years or not np.all(history.values):
        return result
    change = other.values / history.values - 1
    if np.max(np.abs(change)) * 100 <= TOLERANCE_PCT:
        return result
    theirs, ours = forecast(history.series, **options).best, result.best
    worst = int(np.argmax(np.abs(change)))
    fields = {
        "basis": basis,
        "year": result.target,
        "value": float(theirs.values[-1]),
        "unit": history.series.unit,
        "level": result.levels[0],
        "bounds": (float(theirs.lower[0, -1]), float(theirs.upper[0, -1])),
        "ours": float(ours.values[-1]),
        "changed": (history.years[worst], float(other.values[worst]), float(history.values[worst])),
    }
    return replace(result, notes=(*result.notes, Note("other_basis", fields)))
