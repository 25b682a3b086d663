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
from os.path import exists
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, ValidationInfo, model_validator

from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.series.reading.source import read_bytes
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.system.extras import data_folder

Keys: TypeAlias = tuple[str, ...]
"""Keys from the top of the file."""

MOST_BYTES = 1_000_000
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_KEY = re.compile(rf"\s*(?:(\[)\[?\s*)?({_NAME}(?:\s*\.\s*{_NAME})*)\s*(?(1)\]|=)")
"""A header, such as `[drivers.users]`, or the key of a value."""
_LONG = re.compile(r'"""|' + "'''")
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""A dotted key of more than 20 names; each dot opens a table, in time that grows with its square."""
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class TableError(Problem, ValueError):
    """A value of a table that is refused, before its file is known."""

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
        """Parse a file.

        Raises InputError if it is not UTF-8, not TOML (with line and column), too large or nested too deep.
        """
        place, what = Place(name, name), "it has tables nested too deep, or a number of thousands of digits"
        if len(data) > MOST_BYTES:
            raise InputError(f"it is larger than {MOST_BYTES:,} bytes.", "Keep only what is used.", place=place)
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
            if not _DEEP.search(text):
                return cls(name, folder, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            match, what = _PLACE.search(str(error)), _PLACE.sub("", str(error))
            line, column = map(int, match.groups()) if match and match[1] else (0, 0)
            at = f" line {line}, column {column}" if line else ", at its end" if match else ""
            place = Place(f"{name}{at}", name, line, column)
        except UnicodeDecodeError as error:
            what = f"it is not UTF-8 (byte {error.start})"
        except (RecursionError, ValueError):  # an integer of more digits than Python reads
            pass
        hint = 'Text and ranges go between double quotes: value = "0.6..0.8".'
        raise InputError(f"this is not valid TOML: {what[:1].lower()}{what[1:]}.", hint, place=place)

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
        """An error that names file, line and key: the line of the key, or of the nearest table around it."""
        known = (path[:end] for end in range(len(path), 0, -1) if path[:end] in self._lines)
        line = self._lines.get(next(known, ()), 0)
        place = Place(f"{self.name} line {line}" if line else self.name, self.name, line)
        error = InputError.of(problem, place=place)
        if path:
            error.led_by = f"{place}, {'.'.join(path)}"
        return error


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    return {path.stem: path for path in sorted((data_folder() / kind).glob("*.toml"))}


def load(source: str, kind: str) -> TomlFile:
    """Read a file of a kind (`sizing`, `scenarios`); '-' is standard input.

    Raises UsageError if a bare name neither ships nor is a file; InputError if a path has no file, or the file is not
    TOML.
    """
    known, path, name = shipped(kind), Path(source), source
    if source in known:
        path, name = known[source], f"{source}.toml"
    elif source == "-":
        path, name = Path(), STANDARD_INPUT
    elif path.name == source and not exists(source):  # noqa: PTH110 - pathlib raises if it is long
        noun = {"sizing": "model", "scenarios": "scenario file"}[kind]
        close = get_close_matches(source.removesuffix(".toml"), known, 1)
        close = [f"{source}.toml"] if exists(f"{source}.toml") else close  # noqa: PTH110
        meant = f"Did you mean {close[0]}? " if close else ""
        hint = f"{meant}Name a TOML file, or one that ships: {', '.join(known)}."
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


class Table(BaseModel):
    """A table of a file; every value has the type in TOML that its field has here."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, frozen=True, arbitrary_types_allowed=True)
    example: ClassVar[str] = ""
    """How such a table is written, for hints."""

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
        if unknown := [key for key in content if key not in known]:
            close = get_close_matches(unknown[0], known, n=1, cutoff=0.6)
            hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
            if unknown[0] in top.model_fields:
                hint = "Move it to the top of the file, above the first [table]."
            raise TableError("is not known here.", hint, (unknown[0],))
        needed = (key for key, field in cls.model_fields.items() if field.is_required())
        if missing := [key for key in needed if key not in content]:
            raise TableError(f"has no {missing[0]}.", f"Write {cls.example}.")
        return content


T = TypeVar("T", bound=Table)
V = TypeVar("V")


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
        rule = first["msg"][first["msg"].index("should") :].replace("dictionary", "table").split(" after")[0]
        value = "this" if first["type"] in ("too_short", "too_long") else cited(first["input"])
        raise file.refuse(path, Problem(f"{value} {rule}.")) from None


def validated(file: TomlFile, schema: type[T]) -> T:
    """The content of a file. Raises InputError with the place of the first problem."""
    with refusing(file):
        return schema.model_validate(file.content, context={"schema": schema})


def by_year(table: Any, read: Callable[[Any], V]) -> dict[int, V]:
    """The values of `{ 2026 = ..., 2027 = ... }`, in order of year.

    Raises TableError if it is not such a table, or `read` refuses a value.
    """
    values = {}
    for key, value in table.items() if isinstance(table, dict) else [("", table)]:
        with at(*filter(None, (key,))):
            if not re.fullmatch(r"\d{1,4}", key, re.ASCII) or int(key) == 0:
                hint = "Write a value for each year: { 2026 = 5, 2027 = 4 }."
                raise TableError(f"{cited(key or value)} is not a year.", hint)
            values[int(key)] = read(value)
    return dict(sorted(values.items()))


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
"""Text without space around it."""
Year = Annotated[int, Field(ge=1, le=9999)]
RangeLevel = Annotated[int, Field(ge=30, le=99)]
"""The percentage with which the ranges of a file hold."""
