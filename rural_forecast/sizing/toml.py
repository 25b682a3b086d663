"""TOML files that people write: found, read within limits, and checked with file, line and key in every error.

Tables are pydantic models. `tomllib` keeps no lines, so they are found again in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from os.path import isfile
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.series.reading.source import is_pipe, read_bytes
from rural_forecast.series.source_names import STANDARD_INPUT, is_folder
from rural_forecast.system.extras import data_folder

Keys: TypeAlias = tuple[str, ...]
"""Keys from the top of the file."""

MOST_BYTES = 1_000_000
DEEPEST = 20
"""Tables within tables; a model has three."""
_LARGEST = 10**1000
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_LONG = re.compile(r'"""|' + "'''")
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""A dotted key of more than 20 names; each dot opens a table."""
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class TableError(Problem, ValueError):
    """What is wrong with a value of a table, before its file is known."""

    def __init__(self, problem: str, hint: str = "", path: Keys = ()) -> None:
        super().__init__(problem, hint)
        self.path = path
        """Keys from the table that is checked to the value."""


@dataclass(frozen=True)
class TomlFile:
    """A file as read."""

    name: str
    """As messages call it."""
    folder: Path
    """Paths in the file are relative to it."""
    text: str
    content: dict[str, Any]

    @classmethod
    def read(cls, data: bytes, name: str, folder: Path) -> TomlFile:
        """Parse a file. Raises InputError if it is not TOML, or beyond the limits."""
        content, text = parse(data, name)
        return cls(name, folder, text, content)

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        lines: dict[Keys, int] = {}
        table: Keys = ()
        in_long_text = False
        for number, line in enumerate(self.text.splitlines(), 1):
            skipped = in_long_text
            in_long_text ^= len(_LONG.findall(line)) % 2 == 1
            if skipped:
                continue
            if header := _HEADER.match(line):
                table = _keys(header[1])
                lines.setdefault(table, number)
            elif key := _KEY.match(line):
                lines.setdefault((*table, *_keys(key[1])), number)
        return lines

    def line(self, path: Keys) -> int:
        """The line of a key, or of the nearest table around it; 0 if neither is in the file."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)

    def refuse(self, path: Keys, problem: Problem) -> InputError:
        """An error that names file, line and key."""
        line = self.line(path)
        place = Place(f"{self.name} line {line}" if line else self.name, self.name, line)
        error = InputError.of(problem, place=place)
        if path:
            error.led_by = f"{place}, {'.'.join(path)}"
        return error


def _keys(dotted: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_NAME, dotted))


def parse(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    """The content of a file, and its text with `\\n` line ends; `name` is what messages call the file.

    Raises InputError if it is not UTF-8, not TOML (with line and column), too large or nested too deep.
    """
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES:,} bytes.", "Keep only drivers and formulas.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    beyond = InputError(
        f"{name} has tables nested too deep for a model, or a number of more than 1,000 digits.",
        "Write tables such as [drivers.users], and numbers in larger units.",
    )
    if _DEEP.search(text):
        raise beyond
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.search(str(error))
        what = _PLACE.sub("", str(error))
        at = f" line {match[1]}, column {match[2]}" if match and match[1] else ", at its end" if match else ""
        line, column = map(int, match.groups()) if match and match[1] else (0, 0)
        raise InputError(
            f"this is not valid TOML: {what[:1].lower()}{what[1:]}.",
            'Text and ranges go between double quotes: value = "0.6..0.8".',
            place=Place(f"{name}{at}", name, line, column),
        ) from None
    except (RecursionError, ValueError):  # or an integer of more digits than Python reads
        raise beyond from None
    values: list[Any] = [content]
    for _ in range(DEEPEST + 1):
        values = [inner for value in values for inner in _inside(value)]
        if any(isinstance(value, int) and abs(value) >= _LARGEST for value in values):
            raise beyond
    if any(isinstance(value, dict | list) for value in values):
        raise beyond
    return content, text


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    return {path.stem: path for path in sorted((data_folder() / kind).glob("*.toml"))}


def load(source: str, kind: str) -> TomlFile:
    """Read a file of a kind (`sizing`, `scenarios`); '-' is standard input.

    Raises UsageError if a bare name neither ships nor is a file; InputError if a path has no file, or the file is not
    TOML.
    """
    if source == "-":
        return TomlFile.read(read_bytes("-", first=MOST_BYTES + 1), STANDARD_INPUT, Path())
    known = shipped(kind)
    path = known.get(source) or _existing(source, kind, known)
    name = f"{source}.toml" if source in known else source
    return TomlFile.read(read_bytes(str(path), first=MOST_BYTES + 1), name, path.parent)


