"""The arguments of commands: the series, the file or the name that a command is about."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli.options import completion
from rural_forecast.observed.source_names import DEFAULT_SERIES
from rural_forecast.question import source as sources

SERIES = "Series"

Source = Annotated[
    sources.Source | None,
    typer.Argument(
        parser=sources.Source.parse,
        metavar="SOURCE",
        help="A file, FILE::SERIES, an address, - for standard input, or an id of the catalogue.",
        show_default=DEFAULT_SERIES,
        autocompletion=completion.catalogue_ids,
    ),
]

Sources = Annotated[
    list[sources.Source] | None,
    typer.Argument(
        parser=sources.Source.parse,
        metavar="SOURCE",
        help="Files, FILE::SERIES, addresses, or ids of the catalogue.",
        show_default=DEFAULT_SERIES,
        autocompletion=completion.catalogue_ids,
    ),
]

Panel = Annotated[
    sources.Source,
    typer.Argument(
        parser=sources.Source.parse,
        metavar="FILE",
        help="A file of many series: parts of a whole, totals or not.",
    ),
]

File = Annotated[
    sources.Source,
    typer.Argument(
        parser=sources.Source.parse,
        metavar="FILE",
        help="A file of many series, a folder of Parquet, an address, or - for standard input.",
    ),
]

Records = Annotated[
    list[sources.Source],
    typer.Argument(
        parser=sources.Source.parse,
        metavar="RECORD",
        help=(
            "Files that --keep or --format json wrote, the folder of --keep, or rows of forecasts, "
            "ours or of others."
        ),
    ),
]

Old = Annotated[
    sources.Source,
    typer.Argument(parser=sources.Source.parse, metavar="OLD", help="A record."),
]

New = Annotated[
    sources.Source,
    typer.Argument(
        parser=sources.Source.parse,
        metavar="NEW",
        help="A newer record, a file, or an id of the catalogue; of a sizing its model.",
        autocompletion=completion.catalogue_ids,
    ),
]

Sizing = Annotated[
    sources.Source,
    typer.Argument(
        parser=sources.Source.parse,
        metavar="MODEL",
        help="A TOML file, - for standard input, or one that ships, such as volume_price.",
        autocompletion=completion.sizing_models,
    ),
]

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WORD",
        help="Only series whose id or text holds every word; wb:WORD searches a publisher.",
    ),
]

ModelName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="Name of a model.",
        show_default="all of them",
        autocompletion=completion.model_names,
    ),
]

Command = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="COMMAND", help="A command, such as project or series read.", show_default="all"
    ),
]

Folders = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FOLDER",
        help="Folders whose files may be read.",
        show_default="the catalogue alone",
    ),
]
