"""Notes as the remarks of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rural_forecast.document.table import Remark, Stress
from rural_forecast.forecasting.backtest import SIMPLER
from rural_forecast.notes import Note

STRESS: dict[str, Stress] = {
    SIMPLER: "caution",
    "learned_later": "caution",
    "currency_converted": "always",
    "deflated": "always",
    "target": "always",
}
GRAVEST_FIRST = (
    "sides_differ", "assumptions", "past_whole", "growth_forecast", "gap", "earlier_basis", "related_series",
    "other_basis", "conflict", "growth", "estimate", "preliminary", "inexact",
)  # fmt: skip
"""Codes of notes in the order in which people should read them; others follow."""

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
    """Notes as documents hold them, the gravest first."""
    ranks = {code: rank for rank, code in enumerate(GRAVEST_FIRST)}
    ranked = sorted(notes, key=lambda note: ranks.get(note.code, len(ranks)))
    return tuple(
        Remark(sentence(note), code=note.code, warning=note.warning, stress=STRESS.get(note.code, ""))
        for note in dict.fromkeys(ranked)
    )
