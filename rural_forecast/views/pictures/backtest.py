"""`backtest` as a picture: what the consensus would have said at every origin, and what happened."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import MAIN, Band, Course, Label, Line, Mark, Picture
from rural_forecast.forecasting.backtest import SCORING_LEVELS, Backtest, Trial
from rural_forecast.text.numbers import Amounts, amounts
from rural_forecast.text.wording import counted
from rural_forecast.views.pictures import fan

LEVEL = 80


def picture(result: Backtest, *, title: str = "", logarithmic: bool = False) -> Picture:
    """The observed values, a path from every origin, and the interval one year ahead."""
    series = result.history.series
    write = amounts(series.unit, result.history.values.tolist())
    trials = [trial for trial in result.trials if trial.model == "consensus"]
    last = float(result.history.values[-1])
    score = next((one for one in result.scores if one.model == "consensus" and one.horizon is None), None)
    origins = len({trial.origin for trial in trials})
    claim = f"{counted(len(trials), 'forecast')} from {counted(origins, 'origin')}"
    if score is not None:
        claim += f"; mean error {score.smape:.1f} % (sMAPE), "
        claim += f"{100 * score.coverage_80:.0f} % inside the {LEVEL} % interval"
    bands = tuple(_bands(trials))
    shaded = f" Shaded: its {LEVEL} % interval one year ahead." if bands else ""
    return Picture(
        plot=Course(
            lines=tuple(_lines(result, trials)),
            bands=bands,
            marks=tuple(_marks(result, write)),
            labels=(Label(last, f"{write(last)} observed", 0, strong=True),),
        ),
        title=f"Backtest of {title or series.title or series.id}",
        claim=claim,
        subtitle=f"Dashed: the consensus from each origin on.{shaded}",
        unit=write.unit,
        amounts=write,
        source=fan.source(series),
        alternative=f"Line chart of past forecasts against what happened: {claim}.",
        logarithmic=logarithmic,
    )


def _lines(result: Backtest, trials: list[Trial]) -> Iterator[Line]:
    known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
    yield Line("observed", result.history.years, tuple(result.history.values.tolist()))
    name = "consensus from each origin"
    for origin in sorted({trial.origin for trial in trials}):
        path = sorted((trial for trial in trials if trial.origin == origin), key=lambda trial: trial.horizon)
        xs = (origin, *(trial.period for trial in path))
        yield Line(name, xs, (known[origin], *(trial.forecast for trial in path)), MAIN, "dashed")
        name = ""


def _bands(trials: list[Trial]) -> Iterator[Band]:
    """The interval one year ahead, over the years for which there was one."""
    first = sorted((trial for trial in trials if trial.horizon == 1), key=lambda trial: trial.origin)
    place = SCORING_LEVELS.index(LEVEL)
    if len(first) > 1:
        xs, lower, upper = zip(
            *((trial.period, trial.lower[place], trial.upper[place]) for trial in first), strict=True
        )
        yield Band(f"{LEVEL} %, one year ahead", xs, lower, upper, LEVEL)


def _marks(result: Backtest, write: Amounts) -> Iterator[Mark]:
    for score in result.published:
        said = score.forecast
        yield Mark(said.period.year, said.value, fan.said(said, write), fan.SHAPES[said.qualifier])
