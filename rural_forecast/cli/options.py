"""The arguments and options of all commands, each an annotated type that a command names once.

A name means the same in every command. Of two aliases of one option the second says what its
absence means in some commands, or where else it applies. Beside the type stand Typer's own
declaration and, where the option does not apply everywhere, the conditions under which it does.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values
from rural_forecast.cli.parameters import OneOf
from rural_forecast.observed.source_names import DEFAULT_SERIES
from rural_forecast.question import source as sources
from rural_forecast.render import formats
from rural_forecast.system.copies import CACHE

CATALOGUE = "RURAL_FORECAST_CATALOGUE"
KEEP = "RURAL_FORECAST_KEEP"
VARIABLES = {
    "RURAL_FORECAST_AUTHOR": "Who writes a page, where --author is left out.",
    CATALOGUE: "Folders with series of your own, separated as in PATH.",
    CACHE: "Folder of copies of addresses, in place of the folder of caches.",
    KEEP: "Folder that records of forecasts are kept in, where --keep is left out.",
    "RURAL_FORECAST_THEME": "Colours of pictures, light or dark, where --theme is left out.",
    "RURAL_FORECAST_WORKERS": "Number of processes of a batch, where --workers is left out.",
    "NO_COLOR": "Set to anything: no colour.",
    "FORCE_COLOR": "Set to anything: colour, terminal or not.",
    "CLICOLOR_FORCE": "Set to anything but 0: colour, terminal or not.",
    "CLICOLOR": "Set to 0: no colour.",
    "TERM": "With the value dumb: no colour, no progress bar.",
    "COLUMNS": "Width of the terminal.",
}
"""The variables of the environment that count."""

_parse_source = sources.Source.parse
EVIDENCE = "Evidence"
MONEY = "Money"
SERIES = "Series"
READING = "Reading"
OUTPUT = "Output"


def own_catalogues() -> list[str]:
    """The folders of the user's own catalogues."""
    return [name for name in os.environ.get(CATALOGUE, "").split(os.pathsep) if name.strip()]


def catalogue_ids(incomplete: str) -> list[str]:
    """Complete ids and aliases of the catalogue; where none fits, the shell offers files."""
    names = import_module("rural_forecast.observed.catalogue").load().names()
    return [name for name in names if name.startswith(incomplete)]


def _listed(module: str, function: str, *others: str) -> Callable[[str], list[str]]:
    """Complete the names that a function lists; its module is imported when a shell asks."""

    def complete(incomplete: str) -> list[str]:
        names = getattr(import_module(f"rural_forecast.{module}"), function)()
        return [name for name in (*others, *names) if name.startswith(incomplete)]

    return complete


_model_names = _listed("forecasting.registry", "names")
_models_and_consensus = _listed("forecasting.registry", "names", "consensus")
_scenario_files = _listed("sizing.toml", "scenario_files")
_sizing_models = _listed("sizing.toml", "models")


def _format(offered: tuple[str, ...], left_out: str = "") -> Any:
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


# Arguments: the series or the file that a command is about, and names.

Source = Annotated[
    sources.Source | None,
    typer.Argument(
        parser=_parse_source,
        metavar="SOURCE",
        help="A file, FILE::SERIES, an address, - for standard input, or an id of the catalogue.",
        show_default=DEFAULT_SERIES,
        autocompletion=catalogue_ids,
    ),
]

Sources = Annotated[
    list[sources.Source] | None,
    typer.Argument(
        parser=_parse_source,
        metavar="SOURCE",
        help="Files, FILE::SERIES, addresses, or ids of the catalogue.",
        show_default=DEFAULT_SERIES,
        autocompletion=catalogue_ids,
    ),
]

Panel = Annotated[
    sources.Source,
    typer.Argument(
        parser=_parse_source,
        metavar="FILE",
        help="A file of many series: parts of a whole, totals or not.",
    ),
]

File = Annotated[
    sources.Source,
    typer.Argument(
        parser=_parse_source,
        metavar="FILE",
        help="A file of many series, a folder of Parquet, an address, or - for standard input.",
    ),
]

