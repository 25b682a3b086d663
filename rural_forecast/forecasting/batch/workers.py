"""Panels to results in order, by this process or by several.

Workers are fresh processes with BLAS pinned to one thread. The results are the same for any number of them.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from errno import EPIPE
from typing import TypeVar

from rural_forecast.errors import OutputError, option
from rural_forecast.forecasting.batch.children import end_with_parent, starting
from rural_forecast.system import blas

In = TypeVar("In")
Out = TypeVar("Out")

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
    """Results in the order of the panels; at most two panels a worker are in progress.

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

    blas.pin()
    with starting():
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent)
    processes = pool._processes  # the pool forgets them when it is shut down
    waiting: deque[Future[Out]] = deque()

    try:
        for panel in panels:
            try:
                with starting():  # the first calls start the processes
                    waiting.append(pool.submit(work, panel))
            except OSError as error:
                if error.errno not in (None, EPIPE):
                    raise
                raise BrokenProcessPool from None  # one was killed as it started, and its pipe is gone
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise OutputError(
            "A worker process was killed, perhaps because memory ran out.",
            f"Run it again, with {option('workers', 1)} if need be.",
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(processes.values()):
            process.kill()
