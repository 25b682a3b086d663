"""`score` as a picture: the range of every kept forecast and what came; of several series, how often ranges held."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.question import headline as place_of
from rural_forecast.record.outcomes import outcomes_of
from rural_forecast.record.score import REBASED, Scores
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import counted
from rural_forecast.views.pictures.course import CREDIT, name_of, of_series, source
from rural_forecast.views.score import CHANCE, allowed, heading, leading

MOST_ROWS = 16


def picture(result: Scores) -> Picture:
    """Of one series the forecasts, the latest first, and what came; of several, what each level held.

    Raises UsageError if there is neither.
    """
    head = heading(result)
    if len(result.series) > 1:
        if outcomes_of(result.rows) < ENOUGH:
            hint = "Score one series, or more records."
            raise UsageError("There is nothing to draw: few outcomes of several series.", hint)
        return _reliability(result)
    series = result.series[0]
    write = digits(series.unit, result.rows[-1].actual)
    rows = tuple(_rows(result, write))
    level = result.levels[place_of(result.levels)]
    about = f"{name_of(series)}. Lines: forecasts with their {level} % range; dots: what came"
    plot = Ranges(rows, ("forecast", "came"))
    return of_series(plot, write, head.text, series, subtitle=head.range.rstrip("."), about=about)


def _rows(result: Scores, write: Digits) -> Iterator[Row]:
    level = result.levels[place_of(result.levels)]
    rows = [row for row in result.rows if not row.author.endswith(REBASED)]
    rows.sort(key=lambda row: (-(row.origin or 0), row.author, row.period))
    before: tuple[str, int | None] | None = None
    for row in rows[:MOST_ROWS]:
        start = row.author, row.origin
        who = "Forecast" if row.author == "consensus" else row.author
        known = f"{who}, from {row.origin}" if row.origin else who
        yield Row(
            str(row.period),
            row.forecast,
            ((level, *row.bounds[level]),) if level in row.bounds else (),
            (write(row.forecast), write.seen(row.actual)),
            MAIN if row.author == "consensus" else 0,
            other=row.actual,
            group=known if start != before else "",
        )
        before = start


def _reliability(result: Scores) -> Picture:
    """Rows for the promise of each level, its coverage, and the range that chance allows by distinct outcomes."""
    coverage, head = leading(result).coverage, heading(result)
    outcomes = max(each.outcomes for each in coverage)
    rows = tuple(
        Row(
            f"{each.level} % range",
            100 * each.held,
            ((CHANCE, 100 * allowed(each)[0], 100 * allowed(each)[1]),),
            (f"{100 * each.held:.0f}",),
            MAIN,
            strong=True,
        )
        for each in coverage
    )
    return Picture(
        Ranges(rows, ("held, %",)),
        head.text,
        subtitle=head.range.rstrip("."),
        about=f"Shaded: what chance allows in {counted(outcomes, 'outcome')}",
        unit="%",
        amounts=Digits("%", 1.0, 1.0),
        source=source(*result.series, credit=CREDIT),
        alternative=f"Shares of outcomes inside ranges. {head.text}.",
    )
