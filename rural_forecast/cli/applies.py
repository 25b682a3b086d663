"""Which option applies where: one table, checked before a command runs. No option is ignored.

An option that is not in the table applies everywhere.
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
    given: Mapping[str, Any]
    """Arguments and options by their parameter, those left at their default excepted."""
    format: str
    """The format of the result."""

    @property
    def record(self) -> Format:
        """What is known of the format."""
        return formats.BY_NAME[self.format]

    @property
    def sources(self) -> tuple[str, ...]:
        """The series or files that are read; none where a TOML file says what is read, or where nothing is."""
        named = self.given.get("file" if self.command in ("batch", "panel") else "source") or ()
        sources = (named,) if isinstance(named, str) else tuple(named)
        if self.command in ("report", "scenario"):
            sources = tuple(source for source in sources if not _is_toml(source))
        return sources if sources or self._toml else (DEFAULT_SERIES,)

    @property
    def _toml(self) -> bool:
        """Whether a TOML file takes the place of a source left out."""
        named = self.given.get("source") or ()
        if self.command == "scenario":
            return "file" in self.given or _is_toml(str(named))
        return self.command == "report" and ("size" in self.given or any(map(_is_toml, named)))

    @property
    def kinds(self) -> frozenset[str]:
        """What the sources are: `catalogue`, `text`, `excel`, `parquet`."""
        return frozenset(map(kind_of, self.sources))


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
    hint: str


def _drawn(typed: Typed) -> bool:
    """Whether there is a picture, or a page of them."""
    under = typed.record.draw and "chart" in typed.given
    return bool(under) or typed.command == "chart" or typed.record.shows != "document"


def _others(typed: Typed) -> list[str]:
    """The other options on the command line, except those of the output."""
    allowed = {"model", "print_model", "output", "color", "quiet", "verbose"}
    return sorted(f"--{name.replace('_', '-')}" for name in typed.given.keys() - allowed)


SERIES = Condition(
    lambda typed: typed.command != "report" or bool(typed.sources),
    "{option} is for series, and this page has none.",
    "Leave {option} out, or name a series.",
)
SERIES_ALONE = Condition(
    SERIES.holds,
    "{option} does not bind a sizing, whose drivers state their own ranges.",
    SERIES.hint,
)
NO_PARTS = Condition(
    lambda typed: "partial" not in typed.given,
    "{option} does not bind a nowcast, which follows the known part.",
    "Leave {option} or --partial out, or write two pages.",
)
PARTS = Condition(
    lambda typed: "partial" in typed.given or (typed.command == "nowcast" and bool(typed.kinds - {"catalogue"})),
    "{option} is about known parts, and no --partial is given.",
    "Leave {option} out, or add a part, such as --partial 2017H1=260.",
)
FILE = Condition(
    lambda typed: bool(typed.kinds - {"catalogue"}),
    "{option} is for files, and {is_catalogue}.",
    "Leave {option} out, or name a file; '-' reads standard input.",
)
TEXT = Condition(
    lambda typed: "text" in typed.kinds,
    "{option} is for text such as CSV, and {sources} is none.",
    "Leave {option} out.",
)
WORKBOOK = Condition(
    lambda typed: "excel" in typed.kinds,
    "{option} is for Excel workbooks, and {sources} is none: it has no sheets or cell ranges.",
    "Leave {option} out.",
)
PICTURE = Condition(
    _drawn,
    "{option} is for pictures, and {format} is none.",
    "Leave {option} out, or draw a picture: --chart --format table, or -o market.svg.",
)
PICTURE_FILE = Condition(
    lambda typed: typed.record.shows == "picture",
    "{option} is for svg, png and pdf, and {format} is none.",
    "Leave {option} out, or write a picture: -o market.svg.",
)
PNG = Condition(
    lambda typed: typed.format == "png",
    "{option} is for png, and {format} has no dots.",
    "Leave {option} out, or write -o market.png.",
)
NO_PICTURE = Condition(
    lambda typed: typed.record.shows != "picture",
    "{option} does not change a picture, and {format} is one.",
    "Leave {option} out, or choose another format, such as --format table.",
)
UNDER_A_TABLE = Condition(
    lambda typed: bool(typed.record.draw) or typed.record.shows == "picture",
    "{option} draws under a table, and {format} is none.",
    "Add --format table, or write a picture: -o market.svg.",
)
PROSE = Condition(
    lambda typed: typed.record.has_notes,
    "{format} has no room for {option}.",
    "Use --format table, markdown, xlsx or json.",
)
ROWS = Condition(
    lambda typed: typed.record.has_records,
    "{option} adds rows, and {format} does not show them.",
    "Leave {option} out, or use --format csv, json or xlsx.",
)
COLOURED = Condition(
    lambda typed: bool(typed.record.draw) or typed.given["color"] != "always",
    "{option} always is for tables, and {format} has no colours.",
    "Leave {option} out, or add --format table.",
)
SEPARATED = Condition(
    lambda typed: typed.format in ("csv", "tsv"),
    "{option} is for csv and tsv, and {format} guards no texts.",
    "Leave {option} out, or add --format csv.",
)
CURRENCY = Condition(
    lambda typed: "currency" in typed.given,
    "{option} has nothing to convert.",
    "Add --currency USD, or leave {option} out.",
)
NO_TARGET = Condition(
    lambda typed: "target" not in typed.given,
    "{option} has no chances to reach a target: those rest on the paths of our forecast.",
    "Leave {option} or --target out.",
)
PANEL = Condition(
    lambda typed: typed.command == "panel" or "panel" in typed.given,
    "{option} is the tree of a panel.",
    "Add --panel FILE, or leave {option} out.",
)
NO_PARENTS = Condition(
    lambda typed: "parents" not in typed.given,
    "{option} and --parents contradict each other: each says what the tree is.",
    "Give one of them.",
)
POOL = Condition(lambda typed: "pool" in typed.given, "{option} has no pool.", "Add --pool, or leave {option} out.")
REAL = Condition(
    lambda typed: "real" in typed.given,
    "{option} is for amounts in the prices of one year.",
    "Add --real 2020, or leave {option} out.",
)
LEVELS = Condition(
    lambda typed: typed.given.get("basis") != "chained",
    "{option} cannot apply to levels chained by published growth, which is nominal.",
    "Leave {option} or --basis out.",
)
INFLATION = Condition(
    lambda typed: "inflation" in typed.given,
    "{option} needs the inflation of the years to come.",
    "Add --inflation 2, or leave {option} out.",
)
NEVER_NOMINAL = Condition(
    lambda _: False,
    "{option} cannot apply: this command shows no years to come.",
    "Leave {option} out.",
)
NO_YEAR = Condition(
    lambda typed: "year" not in typed.given,
    "--horizon and --year contradict each other.",
    "Give one of them.",
)
NO_LEVEL = Condition(
    lambda typed: "level" not in typed.given,
    "--bands and --level contradict each other.",
    "Give one of them.",
)
DASK = Condition(
    lambda typed: typed.given.get("engine") == "dask",
    "{option} is for the engine dask.",
    "Add --engine dask, or leave {option} out.",
)
SPARK = Condition(
    lambda typed: typed.given.get("engine") == "spark",
    "{option} is for the engine spark.",
    "Add --engine spark, or leave {option} out.",
)
LOCAL = Condition(
    lambda typed: typed.given.get("engine", "local") == "local",
    "{option} is for the engine local; another shares the work out by itself.",
    "Leave {option} out, or leave --engine out.",
)
NEVER_IN_A_BATCH = Condition(
    lambda _: False,
    "{option} cannot apply: a batch forecasts every series of its file.",
    "Leave {option} out, or forecast one series with: rural-forecast project FILE --series ID",
)
NEVER_WHEN_READING = Condition(
    lambda _: False,
    "{option} cannot apply: missing years are left to the commands that forecast.",
    "Leave {option} out, and give it to those commands.",
)
ALONE = Condition(
    lambda typed: not _others(typed),
    "{option} prints the file as it is, so {others} cannot apply.",
    "Leave {others} out.",
)

CONDITIONAL = (
    (NO_YEAR, "--horizon"),
    (NO_LEVEL, "--bands"),
    (NO_PARTS, "--ceiling --floor --cumulative --kind --interrupt"),
    (SERIES_ALONE, "--ceiling --floor --cumulative --kind"),
    (SERIES, "--interrupt --horizon --model --partial --scenarios --pool"),
    (SERIES, "--since --until --prefer --reconcile --as-of --basis --currency --real"),
    (NO_TARGET, "--pool"),
    (POOL, "--pool-weight"),
    (PANEL, "--parents"),
    (NO_PARENTS, "--separator"),
    (CURRENCY, "--rate --rates"),
    (REAL, "--prices --inflation --nominal"),
    (LEVELS, "--real"),
    (INFLATION, "--nominal"),
    (PARTS, "--same-definition"),
    (FILE, "--series --where --input-format --encoding --period-column --value-column --id-column --sheet --range"),
    (FILE, "--decimal-comma --thousands --measure --future-years --allow-gaps"),
    (TEXT, "--input-format --encoding"),
    (WORKBOOK, "--sheet --range"),
    (COLOURED, "--color"),
    (UNDER_A_TABLE, "--chart"),
    (PICTURE, "--log --title --subtitle --source --note"),
    (PICTURE_FILE, "--theme --ratio"),
    (PNG, "--pixels"),
    (PROSE, "--explain"),
    (SEPARATED, "--raw-text"),
    (NO_PICTURE, "--all-models --detail --levels"),
    (ALONE, "--print-model"),
    (LOCAL, "--workers"),
    (DASK, "--scheduler"),
    (SPARK, "--master"),
)
"""Conditions and the options that need them; of several that fail, the first is reported."""
EXCEPTIONS = {
    "nowcast --history": ROWS,  # tables and pictures of other commands show the history anyway
    "series show --nominal": NEVER_NOMINAL,
    "growth --nominal": NEVER_NOMINAL,
    "backtest --nominal": NEVER_NOMINAL,
    "batch --series": NEVER_IN_A_BATCH,
    "panel --series": NEVER_IN_A_BATCH,
    "batch --where": NEVER_IN_A_BATCH,
    "series read --allow-gaps": NEVER_WHEN_READING,
}
"""What an option of one command needs instead."""


def conditions(command: str, option: str) -> tuple[Condition, ...]:
    """What an option of a command needs."""
    exception = EXCEPTIONS.get(f"{command} {option}")
    return (
        (exception,) if exception else tuple(condition for condition, names in CONDITIONAL if option in names.split())
    )


def check(typed: Typed, names: Mapping[str, str]) -> None:
    """Refuse an option that cannot apply.

    Parameters
    ----------
    names : the long name of each option that was typed, by its parameter

    Raises
    ------
    UsageError : the option, why it cannot apply, and what to do
    """
    for option in names.values():
        for condition in conditions(typed.command, option):
            if not condition.holds(typed):
                words = {
                    "option": option,
                    "format": typed.format,
                    "sources": _sources(typed),
                    "is_catalogue": _is_catalogue(typed),
                    "others": " and ".join(_others(typed)),
                }
                raise UsageError(condition.problem.format_map(words), condition.hint.format_map(words))


def _sources(typed: Typed) -> str:
    return " and ".join("standard input" if source == "-" else source for source in typed.sources)


def _is_catalogue(typed: Typed) -> str:
    if not typed.sources:
        return "none is named"
    several = len(typed.sources) > 1
    return f"{_sources(typed)} {'are' if several else 'is a'} series of the catalogue"
