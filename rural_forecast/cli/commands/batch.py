"""`batch`: a file of many series to a file of many forecasts."""

from __future__ import annotations

from typing import Annotated, Literal

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import conditions as only
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument, flag, without

EXAMPLES = (
    "rural-forecast batch regions.csv --year 2030 -o forecasts.csv",
    "rural-forecast batch panel.parquet --horizon 5 -o forecasts.parquet",
    "cat regions.csv | rural-forecast batch - --horizon 3 --format ndjson",
)


Mode = Literal["never", "auto", "always"]


def batch(
    file: str = argument(
        "FILE",
        "A file of many series, a folder of Parquet files, or - for standard input.",
        default=...,
    ),
    *,
    year: int | None = opt.year("--horizon"),
    horizon: int | None = opt.horizon("2"),
    all_models: bool = opt.ALL_MODELS,
    history: bool = opt.HISTORY,
    calibrate: Mode = flag(
        "--calibrate",
        "Adjust intervals to the last points of 50 or more series: never, auto (widen where too few points were "
        "inside) or always.",
        default="never",
        section="Evidence",
    ),
    strict: bool = flag("--strict", "Refuse the whole file if one series is refused (exit code 3).", section="Output"),
    raw_text: bool = flag(
        "--raw-text", "No ' before texts that look like formulas, such as -x.", needs=only.SEPARATED, section="Output"
    ),
    asked: Annotated[opt.Question, without("window", "money", "prices")],
    engines: opt.Engines,
    reading: Annotated[opt.Reading, without("series", "where")],
    showing: opt.Showing,
    keeping: opt.Keeping,
) -> None:
    """Forecast every series of a file; list the refused ones next to the output."""
    from rural_forecast.cli import batch_run
    from rural_forecast.forecasting.batch.request import request
    from rural_forecast.forecasting.question import DEFAULT_LEVELS

    run = running.start(showing, keeping)
    question = request(
        horizon=horizon,
        year=year,
        levels=asked.level or DEFAULT_LEVELS,
        models=asked.model or (),
        all_models=all_models,
        history=history,
        **arguments.stated(**arguments.limits(asked, reading)),
    )
    file = loading.path_of(file)
    options = arguments.read_options(reading, file)
    batch_run.carry_out(file, options, question, run, engines, strict=strict, calibrate=calibrate, guarded=not raw_text)
