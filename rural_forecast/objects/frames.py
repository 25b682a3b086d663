"""Rows as pandas frames: those of machine formats, and those of the Nixtla tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rural_forecast.document.table import Document, Kind

if TYPE_CHECKING:
    import pandas as pd

_TYPES: dict[Kind, str] = {
    "text": "str",
    "year": "int64",
    "integer": "Int64",
    "number": "float64",
    "percent": "float64",
    "boolean": "boolean",
}


def frame_of_rows(document: Document) -> pd.DataFrame:
    """The rows of a document as a frame whose types do not depend on the data."""
    import pandas as pd

    rows = document.records
    columns = zip(*rows.rows, strict=True) if rows.rows else ((),) * len(rows.columns)
    pairs = zip(rows.columns, columns, strict=True)
    return pd.DataFrame({column.key: pd.Series(list(cells), dtype=_TYPES[column.kind]) for column, cells in pairs})


def in_nixtla(rows: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """Forecast rows with one row a series and year, columns `unique_id`, `ds`, and a model with its bounds."""
    ahead = rows[rows["kind"] == "forecast"]
    keys = ["series_id", "period"]
    made = ahead[keys].drop_duplicates().reset_index(drop=True)
    for model in ahead["model"].drop_duplicates():
        own = ahead[ahead["model"] == model]
        bounds = [(f"{side}_{level}", f"{model}-{sign}-{level}") for level, side, sign in _sides(levels)]
        names = dict([("value", str(model)), *bounds])
        made = made.merge(own[[*keys, *names]].rename(columns=names), how="left", on=keys)
    return made.rename(columns={"series_id": "unique_id", "period": "ds"})


def _sides(levels: Sequence[int]) -> list[tuple[int, str, str]]:
    """Level, our side and theirs, from the lowest bound to the highest."""
    low = [(level, "lower", "lo") for level in sorted(levels, reverse=True)]
    return [*low, *((level, "upper", "hi") for level in sorted(levels))]
