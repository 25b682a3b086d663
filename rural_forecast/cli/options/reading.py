"""Options of reading: how a file is read, and how an address is fetched."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rural_forecast.cli import conditions as only

READING = "Reading"

Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="Encoding of text, such as gb18030.",
        show_default="utf-8",
        rich_help_panel=READING,
    ),
    only.TEXT,
]

PeriodColumn = Annotated[
    str | None,
    typer.Option(
        "--period-column", metavar="NAME", help="The column of periods.", rich_help_panel=READING
    ),
    only.FILE,
]

IdColumn = Annotated[
    str | None,
    typer.Option(
        "--id-column", metavar="NAME", help="The column of series ids.", rich_help_panel=READING
    ),
    only.FILE,
]

Decimal = Annotated[
    Literal[",", "."] | None,
    typer.Option(
        "--decimal",
        help="Decimal mark; the other sign parts the thousands.",
        show_default="by all numbers of the table",
        rich_help_panel=READING,
    ),
    only.FILE,
]

Measure = Annotated[
    Literal["flow", "stock", "rate", "growth", "price", "cumulative"] | None,
    typer.Option(
        "--measure",
        help="Kind of value; a running total (cumulative) never falls.",
        show_default="recognised",
        rich_help_panel=READING,
    ),
    only.MEASURE,
]

AllowGaps = Annotated[
    bool,
    typer.Option(
        "--allow-gaps", help="Use the values after the last missing year.", rich_help_panel=READING
    ),
    only.FILE,
]

Refresh = Annotated[
    bool,
    typer.Option(
        "--refresh",
        help="Fetch an address anew; without it once a day.",
        rich_help_panel=READING,
    ),
    only.ADDRESS,
]

Offline = Annotated[
    bool,
    typer.Option(
        "--offline",
        help="Use the copy of an address that is kept, however old.",
        rich_help_panel=READING,
    ),
    only.ADDRESS + only.NO_REFRESH,
]

AllowWeb = Annotated[
    bool,
    typer.Option(
        "--allow-web",
        help="Let tools read public addresses, and short names of publishers.",
        rich_help_panel=READING,
    ),
]
