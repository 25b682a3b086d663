"""A batch from blocks of whole series to finished rows, in one or several processes, on Dask or
Spark.

`Running` cuts the input into panels, has an engine work on them, and adds up the results. An
engine is a function that takes the work and the panels, and gives results in order. It keeps only
a few panels under way, so that memory does not grow with the input.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from errno import EPIPE
from functools import partial
from itertools import islice
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.resource_tracker import ensure_running
from threading import Thread
from typing import Any

import numpy as np

from rural_forecast.errors import InputError, OutputError, Spelling, UsageError, option, spelling
from rural_forecast.forecasting.answered import answered
from rural_forecast.forecasting.answers import SLICE, Answers, sliced
from rural_forecast.forecasting.batch import calibration, remarks
from rural_forecast.forecasting.batch.build import Built
from rural_forecast.forecasting.batch.inputs import OpenedInput, joined
from rural_forecast.forecasting.panel import Panel, Refusal, Request
from rural_forecast.notes import Note
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.preference import observed_parts
from rural_forecast.system.blas import pin_blas
from rural_forecast.system.extras import need
from rural_forecast.text.cells import shown

NAMES = ("local", "dask", "spark")
PAYS_FROM = 2_000_000  # rows from which a second process saves more than it costs to start
LOCAL_DASK = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
MOST_WAITING = 2  # panels a worker that are on their way or done
FIRST = 512  # series of the first part, which is done soon
TOGETHER = 16_384  # series of several blocks from which no further one joins them
SLICE_OF_MANY = 8192  # series of a part where several processes share the work
Work = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The answer of a worker for some series."""

    payload: Any
    refusals: Sequence[Refusal]
    series: int  # that were forecast
    values: int
    remarks: remarks.Remarks


class Running:
    """A batch under way: its chunks in order, once, and the counts of the whole after that."""

    def __init__(
        self,
        source: OpenedInput,
        request: Request,
        finish: Callable[[Answers], Any],
        *,
        strict: bool = False,
        kept: bool = False,
        as_they_come: bool = False,
    ):
        """Begin a batch.

        Parameters
        ----------
        finish : makes what is written; picklable, for workers do it
        strict : True if no series may be refused
        kept : True if a record is kept, which says what is stated of each series
        as_they_come : True if somebody waits for the first rows, which then come soon
        """
        self.source = source
        self.series = 0
        self.refused = 0
        self.remarks: remarks.Remarks = {}
        self._request = request
        self._finish = finish
        self._strict = strict
        self._kept = kept
        self._as_they_come = as_they_come
        self._is_shared = False
        self.stated: dict[str, dict[str, str]] = {}
        """By series: its measure, kind and total, as far as the input states or shows one."""
        self._sample = calibration.Sample()
        self._has_begun = False
        # The refusals of the reader, one entry for each panel that is under way.
        self._unread: deque[Sequence[Refusal]] = deque()

    def parts(self, engine: str = "local", workers: int | None = None) -> Iterator[Chunk]:
        """Forecast by an engine, chunk by chunk.

        Raises InputError if the input is refused, or a series that may not be.
        """
        work = partial(_work, request=self._request, finish=self._finish)
        name, address = engine_of(engine)
        workers = workers or _workers_for(self.source.rows)
        self._is_shared = name != "local" or workers > 1
        if name == "dask":
            chunks = _on_dask(work, self._panels(), address)
        elif name == "spark":
            chunks = _on_spark(work, self._panels(), address)
        else:
            chunks = in_order(work, self._panels(), workers)
        for chunk in chunks:
            refusals = [*self._unread.popleft(), *chunk.refusals]
            if self._strict:
                _require_none(refusals)
            self.series += chunk.series
            self.refused += len(refusals)
            self.remarks = remarks.added(self.remarks, chunk.remarks)
            yield replace(chunk, refusals=refusals)

    def _panels(self) -> Iterator[Panel]:
        for built in self._read():
            refused = built.refusals
            for panel in self._begun(built.panel):
                # The first panel of a block takes the refusals of its reader.
                self._unread.append(refused)
                refused = ()
                yield panel

    def _read(self) -> Iterator[Built]:
        """Read the blocks of the input: several at a time where nobody waits for the first.

        Series of one length are forecast together: twice as many series take less than twice the
        time. Several processes begin with the first block, and share the others.
        """
        waiting = list[Built]()
        for built in self.source.parts:
            self._sample.add(built.panel)
            if self._kept:
                self._note_stated(built.panel)
            waiting.append(built)
            series = sum(len(one.panel.ids) for one in waiting)
            if self._as_they_come or self._is_shared or series >= TOGETHER:
                yield joined(waiting)
                waiting = []
        if waiting:
            yield joined(waiting)

    def _begun(self, panel: Panel) -> Iterator[Panel]:
        """Cut a panel into parts, the first a small one if somebody waits for its rows."""
        count = len(panel.ids)
        if self._as_they_come and not self._has_begun and count > FIRST:
            yield panel.select(np.arange(FIRST))
            panel = panel.select(np.arange(FIRST, count))
        self._has_begun = True
        yield from sliced(panel, self._request, SLICE_OF_MANY if self._is_shared else SLICE)

    def _note_stated(self, panel: Panel) -> None:
        columns: dict[str, Mapping[str, str]] = {
            "measure": dict.fromkeys(panel.wholes, "rate"),
            "market_kind": {**panel.subjects, **panel.kinds},
            "within": panel.within,
            **_of_bases(panel.bases),
            **_of_parts(panel.running),
        }
        for column, by_series in columns.items():
            for name, value in by_series.items():
                self.stated.setdefault(name, {})[column] = value

    def notes(self) -> tuple[Note, ...]:
        """Return notes on rows that were left out, and on the forecasts."""
        series = self.series + self.refused
        return (
            *self.source.notes(history=self._request.history),
            *remarks.notes_on(self.remarks),
            *calibration.notes_on(self._sample.panel, self._request),
            *remarks.findings(self.remarks, series, self.source.noted.file),
        )


