"""Notes name what the readers of a batch leave out, whichever of them reads a file."""

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from rural_forecast.forecasting.batch.api import Batch, batch, forecast_frame
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from tests.conformance.test_forms import written

HEADER = ("id", "year", "value", "Rank", "Comment", "country")
ROWS = (
    ("a", "2021", 12, 1, "new", "China"),
    ("a", "2022", 13, 2, None, "China"),
    ("a", "2023", 15, 3, "see", "China"),
    ("a", "2024E", 30, None, None, "China"),
    ("a", "2025Q1", 4, None, None, "China"),
    ("b", "2022", 7, 1, None, "India"),
    ("b", "2023", 8, 2, None, "India"),
    ("Total", "2022", 20, None, None, "All"),
    ("Total", "2023", 23, None, None, "All"),
)
CODES = ["left_out", "published_forecast", "total_row", "published_rows", "short_series"]
MANY = "".join(f"a{number},2021,5,\n" for number in range(60))
"""More rows than the readers look at before they decide what a column holds."""


def found(folder: Path, name: str, text: str | bytes, **options: Any) -> Batch:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return batch(path, options=ReadOptions(**options))


def left_out(notes: Sequence[Note]) -> list[str]:
    return [str(note) for note in notes if note.code == "left_out"]


@pytest.mark.parametrize("kind", ["csv", "csv plain", "tsv", "ndjson", "json", "parquet", "xlsx"])
def test_every_reader_names_the_same(kind: str, tmp_path: Path) -> None:
    options = ReadOptions(decimal="." if kind == "csv plain" else None)
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    done = batch(written(rows, tmp_path, kind.partition(" ")[0], "panel"), options=options)
    assert [note.code for note in done.notes] == CODES
    assert [note.warning for note in done.notes] == [True, True, True, False, False]
    named = (
        ("'Rank'", "'Comment'", "1 value of parts"),
        ("'2024E'",),
        ("'Total'",),
        ("1 published forecast ",),
        ("'b'",),
    )
    for note, words in zip(done.notes, named, strict=True):
        assert all(word in str(note) for word in words), note
    assert "country" not in str(done.notes[0])
    assert set(done.forecasts["series_id"]) == {"a", "b", "Total"}


@pytest.mark.parametrize("kind", ["pandas", "arrow"])
def test_a_frame_warns(kind: str) -> None:
    frame: Any = pd.DataFrame(ROWS, columns=HEADER)
    if kind == "arrow":
        frame = pa.Table.from_pandas(frame)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        forecast_frame(frame)
    for warning, word in zip(caught, ("'Rank'", "'2024E'", "'Total'"), strict=True):
        assert word in str(warning.message)
        assert warning.filename == __file__
    plain = frame.slice(0, 2).select([0, 1, 2, 5]) if kind == "arrow" else frame.iloc[:2, [0, 1, 2, 5]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast_frame(plain)


@pytest.mark.parametrize("comma", [False, True])
def test_keys_that_begin_late_are_read_or_named(comma: bool, tmp_path: Path) -> None:
    many = "".join(f'{{"id": "a{number}", "year": 2021, "value": 5}}\n' for number in range(60))
    extra = many + '{"id": "b", "year": 2021, "value": 5, "more": 1}\n'
    (note,) = left_out(found(tmp_path, "x.ndjson", extra, decimal="," if comma else None).notes)
    assert "column 'more'" in note
    text = many + '{"id": "a1", "year": 2022, "value": 50, "status": "forecast"}\n'
    known = found(tmp_path, "x.ndjson", text, decimal="," if comma else None).forecasts
    assert known[known["series_id"] == "a1"]["period"].min() == 2022  # the forecast of 2022 is not taken for history


@pytest.mark.parametrize(
    ("cell", "word", "first"), [("f", "", 2022), ("b", "flags a break", 2023), ("see", "column 'flag'", 2023)]
)
def test_flags_behind_the_sample_count(cell: str, word: str, first: int, tmp_path: Path) -> None:
    done = found(tmp_path, "x.csv", f"id,year,value,flag\n{MANY}b,2021,5,p\nb,2022,50,{cell}\n")
    assert word in "".join(map(str, done.notes))
    assert done.forecasts[done.forecasts["series_id"] == "b"]["period"].min() == first


@pytest.mark.parametrize("name", ["x.csv", "x.json"])
def test_values_before_a_gap_are_counted(name: str, tmp_path: Path) -> None:
    rows = [{"id": "a", "year": year, "value": 5.0} for year in (2018, 2019, 2021, 2022)]
    text = json.dumps(rows) if name == "x.json" else pd.DataFrame(rows).to_csv(index=False)
    notes = found(tmp_path, name, text, allow_gaps=True).notes
    assert [(note.code, "2 values" in str(note)) for note in notes] == [("before_gaps", True), ("short_series", False)]


def test_files_of_a_folder_that_are_not_parquet_are_named(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"id": ["a"], "year": [2021], "value": [5.0]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("id,year,value\nb,2021,5\n", encoding="utf-8")
    (tmp_path / "_SUCCESS").write_text("", encoding="utf-8")
    (note,) = left_out(batch(tmp_path).notes)
    assert ("'b.csv'" in note, "_SUCCESS" in note) == (True, False)
