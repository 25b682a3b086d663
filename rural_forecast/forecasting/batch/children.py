"""How processes are started that work for this one: deaf to Ctrl-C and the like, gone with it, and without a remark."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from rural_forecast.cleanup import uninterrupted

_QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"
"""When workers are killed, the process that clears up after them would remark on it."""


@contextmanager
def starting() -> Iterator[None]:
    """Start processes within the block; signals are for the parent, who then ends them.

    A signal that arrives meanwhile is delivered to the parent afterwards.
    """
    told = os.environ.get("PYTHONWARNINGS", "")
    if _QUIET not in told:
        os.environ["PYTHONWARNINGS"] = f"{told},{_QUIET}".strip(",")
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    with uninterrupted():  # the mask is of this thread alone
        blocked = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
        before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
        try:
            ensure_running()  # the process that clears up; starting it lifts part of the mask
            signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Have this process end when its parent is gone, killed perhaps: it would wait for work for ever."""
    from multiprocessing import parent_process

    def wait() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
