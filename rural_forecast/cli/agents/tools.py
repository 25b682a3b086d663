"""The tools of the server for agents: what each is for, and the command behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any


@dataclass(frozen=True)
class Tool:
    """A tool: the command behind it, and the arguments that it takes, by the parameter of each."""

    does: str
    command: str
    arguments: Mapping[str, str]
    needs: tuple[str, ...] = ()
    """arguments that it cannot do without, though its command can."""
    values_for: str = ""
    """the argument in whose place values may stand."""
    shows: Callable[[Mapping[str, Any]], bool] | None = None
    """tells the rows that are given, unless sources are asked for or it would leave none."""
    less: tuple[str, ...] = ()
    """columns that are given with sources alone."""
    every_year: str = ""
    """the item whose rows are given for every year, and those of others for the last one alone."""
    details: tuple[str, ...] = ()
    """codes of notes that are given with sources alone."""


def _same(*names: str) -> dict[str, str]:
    """Give the arguments whose parameters have the same name."""
    return dict(zip(names, names, strict=True))


def _has_values(row: Mapping[str, Any]) -> bool:
    """True for a series that can be forecast: it has a year, and is no growth of another."""
    return bool(row["n"]) and row["measure"] != "growth"


def _has_forecast(row: Mapping[str, Any]) -> bool:
    """True for a model that has a forecast."""
    return row["value"] is not None


_READING = _same(
    "series",
    "where",
    "sheet",
    "value_column",
    "period_column",
    "id_column",
    "encoding",
    "decimal",
    "measure",
    "actuals_until",
    "allow_gaps",
)
"""All that a hint about a file may name."""

_MARKET = {"source": "source", "year": "year", **_READING}
TOOLS = {
    "list_series": Tool(
        "List the series of the catalogue, or those with every word.",
        "series list",
        {"words": "words"},
        shows=_has_values,
        less=("measure", "publisher"),
    ),
    "show_series": Tool(
        "Show a series: its values, what it counts, and who published it.",
        "series show",
        {"source": "source", **_READING},
        needs=("source",),
        shows=itemgetter("used"),
        less=("used", "source"),
    ),
    "check": Tool(
        "List all faults of a file or series, and what to do about each.",
        "series check",
        {"source": "source", **_READING},
        needs=("source",),
        values_for="source",
    ),
    "project": Tool(
        "Forecast a yearly series, with 80 and 95 % bounds.",
        "project",
        {
            **_MARKET,
            **_same("horizon", "target", "level", "model", "since", "until", "kind"),
            **_same("ceiling", "like", "within"),
        },
        needs=("source",),
        values_for="source",
    ),
    "compare": Tool(
        "Compare all models on a series: forecast, range, weight, error in a backtest.",
        "compare",
        {**_MARKET, "horizon": "horizon"},
        needs=("source",),
        values_for="source",
        shows=_has_forecast,
        less=("lower_95", "upper_95"),
    ),
    "size": Tool(
        "Size a market from its drivers, by Monte Carlo, next to the forecast of its past.",
        "size",
        {"model": "sizing", "year": "year"},
        needs=("model",),
        every_year="result",
        less=("lower_95", "upper_95"),
        details=("driver", "draws", "derived"),
    ),
    "scenario": Tool(
        "Set assumptions beside the forecast: growth, shocks, values set by hand, a ceiling.",
        "scenario",
        {
            **_MARKET,
            "growth": "growth",
            "shock": "shock",
            "override": "override",
            "reason": "reason",
            "ceiling": "ceiling",
            "from": "scenarios",
        },
        needs=("source",),
        values_for="source",
    ),
    "nowcast": Tool(
        "Estimate a year of which halves, quarters or months are known.",
        "nowcast",
        {**_MARKET, "partial": "partial", "until": "until"},
        needs=("source",),
        values_for="source",
    ),
    "triangulate": Tool(
        "Combine trend, leading markets, drivers and published views, side by side.",
        "triangulate",
        {
            **_MARKET,
            "like": "like",
            "definition": "definition",
            "drivers": "drivers",
            "weight": "weight",
        },
        needs=("source",),
        values_for="source",
    ),
    "revise": Tool(
        "Say why the answer for a year moved, from a kept forecast to a newer one or newer data.",
        "revise",
        {"old": "old", "new": "new", "year": "year", **_READING},
        values_for="new",
    ),
    "score": Tool(
        "Score kept forecasts against what came: errors, and ranges that held.",
        "score",
        {"records": "records", "actuals": "against", **_READING},
        values_for="actuals",
    ),
}
