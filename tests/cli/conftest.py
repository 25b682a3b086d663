"""Runs commands inside the process, with streams that are no terminals."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from rural_forecast.cli.app import run


class Outcome(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Cli:
    def call(*arguments: str, stdin: str | bytes = b"") -> Outcome:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        code = run(arguments)
        return Outcome(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

    return call


def write_example_files(folder: Path) -> None:
    """The files of many series that examples of `batch` name."""
    import pandas as pd

    rows = [(name, year, start * 1.1 ** (year - 2015)) for name, start in (("east", 5.0), ("west", 8.0))
            for year in range(2015, 2025)]  # fmt: skip
    panel = pd.DataFrame(rows, columns=["series_id", "year", "value"])
    panel.to_csv(folder / "regions.csv", index=False)
    panel.to_parquet(folder / "panel.parquet", index=False)
