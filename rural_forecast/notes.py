"""Notes: remarks that go with the numbers of a result, made where they are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

CAUTIONS = ("simpler_closer", "learned_later", "few_forecasts")
"""Codes of what people see as a warning although programs get no warning of it."""
ALWAYS = ("currency_converted", "deflated", "target")
"""Codes of what a brief screen shows too."""


@dataclass(frozen=True, slots=True)
class Note:
    """One remark: its code for programs, and a sentence for people.

    >>> note = Note("gap", "2020 is missing: only later years are used.", advice="Use --since 2021 to say so.")
    >>> str(note)
    '2020 is missing: only later years are used. Use --since 2021 to say so.'
    >>> note.about("sales").without_advice
    'sales: 2020 is missing: only later years are used.'
    """

    code: str
    text: str
    warning: bool = False
    """True if it changes how far the numbers can be trusted: every format then says it on standard
    error too.
    """
    subject: str = ""
    """Name of the series or driver that it is about, where a result has several."""
    advice: str = ""
    """A sentence on what to type; pages for clients leave it out."""

    @property
    def without_advice(self) -> str:
        """The sentence as a page for a client has it."""
        return f"{self.subject}: {self.text}" if self.subject else self.text

    @property
    def grave(self) -> bool:
        """People see it as a warning."""
        return self.warning or self.code in CAUTIONS

    def __str__(self) -> str:
        return f"{self.without_advice} {self.advice}".rstrip()

    def about(self, name: str) -> Note:
        """The same note with the name of what it is about."""
        return replace(self, subject=f"{name}: {self.subject}" if self.subject else name)


def of_code(notes: Iterable[Note], *codes: str) -> tuple[Note, ...]:
    """The notes with one of these codes."""
    return tuple(note for note in notes if note.code in codes)
