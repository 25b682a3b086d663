"""`batch`: a file of many series to a file of many forecasts."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rural_forecast.cli import options as opt

EXAMPLES = (
    "rural-forecast batch regions.csv --year 2030 -o forecasts.csv",
    "rural-forecast batch panel.parquet --horizon 5 -o forecasts.parquet",
    "cat regions.csv | rural-forecast batch - --horizon 3 --format ndjson",
)


Mode = Literal["never", "auto", "always"]
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="CSV, TSV, NDJSON or Parquet in long form, a folder of Parquet files, or '-'; JSON, Excel and wide sheets "
        "are also read, in memory.",
    ),
]
Year = Annotated[int | None, opt.value("YEAR", "Last year to forecast, for all series.")]
Horizon = Annotated[int | None, opt.value("YEARS", "Years ahead of each series' last one.", left_out="2")]
AllModels = Annotated[
    bool, opt.flag("--all-models", "Add the rows of every model but ARIMA and ETS, which --model NAME gives.")
]
History = Annotated[bool, opt.flag("--history", "Add the actual and published rows of each series.")]
Strict = Annotated[bool, opt.flag("--strict", "Refuse the whole file if one series is refused (exit code 3).")]
Calibrate = Annotated[
    Mode,
    opt.flag(
        "--calibrate",
        "Adjust intervals to the last points of 50 or more series: never, auto (widen where too few points were "
        "inside) or always.",
    ),
]
RawText = Annotated[
    bool, opt.flag("--raw-text", "csv, tsv: no ' before texts that a spreadsheet takes for formulas, such as -x.")
]


def batch(
    file: File,
    *,
    year: Year = None,
    horizon: Horizon = None,
    model: opt.Models = None,
    all_models: AllModels = False,
    level: opt.Levels = None,
    history: History = False,
    interrupt: opt.Interrupt = None,
    calibrate: Calibrate = "never",
    strict: Strict = False,
    raw_text: RawText = False,
    engines: opt.Engines,
    limits: opt.Limits,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Forecast every series of a file. Refused series are listed in a file next to the output."""
    from rural_forecast.cli import arguments, batch_run, running
    from rural_forecast.forecasting.batch.request import request
    from rural_forecast.forecasting.checks import DEFAULT_LEVELS

    run = running.start(showing)
    asked = request(
        horizon=horizon,
        year=year,
        levels=level or DEFAULT_LEVELS,
        models=model or (),
        all_models=all_models,
        history=history,
        **arguments.bounds(limits),
        **arguments.interruption(interrupt),
        allow_gaps=reading.allow_gaps,
    )
    how = batch_run.How(engines, strict, calibrate, guarded=not raw_text)
    file = running.path_of(file)
    batch_run.carry_out(file, arguments.read_options(reading, file), asked, run, how)
