"""What an option needs to apply, checked before a command runs. No option is ignored.

An option names its conditions where it is declared; one without any applies everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.render import formats
from rural_forecast.render.format import Format
from rural_forecast.series.source_names import DEFAULT_SERIES, SUFFIXES, is_file


class Typed(NamedTuple):
    """The parts of a command line that conditions use."""

    command: str
    """Such as `project` or `series check`."""
    arguments: Mapping[str, Any]
    """Arguments and options by their parameter, those left at their default excepted."""
    format: str
    """The format of the result."""

    @property
    def record(self) -> Format:
        """What is known of the format."""
        return formats.BY_NAME[self.format]

    @property
    def _named(self) -> tuple[str, ...]:
        named = self.arguments.get("file" if self.command in ("batch", "panel") else "source") or ()
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def sized(self) -> bool:
        """Whether a report has a sizing, or a scenario a file."""
        return any(map(_is_toml, self._named)) or ("size" if self.command == "report" else "file") in self.arguments

    @property
    def sources(self) -> tuple[str, ...]:
        """The series or files that are read; none where a TOML file or a panel says what is read, or nothing is."""
        sources = self._named
        if self.command in ("report", "scenario"):
            sources = tuple(source for source in sources if not _is_toml(source))
            if self.sized or (self.command == "report" and "panel" in self.arguments):
                return sources
        return sources or (DEFAULT_SERIES,)

    @property
    def kinds(self) -> frozenset[str]:
        """What the sources are: `catalogue`, `text`, `excel`, `parquet`."""
        return frozenset(map(kind_of, self.sources))

    @property
    def others(self) -> str:
        """The other options on the command line, except those of the output."""
        allowed = {"model", "print_model", "output", "color", "quiet", "verbose"}
        return " and ".join(sorted(f"--{name.replace('_', '-')}" for name in self.arguments.keys() - allowed))

    @property
    def named(self) -> str:
        """The sources as messages name them."""
        return " and ".join("standard input" if source == "-" else source for source in self.sources)


def kind_of(source: str) -> str:
    """What a source is: `catalogue`, `text`, `excel` or `parquet`; standard input and pipes are text."""
    if not is_file(source):
        return "catalogue"
    if os.path.isdir(source):  # noqa: PTH112 - Path.is_dir raises for a name too long
        return "parquet"  # of Parquet files
    kind = SUFFIXES.get(os.path.splitext(source)[1].lower(), "text")  # noqa: PTH122 - pathlib costs 5 ms
    return kind if kind in ("excel", "parquet") else "text"


def _is_toml(source: str) -> bool:
    return source.lower().endswith(".toml")


class Condition(NamedTuple):
    """What an option needs; the texts may name `{option}`, `{sources}`, `{is_catalogue}`, `{format}` and `{others}`."""

    holds: Callable[[Typed], bool]
    problem: str
    instead: str
    """What to do other than to leave the option out; empty where there is nothing."""


Needs = tuple[Condition, ...]


def _one(holds: Callable[[Typed], bool], problem: str, instead: str = "") -> Needs:
    return (Condition(holds, problem, instead),)


def _needs(name: str, problem: str, example: str) -> Needs:
    """Another option is given."""
    return _one(lambda typed: name in typed.arguments, problem, f"add {example}")


def _excludes(name: str, problem: str = "") -> Needs:
    """Another option is not given."""
    problem = problem or f"{{option}} and --{name} contradict each other."
    return _one(lambda typed: name not in typed.arguments, problem, f"leave --{name} out")


def _shown(holds: Callable[[Format], bool], problem: str, instead: str) -> Needs:
    """The format has something."""
    return _one(lambda typed: holds(typed.record), problem, instead)


def _engine(engine: str) -> Needs:
    problem = f"{{option}} is for the engine {engine}."
    return _one(lambda typed: typed.arguments.get("engine", "local") == engine, problem, f"use --engine {engine}")


_PICTURE = "write a picture: -o market.svg"

SERIES = _one(
    lambda typed: typed.command != "report" or bool(typed.sources),
    "{option} is for series, and this page has none.",
    "name a series",
)
INTERRUPTED = _one(
    lambda typed: SERIES[0].holds(typed) or typed.sized,
    "{option} is for series and sizings, and this page has none.",
    "name a series",
)
SERIES_OR_PANEL = _one(
    lambda typed: SERIES[0].holds(typed) or "panel" in typed.arguments,
    "{option} is for series and panels, and this page has none.",
    "name a series",
)
LIMIT = _excludes("partial", "{option} does not bind a nowcast, which follows the known part.") + _one(
    SERIES[0].holds, "{option} does not bind a sizing, whose drivers state their own ranges.", "name a series"
)
PARTS = _one(
    lambda typed: "partial" in typed.arguments or (typed.command == "nowcast" and bool(typed.kinds - {"catalogue"})),
    "{option} is about known parts, and no --partial is given.",
    "add a part, such as --partial 2017H1=260",
)
FILE = _one(
    lambda typed: bool(typed.kinds - {"catalogue"}),
    "{option} is for files, and {is_catalogue}.",
    "name a file; '-' reads standard input",
)
TEXT = FILE + _one(lambda typed: "text" in typed.kinds, "{option} is for text such as CSV, and {sources} is none.")
WORKBOOK = FILE + _one(
    lambda typed: "excel" in typed.kinds,
    "{option} is for Excel workbooks, and {sources} is none: it has no sheets or cell ranges.",
)
PICTURE = _one(
    lambda typed: (
        (bool(typed.record.draw) and "chart" in typed.arguments)
        or typed.command == "chart"
        or typed.record.shows != "document"
    ),
    "{option} is for pictures, and {format} is none.",
    "draw a picture: --chart --format table, or -o market.svg",
)
PICTURE_FILE = _shown(
    lambda record: record.shows == "picture", "{option} is for svg, png and pdf, and {format} is none.", _PICTURE
)
PNG = _shown(
    lambda record: record.name == "png", "{option} is for png, and {format} has no dots.", "write -o market.png"
)
NO_PICTURE = _shown(
    lambda record: record.shows != "picture",
    "{option} does not change a picture, and {format} is one.",
    "choose another format, such as --format table",
)
UNDER_A_TABLE = _shown(
    lambda record: bool(record.draw) or record.shows == "picture",
    "{option} draws under a table, and {format} is none.",
    f"add --format table, or {_PICTURE}",
)
PROSE = _shown(
    lambda record: record.has_notes, "{format} has no room for {option}.", "use --format table, markdown, xlsx or json"
)
ROWS = _shown(
    lambda record: record.has_records,
    "{option} adds rows, and {format} does not show them.",
    "use --format csv, json or xlsx",
)
COLOURED = _one(
    lambda typed: bool(typed.record.draw) or typed.arguments["color"] != "always",
    "{option} always is for tables, and {format} has no colours.",
    "add --format table",
)
SEPARATED = _shown(
    lambda record: record.name in ("csv", "tsv"),
    "{option} is for csv and tsv, and {format} guards no texts.",
    "add --format csv",
)
CURRENCY = _needs("currency", "{option} has nothing to convert.", "--currency USD")
POOLED = _needs("pool", "{option} has no pool.", "--pool")
POOL = SERIES + _excludes(
    "target", "{option} has no chances to reach a target: those rest on the paths of our forecast."
)
PANEL = _one(
    lambda typed: typed.command == "panel" or "panel" in typed.arguments,
    "{option} is the tree of a panel.",
    "add --panel FILE",
)
NO_PARENTS = _excludes("parents")
REAL = SERIES + _one(
    lambda typed: typed.arguments.get("basis") != "chained",
    "{option} cannot apply to levels chained by published growth, which is nominal.",
    "leave --basis out",
)
DEFLATED = _needs("real", "{option} is for amounts in the prices of one year.", "--real 2020")
INFLATED = DEFLATED + _needs("inflation", "{option} needs the inflation of the years to come.", "--inflation 2")
NO_YEAR, NO_LEVEL = _excludes("year"), _excludes("level")
DASK, SPARK, LOCAL = map(_engine, ("dask", "spark", "local"))
ALONE = _one(
    lambda typed: not typed.others, "{option} prints the file as it is, so {others} cannot apply.", "leave {others} out"
)


def check(typed: Typed, options: Mapping[str, Needs]) -> None:
    """Refuse an option that cannot apply.

    `options`: what each option needs that was typed, by its long name. Raises UsageError with the option, why it cannot
    apply, and what to do.
    """
    for option, needs in options.items():
        for condition in needs:
            if not condition.holds(typed):
                words = {
                    "option": option,
                    "format": typed.format,
                    "sources": typed.named,
                    "is_catalogue": _is_catalogue(typed),
                    "others": typed.others,
                }
                instead = f", or {condition.instead}" if condition.instead else ""
                hint = f"Leave {{option}} out{instead}."
                raise UsageError(condition.problem.format_map(words), hint.format_map(words))


def _is_catalogue(typed: Typed) -> str:
    if not typed.sources:
        return "none is named"
    return f"{typed.named} {'are' if len(typed.sources) > 1 else 'is a'} series of the catalogue"
