"""A long pipe is forecast as it comes; what cannot be is kept, and read as a file."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.inputs import comes_sorted, opened
from rural_forecast.series.reading import ReadOptions, blocks
from rural_forecast.series.reading import source as sources

HEADER = "series_id,year,value\n"
BLOCK_BYTES = 1 << 16
"""Smaller blocks than usual."""


def rows(first: int, count: int) -> str:
    return "".join(f"s{at},{2014 + k},{at % 97 + k}.5\n" for at in range(first, first + count) for k in range(10))


@pytest.fixture
def pipe_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterator[bytes]], sources.Pipe]:
    def made(pieces: Iterator[bytes]) -> sources.Pipe:
        monkeypatch.setattr(sources, "_standard_input", lambda: SimpleNamespace(read=lambda _size: next(pieces, b"")))
        monkeypatch.setattr(blocks, "BLOCK_BYTES", BLOCK_BYTES)
        return sources.Pipe("-")

    return made


def test_the_first_series_are_there_before_the_last_is_written(
    pipe_of: Callable[[Iterator[bytes]], sources.Pipe],
) -> None:
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


def test_a_series_that_comes_back_later_is_refused_with_the_command_that_sorts(
    pipe_of: Callable[[Iterator[bytes]], sources.Pipe],
) -> None:
    text = HEADER + rows(0, 2_000) + "s3,2024,1\n"
    pipe = pipe_of(iter([text.encode()]))
    with pytest.raises(InputError, match="s3") as refused:
        list(opened("-", ReadOptions(), pipe).parts)
    assert "sort -t," in refused.value.hint


@pytest.mark.parametrize(
    ("text", "sorted_"),
    [
        (HEADER + rows(0, 20), True),
        (HEADER + rows(0, 20) + rows(0, 1), False),
        (HEADER + "".join(f"s{at},2014,1\n" for at in range(50)), False),  # by year, say
        ("A title\n" + HEADER + rows(0, 20), False),
        ("region,2014,2015\nNorth,1,2\nSouth,3,4\n", True),
        ("year,value\n2014,1\n2015,2\n", False),
        ('[{"year": 2014}]\n', False),
    ],
)
def test_which_texts_are_read_as_they_come(text: str, sorted_: bool) -> None:
    assert comes_sorted(text.encode(), "-", ReadOptions()) is sorted_


def test_what_is_looked_at_is_read_again(pipe_of: Callable[[Iterator[bytes]], sources.Pipe]) -> None:
    pipe = pipe_of(iter([b"ab", b"cd", b"ef"]))
    assert (pipe.peek(3), pipe.read(1), pipe.read(100), pipe.read(1)) == (b"abc", b"a", b"bcdef", b"")


def test_several_columns_of_values_are_refused_where_blocks_are_read(
    pipe_of: Callable[[Iterator[bytes]], sources.Pipe],
) -> None:
    lines = "".join(f"s{at},{2014 + k},{at + k}.5,{k}.25\n" for at in range(2_000) for k in range(10))
    pipe = pipe_of(iter([f"series_id,year,phones,milk\n{lines}".encode()]))
    with pytest.raises(InputError, match="'phones', 'milk'") as refused:
        list(opened("-", ReadOptions(), pipe).parts)
    assert refused.value.code == "choice_needed"


def test_a_block_may_end_in_a_row_without_a_year(
    pipe_of: Callable[[Iterator[bytes]], sources.Pipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"s{at},{year},{at}.5\n" for at in range(4) for year in (2014, 2015, 2016)]
    pipe = pipe_of(iter(["".join((HEADER, *lines[:6], "s1,Mean,1.5\n", *lines[6:])).encode()]))
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 110)
    assert [name for part in opened("-", ReadOptions(), pipe).parts for name in part.panel.ids] == [
        "s0",
        "s1",
        "s2",
        "s3",
    ]