def _work(panel: Panel, *, request: Request, finish: Callable[[Answers], Any]) -> Chunk:
    forecasts, refusals = answered(panel, request)
    return Chunk(
        remarks=remarks.remarks_on(panel, forecasts),
        payload=finish(forecasts),
        refusals=refusals,
        series=len(panel.ids) - len(refusals),
        values=len(panel.values),
    )


def _workers_for(rows: int) -> int:
    """Return the number of processes that an input of so many rows is worth."""
    if rows < PAYS_FROM:
        return 1
    # The cores that this process may use, which macOS and Windows do not give.
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores, rows // (PAYS_FROM // 2)))


def _require_none(refusals: Sequence[Refusal]) -> None:
    for refusal in refusals:
        line = f"line {refusal.line}, " if refusal.line else ""
        raise InputError(
            f"{line}series {shown(refusal.series_id)}: {refusal.reason.rstrip('.')}.",
            f"Leave {option('strict')} out to forecast the other series.",
            code=refusal.error.code,
        )


def engine_of(text: str) -> tuple[str, str]:
    """Return the name of an engine, and the address of its scheduler or master.

    The address is empty for one on this machine.
    """
    name, _, address = text.partition("=")
    name = name.lower()
    if name not in NAMES or (name == "local" and "=" in text):
        raise UsageError(
            f"{shown(text)} is not an engine.", "Use local, dask, dask=URL, spark or spark=URL."
        )
    return name, address


def _elsewhere(work: Work, spell: Spelling, panel: object) -> Any:
    """Work in another process, whose errors spell options as those of this one do."""
    spelling.set(spell)
    return work(panel)


@contextmanager
def _starting() -> Iterator[None]:
    """Start processes within the block.

    They inherit that signals are blocked, and the parent ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ensure_running()  # starting it within the block would lift part of the mask
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this process when its parent is killed; it would wait for work for ever."""

    def wait() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


class _Workers(SpawnContext):
    class Process(SpawnProcess):
        """A process that a broken pool can end.

        It inherits that SIGTERM is blocked, so it is killed.
        """

        terminate = SpawnProcess.kill


