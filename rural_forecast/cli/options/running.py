"""Options of a batch: how every series of a file is run."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rural_forecast.cli import conditions as only

EVIDENCE = "Evidence"
OUTPUT = "Output"

Calibrate = Annotated[
    Literal["never", "auto", "always"],
    typer.Option(
        "--calibrate",
        help=(
            "Adjust ranges to the last points of 50 series or more: never, auto (only "
            "widen them) or always."
        ),
        rich_help_panel=EVIDENCE,
    ),
]

Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Refuse the whole file if one series is refused (exit code 3).",
        rich_help_panel=OUTPUT,
    ),
]

RawText = Annotated[
    bool,
    typer.Option(
        "--raw-text",
        help="No ' before texts that look like formulas, such as -x.",
        rich_help_panel=OUTPUT,
    ),
    only.SEPARATED,
]

Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="What runs it: local, dask, dask=URL, spark, spark=URL; without URL on this machine.",
        rich_help_panel=OUTPUT,
    ),
]

Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        help="Number of processes.",
        show_default="by size",
        min=1,
        envvar="RURAL_FORECAST_WORKERS",
        rich_help_panel=OUTPUT,
    ),
    only.LOCAL,
]
