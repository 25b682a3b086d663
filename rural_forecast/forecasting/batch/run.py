"""A batch from an input to finished rows: read in blocks of whole series, forecast, finish."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.answers import Answers, answered
from rural_forecast.forecasting.batch import calibration, remarks
from rural_forecast.forecasting.batch.engines import spread
from rural_forecast.forecasting.batch.inputs import Opened
from rural_forecast.forecasting.panel import Panel, Refusal, Request
from rural_forecast.notes import Note
from rural_forecast.text.cells import shown

SLICE = 8192  # series that are worked on, and written, at once


class Part(NamedTuple):
    """The answer of a worker for some series."""

    payloads: Sequence[Any]
    refusals: Sequence[Refusal]
    series: int
    values: int
    found: remarks.Found


class Running:
    """A batch under way: its parts in order, once, and what is known of the whole after that."""

    def __init__(self, source: Opened, request: Request, finish: Callable[[Answers], Any], *, strict: bool = False):
        """`finish`: makes what is written; picklable, for workers do it. `strict`: nothing may be refused."""
        self.source, self.series, self.refused = source, 0, 0
        self._request, self._finish, self._strict = request, finish, strict
        self._found: remarks.Found = {}
        self._sample = calibration.Sample()
        self._unread: deque[Sequence[Refusal]] = deque()

    def parts(self, engine: str = "local", workers: int | None = None) -> Iterator[Part]:
        """The parts, see `spread_of`. Raises InputError if the input is refused, or a series that may not be."""
        work = partial(_work, request=self._request, finish=self._finish)
        for part in spread(work, self._panels(), engine=engine, workers=workers, rows=self.source.rows):
            refusals = [*self._unread.popleft(), *part.refusals]
            for refusal in refusals if self._strict else ():
                line = f"line {refusal.line}, " if refusal.line else ""
                raise InputError(
                    f"{line}series {shown(refusal.series_id)}: {refusal.reason.rstrip('.')}.",
                    f"Leave {option('strict')} out to forecast the other series.",
                    code=refusal.error.code,
                )
            self.series, self.refused = self.series + part.series, self.refused + len(refusals)
            self._found = remarks.together([self._found, part.found])
            yield part._replace(refusals=refusals)

    def _panels(self) -> Iterator[Panel]:
        for built in self.source.parts:
            self._sample.add(built.panel)
            refused = built.refusals
            for panel in built.panel.sliced(SLICE):
                self._unread.append(refused)
                refused = ()
                yield panel

    def notes(self) -> tuple[Note, ...]:
        """Notes on rows that were left out, and on the forecasts."""
        return (
            *self.source.notes(history=self._request.history),
            *remarks.notes_on(self._found),
            *calibration.notes_on(self._sample.panel, self._request),
            *remarks.findings(self._found, self.series + self.refused, self.source.noted.file),
        )


def _work(panel: Panel, *, request: Request, finish: Callable[[Answers], Any]) -> Part:
    parts, refusals = answered(panel, request)
    count, found = len(panel.ids) - len(refusals), remarks.found_in(panel, parts)
    return Part([*map(finish, parts)], refusals, count, len(panel.values), found)
