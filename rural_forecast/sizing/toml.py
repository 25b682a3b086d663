"""TOML files that people write: found, read within limits, and checked.

A reader raises `TableError` with the keys to the value; `under` puts keys in front of them, and
`TomlFile.refusing` adds file and line.
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
from rural_forecast.observed.reading.source import read_bytes
from rural_forecast.observed.source_names import STANDARD_INPUT
from rural_forecast.system.extras import data_folder

Keys: TypeAlias = tuple[str, ...]  # keys from the top of the file
Reader: TypeAlias = Callable[[Any], Any]
V = TypeVar("V")

RANGE_LEVEL = 80  # the percentage with which a range holds that does not say so
MOST_BYTES = 1_000_000
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_KEY = re.compile(rf"\s*(?:(\[)\[?\s*)?({_NAME}(?:\s*\.\s*{_NAME})*)\s*(?(1)\]|=)")
"""A header, or the key of a value."""
_LONG = re.compile(r'"""|' + "'''")
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""A dotted key of more than 20 names: each opens a table, in time that grows with their square."""
_ERROR_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class TableError(Problem, ValueError):
    """A value of a table that is refused, before its file is known."""

    def __init__(self, problem: str, hint: str = "", path: Keys = ()) -> None:
        """`path`: the keys from the table to the value."""
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
        """Parse a file.

        Raises InputError if it is no TOML in UTF-8, too large, or nested too deep.
        """
        whole_file = Place(name, name)
        if len(data) > MOST_BYTES:
            raise InputError(
                f"it is larger than {MOST_BYTES:,} bytes.",
                "Keep only what is used.",
                place=whole_file,
            )
        reason = "it has tables nested too deep, or a number of thousands of digits"
        location = whole_file
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
            if not _DEEP.search(text):
                return cls(name, folder, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            reason = _ERROR_PLACE.sub("", str(error))
            location = _place_of(error, name)
        except UnicodeDecodeError as error:
            reason = f"it is not UTF-8 (byte {error.start})"
        except (RecursionError, ValueError):  # an integer of more digits than Python reads
            pass
        raise InputError(
            f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}.",
            'Text and ranges go between double quotes: value = "0.6..0.8".',
            place=location,
        )

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        """The first line of each table and value, by its keys: the parser does not keep them."""
        lines: dict[Keys, int] = {}
        table: Keys = ()
        in_long_text = False
        for number, line in enumerate(self.text.splitlines(), 1):
            inside = in_long_text
            in_long_text ^= len(_LONG.findall(line)) % 2 == 1
            match = None if inside else _KEY.match(line)
            if match is None:
                continue
            keys = tuple(name.strip("\"'") for name in re.findall(_NAME, match[2]))
            is_header = match[1] is not None
            if is_header:
                table = keys
            lines.setdefault(keys if is_header else (*table, *keys), number)
        return lines

    def refuse(self, path: Keys, problem: Problem) -> InputError:
        """An error that names file, line and key.

        The line is that of the key, or of the nearest table around it.
        """
        line = 0
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                line = self._lines[path[:end]]
                break
        location = Place(f"{self.name} line {line}" if line else self.name, self.name, line)
        error = InputError.of(problem, place=location)
        if path:
            error.led_by = f"{location}, {'.'.join(path)}"
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


def _place_of(error: tomllib.TOMLDecodeError, name: str) -> Place:
    """The place of an error in a file, which its text has alone."""
    match = _ERROR_PLACE.search(str(error))
    if match is None:
        return Place(name, name)
    if match[1] is None:
        return Place(f"{name}, at its end", name)
    line = int(match[1])
    column = int(match[2])
    return Place(f"{name} line {line}, column {column}", name, line, column)


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    return {path.stem: path for path in sorted((data_folder() / kind).glob("*.toml"))}


models = partial(shipped, "sizing")
scenario_files = partial(shipped, "scenarios")


def load(source: str, kind: str) -> TomlFile:
    """Read a file of a kind, '-' standard input.

    Raises UsageError for an unknown name, InputError if there is no such file.
    """
    files = shipped(kind)
    path = Path(source)
    name = source
    if source in files:
        path = files[source]
        name = f"{source}.toml"
    elif source == "-":
        path = Path()
        name = STANDARD_INPUT
    elif path.name == source and not exists(source):
        noun = {"sizing": "model", "scenarios": "scenario file"}[kind]
        problem = f"There is no {noun} named '{source}'."
        hint = f"Name a TOML file, or one that ships: {', '.join(files)}."
        if path.suffix:
            raise InputError(problem, hint, code="not_found")
        raise UsageError(problem, hint, code="unknown_name")
    # One byte more than is allowed, so that a larger file is refused, and not cut.
    read = read_bytes("-" if source == "-" else str(path), first=MOST_BYTES + 1)
    return TomlFile.read(read, name, path.parent)


@contextmanager
def under(*path: str) -> Iterator[None]:
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
    """Read a table whose keys all have a reader, and of which some are needed.

    `example`: how it is written, for hints.
    """
    if not isinstance(content, dict):
        raise TableError(f"{cited(content)} is not a table.", f"Write {example}.")
    for key in content:
        if key not in readers:
            close = get_close_matches(key, readers, n=1, cutoff=0.6)
            hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(readers)}."
            raise TableError("is not known here.", hint, (key,))
    for key in needed:
        if key not in content:
            raise TableError(f"has no {key}.", f"Write {example}.")
    return by_key(content, lambda key, value: readers[key](value))


def by_key(content: Any, read: Callable[[str, Any], V]) -> dict[str, V]:
    """The values of a table, each read with its key."""
    if not isinstance(content, dict):
        raise TableError(f"{cited(content)} is not a table.")
    values = {}
    for key, value in content.items():
        with under(key):
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

    years = {int(key): value for key, value in by_key(content, of_year).items()}
    return dict(sorted(years.items()))


def fitting(fits: Callable[[Any], bool], what: str) -> Reader:
    """Make a reader of values that fit, and that strips text; `what`: a fitting value in words."""

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


def years(content: Any) -> tuple[int, ...]:
    """One year, or a list of years."""
    several = content if isinstance(content, list) else [content]
    return tuple(sorted({year(one) for one in several}))


range_level = fitting(
    lambda value: type(value) is int and 30 <= value <= 99, "a whole number from 30 to 99"
)
