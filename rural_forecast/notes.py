"""Notes: remarks that go with the numbers of a result.

A note is made where its reason is found. Nothing reads its text back: a fact that a view needs is a
field of the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

CAUTIONS = ("simpler_closer", "learned_later", "few_forecasts")
"""Codes of notes that people see as a warning, although programs get no warning."""

ALWAYS = ("currency_converted", "deflated", "target")
"""Codes of notes that even a brief screen shows."""


@dataclass(frozen=True, slots=True)
class Note:
    """One remark: its code for programs, and a sentence for people.

    >>> advice = "Use --since 2021 to say so."
    >>> note = Note("gap", "2020 is missing: only later years are used.", advice=advice)
    >>> str(note)
    '2020 is missing: only later years are used. Use --since 2021 to say so.'
    >>> note.about("sales").without_advice
    'sales: 2020 is missing: only later years are used.'
    """

    code: str
    text: str
    warning: bool = False
    """True if the numbers can be trusted less for it: every format repeats it on standard error."""
    subject: str = ""
    """Name of its series or driver, in a result of several."""
    advice: str = ""
    """A sentence that says what to type; pages for clients leave it out."""

    @property
    def without_advice(self) -> str:
        """The sentence on a page for a client."""
        return f"{self.subject}: {self.text}" if self.subject else self.text

    @property
    def grave(self) -> bool:
        """True if people see it as a warning."""
        return self.warning or self.code in CAUTIONS

    def __str__(self) -> str:
        return f"{self.without_advice} {self.advice}".rstrip()

    def about(self, name: str) -> Note:
        """Put the name of a series or driver before the sentence."""
        return replace(self, subject=f"{name}: {self.subject}" if self.subject else name)


def of_code(notes: Iterable[Note], *codes: str) -> tuple[Note, ...]:
    """Select the notes that have one of these codes."""
    return tuple(note for note in notes if note.code in codes)
