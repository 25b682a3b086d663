"""What a result says beside its numbers: a sentence, with a code that programs can compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class Note(str):
    """A sentence with the code of its kind.

    A warning changes how far the numbers can be trusted: every format says it on standard error too.

    >>> note = Note("The column 'Total' is left out.", code="left_out", warning=True)
    >>> note.code, note.warning, str(note)
    ('left_out', True, "The column 'Total' is left out.")
    """

    __slots__ = ("code", "warning")

    code: str
    warning: bool

    def __new__(cls, text: str, *, code: str, warning: bool = False) -> Self:
        """A note from its sentence, a code in snake_case, and whether it is a warning."""
        self = super().__new__(cls, text)
        self.code = code
        self.warning = warning
        return self

    def about(self, name: str) -> Self:
        """The same note with the name of what it is about before it."""
        return type(self)(f"{name}: {self}", code=self.code, warning=self.warning)

    def __reduce__(self) -> tuple[object, tuple[str, str, bool]]:
        return _restored, (str(self), self.code, self.warning)


def warnings(notes: Iterable[str]) -> tuple[Note, ...]:
    """The warnings among notes, each once."""
    return tuple(dict.fromkeys(note for note in notes if isinstance(note, Note) and note.warning))


def has_code(note: str, code: str) -> bool:
    """Whether a note is of a kind; a plain sentence is of none."""
    return isinstance(note, Note) and note.code == code


def of_code(notes: Iterable[str], *codes: str) -> tuple[str, ...]:
    """The notes of one of these kinds."""
    return tuple(note for note in notes if isinstance(note, Note) and note.code in codes)


def without_code(notes: Iterable[str], code: str) -> tuple[str, ...]:
    """The notes that are not of a kind."""
    return tuple(note for note in notes if not has_code(note, code))


def about(name: str, note: str) -> str:
    """A sentence with the name of what it is about before it; a note stays one."""
    return note.about(name) if isinstance(note, Note) else f"{name}: {note}"


def _restored(text: str, code: str, warning: bool) -> Note:
    """A note out of a pickle, such as one that a worker sent."""
    return Note(text, code=code, warning=warning)
