"""Options of money: currencies and prices."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values

MONEY = "Money"

Currency = Annotated[
    str | None,
    typer.Option(
        "--currency",
        metavar="CODE",
        help="Convert to this currency, such as EUR.",
        rich_help_panel=MONEY,
    ),
]

Rate = Annotated[
    Any,
    typer.Option(
        "--rate",
        metavar="VALUE",
        help=(
            "Units of the series' currency for one of --currency after the last known "
            "rate, or a file of yearly rates."
        ),
        show_default="the last rate",
        parser=values.NUMBER_OR_NAME,
        rich_help_panel=MONEY,
    ),
    only.CURRENCY,
]

Real = Annotated[
    int | None,
    typer.Option(
        "--real",
        metavar="YEAR",
        help="Amounts in the prices of this year, by consumer prices.",
        rich_help_panel=MONEY,
    ),
    only.AS_PUBLISHED,
]

Inflation = Annotated[
    Any,
    typer.Option(
        "--inflation",
        metavar="PERCENT",
        help=(
            "Inflation a year after the last known prices; or the country whose prices "
            "to use; or a file of them."
        ),
        show_default="the prices of the currency's country",
        parser=values.NUMBER_OR_NAME,
        rich_help_panel=MONEY,
    ),
    only.DEFLATED,
]
