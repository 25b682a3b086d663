"""The options that commands share, declared once, and the groups in which commands take them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Literal

from rural_forecast.cli import conditions as only
from rural_forecast.cli import declare as form
from rural_forecast.cli.declare import Assumed, Option, Section, argument, flag, value
from rural_forecast.series.source_names import DEFAULT_SERIES, without_folders

Measure = Literal["flow", "stock", "rate", "growth", "price", "cumulative"]
Decimal = Literal[",", "."]
Color = Literal["auto", "always", "never"]
Basis = Literal["levels", "chained"]
Theme = Literal["light", "dark"]
Charted = Literal["text", "image"] | None
Method = Literal["weighted", "top-down", "bottom-up"]
Calibrated = Literal["never", "auto", "always"]
CATALOGUE = "RURAL_FORECAST_CATALOGUE"
KEEP = "RURAL_FORECAST_KEEP"
VARIABLES = {
    "RURAL_FORECAST_AUTHOR": "Who writes a page, where --author is left out.",
    CATALOGUE: "Folders with series of your own, separated as in PATH.",
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
"""Variables of the environment that are heeded."""
GROUPS = {
    "ahead": "year horizon",
    "models": "model level",
    "limits": "ceiling floor kind",
    "window": "since until prefer as_of basis",
    "question": "models limits window",
    "assumed": "growth shock override reason name scenarios",
    "markets": "like within",
    "parts": "partial same_definition",
    "pooling": "pool weight",
    "exchange": "currency rate",
    "prices": "real inflation",
    "money": "exchange prices",
    "table": "period_column value_column id_column",
    "reading": "series encoding table where sheet decimal measure actuals_until allow_gaps",
    "engines": "engine workers",
    "rows": "history all_models",
    "explained": "explain chart",
    "picture": "title theme",
    "drawing": "log headline subtitle credit note ratio pixels picture",
    "showing": "format output color quiet verbose",
    "keeping": "keep date",
}
"""Groups of options, which commands take."""


def names_in(words: str) -> list[str]:
    """The names of options in groups or named themselves."""
    return [
        name
        for word in words.split()
        for name in (names_in(GROUPS[word]) if word in GROUPS else [word])
    ]


def own_catalogues() -> list[str]:
    """The folders of the user's own catalogues."""
    return [name for name in os.environ.get(CATALOGUE, "").split(os.pathsep) if name.strip()]


def ids(incomplete: str) -> list[str]:
    """Complete ids and aliases of the catalogue; where none fits, the shell offers files."""
    names = import_module("rural_forecast.series.catalogue").load().names()
    return [name for name in names if name.startswith(incomplete)]


def named(home: str, listed: str, *others: str) -> Callable[[str], list[str]]:
    """Complete the names that a function of a module lists; the module is imported when a shell
    asks.
    """

    def complete(incomplete: str) -> list[str]:
        names = getattr(import_module(f"rural_forecast.{home}"), listed)()
        return [name for name in (*others, *names) if name.startswith(incomplete)]

    return complete


_models = named("forecasting.registry", "names")
_with_consensus = named("forecasting.registry", "names", "consensus")
_scenarios = named("sizing.toml", "scenario_files")
_sizings = named("sizing.toml", "models")


