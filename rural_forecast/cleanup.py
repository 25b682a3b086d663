"""What must not outlive the process, whichever way it ends: hidden files, temporary folders, other processes.

A signal may come between any two steps, so each thing is registered before it is made, and undoing what is not there is
no error. The command line undoes all that is registered when a signal ends it; otherwise the `with` block does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from signal import raise_signal

_registered: dict[object, Callable[[], object]] = {}


@contextmanager
def on_signal(undo: Callable[[], object]) -> Iterator[None]:
    """Undo this should a signal end the process within the block; `undo` works at any moment of it."""
    token = object()
    _registered[token] = undo
    try:
        yield
    finally:
        del _registered[token]


def clean_up() -> None:
    """Undo what is registered, the latest first; what cannot be undone does not keep the rest."""
    for undo in reversed(list(_registered.values())):
        with suppress(OSError, ValueError):
            undo()


class _Steps:
    """Steps going on that belong together, and the signal that came meanwhile."""

    under_way = 0
    signal: int | None = None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no signal come between these steps: one that is deferred is raised again once they are done."""
    _Steps.under_way += 1
    try:
        yield
    finally:
        _Steps.under_way -= 1
        if not _Steps.under_way and _Steps.signal is not None:
            number, _Steps.signal = _Steps.signal, None
            raise_signal(number)


def defer(number: int) -> bool:
    """Whether a signal has to wait, for steps that belong together are going on."""
    if _Steps.under_way:
        _Steps.signal = number
    return _Steps.under_way > 0