Records = Annotated[
    list[sources.Source],
    typer.Argument(
        parser=_parse_source,
        metavar="RECORD",
        help=(
            "Files that --keep or --format json wrote, the folder of --keep, or rows of forecasts, "
            "ours or of others."
        ),
    ),
]

Old = Annotated[
    sources.Source,
    typer.Argument(parser=_parse_source, metavar="OLD", help="A record."),
]

New = Annotated[
    sources.Source,
    typer.Argument(
        parser=_parse_source,
        metavar="NEW",
        help="A newer record, a file, or an id of the catalogue; of a sizing its model.",
        autocompletion=catalogue_ids,
    ),
]

Sizing = Annotated[
    sources.Source,
    typer.Argument(
        parser=_parse_source,
        metavar="MODEL",
        help="A TOML file, - for standard input, or one that ships, such as volume_price.",
        autocompletion=_sizing_models,
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
        autocompletion=_model_names,
    ),
]

Command = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="COMMAND", help="A command, such as project or series read.", show_default="all"
    ),
]

Whole = Annotated[
    bool,
    typer.Option(
        "--whole",
        help="Describe a command as programs need it, with the schemas of its rows.",
        rich_help_panel=OUTPUT,
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


# The question: the year, the window of the history, the models.


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
        autocompletion=_models_and_consensus,
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


# Assumptions of a scenario.

Growth = Annotated[
    values.StatedGrowth | None,
    typer.Option(
        "--growth",
        metavar="YEAR=PERCENT,...",
        help="Growth in a year, or an 80 % range A..B; one alone is for every year.",
        parser=values.GROWTH,
    ),
]

Shock = Annotated[
    dict[int, values.Assumed] | None,
    typer.Option(
        "--shock",
        metavar="YEAR=PERCENT,...",
        help="Change of the level in a year, or A..B; it stays.",
        parser=values.BY_YEAR,
    ),
]

Override = Annotated[
    dict[int, values.Assumed] | None,
    typer.Option(
        "--override",
        metavar="YEAR=VALUE,...",
        help="A value set by hand, or A..B; needs --reason.",
        parser=values.BY_YEAR,
    ),
    only.REASON,
]

Reason = Annotated[
    str | None,
    typer.Option(
        "--reason",
        metavar="TEXT",
        help="The reason for the assumptions; it is printed with the result.",
    ),
]

Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Name of the scenario."),
]

Scenarios = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="The scenarios of a TOML file, or of one that ships.",
        autocompletion=_scenario_files,
    ),
]


# Parts of a year; drivers.

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

Draws = Annotated[
    int,
    typer.Option("--draws", metavar="COUNT", help="Monte Carlo draws, 1000 to 1000000."),
]

Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="NUMBER",
        help="Seed of the random numbers; the same seed gives the same result.",
    ),
]

PrintModel = Annotated[
    bool,
    typer.Option(
        "--print-model",
        help="Print the model file, to start your own from it.",
        rich_help_panel=OUTPUT,
    ),
    only.ALONE,
]


# Evidence: limits of the market, other markets, the views of others.

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
        parser=_parse_source,
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
        parser=_parse_source,
        metavar="SOURCE",
        help="The total that it is a part of, and never passes.",
        show_default="that of the catalogue",
        rich_help_panel=EVIDENCE,
    ),
]

