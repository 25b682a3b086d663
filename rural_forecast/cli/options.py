"""The options that commands share, declared once and in groups."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from rural_forecast.cli import completers, parsing
from rural_forecast.cli import conditions as only
from rural_forecast.cli.declare import argument, flag, group, value
from rural_forecast.series.source_names import DEFAULT_SERIES

InputFormat = Literal["csv", "tsv", "json", "ndjson"]
Measure = Literal["flow", "stock", "rate", "growth", "price", "cumulative"]
FutureYears = Literal["published", "history", "leave"]
Color = Literal["auto", "always", "never"]
Basis = Literal["levels", "chained"]

SOURCE = argument(
    "SOURCE",
    "A file, '-' for standard input, or an id or alias of the catalogue (see 'series list').",
    left_out=DEFAULT_SERIES,
    complete=completers.series,
)
SOURCES = argument("SOURCE", "Files, or series of the catalogue.", left_out=DEFAULT_SERIES, complete=completers.series)
LEVEL = value("PERCENT", "Interval level, 30 to 99; repeatable.", "--level", left_out="80 and 95")
BANDS = flag("--bands", "Shade intervals of 30, 60 and 90 %, instead of --level.", needs=only.NO_LEVEL)
HISTORY = flag("--history", "Add actual and published rows to machine formats.")


@group
class Ahead(NamedTuple):
    """How far a forecast goes."""

    year: int | None = value("YEAR", "Last year to forecast.", left_out="two years after the last point")
    horizon: int | None = value("YEARS", "Years ahead of the last point.", needs=only.NO_YEAR)


@group
class Limits(NamedTuple):
    """What is stated of the numbers to come."""

    ceiling: tuple[float, float] | None = value(
        "A..B",
        "Range in which the market saturates: no forecast exceeds B; adds logistic, gompertz and bass.",
        parse=parsing.span,
    )
    floor: float | None = value("VALUE", "Lowest value a forecast may have.")
    kind: str | None = value(
        "KIND",
        "Kind of market, such as adoption, a new product that spreads: moves the consensus as such markets moved.",
        left_out="column market_kind",
    )


@group
class Window(NamedTuple):
    """Which points of a series are used."""

    since: int | None = value("YEAR", "First year used.")
    until: int | None = value("YEAR", "Last year used; later values are shown for comparison.")
    prefer: str | None = value(
        "SOURCE",
        "The source to use where several give a value, or the median of them.",
        left_out="rule",
    )
    as_of: date | None = value("DATE", "Use only what was published by this day.", parse=parsing.day)
    basis: Basis = flag("--basis", "Use levels as published, or rebuild earlier ones from growth.", default="levels")


@group
class Money(NamedTuple):
    """In which currency amounts are shown."""

    currency: str | None = value("CODE", "Convert to this currency, such as EUR.")
    rate: float | str | None = value(
        "VALUE",
        "Units of the series' currency for one of --currency after the last known rate, or a file of yearly rates.",
        left_out="the last rate",
        needs=only.CURRENCY,
        parse=parsing.rate,
    )


@group
class Prices(NamedTuple):
    """In the prices of which year amounts are."""

    real: int | None = value("YEAR", "Use amounts in the prices of this year, by consumer prices.", needs=only.REAL)
    inflation: float | str | None = value(
        "PERCENT",
        "Inflation a year after the last known prices; or the country whose prices to use; or a file of them.",
        left_out="the prices of the currency's country",
        needs=only.DEFLATED,
        parse=parsing.number_or_name,
    )


@group
class Question(NamedTuple):
    """What is asked of the forecast of a series."""

    model: list[str] | None = value(
        "NAME", "Model to use instead of the consensus; repeatable.", complete=completers.models
    )
    level: list[int] | None = LEVEL
    limits: Limits = Limits()
    window: Window = Window()
    money: Money = Money()
    prices: Prices = Prices()


@group
class Heading(NamedTuple):
    """The words at the head of a page."""

    title: str | None = value("TEXT", "Title of the page.")
    author: str | None = value("TEXT", "Who wrote the page.")
    date: str | None = value("TEXT", "Date on the page, as you write it.")


@group
class Engines(NamedTuple):
    """What carries a batch out."""

    engine: str = value(
        "ENGINE",
        "What runs it: local, dask, dask=URL, spark or spark=URL; without URL on this machine.",
        default="local",
    )
    workers: int | None = value("N", "Number of processes.", left_out="by size", needs=only.LOCAL, min=1)


@group
class Pooling(NamedTuple):
    """The judgement of others, mixed with ours."""

    pool: bool = flag("--pool", "Show next to the forecast a mixture of it with those of others.", needs=only.POOL)
    pool_weight: dict[str, float] | None = value(
        "WHO=SHARE",
        "Weight of one voice of the pool, by its author, or of ours; repeatable.",
        left_out="by scored forecasts, else equal",
        needs=only.POOLED,
        parse=parsing.shares,
        several=True,
    )


@group
class Showing(NamedTuple):
    """How a result is shown."""

    format: str | None = value("FORMAT", "", "--format", "-f", left_out="table on a terminal, csv elsewhere")
    output: Path | None = value("FILE", "Write to this file; its suffix sets the format.", "--output", "-o")
    color: Color = flag("--color", "When to colour tables.", default="auto", needs=only.COLOURED)
    quiet: bool = flag("--quiet", "Print only errors on standard error, and the series used if none is named.", "-q")
    verbose: bool = flag("--verbose", "Print on standard error what was read.", "-v")


@group
class Reading(NamedTuple):
    """How a file is read."""

    series: list[str] | None = value(
        "TEXT", "A series of a file, by id or label; repeatable in chart, growth and exhibit.", needs=only.FILE
    )
    input_format: InputFormat | None = flag(
        "--input-format",
        "Format of standard input, or of a file without a known suffix.",
        default=None,
        left_out="by the suffix, or csv",
        needs=only.TEXT,
    )
    encoding: str | None = value("NAME", "Encoding of text, such as gb18030.", left_out="utf-8", needs=only.TEXT)
    period_column: str | None = value("NAME", "The column of periods.", needs=only.FILE, complete=completers.columns)
    value_column: str | None = value("NAME", "The column of values.", needs=only.FILE, complete=completers.columns)
    id_column: str | None = value("NAME", "The column of series ids.", needs=only.FILE, complete=completers.columns)
    where: list[str] | None = value("COLUMN=VALUE", "Keep the rows with this label; repeatable.", needs=only.FILE)
    sheet: str | None = value("NAME", "Sheet of a workbook.", left_out="the one with years", needs=only.WORKBOOK)
    range: str | None = value("A1:C9", "Cells of the sheet.", needs=only.WORKBOOK)
    decimal_comma: bool = flag("--decimal-comma", "Read 12,5 as twelve and a half.", needs=only.FILE)
    thousands: str | None = value("SIGN", "Thousands separator, such as ','.", needs=only.FILE)
    measure: Measure | None = flag(
        "--measure",
        "Kind of value of a file; cumulative, of any series, is a running total: no forecast falls.",
        default=None,
        left_out="recognised",
        needs=only.MEASURE,
    )
    future_years: FutureYears | None = flag(
        "--future-years",
        "Read years that are not over as published figures or as history, or leave them out.",
        default=None,
        left_out="published; a lone year far after the others is refused",
        needs=only.FILE,
    )
    allow_gaps: bool = flag("--allow-gaps", "Use the values after the last missing year.", needs=only.FILE)
