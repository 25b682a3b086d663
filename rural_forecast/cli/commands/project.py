"""`project`: the forecast of one series up to a year."""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.drawing import CHART, Charted, Titled

EXAMPLES = (
    "rural-forecast project --year 2018",
    "rural-forecast project mofcom --until 2022 --year 2025 --format markdown",
    "rural-forecast project mofcom --year 2027 --format json --history",
    "rural-forecast project mofcom --chart --format table",
    "rural-forecast project turnover --year 2022 --target 1000",
)


def project(
    source: str | None = opt.SOURCE,
    *,
    ahead: opt.Ahead,
    target: list[float] | None = opt.TARGET,
    history: bool = opt.HISTORY,
    all_models: bool = opt.ALL_MODELS,
    explain: bool = opt.EXPLAIN,
    asked: opt.Question,
    markets: opt.Markets,
    pooling: opt.Pooling,
    chart: Charted = CHART,
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
    keeping: opt.Keeping,
) -> None:
    """Forecast a yearly series: the number, its range, the evidence for both."""
    from rural_forecast.forecasting.backtest import with_record
    from rural_forecast.forecasting.forecast import forecast, other_basis
    from rural_forecast.views.project import KNOWN, document, other_models

    run = running.start(showing, keeping, picture=True)
    terms, options = loading.market(source, asked, reading, run)
    options |= loading.others(markets, source, reading, run, asked.window.as_of)
    beside = run.for_people and not asked.model and not all_models
    with run.spinner("Fitting ARIMA and ETS", when=all_models):
        result = forecast(terms.series, **vars(ahead), kernels=all_models or explain, opinions=all_models, **options)
    result = arguments.pooled(with_record(result), pooling)
    asked_of = replace(result, others=result.others if all_models else ())
    run.keep(lambda: document(terms.shown(asked_of)), terms.series.label, result.origin)
    if run.for_people:
        result = other_basis(result, **options)
    shown = terms.shown(result)
    brief = run.format == "table" and not all_models and not explain
    page = document(shown, history=history, all_models=all_models, brief=brief, targets=target or ())
    if explain:
        from rural_forecast.views.evidence import explained

        page = explained(page, result)  # weights are those of the forecast in its own currency

    def others() -> str:
        known = forecast(
            terms.series, year=result.target, **options | {"models": ("consensus", *KNOWN), "kind": None, "like": ()}
        )
        return other_models(shown, terms.shown(known).main)

    if beside and not run.on_terminal:
        page = replace(page, last=others())
    run.show(page, picture.of("chart", shown, under=chart, targets=target or ()))
    if beside and run.on_terminal:  # the answer is there while these are fitted
        run.show_below(others())
