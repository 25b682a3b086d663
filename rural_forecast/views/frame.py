"""Results of the Python API as pandas frames: the rows that the command writes in machine formats."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rural_forecast.document.table import Document, Kind

_VIEWS = {
    ("rural_forecast.forecasting.result", "Forecast"): "project",
    ("rural_forecast.forecasting.compare", "Comparison"): "compare",
    ("rural_forecast.forecasting.backtest", "Backtest"): "backtest",
    ("rural_forecast.series.growth", "Growth"): "growth",
    ("rural_forecast.panels.panel", "PanelForecast"): "panel",
    ("rural_forecast.nowcasting.result", "Nowcast"): "nowcast",
    ("rural_forecast.sizing.size", "Sizing"): "size",
    ("rural_forecast.scenarios.scenario", "Scenarios"): "scenario",
    ("rural_forecast.forecasting.precedents", "Precedents"): "precedents",
}
"""The view of each kind of result; by name, so that one result loads the view of no other."""
_TYPES: dict[Kind, str] = {
    "text": "str",
    "year": "int64",
    "integer": "Int64",
    "number": "float64",
    "percent": "float64",
    "boolean": "boolean",
}


def to_frame(result: Any, **options: Any) -> Any:
    """The rows of a result: those of csv, ndjson, parquet and json, with the same columns.

    Parameters
    ----------
    result : what forecast, compare, backtest, growth, nowcast, size, scenario, panel or precedents gave
    options : `history=True` adds actual and published rows to a forecast, a nowcast or scenarios; `targets=[1000]`
        gives the chance of a forecast to reach each by each year; `detail=True` gives every forecast of a backtest
        in place of its scores

    Returns
    -------
    A pandas DataFrame whose types do not depend on the data

    Raises
    ------
    TypeError : it is no such result, or has no such option

    >>> import rural_forecast as rf
    >>> rows = rf.to_frame(rf.forecast(rf.read("turnover"), year=2018))
    >>> rows[["period", "model", "unit"]].values.tolist()
    [[2017, 'consensus', 'bn CNY'], [2018, 'consensus', 'bn CNY']]
    """
    import pandas as pd

    kind = type(result)
    view = _VIEWS.get((kind.__module__, kind.__qualname__))
    if view is None:
        raise TypeError(
            "A result of forecast, compare, backtest, growth, nowcast, size, scenario, panel or precedents is wanted, "
            f"not a {kind.__name__}; forecast_frame and batch give frames already."
        )
    document: Document = import_module(f"rural_forecast.views.{view}").document(result, **options)
    rows = document.records
    columns = zip(*rows.rows, strict=True) if rows.rows else ((),) * len(rows.columns)
    pairs = zip(rows.columns, columns, strict=True)
    return pd.DataFrame({column.key: pd.Series(list(cells), dtype=_TYPES[column.kind]) for column, cells in pairs})
