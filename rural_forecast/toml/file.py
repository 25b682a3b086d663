"""A TOML file with the line of every key, so that errors can name it: `tomllib` keeps no lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from rural_forecast.errors import InputError, Place
from rural_forecast.toml.content import parse

Keys: TypeAlias = tuple[str | int, ...]
"""Keys from the top of the file; a number is the index of a table in an array."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
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

    def refuse(self, path: Keys, sentence: str, hint: str = "") -> InputError:
        """An error that names file, line and key; the sentence follows the key and has no full stop."""
        line = self.line(path)
        place = Place(f"{self.name} line {line}" if line else self.name, self.name, line)
        keys = "".join(f" {key + 1}" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
        return InputError(f"{place}{', ' if keys else ''}{keys}: {sentence}.", hint, place=place)


def meant(word: str, known: Sequence[str]) -> str:
    """A hint that names the nearest known word, or all."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def _keys(dotted: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_NAME, dotted))
