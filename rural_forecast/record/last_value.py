"""The forecast of the last value, with which others are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np

from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.models.base import Array
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Series
from rural_forecast.observed.yearly import ByYear
from rural_forecast.record.kept import Bounds
from rural_forecast.record.scored import Scored
from rural_forecast.text.wording import runs


def with_last_value(
    rows: Sequence[Scored], observed_in: Mapping[str, ByYear], levels: Sequence[int]
) -> tuple[Scored, ...]:
    """Give each row the forecast of the last value, made at its origin, where there is one.

    `observed_in` holds the values of the years of each series, by its id.
    """
    horizon = max((row.horizon or 0 for row in rows), default=0)
    if horizon <= 0:
        return tuple(rows)

    # A block holds histories of one length.
    blocks: dict[int, dict[tuple[str, int], Array]] = {}
    # The rows of all years and authors from one origin share a history.
    by_origin = {(row.series.id, row.origin): row.series for row in rows if row.origin is not None}
    for (name, origin), series in by_origin.items():
        with suppress(UsageError, InputError):
            values = values_until(series, observed_in[name], origin)
            if values is not None:
                block = blocks.setdefault(len(values), {})
                block[name, origin] = values

    naive: dict[tuple[str, int, int], tuple[float, Bounds]] = {}
    for block in blocks.values():
        answers = forecast_block(
            registry.get("naive"), np.array([*block.values()]), horizon, tuple(levels), None
        )
        for rank, (name, origin) in enumerate(block):
            for step in range(horizon):
                lower = answers.lower[rank, :, step].tolist()
                upper = answers.upper[rank, :, step].tolist()
                bounds = dict(zip(levels, zip(lower, upper, strict=True), strict=True))
                point = float(answers.points[rank, step])
                naive[name, origin, origin + step + 1] = (point, bounds)
    return tuple(
        row._replace(naive=naive.get((row.series.id, row.origin or 0, row.period))) for row in rows
    )


def values_until(series: Series, observed: ByYear, origin: int) -> Array | None:
    """The values that models see in a year; None if the series has none of that year.

    `observed` holds the value of each year of the series.
    """
    changes_basis = series.breaks or series.growth or series.passed_whole is not None
    if changes_basis or series.measure == "growth":
        history = annual(series, until=origin, allow_gaps=True)
        return history.values if history.origin == origin else None
    # On one basis these are the values after the last gap: a history has notes besides, which
    # take most of the time of a record of many series.
    together = runs(year for year in observed if year <= origin)
    if not together or together[-1][-1] != origin:
        return None
    return np.array([observed[year].value for year in together[-1]], dtype=np.float64)
