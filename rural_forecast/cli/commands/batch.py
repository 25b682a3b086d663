"""The command `batch`."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Fetching, Keeping, Reading, Showing, running_total
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    evidence,
    reading,
    running,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.question import DEFAULT_LEVELS, Window


def batch(
    ctx: typer.Context,
    file: arguments.File,
    calibrate: running.Calibrate = "never",
    strict: running.Strict = False,
    raw_text: running.RawText = False,
    year: asking.YearOfBatch = None,
    horizon: asking.HorizonOfBatch = None,
    history: writing.History = False,
    all_models: writing.AllModels = False,
    model: asking.Model = None,
    level: asking.Level = None,
    ceiling: evidence.Ceiling = None,
    floor: evidence.Floor = None,
    kind: evidence.Kind = None,
    engine: running.Engine = "local",
    workers: running.Workers = None,
    breaks: asking.Breaks = None,
    encoding: reading.Encoding = None,
    period_column: reading.PeriodColumn = None,
    value_column: choosing.ValueColumn = None,
    id_column: reading.IdColumn = None,
    where: choosing.Where = None,
    sheet: choosing.Sheet = None,
    decimal: reading.Decimal = None,
    measure: reading.Measure = None,
    actuals_until: choosing.ActualsUntil = None,
    allow_gaps: reading.AllowGaps = False,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: writing.Format = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
    as_python: writing.AsPython = False,
    keep: writing.Keep = None,
    date: writing.Date = None,
) -> None:
    """Forecast every series of a file; list the refused ones next to the output.

    $ rural-forecast batch regions.csv --year 2030 -o forecasts.csv
    $ rural-forecast batch panel.parquet --horizon 5 -o forecasts.parquet
    $ cat regions.csv | rural-forecast batch - --horizon 3 --format ndjson
    """
    from rural_forecast.cli import batch_run
    from rural_forecast.forecasting.panel import request

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
            as_python=as_python,
        ),
        fetching=Fetching(
            refresh=refresh,
            offline=offline,
        ),
        keeping=Keeping(
            keep=keep,
            date=date,
        ),
    )
    question = BatchQuestion(
        all_models=all_models,
        history=history,
        year=year,
        horizon=horizon,
        models=model or (),
        levels=level or DEFAULT_LEVELS,
        ceiling=ceiling,
        floor=floor,
        kind=kind,
        measure=running_total(measure),
    )
    load = Loader(
        run,
        Window(),
        reading=Reading(
            encoding=encoding,
            period_column=period_column,
            value_column=value_column,
            id_column=id_column,
            where=where,
            sheet=sheet,
            decimal=decimal,
            measure=measure,
            actuals_until=actuals_until,
            allow_gaps=allow_gaps,
            breaks=breaks,
        ),
    )
    if as_python:
        from rural_forecast.cli import script

        stated = script.asked_of(question) | {"calibrate": calibrate, "engine": engine}
        run.write(script.of_file("batch", load, file, stated, {}, "result.forecasts"))
        return
    batch_run.carry_out(
        file.whole_file,
        load.options_for(file),
        request(question),
        run,
        engine=engine,
        workers=workers,
        strict=strict,
        calibrate=calibrate,
        guarded=not raw_text,
    )
