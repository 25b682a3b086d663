"""Several processes: what is said where one of them is killed, and where the system has no room for them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextvars import Context
from pathlib import Path
from typing import NoReturn

import pytest

from rural_forecast.errors import OutputError
from rural_forecast.forecasting.batch import dask
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.run import Result
from rural_forecast.forecasting.batch.workers import in_order
from tests.inside import Cli


@pytest.mark.parametrize("error", [OSError("handle is closed"), BrokenPipeError(errno.EPIPE, "Broken pipe")])
def test_a_worker_that_is_killed_as_it_starts_is_told(error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all it is no closed pipe of ours, which would end the run with 0."""

    def submit(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    with pytest.raises(OutputError, match="A worker process was killed"):
        list(in_order(str, [1, 2], 2))


def test_what_the_system_is_short_of_is_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(*_: object) -> NoReturn:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    with pytest.raises(OSError, match="Too many open files"):
        list(in_order(str, [1, 2], 2))


def test_other_machines_spell_options_as_the_user_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    """Nothing but the work itself reaches them."""

    def spread(work: Callable[[Panel], Result], panels: Iterator[Panel], **_: object) -> Iterator[Result]:
        return (Context().run(work, panel) for panel in panels)

    monkeypatch.setattr(dask, "spread", spread)
    (tmp_path / "fallen.csv").write_text("year,value\n2020,9\n2021,5\n")
    done = cli("batch", tmp_path / "fallen.csv", "--cumulative", "--engine", "dask")
    assert "Leave --cumulative out" in done.err
