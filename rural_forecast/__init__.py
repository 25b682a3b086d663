"""Forecasts of short annual market series, with the evidence for them.

>>> import rural_forecast as rf
>>> series = rf.read("rural_online_shopping_turnover")
>>> result = rf.forecast(series, year=2018)
>>> result.origin, result.years
(2016, (2017, 2018))

`to_frame` gives the rows of a result as a pandas frame.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from rural_forecast.version import __version__

TYPE_CHECKING = False  # importing typing would double the cost of --version

if TYPE_CHECKING:
    from rural_forecast.forecasting.backtest import backtest as backtest
    from rural_forecast.forecasting.batch.api import batch as batch
    from rural_forecast.forecasting.batch.api import forecast_frame as forecast_frame
    from rural_forecast.forecasting.compare import compare as compare
    from rural_forecast.forecasting.forecast import forecast as forecast
    from rural_forecast.forecasting.pool import pooled as pooled
    from rural_forecast.forecasting.precedents import precedents as precedents
    from rural_forecast.forecasting.targets import targets as targets
    from rural_forecast.nowcasting.nowcast import nowcast as nowcast
    from rural_forecast.panels.panel import panel as panel
    from rural_forecast.scenarios.assumptions import Scenario as Scenario
    from rural_forecast.scenarios.assumptions import read_scenarios as read_scenarios
    from rural_forecast.scenarios.scenario import scenario as scenario
    from rural_forecast.series.growth import growth as growth
    from rural_forecast.series.reading import ReadOptions as ReadOptions
    from rural_forecast.series.source import read as read
    from rural_forecast.sizing.size import size as size
    from rural_forecast.views.frame import to_frame as to_frame

_HOMES = {
    "ReadOptions": "rural_forecast.series.reading",
    "backtest": "rural_forecast.forecasting.backtest",
    "batch": "rural_forecast.forecasting.batch.api",
    "forecast_frame": "rural_forecast.forecasting.batch.api",
    "compare": "rural_forecast.forecasting.compare",
    "forecast": "rural_forecast.forecasting.forecast",
    "growth": "rural_forecast.series.growth",
    "Scenario": "rural_forecast.scenarios.assumptions",
    "nowcast": "rural_forecast.nowcasting.nowcast",
    "pooled": "rural_forecast.forecasting.pool",
    "panel": "rural_forecast.panels.panel",
    "precedents": "rural_forecast.forecasting.precedents",
    "read": "rural_forecast.series.source",
    "read_scenarios": "rural_forecast.scenarios.assumptions",
    "scenario": "rural_forecast.scenarios.scenario",
    "size": "rural_forecast.sizing.size",
    "targets": "rural_forecast.forecasting.targets",
    "to_frame": "rural_forecast.views.frame",
}

__all__ = [
    "ReadOptions",
    "Scenario",
    "__version__",
    "backtest",
    "batch",
    "compare",
    "forecast",
    "forecast_frame",
    "growth",
    "nowcast",
    "panel",
    "pooled",
    "precedents",
    "read",
    "read_scenarios",
    "scenario",
    "size",
    "targets",
    "to_frame",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
