"""One series as columns with their values and compound growth, as consultants draw it."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Bracket, Column, Columns, Picture
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted
from rural_forecast.views.answer import amounts_of, annual, answer, caution
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.course import of_series


def picture(result: Forecast) -> Picture:
    """The years observed and forecast, the latter with an interval, and growth a year over both.

    Raises UsageError if no model forecasts the target year.
    """
    history, best, write, place = result.history, result.best, amounts_of(result), result.headline
    if len(best.values) < len(result.years):
        raise UsageError("The path ends before the last year, so there is no growth to it.", "Ask for an earlier year.")
    past = zip(history.years, history.values.tolist(), strict=True)
    observed = [(str(year), (Column(value, write(value)),)) for year, value in past]
    ahead = [
        (str(year), (Column(float(value), write(float(value)), MAIN, (float(lower), float(upper))),))
        for year, value, lower, upper in zip(
            result.years, best.values, best.lower[place], best.upper[place], strict=True
        )
    ]
    key = (("observed", PLAIN), (f"forecast, with its {result.levels[place]} % interval", MAIN))
    plot = Columns((*observed, *ahead), tuple(_brackets(result, len(observed) - 1)), key)
    about = f"{caution(result)} {history.series.definition}".strip()
    claim = answer(result)
    return of_series(plot, write, claim, history.series, kind="Columns", subtitle=about, notes=fan.notes(result))


def _brackets(result: Forecast, origin: int) -> list[Bracket]:
    """Compound growth over the history and to the target year, where it has a meaning."""
    history, target = result.history, origin + len(result.years)
    last = history.last
    brackets = []
    for first, end, rate, tone in (
        (0, origin, annual(float(history.values[0]), last, result.origin - history.first), PLAIN),
        (origin, target, annual(last, result.best.last, len(result.years)), MAIN),
    ):
        if rate is not None:
            years = counted(end - first, "year")
            brackets.append(Bracket(first, end, f"{percent(rate)} a year over {years}", tone))
    return brackets
