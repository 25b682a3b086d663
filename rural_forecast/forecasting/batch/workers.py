"""Panels to results in order, by this process or by several.

Workers are fresh processes with BLAS pinned to one thread. The results are the same for any number of them.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from errno import EPIPE
from threading import Thread
from typing import TypeVar

from rural_forecast.errors import OutputError
from rural_forecast.system import blas


@contextmanager
def starting() -> Iterator[None]:
    """Start processes within the block; they inherit that signals are blocked, and the parent ends them.

    A signal that arrives meanwhile is delivered to the parent afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # starting it within the block would lift part of the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """End this process when its parent is killed; it would wait for work for ever."""
    from multiprocessing import parent_process

    def wait() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


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

    Raises OutputError if a worker was killed.
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
        raise OutputError.of("worker_killed") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(processes.values()):
            process.kill()
