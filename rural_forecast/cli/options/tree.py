"""Options of a panel: the tree of its parts, and how they add up."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rural_forecast.cli import conditions as only

Method = Annotated[
    Literal["weighted", "top-down", "bottom-up"],
    typer.Option("--method", help="Weigh nodes, split the whole, or add up leaves."),
]

Separator = Annotated[
    str,
    typer.Option("--separator", metavar="TEXT", help="What parts an id into names of the tree."),
    only.NO_PARENTS,
]

Parents = Annotated[
    str | None,
    typer.Option(
        "--parents", metavar="FILE", help="Table of the tree, with columns child and parent."
    ),
]
