"""Forecasts of short annual market series, with the evidence for them.

>>> import rural_forecast as rf
>>> result = rf.forecast({2014: 180, 2015: 353, 2016: 482}, year=2018)
>>> result.origin, result.years
(2016, (2017, 2018))

In a notebook a result shows its sentence, chart and table; `result.to_frame()` gives its rows as a pandas frame.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import sys

from rural_forecast.version import __version__

TYPE_CHECKING = False  # importing typing would double the cost of --version

if TYPE_CHECKING:
    from typing import Any

    from rural_forecast.forecasting.batch.api import batch, cross_validation, forecast_frame
    from rural_forecast.forecasting.pool import pooled
    from rural_forecast.forecasting.registry import OwnModel
    from rural_forecast.objects.chart import Chart
    from rural_forecast.objects.functions import (  # isort: skip
        backtest, compare, forecast, from_json, growth, nowcast, panel, precedents, revise, scenario, score, size,
        targets, triangulate,
    )  # fmt: skip
    from rural_forecast.objects.results import (  # isort: skip
        Backtest, Comparison, Forecast, Growth, Nowcast, PanelForecast, Precedents, Revision, Scenarios, Scores,
        Sizing, Triangulation, to_frame,
    )  # fmt: skip
    from rural_forecast.objects.series import series
    from rural_forecast.scenarios.scenario import Scenario, read_scenarios
    from rural_forecast.series.observation import Series
    from rural_forecast.series.reading import ReadOptions
    from rural_forecast.series.source import read

_HOMES = {
    "forecasting.batch.api": "batch cross_validation forecast_frame",
    "forecasting.registry": "OwnModel",
    "forecasting.pool": "pooled",
    "objects.chart": "Chart",
    "objects.functions": "backtest compare forecast from_json growth nowcast panel precedents revise scenario score "
    "size targets triangulate",
    "objects.results": "Backtest Comparison Forecast Growth Nowcast PanelForecast Precedents Revision Scenarios "
    "Scores Sizing Triangulation to_frame",
    "objects.series": "series",
    "scenarios.scenario": "Scenario read_scenarios",
    "series.observation": "Series",
    "series.reading": "ReadOptions",
    "series.source": "read",
}
"""The names of each home."""

__all__ = [
    "Backtest", "Chart", "Comparison", "Forecast", "Growth", "Nowcast", "OwnModel", "PanelForecast",
    "Precedents", "ReadOptions", "Revision", "Scenario", "Scenarios", "Scores", "Series", "Sizing",
    "Triangulation", "__version__", "backtest", "batch", "compare", "cross_validation", "forecast",
    "forecast_frame", "from_json", "growth", "nowcast", "panel", "pooled", "precedents", "read",
    "read_scenarios", "revise", "scenario", "score", "series", "size", "targets", "to_frame", "triangulate",
]  # fmt: skip


def __getattr__(name: str) -> object:
    home = next((home for home, names in _HOMES.items() if name in names.split()), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "series":
        return import_module("rural_forecast.series")
    found = getattr(import_module(f"rural_forecast.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


class _Callable(type(sys)):  # type: ignore[misc] # the type of modules, without an import
    """The package `series`, called as the function of its name: `rf.series(data)`."""

    def __call__(self, *args: object, **options: object) -> object:
        return self._function(*args, **options)

    @property
    def _function(self) -> Any:
        from rural_forecast.objects.series import series

        return series

    @property
    def __doc__(self) -> str:  # type: ignore[override] # a module has a text
        return str(self._function.__doc__)

    @property
    def __signature__(self) -> object:
        return self._function.__signature__


class _Package(type(sys)):  # type: ignore[misc] # as above
    """This package, which makes `series` callable when it is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "series":
            value.__class__ = _Callable
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
