"""TOML files that people write: found, read within limits, and checked with file, line and key in
every error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial
from os.path import exists
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.notes import Note
from rural_forecast.series.reading.source import read_bytes
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.system.extras import data_folder

Keys: TypeAlias = tuple[str, ...]  # keys from the top of the file
Reader: TypeAlias = Callable[[Any], Any]
V = TypeVar("V")

RANGE_LEVEL = 80  # the percentage with which a range holds that does not say so
MOST_BYTES = 1_000_000
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
# A header, or a value's key.
_KEY = re.compile(rf"\s*(?:(\[)\[?\s*)?({_NAME}(?:\s*\.\s*{_NAME})*)\s*(?(1)\]|=)")
_LONG = re.compile(r'"""|' + "'''")
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""A dotted key of more than 20 names; each dot opens a table, in time that grows with its square.
"""
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class TableError(Problem, ValueError):
    """A value of a table that is refused, before its file is known. `path`: keys from the table to
    the value.
    """

    def __init__(self, problem: str, hint: str = "", path: Keys = ()) -> None:
        super().__init__(problem, hint)
        self.path = path


@dataclass(frozen=True)
class TomlFile:
    """A file as read; paths in it are relative to its folder."""

    name: str
    folder: Path
    text: str
    content: dict[str, Any]

    @classmethod
    def read(cls, data: bytes, name: str, folder: Path) -> TomlFile:
        """Parse a file. Raises InputError if it is no TOML in UTF-8, too large or nested too deep."""
        place = Place(name, name)
        what = "it has tables nested too deep, or a number of thousands of digits"
        if len(data) > MOST_BYTES:
            raise InputError(
                f"it is larger than {MOST_BYTES:,} bytes.", "Keep only what is used.", place=place
            )
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
            if not _DEEP.search(text):
                return cls(name, folder, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            match = _PLACE.search(str(error))
            what = _PLACE.sub("", str(error))
            line, column = map(int, match.groups()) if match and match[1] else (0, 0)
            at = f" line {line}, column {column}" if line else ", at its end" if match else ""
            place = Place(f"{name}{at}", name, line, column)
        except UnicodeDecodeError as error:
            what = f"it is not UTF-8 (byte {error.start})"
        except (RecursionError, ValueError):  # an integer of more digits than Python reads
            pass
        hint = 'Text and ranges go between double quotes: value = "0.6..0.8".'
        raise InputError(
            f"this is not valid TOML: {what[:1].lower()}{what[1:]}.", hint, place=place
        )

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        lines: dict[Keys, int] = {}
        table: Keys = ()
        in_long_text = False
        for number, line in enumerate(self.text.splitlines(), 1):
            skipped = in_long_text
            in_long_text ^= len(_LONG.findall(line)) % 2 == 1
            if not skipped and (found := _KEY.match(line)):
                keys = tuple(part.strip("\"'") for part in re.findall(_NAME, found[2]))
                table = keys if found[1] else table
                lines.setdefault(keys if found[1] else (*table, *keys), number)
        return lines

    def refuse(self, path: Keys, problem: Problem) -> InputError:
        """An error that names file, line and key: the line of the key, or of the nearest table
        around it.
        """
        known = (path[:end] for end in range(len(path), 0, -1) if path[:end] in self._lines)
        line = self._lines.get(next(known, ()), 0)
        place = Place(f"{self.name} line {line}" if line else self.name, self.name, line)
        error = InputError.of(problem, place=place)
        if path:
            error.led_by = f"{place}, {'.'.join(path)}"
        return error

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Raise a problem of a table as an InputError that names its place."""
        try:
            yield
        except TableError as problem:
            raise self.refuse(problem.path, problem) from None

    def note_on_ranges(self) -> Note:
        """The warning that a file does not say with which percentage its ranges hold."""
        text = f"Ranges hold with {RANGE_LEVEL} %; release 2 took them for 90 %."
        advice = f"Write range_level = {RANGE_LEVEL}, or 90, at the top of {self.name}."
        return Note("range_level", text, warning=True, advice=advice)


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    return {path.stem: path for path in sorted((data_folder() / kind).glob("*.toml"))}


