"""Panels to results in order, by this process or by several.

Workers are fresh processes with BLAS pinned to one thread; every worker does to a panel what one process does, so the
results are the same for any number of them.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import TypeVar

from rural_forecast.errors import OutputError

In = TypeVar("In")
Out = TypeVar("Out")

BLAS_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
PAYS_FROM = 2_000_000
"""Rows from which a second process saves more than it costs to start."""


def chosen(rows: int) -> int:
    """How many processes suit an input of so many rows."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        cores = os.cpu_count() or 1
    return 1 if rows < PAYS_FROM else max(1, min(cores, rows // (PAYS_FROM // 2)))


def in_order(work: Callable[[In], Out], panels: Iterable[In], workers: int) -> Iterator[Out]:
    """Results in the order of the panels; at most two panels a worker are under way.

    Raises
    ------
    OutputError : a worker was killed
    """
    if workers == 1:
        yield from map(work, panels)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    for name in BLAS_VARIABLES:
        os.environ.setdefault(name, "1")
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    waiting: deque[Future[Out]] = deque()
    try:
        for panel in panels:
            with _uninterrupted():  # the first call starts the processes
                waiting.append(pool.submit(work, panel))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise OutputError(
            "A worker process was killed, perhaps for want of memory.", "Run it again, with --workers 1 if need be."
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list((pool._processes or {}).values()):
            process.terminate()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let processes that are started here inherit that Ctrl-C is for their parent, who then ends them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
