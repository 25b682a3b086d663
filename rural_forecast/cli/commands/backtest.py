"""`backtest`: forecasts of each model from rolling origins, scored against actual values."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from rural_forecast.cli import conditions as only
from rural_forecast.cli import loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import flag, without
from rural_forecast.cli.drawing import Titled

EXAMPLES = (
    "rural-forecast backtest mofcom",
    "rural-forecast backtest income_percap_rural --horizon 2 --format csv",
    "rural-forecast backtest mofcom --model theta --detail --format ndjson",
)


def backtest(
    source: str | None = opt.SOURCE,
    *,
    horizon: int = opt.horizon(default=3),
    model: list[str] | None = opt.MODEL,
    all_models: bool = opt.ALL_MODELS,
    detail: bool = flag(
        "--detail", "List every forecast instead of the scores.", needs=only.NO_PICTURE, section="Output"
    ),
    asked: Annotated[opt.Question, without("level", "money")],
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Score every model, and published forecasts, on the past of a series."""
    from rural_forecast.forecasting.backtest import backtest as score
    from rural_forecast.views.backtest import document

    run = running.start(showing, picture=True)
    terms, options = loading.market(source, replace(asked, model=model), reading, run)
    with run.spinner("Fitting every model at every origin", when=True):
        result = score(terms.series, horizon=horizon, opinions=all_models, **options)
    run.show(document(result, detail=detail), picture.of("backtest", result))
