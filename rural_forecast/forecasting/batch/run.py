"""A batch from file to sink: read in stretches, forecast, finish, write; refused series are kept aside.

The readers are tried from the fastest on. One that meets what it does not understand gives up, the sink is emptied, and
the next one starts from the beginning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.batch.careful import Found, read_carefully
from rural_forecast.forecasting.batch.doubts import Doubts, doubts
from rural_forecast.forecasting.batch.endings import Ending, endings, notes
from rural_forecast.forecasting.batch.kernel import forecast_panel
from rural_forecast.forecasting.batch.panel import CareNeededError, Panel, Raw, Refusal, build
from rural_forecast.forecasting.batch.passing import Passing, passing
from rural_forecast.forecasting.batch.passing import notes as notes_on_passing
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.batch.source import RereadError, open_source
from rural_forecast.forecasting.batch.stream import ScatteredError, gathered, whole_series
from rural_forecast.forecasting.batch.totals import Totals
from rural_forecast.forecasting.batch.workers import chosen, in_order
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.grid import shown

Out = TypeVar("Out")


class Finish(Protocol):
    """Turns rows into what the sink takes; picklable, for workers do it."""

    def __call__(self, rows: Rows, /) -> Any:
        """Give what the sink takes."""


class Sink(Protocol):
    """Where finished rows go, in order."""

    def write(self, payload: Any) -> None:
        """Take the next part."""

    def restart(self) -> None:
        """Forget what was written."""


class Progress(NamedTuple):
    """Whom to tell how far it is."""

    say: Callable[[str], None] = lambda _: None
    total: Callable[[int], None] = lambda _: None
    advance: Callable[[int], None] = lambda _: None


class Summary(NamedTuple):
    """What came of a batch."""

    series: int
    """Those that were forecast."""
    refused: tuple[Refusal, ...]
    """Their rows are lines of the input, from 1; -1 where no line is to blame."""
    notes: tuple[Note, ...] = ()
    """What the readers left out, and what the forecasts say."""
    doubts: Doubts = Doubts()
    """Series that need a look."""


SCATTERED = "note: the rows of a series do not all stand together, so they are sorted on disk first"


def run(
    path: str,
    options: ReadOptions,
    request: Request,
    sink: Sink,
    finish: Finish,
    *,
    workers: int | None = None,
    strict: bool = False,
    progress: Progress = Progress(),  # noqa: B008 - a constant
) -> Summary:
    """Forecast every series of a file into a sink.

    Parameters
    ----------
    workers : number of processes; None is by size
    strict : whether one refused series refuses all

    Raises
    ------
    InputError : the file as a whole is refused, or with `strict` one series of it
    UsageError : the options do not fit the file, or an extra is missing
    """
    work = partial(_work, request=request, finish=finish)

    def consume(opened: Opened) -> Summary:
        sink.restart()
        progress.total(opened.rows)
        return _through(opened, work, sink, request, workers or chosen(opened.rows), strict=strict, progress=progress)

    return attempt(path, options, consume, progress.say)


class Opened(NamedTuple):
    """An input by one of the readers."""

    stretches: Iterable[Raw | Found]
    rows: int
    """About how many."""
    lines: Callable[[Sequence[int]], list[int]]
    account: Account
    """What is left out, once the stretches are read."""


def attempt(
    path: str, options: ReadOptions, consume: Callable[[Opened], Out], say: Callable[[str], None] = lambda _: None
) -> Out:
    """Give an input to `consume` by the fastest reader that understands it; it may be called again from the start."""
    fast, together, careful = True, True, False
    while True:
        try:
            if careful:
                found = read_carefully(path, options)
                return consume(Opened([found], len(found.panel.values), list, found.account))
            source = open_source(path, options, fast=fast)
            stretches = whole_series(source) if together else gathered(source)
            return consume(Opened(stretches, source.rows, source.lines, source.account))
        except RereadError:
            fast = False
        except ScatteredError:
            together = False
            say(SCATTERED)
        except CareNeededError:
            careful = True


def _through(
    opened: Opened,
    work: Callable[[Panel], Result],
    sink: Sink,
    request: Request,
    workers: int,
    *,
    strict: bool,
    progress: Progress,
) -> Summary:
    refused: list[Refusal] = []
    sizes: deque[int] = deque()
    totals, before_gaps = Totals(), 0

    def panels() -> Iterator[Panel]:
        nonlocal before_gaps
        for stretch in opened.stretches:
            panel, refusals = built(stretch, request)
            refused.extend(refusals)
            if strict and refused:
                return
            sizes.append(len(panel.values))
            totals.add(panel)
            for name in panel.shares:
                opened.account.share(name, panel.wholes[name])
            before_gaps += panel.before_gaps
            yield panel

    series, found = 0, Doubts()
    ended: list[Ending] = []
    past: list[Passing] = []
    for result in in_order(work, panels(), workers):
        ended += result.endings
        past += result.past
        refused += result.refusals
        series += result.series
        found = found.joined(result.doubts)
        for payload in result.payloads:
            sink.write(payload)
        progress.advance(sizes.popleft())
    rows = iter(opened.lines([refusal.row for refusal in refused]))
    told = tuple(refusal._replace(row=next(rows)) for refusal in refused)
    if strict and told:
        raise strict_error(told[0])
    for name in totals.found():
        opened.account.total(name)
    left_out = notes_of(opened.account, before_gaps, request)
    return Summary(series, told, (*left_out, *notes(ended), *notes_on_passing(past)), found)


def notes_of(account: Account, before_gaps: int, request: Request) -> tuple[Note, ...]:
    """What was left out of the input."""
    said = list(account.notes())
    if account.forecasts and not request.history:
        said.append(Note("published_rows", {"count": account.forecasts, "file": account.file}))
    if before_gaps:
        said.append(Note("before_gaps", {"count": before_gaps}))
    return tuple(said)


def built(stretch: Raw | Found, request: Request) -> tuple[Panel, list[Refusal]]:
    """The series of a stretch, and those that are refused.

    Raises
    ------
    CareNeededError : forecasts of others are to be shown, and only the careful readers keep them
    """
    if isinstance(stretch, Found):
        return stretch.panel, stretch.refusals
    if request.history and stretch.published:
        raise CareNeededError("forecasts of others")
    return build(stretch, allow_gaps=request.allow_gaps)


class Result(NamedTuple):
    """What a worker gives back for a panel."""

    payloads: list[Any]
    refusals: list[Refusal]
    series: int
    endings: list[Ending]
    past: list[Passing]
    doubts: Doubts


def _work(panel: Panel, *, request: Request, finish: Finish) -> Result:
    parts, refusals = forecast_panel(panel, request)
    ended = [ending for rows in parts for ending in endings(rows, request)]
    past = passing(panel, parts, request)
    count = len(panel.ids) - len(refusals)
    return Result([finish(rows) for rows in parts], refusals, count, ended, past, doubts(panel))


def strict_error(refusal: Refusal) -> InputError:
    """The error that refuses all because of one."""
    place = f"line {refusal.row}, " if refusal.row > 0 else ""
    return InputError(
        f"{place}series {shown(refusal.series_id)}: {refusal.reason.rstrip('.')}.",
        f"Leave {option('strict')} out to forecast the other series.",
    )