def _existing(source: str, kind: str, known: dict[str, Path]) -> Path:
    path = Path(source)
    if isfile(source) or is_pipe(source):  # noqa: PTH113 - pathlib raises if a name is too long
        return path
    if is_folder(source):
        raise InputError(f"{source} is a folder.", "Name a file in it.")
    suffixed = path.with_name(path.name + ".toml") if path.name else path
    close = [str(suffixed)] if isfile(suffixed) else get_close_matches(source.removesuffix(".toml"), known, 1)  # noqa: PTH113
    noun = {"sizing": "model", "scenarios": "scenario file"}[kind]
    hint = f"{f'Did you mean {close[0]}? ' if close else ''}Name a TOML file, or one that ships: {', '.join(known)}."
    if path.name == source and not path.suffix:
        raise UsageError(f"There is no {noun} named '{source}'.", hint, code="unknown_name")
    raise InputError(f"There is no {noun} '{source}'.", hint, code="not_found")


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
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


class Table(BaseModel):
    """A table of a file; every value has the type in TOML that its field has here."""

    model_config = ConfigDict(strict=True, frozen=True, arbitrary_types_allowed=True)
    example: ClassVar[str] = ""
    """How such a table is written, for hints."""
    needed: ClassVar[Mapping[str, str]] = {}
    """What to write for each required key."""

    @classmethod
    def allowed(cls, content: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        """The keys that such a table may have."""
        return tuple(cls.model_fields)

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, content: Any, info: ValidationInfo[Any]) -> Any:
        if not isinstance(content, dict):
            raise TableError(f"{cited(content)} is not a table.", f"Write {cls.example}.")
        known, top = cls.allowed(content), info.context["schema"]
        for key in content:
            if key not in known and key in top.model_fields and cls is not top:
                raise TableError("belongs to the whole file.", "Move it to the top, above the first [table].", (key,))
            if key not in known:
                close = get_close_matches(key, known, n=1, cutoff=0.6)
                hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
                raise TableError("is not known here.", hint, (key,))
        for key, field in cls.model_fields.items():
            if field.is_required() and key not in content:
                raise TableError(f"has no {key}.", f"Write {cls.needed[key]}.")
        return content


T = TypeVar("T", bound=Table)
V = TypeVar("V")
_TYPES = {
    "string_type": ("is not text.", "Put it between double quotes."),
    "bool_type": ("is neither true nor false.", ""),
}


@contextmanager
def refusing(file: TomlFile) -> Iterator[None]:
    """Raise the first problem as an InputError that names its place in the file."""
    try:
        yield
    except TableError as error:
        raise file.refuse(error.path, error) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = tuple(str(key) for key in first["loc"] if key != "[key]")
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, TableError):
            raise file.refuse((*path, *cause.path), cause) from None
        problem, hint = _TYPES.get(first["type"], (f"{first['msg'].lower()}.", ""))
        raise file.refuse(path, Problem(f"{cited(first['input'])} {problem}", hint)) from None


def validated(file: TomlFile, schema: type[T]) -> T:
    """The content of a file. Raises InputError with the place of the first problem."""
    with refusing(file):
        return schema.model_validate(file.content, context={"schema": schema})


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9999:
        raise TableError(f"{cited(value)} is not a year.", "Years are whole numbers from 1 to 9999.")
    return value


def by_year(table: Any, read: Callable[[Any], V]) -> dict[int, V]:
    """The values of `{ 2026 = ..., 2027 = ... }`, in order of year.

    Raises TableError if it is not such a table, or `read` refuses a value.
    """
    hint = "Write a value for each year: { 2026 = 5, 2027 = 4 }."
    if not isinstance(table, dict):
        raise TableError(f"{cited(table)} does not say for which year.", hint)
    values = {}
    for key, value in table.items():
        with at(key):
            if not re.fullmatch(r"\d{1,4}", key, re.ASCII) or int(key) == 0:
                raise TableError(f"{cited(key)} is not a year.", hint)
            values[int(key)] = read(value)
    return dict(sorted(values.items()))


def filled(problem: str, hint: str, most: int = 1000) -> BeforeValidator:
    """Refuse anything but a table of tables, and one of more than `most`."""

    def check(table: Any) -> Any:
        if not isinstance(table, dict) or not table:
            raise TableError(problem, hint)
        if len(table) > most:
            raise TableError(f"has {len(table):,} tables; a model has at most {most}.", "Combine some.")
        return table

    return BeforeValidator(check)


def _level(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 30 <= value <= 99:
        raise TableError(f"{cited(value)} is not a level of ranges.", "Write a whole percentage from 30 to 99.")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
"""Text without space around it."""
Year = Annotated[int, BeforeValidator(_year)]
RangeLevel = Annotated[int, BeforeValidator(_level)]
"""The percentage with which the ranges of a file hold."""
