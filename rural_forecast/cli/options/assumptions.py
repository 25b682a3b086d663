"""Options of a scenario: the assumptions of a person."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values
from rural_forecast.cli.options import completion

Growth = Annotated[
    values.StatedGrowth | None,
    typer.Option(
        "--growth",
        metavar="YEAR=PERCENT,...",
        help="Growth in a year, or an 80 % range A..B; one alone is for every year.",
        parser=values.GROWTH,
    ),
]

Shock = Annotated[
    dict[int, values.Assumed] | None,
    typer.Option(
        "--shock",
        metavar="YEAR=PERCENT,...",
        help="Change of the level in a year, or A..B; it stays.",
        parser=values.BY_YEAR,
    ),
]

Override = Annotated[
    dict[int, values.Assumed] | None,
    typer.Option(
        "--override",
        metavar="YEAR=VALUE,...",
        help="A value set by hand, or A..B; needs --reason.",
        parser=values.BY_YEAR,
    ),
    only.REASON,
]

Reason = Annotated[
    str | None,
    typer.Option(
        "--reason",
        metavar="TEXT",
        help="The reason for the assumptions; it is printed with the result.",
    ),
]

Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Name of the scenario."),
]

Scenarios = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="The scenarios of a TOML file, or of one that ships.",
        autocompletion=completion.scenario_files,
    ),
]
