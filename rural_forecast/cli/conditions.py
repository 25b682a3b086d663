"""When an option applies. It is stated where the option is declared, and checked before a command runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from rural_forecast.render.formats import Format
from rural_forecast.series.source_names import SUFFIXES, is_file, is_folder, split


class Line(NamedTuple):
    """The parts of a command line that decide which options apply."""

    typed: Mapping[str, Any]  # arguments and options by their parameter, those left at their default excepted
    options: Collection[str]
    format: Format
    drawn: bool  # a table is drawn, or has a picture below it
    sources: frozenset[str]  # their kinds: `catalogue`, `text`, `excel`, `parquet`


class Need(NamedTuple):
    """The condition under which an option applies."""

    holds: Callable[[Line], object]
    problem: str  # continues a sentence that begins with the option
    instead: str = ""  # the advice, other than to leave the option out
    requires: str = ""  # the option that it needs, or contradicts
    excludes: str = ""


Needs = tuple[Need, ...]


def kind_of(source: str) -> str:
    """The kind of a source: `catalogue`, `text`, `excel` or `parquet`; standard input and pipes are text."""
    if not is_file(source):
        return "catalogue"
    source = split(source)[0]
    if is_folder(source):
        return "parquet"  # of Parquet files
    kind = SUFFIXES.get(os.path.splitext(source)[1].lower(), "text")  # noqa: PTH122 - pathlib costs 5 ms
    return kind if kind in ("excel", "parquet") else "text"


def failing(line: Line, needs: Needs) -> Need | None:
    """The first condition that does not hold, for which an option does not apply; None if all hold."""
    return next((need for need in needs if not need.holds(line)), None)


def _for(what: str, holds: Callable[[Line], object], instead: str = "") -> Needs:
    return (Need(holds, f"is for {what}", instead),)


def _in(*names: str) -> Needs:
    return _for(" and ".join(names), lambda line: line.format.name in names)


def _with(option: str, example: str = "") -> Needs:
    add = f"add --{option} {example}".strip()
    return (Need(lambda line: option in line.typed, f"needs --{option}", add, requires=f"--{option}"),)


def _without(option: str) -> Needs:
    leave = f"leave --{option} out"
    return (Need(lambda line: option not in line.typed, f"contradicts --{option}", leave, excludes=f"--{option}"),)


def _of_file(line: Line) -> object:
    return line.sources - {"catalogue"}


def _cumulative(line: Line) -> bool:
    return bool(line.typed["measure"] == "cumulative")


# fmt: off
FILE = _for("files", _of_file, "name a file; '-' reads standard input")
MEASURE = (
    Need(lambda line: _of_file(line) or _cumulative(line), "is for files, unless it is cumulative", "name a file"),
    Need(lambda line: "ceiling" in line.options or not _cumulative(line), "cumulative is for forecasts"),
)
TEXT = _for("text such as CSV", lambda line: "text" in line.sources)
WORKBOOK = _for("Excel workbooks", lambda line: "excel" in line.sources)
PARTS = _for("known parts", lambda line: "partial" in line.typed or _of_file(line),
    "add one, such as --partial 2017H1=260")
PICTURE = _for("pictures",
    lambda line: line.format.name != "pptx" and (line.format.shows != "document" or (line.format.draws and line.drawn)),
    "draw one: --chart --format table, or -o market.svg")
PICTURE_FILE = _for("svg, png and pdf", lambda line: line.format.shows == "picture")
NO_PICTURE = _for("tables and rows", lambda line: line.format.shows != "picture")
UNDER_A_TABLE = _for("tables", lambda line: "Picture" in line.format.renderers,
    "add --format table, or write a picture: -o market.svg")
PROSE = _for("formats with notes", lambda line: line.format.has_notes, "use --format table, markdown, xlsx or json")
ROWS = _for("rows", lambda line: line.format.shows == "document" and not line.format.is_text,
    "use --format csv, json or xlsx")
RECORD = _for("records", lambda line: line.format.name == "json" or line.typed.get("keep"),
    "use --format json or --keep FOLDER")
TABLE = _for("tables", lambda line: line.format.draws)
COLOURED = _for("tables", lambda line: line.format.draws or line.typed["color"] != "always")
PNG, SEPARATED, WITH_APPENDIX = _in("png"), _in("csv", "tsv"), _in("html", "pdf")
ALONE = _for("a model file as it is",
    lambda line: line.typed.keys() <= {"model", "print_model", "output", "color", "quiet", "verbose"},
    "leave the other options out")
CURRENCY, TRIANGULATED, DEFLATED = _with("currency", "USD"), _with("triangulate"), _with("real", "2020")
REASON = _with("reason", '"..."')
POOLED = (Need(lambda line: line.typed.keys() & {"pool", "triangulate"}, "needs --pool", "add --pool", "--pool"),)
ONE_ANSWER = (Need(lambda line: not line.typed.keys() & {"model", "level", "currency", "pool", "target"},
    "takes models, ranges and the currency from its arguments",
    "leave --model, --level, --currency, --pool and --target out"),)
NO_YEAR, NO_PARENTS, NO_COLUMNS, NO_TARGET = map(_without, ("year", "parents", "columns", "target"))
BESIDE_CHANCES = _for("tables where --target is given",
    lambda line: line.format.for_people or "target" not in line.typed)
AS_PUBLISHED = (Need(lambda line: line.typed.get("basis") != "chained", "contradicts --basis chained"),)
LOCAL = _for("the engine local", lambda line: line.typed.get("engine", "local").lower() == "local")
# fmt: on
