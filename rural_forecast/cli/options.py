"""The options that commands share, declared once and in groups.

A command names a group as one parameter (`showing: Showing`), whose fields `expanding` makes options of their own:
Typer sees a flat signature, and the command gets the group back whole. A field may be a group itself. A parameter of
the command's own replaces the field of that name, which then keeps its default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from rural_forecast.cli import completers
from rural_forecast.errors import UsageError

Complete = Callable[[str], Sequence[str]]

if TYPE_CHECKING:
    from rural_forecast.document.picture import Look, Picture


def value(
    metavar: str, meaning: str, *names: str, left_out: str = "", complete: Complete | None = None, **limits: Any
) -> Any:
    """An option with a value; `left_out` says what happens without it, `complete` suggests values to a shell."""
    return typer.Option(
        *names, metavar=metavar, help=meaning, show_default=left_out or True, autocompletion=complete, **limits
    )


def flag(name: str, meaning: str, *names: str, left_out: str = "") -> Any:
    """An option that is there or not, or one of a few words."""
    return typer.Option(name, *names, help=meaning, show_default=left_out or True)


InputFormat = Literal["csv", "tsv", "json", "ndjson"]
Measure = Literal["flow", "stock", "rate", "growth", "price"]
FutureYears = Literal["published", "history", "leave"]
Color = Literal["auto", "always", "never"]
Reconcile = Literal["rule", "median"]
Basis = Literal["levels", "chained"]
Theme = Literal["light", "dark"]
Source = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE",
        help="A file, '-' for standard input, or an id or alias of the catalogue (see 'series list').",
        show_default="rural_online_shopping_turnover",
        autocompletion=completers.series,
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        help="Files (all their series), or ids or aliases of the catalogue.",
        show_default="rural_online_shopping_turnover",
        autocompletion=completers.series,
    ),
]
Models = Annotated[
    list[str] | None,
    value("NAME", "Use this model instead of the consensus; repeatable.", "--model", complete=completers.models),
]
Levels = Annotated[
    list[int] | None, value("PERCENT", "Interval level, 30 to 99; repeatable.", "--level", left_out="80 and 95")
]
Bands = Annotated[bool, flag("--bands", "Shade intervals of 30, 60 and 90 %, instead of --level.")]
History = Annotated[bool, flag("--history", "Add actual and published rows to machine formats.")]
AllModels = Annotated[bool, flag("--all-models", "Show every model, ARIMA and ETS included.")]
Explain = Annotated[bool, flag("--explain", "Show member weights, similar series and all notes.")]
Log = Annotated[bool, flag("--log", "Draw on a logarithmic axis.")]
Interrupt = Annotated[
    str | None, value("YEARS", "Years across which growth is not read, such as 2020-2021: a pandemic, a strike.")
]


class Ahead(NamedTuple):
    """How far a forecast goes."""

    year: Annotated[int | None, value("YEAR", "Last year to forecast.", left_out="two years after the last point")] = (
        None
    )
    horizon: Annotated[int | None, value("YEARS", "Years ahead of the last point, instead of --year.")] = None


class Limits(NamedTuple):
    """What is stated of the numbers to come."""

    ceiling: Annotated[
        str | None,
        value("A..B", "Range in which the market saturates: no forecast exceeds B; adds logistic, gompertz and bass."),
    ] = None
    floor: Annotated[float | None, value("VALUE", "Lowest value a forecast may have.")] = None
    cumulative: Annotated[bool, flag("--cumulative", "The series is a running total: no forecast falls.")] = False
    kind: Annotated[
        str | None,
        value(
            "KIND",
            "Kind of market, such as adoption, a new product that spreads: moves the consensus as such markets moved.",
            left_out="column market_kind",
        ),
    ] = None


class Engines(NamedTuple):
    """What carries a batch out."""

    engine: Annotated[Literal["local", "dask", "spark"], flag("--engine", "Engine that runs the batch.")] = "local"
    workers: Annotated[
        int | None, value("N", "Number of processes; the output does not depend on it.", left_out="by size", min=1)
    ] = None
    scheduler: Annotated[str | None, value("ADDRESS", "Dask scheduler.", left_out="a local cluster")] = None
    master: Annotated[str | None, value("URL", "Spark master.", left_out="local[*]")] = None


class Pooling(NamedTuple):
    """The judgement of others, mixed with ours."""

    pool: Annotated[
        bool, flag("--pool", "Show next to the forecast a mixture of it with those of others: published, or experts'.")
    ] = False
    pool_weight: Annotated[
        list[str] | None,
        value(
            "WHO=SHARE",
            "Weight of one voice of the pool, by its author, or of ours; repeatable.",
            "--pool-weight",
            left_out="by scored forecasts, else equal",
        ),
    ] = None


class Heading(NamedTuple):
    """The words at the head of a page."""

    title: Annotated[str | None, value("TEXT", "Title of the page.")] = None
    author: Annotated[str | None, value("TEXT", "Who wrote the page.")] = None
    date: Annotated[str | None, value("TEXT", "Date on the page, as you write it.")] = None


class Showing(NamedTuple):
    """How a result is shown."""

    format: Annotated[
        str | None,
        value("FORMAT", "Output format.", "--format", "-f", left_out="table on a terminal, csv elsewhere"),
    ] = None
    output: Annotated[
        Path | None, value("FILE", "Write to this file; its suffix sets the format.", "--output", "-o")
    ] = None
    color: Annotated[Color, flag("--color", "When to colour tables.")] = "auto"
    quiet: Annotated[
        bool, flag("--quiet", "Print only errors on standard error, and the series used if none is named.", "-q")
    ] = False
    verbose: Annotated[bool, flag("--verbose", "Print on standard error what was read.", "-v")] = False


class Window(NamedTuple):
    """Which points of a series are used."""

    since: Annotated[int | None, value("YEAR", "First year used.")] = None
    until: Annotated[int | None, value("YEAR", "Last year used; later values are shown for comparison.")] = None
    prefer: Annotated[str | None, value("SOURCE", "The source to use where several give a value.", "--prefer")] = None
    reconcile: Annotated[
        Reconcile, flag("--reconcile", "Choose one value for each period by the preference rule, or take the median.")
    ] = "rule"
    as_of: Annotated[str | None, value("DATE", "Use only values certainly published by this date.", "--as-of")] = None
    basis: Annotated[
        Basis, flag("--basis", "Use levels as published, or rebuild earlier levels from published growth.")
    ] = "levels"


class Money(NamedTuple):
    """In which currency amounts are shown."""

    currency: Annotated[
        str | None, value("CODE", "Convert to this currency, such as EUR, at yearly average rates.")
    ] = None
    rate: Annotated[
        float | None,
        value(
            "RATE",
            "Units of the series' currency for one of --currency after the last known rate.",
            left_out="the last rate",
        ),
    ] = None
    rates: Annotated[
        str | None, value("SOURCE", "Yearly rates in a unit such as 'CNY per EUR'.", left_out="those that ship")
    ] = None


class Prices(NamedTuple):
    """In the prices of which year amounts are."""

    real: Annotated[int | None, value("YEAR", "Use amounts in the prices of this year, by consumer prices.")] = None
    prices: Annotated[
        str | None,
        value(
            "COUNTRY",
            "Country whose consumer prices to use, or a file of an index or of inflation.",
            left_out="that of the currency",
        ),
    ] = None
    inflation: Annotated[float | None, value("PERCENT", "Inflation a year after the last known prices.")] = None
    nominal: Annotated[
        bool, flag("--nominal", "Show the forecast in the prices of each year again; needs --inflation.")
    ] = False


class Page(NamedTuple):
    """What `exhibit` and `report` take alike: how each market is forecast, and the head of the page."""

    model: Models = None
    level: Levels = None
    bands: Bands = False
    heading: Heading = Heading()
    interrupt: Interrupt = None
    limits: Limits = Limits()
    window: Window = Window()
    money: Money = Money()
    pooling: Pooling = Pooling()


class Reading(NamedTuple):
    """How a file is read."""

    series: str | Sequence[str] | None = None
    """One id (`ONE`), or a list of them where a command sets several series side by side (`SEVERAL`)."""
    input_format: Annotated[
        InputFormat | None,
        flag(
            "--input-format",
            "Format of standard input, or of a file without a known suffix.",
            left_out="by the suffix, or csv",
        ),
    ] = None
    encoding: Annotated[str | None, value("NAME", "Encoding of text, such as gb18030.", left_out="utf-8")] = None
    period_column: Annotated[str | None, value("NAME", "The column of periods.", complete=completers.columns)] = None
    value_column: Annotated[str | None, value("NAME", "The column of values.", complete=completers.columns)] = None
    id_column: Annotated[str | None, value("NAME", "The column of series ids.", complete=completers.columns)] = None
    where: Annotated[
        list[str] | None, value("COLUMN=VALUE", "Keep the rows with this label in a column; repeatable.", "--where")
    ] = None
    sheet: Annotated[
        str | None, value("NAME", "Sheet of a workbook.", left_out="the only one with a table of years")
    ] = None
    range: Annotated[str | None, value("A1:C9", "Cells of the sheet.")] = None
    decimal_comma: Annotated[bool, flag("--decimal-comma", "Read 12,5 as twelve and a half.")] = False
    thousands: Annotated[str | None, value("SIGN", "Thousands separator, such as ','.")] = None
    measure: Annotated[
        Measure | None, flag("--measure", "Kind of the values; a rate is a share of a whole.", left_out="recognised")
    ] = None
    future_years: Annotated[
        FutureYears | None,
        flag(
            "--future-years",
            "Read years that are not over as published figures or as history, or leave them out.",
            left_out="published; a lone year far after the others is refused",
        ),
    ] = None
    allow_gaps: Annotated[
        bool, flag("--allow-gaps", "Accept missing years; only values after the last gap are used.")
    ] = False


ONE = Annotated[str | None, value("TEXT", "The series of a file: its id, or a label in any column.", "--series")]
SEVERAL = Annotated[
    list[str] | None,
    value("TEXT", "A series to take from a file of several: its id or a label; repeatable.", "--series"),
]


_FLATTEST = 3
_FEWEST_PIXELS, _MOST_PIXELS = 200, 10_000


class Sketch(NamedTuple):
    """A picture that is drawn if it is wanted."""

    make: Callable[[], Picture]
    under: bool
    """Whether to draw it under a table."""


class Drawing(NamedTuple):
    """How a picture is drawn."""

    log: Log = False
    title: Annotated[str | None, value("TEXT", "Title of the picture; ours follows it.")] = None
    subtitle: Annotated[str | None, value("TEXT", "Text below the title of the picture.")] = None
    credit: Annotated[str | None, value("TEXT", "Source named below the picture, instead of ours.", "--source")] = None
    note: Annotated[list[str] | None, value("TEXT", "Note below the picture; repeatable.")] = None
    theme: Annotated[Theme, flag("--theme", "Colours of svg, png and pdf.")] = "light"
    ratio: Annotated[
        str | None, value("W:H", "Width to height of svg, png and pdf.", left_out="as high as it needs")
    ] = None
    pixels: Annotated[int | None, value("COUNT", "Width of a png.", left_out="1800")] = None

    def dressed(self, picture: Picture, look: Look) -> Picture:
        """The picture with the texts and the look asked for."""
        from rural_forecast.views.pictures import dressed

        return dressed(
            picture,
            title=self.title or "",
            subtitle=self.subtitle or "",
            source=self.credit or "",
            notes=tuple(self.note or ()),
            logarithmic=self.log,
            look=look,
        )

    def look(self) -> Look:
        """Theme and size.

        Raises
        ------
        UsageError : a ratio or a width that no picture can have
        """
        from rural_forecast.document.picture import Look

        ratio = None
        if self.ratio is not None:
            sides = re.fullmatch(r"(\d{1,4}):(\d{1,4})", self.ratio)
            ratio = int(sides[1]) / max(int(sides[2]), 1) if sides else 0.0
            if not _FLATTEST >= ratio >= 1 / _FLATTEST:
                raise UsageError(
                    f"--ratio {self.ratio} is not width to height, from 1:{_FLATTEST} to {_FLATTEST}:1.",
                    "Give one such as 16:9.",
                )
        if self.pixels is not None and not _FEWEST_PIXELS <= self.pixels <= _MOST_PIXELS:
            raise UsageError(
                f"--pixels {self.pixels} is not between {_FEWEST_PIXELS} and {_MOST_PIXELS:,}.",
                "Give a width such as 1200.",
            )
        return Look(self.theme, ratio, self.pixels)


class Picturing(NamedTuple):
    """Whether a picture is drawn under a table, and how it is drawn there or in a file."""

    chart: Annotated[bool, flag("--chart", "Draw the picture under the table.")] = False
    drawing: Drawing = Drawing()

    def of(self, kind: str, result: Any, **options: Any) -> Sketch:
        """The picture of a result, by the view `kind`, drawn if it is wanted."""

        def make() -> Picture:
            view = import_module(f"rural_forecast.views.pictures.{kind}")
            return self.drawing.dressed(view.picture(result, **options), self.drawing.look())

        return Sketch(make, self.chart)
