"""A sizing model as TOML, and the sizing of it."""

from __future__ import annotations

from rural_forecast.render import formats
from rural_forecast.sizing.size import size
from rural_forecast.views.size import document
from tests.fuzz.promises import refusals
from tests.fuzz.scratch import scratch
from tests.fuzz.seeds import examples
from tests.fuzz.targets.outputs import parses

_SMALL = b"""
unit = "bn CNY"
years = [2026, 2027]
[stages.market]
formula = "users * spending * share"
[drivers.users]
unit = "million persons"
value = "200..300"
growth = "1..3"
[drivers.spending]
unit = "CNY per person and year"
value = { low = 900, mode = 1000, high = 1300 }
[drivers.share]
unit = "share"
value = 0.5
[[correlations]]
drivers = ["users", "spending"]
value = 0.3
[top_down]
series = "mofcom"
"""

SEEDS = [_SMALL, *examples("sizing")]


def test(data: bytes) -> None:
    """Size a model."""
    path = scratch() / "model.toml"
    path.write_bytes(data)
    with refusals():
        told = document(size(path, draws=1000))
        parses(formats.render(told, "json"), "json")
        formats.render(told, "table")
