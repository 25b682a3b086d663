"""Options of the question: the years, the window of the history, the models, the levels."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values
from rural_forecast.cli.options import completion
from rural_forecast.question import source as sources


def _year(left_out: str) -> Any:
    return typer.Option(
        "--year", metavar="YEAR", help="Last year to forecast.", show_default=left_out
    )


Year = Annotated[int | None, _year("two years ahead")]
YearOfParts = Annotated[int | None, _year("the latest of which only parts are known")]
YearOfBatch = Annotated[int | None, _year("--horizon")]
YearOfModel = Annotated[int | None, _year("the last one of the model")]
YearOfRecord = Annotated[int | None, _year("the last one of the record")]


def _horizon(left_out: str | bool = True) -> Any:
    return typer.Option(
        "--horizon",
        metavar="YEARS",
        help="Years ahead of the last year used.",
        show_default=left_out,
    )


Horizon = Annotated[int | None, _horizon(), only.NO_YEAR]
HorizonOfBatch = Annotated[int | None, _horizon("2"), only.NO_YEAR]
HorizonOfBacktest = Annotated[int, _horizon()]

Target = Annotated[
    list[float] | None,
    typer.Option(
        "--target",
        metavar="VALUE",
        help="Chance of being at or above this value in each year; repeatable.",
    ),
]

Model = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Model to use; repeatable.",
        show_default="the consensus",
        parser=values.WORDS,
        autocompletion=completion.models_and_consensus,
    ),
]

Level = Annotated[
    list[int] | None,
    typer.Option(
        "--level",
        metavar="PERCENT",
        help="Width of the range, 30 to 99; 50,80,95 or repeated.",
        show_default="80 and 95",
        parser=values.LEVELS,
    ),
    only.NO_CHANCES,
]

Since = Annotated[
    int | None,
    typer.Option("--since", metavar="YEAR", help="First year used."),
]

Until = Annotated[
    int | None,
    typer.Option(
        "--until", metavar="YEAR", help="Last year used; later values are shown for comparison."
    ),
]

AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Use only what was published by this day.",
        parser=values.DAY,
    ),
]

Basis = Annotated[
    Literal["comparable", "levels", "chained"],
    typer.Option(
        "--basis",
        help="Use published growth where it contradicts levels; levels as published; "
        "or levels rebuilt from growth.",
    ),
]

Breaks = Annotated[
    list[int] | None,
    typer.Option(
        "--break",
        metavar="YEAR",
        help="First year on a new basis, which growth alone crosses; repeatable.",
        show_default="those of the data",
        parser=values.BREAKS,
    ),
]

Against = Annotated[
    sources.Source | None,
    typer.Option(
        "--with",
        parser=sources.Source.parse,
        metavar="SOURCE",
        help="What came: a file, or an id of the catalogue.",
        show_default="the catalogue",
        autocompletion=completion.catalogue_ids,
    ),
]

Years = Annotated[
    values.Years | None,
    typer.Option(
        "--years",
        metavar="FIRST..LAST",
        help="Years to show, 2014.. or 2014..2020, or all of any.",
        show_default="those of every series",
        parser=values.YEARS,
    ),
]

Base = Annotated[
    int | None,
    typer.Option(
        "--base",
        metavar="YEAR",
        help="The year in which the index is 100.",
        show_default="the first that all series have",
    ),
]

Count = Annotated[
    int,
    typer.Option("--count", metavar="NUMBER", help="How many histories to show."),
]