_DEFINITION = typer.Option(
    "--definition",
    parser=_parse_source,
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


# Money: currencies and prices.

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


# Series: which of a file, and which of its values.

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


# Reading: how a file is read.

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


# Fetching: what stands at an address.

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


# Options of one command.

AllowWeb = Annotated[
    bool,
    typer.Option(
        "--allow-web",
        help="Let tools read public addresses, and short names of publishers.",
        rich_help_panel=READING,
    ),
]

Against = Annotated[
    sources.Source | None,
    typer.Option(
        "--with",
        parser=_parse_source,
        metavar="SOURCE",
        help="What came: a file, or an id of the catalogue.",
        show_default="the catalogue",
        autocompletion=catalogue_ids,
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

Detail = Annotated[
    bool,
    typer.Option(
        "--detail", help="List every forecast instead of the scores.", rich_help_panel=OUTPUT
    ),
    only.NO_PICTURE,
]

Columns = Annotated[
    bool,
    typer.Option(
        "--columns",
        help="Draw one series as columns with their values and growth a year.",
        rich_help_panel=OUTPUT,
    ),
]

Appendix = Annotated[
    bool,
    typer.Option(
        "--appendix",
        help="Add the models, the evidence, every value and the method.",
        rich_help_panel=OUTPUT,
    ),
    only.WITH_APPENDIX,
]

Author = Annotated[
    str | None,
    typer.Option(
        "--author",
        metavar="TEXT",
        help="Who wrote the page.",
        envvar="RURAL_FORECAST_AUTHOR",
        rich_help_panel=OUTPUT,
    ),
]


# A batch.

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


# Output: rows, pictures, files.

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

Chart = Annotated[
    Literal["text", "image"] | None,
    typer.Option(
        "--chart",
        help=(
            "Draw it below the table; --chart=image as an image, on kitty, iTerm and "
            "terminals with sixel."
        ),
        show_default="not drawn",
        rich_help_panel=OUTPUT,
    ),
    only.UNDER_A_TABLE,
]

_TITLE = typer.Option(
    "--title",
    metavar="TEXT",
    help="Name of the series in headlines, or of a page of several.",
    rich_help_panel=OUTPUT,
)
Title = Annotated[str | None, _TITLE, only.HEADLINE]
TitleOfPage = Annotated[str | None, _TITLE]

Theme = Annotated[
    Literal["light", "dark"],
    typer.Option(
        "--theme",
        help="Colours of svg, png and pdf.",
        envvar="RURAL_FORECAST_THEME",
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE_FILE,
]

Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="FILE",
        help="A presentation whose layout, fonts and colours the slides take.",
        rich_help_panel=OUTPUT,
    ),
    only.SLIDES,
]

Log = Annotated[
    bool,
    typer.Option("--log", help="Draw on a logarithmic axis.", rich_help_panel=OUTPUT),
    only.PICTURE,
]

Headline = Annotated[
    str | None,
    typer.Option(
        "--headline",
        metavar="TEXT",
        help="The whole headline, in place of ours.",
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE,
]

Subtitle = Annotated[
    str | None,
    typer.Option(
        "--subtitle",
        metavar="TEXT",
        help="Text below the headline, in place of the range.",
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE,
]

Credit = Annotated[
    str | None,
    typer.Option(
        "--credit", metavar="TEXT", help="Source named below the picture.", rich_help_panel=OUTPUT
    ),
    only.PICTURE,
]

Note = Annotated[
    list[str] | None,
    typer.Option(
        "--note", metavar="TEXT", help="Note below the picture; repeatable.", rich_help_panel=OUTPUT
    ),
    only.PICTURE,
]

Ratio = Annotated[
    float | None,
    typer.Option(
        "--ratio",
        metavar="W:H",
        help="Width to height.",
        show_default="as high as it needs",
        parser=values.RATIO,
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE_FILE,
]

Pixels = Annotated[
    int | None,
    typer.Option(
        "--pixels",
        metavar="COUNT",
        help="Width of a png.",
        show_default="1800",
        min=200,
        max=10000,
        rich_help_panel=OUTPUT,
    ),
    only.PNG,
]

_TABLE_OR_CSV = "table on a terminal, csv elsewhere"
_ROWS = tuple(formats.FORMATS)
_ROWS_AND_PICTURES = (*formats.FORMATS, *formats.PICTURES)
_CHARTS = ("table", *formats.PICTURES)
_PAGES = ("html", "pdf", "png", "pptx")
Format = Annotated[str | None, _format(_ROWS, _TABLE_OR_CSV), OneOf(_ROWS)]
FormatOrPicture = Annotated[
    str | None, _format(_ROWS_AND_PICTURES, _TABLE_OR_CSV), OneOf(_ROWS_AND_PICTURES)
]
FormatOfChart = Annotated[str | None, _format(_CHARTS), OneOf(_CHARTS)]
FormatOfPage = Annotated[str | None, _format(_PAGES), OneOf(_PAGES)]
FormatOfSpec = Annotated[str | None, _format(("json",)), OneOf(("json",))]
FormatOfGuide = Annotated[str | None, _format(("markdown",)), OneOf(("markdown",))]


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
