"""`compare` as a picture: one row a model that answers, the answer first."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.text.style import Digits
from rural_forecast.views.answer import heading, short_name
from rural_forecast.views.pictures.course import of_series, write_of


def picture(result: Comparison) -> Picture:
    """One row a model, its range and weight, all read against the answer."""
    forecast = result.forecast
    answering = [line for line in result.lines if line.given.answers]
    answering.sort(key=lambda line: (line.status != "consensus", line.status == "opinion", -line.given.last))
    write = write_of(forecast)
    ends = [line.given.last for line in answering]
    rows = tuple(_row(line, forecast.levels, write) for line in answering)
    level = forecast.levels[forecast.headline]
    weighed = any(line.given.weight is not None for line in answering)
    heads = (str(forecast.target), f"{level} % range", *(("weight",) if weighed else ()))
    subtitle = f"Single methods give {write(min(ends))} to {write.full(max(ends))}" if len(ends) > 1 else ""
    missing = [short_name(line.given.model) for line in result.lines if not line.given.answers]
    said = f"Not shown, as they cannot be used: {', '.join(missing)}" if missing else ""
    title = heading(forecast, (), write).text
    return of_series(
        Ranges(rows, heads, forecast.best.last), write, title, forecast.history.series, subtitle=subtitle, about=said
    )


def _row(line: Line, levels: tuple[int, ...], write: Digits) -> Row:
    model, answer = line.given, line.status == "consensus"
    low, high = model.ends(0)
    weight = "" if answer or model.weight is None else f"{100 * model.weight:.0f} %"
    return Row(
        name="Forecast" if answer else short_name(model.model),
        value=model.last,
        bounds=tuple((level, *model.ends(place)) for place, level in enumerate(levels)),
        texts=(write(model.last), f"{write(low)} to {write(high)}", weight),
        tone=MAIN if answer else PLAIN,
        strong=answer,
    )
