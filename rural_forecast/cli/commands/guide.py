"""`guide`: how to use the program, for agents."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.cli import options as opt
from rural_forecast.cli import running

EXAMPLES = (
    "rural-forecast guide",
    "rural-forecast guide -o SKILL.md",
    "rural-forecast guide | head -20",
)
FORMATS = ("markdown",)


def guide(*, showing: opt.Showing) -> None:
    """Print a skill for agents: which command, which series, what not to claim."""
    run = running.start(showing, only=FORMATS)
    run.write(Path(__file__).parents[1].joinpath("guide.md").read_text(encoding="utf-8"))
