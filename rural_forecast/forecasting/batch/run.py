"""A batch from file to sink: read in stretches of whole series, forecast, finish, write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.coverage import Sample, notes_on
from rural_forecast.forecasting.batch.engines import Spread, spread_of
from rural_forecast.forecasting.batch.inputs import Opened, opened
from rural_forecast.forecasting.batch.kernel import forecast_panel
from rural_forecast.forecasting.batch.panel import Panel, Refusal
from rural_forecast.forecasting.batch.remarks import Doubts, doubts, found_in, summed
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.notes import Note
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.stretches import of_batch


class Finish(Protocol):
    """Turns rows into what the sink takes; picklable, for workers do it."""

    def __call__(self, rows: Rows, /) -> Any:
        """Give what the sink takes."""


class Sink(Protocol):
    """Where finished rows go, in order, and the series that are refused."""

    def write(self, payload: Any, /) -> None:
        """Take the next part."""

    def refuse(self, refusal: Refusal, /) -> None:
        """Take the next series that is refused."""


class Progress(NamedTuple):
    """Whom to tell how far it is."""

    total: Callable[[int], None] = lambda _: None
    advance: Callable[[int], None] = lambda _: None


class Summary(NamedTuple):
    """What came of a batch."""

    series: int
    """Those that were forecast."""
    refused: int
    notes: tuple[Note, ...] = ()
    """What the readers left out, and what the forecasts say."""
    doubts: Doubts = Doubts()
    """Series that need a look."""
    reading: ReadingAccount | None = None
    """What became of the cells of the input."""


class Result(NamedTuple):
    """What a worker gives back for a panel."""

    payloads: list[Any]
    refusals: list[Refusal]
    values: int
    """Those that were used."""
    series: int
    notes: list[Note]
    doubts: Doubts


SLICE = 8192
"""Series that are worked on, and written, at once."""


def run(
    path: str,
    options: ReadOptions,
    request: Request,
    sink: Sink,
    finish: Finish,
    *,
    engine: str = "local",
    workers: int | None = None,
    strict: bool = False,
    progress: Progress = Progress(),  # noqa: B008 - a constant
) -> Summary:
    """Forecast every series of a file into a sink.

    `engine`, `workers`: see `spread_of`. `strict`: whether one refused series refuses all. Raises InputError if the
    file as a whole is refused, or with `strict` one series of it. Raises UsageError if the options do not fit the file,
    or an extra is missing.
    """
    work = partial(_work, request=request, finish=finish)
    source = opened(path, options)
    progress.total(source.rows)
    spread = spread_of(engine, workers, source.rows)
    return _Through(source, request, sink, strict=strict).go(work, spread, progress)


class _Through:
    """The way of an input to the sink."""

    def __init__(self, opened: Opened, request: Request, sink: Sink, *, strict: bool) -> None:
        self.opened, self.request, self.sink, self.strict = opened, request, sink, strict
        self.refused = self.before_gaps = 0
        self.sample = Sample()
        self.units: set[str] = set()

    def go(self, work: Callable[[Panel], Result], spread: Spread, progress: Progress) -> Summary:
        series, doubtful, notes = 0, Doubts(), list[Note]()
        for result in spread(work, self._panels()):
            self._refuse(result.refusals)
            for payload in result.payloads:
                self.sink.write(payload)
            progress.advance(result.values)
            series, doubtful = series + result.series, doubtful.joined(result.doubts)
            notes += result.notes
        account = self.opened.account
        left_out = notes_of(account, self.before_gaps, self.request)
        notes = [*left_out, *summed(notes), *notes_on(self.sample.panel, self.request)]
        reading = of_batch(account, self.opened.table, self.units)
        return Summary(series, self.refused, tuple(notes), doubtful, reading)

    def _panels(self) -> Iterator[Panel]:
        for part in self.opened.parts:
            self._refuse(part.refusals)
            self.sample.add(part.panel)
            self.before_gaps += part.before_gaps
            self.units.update(part.panel.units)
            yield from part.panel.sliced(SLICE)

    def _refuse(self, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            if self.strict:
                raise InputError.of("refused_strictly", refusal=refusal, code=refusal.error.code)
            self.sink.refuse(refusal)
        self.refused += len(refusals)


def notes_of(account: Account, before_gaps: int, request: Request) -> tuple[Note, ...]:
    """What was left out of the input."""
    notes = list(account.notes())
    if account.forecasts and not request.history:
        notes.append(Note("published_rows", {"count": account.forecasts, "file": account.file}))
    if before_gaps:
        notes.append(Note("before_gaps", {"count": before_gaps}))
    return tuple(notes)


def _work(panel: Panel, *, request: Request, finish: Finish) -> Result:
    parts, refusals = forecast_panel(panel, request)
    count = len(panel.ids) - len(refusals)
    notes = found_in(panel, parts, request)
    return Result([finish(rows) for rows in parts], refusals, len(panel.values), count, notes, doubts(panel))
