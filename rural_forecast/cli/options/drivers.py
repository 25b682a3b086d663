"""Options of a market from its drivers."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli import conditions as only

OUTPUT = "Output"

Draws = Annotated[
    int,
    typer.Option("--draws", metavar="COUNT", help="Monte Carlo draws, 1000 to 1000000."),
]

Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="NUMBER",
        help="Seed of the random numbers; the same seed gives the same result.",
    ),
]

PrintModel = Annotated[
    bool,
    typer.Option(
        "--print-model",
        help="Print the model file, to start your own from it.",
        rich_help_panel=OUTPUT,
    ),
    only.ALONE,
]
