"""A SOURCE by its parts: a file, one series of it, standard input, the content of an address, or a
series of the catalogue.

A source is parsed once, where it is typed or passed to a function. Everything below is given the
`Source`, or the series that was read from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from os.path import isfile, splitext
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rural_forecast.errors import UsageError, of_file, option
from rural_forecast.observed.catalogue import load
from rural_forecast.observed.observation import Series
from rural_forecast.observed.source_names import (
    STANDARD_INPUT,
    SUFFIXES,
    TEXTS,
    is_folder,
    is_remote,
)
from rural_forecast.text.cells import expression, quoted, shown

if TYPE_CHECKING:
    from rural_forecast.observed.reading import ReadOptions

SERIES_SIGN = "::"  # between a file and the series of it that is meant
_STANDARD_INPUT = frozenset({"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
_FILE_SUFFIXES = frozenset((*SUFFIXES, *TEXTS, ".gz", ".zst"))
_LOOKS_LIKE_FILE = expression(r"\.[a-zA-Z]\w{0,6}$")


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it was named, and its parts.

    >>> Source.parse("sales.csv::North")
    Source(name='sales.csv::North', path='sales.csv', series='North')
    >>> Source.parse("mofcom").is_file, Source.parse("-").is_standard_input
    (False, True)
    """

    name: str  # as it was typed
    path: str = ""
    """of the file, `-` for standard input; empty for a series of the catalogue, and in `::SERIES`.
    """
    series: str | None = None  # the series of `FILE::SERIES`; None where none is named

    @classmethod
    def parse(cls, named: str | Path | Source) -> Source:
        """The source of a name. A `Path` is a file, whatever its suffix."""
        if isinstance(named, Source):
            return named
        name = str(named)
        if isinstance(named, str) and is_remote(name):
            return cls._remote(name)
        if not isinstance(named, Path) and not _names_file(name):
            return cls(name)
        path, sign, series = name.partition(SERIES_SIGN)
        # The sign may be part of the name of a file.
        if not sign or (path and not _names_file(path)) or isfile(name):
            return cls(name, _standard(name))
        return cls(name, _standard(path), series.strip())

    @classmethod
    def _remote(cls, name: str) -> Source:
        """The source of an address; `::` within the name of its machine is not the sign."""
        machine = name.find("/", name.find("://") + 3) if "://" in name else 0
        sign = name.find(SERIES_SIGN, max(machine, 0))
        if sign < 0:
            return cls(name, name)
        return cls(name, name[:sign], name[sign + len(SERIES_SIGN) :].strip())

    @property
    def is_address(self) -> bool:
        """True for an address, or the short name of what a publisher has at one."""
        return is_remote(self.path)

    @property
    def local(self) -> str:
        """The path of its file on this machine; what stands at an address is fetched first.

        Raises UsageError if it may not be read, InputError if it cannot be fetched.
        """
        if not self.is_address:
            return self.path
        from rural_forecast.observed.publishers import copied

        return copied(self.path).path

    @property
    def is_file(self) -> bool:
        """True for a file, standard input, an address, or a series of one; false for one of the
        catalogue.
        """
        return bool(self.path) or self.series is not None

    @property
    def is_standard_input(self) -> bool:
        """True if the data come from standard input."""
        return self.path == "-"

    @property
    def is_toml(self) -> bool:
        """True for a TOML file: of a sizing or of scenarios, not of a series."""
        return self.name.lower().endswith(".toml") and not self.is_address

    @property
    def kind(self) -> Literal["catalogue", "text", "excel", "parquet"]:
        """The kind of reader it takes; standard input and pipes are text."""
        if not self.is_file:
            return "catalogue"
        if is_folder(self.path):
            return "parquet"  # of Parquet files
        path = self.path.partition("?")[0] if self.is_address else self.path
        kind = SUFFIXES.get(splitext(path)[1].lower())
        if kind == "excel":
            return "excel"
        return "parquet" if kind == "parquet" else "text"

    @property
    def whole_file(self) -> str:
        """The path of a file that is read whole. Raises UsageError if one series is named."""
        if self.series is not None:
            raise UsageError(
                f"{quoted([self.name])} names one series, and the whole file is wanted.",
                f"Name {self.path} alone.",
            )
        return self.local or self.name

    def beside(self, main: Source) -> Source:
        """`::SERIES` as a series of the main file; any other source as it is."""
        if self.path or self.series is None or not main.path:
            return self
        return replace(self, name=f"{main.path}{self.name}", path=main.path)

    def choose(self, options: ReadOptions) -> ReadOptions:
        """The options with the series that is named. Raises UsageError if they choose another."""
        # One that stands alone at a publisher has the name of its file.
        if self.series is None or (self.is_address and self.series == self.path):
            return options
        if not self.path or not self.series:
            lacking = "series" if self.path else "file"
            raise UsageError(
                f"{shown(self.name)} names no {lacking}.",
                "Write FILE::SERIES; ::SERIES is for second sources.",
            )
        if options.series_id not in (None, self.series):
            two = f"{shown(self.name)} and {option('series_id', options.series_id)}"
            raise UsageError(f"{two} choose two series.", "Keep one of them.")
        return options._replace(series_id=self.series)

    def read(self, options: ReadOptions | None = None) -> Series:
        """Read the one series that it names, as `read` does."""
        if not self.is_file:
            return self._of_catalogue()
        from rural_forecast.observed.reading import ReadOptions, read_one

        chosen = self.choose(options or ReadOptions()).dated()
        with of_file(self.path):
            return read_one(self.local, chosen)

    def _of_catalogue(self) -> Series:
        try:
            return load().get(self.name)
        except UsageError as error:
            if _LOOKS_LIKE_FILE.search(self.name) and not Path(self.name).is_file():
                from rural_forecast.observed.reading.source import missing

                with of_file(self.name):
                    raise missing(self.name) from None
            names = [f"{self.name}{suffix}" for suffix in sorted(SUFFIXES)]
            file = next(filter(isfile, [*names, self.name]), "")
            if not file:
                raise
            meant = f"./{file}" if file == self.name else file
            hint = f"Did you mean the file {meant}?"
            raise UsageError(str(error), hint, code=error.code) from None


