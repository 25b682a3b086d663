"""Dask around the pure function: rows are brought together by series, and each partition is a frame for it."""

from __future__ import annotations

from collections.abc import Iterator
from logging import ERROR, getLogger
from typing import Any

from rural_forecast.forecasting.batch.children import starting
from rural_forecast.forecasting.batch.engines import ID, PLAIN, Table
from rural_forecast.forecasting.batch.frame import answered
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.series.reading import ReadOptions
from rural_forecast.system.extras import need

LOCAL_WORKERS = 2


def forecast_partitions(frame: Any, asked: Request, options: ReadOptions = PLAIN) -> Any:
    """Forecast a Dask frame of observations with the columns `series_id`, `period`, `value`; lazy."""
    pandas = need("pandas", "dask", "The engine dask")
    types = {name: frame.dtypes[name] for name in frame.columns}
    sample = pandas.DataFrame({name: pandas.Series(dtype=kind) for name, kind in types.items()})
    meta = part(sample, asked, options)
    return frame.shuffle(on=ID).map_partitions(part, asked, options, meta=meta)


def part(frame: Any, asked: Request, options: ReadOptions) -> Any:
    """One partition."""
    return answered(frame, asked, options, "rows", doubtful=True)


def read(table: Table) -> Any:
    """The needed columns as a Dask frame; text stays text until the pure function reads it with care."""
    frames = need("dask.dataframe", "dask", "The engine dask")
    if table.kind == "parquet":
        found = frames.read_parquet(table.path, columns=list(table.names))
    else:
        names = list(table.names)
        found = frames.read_csv(
            table.path, sep=table.delimiter, usecols=names, dtype=dict.fromkeys(names, "str"), keep_default_na=False
        )
    return found.rename(columns=table.names)


def forecasts(table: Table, asked: Request, scheduler: str | None) -> Iterator[Any]:
    """Pandas frames of forecasts, partition by partition, on a cluster or on a local one of two workers."""
    distributed = need("distributed", "dask", "The engine dask")
    getLogger("distributed.shuffle").setLevel(ERROR)  # it logs every shuffle
    local = {"n_workers": LOCAL_WORKERS, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with starting():
        started = distributed.Client(scheduler, **({} if scheduler else local))
    with started as client:
        waiting = client.compute(forecast_partitions(read(table), asked, table.options).to_delayed())
        while waiting:
            yield waiting.pop(0).result()
