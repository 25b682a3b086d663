"""A TOML file with the line of every key, so that errors can name it: `tomllib` keeps no lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from os.path import isfile
from pathlib import Path
from typing import Any, TypeAlias

from rural_forecast.errors import InputError, Place, Problem, UsageError, Worded
from rural_forecast.series.reading.files import is_pipe, read_bytes
from rural_forecast.series.source_names import STANDARD_INPUT, is_folder
from rural_forecast.system.extras import data_folder

Keys: TypeAlias = tuple[str | int, ...]
"""Keys from the top of the file; a number is the index of a table in an array."""

_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_LONG = re.compile(r'"""|' + "'''")


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
        counts: dict[Keys, int] = {}
        in_long_text = False
        for number, line in enumerate(self.text.splitlines(), 1):
            skipped = in_long_text
            in_long_text ^= len(_LONG.findall(line)) % 2 == 1
            if skipped:
                continue
            if header := _HEADER.match(line):
                table = _keys(header[2])
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                lines.setdefault(table, number)
            elif key := _KEY.match(line):
                lines.setdefault((*table, *_keys(key[1])), number)
        return lines

    def line(self, path: Keys) -> int:
        """The line of a key, or of the nearest table around it; 0 if neither is in the file."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)

    def refuse(self, path: Keys, found: str | Worded, **fields: object) -> InputError:
        """An error that names file, line and key; `found` is a reason with its fields, or a problem."""
        line = self.line(path)
        place = Place(f"{self.name} line {line}" if line else self.name, self.name, line)
        keys = "".join(f" {key + 1}" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
        error = InputError.of(Problem(found, **fields) if isinstance(found, str) else found, place=place)
        error.led_by = f"{place}, {keys}" if keys else place
        return error


def _keys(dotted: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_NAME, dotted))


_LARGEST = 10**1000
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{20,}}+")
"""A dotted key of more than 20 names; each dot opens a table."""
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
MOST_BYTES = 1_000_000
DEEPEST = 20
"""Tables within tables; a model has three."""


def parse(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    """The content of a file, and its text with `\\n` line ends; `name` is what messages call the file.

    Raises InputError if it is not UTF-8, not TOML (with line and column), too large or nested too deep.
    """
    if len(data) > MOST_BYTES:
        raise InputError.of("toml_too_large", name=name, most=MOST_BYTES)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError.of("not_utf8", name=name, byte=error.start) from None
    too_deep = InputError.of("toml_too_deep", name=name)
    too_large = InputError.of("toml_long_number", name=name)
    if _DEEP.search(text):
        raise too_deep
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.search(str(error))
        what = _PLACE.sub("", str(error))
        at = f" line {match[1]}, column {match[2]}" if match and match[1] else ", at its end" if match else ""
        line, column = map(int, match.groups()) if match and match[1] else (0, 0)
        raise InputError.of("not_toml", place=Place(f"{name}{at}", name, line, column), problem=what) from None
    except RecursionError:
        raise too_deep from None
    except ValueError:  # an integer of more digits than Python reads
        raise too_large from None
    values: list[Any] = [content]
    for _ in range(DEEPEST + 1):
        values = [inner for value in values for inner in _inside(value)]
        if any(isinstance(value, int) and abs(value) >= _LARGEST for value in values):
            raise too_large
    if any(isinstance(value, dict | list) for value in values):
        raise too_deep
    return content, text


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    return {path.stem: path for path in sorted((data_folder() / kind).glob("*.toml"))}


def load(source: str, kind: str) -> TomlFile:
    """Read a file of a kind (`sizing`, `scenarios`).

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
        raise InputError.of("toml_is_folder", name=source)
    suffixed = path.with_name(path.name + ".toml") if path.name else path
    close = [str(suffixed)] if isfile(suffixed) else get_close_matches(source.removesuffix(".toml"), known, 1)  # noqa: PTH113
    named = path.name == source and not path.suffix
    problem = Problem("no_toml", name=source, kind=kind, named=named, close=close, ships=tuple(known))
    if named:
        raise UsageError.of(problem, code="unknown_name")
    raise InputError.of(problem, code="not_found")
