"""The options that commands share, declared once and in groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from rural_forecast.cli import conditions as only
from rural_forecast.cli import environment, parsing
from rural_forecast.cli.declare import argument, flag, group, value
from rural_forecast.series.catalogue import load
from rural_forecast.series.source_names import DEFAULT_SERIES

Measure = Literal["flow", "stock", "rate", "growth", "price", "cumulative"]
Decimal = Literal[",", "."]
Color = Literal["auto", "always", "never"]
Basis = Literal["levels", "chained"]


def complete_series(incomplete: str) -> list[str]:
    """Complete ids and aliases of the catalogue; where none fits, the shell offers files."""
    catalogue = load()
    aliases = (summary.alias for summary in catalogue.summaries() if summary.alias)
    return [name for name in (*catalogue.ids(), *aliases) if name.startswith(incomplete)]


def named(home: str, listed: str, *others: str) -> Callable[[str], list[str]]:
    """Complete the names that a function of a module lists; the module is imported when a shell asks."""

    def complete(incomplete: str) -> list[str]:
        names = getattr(import_module(f"rural_forecast.{home}"), listed)()
        return [name for name in (*others, *names) if name.startswith(incomplete)]

    return complete


SOURCE = argument(
    "SOURCE",
    "A file, FILE::SERIES, - for standard input, or an id of the catalogue.",
    left_out=DEFAULT_SERIES,
    complete=complete_series,
)
SOURCES = argument(
    "SOURCE", "Files, FILE::SERIES, or ids of the catalogue.", left_out=DEFAULT_SERIES, complete=complete_series
)
LEVEL = value(
    "PERCENT",
    "Width of the range, 30 to 99; 50,80,95 or repeated.",
    left_out="80 and 95",
    parse=parsing.levels,
    several=True,
    brief=True,
)
HISTORY = flag("--history", "Add actual and published rows to machine formats.", needs=only.ROWS, section="Output")
EXPLAIN = flag("--explain", "Show all that it rests on, and all notes.", needs=only.PROSE, section="Output")
ALL_MODELS = flag("--all-models", "Add every other model.", needs=only.NO_PICTURE, section="Output")
CEILING = value(
    "A..B",
    "Bounds of the level at which the market saturates; adds logistic, gompertz and bass.",
    parse=parsing.span,
    brief=True,
    section="Evidence",
)
MODEL = value(
    "NAME",
    "Model to use; repeatable.",
    left_out="the consensus",
    complete=named("forecasting.registry", "names", "consensus"),
    parse=parsing.words,
    several=True,
)
TARGET = value("VALUE", "Chance of being at or above this value in each year; repeatable.", brief=True)
PARTIAL = value(
    "PERIOD=VALUE[:GROWTH]",
    "A known part of the year, 2017H1=537.62 or 2017M01-M08=729.04:36.6, with its growth in percent; repeatable.",
    brief=True,
)
SAME_DEFINITION = flag("--same-definition", "Use a part even if its definition may differ.", needs=only.PARTS)
DATED = "Date on the page or record, as you write it."
PARENTS = value("FILE", "Table of the tree, with columns child and parent.")


def year(left_out: str = "two years ahead") -> Any:
    """Declare `--year`."""
    return value("YEAR", "Last year to forecast.", left_out=left_out, brief=True, section="Question")


def horizon(left_out: str = "", default: int | None = None) -> Any:
    """Declare `--horizon`."""
    needs = () if default else only.NO_YEAR
    return value("YEARS", "Years ahead of the last year used.", default=default, left_out=left_out, needs=needs)


def kind(left_out: str) -> Any:
    """Declare `--kind`."""
    meaning = "Kind of market, such as adoption: follow markets of this kind."
    return value("KIND", meaning, left_out=left_out, parse=parsing.word, section="Evidence")


def weight(needs: only.Needs = ()) -> Any:
    """Declare `--weight`."""
    meaning = "Weight of one voice, by its author or argument, or of ours; repeatable."
    return value(
        "WHO=SHARE",
        meaning,
        left_out="equal",
        needs=needs,
        parse=parsing.shares,
        several=True,
        section="Evidence",
    )


WEIGHT = weight()


def drivers(needs: only.Needs = ()) -> Any:
    """Declare `--drivers`."""
    meaning = "Sizing model of the market, a file or one that ships."
    return value("MODEL", meaning, left_out="the one of the series", needs=needs, section="Evidence")


@group("Question")
class Ahead:
    """How far a forecast goes."""

    year: int | None = year()
    horizon: int | None = horizon()


@group("Evidence")
class Markets:
    """Other markets that say something of this one."""

    like: list[str] | None = value(
        "SOURCE",
        "The same product in a market that may be ahead, FILE::SERIES or ::SERIES; repeatable.",
        names_source=True,
    )
    within: str | None = value(
        "SOURCE",
        "The total that it is a part of, and never passes.",
        left_out="that of the catalogue",
        names_source=True,
    )


@group("Evidence")
class Limits:
    """Statements about the numbers to come."""

    ceiling: tuple[float, float] | None = CEILING
    floor: float | None = value("VALUE", "Lowest value a forecast may have.")
    kind: str | None = kind("column market_kind")


@group("Question")
class Window:
    """Which points of a series are used."""

    since: int | None = value("YEAR", "First year used.", brief=True)
    until: int | None = value("YEAR", "Last year used; later values are shown for comparison.")
    prefer: str | None = value(
        "SOURCE",
        "The source to use where several give a value, or the median of them.",
        left_out="rule",
        parse=parsing.preferred,
        section="Series",
    )
    as_of: date | None = value("DATE", "Use only what was published by this day.", parse=parsing.day)
    basis: Basis = flag("--basis", "Use levels as published, or rebuild earlier ones from growth.", default="levels")


@group("Money")
class Money:
    """In which currency amounts are shown."""

    currency: str | None = value("CODE", "Convert to this currency, such as EUR.")
    rate: float | str | None = value(
        "VALUE",
        "Units of the series' currency for one of --currency after the last known rate, or a file of yearly rates.",
        left_out="the last rate",
        names_source=True,
        needs=only.CURRENCY,
        parse=parsing.rate,
    )


@group("Money")
class Prices:
    """In the prices of which year amounts are."""

    real: int | None = value("YEAR", "Use amounts in the prices of this year, by consumer prices.")
    inflation: float | str | None = value(
        "PERCENT",
        "Inflation a year after the last known prices; or the country whose prices to use; or a file of them.",
        left_out="the prices of the currency's country",
        names_source=True,
        needs=only.DEFLATED,
        parse=parsing.number_or_name,
    )


@group("Question")
class Question:
    """Options of the forecast of a series."""

    model: list[str] | None = MODEL
    level: list[int] | None = LEVEL
    limits: Limits = Limits()
    window: Window = Window()
    money: Money = Money()
    prices: Prices = Prices()


@group("Output")
class Heading:
    """The words at the head of a page."""

    title: str | None = value("TEXT", "Name of the series in the headline, or of a page of several.")
    author: str | None = value("TEXT", "Who wrote the page.", variable=environment.AUTHOR)
    date: str | None = value("TEXT", DATED)


@group("Output")
class Engines:
    """Options of the engine of a batch."""

    engine: str = value(
        "ENGINE",
        "What runs it: local, dask, dask=URL, spark or spark=URL; without URL on this machine.",
        default="local",
    )
    workers: int | None = value(
        "N", "Number of processes.", left_out="by size", needs=only.LOCAL, min=1, variable=environment.WORKERS
    )


@group("Evidence")
class Pooling:
    """The judgement of others, averaged with ours."""

    pool: bool = flag("--pool", "Forecast the mean of ours and what others published or expect.")
    weight: dict[str, float] | None = weight(only.POOLED)


@group("Output")
class Showing:
    """How a result is shown."""

    format: str | None = value("FORMAT", "", "--format", "-f", left_out="table on a terminal, csv elsewhere")
    output: Path | None = value(
        "FILE", "File to write; its suffix sets the format: csv, xlsx, svg and so on", "--output", "-o"
    )
    color: Color = flag("--color", "When to colour tables.", default="auto", needs=only.COLOURED)
    quiet: bool = flag("--quiet", "Print only errors on standard error, and the series used if none is named.", "-q")
    verbose: bool = flag("--verbose", "Print on standard error what was read.", "-v")


@group("Output")
class Keeping:
    """How a result is kept as a record."""

    keep: Path | None = value(
        "FOLDER",
        "Keep a record of the forecast in this folder, for score and revise.",
        variable=environment.KEEP,
    )
    date: str | None = value("TEXT", DATED, needs=only.RECORD)


@group("Reading", needs=only.FILE)
class Reading:
    """How a file is read."""

    series: list[str] | None = value(
        "TEXT", "Series of a file, by any unambiguous part of its label.", brief=True, section="Series"
    )
    encoding: str | None = value("NAME", "Encoding of text, such as gb18030.", left_out="utf-8", needs=only.TEXT)
    period_column: str | None = value("NAME", "The column of periods.")
    value_column: str | None = value("NAME", "The column of values.", section="Series")
    id_column: str | None = value("NAME", "The column of series ids.")
    where: list[str] | None = value(
        "COLUMN=VALUE", "Keep the rows with this label; repeatable.", brief=True, section="Series"
    )
    sheet: str | None = value(
        "NAME!A1:C9",
        "Sheet of a workbook, some of its cells, or both.",
        left_out="the one with years",
        needs=only.WORKBOOK,
        section="Series",
    )
    decimal: Decimal | None = flag(
        "--decimal",
        "Decimal mark; the other sign parts the thousands.",
        default=None,
        left_out="by all numbers of the table",
    )
    measure: Measure | None = flag(
        "--measure",
        "Kind of value; a cumulative one, a running total, is never forecast to fall.",
        default=None,
        left_out="recognised",
        needs=only.MEASURE,
    )
    actuals_until: int | None = value(
        "YEAR",
        "Last year of history; later values are published figures.",
        left_out="the last year that is over",
        section="Series",
    )
    allow_gaps: bool = flag("--allow-gaps", "Use the values after the last missing year.")
