"""`compare` as a picture: every model's number for the target year with its intervals, against the consensus."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.text.numbers import Amounts
from rural_forecast.views.answer import amounts_of, name_of
from rural_forecast.views.pictures import fan


def picture(result: Comparison, *, title: str = "", logarithmic: bool = False) -> Picture:
    """One row a model that answers, the consensus first."""
    told = result.forecast
    series = told.history.series
    answering = [line for line in result.lines if line.given.answers]
    answering.sort(
        key=lambda line: (line.status != "consensus", line.status == "opinion", -float(line.given.values[-1]))
    )
    best, write = float(told.best.values[-1]), amounts_of(told)
    least, most = (pick(float(line.given.values[-1]) for line in answering) for pick in (min, max))
    claim = f"Every model for {told.target}: {write(least)} to {write.full(most)}"
    aside = [line.given.model for line in result.lines if not line.given.answers]
    return Picture(
        plot=Ranges(
            rows=tuple(_row(line, told.levels, write) for line in answering),
            reference=best,
            reference_text=f"consensus, {write(best)}",
        ),
        title=title or series.title or series.id,
        claim=claim,
        subtitle=" ".join(_beside(answering, aside)),
        unit=f"{write.unit}, {told.target}".lstrip(", "),
        amounts=write,
        source=fan.source(series),
        alternative=f"{claim}; consensus {write(best)}. The numbers are in the table.",
        logarithmic=logarithmic,
    )


def _beside(answering: list[Line], aside: list[str]) -> Iterator[str]:
    if any(line.status == "opinion" for line in answering):
        yield "ARIMA and ETS are opinions and have no part in the consensus."
    if aside:
        yield f"Not shown, as they step aside: {', '.join(aside)}."


def _row(line: Line, levels: tuple[int, ...], write: Amounts) -> Row:
    given = line.given
    consensus = line.status == "consensus"
    return Row(
        name=name_of(given.model),
        value=float(given.values[-1]),
        bounds=tuple(
            (level, float(given.lower[place, -1]), float(given.upper[place, -1])) for place, level in enumerate(levels)
        ),
        text=write(float(given.values[-1])),
        tone=MAIN if consensus else PLAIN,
        strong=consensus,
    )
