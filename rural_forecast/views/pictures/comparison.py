"""`compare` as a picture: every model's number for the target year with its intervals, against the consensus."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.text.numbers import Amounts
from rural_forecast.views.answer import amounts_of, name_of, short_name
from rural_forecast.views.pictures.course import of_series


def picture(result: Comparison) -> Picture:
    """One row a model that answers, the consensus first."""
    forecast = result.forecast
    series = forecast.history.series
    answering = [line for line in result.lines if line.given.answers]
    answering.sort(key=lambda line: (line.status != "consensus", line.status == "opinion", -line.given.last))
    best, write = forecast.best.last, amounts_of(forecast)
    least, most = (pick(line.given.last for line in answering) for pick in (min, max))
    rows = tuple(_row(line, forecast.levels, write) for line in answering)
    weights = "weight in the consensus" if any(row.weight is not None for row in rows) else ""
    plot = Ranges(rows, best, f"consensus, {write(best)}", weights)
    claim = f"Models put {forecast.target} at {write(least)} to {write.full(most)}; the consensus says {write(best)}"
    missing = [short_name(line.given.model) for line in result.lines if not line.given.answers]
    opinions = any(line.status == "opinion" for line in answering)
    parts = ["ARIMA and ETS are opinions and have no part in the consensus." if opinions else ""]
    parts += [f"Not shown, as they cannot be used on this series: {', '.join(missing)}." if missing else ""]
    about = " ".join(filter(None, parts))
    return of_series(plot, write, claim, series, kind="Ranges", year=forecast.target, subtitle=about)


def _row(line: Line, levels: tuple[int, ...], write: Amounts) -> Row:
    model = line.given
    consensus = line.status == "consensus"
    return Row(
        name=name_of(model.model),
        value=model.last,
        bounds=tuple((level, *model.ends(place)) for place, level in enumerate(levels)),
        text=write(model.last),
        tone=MAIN if consensus else PLAIN,
        strong=consensus,
        weight=None if consensus else model.weight,
    )
