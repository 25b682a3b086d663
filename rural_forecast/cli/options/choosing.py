"""Options that choose a series of a file, and its values."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values

SERIES = "Series"

Prefer = Annotated[
    str | None,
    typer.Option(
        "--prefer",
        metavar="SOURCE",
        help="The source to use where several give a value, or the median of them.",
        show_default="rule",
        parser=values.PREFERRED,
        rich_help_panel=SERIES,
    ),
]

Series = Annotated[
    list[str] | None,
    typer.Option(
        "--series",
        metavar="TEXT",
        help="Series of a file, by any unambiguous part of its label.",
        rich_help_panel=SERIES,
    ),
    only.FILE,
]

ValueColumn = Annotated[
    str | None,
    typer.Option(
        "--value-column", metavar="NAME", help="The column of values.", rich_help_panel=SERIES
    ),
    only.FILE,
]

Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="COLUMN=VALUE",
        help="Keep the rows with this label; repeatable.",
        rich_help_panel=SERIES,
    ),
    only.FILE,
]

Sheet = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        metavar="NAME!A1:C9",
        help="Sheet of a workbook, some of its cells, or both.",
        show_default="the one with years",
        rich_help_panel=SERIES,
    ),
    only.WORKBOOK,
]

ActualsUntil = Annotated[
    int | None,
    typer.Option(
        "--actuals-until",
        metavar="YEAR",
        help="Last year of history; later values are published figures.",
        show_default="the last that is over",
        rich_help_panel=SERIES,
    ),
    only.FILE,
]
