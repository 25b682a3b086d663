"""The process: signals, BLAS threads, values that hold for a while, and a lack of memory, open files or processes."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import TypeVar

from rural_forecast.errors import OutputError

T = TypeVar("T")
BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
SCARCE = frozenset({errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN})
"""Errors for a lack of memory, open files or processes."""


@contextmanager
def holding(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Give a variable a value within the block, in one thread or task."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def pin_blas() -> None:
    """Ask for one thread, before NumPy loads; a pool slows small fits. A number that the user set stays."""
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")


def handle_signals() -> None:
    """End a run on `kill` or a closed terminal by an exception, so that `with` blocks remove temporary files."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of handlers
    raise SystemExit(128 + number)


def occupy_closed_streams() -> None:
    """Open the null device for closed streams, or the next file opened would take their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != number:  # the system gives the lowest free number
                return
            os.set_inheritable(number, True)


def lack_of_resources(error: BaseException) -> OutputError | None:
    """The error to report for a lack of resources; None for any other error."""
    memory = isinstance(error, MemoryError) or (isinstance(error, ImportError) and "failed to map" in str(error))
    if not memory and not (isinstance(error, OSError) and error.errno in SCARCE):
        return None
    why = getattr(error, "strerror", None) or "Cannot allocate memory"
    hint = "Raise the limit, use one worker, or split the input into smaller files."
    return OutputError(f"There is too little to run with: {why}.", hint, code="resources")
