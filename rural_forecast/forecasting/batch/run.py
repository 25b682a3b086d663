"""A batch from file to sink: read in stretches of whole series, forecast, finish, write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.batch.calibration import Sample, notes_on
from rural_forecast.forecasting.batch.engines import spread_of
from rural_forecast.forecasting.batch.inputs import Opened, opened
from rural_forecast.forecasting.batch.kernel import forecast_panel
from rural_forecast.forecasting.batch.panel import Panel, Refusal
from rural_forecast.forecasting.batch.remarks import Found, findings, found_in
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.notes import Note
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.source import Pipe
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import counted


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
    """The outcome of a batch."""

    series: int
    """Those that were forecast."""
    refused: int
    notes: tuple[Note, ...] = ()
    """Notes on what the readers left out, and of the forecasts."""
    coverage: Note | None = None
    """The coverage of the intervals on a sample; it is one of the notes."""
    reading: ReadingAccount | None = None
    """The fates of the cells of the input."""


class Result(NamedTuple):
    """The answer of a worker for a panel."""

    payloads: list[Any]
    refusals: list[Refusal]
    values: int
    """Those that were used."""
    series: int
    found: Found


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
    pipe: Pipe | None = None,
) -> Summary:
    """Forecast every series of a file into a sink.

    `pipe`: what to read in place of the file, see `opened`. `engine`, `workers`: see `spread_of`. `strict`: whether one
    refused series refuses all. Raises InputError if the file as a whole is refused, or with `strict` one series of it.
    Raises UsageError if the options do not fit the file, or an extra is missing.
    """
    work = partial(_work, request=request, finish=finish)
    source = _Source(opened(path, options, pipe), sink, strict=strict)
    rows = source.opened.rows
    if rows:
        progress.total(rows)
    series, found = 0, Found()
    for result in spread_of(engine, workers, rows)(work, source.panels()):
        source.refuse(result.refusals)
        for payload in result.payloads:
            sink.write(payload)
        progress.advance(result.values)
        series, found = series + result.series, found.then(result.found)
    coverage, surprised = notes_on(source.sample.panel, request)
    notes = (
        *notes_of(source.opened, source.before_gaps, request),
        *found.notes(),
        *filter(None, (coverage, surprised)),
        *findings(found.doubtful, series + source.refused, source.opened.noted.file),
    )
    return Summary(series, source.refused, notes, coverage, source.opened.account(source.units))


class _Source:
    """The panels of an input; what is refused goes to the sink."""

    def __init__(self, opened: Opened, sink: Sink, *, strict: bool) -> None:
        self.opened, self._sink, self._strict = opened, sink, strict
        self.refused = self.before_gaps = 0
        self.sample = Sample()
        self.units: set[str] = set()

    def panels(self) -> Iterator[Panel]:
        """Panels of bounded size."""
        for part in self.opened.parts:
            self.refuse(part.refusals)
            self.sample.add(part.panel)
            self.before_gaps += part.before_gaps
            self.units.update(part.panel.units)
            yield from part.panel.sliced(SLICE)

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Hand series that are refused on. Raises InputError if none may be."""
        for refusal in refusals:
            if self._strict:
                raise InputError(
                    f"{f'line {refusal.line}, ' if refusal.line else ''}series {shown(refusal.series_id)}: "
                    f"{refusal.reason.rstrip('.')}.",
                    f"Leave {option('strict')} out to forecast the other series.",
                    code=refusal.error.code,
                )
            self._sink.refuse(refusal)
        self.refused += len(refusals)


def notes_of(source: Opened, before_gaps: int, request: Request) -> tuple[Note, ...]:
    """Things left out of the input."""
    notes = [*source.grid_notes, *source.noted.notes()]
    if source.noted.forecasts and not request.history:
        text = f"Not history: {counted(source.noted.forecasts, 'published forecast')} of {source.noted.file}."
        notes.append(Note("published_rows", text, advice=f"Add {option('history', True)} to get them as rows."))
    if before_gaps:
        text = f"Not used, being before the last gap of their series: {counted(before_gaps, 'value')}."
        notes.append(Note("before_gaps", text))
    return tuple(notes)


def _work(panel: Panel, *, request: Request, finish: Finish) -> Result:
    parts, refusals = forecast_panel(panel, request)
    count = len(panel.ids) - len(refusals)
    found = found_in(panel, parts, request)
    return Result([finish(rows) for rows in parts], refusals, len(panel.values), count, found)
