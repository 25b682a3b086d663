"""Findings as values: remarks that go with the numbers of a result; `views.notes` puts them in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Finding = "Note | Remark"


@dataclass(frozen=True, slots=True)
class Note:
    """One finding: a code, and the numbers, years, names and units that belong to it.

    `str(note)` is the sentence, written by the function of `views.notes` that has the code's name; the fields are its
    arguments.

    >>> note = Note("gap", {"missing": (2020,), "first": 2021, "unused": (2018, 2019)})
    >>> note.code, note.fields["first"], note == Note("gap", dict(note.fields))
    ('gap', 2021, True)
    """

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """Hashable values by name."""
    warning: bool = False
    """Whether it changes how far the numbers can be trusted: every format then says it on standard error too."""
    subject: str = ""
    """Name of the series or driver that it is about, where a result has several."""

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.fields.items()), self.warning, self.subject))

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
