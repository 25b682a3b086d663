"""Writing on a terminal: signs and their ASCII twins, colour where there is some, texts in lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import cell_len, cut, wrap
from rural_forecast.text.harmless import ascii_only

_SIGNS = {
    "observed": ("●", "o"),
    "faint": ("◦", ","),
    "dash": ("·", "."),
    "forecast": ("○", "x"),
    "band": ("▓▒░", "=:'"),
    "diamond": ("◆", "@"),
    "up": ("▲", "^"),
    "down": ("▼", "v"),
    "beyond": ("↑", "/"),
    "below": ("↓", "\\"),
    "other": ("□△◇▽☆◁", "*+%&$~"),
    "axis": ("│", "|"),
    "ticked": ("┤", "+"),
    "corner": ("└", "+"),
    "line": ("─", "-"),
    "tick": ("┬", "+"),
    "columns": ("█▓▒░▞▤▥▦", "#=+-%o:x"),
}


UNLIMITED = 1_000_000_000
"""The width of a pipe or a file, where lines are as long as they need to be."""
MEASURE = 100
"""Widest line of prose: longer ones are hard to read on a wide terminal."""


class Pen(NamedTuple):
    """The width, colour and characters of a terminal."""

    width: int
    color: bool
    unicode: bool

    def sign(self, name: str) -> str:
        """The sign of a thing, or its signs, by what the terminal knows."""
        return _SIGNS[name][0 if self.unicode else 1]

    def text(self, text: str) -> str:
        """Text from data made harmless."""
        return prose(text, unicode=self.unicode)

    def cut(self, text: str, width: int) -> str:
        """Text from data in at most so many columns."""
        return cut(self.text(text), width, "…" if self.unicode else "~")

    def blocks(self, text: str) -> str:
        """Heights in block characters, spaces kept."""
        return text if self.unicode else ascii_only(text)

    def ink(self, text: str, code: str) -> str:
        """Text in colour or weight where there is colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text.strip() else text

    def lines(self, text: str, code: str = "", *, lead: str = "", hang: str = "") -> list[str]:
        """Text from data in lines; `lead` starts the first one, `hang` all others."""
        measure = self.width if self.width == UNLIMITED else min(self.width, MEASURE)
        lines = wrap(self.text(text), measure - cell_len(hang))
        return [(hang if number else lead) + self.ink(line, code) for number, line in enumerate(lines) if line]

    def together(self, entries: Iterable[str]) -> list[str]:
        """Short texts next to each other, as many in a line as fit."""
        lines: list[str] = []
        for entry in (part for whole in entries for part in wrap(whole, self.width)):
            joined = f"{lines[-1]}   {entry}" if lines else entry
            lines[-1:] = [joined] if cell_len(joined) <= self.width else [*lines[-1:], entry]
        return lines


def texts_below(texts: Sequence[str], places: Sequence[int], room: int) -> str:
    """Texts under their places in one line; one that would touch its neighbour is left out."""
    line = [" "] * room
    free = 0
    for text, place in zip(texts, places, strict=True):
        start = max(min(place - len(text) // 2, room - len(text)), 0)
        if start >= free:
            line[start : start + len(text)] = text
            free = start + len(text) + 1
    return "".join(line).rstrip()
