"""The process: signals, BLAS threads, and a lack of memory, open files or processes."""

from __future__ import annotations

import errno
import os
import signal
from types import FrameType

from rural_forecast.errors import OutputError

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_MEMORY = "There is not enough memory.", "Free some, raise the limit, or split the input into smaller files."
_FILES = "Too few files may be open at once.", "Raise the limit, such as ulimit -n 1024."
SCARCE = {
    errno.ENOMEM: _MEMORY,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.EAGAIN: ("No further process may be started.", "Raise the limit, or use one worker."),
}
_UNMAPPED = ("failed to map segment", "annot allocate memory")


def pin_blas() -> None:
    """Ask for one thread, before NumPy loads; a pool slows small fits. A number that the user set stays."""
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")


def handle_signals() -> None:
    """End a run on a signal by an exception, so that `with` blocks remove their temporary files.

    Ctrl-C raises KeyboardInterrupt anyway. `kill` and a terminal that closes raise SystemExit, unless they are ignored,
    as under `nohup`; Windows has no SIGHUP.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of handlers
    raise SystemExit(128 + number)


def occupy_closed_streams() -> None:
    """Open the null device where a standard stream is closed, or the next file opened would take its number.

    Whatever a library or another process then wrote to standard error would land in that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != number:  # the system gives the lowest free number
                return
            os.set_inheritable(number, True)


def lack_of_resources(error: BaseException) -> OutputError | None:
    """The error to report for a lack of resources; None for any other error."""
    if isinstance(error, OSError) and error.errno in SCARCE:
        return OutputError(*SCARCE[error.errno], code="resources")
    if isinstance(error, MemoryError) or (isinstance(error, ImportError) and _unmapped(error)):
        return OutputError(*_MEMORY, code="resources")
    return None


def _unmapped(error: BaseException | None) -> bool:
    """Find a library that did not fit into memory in the chain of errors."""
    while error and not any(words in str(error) for words in _UNMAPPED):
        error = error.__cause__ or error.__context__
    return error is not None
