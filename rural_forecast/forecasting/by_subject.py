"""The effect of a subject: the consensus without it, and a note where the two differ much."""

from collections.abc import Iterator

from rural_forecast.errors import option
from rural_forecast.forecasting.answers import of_history
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.limits import Limits
from rural_forecast.forecasting.panel import Request
from rural_forecast.forecasting.result import ModelForecast, Subject
from rural_forecast.forecasting.start import Start
from rural_forecast.notes import Note
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import NO_KIND
from rural_forecast.question.question import Question
from rural_forecast.text.numbers import range_amounts

# Share by which the median, or a bound of the 80 % interval, moves so that a note says it.
WORTH_A_NOTE = 0.1
_MIDDLE = SPREAD_LEVELS.index(80)


def moving(
    history: History, question: Question, limits: Limits, horizon: int, start: Start | None = None
) -> Subject | None:
    """Ask the consensus without the subject too; None without a subject."""
    if not limits.kind:
        return None
    request = Request(horizon, levels=SPREAD_LEVELS, limits=limits._replace(kind=None))
    without = of_history(history, request, start=start).path(0)
    is_read = not (question.kind or history.series.market_kind)
    return Subject(limits.kind, is_read, without)


def notes_on(subject: Subject | None, wide: ModelForecast, year: int, unit: str) -> Iterator[Note]:
    """Say by how much a subject that was read moves the forecast of the last year."""
    if subject is None or not subject.is_read:
        return
    ours = _summary(wide)
    without = _summary(subject.without)
    moved = [abs(after - before) for after, before in zip(ours, without, strict=True)]
    least = [min(pair) for pair in zip(ours, without, strict=True)]
    if all(step <= WORTH_A_NOTE * size for step, size in zip(moved, least, strict=True)):
        return
    low, median, high = without
    write = range_amounts(unit, median, low, high)
    ends = " to ".join(write.bounds(low, high))
    yield Note(
        "subject_read",
        f"Forecast as {subject.words}, judged by its title. Without that, {year} is "
        f"{write.full(median)} (80 %: {ends}).",
        advice=f"Use {option('kind', NO_KIND)} if it is something else.",
    )


def _summary(path: ModelForecast) -> tuple[float, float, float]:
    """Return the median of the last year between the bounds of its 80 % interval."""
    return float(path.lower[_MIDDLE, -1]), path.last, float(path.upper[_MIDDLE, -1])
