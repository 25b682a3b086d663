"""Notes as the remarks of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rural_forecast.document.table import Remark
from rural_forecast.notes import Note

_for_readers = ContextVar("for_readers", default=False)


@contextmanager
def for_readers() -> Iterator[None]:
    """Word the notes within the block for readers of a page, who have no command line: without advice."""
    before = _for_readers.set(True)
    try:
        yield
    finally:
        _for_readers.reset(before)


def sentence(note: Note) -> str:
    """A note as the reader at hand needs it."""
    return note.without_advice if _for_readers.get() else str(note)


def remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    """Notes as documents hold them."""
    return tuple(Remark(sentence(note), code=note.code, warning=note.warning) for note in notes)
