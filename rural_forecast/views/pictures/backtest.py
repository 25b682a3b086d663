"""`backtest` as a picture: the range of every past forecast by years ahead, and what came."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.backtest import SCORING_LEVELS, Backtest, Trial
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import counted
from rural_forecast.views.pictures.course import name_of, of_series

LEVEL = 80
FEW = 12
"""Distinct years below which a share of ranges that held says little."""
_MOST_ROWS, _MOST_AHEAD = 21, 3


def picture(result: Backtest) -> Picture:
    """A row a past forecast, the latest first, for each horizon. Raises UsageError if there is none."""
    trials = [trial for trial in result.trials if trial.model == "consensus"]
    if not trials:
        raise UsageError("There is no past forecast to draw.", "Give more years.")
    series, place = result.history.series, SCORING_LEVELS.index(LEVEL)
    write = digits(series.unit, result.history.last)
    write = write._replace(step=write.step * 10 if write.step else 0.0)
    inside = sum(trial.lower[place] <= trial.actual <= trial.upper[place] for trial in trials)
    years = len({trial.period for trial in trials})
    every = inside == len(trials)
    title = (
        f"All {inside} outcomes fell inside our range"
        if every
        else f"{inside} of {len(trials)} outcomes fell inside our range"
    )
    if len(trials) == 1:
        title = f"The one outcome fell {'inside' if every else 'outside'} our range"
    few = f"; {counted(years, 'year')} are too few to say more" if 1 < years < FEW else ""
    plot = Ranges(tuple(_rows(trials, place, write)), ("forecast", "came"))
    about = f"{name_of(series)}. Forecasts redone with what was known each year; dots: what came"
    return of_series(plot, write, title, series, subtitle=f"Four in five were promised{few}", about=about)


def _rows(trials: list[Trial], place: int, write: Digits) -> Iterator[Row]:
    horizons = sorted({trial.horizon for trial in trials})[:_MOST_AHEAD]
    for horizon in horizons:
        ahead = sorted((trial for trial in trials if trial.horizon == horizon), key=lambda trial: trial.period)
        held = sum(trial.lower[place] <= trial.actual <= trial.upper[place] for trial in ahead)
        for rank, trial in enumerate(ahead[::-1][: _MOST_ROWS // len(horizons)]):
            yield Row(
                name=str(trial.period),
                value=trial.forecast,
                bounds=((LEVEL, trial.lower[place], trial.upper[place]),),
                texts=(write(trial.forecast), write.seen(trial.actual)),
                tone=MAIN,
                other=trial.actual,
                group="" if rank else f"{counted(horizon, 'year')} ahead: {held} of {len(ahead)} inside",
            )
