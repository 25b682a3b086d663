"""Notes: remarks that go with the numbers of a result, made where they are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Finding = "Note | Remark"


@dataclass(frozen=True, slots=True)
class Note:
    """One remark: its code for programs, and a sentence for people.

    >>> note = Note("gap", "2020 is missing: only later years are used.", advice="Use --since 2021 to say so.")
    >>> str(note)
    '2020 is missing: only later years are used. Use --since 2021 to say so.'
    >>> str(note.about("sales"))
    'sales: 2020 is missing: only later years are used. Use --since 2021 to say so.'
    """

    code: str
    text: str | Mapping[str, Any] = field(default_factory=dict)
    """The sentence; in rooms that still word their notes in `views.notes`, the fields of its words."""
    warning: bool = False
    """True if it changes how far the numbers can be trusted: every format then says it on standard error too."""
    subject: str = ""
    """Name of the series or driver that it is about, where a result has several."""
    advice: str = ""
    """A sentence on what to type; pages for clients leave it out."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of words in `views.notes`."""
        return {} if isinstance(self.text, str) else self.text

    def __hash__(self) -> int:
        text = self.text if isinstance(self.text, str) else frozenset(self.text.items())
        return hash((self.code, text, self.warning, self.subject, self.advice))

    def __str__(self) -> str:
        # By name, so that no room of the domain depends on the views.
        words: str = import_module("rural_forecast.views.notes").sentence(self)
        return words

    def about(self, name: str) -> Note:
        """The same note with the name of what it is about."""
        return replace(self, subject=f"{name}: {self.subject}" if self.subject else name)


def of_code(notes: Iterable[Note], *codes: str) -> tuple[Note, ...]:
    """The notes with one of these codes."""
    return tuple(note for note in notes if note.code in codes)


def without_code(notes: Iterable[Note], *codes: str) -> tuple[Note, ...]:
    """The notes with none of these codes."""
    return tuple(note for note in notes if note.code not in codes)
