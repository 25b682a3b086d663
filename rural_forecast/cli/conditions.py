"""The conditions under which an option applies: declared beside it, checked before a command runs.

A condition reads as the end of a sentence that begins with the option: "--sheet is for Excel
workbooks." It is data, so that the specification for programs and the reference list it too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from rural_forecast.observed.source_names import is_remote
from rural_forecast.render.formats import Format


@dataclass(frozen=True)
class CommandLine:
    """The parts of a command line that decide which options apply."""

    stated: Mapping[str, Any]
    """Arguments and options by parameter, without those that are as their default."""
    parameters: Collection[str]
    """The parameters of the command."""
    format: Format
    drawn: bool
    """True if a table has a picture below it, or is one."""
    source_kinds: frozenset[str]
    """Among `catalogue`, `text`, `excel` and `parquet`."""

    @property
    def file_kinds(self) -> frozenset[str]:
        """The kinds of the sources that are files."""
        return self.source_kinds - {"catalogue"}

    @property
    def is_cumulative(self) -> bool:
        """True if values are running totals."""
        return bool(self.stated.get("measure") == "cumulative")


@dataclass(frozen=True)
class Need:
    """A condition under which an option applies."""

    holds: Callable[[CommandLine], object]
    problem: str
    """Continues a sentence that begins with the option."""
    instead: str = ""
    """The advice, other than to leave the option out."""
    requires: str = ""
    """The option that it needs."""
    excludes: str = ""
    """The option that it contradicts."""


Needs: TypeAlias = tuple[Need, ...]


def failing(line: CommandLine, needs: Needs) -> Need | None:
    """The first condition that does not hold, for which an option does not apply; or None."""
    return next((need for need in needs if not need.holds(line)), None)


def _only_for(subject: str, holds: Callable[[CommandLine], object], instead: str = "") -> Needs:
    return (Need(holds, f"is for {subject}", instead),)


def _only_with(option: str, example: str = "") -> Needs:
    add = f"add --{option} {example}".strip()
    need = Need(
        lambda line: option in line.stated, f"needs --{option}", add, requires=f"--{option}"
    )
    return (need,)


def _not_with(option: str) -> Needs:
    need = Need(
        lambda line: option not in line.stated,
        f"contradicts --{option}",
        f"leave --{option} out",
        excludes=f"--{option}",
    )
    return (need,)


def _has_picture(line: CommandLine) -> bool:
    """True if the output has a picture of ours: on slides, the chart is a native one."""
    if line.format.name == "pptx":
        return False
    return line.format.shows != "document" or (line.format.draws and line.drawn)


def _has_picture_or_slide(line: CommandLine) -> bool:
    return _has_picture(line) or line.format.name == "pptx"


def _has_headline(line: CommandLine) -> bool:
    return _has_picture_or_slide(line) or line.format.for_people


def _measure_applies(line: CommandLine) -> bool:
    return bool(line.file_kinds) or line.is_cumulative


def _is_alone(line: CommandLine) -> bool:
    beside_a_file = {"sizing", "print_model", "output", "color", "quiet", "verbose"}
    return line.stated.keys() <= beside_a_file


def _names_address(line: CommandLine) -> bool:
    """True if one of the values that are stated is an address, or several are words of a search."""
    for value in line.stated.values():
        several = value if isinstance(value, list) else [value]
        if any(is_remote(str(getattr(one, "name", one))) for one in several):
            return True
    return False


ADDRESS = _only_for("addresses", _names_address, "name one, such as wb:SP.RUR.TOTL/CHN")
FILE = _only_for("files", lambda line: line.file_kinds, "name a file; '-' reads standard input")
MEASURE = (
    Need(_measure_applies, "is for files, unless it is cumulative", "name a file"),
    Need(
        lambda line: "ceiling" in line.parameters or not line.is_cumulative,
        "cumulative is for forecasts",
    ),
)
TEXT = _only_for("text such as CSV", lambda line: "text" in line.source_kinds)
WORKBOOK = _only_for("Excel workbooks", lambda line: "excel" in line.source_kinds)
PARTS = _only_for(
    "known parts",
    lambda line: "partial" in line.stated or line.file_kinds,
    "add one, such as --partial 2017H1=260",
)
PICTURE = _only_for("pictures", _has_picture, "draw one: --chart --format table, or -o market.svg")
PICTURE_OR_SLIDE = _only_for(
    "pictures and slides",
    _has_picture_or_slide,
    "draw one: --chart --format table, -o market.svg or -o market.pptx",
)
HEADLINE = _only_for(
    "formats with a headline",
    _has_headline,
    "use --format table, markdown or xlsx, or write a picture: -o market.svg",
)
PICTURE_FILE = _only_for("svg, png and pdf", lambda line: line.format.shows == "picture")
SLIDES = _only_for("slides", lambda line: line.format.name == "pptx", "write them: -o market.pptx")
NO_PICTURE = _only_for("tables and rows", lambda line: line.format.shows != "picture")
UNDER_A_TABLE = _only_for(
    "tables",
    lambda line: "Picture" in line.format.renderers,
    "add --format table, or write a picture: -o market.svg",
)
PROSE = _only_for(
    "formats with notes",
    lambda line: line.format.has_notes,
    "use --format table, markdown, xlsx or json",
)
ROWS = _only_for(
    "rows",
    lambda line: line.format.shows == "document" and not line.format.is_text,
    "use --format csv, json or xlsx",
)
RECORD = _only_for(
    "records",
    lambda line: line.format.name == "json" or line.stated.get("keep"),
    "use --format json or --keep FOLDER",
)
TABLE = _only_for("tables", lambda line: line.format.draws)
COLOURED = _only_for("tables", lambda line: line.format.draws or line.stated["color"] != "always")
PNG = _only_for("png", lambda line: line.format.name == "png")
SEPARATED = _only_for("csv and tsv", lambda line: line.format.name in ("csv", "tsv"))
WITH_APPENDIX = _only_for("html and pdf", lambda line: line.format.name in ("html", "pdf"))
ALONE = _only_for("a model file as it is", _is_alone, "leave the other options out")
CURRENCY = _only_with("currency", "USD")
TRIANGULATED = _only_with("triangulate")
DEFLATED = _only_with("real", "2020")
REASON = _only_with("reason", '"..."')
POOLED = (
    Need(
        lambda line: line.stated.keys() & {"pool", "triangulate"},
        "needs --pool",
        "add --pool",
        requires="--pool",
    ),
)
NO_YEAR = _not_with("year")
NO_REFRESH = _not_with("refresh")
NO_PARENTS = _not_with("parents")
NO_COLUMNS = _not_with("columns")
NO_TARGET = _not_with("target")
# A chance is that of one distribution: rows of several models or levels have none beside them.
NO_CHANCES = _only_for(
    "tables where --target is given",
    lambda line: line.format.for_people or "target" not in line.stated,
)
# A chained history has the growth of each year, not a level that prices could be taken from.
AS_PUBLISHED = (
    Need(lambda line: line.stated.get("basis") != "chained", "contradicts --basis chained"),
)
# Not in Python, or of no effect on its numbers; parts and drivers alone are put in prices there.
SCRIPT = (
    Need(
        lambda line: "format_name" not in line.stated,
        "contradicts --format",
        "leave --format out",
        excludes="--format",
    ),
    *(need for option in ("currency", "keep", "strict", "workers") for need in _not_with(option)),
    Need(
        lambda line: "real" not in line.stated or {"panel", "sizing"} & {*line.parameters},
        "contradicts --real",
        "leave --real out",
        excludes="--real",
    ),
)
LOCAL = _only_for(
    "the engine local", lambda line: line.stated.get("engine", "local").lower() == "local"
)
ONE_ANSWER = (
    Need(
        lambda line: not line.stated.keys() & {"model", "level", "currency", "pool"},
        "takes models, ranges and the currency from its arguments",
        "leave --model, --level, --currency and --pool out",
    ),
)
