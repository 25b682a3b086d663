"""Thirteen tasks of a notebook, each run as it is written, with its statements counted.

    python benchmarks/tasks.py

It prints a table and writes `tasks.md`. Imports and the data at hand are not counted; a task ends
with what was asked for under the name `answer`, which a check looks at. A task whose code raises or
warns, or whose answer fails its check, is not done.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

import rural_forecast as rf

PAGE = Path(__file__).with_suffix(".md")
YEARS = range(2010, 2022)


@dataclass(frozen=True)
class Task:
    """A task: its name, its code, and the check of its answer."""

    name: str
    code: str
    is_done: Callable[[Any], bool]


class Last:
    """A model of one's own: the last value goes on."""

    name = "last"

    def fit(self, values: Any) -> Last:
        """Learn the last value."""
        self.last = values[-1]
        return self

    def paths(self, horizon: int, draws: int) -> Any:
        """Draw paths that stay there."""
        return np.full((draws, horizon), self.last)


def _is_joined(answer: Any) -> bool:
    return len(answer) == 12 and not answer.isna().any().any()


TASKS = (
    Task(
        "Forecast values by year",
        "answer = rf.forecast({2014: 180, 2015: 353, 2016: 482}, horizon=2)",
        lambda answer: answer.years == (2017, 2018),
    ),
    Task(
        "Forecast a list of values",
        "answer = rf.forecast([12.0, 15, 17, 18], start=2014)",
        lambda answer: answer.origin == 2017,
    ),
    Task(
        "Forecast a pandas frame with timestamps, which stay timestamps",
        "answer = rf.forecast_frame(stamped, horizon=2)",
        lambda answer: answer["ds"].dtype.kind == "M" and len(answer) == 4,
    ),
    Task(
        "Forecast a polars frame, and get one",
        "answer = rf.forecast_frame(pl.from_pandas(stamped), horizon=2)",
        lambda answer: isinstance(answer, pl.DataFrame) and len(answer) == 4,
    ),
    Task(
        "Join forecasts of two models with what came, over three windows",
        'answer = rf.cross_validation(stamped, h=2, windows=3, models=["consensus", "linear"])',
        _is_joined,
    ),
    Task(
        "Put forecasts below the history, in one frame",
        "answer = rf.forecast_frame(stamped, horizon=2, history=True)",
        lambda answer: len(answer) == 2 * len(YEARS) + 4,
    ),
    Task(
        "Draw a forecast with bands of 50 and 90 %, into a file",
        'answer = rf.forecast(market, levels=[50, 90]).plot().save("forecast.svg")',
        lambda _: Path("forecast.svg").stat().st_size > 1000,
    ),
    Task(
        "Forecast a frame with a model of one's own",
        "answer = rf.forecast_frame(stamped, horizon=2, models=[Last()])",
        lambda answer: "last" in {*answer.columns, *map(str, answer.to_numpy().ravel())},
    ),
    Task(
        "Get an 80 % range of the total of several series, from joint paths",
        "paths = rf.forecast_frame(stamped, horizon=2, paths=1000)\n"
        'answer = paths.groupby(["ds", "path"])["y"].sum().groupby("ds").quantile([0.1, 0.9])',
        lambda answer: len(answer) == 4 and answer.iloc[0] < answer.iloc[1],
    ),
    Task(
        "Write a forecast to JSON and read it back, equal",
        "answer = rf.from_json(rf.forecast(market).to_json())",
        lambda answer: answer == rf.forecast(market()),
    ),
    Task(
        "Forecast data from their address",
        "answer = rf.forecast(address)",
        lambda answer: answer.origin == YEARS[-1],
    ),
    Task(
        "Score last year's forecast against what came",
        "answer = rf.forecast(market, until=2019).score()",
        lambda answer: len(answer.to_frame()) == 2,
    ),
    Task(
        "Get the chance that a target is reached in 2025",
        "answer = rf.forecast(market, year=2025).chance(120)",
        lambda answer: 0 < answer.chances[-1] < 1,
    ),
)


def market() -> dict[int, float]:
    """Values of a market by year."""
    return {year: 50 + 5.0 * index + (index % 3) for index, year in enumerate(YEARS)}


def stamped() -> pd.DataFrame:
    """Give two series with timestamps, by the names of statsforecast."""
    frames = []
    for name, factor in (("a", 1.0), ("b", 3.0)):
        days = pd.to_datetime([f"{year}-01-01" for year in YEARS])
        values = [factor * value for value in market().values()]
        frames.append(pd.DataFrame({"unique_id": name, "ds": days, "y": values}))
    return pd.concat(frames, ignore_index=True)


@contextmanager
def _published(folder: Path) -> Iterator[str]:
    """Serve a file of the market on this machine; give its address."""
    lines = [f"{year},{value}\n" for year, value in market().items()]
    (folder / "market.csv").write_text("".join(["year,value\n", *lines]), encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/market.csv"
    finally:
        server.shutdown()
        server.server_close()


def outcome(task: Task, address: str) -> str:
    """Carry out a task; say why it is not done, or nothing."""
    names = {"rf": rf, "pd": pd, "pl": pl, "Last": Last, "address": address}
    names |= {"market": market(), "stamped": stamped()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(task.code, names)  # the code of this page
        return "" if task.is_done(names["answer"]) else "the answer is another one"
    except Exception as error:  # noqa: BLE001 - a task may fail in any way that Python can
        return f"{type(error).__name__}: {error}"


def page() -> tuple[str, list[str]]:
    """Write the page, and name the tasks that are not done."""
    statements = 0
    failures = []
    rows = []
    with TemporaryDirectory() as folder, chdir(folder), _published(Path(folder)) as address:
        for task in TASKS:
            count = len(ast.parse(task.code).body)
            statements += count
            failure = outcome(task, address)
            failures += [f"{task.name}: {failure}"] if failure else []
            rows.append(f"| {task.name} | {count} | {'no' if failure else 'yes'} |\n")
    lines = [
        "# Tasks of a notebook\n\n",
        f"{len(TASKS)} tasks in {statements} statements, by `tasks.py`, which runs each as it is\n",
        "written below; imports and the data at hand are not counted.\n\n",
        "| task | statements | done |\n| --- | --- | --- |\n",
        *rows,
    ]
    lines += [f"\n{task.name}:\n\n```python\n{task.code}\n```\n" for task in TASKS]
    return "".join(lines), failures


def main() -> int:
    """Print and write the page; 1 where a task is not done."""
    written, failures = page()
    print(written.partition("\n```")[0])
    print(*failures, sep="\n")
    PAGE.write_text(written, encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
