"""End a run on a signal by an exception, so that `with` blocks remove their temporary files.

Ctrl-C raises KeyboardInterrupt anyway. `kill` and a terminal that closes raise SystemExit.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def handle_signals() -> None:
    """Handle these signals unless they are ignored, as under `nohup`; Windows has no SIGHUP."""
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
