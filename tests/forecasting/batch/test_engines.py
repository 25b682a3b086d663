"""Engines: the numbers of this machine, whatever carries them out, and the errors of processes."""

import errno
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextvars import Context
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from unittest.mock import Mock

import pandas as pd
import pytest

from rural_forecast.errors import InputError, OutputError, UsageError
from rural_forecast.forecasting.batch import run as engines
from rural_forecast.forecasting.batch.inputs import comes_sorted, opened
from rural_forecast.forecasting.batch.run import Chunk, engine_of, in_order
from rural_forecast.forecasting.panel import Panel
from rural_forecast.observed.reading import ReadOptions, blocks
from rural_forecast.observed.reading import source as sources
from tests.forecasting.batch.panels import frame, written
from tests.inside import Cli


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_numbers_of_this_machine(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engines.LOCAL_DASK, "n_workers", 1)
    gap = pd.DataFrame({"series_id": "gap", "year": [2010, 2012], "value": [1.0, 2.0], "unit": "t"})
    source = written(pd.concat([frame(120), gap]), tmp_path / "panel.parquet")
    local = tmp_path / "local.parquet"
    other = tmp_path / "other.parquet"
    for path, engine in ((local, "local"), (other, "dask")):
        assert cli("batch", source, "--horizon", "3", "-o", str(path), "--engine", engine).code == 5
    refused = [(tmp_path / f"{path.name}.refused.csv").read_text() for path in (local, other)]
    assert refused[0] == refused[1]  # options in hints are written as for this command
    pd.testing.assert_frame_equal(pd.read_parquet(other), pd.read_parquet(local), check_exact=True)


def test_an_engine_may_have_an_address_of_a_scheduler(tmp_path: Path, cli: Cli) -> None:
    assert [engine_of(word) for word in ("dask", "spark=local[2]")] == [
        ("dask", ""),
        ("spark", "local[2]"),
    ]
    for wrong in ("ray", "local=x", ""):
        with pytest.raises(UsageError, match="is not an engine"):
            engine_of(wrong)
    (tmp_path / "one.csv").write_text("year,value\n2020,9\n2021,5\n")
    done = cli("batch", tmp_path / "one.csv", "--engine", "dask=nowhere", "--format", "json")
    assert (done.code, "nowhere" in done.err) == (2, True)


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

        def submit(self, work: Callable[[Panel], Chunk], panel: Panel, **_: object) -> Any:
            done = Context().run(pickle.loads(pickle.dumps(work)), panel)
            return type("Future", (), {"result": lambda _: done})()

    monkeypatch.setattr(engines, "need", lambda *_: type("distributed", (), {"Client": Client}))
    (tmp_path / "fallen.csv").write_text("year,value\n2020,9\n2021,5\n")
    done = cli(
        "batch",
        tmp_path / "fallen.csv",
        "--measure",
        "cumulative",
        "--engine",
        "dask=tcp://head:8786",
    )
    assert "--measure" in done.err


def test_a_worker_that_is_killed_as_it_starts_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all it is no closed pipe of ours, which would end the run with 0; a lack of the system
    stays what it is.
    """
    killed = OutputError, "A worker process was killed"
    for error, (kind, words) in (
        (OSError("handle is closed"), killed),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), killed),
        (OSError(errno.EMFILE, "Too many open files"), (OSError, "Too many open files")),
    ):
        monkeypatch.setattr(ProcessPoolExecutor, "submit", Mock(side_effect=error))
        with pytest.raises(kind, match=words):
            list(in_order(str, [1, 2], 2))


HEADER = "series_id,year,value\n"
BLOCK_BYTES = 1 << 16
"""Smaller blocks than usual."""


def rows(first: int, count: int) -> str:
    lines = []
    for number in range(first, first + count):
        lines += [f"s{number},{2014 + step},{number % 97 + step}.5\n" for step in range(10)]
    return "".join(lines)


PipeOf = Callable[[Iterator[bytes]], sources.Pipe]


@pytest.fixture
def pipe_of(monkeypatch: pytest.MonkeyPatch) -> PipeOf:
    def pipe(pieces: Iterator[bytes]) -> sources.Pipe:
        monkeypatch.setattr(
            sources,
            "_standard_input",
            lambda: SimpleNamespace(read=lambda _size: next(pieces, b"")),
        )
        monkeypatch.setattr(blocks, "BLOCK_BYTES", BLOCK_BYTES)
        return sources.Pipe("-")

    return pipe


def test_the_first_series_are_there_before_the_last_is_written(pipe_of: PipeOf) -> None:
    taken = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield HEADER.encode()
        for first in range(0, 2_000, 250):
            yield rows(first, 250).encode()
        taken.set()

    pipe = pipe_of(pieces())
    assert comes_sorted(pipe.peek(BLOCK_BYTES), "-", ReadOptions())
    parts = opened("-", ReadOptions(), pipe).parts
    first = next(parts)
    assert first.panel.ids[0] == "s0"
    assert not taken.is_set()
    assert len(first.panel.ids) + sum(len(part.panel.ids) for part in parts) == 2_000
    assert len(pipe.digest.hexdigest()) == 64


def test_what_blocks_cannot_hold_is_refused(pipe_of: PipeOf) -> None:
    """A series that comes back later, with a command that sorts, and several columns of values."""
    text = HEADER + rows(0, 2_000) + "s3,2024,1\n"
    pipe = pipe_of(iter([text.encode()]))
    with pytest.raises(InputError, match="s3") as refused:
        list(opened("-", ReadOptions(), pipe).parts)
    assert "sort -t," in refused.value.hint
    lines = ["series_id,year,phones,milk\n"]
    for number in range(2_000):
        lines += [f"s{number},{2014 + k},{number + k}.5,{k}.25\n" for k in range(10)]
    pipe = pipe_of(iter(["".join(lines).encode()]))
    with pytest.raises(InputError, match="'phones', 'milk'") as refused:
        list(opened("-", ReadOptions(), pipe).parts)
    assert refused.value.code == "choice_needed"


@pytest.mark.parametrize(
    ("text", "sorted_"),
    [
        (HEADER + rows(0, 20), True),
        (HEADER + rows(0, 20) + rows(0, 1), False),
        (HEADER + "".join(f"s{number},2014,1\n" for number in range(50)), False),  # by year, say
        ("A title\n" + HEADER + rows(0, 20), False),
        ("region,2014,2015\nNorth,1,2\nSouth,3,4\n", True),
        ("year,value\n2014,1\n2015,2\n", False),
        ('[{"year": 2014}]\n', False),
    ],
)
def test_which_texts_are_read_as_they_come(text: str, sorted_: bool) -> None:
    assert comes_sorted(text.encode(), "-", ReadOptions()) is sorted_


def test_what_is_looked_at_is_read_again_and_a_block_may_end_in_a_row_without_a_year(
    pipe_of: PipeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = pipe_of(iter([b"ab", b"cd", b"ef"]))
    assert (pipe.peek(3), pipe.read(1), pipe.read(100), pipe.read(1)) == (
        b"abc",
        b"a",
        b"bcdef",
        b"",
    )
    lines = [f"s{number},{year},{number}.5\n" for number in range(4) for year in (2014, 2015, 2016)]
    pipe = pipe_of(iter(["".join((HEADER, *lines[:6], "s1,Mean,1.5\n", *lines[6:])).encode()]))
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 110)
    assert [*chain(*(part.panel.ids for part in opened("-", ReadOptions(), pipe).parts))] == [
        "s0",
        "s1",
        "s2",
        "s3",
    ]