models = partial(shipped, "sizing")
scenario_files = partial(shipped, "scenarios")


def load(source: str, kind: str) -> TomlFile:
    """Read a file of a kind, '-' standard input. Raises UsageError for an unknown name, InputError
    if there is none.
    """
    known = shipped(kind)
    path = Path(source)
    name = source
    if source in known:
        path = known[source]
        name = f"{source}.toml"
    elif source == "-":
        path = Path()
        name = STANDARD_INPUT
    elif path.name == source and not exists(source):  # noqa: PTH110 - pathlib raises if it is long
        noun = {"sizing": "model", "scenarios": "scenario file"}[kind]
        hint = f"Name a TOML file, or one that ships: {', '.join(known)}."
        error, code = (InputError, "not_found") if path.suffix else (UsageError, "unknown_name")
        raise error(f"There is no {noun} named '{source}'.", hint, code=code)
    read = read_bytes("-" if source == "-" else str(path), first=MOST_BYTES + 1)
    return TomlFile.read(read, name, path.parent)


@contextmanager
def at(*path: str) -> Iterator[None]:
    """Put keys before the path of a problem."""
    try:
        yield
    except TableError as problem:
        problem.path = (*path, *problem.path)
        raise


def cited(value: Any) -> str:
    """A value as Python writes it, cut if it is long."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def table(
    content: Any, readers: Mapping[str, Reader], example: str, *needed: str
) -> dict[str, Any]:
    """Read a table whose keys are all known and of which some are needed; `example` shows how it is
    written.
    """
    if not isinstance(content, dict):
        raise TableError(f"{cited(content)} is not a table.", f"Write {example}.")
    if unknown := next((key for key in content if key not in readers), None):
        close = get_close_matches(unknown, readers, n=1, cutoff=0.6)
        hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(readers)}."
        raise TableError("is not known here.", hint, (unknown,))
    if missing := next((key for key in needed if key not in content), None):
        raise TableError(f"has no {missing}.", f"Write {example}.")
    return by_key(content, lambda key, value: readers[key](value))


def by_key(content: Any, read: Callable[[str, Any], V]) -> dict[str, V]:
    """The values of a table, each read with its key."""
    if not isinstance(content, dict):
        raise TableError(f"{cited(content)} is not a table.")
    values = {}
    for key, value in content.items():
        with at(key):
            values[key] = read(key, value)
    return values


def by_year(content: Any, read: Callable[[Any], V]) -> dict[int, V]:
    """The values of `{ 2026 = ..., 2027 = ... }`, in order of year."""

    def of_year(key: str, value: Any) -> V:
        if not re.fullmatch(r"\d{1,4}", key, re.ASCII) or int(key) == 0:
            raise TableError(
                f"{cited(key)} is not a year.",
                "Write a value for each year: { 2026 = 5, 2027 = 4 }.",
            )
        return read(value)

    return dict(sorted((int(key), value) for key, value in by_key(content, of_year).items()))


def fitting(fits: Callable[[Any], bool], what: str) -> Reader:
    """Make a reader of values that fit, a text without the space around it; `what` they should be."""

    def read(value: Any) -> Any:
        if not fits(value):
            raise TableError(f"{cited(value)} should be {what}.")
        return value.strip() if isinstance(value, str) else value

    return read


text = fitting(lambda value: isinstance(value, str), "a text between double quotes")
flag = fitting(lambda value: isinstance(value, bool), "true or false")
part = fitting(
    lambda value: type(value) in (int, float) and 0 <= value <= 1, "a number from 0 to 1"
)
year = fitting(lambda value: type(value) is int and 1 <= value <= 9999, "a year from 1 to 9999")
range_level = fitting(
    lambda value: type(value) is int and 30 <= value <= 99, "a whole number from 30 to 99"
)
