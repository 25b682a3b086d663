"""Scenarios as TOML, and the telling of them."""

from __future__ import annotations

from rural_forecast.render import formats
from rural_forecast.scenarios.file import read_scenarios
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.series.source import read
from rural_forecast.series.source_names import DEFAULT_SERIES
from rural_forecast.views.scenario import document
from tests.fuzz.promises import refusals
from tests.fuzz.scratch import scratch
from tests.fuzz.seeds import examples
from tests.fuzz.targets.outputs import parses

_SMALL = b"""
year = 2020
[scenarios.slow]
growth = 5
[scenarios.path]
growth = { 2017 = 5, 2018 = -3.5 }
ceiling = "800..900"
shock = { 2018 = -10 }
override = { 2019 = 700 }
reason = "the plan"
"""

SEEDS = [_SMALL, *examples("scenarios")]


def test(data: bytes) -> None:
    """Read scenarios and set them beside the forecast."""
    path = scratch() / "scenarios.toml"
    path.write_bytes(data)
    with refusals():
        found = read_scenarios(path)
        series = found.series or read(DEFAULT_SERIES)
        told = document(scenario(series, *found.scenarios, year=found.year))
        parses(formats.render(told, "json"), "json")
        formats.render(told, "table")
