"""How a run ends when it is told to: Ctrl-C, `kill`, a terminal that closes.

Raising an exception wherever the signal happens to arrive would be at the mercy of what runs there: libraries that
catch too much, destructors, half-done imports. So the process cleans up and is gone, within milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from rural_forecast.cleanup import clean_up, defer
from rural_forecast.errors import INTERRUPTED

_SAID = {"SIGINT": "interrupted\n", "SIGTERM": "terminated\n", "SIGHUP": ""}
"""What a person or a log is told; a terminal that closed shows nothing. Windows has no SIGHUP."""


def handle_signals() -> None:
    """End cleanly on these signals, but for those that whoever started us has had ignored, as `nohup` does."""
    for name in _SAID:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of handlers
    """Clean up, say it, and be gone: with 130 after Ctrl-C, otherwise by the signal itself, as shells expect."""
    if defer(number):
        return
    for name in _SAID:
        other = getattr(signal, name, None)
        if other is not None:
            signal.signal(other, signal.SIG_IGN)  # a second Ctrl-C must not stop the cleaning up
    clean_up()
    try:
        if sys.stderr is not None:
            os.write(sys.stderr.fileno(), _SAID[signal.Signals(number).name].encode())
    except (OSError, ValueError):
        pass
    if number != signal.SIGINT:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(INTERRUPTED)


def occupy_closed_streams() -> None:
    """Put nothing where a standard stream is closed, or the next file opened would take its number.

    Whatever a library or another process then wrote to standard error would land in that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != number:  # never so: the lowest free number is given
                return
            os.set_inheritable(number, True)