def _queued(submit: Work, panels: Iterable[Any], workers: int) -> Iterator[Any]:
    """Yield the results of panels in order, with a few of them under way."""
    waiting: deque[Any] = deque()
    for panel in panels:
        waiting.append(submit(panel))
        if len(waiting) > MOST_WAITING * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def in_order(work: Work, panels: Iterable[Any], workers: int) -> Iterator[Any]:
    """Yield results in the order of the panels, made by so many processes.

    Raises OutputError if one was killed.
    """
    if workers == 1:
        yield from map(work, panels)
        return
    pin_blas()
    elsewhere = partial(_elsewhere, work, spelling.get())
    with _starting():
        pool = ProcessPoolExecutor(workers, mp_context=_Workers(), initializer=_end_with_parent)
    processes = pool._processes  # the pool forgets them when it is shut down

    def submit(panel: Any) -> Any:
        try:
            with _starting():  # the first calls start the processes
                return pool.submit(elsewhere, panel)
        except OSError as error:
            if error.errno not in (None, EPIPE):
                raise
            raise BrokenProcessPool from None  # one was killed as it started, and its pipe is gone

    try:
        yield from _queued(submit, panels, workers)
    except BrokenProcessPool:
        hint = f"Run it again, with {option('workers', 1)} if need be."
        raise OutputError(
            "A worker process was killed, perhaps because memory ran out.", hint
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(processes.values()):
            process.kill()


def _on_dask(work: Work, panels: Iterator[Any], address: str) -> Iterator[Any]:
    distributed = need("distributed", "dask", "The engine dask")
    elsewhere = partial(_elsewhere, work, spelling.get())
    try:
        with _starting():
            started = distributed.Client(address) if address else distributed.Client(**LOCAL_DASK)
    except (ValueError, OSError) as error:
        problem = f"Dask finds no scheduler at {shown(address)}: {error}."
        raise UsageError(problem, "Write dask=tcp://HOST:8786.") from None
    with started as client:
        workers = max(1, sum(client.nthreads().values()))
        yield from _queued(
            lambda panel: client.submit(elsewhere, panel, pure=False), panels, workers
        )


def _on_spark(work: Work, panels: Iterator[Any], address: str) -> Iterator[Any]:
    sql = need("pyspark.sql", "spark", "The engine spark")
    elsewhere = partial(_elsewhere, work, spelling.get())
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master(address or "local[*]").appName("rural-forecast")
    session = (
        builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR").getOrCreate()
    )
    context = session.sparkContext
    try:
        while group := list(islice(panels, MOST_WAITING * context.defaultParallelism)):
            yield from context.parallelize(group, len(group)).map(elsewhere).collect()
    finally:
        session.stop()


def _of_parts(by_name: Mapping[str, Series]) -> dict[str, dict[str, str]]:
    """Write the parts of years that a nowcast rests on, which the rows of a batch leave out."""
    columns: dict[str, dict[str, str]] = {"parts": {}, "growth_of_parts": {}}
    for name, series in by_name.items():
        growth = [rate for rate in series.growth if not rate.period.is_year]
        rows = {"parts": [*observed_parts(series.observations)], "growth_of_parts": growth}
        for column, parts in rows.items():
            if parts:
                columns[column][name] = " ".join(map(_part, parts))
    return columns


def _part(part: Observation) -> str:
    """Write a part of a year, with what says that it is not final."""
    return f"{part.period}={part.value!r};{part.status};{part.qualifier}"


def _of_bases(by_name: Mapping[str, Bases]) -> dict[str, dict[str, str]]:
    """Write the levels of earlier bases, the breaks, and growth that is published, of each series.

    Rows of a batch show the latest basis alone.
    """
    columns: dict[str, dict[str, str]] = {"breaks": {}, "levels": {}, "growth": {}}
    for name, bases in by_name.items():
        columns["breaks"][name] = " ".join(map(str, bases.breaks))
        levels = (f"{year}={level!r}" for year, level in bases.levels.items())
        columns["levels"][name] = " ".join(levels)
        growth = (f"{year}={100 * (factor - 1)!r}" for year, factor in bases.growth.items())
        columns["growth"][name] = " ".join(growth)
    return columns
