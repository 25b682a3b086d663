"""Engines: the numbers of this machine, whatever carries them out, and the errors of processes."""

import errno
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextvars import Context
from pathlib import Path
from typing import Any, NoReturn, Self

import pandas as pd
import pytest

from rural_forecast.errors import OutputError, UsageError
from rural_forecast.forecasting.batch import run as engines
from rural_forecast.forecasting.batch.run import Part, engine_of, in_order
from rural_forecast.forecasting.panel import Panel
from tests.forecasting.batch.panels import frame, written
from tests.inside import Cli


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_numbers_of_this_machine(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines.LOCAL_DASK, "n_workers", 1)
    gap = pd.DataFrame({"series_id": "gap", "year": [2010, 2012], "value": [1.0, 2.0], "unit": "t"})
    source = written(pd.concat([frame(120), gap]), tmp_path / "panel.parquet")
    local, other = tmp_path / "local.parquet", tmp_path / "other.parquet"
    for path, engine in ((local, "local"), (other, "dask")):
        assert cli("batch", source, "--horizon", "3", "-o", str(path), "--engine", engine).code == 5
    refused = [(tmp_path / f"{path.name}.refused.csv").read_text() for path in (local, other)]
    assert refused[0] == refused[1]  # options in hints are written as for this command
    pd.testing.assert_frame_equal(pd.read_parquet(other), pd.read_parquet(local), check_exact=True)


def test_an_engine_may_have_an_address() -> None:
    assert engine_of("dask") == ("dask", "")
    assert engine_of("spark=local[2]") == ("spark", "local[2]")
    for wrong in ("ray", "local=x", ""):
        with pytest.raises(UsageError, match="is not an engine"):
            engine_of(wrong)


def test_other_machines_get_the_address_and_write_options_as_the_user_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    """Nothing but the work itself reaches them."""

    class Client:
        def __init__(self, address: str) -> None:
            assert address == "tcp://head:8786"

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def nthreads(self) -> dict[str, int]:
            return {"one": 1}

        def submit(self, work: Callable[[Panel], Part], panel: Panel, **_: object) -> Any:
            done = Context().run(pickle.loads(pickle.dumps(work)), panel)
            return type("Future", (), {"result": lambda _: done})()

    monkeypatch.setattr(engines, "need", lambda *_: type("distributed", (), {"Client": Client}))
    (tmp_path / "fallen.csv").write_text("year,value\n2020,9\n2021,5\n")
    done = cli("batch", tmp_path / "fallen.csv", "--measure", "cumulative", "--engine", "dask=tcp://head:8786")
    assert "--measure" in done.err


def test_an_address_without_a_scheduler_is_a_usage_error(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "one.csv").write_text("year,value\n2020,9\n2021,5\n")
    done = cli("batch", tmp_path / "one.csv", "--engine", "dask=nowhere", "--format", "json")
    assert done.code == 2
    assert "nowhere" in done.err


@pytest.mark.parametrize("error", [OSError("handle is closed"), BrokenPipeError(errno.EPIPE, "Broken pipe")])
def test_a_worker_that_is_killed_as_it_starts_is_an_error(error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all it is no closed pipe of ours, which would end the run with 0."""
    _submitting(error, monkeypatch)
    with pytest.raises(OutputError, match="A worker process was killed"):
        list(in_order(str, [1, 2], 2))


def test_a_lack_of_the_system_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    _submitting(OSError(errno.EMFILE, "Too many open files"), monkeypatch)
    with pytest.raises(OSError, match="Too many open files"):
        list(in_order(str, [1, 2], 2))


def _submitting(error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
