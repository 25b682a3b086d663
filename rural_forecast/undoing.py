"""What must not outlive the process, whichever way it ends: hidden files, folders for the meantime, other processes.

A signal may come between any two steps, so each thing is noted before it is made, and undoing what is not there is no
error. The command line undoes all that is noted when a signal ends it; otherwise the `with` block does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from signal import raise_signal

_noted: dict[object, Callable[[], object]] = {}


@contextmanager
def noted(undo: Callable[[], object]) -> Iterator[None]:
    """Undo this should a signal end the process within the block; `undo` works at any moment of it."""
    token = object()
    _noted[token] = undo
    try:
        yield
    finally:
        del _noted[token]


def undo_all() -> None:
    """Undo what is noted, the latest first; what cannot be undone does not keep the rest."""
    for undo in reversed(list(_noted.values())):
        with suppress(OSError, ValueError):
            undo()


class _Steps:
    """Steps going on that belong together, and the signal that came meanwhile."""

    under_way = 0
    signal: int | None = None


@contextmanager
def together() -> Iterator[None]:
    """Let no signal come between these steps: one that is `put_off` is raised again once they are done."""
    _Steps.under_way += 1
    try:
        yield
    finally:
        _Steps.under_way -= 1
        if not _Steps.under_way and _Steps.signal is not None:
            number, _Steps.signal = _Steps.signal, None
            raise_signal(number)


def put_off(number: int) -> bool:
    """Whether a signal has to wait, for steps that belong together are going on."""
    if _Steps.under_way:
        _Steps.signal = number
    return _Steps.under_way > 0
