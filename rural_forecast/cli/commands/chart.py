"""`chart`: the forecast of one series, or of several side by side, as a picture."""

from __future__ import annotations

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import flag
from rural_forecast.cli.drawing import Drawing
from rural_forecast.errors import UsageError
from rural_forecast.render.formats import PICTURES

EXAMPLES = (
    "rural-forecast chart turnover --year 2018",
    "rural-forecast chart turnover mofcom --year 2027 --log",
    "rural-forecast chart turnover --year 2018 --columns",
    "rural-forecast chart mofcom --year 2030 --title 农村网络零售额 -o market.svg",
)
FORMATS = ("table", *PICTURES)
"""`table` is a picture in characters."""


def chart(
    source: list[str] | None = opt.SOURCES,
    *,
    ahead: opt.Ahead,
    columns: bool = flag(
        "--columns", "Draw one series as columns with their values and growth a year.", section="Output"
    ),
    target: list[float] | None = opt.TARGET,
    asked: opt.Question,
    markets: opt.Markets,
    drawing: Drawing,
    pooling: opt.Pooling,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Draw history, forecast, ranges and published figures."""
    from rural_forecast.forecasting.backtest import with_record
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.views import chart as view
    from rural_forecast.views.about import remarks

    drawing.look()  # refused before anything is read
    run = running.start(showing, only=FORMATS)
    options = arguments.of_series(asked, reading)
    options |= loading.others(markets, source[0] if source else None, reading, run, asked.window.as_of)
    chosen = loading.several(source, reading, run, asked.window.as_of)
    if columns and len(chosen) > 1:
        raise UsageError(f"--columns is for one series, and there are {len(chosen)}.", "Name one, or leave it out.")
    if pooling.pool and (columns or len(chosen) > 1):
        raise UsageError("--pool is drawn as a line of one series alone.", "Name one, without --columns.")
    if target and len(chosen) > 1:
        raise UsageError(f"--target is for one series, and there are {len(chosen)}.", "Name one, or leave it out.")
    terms = [arguments.terms(asked.money, asked.prices, series, options) for series in chosen]
    results = [forecast(term.series, **vars(ahead), **options) for term in terms]
    last = max(result.target for result in results)  # one right edge for all
    results = [
        result if result.target == last else forecast(result.history.series, year=last, **options) for result in results
    ]
    results = [arguments.pooled(with_record(result), pooling) for result in results]
    shown = [term.shown(result) for term, result in zip(terms, results, strict=True)]
    notes = [
        note
        for result in shown
        for note in loading.of_one(result.history.series.label if len(shown) > 1 else "", remarks(result.notes))
    ]
    run.warn(notes, shown=False)
    made = view.columns(shown[0]) if columns else view.several(shown, targets=target or ())
    run.draw(drawing.dressed(made))
