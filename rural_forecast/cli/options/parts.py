"""Options of the known parts of a year."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli import conditions as only

Partial = Annotated[
    list[str] | None,
    typer.Option(
        "--partial",
        metavar="PERIOD=VALUE[:GROWTH]",
        help=(
            "A known part of the year, 2017H1=537.62 or 2017M01-M08=729.04:36.6, "
            "with its growth in percent; repeatable."
        ),
    ),
]

SameDefinition = Annotated[
    bool,
    typer.Option("--same-definition", help="Use a part even if its definition may differ."),
    only.PARTS,
]
