"""Notes in words: one function a code, in the file of the room that makes the note; its arguments are the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from inspect import isfunction

from rural_forecast.document.remark import Remark
from rural_forecast.notes import Note

FINDINGS = "findings"
"""The file whose texts are parts of a sentence, as the check shows them."""
ROOMS = (FINDINGS, "series", "reading", "forecasting", "nowcasting", "scenarios")


@cache
def words(code: str) -> Callable[..., str]:
    """The function that words a code; files are loaded in turn until one has it."""
    return next(of_room(room)[code] for room in ROOMS if code in of_room(room))


@cache
def of_room(room: str) -> dict[str, Callable[..., str]]:
    """The functions of one file, by code."""
    module = import_module(f"{__name__}.{room}")
    return {
        name: function
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }


def text(note: Note) -> str:
    """The words of a note, without what it is about."""
    return words(note.code)(**note.fields)


def sentence(note: Note) -> str:
    """A note as a sentence, led by the name of what it is about."""
    worded = f"{note.subject}: {text(note)}" if note.subject else text(note)
    return f"{worded}." if note.code in of_room(FINDINGS) and not worded.endswith((".", "?")) else worded


def remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    """Notes as documents hold them."""
    return tuple(Remark(sentence(note), code=note.code, warning=note.warning) for note in notes)
