"""What an option needs to apply, checked before a command runs. No option is ignored.

An option names its conditions where it is declared; one without any applies everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.render import formats
from rural_forecast.render.formats import Format
from rural_forecast.series.source_names import DEFAULT_SERIES, SUFFIXES, is_file, is_folder, is_toml


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
    def sources(self) -> tuple[str, ...]:
        """The series or files that are read; none where a TOML file says what is read."""
        if self.command == "scenario" and ("file" in self.arguments or any(map(is_toml, self._named))):
            return tuple(source for source in self._named if not is_toml(source))
        return self._named or (DEFAULT_SERIES,)

    @property
    def cumulative(self) -> bool:
        """Whether the series is a running total."""
        return self.arguments.get("measure") == "cumulative"

    @property
    def parts(self) -> bool:
        """Whether parts of a year are given, or a file that may have some."""
        return "partial" in self.arguments or (self.command == "nowcast" and bool(self.kinds - {"catalogue"}))

    @property
    def draws(self) -> bool:
        """Whether a picture is drawn in characters."""
        return self.command == "chart" or (self.record.draws and "chart" in self.arguments)

    @property
    def engine(self) -> str:
        """What runs a batch."""
        return str(self.arguments.get("engine", "local")).partition("=")[0]

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

    @property
    def is_catalogue(self) -> str:
        """That the sources are series of the catalogue, in words."""
        several = len(self.sources) > 1
        return (
            f"{self.named} {'are' if several else 'is a'} series of the catalogue" if self.sources else "none is named"
        )


def kind_of(source: str) -> str:
    """What a source is: `catalogue`, `text`, `excel` or `parquet`; standard input and pipes are text."""
    if not is_file(source):
        return "catalogue"
    if is_folder(source):
        return "parquet"  # of Parquet files
    kind = SUFFIXES.get(os.path.splitext(source)[1].lower(), "text")  # noqa: PTH122 - pathlib costs 5 ms
    return kind if kind in ("excel", "parquet") else "text"


class Condition(NamedTuple):
    """What an option needs; the texts may name `{option}` and the fields of `Typed` that `check` lists."""

    holds: Callable[[Typed], bool]
    problem: str
    instead: str
    """What to do other than to leave the option out; empty where there is nothing."""


Needs = tuple[Condition, ...]


def _for(what: str, holds: Callable[[Typed], bool], but: str, instead: str = "") -> Needs:
    return (Condition(holds, f"{{option}} is for {what}, and {but}.", instead),)


def _with(option: str, example: str = "") -> Needs:
    """Another option is given."""
    given = f"add --{option} {example}".rstrip()
    return (Condition(lambda typed: option in typed.arguments, f"{{option}} needs --{option}.", given),)


def _without(option: str) -> Needs:
    """Another option is not given."""
    problem = f"{{option}} and --{option} contradict each other."
    return (Condition(lambda typed: option not in typed.arguments, problem, f"leave --{option} out"),)


_SVG = "write a picture: -o market.svg"

LIMITED = frozenset(["project", "compare", "backtest", "scenario", "batch", "chart", "exhibit"])
"""Commands that take limits of a forecast."""
PARTS = _for("known parts", lambda typed: typed.parts, "none is given", "add one, such as --partial 2017H1=260")
FILE = _for(
    "files", lambda typed: bool(typed.kinds - {"catalogue"}), "{is_catalogue}", "name a file; '-' reads standard input"
)


def _of_totals(need: Condition) -> Condition:
    """A condition of `--measure cumulative` alone."""
    return need._replace(holds=lambda typed: not typed.cumulative or need.holds(typed))


_FORECASTS = Condition(
    lambda typed: typed.command in LIMITED, "{option} cumulative is for forecasts, and {command} makes none.", ""
)
MEASURE = (
    FILE[0]._replace(holds=lambda typed: typed.cumulative or FILE[0].holds(typed)),
    _of_totals(_FORECASTS),
)
TEXT = FILE + _for("text such as CSV", lambda typed: "text" in typed.kinds, "{named} is none")
WORKBOOK = FILE + _for("Excel workbooks", lambda typed: "excel" in typed.kinds, "{named} is none")
PICTURE = _for(
    "pictures",
    lambda typed: typed.draws or typed.record.shows != "document",
    "{format} is none",
    "draw a picture: --chart --format table, or -o market.svg",
)
PICTURE_FILE = _for("svg, png and pdf", lambda typed: typed.record.shows == "picture", "{format} is none", _SVG)
WITH_APPENDIX = _for(
    "html and pdf", lambda typed: typed.format in ("html", "pdf"), "{format} has no room for it", "write -o page.html"
)
PNG = _for("png", lambda typed: typed.format == "png", "{format} has no dots", "write -o market.png")
NO_PICTURE = _for(
    "tables and rows", lambda typed: typed.record.shows != "picture", "{format} is a picture", "add --format table"
)
UNDER_A_TABLE = _for(
    "tables",
    lambda typed: "Picture" in typed.record.renderers,
    "{format} is none",
    f"add --format table, or {_SVG}",
)
PROSE = _for(
    "formats with notes",
    lambda typed: typed.record.has_notes,
    "{format} has none",
    "use --format table, markdown, xlsx or json",
)
ROWS = _for("rows", lambda typed: typed.record.has_records, "{format} has none", "use --format csv, json or xlsx")
COLOURED = _for(
    "tables",
    lambda typed: typed.record.draws or typed.arguments["color"] != "always",
    "{format} has no colours",
    "add --format table",
)
SEPARATED = _for("csv and tsv", lambda typed: typed.format in ("csv", "tsv"), "{format} is none", "add --format csv")
CURRENCY, POOLED = _with("currency", "USD"), _with("pool")
POOL = _without("target")
REAL = _for(
    "levels as published",
    lambda typed: typed.arguments.get("basis") != "chained",
    "these are chained",
    "use --basis levels",
)
DEFLATED = _with("real", "2020")
NO_YEAR, NO_LEVEL, NO_PARENTS = map(_without, ("year", "level", "parents"))
LOCAL = _for("the engine local", lambda typed: typed.engine == "local", "{engine} runs", "use --engine local")
ALONE = _for("a model file as it is", lambda typed: not typed.others, "{others} changes none", "leave {others} out")


def check(typed: Typed, options: Mapping[str, Needs]) -> None:
    """Refuse an option that cannot apply.

    `options`: what each option needs that was typed, by its long name. Raises UsageError with the option, why it cannot
    apply, and what to do.
    """
    for option, needs in options.items():
        for holds, problem, instead in needs:
            if not holds(typed):
                names = ("command", "format", "engine", "others", "named", "is_catalogue")
                words = {name: getattr(typed, name) for name in names} | {"option": option}
                hint = f"Leave {{option}} out{instead and ', or '}{instead}."
                raise UsageError(problem.format_map(words), hint.format_map(words))
