"""Notes as sentences, and as the remarks of documents."""

from __future__ import annotations

from collections.abc import Iterable

from rural_forecast.document.table import Remark
from rural_forecast.notes import Note
from rural_forecast.text.wording import advice


def text(note: Note) -> str:
    """The words of a note, without what it is about; readers of a page are spared the advice."""
    return str(note.text) + (advice(f" {note.advice}") if note.advice else "")


def sentence(note: Note) -> str:
    """A note as a sentence, led by the name of what it is about."""
    return f"{note.subject}: {text(note)}" if note.subject else text(note)


def remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    """Notes as documents hold them."""
    return tuple(Remark(sentence(note), code=note.code, warning=note.warning) for note in notes)
