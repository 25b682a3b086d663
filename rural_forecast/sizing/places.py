"""Where each key of a TOML file stands, so that a refusal can name the line: `tomllib` does not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from rural_forecast.errors import InputError

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the top of the file; a number counts the tables of an array from 0."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_LONG = re.compile(r'"""|' + "'''")


class Places:
    """The lines of a file's keys.

    Parameters
    ----------
    file : the name that messages give
    text : valid TOML
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._lines: dict[Path, int] = {}
        table: Path = ()
        counts: dict[Path, int] = {}
        inside_text = False
        for number, line in enumerate(text.splitlines(), 1):
            starts_inside = inside_text
            inside_text ^= len(_LONG.findall(line)) % 2 == 1
            if starts_inside:
                continue
            if header := _HEADER.match(line):
                table = _keys(header[2])
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_keys(key[1])), number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places) and (self.file, self._lines) == (other.file, other._lines)

    def __hash__(self) -> int:
        return hash(self.file)

    def line(self, path: Path) -> int:
        """The line of a key, or of the nearest table around it; 0 where neither is written."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)

    def refuse(self, path: Path, sentence: str, hint: str = "") -> InputError:
        """An error that names file, line and key; the sentence goes on after the key and has no full stop."""
        line = self.line(path)
        where = f"{self.file} line {line}" if line else self.file
        return InputError(f"{where}{', ' if path else ''}{_shown(path)}: {sentence}.", hint)

    def check_keys(self, path: Path, table: Mapping[str, Any], allowed: tuple[str, ...], top: tuple[str, ...]) -> None:
        """Refuse a key that is not known, with the one that was meant.

        Raises
        ------
        InputError : a key is not allowed here
        """
        for key in table:
            if key in allowed:
                continue
            if path and key in top:
                raise self.refuse(
                    (*path, key), "belongs to the whole file", "Move it to the top, above the first [table]."
                )
            raise self.refuse((*path, key), "is not known here", meant(key, allowed))


def meant(word: str, known: tuple[str, ...]) -> str:
    """A hint that names the nearest known word, or all."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def _keys(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_NAME, dotted))


def _shown(path: Path) -> str:
    text = ""
    for key in path:
        text += f" {key + 1}" if isinstance(key, int) else f".{key}" if text else key
    return text
