"""Notes in words: one text or function a code, in the file of the room that makes the note.

A function takes the fields of the note. A text of `TEXTS` has them in braces, see `views.phrases`. What is in square
brackets says what to type, which readers of a page are spared; a digit in them is an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from rural_forecast.document.table import Remark
from rural_forecast.notes import Note
from rural_forecast.text.wording import advice
from rural_forecast.views.phrases import filled, of_file

ROOMS = ("reading",)

_ADVICE = re.compile(r"\[(\D.*?)\]")


def of_room(room: str) -> dict[str, str | Callable[..., str]]:
    """The texts and functions of one file, by code."""
    return of_file(f"{__name__}.{room}")


@cache
def words(code: str) -> str | Callable[..., str]:
    """The text or function of a code; files are loaded in turn until one has it."""
    return next(of_room(room)[code] for room in ROOMS if code in of_room(room))


def text(note: Note) -> str:
    """The words of a note, without what it is about."""
    if isinstance(note.text, str):
        return note.text + (advice(f" {note.advice}") if note.advice else "")
    worded = words(note.code)
    if isinstance(worded, str):
        return filled(_ADVICE.sub(lambda part: advice(part[1]), worded), note.fields)
    return worded(**note.fields)


def sentence(note: Note) -> str:
    """A note as a sentence, led by the name of what it is about."""
    return f"{note.subject}: {text(note)}" if note.subject else text(note)


def remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    """Notes as documents hold them."""
    return tuple(Remark(sentence(note), code=note.code, warning=note.warning) for note in notes)
