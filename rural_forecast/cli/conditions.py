"""When an option applies. It is stated where the option is declared, and checked before a command
runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from rural_forecast.render.formats import Format


class Line(NamedTuple):
    """The parts of a command line that decide which options apply."""

    typed: Mapping[str, Any]
    """arguments and options by their parameter, those left at their default excepted."""
    options: Collection[str]
    format: Format
    drawn: bool  # a table is drawn, or has a picture below it
    sources: frozenset[str]  # their kinds: `catalogue`, `text`, `excel`, `parquet`

    @property
    def files(self) -> frozenset[str]:
        """The kinds of those that are files."""
        return self.sources - {"catalogue"}

    @property
    def is_cumulative(self) -> bool:
        """True if values are running totals."""
        return bool(self.typed.get("measure") == "cumulative")


class Need(NamedTuple):
    """The condition under which an option applies."""

    holds: Callable[[Line], object]
    problem: str  # continues a sentence that begins with the option
    instead: str = ""  # the advice, other than to leave the option out
    requires: str = ""  # the option that it needs, or contradicts
    excludes: str = ""


Needs = tuple[Need, ...]


def failing(line: Line, needs: Needs) -> Need | None:
    """The first condition that does not hold, for which an option does not apply; None if all hold."""
    return next((need for need in needs if not need.holds(line)), None)


def _for(what: str, holds: Callable[[Line], object], instead: str = "") -> Needs:
    return (Need(holds, f"is for {what}", instead),)


def _in(*names: str) -> Needs:
    return _for(" and ".join(names), lambda line: line.format.name in names)


def _with(option: str, example: str = "") -> Needs:
    add = f"add --{option} {example}".strip()
    return (
        Need(lambda line: option in line.typed, f"needs --{option}", add, requires=f"--{option}"),
    )


def _without(option: str) -> Needs:
    leave = f"leave --{option} out"
    return (
        Need(
            lambda line: option not in line.typed,
            f"contradicts --{option}",
            leave,
            excludes=f"--{option}",
        ),
    )


FILE = _for("files", lambda on: on.files, "name a file; '-' reads standard input")
MEASURE = (
    Need(
        lambda on: on.files or on.is_cumulative,
        "is for files, unless it is cumulative",
        "name a file",
    ),
    Need(lambda on: "ceiling" in on.options or not on.is_cumulative, "cumulative is for forecasts"),
)
TEXT = _for("text such as CSV", lambda on: "text" in on.sources)
WORKBOOK = _for("Excel workbooks", lambda on: "excel" in on.sources)
PARTS = _for(
    "known parts",
    lambda on: "partial" in on.typed or on.files,
    "add one, such as --partial 2017H1=260",
)
PICTURE = _for(
    "pictures",
    lambda on: (
        on.format.name != "pptx"
        and (on.format.shows != "document" or (on.format.draws and on.drawn))
    ),
    "draw one: --chart --format table, or -o market.svg",
)
PICTURE_FILE = _for("svg, png and pdf", lambda on: on.format.shows == "picture")
NO_PICTURE = _for("tables and rows", lambda on: on.format.shows != "picture")
UNDER_A_TABLE = _for(
    "tables",
    lambda on: "Picture" in on.format.renderers,
    "add --format table, or write a picture: -o market.svg",
)
PROSE = _for(
    "formats with notes",
    lambda on: on.format.has_notes,
    "use --format table, markdown, xlsx or json",
)
ROWS = _for(
    "rows",
    lambda on: on.format.shows == "document" and not on.format.is_text,
    "use --format csv, json or xlsx",
)
RECORD = _for(
    "records",
    lambda on: on.format.name == "json" or on.typed.get("keep"),
    "use --format json or --keep FOLDER",
)
TABLE = _for("tables", lambda on: on.format.draws)
COLOURED = _for("tables", lambda on: on.format.draws or on.typed["color"] != "always")
PNG = _in("png")
SEPARATED = _in("csv", "tsv")
WITH_APPENDIX = _in("html", "pdf")
_BESIDE_A_FILE = {"sizing", "print_model", "output", "color", "quiet", "verbose"}
ALONE = _for(
    "a model file as it is",
    lambda on: on.typed.keys() <= _BESIDE_A_FILE,
    "leave the other options out",
)
CURRENCY = _with("currency", "USD")
TRIANGULATED = _with("triangulate")
DEFLATED = _with("real", "2020")
REASON = _with("reason", '"..."')
POOLED = (
    Need(
        lambda on: on.typed.keys() & {"pool", "triangulate"}, "needs --pool", "add --pool", "--pool"
    ),
)
NO_YEAR, NO_PARENTS, NO_COLUMNS, NO_TARGET = map(_without, ("year", "parents", "columns", "target"))
NO_CHANCES = _for(
    "tables where --target is given", lambda on: on.format.for_people or "target" not in on.typed
)
AS_PUBLISHED = (Need(lambda on: on.typed.get("basis") != "chained", "contradicts --basis chained"),)
LOCAL = _for("the engine local", lambda on: on.typed.get("engine", "local").lower() == "local")
ONE_ANSWER = (
    Need(
        lambda on: not on.typed.keys() & {"model", "level", "currency", "pool", "target"},
        "takes models, ranges and the currency from its arguments",
        "leave --model, --level, --currency, --pool and --target out",
    ),
)
