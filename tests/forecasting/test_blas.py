"""Threads of BLAS, which are those of whoever calls from Python."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from rural_forecast.system import blas
from rural_forecast.system.blas import VARIABLES, one_blas_thread


class FakePool:
    """A pool of a library."""

    def __init__(self) -> None:
        self.threads = 8

    def size(self) -> int:
        return self.threads

    def resize(self, threads: int) -> None:
        self.threads = threads


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePool]:
    """The pool of NumPy, of a user who set no number of threads."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    one = FakePool()
    monkeypatch.setattr(blas, "_pools_by_package", {"numpy": [one], "scipy": []})
    return one


def test_a_pool_is_set_aside_within_the_block_alone(pool: FakePool) -> None:
    with one_blas_thread():
        assert pool.threads == 1
    assert pool.threads == 8


def test_a_pool_comes_back_after_an_error(pool: FakePool) -> None:
    with pytest.raises(ValueError, match="x"), one_blas_thread():
        raise ValueError("x")
    assert pool.threads == 8


def test_a_pool_comes_back_after_the_last_of_several_threads(pool: FakePool) -> None:
    both_within = Barrier(2)

    def compute() -> None:
        with one_blas_thread():
            both_within.wait()
            assert pool.threads == 1

    threads = [Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pool.threads == 8


def test_a_number_of_threads_that_the_user_set_holds(
    pool: FakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    with one_blas_thread():
        assert pool.threads == 8


def test_a_library_that_is_not_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas, "_pools_by_package", {})
    monkeypatch.setattr(blas, "_FOLDERS", ("nowhere",))
    assert blas._pools_of("numpy") == []
