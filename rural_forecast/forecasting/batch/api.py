"""`batch` for Python: a file or a frame of many series to a frame of forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Unpack

from rural_forecast.api.arguments import checked
from rural_forecast.api.equality import comparable
from rural_forecast.forecasting.batch.frame import frame_of
from rural_forecast.forecasting.batch.panel import Refusal
from rural_forecast.forecasting.batch.request import request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.batch.run import run
from rural_forecast.forecasting.question import BatchQuestion
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.source import require_name


@comparable
class Batch(NamedTuple):
    """Forecasts of many series."""

    forecasts: Any
    """A pandas DataFrame of the columns of the contract."""
    refused: Any
    """A pandas DataFrame with `series_id`, `line` (of the file, 0 where none is to blame) and `reason`."""
    notes: tuple[Note, ...] = ()
    """What was left out of the file."""


class _Kept:
    """A sink that keeps all."""

    def __init__(self) -> None:
        self.rows: list[Rows] = []
        self.refused: list[Refusal] = []

    def write(self, payload: Rows) -> None:
        """Keep rows."""
        self.rows.append(payload)

    def refuse(self, refusal: Refusal) -> None:
        """Keep a series."""
        self.refused.append(refusal)

    def restart(self) -> None:
        """Forget them."""
        self.rows.clear()
        self.refused.clear()


@checked
def batch(
    source: str | Path, *, options: ReadOptions | None = None, workers: int = 1, **question: Unpack[BatchQuestion]
) -> Batch:
    """Forecast every series of a file in long form; series that are refused do not stop the rest.

    Parameters
    ----------
    source : CSV, TSV, NDJSON or Parquet file, or a folder of Parquet files; for a frame see `forecast_frame`
    workers : processes; more than one needs a script that can be imported (`if __name__ == "__main__"`)
    question : what is asked of every series, see `BatchQuestion`

    Raises
    ------
    InputError : the file as a whole is refused
    UsageError : an unknown model or level, or a missing extra
    TypeError : it is neither text nor a path
    """
    require_name(source)
    import pandas as pd

    asked = request(allow_gaps=options.allow_gaps if options else False, **question)
    collected = _Kept()
    summary = run(str(source), options or ReadOptions(), asked, collected, _as_they_are, workers=workers)
    doubts = summary.doubts.notes(summary.series + summary.refused, str(source))
    listed = [(refusal.series_id, refusal.line, refusal.reason, refusal.error.code) for refusal in collected.refused]
    refused = pd.DataFrame(listed, columns=["series_id", "line", "reason", "code"])
    return Batch(frame_of(collected.rows, asked), refused, (*summary.notes, *doubts))


def _as_they_are(rows: Rows, /) -> Rows:
    return rows
