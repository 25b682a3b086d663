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
from rural_forecast.cli.declare import Option, Section, argument, flag, value
from rural_forecast.series.catalogue import load
from rural_forecast.series.source_names import DEFAULT_SERIES, without_folders

Measure = Literal["flow", "stock", "rate", "growth", "price", "cumulative"]
Decimal = Literal[",", "."]
Color = Literal["auto", "always", "never"]
Basis = Literal["levels", "chained"]
Theme = Literal["light", "dark"]
Charted = Literal["text", "image"] | None


def complete_series(incomplete: str) -> list[str]:
    """Complete ids and aliases of the catalogue; where none fits, the shell offers files."""
    return [name for name in load().names() if name.startswith(incomplete)]


def named(home: str, listed: str, *others: str) -> Callable[[str], list[str]]:
    """Complete the names that a function of a module lists; the module is imported when a shell asks."""

    def complete(incomplete: str) -> list[str]:
        names = getattr(import_module(f"rural_forecast.{home}"), listed)()
        return [name for name in (*others, *names) if name.startswith(incomplete)]

    return complete


# fmt: off
SOURCE: Any = argument("SOURCE", "A file, FILE::SERIES, - for standard input, or an id of the catalogue.",
    left_out=DEFAULT_SERIES, complete=complete_series)
SOURCES: Any = argument("SOURCE", "Files, FILE::SERIES, or ids of the catalogue.", left_out=DEFAULT_SERIES,
    complete=complete_series)
RECORDS: Any = argument("RECORD", "Files that --keep or --format json wrote, or rows of forecasts, ours or of others.",
    default=...)
AGAINST: Any = value("SOURCE", "What came: a file, or an id of the catalogue.", "--with", left_out="the catalogue",
    brief=True, complete=complete_series)
OLD: Any = argument("OLD", "A record.", default=...)
NEW: Any = argument("NEW", "A newer record, a file, or an id of the catalogue; of a sizing its model.", default=...,
    complete=complete_series)
COLUMNS: Any = flag("--columns", "Draw one series as columns with their values and growth a year.", section="Output")
APPENDIX: Any = flag("--appendix", "Add the models, the evidence, every value and the method.",
    needs=only.WITH_APPENDIX, brief=True, section="Output")
TRIANGULATE: Any = flag("--triangulate", "Set all arguments for one number side by side, as 'triangulate' does.",
    needs=only.ONE_ANSWER, brief=True, section="Evidence")
ALL_MODELS: Any = flag("--all-models", "Add every other model.", needs=only.TABLE, section="Output")
DETAIL: Any = flag("--detail", "List every forecast instead of the scores.", needs=only.NO_PICTURE, section="Output")
COUNT: Any = value("NUMBER", "How many histories to show.", default=8)
YEARS: Any = value("FIRST..LAST", "Years to show, 2014.. or 2014..2020, or all of any series.",
    left_out="those of every series", form=form.YEARS, brief=True)
BASE: Any = value("YEAR", "The year in which the index is 100.", left_out="the first that all series have")
WORD: Any = argument("WORD", "Only series whose id or text holds every word.")
NAME: Any = argument("NAME", "Name of a model.", left_out="all of them",
    complete=named("forecasting.registry", "names"))
COMMAND: Any = argument("COMMAND", "A command, such as project or series read.", left_out="all")
FOLDER: Any = argument("FOLDER", "Folders whose files may be read.", left_out="the catalogue alone")
METHOD: Any = flag("--method", "Weigh nodes, split the whole, or add up leaves.", default="weighted")
SEPARATOR: Any = value("TEXT", "What parts an id into names of the tree.", default=" / ", needs=only.NO_PARENTS)
PARENTS: Any = value("FILE", "Table of the tree, with columns child and parent.")
CALIBRATE: Any = flag("--calibrate",
    "Adjust intervals to the last points of 50 or more series: never, auto (widen where too few points were "
    "inside) or always.", default="never", section="Evidence")
STRICT: Any = flag("--strict", "Refuse the whole file if one series is refused (exit code 3).", section="Output")
RAW_TEXT: Any = flag("--raw-text", "No ' before texts that look like formulas, such as -x.", needs=only.SEPARATED,
    section="Output")
PANEL_FILE: Any = argument("FILE", "A file of many series: parts of a whole, totals or not.", default=...)
BATCH_FILE: Any = argument("FILE", "A file of many series, a folder of Parquet files, or - for standard input.",
    default=...)
