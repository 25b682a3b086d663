"""Panels that several tests use."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rural_forecast.forecasting.batch import inputs
from rural_forecast.observed.reading import blocks
from rural_forecast.observed.reading.formats import parquet


def frame(count: int = 60, seed: int = 5, *, shortest: int = 1, longest: int = 25) -> pd.DataFrame:
    """Series of different length, last year and sign, rows of a series together, years in order."""
    noise = np.random.default_rng(seed)
    parts = []
    for number in range(count):
        length = int(noise.integers(shortest, longest + 1))
        last = int(noise.integers(2015, 2025))
        values = 50 * np.exp(noise.normal(0.05, 0.2, length).cumsum())
        if number % 10 == 3:
            values = values - values.mean()
        if number % 10 == 7:
            values = np.round(values)
        years = np.arange(last - length + 1, last + 1)
        name = f"r{number}, {number % 7}"
        unit = "bn CNY" if number % 2 else "1,000 t"
        parts.append(
            pd.DataFrame({"series_id": name, "year": years, "value": values, "unit": unit})
        )
    return pd.concat(parts, ignore_index=True)


def written(table: pd.DataFrame, path: Path) -> str:
    """The table as a file, by its suffix."""
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    elif path.suffix == ".ndjson":
        table.to_json(path, orient="records", lines=True, double_precision=15)
    else:
        table.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")
    return str(path)


def in_pieces(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Read inputs in pieces of so many rows."""
    monkeypatch.setattr(inputs, "MOST_BYTES", 10)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 40 * rows)
    monkeypatch.setattr(parquet, "BLOCK_ROWS", rows)
