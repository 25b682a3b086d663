"""What the readers of a batch leave out is named, by whichever of them a file is read."""

from __future__ import annotations

import csv
import io
import json
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter

from rural_forecast import read
from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.api import Batch, batch, forecast_frame
from rural_forecast.series.reading import ReadOptions

HEADER = ("id", "year", "value", "Rank", "Comment", "country")
ROWS = (
    ("a", "2021", 12, 1, "new", "China"),
    ("a", "2022", 13, 2, None, "China"),
    ("a", "2023", 15, 3, "see", "China"),
    ("a", "2024E", 30, None, None, "China"),
    ("a", "2024Q1", 4, None, None, "China"),
    ("b", "2022", 7, 1, None, "India"),
    ("b", "2023", 8, 2, None, "India"),
    ("Total", "2022", 20, None, None, "All"),
    ("Total", "2023", 23, None, None, "All"),
)
CODES = ["left_out", "published_forecast", "total_row", "published_rows"]


def _text(delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([HEADER, *ROWS])
    return stream.getvalue()


def written(folder: Path, kind: str) -> Path:
    """The same rows in a format."""
    path = folder / f"panel.{kind.partition(' ')[0]}"
    objects = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    if kind.startswith(("csv", "tsv")):
        path.write_text(_text("\t" if kind == "tsv" else ","), encoding="utf-8")
    elif kind == "ndjson":
        path.write_text("".join(json.dumps(row) + "\n" for row in objects), encoding="utf-8")
    elif kind == "json":
        path.write_text(json.dumps(objects), encoding="utf-8")
    elif kind == "parquet":
        pyarrow.parquet.write_table(pa.Table.from_pylist(objects), path)
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Panel")
            for index, row in enumerate((HEADER, *ROWS)):
                sheet.write_row(index, 0, row)
    return path


@pytest.mark.parametrize("kind", ["csv", "csv plain", "tsv", "ndjson", "json", "parquet", "xlsx"])
def test_every_reader_names_the_same(kind: str, tmp_path: Path) -> None:
    options = ReadOptions(decimal_comma=kind == "csv plain")  # which pyarrow does not read
    found = batch(written(tmp_path, kind), options=options)
    assert [note.code for note in found.notes] == CODES
    left, marks, total, rows = map(str, found.notes)
    assert "column 'Rank' (not the value column), column 'Comment' (not a column that is used)" in left
    assert "1 value of parts of years" in left
    assert "country" not in left
    assert "'2024E' is a published forecast" in marks
    assert "'Total'" in total
    assert "1 published forecast " in rows
    assert [note.warning for note in found.notes] == [True, True, True, False]
    assert set(found.forecasts["series_id"]) == {"a", "b", "Total"}


@pytest.mark.parametrize("kind", ["pandas", "arrow"])
def test_a_frame_warns(kind: str) -> None:
    frame: Any = pd.DataFrame(ROWS, columns=HEADER)
    if kind == "arrow":
        frame = pa.Table.from_pandas(frame)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        forecast_frame(frame)
    left, marks, total = (str(one.message) for one in caught)
    assert left.startswith("Left out of the frame: column 'Rank'")
    assert "1 value of parts of years" in left
    assert "'2024E'" in marks
    assert "'Total'" in total
    assert caught[0].filename == __file__
    plain = frame.slice(0, 3).select([0, 1, 2, 5]) if kind == "arrow" else frame.iloc[:3, [0, 1, 2, 5]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast_frame(plain)


def _read(tmp_path: Path, name: str, text: str | bytes, **options: Any) -> Batch:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return batch(path, options=ReadOptions(**options))


@pytest.mark.parametrize("blank", [",,", " , , ", ",,\n,,", "\n"])
def test_rows_of_empty_cells_are_passed_over(blank: str, tmp_path: Path) -> None:
    found = _read(tmp_path, "x.csv", f"id,year,value\na,2021,5\n{blank}\nb,2021,\n{blank}\n")
    assert set(found.forecasts["series_id"]) == {"a"}
    lines = 3 + blank.count("\n") + 1
    assert found.refused[["series_id", "line"]].to_numpy().tolist() == [["b", lines]]


def test_a_row_with_content_in_columns_that_are_not_read_is_refused(tmp_path: Path) -> None:
    found = _read(tmp_path, "x.csv", "id,year,value,comment\na,2021,5,x\n,,,Source: a friend\n")
    assert found.refused["line"].tolist() == [3]


def test_a_text_that_is_not_utf_8_is_refused_or_read_as_alone(tmp_path: Path) -> None:
    ids = [b"a%d" % number for number in range(80)] + [b"\xff\xfe"]
    text = pa.array(ids, pa.binary()).view(pa.string())
    pyarrow.parquet.write_table(
        pa.table({"id": text, "year": [2021] * 81, "value": [5.0] * 81}), tmp_path / "x.parquet"
    )
    with pytest.raises(InputError, match="utf-8"):
        batch(tmp_path / "x.parquet")
    content = {
        "x.csv": b"id,year,value\n" + b"".join(b"%b,2021,5\n" % one for one in ids),
        "x.ndjson": b"".join(b'{"id": "%b", "year": 2021, "value": 5}\n' % one for one in ids),
    }
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
        assert len(batch(tmp_path / name, horizon=1).forecasts) == 81
        assert read(tmp_path / name, ReadOptions(series_id="a7")).observations[0].value == 5


def _lines(*last: str) -> str:
    first = [json.dumps({"id": f"a{number}", "year": 2021, "value": 5}) for number in range(60)]
    return "\n".join((*first, *last)) + "\n"


@pytest.mark.parametrize("comma", [False, True])
def test_keys_that_begin_late_are_read_or_named(comma: bool, tmp_path: Path) -> None:
    extra = _read(tmp_path, "x.ndjson", _lines('{"id": "b", "year": 2021, "value": 5, "more": 1}'), decimal_comma=comma)
    assert [*map(str, extra.notes)] == ["Left out of x.ndjson: column 'more' (not the value column)."]
    text = _lines('{"id": "a1", "year": 2022, "value": 50, "status": "forecast"}')
    known = _read(tmp_path, "x.ndjson", text, decimal_comma=comma).forecasts
    assert known[known["series_id"] == "a1"]["period"].min() == 2022  # the forecast of 2022 is not taken for history


def test_a_column_that_is_empty_in_the_sample_is_named(tmp_path: Path) -> None:
    rows = "".join(f"a{number},2021,5,\n" for number in range(60))
    (note,) = _read(tmp_path, "x.csv", f"id,year,value,other\n{rows}b,2021,5,7\n").notes
    assert "column 'other'" in str(note)


def test_flags_behind_the_sample_count(tmp_path: Path) -> None:
    rows = "".join(f"a{number},2021,5,\n" for number in range(60))
    text = f"id,year,value,flag\n{rows}b,2021,5,p\nb,2022,50,f\n"
    found = _read(tmp_path, "x.csv", text).forecasts
    assert found[found["series_id"] == "b"]["period"].min() == 2022
    found = _read(tmp_path, "y.csv", text.replace("50,f", "50,b"))
    assert "the flag 'b' of 1 value (not used)" in str(found.notes[0])
    (other,) = _read(tmp_path, "z.csv", text.replace("50,f", "50,see below")).notes
    assert "column 'flag'" in str(other)


def test_flags_behind_values_count(tmp_path: Path) -> None:
    found = _read(tmp_path, "x.csv", "id,year,value\na,2021,5 p\na,2022,6e\na,2023,70 f\n").forecasts
    assert found["period"].min() == 2023


def test_values_before_a_gap_are_counted(tmp_path: Path) -> None:
    text = "id,year,value\na,2018,5\na,2019,5\na,2021,5\na,2022,6\n"
    for name in ("x.csv", "x.json"):
        rows = [dict(zip(("id", "year", "value"), line.split(","), strict=True)) for line in text.split()[1:]]
        content = text if name == "x.csv" else json.dumps([row | {"value": float(row["value"])} for row in rows])
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        found = batch(path, options=ReadOptions(allow_gaps=True))
        assert [(note.code, "2 values" in str(note)) for note in found.notes] == [("before_gaps", True)], name


def test_files_of_a_folder_that_are_not_parquet_are_named(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"id": ["a"], "year": [2021], "value": [5.0]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("id,year,value\nb,2021,5\n", encoding="utf-8")
    (tmp_path / "_SUCCESS").write_text("", encoding="utf-8")
    assert [*map(str, batch(tmp_path).notes)] == [f"Left out of {tmp_path.name}: file 'b.csv' (not Parquet)."]


def test_our_own_rows_are_read_back(tmp_path: Path) -> None:
    header = "series_id,period,kind,model,value,lower_80,upper_80,growth_pct,unit"
    rows = "a,2021,actual,,5,,,,\na,2022,actual,,6,,,20,\na,2023,forecast,consensus,7,6,8,10,\n"
    (note,) = _read(tmp_path, "x.csv", f"{header}\n{rows}").notes
    assert str(note) == "Left out of x.csv: 1 row of kind 'forecast' (not data)."
