"""Options of the evidence: limits of the market, other markets, the views of others."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values
from rural_forecast.question import source as sources

EVIDENCE = "Evidence"
SERIES = "Series"

Ceiling = Annotated[
    values.Range | None,
    typer.Option(
        "--ceiling",
        metavar="A..B",
        help="Bounds of the level at which the market saturates; adds logistic, gompertz and bass.",
        parser=values.SPAN,
        rich_help_panel=EVIDENCE,
    ),
]

Floor = Annotated[
    float | None,
    typer.Option(
        "--floor",
        metavar="VALUE",
        help="Lowest value a forecast may have.",
        rich_help_panel=EVIDENCE,
    ),
]


def _kind(left_out: str) -> Any:
    return typer.Option(
        "--kind",
        metavar="KIND",
        help="What the market is about, such as adoption; follow those like it.",
        show_default=left_out,
        parser=values.WORD,
        rich_help_panel=EVIDENCE,
    )


Kind = Annotated[str | None, _kind("by its title")]
KindOfPrecedents = Annotated[str | None, _kind("all, those of its subject first")]

Like = Annotated[
    list[sources.Source] | None,
    typer.Option(
        "--like",
        parser=sources.Source.parse,
        metavar="SOURCE",
        help=(
            "The same product in a market that may be ahead, FILE::SERIES or ::SERIES; repeatable."
        ),
        rich_help_panel=EVIDENCE,
    ),
]

Within = Annotated[
    sources.Source | None,
    typer.Option(
        "--within",
        parser=sources.Source.parse,
        metavar="SOURCE",
        help="The total that it is a part of, and never passes.",
        show_default="that of the catalogue",
        rich_help_panel=EVIDENCE,
    ),
]

_DEFINITION = typer.Option(
    "--definition",
    parser=sources.Source.parse,
    metavar="SOURCE",
    help="The same market on another definition, whose growth since is an argument.",
    show_default="that of the catalogue",
    rich_help_panel=EVIDENCE,
)
Definition = Annotated[sources.Source | None, _DEFINITION]
DefinitionOfPage = Annotated[sources.Source | None, _DEFINITION, only.TRIANGULATED]

_DRIVERS = typer.Option(
    "--drivers",
    metavar="MODEL",
    help="Sizing model of the market: a file, or one that ships.",
    show_default="that of the series",
    rich_help_panel=EVIDENCE,
)
Drivers = Annotated[str | None, _DRIVERS]
DriversOfPage = Annotated[str | None, _DRIVERS, only.TRIANGULATED]

Pool = Annotated[
    bool,
    typer.Option(
        "--pool",
        help="Forecast the mean of ours and what others published or expect.",
        rich_help_panel=EVIDENCE,
    ),
    only.NO_COLUMNS,
]

_WEIGHT = typer.Option(
    "--weight",
    metavar="WHO=SHARE",
    help="Weight of an author, argument or ours; repeatable.",
    show_default="equal",
    parser=values.SHARES,
    rich_help_panel=EVIDENCE,
)
Weight = Annotated[dict[str, float] | None, _WEIGHT, only.POOLED]

WeightOfArguments = Annotated[
    dict[str, float] | None,
    typer.Option(
        "--weight",
        metavar="WHO=SHARE",
        help="Weight of an author, argument or ours; repeatable.",
        show_default="equal, of leaders in doubt by what they add",
        parser=values.SHARES,
        rich_help_panel=EVIDENCE,
    ),
]

Triangulate = Annotated[
    bool,
    typer.Option(
        "--triangulate",
        help="Set all arguments for a number side by side, as triangulate.",
        rich_help_panel=EVIDENCE,
    ),
    only.ONE_ANSWER,
]
