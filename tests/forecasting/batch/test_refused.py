"""What a series alone is refused for, a batch refuses; ids and lines are those of the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading import ReadOptions, stretches
from tests.forecasting.batch.panels import in_pieces
from tests.inside import Cli
from tests.programs import PROGRAM

GOOD = '{"id": "a", "year": 2020, "value": 1}\n'
MANY = "".join(f"r{number},2020,5,\n" for number in range(60))


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "year": 2021, "value": 2, "value": 3}',
        '{"id": "a", "year": 2021, "value": 2}{"id": "b", "year": 2021, "value": 3}',
        '{"id": "a", "year": 2021, "value": NaN}',
        '[{"id": "a", "year": 2021, "value": 2}]',
    ],
)
def test_lines_that_are_no_objects_refuse_the_file_as_alone(line: str, tmp_path: Path) -> None:
    path = saved(tmp_path, "x.ndjson", GOOD + line + "\n" + GOOD.replace("2020", "2022"))
    with pytest.raises(InputError) as together:
        rf.batch(path)
    with pytest.raises(InputError) as alone:
        rf.read(path, ReadOptions(series_id="a"))
    assert str(together.value) == str(alone.value)
    assert ":2: " in str(together.value)


def test_an_encoding_that_there_is_not(tmp_path: Path) -> None:
    path = saved(tmp_path, "x.csv", "id,year,value\na,2020,5\na,2021,6\n")
    with pytest.raises(UsageError, match="no text encoding 'uft-8'"):
        rf.batch(path, options=ReadOptions(encoding="uft-8"))


def test_columns_of_careful_ndjson_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    heads = [f"{letter}{letter}" for letter in "qwertzuiop"]
    path = saved(tmp_path, "x.ndjson", json.dumps(dict.fromkeys(heads, "\u00fc")) + "\n")
    with pytest.raises(InputError) as caught:
        rf.batch(path)
    assert caught.value.fields["columns"] == heads


@pytest.mark.parametrize("year", ["0x7de", "10000", "-3", "2e3", "1_999"])
def test_years_that_are_none(year: str, tmp_path: Path) -> None:
    path = saved(tmp_path, "x.csv", f"id,year,value,note\n{MANY}a,{year},5,\n")
    (refused,) = rf.batch(path).refused.itertuples(index=False)
    assert (refused.series_id, refused.line) == ("a", 62)
    with pytest.raises(InputError):
        rf.read(path, ReadOptions(series_id="a"))


def test_ids_of_several_types_are_not_one(tmp_path: Path) -> None:
    rows = [{"id": name, "year": 2020 + step, "value": 2 + step} for name in (1, True, "true") for step in range(2)]
    path = saved(tmp_path, "x.ndjson", "".join(f"{json.dumps(row)}\n" for row in rows))
    assert rf.batch(path, horizon=1).forecasts["series_id"].tolist() == ["1", "True", "true"]
    (tmp_path / "y.ndjson").write_text("".join(f"{json.dumps(row | {'id': 1.0})}\n" for row in rows[:2]))
    assert rf.batch(tmp_path / "y.ndjson", horizon=1).forecasts["series_id"].tolist() == ["1"]


def test_a_nul_in_an_id_is_no_text(tmp_path: Path) -> None:
    path = saved(tmp_path, "x.csv", f"id,year,value,note\n{MANY}a\0b,2020,5,\n")
    with pytest.raises(InputError, match=r"x\.csv:62: holds a NUL"):
        rf.batch(path)


@pytest.mark.parametrize("kind", ["csv", "parquet", "frame"])
def test_two_forecasts_of_one_source_are_refused(kind: str, tmp_path: Path) -> None:
    rows = [("a", 2020, 5.0, "actual", "X"), ("a", 2021, 6.0, "forecast", "Y"), ("a", 2021, 7.0, "forecast", "Y")]
    frame = pd.DataFrame(rows, columns=["id", "year", "value", "status", "source"])
    if kind == "frame":
        with pytest.raises(InputError, match="is a second value of 2021"):
            rf.forecast_frame(frame)
        return
    path = tmp_path / f"x.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    assert "is a second value of 2021" in rf.batch(path).refused["reason"][0]


def test_refusals_name_the_line_after_blank_rows_and_quotes(tmp_path: Path) -> None:
    text = '\n\nid,year,value,note\n\n"a",2020,5,"first\nsecond"\n,,,\n\nb,2020,x1,\n"c, d",2020,5,\n'
    assert rf.batch(saved(tmp_path, "x.csv", text)).refused[["series_id", "line"]].to_numpy().tolist() == [["b", 9]]
    plain = text.replace("first\nsecond", "first")
    assert rf.batch(saved(tmp_path, "y.csv", plain)).refused[["series_id", "line"]].to_numpy().tolist() == [["b", 8]]
    with pytest.raises(InputError, match=r"z\.csv:4: a quote opens in this row and never closes"):
        rf.batch(saved(tmp_path, "z.csv", 'id,year,value\na,2020,5\n\n"b,2020,6\nc,2020,7\n'))


@pytest.mark.parametrize("text", ['"ab"c,2020,5', '""ab,2020,5'])
def test_quotes_out_of_place_are_refused_as_alone(text: str, tmp_path: Path) -> None:
    path = saved(tmp_path, "x.csv", f"id,year,value\na,2020,5\n{text}\n")
    with pytest.raises(InputError) as together:
        rf.batch(path)
    with pytest.raises(InputError) as alone:
        rf.read(path, ReadOptions(series_id="a"))
    assert str(together.value) == str(alone.value)


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson", "parquet"])
def test_ids_are_alike_in_every_format(kind: str, tmp_path: Path, cli: Cli) -> None:
    rows = [{"id": name, "year": 2020, "value": 5.0} for name in ("a\u200b", "b\u00ad", "'=x", "=x", "-x")]
    path = tmp_path / f"x.{kind}"
    frame = pd.DataFrame(rows)
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=kind == "ndjson")
    names = ["a", "b", "'=x", "=x", "-x"]
    assert rf.batch(path, horizon=1).forecasts["series_id"].tolist() == names
    assert rf.read(path, ReadOptions(series_id="a")).id == "a"
    for options, written in (((), ["a", "b", "''=x", "'=x", "'-x"]), (("--raw-text",), names)):
        done = cli("batch", str(path), "--horizon", "1", "--format", "csv", *options)
        assert [line.partition(",")[0] for line in done.out.splitlines()[1:]] == written
    assert cli("batch", str(path), "--format", "ndjson", "--raw-text").code == 2


def test_folders_named_after_values_are_columns(tmp_path: Path) -> None:
    for region, first in (("North", 5.0), ("South", 50.0)):
        folder = tmp_path / "version=1" / f"region={region}"
        folder.mkdir(parents=True)
        table = pa.table({"id": ["a", "a"], "year": [2020, 2021], "value": [first, first + 1]})
        pyarrow.parquet.write_table(table, folder / "part.parquet")
    done = rf.batch(tmp_path, horizon=1)
    assert done.forecasts["series_id"].tolist() == ["a / North", "a / South"]
    assert ["region" in str(note) for note in done.notes] == [False] * len(done.notes), "it is used"
    assert done.forecasts["value"].round().tolist() == [7.0, 52.0]
    for folder in tmp_path.glob("*/*"):
        table = pa.table({"year": [2020, 2021], "value": [5.0, 6.0]})
        pyarrow.parquet.write_table(table, folder / "part.parquet")
    assert rf.batch(tmp_path, horizon=1).forecasts["series_id"].tolist() == ["North", "South"]


@pytest.mark.slow
def test_files_of_a_folder_are_opened_one_at_a_time(tmp_path: Path) -> None:
    for number in range(60):
        table = pa.table({"id": [f"s{number}"], "year": [2020], "value": [5.0]})
        pyarrow.parquet.write_table(table, tmp_path / f"{number}.parquet")
    code = "import resource, sys, rural_forecast as rf; resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)); "
    code += "print(len(rf.batch(sys.argv[1], horizon=1).forecasts))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "60\n"


def test_a_late_column_counts_from_where_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_pieces(monkeypatch, 10)
    text = f"id,year,value,flag\n{MANY}b,2020,5,p\nb,2021,50,f\n"
    found = rf.batch(saved(tmp_path, "x.csv", text), horizon=1).forecasts
    assert found[found["series_id"] == "b"]["period"].tolist() == [2021]
    other = text.replace("r3,2020,5,\n", "r3,2020,5,p\n").replace("50,f", "50,see below")
    with pytest.raises(InputError, match="holds something else than the flag of the rows before"):
        rf.batch(saved(tmp_path, "y.csv", other))
    keys = "".join(f'{{"id": "r{number}", "year": 2020, "value": 5}}\n' for number in range(60))
    late = '{"id": "b", "year": 2020, "value": 5}\n{"id": "b", "year": 2021, "value": 50, "status": "forecast"}\n'
    found = rf.batch(saved(tmp_path, "z.ndjson", keys + late), horizon=1).forecasts
    assert found[found["series_id"] == "b"]["period"].tolist() == [2021]


@pytest.mark.slow
def test_one_series_is_no_reason_to_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_pieces(monkeypatch, 20_000)
    text = "year,value\n" + "2020,5\n" * 150_000
    (refused,) = rf.batch(saved(tmp_path, "x.csv", text)).refused.itertuples(index=False)
    assert "is a second value of 2020" in refused.reason
    monkeypatch.setattr(stretches, "MOST_BYTES", 64 * 1024 * 1024)
    with pytest.raises(InputError, match=r"y\.csv:2: the line is longer than 1,000,000 characters"):
        rf.batch(saved(tmp_path, "y.csv", "id,year,value\na" + "x" * 9_000_000 + ",2020,5\n"))


@pytest.mark.slow
def test_the_first_rows_leave_before_the_last_are_read(tmp_path: Path) -> None:
    """A file of 65 MB and more is read in blocks, and what is forecast leaves a pipe at once."""
    path = tmp_path / "x.csv"
    note = "x" * 700
    lines = (f"s{number},{year},{number % 97 + year},{note}\n" for number in range(50_000) for year in (2020, 2021))
    path.write_text("id,year,value,note\n" + "".join(lines))
    process = subprocess.Popen([*PROGRAM, "batch", path, "--horizon", "1", "-q"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"series_id,")
    assert process.stdout.readline().startswith(b"s0,2022,")
    assert process.poll() is None
    process.kill()
    process.communicate()


WIDE = "Region,Sector,2019,2020,2021\nNorth,Coal,1,2,4\nNorth,Gas,5,6,7\nSouth,Coal,..,8,9\n"


@pytest.mark.parametrize("above", ["", "Output by region\nSource: the office\n\n"])
def test_published_files_are_read_as_several_series_are(above: str, tmp_path: Path) -> None:
    path = saved(tmp_path, "x.csv", f"{above}{WIDE}")
    done = rf.batch(path, horizon=1)
    assert done.forecasts["series_id"].tolist() == ["North / Coal", "North / Gas", "South / Coal"]
    for name, value in zip(done.forecasts["series_id"], done.forecasts["value"], strict=True):
        alone = rf.forecast(
            rf.read(path, ReadOptions(series_id=name.partition(" / ")[2], where=(f"Region={name[:5]}",)))
        )
        assert alone.best.values[0] == pytest.approx(value, rel=1e-12)
    long = "Region,Sector,year,value\nNorth,Coal,2019,1\nNorth,Coal,2020,2\nSouth,Coal,2020,5\n"
    found = rf.batch(saved(tmp_path, "y.csv", f"{above}{long}"), horizon=1).forecasts
    assert found["series_id"].tolist() == ["North", "South"]
