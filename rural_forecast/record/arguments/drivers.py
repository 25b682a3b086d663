"""The argument of drivers: a market that is sized."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.errors import RuralForecastError, UsageError
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.record.arguments.argument import (
    DRIVERS,
    LEVELS,
    Argument,
    observed_outside,
    quantiles_of_result,
)
from rural_forecast.sizing.model import MarketModel, load
from rural_forecast.sizing.result import Sizing
from rural_forecast.sizing.size import size
from rural_forecast.sizing.toml import shipped


def sized_by(
    series: Series, trend: Forecast, drivers: str | Path | None, notes: list[Note]
) -> Sizing | None:
    """Size by the model that is named, or by the one that ships for the series, if there is one."""
    ours = None if drivers is not None or series.file else _shipped_model(series.id)
    model = ours if drivers is None else drivers
    if model is None:
        return None
    try:
        return size(model, year=trend.target, levels=LEVELS)
    except RuralForecastError as error:
        if ours is None:
            raise
        text = f"{ours.file.name} gives no {trend.target}: {str(error).rstrip('.')}."
        notes.append(Note("no_drivers", text))
        return None


def of_drivers(series: Series, trend: Forecast, sized: Sizing) -> Argument:
    """Make the argument of drivers, which misses what was observed if its range then does."""
    main = sized.main
    origin = trend.origin
    file = sized.model.file.name
    if main.unit and series.unit and main.unit != series.unit:
        raise UsageError(
            f"{file} sizes {main.unit}, and {series.id} is in {series.unit}.",
            "Give both in one unit.",
        )
    against = sized.comparison.series if sized.comparison else series.id
    counts = sized.model.note.rstrip(".") or sized.model.title or file
    other = "" if against == series.id else against
    misses = ""
    if origin in sized.years:
        then = Argument(
            DRIVERS,
            quantiles_of_result(main.estimates[sized.years.index(origin)]),
            counts,
            main.formula,
        )
        misses = observed_outside(*then.ends(), trend.history.last, origin)
    return Argument(
        DRIVERS,
        quantiles_of_result(main.estimates[-1]),
        counts,
        main.formula,
        misses=misses,
        other=other,
    )


def _shipped_model(series: str) -> MarketModel | None:
    """The sizing model that ships and is set against a series."""
    for name in shipped("sizing"):
        model = load(name)
        if model.top_down is not None and model.top_down.series.id == series:
            return model
    return None
