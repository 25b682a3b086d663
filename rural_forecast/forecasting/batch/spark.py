"""Spark carries the work of a batch out, or forecasts a frame of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

from rural_forecast.forecasting.batch.api import answered
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import names
from rural_forecast.series.reading import ReadOptions
from rural_forecast.system.extras import need

Out = TypeVar("Out")
ID = "series_id"
PLAIN = ReadOptions()


def spread(work: Callable[[Panel], Out], panels: Iterator[Panel], *, master: str | None) -> Iterator[Out]:
    """Results in the order of the panels, from a cluster or from all cores of this machine."""
    sql = need("pyspark.sql", "spark", "The engine spark")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master(master or "local[*]").appName("rural-forecast")
    builder = builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
    session = builder.getOrCreate()
    context = session.sparkContext
    try:
        while group := list(islice(panels, 2 * context.defaultParallelism)):
            yield from context.parallelize(group, len(group)).map(work).collect()
    finally:
        session.stop()


class PerBatch:
    """The work of a Spark task: batches may end within a series, so the last series waits for the next batch."""

    def __init__(self, asked: Request, options: ReadOptions) -> None:
        self.asked = asked
        self.options = options

    def __call__(self, frames: Iterator[Any]) -> Iterator[Any]:
        """Forecasts of the series of a partition."""
        import pandas as pd

        held: Any = None
        for frame in frames:
            joined = frame if held is None else pd.concat([held, frame], ignore_index=True)
            last = joined[ID] == joined[ID].iloc[-1]
            held = joined[last]
            if not last.all():
                yield answered(joined[~last], self.asked, self.options, "rows")
        if held is not None:
            yield answered(held, self.asked, self.options, "rows")


def schema(levels: tuple[int, ...]) -> str:
    """The columns of the result in Spark's words."""
    texts, whole = {"series_id", "kind", "model", "unit"}, {"period"}
    kinds = {name: "string" if name in texts else "bigint" if name in whole else "double" for name in names(levels)}
    return ", ".join(f"{name} {kind}" for name, kind in kinds.items())


def forecast_partitions(frame: Any, asked: Request, options: ReadOptions = PLAIN) -> Any:
    """Forecast a Spark frame of observations with the columns `series_id`, `period`, `value`; lazy."""
    together = frame.repartition(ID).sortWithinPartitions(ID, "period")
    return together.mapInPandas(PerBatch(asked, options), schema(asked.levels))