class Options:
    """Every argument and option: a name means the same in each command. One that a command lacks
    has its default.
    """

    sections: ClassVar[dict[Section, str]] = {
        "Evidence": "limits markets drivers pooling triangulate calibrate",
        "Money": "money",
        "Series": "prefer series value_column where sheet actuals_until",
        "Reading": "reading",
        "Output": "engines rows explained drawing showing keeping author appendix columns detail strict raw_text "
        "print_model",
    }
    """Where the help lists an option, the first that has it; any other one is part of the question.
    """
    brief: ClassVar[str] = (
        "against appendix triangulate years growth shock override reason name scenarios year level partial ceiling "
        "since target series where"
    )
    """Options in the short help."""
    of_file: ClassVar[str] = "like within rate inflation"
    """Options that may name a series of the command's file, `::SERIES`."""

    def __init__(
        self, offered: Sequence[str] = (), variables: Sequence[str] = (), **stated: Any
    ) -> None:
        """The options as stated; the formats that the command writes; variables that set options."""
        folders = (
            {CATALOGUE: os.pathsep.join(map(without_folders, own))}
            if (own := own_catalogues())
            else {}
        )
        self.offered = offered
        self.variables = folders | {name: os.environ[name] for name in variables}
        for name, option in vars(type(self)).items():
            if isinstance(option, Option):
                setattr(self, name, stated.get(name, option.default))

    def stated(self, words: str) -> dict[str, Any]:
        """Those that are not left out, as arguments of the Python API, where readers take any other
        measure.
        """
        in_python = {"model": "models", "level": "levels"}
        given = {in_python.get(name, name): getattr(self, name) for name in names_in(words)}
        given |= {"measure": None} if self.measure != "cumulative" else {}
        return {
            name: value
            for name, value in given.items()
            if value is not False and value not in (None, [], "levels")
        }

    source: str | None = argument(
        "SOURCE",
        "A file, FILE::SERIES, - for standard input, or an id of the catalogue.",
        DEFAULT_SERIES,
        complete=ids,
    )
    sources: list[str] | None = argument(
        "SOURCE", "Files, FILE::SERIES, or ids of the catalogue.", DEFAULT_SERIES, complete=ids
    )
    panel: str = argument(
        "FILE", "A file of many series: parts of a whole, totals or not.", default=...
    )
    file: str = argument(
        "FILE", "A file of many series, a folder of Parquet, or - for standard input.", default=...
    )
    records: list[str] = argument(
        "RECORD",
        "Files that --keep or --format json wrote, or rows of forecasts, ours or of others.",
        default=...,
    )
    old: str = argument("OLD", "A record.", default=...)
    new: str = argument(
        "NEW",
        "A newer record, a file, or an id of the catalogue; of a sizing its model.",
        default=...,
        complete=ids,
    )
    sizing: str = argument(
        "MODEL",
        "A TOML file, - for standard input, or one that ships, such as volume_price.",
        default=...,
        complete=_sizings,
    )
    words: list[str] | None = argument("WORD", "Only series whose id or text holds every word.")
    model_name: str | None = argument("NAME", "Name of a model.", "all of them", complete=_models)
    command: list[str] | None = argument(
        "COMMAND", "A command, such as project or series read.", "all"
    )
    folders: list[str] | None = argument(
        "FOLDER", "Folders whose files may be read.", "the catalogue alone"
    )
    against: str | None = value(
        "SOURCE",
        "What came: a file, or an id of the catalogue.",
        "the catalogue",
        names="--with",
        complete=ids,
    )
    columns: bool = flag("Draw one series as columns with their values and growth a year.")
    appendix: bool = flag(
        "Add the models, the evidence, every value and the method.", needs=only.WITH_APPENDIX
    )
    triangulate: bool = flag(
        "Set all arguments for a number side by side, as triangulate.", needs=only.ONE_ANSWER
    )
    detail: bool = flag("List every forecast instead of the scores.", needs=only.NO_PICTURE)
    count: int = value("NUMBER", "How many histories to show.", default=8)
    years: dict[str, Any] | None = value(
        "FIRST..LAST",
        "Years to show, 2014.. or 2014..2020, or all of any.",
        "those of every series",
        form=form.YEARS,
    )
    base: int | None = value(
        "YEAR", "The year in which the index is 100.", "the first that all series have"
    )
    method: Method = flag("Weigh nodes, split the whole, or add up leaves.", default="weighted")
    separator: str = value(
        "TEXT", "What parts an id into names of the tree.", default=" / ", needs=only.NO_PARENTS
    )
    parents: str | None = value("FILE", "Table of the tree, with columns child and parent.")
    calibrate: Calibrated = flag(
        "Adjust ranges to the last points of 50 series or more: never, auto (only widen them) or always.",
        default="never",
    )
    strict: bool = flag("Refuse the whole file if one series is refused (exit code 3).")
    raw_text: bool = flag(
        "No ' before texts that look like formulas, such as -x.", needs=only.SEPARATED
    )
    growth: dict[int, Assumed] | Assumed | None = value(
        "YEAR=PERCENT,...",
        "Growth in a year, or an 80 % range A..B; one alone is for every year.",
        form=form.GROWTH,
    )
    shock: dict[int, Assumed] | None = value(
        "YEAR=PERCENT,...", "Change of the level in a year, or A..B; it stays.", form=form.BY_YEAR
    )
    override: dict[int, Assumed] | None = value(
        "YEAR=VALUE,...",
        "A value set by hand, or A..B; needs --reason.",
        form=form.BY_YEAR,
        needs=only.REASON,
    )
    reason: str | None = value(
        "TEXT", "The reason for the assumptions; it is printed with the result."
    )
    name: str | None = value("NAME", "Name of the scenario.")
    scenarios: str | None = value(
        "FILE",
        "The scenarios of a TOML file, or of one that ships.",
        names="--from",
        complete=_scenarios,
    )
    draws: int = value("COUNT", "Monte Carlo draws, 1000 to 1000000.", default=100_000)
    seed: int = value(
        "NUMBER", "Seed of the random numbers; the same seed gives the same result.", default=1
    )
    print_model: bool = flag("Print the model file, to start your own from it.", needs=only.ALONE)
    year: int | None = value("YEAR", "Last year to forecast.", "two years ahead")
    horizon: int | None = value("YEARS", "Years ahead of the last year used.", needs=only.NO_YEAR)
    model: list[str] | None = value(
        "NAME",
        "Model to use; repeatable.",
        "the consensus",
        complete=_with_consensus,
        form=form.WORDS,
    )
    level: list[int] | None = value(
        "PERCENT",
        "Width of the range, 30 to 99; 50,80,95 or repeated.",
        "80 and 95",
        form=form.LEVELS,
        needs=only.NO_CHANCES,
    )
    partial: list[str] | None = value(
        "PERIOD=VALUE[:GROWTH]",
        "A known part of the year, 2017H1=537.62 or 2017M01-M08=729.04:36.6, with its growth in percent; repeatable.",
    )
    same_definition: bool = flag("Use a part even if its definition may differ.", needs=only.PARTS)
    ceiling: tuple[float, float] | None = value(
        "A..B",
        "Bounds of the level at which the market saturates; adds logistic, gompertz and bass.",
        form=form.SPAN,
    )
    floor: float | None = value("VALUE", "Lowest value a forecast may have.")
    kind: str | None = value(
        "KIND",
        "Kind of market, such as adoption: follow markets of this kind.",
        "column market_kind",
        form=form.WORD,
    )
    since: int | None = value("YEAR", "First year used.")
    until: int | None = value("YEAR", "Last year used; later values are shown for comparison.")
    prefer: str | None = value(
        "SOURCE",
        "The source to use where several give a value, or the median of them.",
        "rule",
        form=form.PREFERRED,
    )
    as_of: date | None = value("DATE", "Use only what was published by this day.", form=form.DAY)
    basis: Basis = flag(
        "Use levels as published, or rebuild earlier ones from growth.", default="levels"
    )
    like: list[str] | None = value(
        "SOURCE",
        "The same product in a market that may be ahead, FILE::SERIES or ::SERIES; repeatable.",
    )
    within: str | None = value(
        "SOURCE", "The total that it is a part of, and never passes.", "that of the catalogue"
    )
    drivers: str | None = value(
        "MODEL", "Sizing model of the market: a file, or one that ships.", "that of the series"
    )
    pool: bool = flag(
        "Forecast the mean of ours and what others published or expect.", needs=only.NO_COLUMNS
    )
    weight: dict[str, float] | None = value(
        "WHO=SHARE",
        "Weight of an author, argument or ours; repeatable.",
        "equal",
        needs=only.POOLED,
        form=form.SHARES,
    )
    currency: str | None = value("CODE", "Convert to this currency, such as EUR.")
    rate: float | str | None = value(
        "VALUE",
        "Units of the series' currency for one of --currency after the last known rate, or a file of yearly rates.",
        "the last rate",
        needs=only.CURRENCY,
        form=form.NUMBER_OR_NAME,
    )
    real: int | None = value(
        "YEAR", "Amounts in the prices of this year, by consumer prices.", needs=only.AS_PUBLISHED
    )
    inflation: float | str | None = value(
        "PERCENT",
        "Inflation a year after the last known prices; or the country whose prices to use; or a file of them.",
        "the prices of the currency's country",
        needs=only.DEFLATED,
        form=form.NUMBER_OR_NAME,
    )
    target: list[float] | None = value(
        "VALUE", "Chance of being at or above this value in each year; repeatable."
    )
    series: list[str] | None = value(
        "TEXT", "Series of a file, by any unambiguous part of its label.", needs=only.FILE
    )
    encoding: str | None = value(
        "NAME", "Encoding of text, such as gb18030.", "utf-8", needs=only.TEXT
    )
    period_column: str | None = value("NAME", "The column of periods.", needs=only.FILE)
    value_column: str | None = value("NAME", "The column of values.", needs=only.FILE)
    id_column: str | None = value("NAME", "The column of series ids.", needs=only.FILE)
    where: list[str] | None = value(
        "COLUMN=VALUE", "Keep the rows with this label; repeatable.", needs=only.FILE
    )
    sheet: str | None = value(
        "NAME!A1:C9",
        "Sheet of a workbook, some of its cells, or both.",
        "the one with years",
        needs=only.WORKBOOK,
    )
    decimal: Decimal | None = value(
        None,
        "Decimal mark; the other sign parts the thousands.",
        "by all numbers of the table",
        needs=only.FILE,
    )
    measure: Measure | None = value(
        None,
        "Kind of value; a running total (cumulative) never falls.",
        "recognised",
        needs=only.MEASURE,
    )
    actuals_until: int | None = value(
        "YEAR",
        "Last year of history; later values are published figures.",
        "the last that is over",
        needs=only.FILE,
    )
    allow_gaps: bool = flag("Use the values after the last missing year.", needs=only.FILE)
    engine: str = value(
        "ENGINE",
        "What runs it: local, dask, dask=URL, spark, spark=URL; without URL on this machine.",
        default="local",
    )
    workers: int | None = value("N", "Number of processes.", "by size", needs=only.LOCAL, least=1)
    history: bool = flag(
        "Add actual and published rows to machine formats.", needs=only.ROWS + only.NO_TARGET
    )
    all_models: bool = flag("Add every other model.", needs=only.NO_PICTURE + only.NO_CHANCES)
    explain: bool = flag("Show all that it rests on, and all notes.", needs=only.PROSE)
    chart: Charted = value(
        None,
        "Draw it below the table; --chart=image as an image, on kitty, iTerm and terminals with sixel.",
        "not drawn",
        needs=only.UNDER_A_TABLE,
    )
    title: str | None = value(
        "TEXT", "Name of the series in headlines, or of a page of several.", needs=only.PICTURE
    )
    theme: Theme = flag("Colours of svg, png and pdf.", default="light", needs=only.PICTURE_FILE)
    log: bool = flag("Draw on a logarithmic axis.", needs=only.PICTURE)
    headline: str | None = value(
        "TEXT", "The whole headline, in place of ours.", needs=only.PICTURE
    )
    subtitle: str | None = value(
        "TEXT", "Text below the headline, in place of the range.", needs=only.PICTURE
    )
    credit: str | None = value("TEXT", "Source named below the picture.", needs=only.PICTURE)
    note: list[str] | None = value(
        "TEXT", "Note below the picture; repeatable.", needs=only.PICTURE
    )
    ratio: float | None = value(
        "W:H", "Width to height.", "as high as it needs", needs=only.PICTURE_FILE, form=form.RATIO
    )
    pixels: int | None = value(
        "COUNT", "Width of a png.", "1800", needs=only.PNG, least=200, most=10_000
    )
    format: str | None = value("FORMAT", "", "table on a terminal, csv elsewhere", names="-f")
    output: Path | None = value(
        "FILE", "File to write; its suffix sets the format: csv, xlsx, svg and so on.", names="-o"
    )
    color: Color = flag("When to colour tables.", default="auto", needs=only.COLOURED)
    quiet: bool = flag(
        "Print only errors on standard error, and the series used if none is named.", names="-q"
    )
    verbose: bool = flag("Print on standard error what was read.", names="-v")
    keep: Path | None = value(
        "FOLDER", "Keep a record of the forecast in this folder, for score and revise."
    )
    date: str | None = value(
        "TEXT", "Date on the page or record, as you write it.", needs=only.RECORD
    )
    author: str | None = value("TEXT", "Who wrote the page.")
