"""Options of the output: its format, its rows, its file, and the record that is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli.parameters import OneOf
from rural_forecast.render import formats

OUTPUT = "Output"


def format_option(offered: tuple[str, ...], left_out: str = "") -> Any:
    """Declare `--format` of a command that writes these formats."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in offered if name.startswith(incomplete.lower())]

    return typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help=f"Output format: {', '.join(offered)}.",
        show_default=left_out or offered[0],
        autocompletion=complete,
        rich_help_panel=OUTPUT,
    )


Whole = Annotated[
    bool,
    typer.Option(
        "--whole",
        help="Describe a command as programs need it, with the schemas of its rows.",
        rich_help_panel=OUTPUT,
    ),
]

Detail = Annotated[
    bool,
    typer.Option(
        "--detail", help="List every forecast instead of the scores.", rich_help_panel=OUTPUT
    ),
    only.NO_PICTURE,
]

History = Annotated[
    bool,
    typer.Option(
        "--history",
        help="Add actual and published rows to machine formats.",
        rich_help_panel=OUTPUT,
    ),
    only.ROWS + only.NO_TARGET,
]

_ALL_MODELS = typer.Option("--all-models", help="Add every other model.", rich_help_panel=OUTPUT)
AllModels = Annotated[bool, _ALL_MODELS, only.NO_PICTURE + only.NO_CHANCES]
AllModelsInTables = Annotated[bool, _ALL_MODELS, only.TABLE]

Explain = Annotated[
    bool,
    typer.Option(
        "--explain", help="Show all that it rests on, and all notes.", rich_help_panel=OUTPUT
    ),
    only.PROSE,
]

_TABLE_OR_CSV = "table on a terminal, csv elsewhere"
_ROWS = tuple(formats.FORMATS)
_ROWS_AND_PICTURES = (*formats.FORMATS, *formats.PICTURES)
Format = Annotated[str | None, format_option(_ROWS, _TABLE_OR_CSV), OneOf(_ROWS)]

FormatOrPicture = Annotated[
    str | None, format_option(_ROWS_AND_PICTURES, _TABLE_OR_CSV), OneOf(_ROWS_AND_PICTURES)
]

FormatOfSpec = Annotated[str | None, format_option(("json",)), OneOf(("json",))]
FormatOfGuide = Annotated[str | None, format_option(("markdown",)), OneOf(("markdown",))]

AsPython = Annotated[
    bool,
    typer.Option(
        "--as-python",
        help="Print a Python script that gives the same rows, in their place.",
        rich_help_panel=OUTPUT,
    ),
    only.SCRIPT,
]

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="File to write; its suffix sets the format: csv, xlsx, svg and so on.",
        rich_help_panel=OUTPUT,
    ),
]

Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option("--color", help="When to colour tables.", rich_help_panel=OUTPUT),
    only.COLOURED,
]

Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="Print only errors on standard error, and the series used if none is named.",
        rich_help_panel=OUTPUT,
    ),
]

Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Print on standard error what was read.", rich_help_panel=OUTPUT
    ),
]

Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        metavar="FOLDER",
        help="Keep a record of the forecast in this folder, for score and revise.",
        envvar="RURAL_FORECAST_KEEP",
        rich_help_panel=OUTPUT,
    ),
]

_DATE = typer.Option(
    "--date",
    metavar="TEXT",
    help="Date on the page or record, as you write it.",
    rich_help_panel=OUTPUT,
)
Date = Annotated[str | None, _DATE, only.RECORD]
DateOfPage = Annotated[str | None, _DATE]
