"""The tools of the server for agents: what each is for, and the command behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A tool: the command behind it, and the arguments that it takes, by the parameter of each."""

    does: str
    command: str
    arguments: Mapping[str, str]
    """The first is what the tool is about."""
    takes_values: bool = False
    """true if values may stand in place of a source."""
    every_year: str = ""
    """the item whose rows are given for every year, and those of others for the last one alone."""
    details: tuple[str, ...] = ()
    """codes of notes that are given with sources alone."""


_READING = {"series": "series", "where": "where", "sheet": "sheet", "value_column": "value_column"}
_MARKET = {"source": "source", "year": "year", **_READING}
TOOLS = {
    "list_series": Tool(
        "List the series of the catalogue, or those whose id or text holds every word.",
        "series list",
        {"words": "words"},
    ),
    "show_series": Tool(
        "Show a series: its values, what it counts, and who published it.",
        "series show",
        {"source": "source", **_READING},
    ),
    "check": Tool(
        "List all faults of a file or a series: what is refused, what is doubtful, and what to do "
        "about it.",
        "series check",
        {"source": "source", **_READING},
        takes_values=True,
    ),
    "project": Tool(
        "Forecast a yearly series: rows with value and 80 and 95 % bounds, notes with what to be "
        "careful about.",
        "project",
        {
            **_MARKET,
            "horizon": "horizon",
            "target": "target",
            "level": "level",
            "since": "since",
            "until": "until",
            "kind": "kind",
            "ceiling": "ceiling",
            "like": "like",
            "within": "within",
        },
        takes_values=True,
    ),
    "compare": Tool(
        "Compare all models on a series: forecast, range, weight in the consensus, error in a "
        "backtest.",
        "compare",
        {**_MARKET, "horizon": "horizon"},
        takes_values=True,
    ),
    "size": Tool(
        "Size a market from its drivers, by Monte Carlo, next to the forecast of its past.",
        "size",
        {"model": "sizing", "year": "year"},
        every_year="result",
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
            "within": "within",
            "from": "scenarios",
        },
        takes_values=True,
    ),
    "nowcast": Tool(
        "Estimate a year of which halves, quarters or months are known.",
        "nowcast",
        {**_MARKET, "partial": "partial", "until": "until"},
        takes_values=True,
    ),
    "triangulate": Tool(
        "Set trend, leading markets, drivers and published views side by side, and combine them.",
        "triangulate",
        {
            **_MARKET,
            "like": "like",
            "definition": "definition",
            "drivers": "drivers",
            "weight": "weight",
        },
        takes_values=True,
    ),
    "revise": Tool(
        "Say why the answer for a year moved, from a kept forecast to a newer one or newer data.",
        "revise",
        {"old": "old", "new": "new", "year": "year"},
    ),
    "score": Tool(
        "Score kept forecasts against what came: error, and whether the ranges held, by horizon "
        "and author.",
        "score",
        {"records": "records", "actuals": "against"},
    ),
}