GROWTH: Any = value("YEAR=PERCENT,...", "Growth in a year, or an 80 % range A..B; one alone is for every year.",
    form=form.GROWTH, several=True, brief=True)
SHOCK: Any = value("YEAR=PERCENT,...", "Change of the level in a year, or A..B; it stays.", form=form.BY_YEAR,
    several=True, brief=True)
OVERRIDE: Any = value("YEAR=VALUE,...", "A value set by hand, or A..B; needs --reason.", needs=only.REASON,
    form=form.BY_YEAR, several=True, brief=True)
REASON: Any = value("TEXT", "The reason for the assumptions; it is printed with the result.", brief=True)
SCENARIO_NAME: Any = value("NAME", "Name of the scenario.", brief=True)
FROM: Any = value("FILE", "The scenarios of a TOML file, or of one that ships.", "--from",
    complete=named("sizing.toml", "scenario_files"), brief=True)
SIZE_MODEL: Any = argument("MODEL", "A TOML file, - for standard input, or a model that ships, such as volume_price.",
    default=..., complete=named("sizing.toml", "models"))
DRAWS: Any = value("COUNT", "Monte Carlo draws, 1000 to 1000000.", default=100_000)
SEED: Any = value("NUMBER", "Seed of the random numbers; the same seed gives the same result.", default=1)
PRINT_MODEL: Any = flag("--print-model", "Print the model file, to start your own from it.", needs=only.ALONE,
    section="Output")
# fmt: on
"""Arguments, and options of one command."""

AUTHOR, CATALOGUE, KEEP = "RURAL_FORECAST_AUTHOR", "RURAL_FORECAST_CATALOGUE", "RURAL_FORECAST_KEEP"
THEME, WORKERS = "RURAL_FORECAST_THEME", "RURAL_FORECAST_WORKERS"
VARIABLES = {
    AUTHOR: "Who writes a page, where --author is left out.",
    CATALOGUE: "Folders with series of your own, separated as in PATH.",
    KEEP: "Folder that records of forecasts are kept in, where --keep is left out.",
    THEME: "Colours of pictures, light or dark, where --theme is left out.",
    WORKERS: "Number of processes of a batch, where --workers is left out.",
    "NO_COLOR": "Set to anything: no colour.",
    "FORCE_COLOR": "Set to anything: colour, terminal or not.",
    "CLICOLOR_FORCE": "Set to anything but 0: colour, terminal or not.",
    "CLICOLOR": "Set to 0: no colour.",
    "TERM": "With the value dumb: no colour, no progress bar.",
    "COLUMNS": "Width of the terminal.",
}
"""Variables of the environment that are heeded."""
AHEAD, PARTS, TARGETS, DRIVERS, SIGNED = "year horizon", "partial same_definition", "target", "drivers", "author"
MODELS, LIMITS, WINDOW = "model level", "ceiling floor kind", "since until prefer as_of basis"
QUESTION = f"{MODELS} {LIMITS} {WINDOW}"
MARKETS, POOLING, CURRENCY, PRICES = "like within", "pool weight", "currency rate", "real inflation"
MONEY = f"{CURRENCY} {PRICES}"
READING = "series encoding period_column value_column id_column where sheet decimal measure actuals_until allow_gaps"
ENGINES, ROWS, EXPLAINED, PICTURE = "engine workers", "history all_models", "explain chart", "title theme"
DRAWING = f"log headline subtitle credit note ratio pixels {PICTURE}"
SHOWING, KEEPING = "format output color quiet verbose", "keep date"
"""Groups of options, which commands take."""


def own_catalogues() -> list[str]:
    """The folders of the user's own catalogues."""
    return [name for name in os.environ.get(CATALOGUE, "").split(os.pathsep) if name.strip()]