def read(source: str | Path, options: ReadOptions | None = None) -> Series:
    """Read one series as `rural_forecast.read` does, which also warns of what it says."""
    require_name(source)
    return Source.parse(source).read(options)


def with_total(series: Series) -> Series:
    """The series with the total that its file names for it, read from the same file.

    Functions that forecast call this where they are entered, so that no forecast opens a file.
    """
    file = "-" if series.file == STANDARD_INPUT else series.file
    if not series.within or series.total is not None or not Source.parse(file).is_file:
        return series
    total = Source(f"{file}{SERIES_SIGN}{series.within}", file, series.within)
    return replace(series, total=total.read())


def require_name(source: object) -> None:
    """Say what takes a frame where a file is wanted. Raises TypeError if it is neither text nor a
    path.
    """
    if not isinstance(source, str | Path):
        how = (
            "rural_forecast.series makes a series of data in memory, "
            "forecast_frame takes a frame of many"
        )
        raise TypeError(
            f"A file or the id of a series is wanted, not a {type(source).__name__}: {how}."
        )


def _names_file(name: str) -> bool:
    """True for '-', or a name with a slash or a known suffix; all else is an id."""
    path = name.partition(SERIES_SIGN)[0]
    if path == "-" or "/" in name or "\\" in name or name.startswith(SERIES_SIGN):
        return True
    suffixes = {splitext(part)[1].lower() for part in (path, name)}
    return not suffixes.isdisjoint(_FILE_SUFFIXES)


def _standard(path: str) -> str:
    """The path, `-` for each name of standard input."""
    return "-" if path in _STANDARD_INPUT else path
