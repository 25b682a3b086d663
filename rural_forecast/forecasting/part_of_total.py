"""A total of the same file that the range of a forecast passes, as nobody named it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rural_forecast.errors import RuralForecastError, option
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.observed.source_names import STANDARD_INPUT
from rural_forecast.text.cells import shown


def with_total_proposed(result: Forecast, read: Callable[[str], Series]) -> Forecast:
    """Add a note on the total of its file that the forecast passes, if there is one.

    `read` gives a series of the same file by its name. A total is a series whose name says so, in
    the unit of the forecast, and as large as it in every year that both have.
    """
    series = result.history.series
    question = result.question
    if not series.totals or question.within is not None or series.within:
        return result
    for name in series.totals:
        try:
            note = _passed(result, read(name), name)
        except RuralForecastError:  # it cannot be read alone, or is no whole of this series
            continue
        if note is not None:
            return replace(result, notes=(*result.notes, note))
    return result


def _passed(result: Forecast, total: Series, name: str) -> Note | None:
    """Make the note on a total; None where it is none, or is not passed."""
    series = result.history.series
    if (total.unit, total.measure) != (series.unit, series.measure):
        return None
    question = replace(result.question, within=total, kernels=False, opinions=False)
    shares = forecast(series, question).shares
    if shares is None or shares.past is None:
        return None
    by_median, by_range = shares.passes
    first = by_median or by_range
    if not first:
        return None
    what = "The forecast" if by_median else "The 80 % range"
    name_of_total = shown(total.title or total.id)
    named_file = series.file != STANDARD_INPUT and series.origin is None
    file = series.file if named_file else ""
    return Note(
        "total_passed",
        f"{what} passes the total of the same file, {name_of_total}, from {first} on.",
        warning=bool(by_median),
        advice=f"Add {option('within', f'{file}::{name}')} to keep it below.",
    )