class Options:
    """Every option that commands share: a name means the same in each. One that a command lacks has its default."""

    _in_python: ClassVar[dict[str, str]] = {"model": "models", "level": "levels"}
    sections: ClassVar[dict[Section, str]] = {
        "Evidence": f"{LIMITS} {MARKETS} {DRIVERS} {POOLING}",
        "Money": MONEY,
        "Series": "prefer series value_column where sheet actuals_until",
        "Reading": READING,
        "Output": f"{ENGINES} {ROWS} {EXPLAINED} {DRAWING} {SHOWING} {KEEPING} {SIGNED}",
    }
    """Where the help lists an option, the first that has it; any other one is part of the question."""

    def __init__(self, offered: Sequence[str] = (), variables: Sequence[str] = (), **stated: Any) -> None:
        """The options as stated; the formats that the command writes; variables that set options."""
        folders = {CATALOGUE: os.pathsep.join(map(without_folders, own))} if (own := own_catalogues()) else {}
        self.offered, self.variables = offered, folders | {name: os.environ[name] for name in variables}
        for name, option in vars(type(self)).items():
            if isinstance(option, Option):
                setattr(self, name, stated.get(name, option.default))

    def stated(self, names: str) -> dict[str, Any]:
        """Those that are not left out, as arguments of the Python API, where readers take any other measure."""
        given = {self._in_python.get(name, name): getattr(self, name) for name in names.split()}
        given |= {"measure": None} if self.measure != "cumulative" else {}
        return {
            name: value for name, value in given.items() if value is not False and value not in (None, [], "levels")
        }

    # fmt: off
    year: int | None = value("YEAR", "Last year to forecast.", left_out="two years ahead", brief=True)
    horizon: int | None = value("YEARS", "Years ahead of the last year used.", needs=only.NO_YEAR)
    model: list[str] | None = value("NAME", "Model to use; repeatable.", left_out="the consensus",
        complete=named("forecasting.registry", "names", "consensus"), form=form.WORDS)
    level: list[int] | None = value("PERCENT", "Width of the range, 30 to 99; 50,80,95 or repeated.",
        left_out="80 and 95", form=form.LEVELS, brief=True, needs=only.BESIDE_CHANCES)
    partial: list[str] | None = value("PERIOD=VALUE[:GROWTH]",
        "A known part of the year, 2017H1=537.62 or 2017M01-M08=729.04:36.6, with its growth in percent; repeatable.",
        brief=True)
    same_definition: bool = flag("--same-definition", "Use a part even if its definition may differ.", needs=only.PARTS)
    ceiling: tuple[float, float] | None = value("A..B",
        "Bounds of the level at which the market saturates; adds logistic, gompertz and bass.", form=form.SPAN,
        brief=True)
    floor: float | None = value("VALUE", "Lowest value a forecast may have.")
    kind: str | None = value("KIND", "Kind of market, such as adoption: follow markets of this kind.",
        left_out="column market_kind", form=form.WORD)
    since: int | None = value("YEAR", "First year used.", brief=True)
    until: int | None = value("YEAR", "Last year used; later values are shown for comparison.")
    prefer: str | None = value("SOURCE", "The source to use where several give a value, or the median of them.",
        left_out="rule", form=form.PREFERRED)
    as_of: date | None = value("DATE", "Use only what was published by this day.", form=form.DAY)
    basis: Basis = flag("--basis", "Use levels as published, or rebuild earlier ones from growth.", default="levels")
    like: list[str] | None = value("SOURCE",
        "The same product in a market that may be ahead, FILE::SERIES or ::SERIES; repeatable.", names_source=True)
    within: str | None = value("SOURCE", "The total that it is a part of, and never passes.",
        left_out="that of the catalogue", names_source=True)
    drivers: str | None = value("MODEL", "Sizing model of the market, a file or one that ships.",
        left_out="the one of the series")
    pool: bool = flag("--pool", "Forecast the mean of ours and what others published or expect.", needs=only.NO_COLUMNS)
    weight: dict[str, float] | None = value("WHO=SHARE",
        "Weight of one voice, by its author or argument, or of ours; repeatable.", left_out="equal", needs=only.POOLED,
        form=form.SHARES, several=True)
    currency: str | None = value("CODE", "Convert to this currency, such as EUR.")
    rate: float | str | None = value("VALUE",
        "Units of the series' currency for one of --currency after the last known rate, or a file of yearly rates.",
        left_out="the last rate", names_source=True, needs=only.CURRENCY, form=form.NUMBER_OR_NAME)
    real: int | None = value("YEAR", "Use amounts in the prices of this year, by consumer prices.",
        needs=only.AS_PUBLISHED)
    inflation: float | str | None = value("PERCENT",
        "Inflation a year after the last known prices; or the country whose prices to use; or a file of them.",
        left_out="the prices of the currency's country", names_source=True, needs=only.DEFLATED,
        form=form.NUMBER_OR_NAME)
    target: list[float] | None = value("VALUE", "Chance of being at or above this value in each year; repeatable.",
        brief=True)
    series: list[str] | None = value("TEXT", "Series of a file, by any unambiguous part of its label.", brief=True,
        needs=only.FILE)
    encoding: str | None = value("NAME", "Encoding of text, such as gb18030.", left_out="utf-8", needs=only.TEXT)
    period_column: str | None = value("NAME", "The column of periods.", needs=only.FILE)
    value_column: str | None = value("NAME", "The column of values.", needs=only.FILE)
    id_column: str | None = value("NAME", "The column of series ids.", needs=only.FILE)
    where: list[str] | None = value("COLUMN=VALUE", "Keep the rows with this label; repeatable.", brief=True,
        needs=only.FILE)
    sheet: str | None = value("NAME!A1:C9", "Sheet of a workbook, some of its cells, or both.",
        left_out="the one with years", needs=only.WORKBOOK)
    decimal: Decimal | None = flag("--decimal", "Decimal mark; the other sign parts the thousands.", default=None,
        left_out="by all numbers of the table", needs=only.FILE)
    measure: Measure | None = flag("--measure",
        "Kind of value; a cumulative one, a running total, is never forecast to fall.", default=None,
        left_out="recognised", needs=only.MEASURE)
    actuals_until: int | None = value("YEAR", "Last year of history; later values are published figures.",
        left_out="the last year that is over", needs=only.FILE)
    allow_gaps: bool = flag("--allow-gaps", "Use the values after the last missing year.", needs=only.FILE)
    engine: str = value("ENGINE",
        "What runs it: local, dask, dask=URL, spark or spark=URL; without URL on this machine.", default="local")
    workers: int | None = value("N", "Number of processes.", left_out="by size", needs=only.LOCAL, least=1,
        variable=WORKERS)
    history: bool = flag("--history", "Add actual and published rows to machine formats.",
        needs=only.ROWS + only.NO_TARGET)
    all_models: bool = flag("--all-models", "Add every other model.", needs=only.NO_PICTURE + only.BESIDE_CHANCES)
    explain: bool = flag("--explain", "Show all that it rests on, and all notes.", needs=only.PROSE)
    chart: Charted = flag("--chart",
        "Draw the picture under the table; --chart=image as an image, on kitty, iTerm and terminals with sixel.",
        default=None, left_out="not drawn", needs=only.UNDER_A_TABLE)
    title: str | None = value("TEXT", "Name of the series in the headline, or of a page of several.",
        needs=only.PICTURE)
    theme: Theme = flag("--theme", "Colours of svg, png and pdf.", default="light", needs=only.PICTURE_FILE,
        variable=THEME)
    log: bool = flag("--log", "Draw on a logarithmic axis.", needs=only.PICTURE)
    headline: str | None = value("TEXT", "The whole headline, in place of ours.", needs=only.PICTURE)
    subtitle: str | None = value("TEXT", "Text below the headline, in place of the range.", needs=only.PICTURE)
    credit: str | None = value("TEXT", "Source named below the picture.", needs=only.PICTURE)
    note: list[str] | None = value("TEXT", "Note below the picture; repeatable.", needs=only.PICTURE)
    ratio: float | None = value("W:H", "Width to height.", left_out="as high as it needs", needs=only.PICTURE_FILE,
        form=form.RATIO)
    pixels: int | None = value("COUNT", "Width of a png.", left_out="1800", needs=only.PNG, least=200, most=10_000)
    format: str | None = value("FORMAT", "", "--format", "-f", left_out="table on a terminal, csv elsewhere")
    output: Path | None = value("FILE", "File to write; its suffix sets the format: csv, xlsx, svg and so on",
        "--output", "-o")
    color: Color = flag("--color", "When to colour tables.", default="auto", needs=only.COLOURED)
    quiet: bool = flag("--quiet", "Print only errors on standard error, and the series used if none is named.", "-q")
    verbose: bool = flag("--verbose", "Print on standard error what was read.", "-v")
    keep: Path | None = value("FOLDER", "Keep a record of the forecast in this folder, for score and revise.",
        variable=KEEP)
    date: str | None = value("TEXT", "Date on the page or record, as you write it.", needs=only.RECORD)
    author: str | None = value("TEXT", "Who wrote the page.", variable=AUTHOR)
    # fmt: on
