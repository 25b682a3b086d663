"""The words of errors about a batch, and about series of it that are refused."""

from __future__ import annotations

from rural_forecast.errors import option
from rural_forecast.forecasting.batch.panel import Refusal
from rural_forecast.text.cells import shown

TEXTS = {
    "no_whole_year": "it has no value of a whole year that is not a forecast",
    "target_no_year": ("{year} is not a year from 1 to {last}.", "Give the last year to forecast."),
    "calibration_of_too_few": (
        "Calibration needs {least} or more series of {points} or more points, and there are {series}.",
        "Leave {option calibrate} out; the intervals are then those learned from the corpus.",
    ),
    "worker_killed": (
        "A worker process was killed, perhaps because memory ran out.",
        "Run it again, with {option workers=1} if need be.",
    ),
    "no_scheduler": ("{scheduler} is no scheduler of Dask: {error}.", "Name it as tcp://HOST:8786."),
    "frame_columns_of_one_name": ("the frame: two columns have one name.", "Rename or drop one of them."),
}


def year_out_of_reach(origin: int, year: int, most: int) -> str:
    where = "not after it" if origin >= year else f"more than {most} years later"
    return f"its last year is {origin}, and {year} is {where}"


def _reason(refusal: Refusal) -> str:
    return f"series {shown(refusal.series_id)}: {refusal.reason.rstrip('.')}"


def refused_strictly(refusal: Refusal) -> tuple[str, str]:
    """A batch in which no series may be refused."""
    place = f"line {refusal.line}, " if refusal.line else ""
    return f"{place}{_reason(refusal)}.", f"Leave {option('strict')} out to forecast the other series."


def refused_in_frame(refusal: Refusal, others: int) -> tuple[str, str]:
    """The first series of a frame that is refused; `others`: how many more are."""
    more = f" ({others:,} more are refused)" if others else ""
    hint = 'Give refused="drop" to leave such series out, or refused="rows" to get a row that says why.'
    return f"{_reason(refusal)}{more}.", hint
