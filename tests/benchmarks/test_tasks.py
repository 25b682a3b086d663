"""The tasks of a notebook, as the benchmark counts them."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.slow
def test_every_task_is_done_in_the_statements_that_are_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("polars")
    pytest.importorskip("fsspec")
    monkeypatch.syspath_prepend(FOLDER)
    written, failures = importlib.import_module("tasks").page()
    assert failures == []
    assert written == (FOLDER / "tasks.md").read_text(encoding="utf-8")
