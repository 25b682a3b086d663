"""Dask carries the work of a batch out, on a cluster or on a local one of two workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.workers import starting
from rural_forecast.system.extras import need

Out = TypeVar("Out")
LOCAL_WORKERS = 2
MOST_WAITING = 2
"""Panels a worker thread that are on their way or done."""


def spread(work: Callable[[Panel], Out], panels: Iterator[Panel], *, scheduler: str | None) -> Iterator[Out]:
    """Results in the order of the panels."""
    distributed = need("distributed", "dask", "The engine dask")
    local = {"n_workers": LOCAL_WORKERS, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    try:
        with starting():
            started = distributed.Client(scheduler, **({} if scheduler else local))
    except ValueError as error:  # not an address
        raise UsageError.of("no_scheduler", scheduler=scheduler, error=str(error)) from None
    with started as client:
        most = MOST_WAITING * max(1, sum(client.nthreads().values()))
        waiting = []
        for panel in panels:
            waiting.append(client.submit(work, panel, pure=False))
            if len(waiting) > most:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
