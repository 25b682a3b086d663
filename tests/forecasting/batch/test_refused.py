"""A batch refuses what a series alone is refused for; ids and lines are those of the file."""

import json
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.api import Batch, batch, forecast_frame
from rural_forecast.observed.reading import ReadOptions
from tests.conformance.test_forms import written as in_format
from tests.forecasting.batch.panels import in_pieces, written
from tests.inside import Cli
from tests.programs import PROGRAM

GOOD = '{"id": "a", "year": 2020, "value": 1}\n'
MANY = "".join(f"r{number},2020,5,\n" for number in range(60))
"""More rows than the readers look at before they decide what a column holds."""


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def refused(path: Path, **options: bool) -> dict[str, int]:
    """The line of each series that is refused."""
    done = rf.batch(path, options=ReadOptions(**options)).refused
    return dict(zip(done["series_id"], done["line"], strict=True))


def test_refused_series_do_not_stop_the_rest(tmp_path: Path) -> None:
    rows = [
        ("good", 2019, 1.0),
        ("good", 2020, 2.0),
        ("gap", 2018, 1.0),
        ("gap", 2020, 2.0),
        ("gap", 2021, 2.5),
        ("twice", 2019, 1.0),
        ("twice", 2019, 1.0),
        ("empty", 2019, 1.0),
        ("empty", 2020, np.nan),
        ("huge", 2019, np.inf),
        ("fine", 2020, 3.0),
    ]
    table = pd.DataFrame(rows, columns=["unique_id", "ds", "y"])
    for suffix, offset in ((".csv", 2), (".parquet", 1)):
        done = rf.batch(written(table, tmp_path / f"bad{suffix}"))
        assert done.forecasts["series_id"].unique().tolist() == ["good", "empty", "fine"]
        assert done.forecasts.set_index("series_id").loc["empty", "period"].tolist() == [2020, 2021]
        assert done.notes[0].code == "missing"
        lines = dict(zip(done.refused["series_id"], done.refused["line"], strict=True))
        assert lines == {"gap": 3 + offset, "twice": 6 + offset, "huge": 9 + offset}
        assert done.refused["code"].tolist() == ["gap", "cell", "cell"]
    gaps = rf.batch(
        tmp_path / "bad.csv", options=ReadOptions(allow_gaps=True), history=True
    ).forecasts
    assert gaps[gaps["series_id"] == "gap"]["period"].tolist() == [2020, 2021, 2022, 2023]


ODD = (
    "id,year,value,status\nA,2019,1,\n\nA,2020,n/a,\nB,2019,2,actual\nB,2020,3,\nC,2019,4\n"
    'C,2020,5,\nD,FY2020,"6",\nD,2021,7,forecast\n,2020,1,\nE,20x0,1,\nF,2020Q1,1,\n'
)
SOURCES = "id,year,value,source\nA,2019,10,x\nA,2019,12,y\nA,2020,11,x\nB,2019,1,x\nB,2021,1,x\n"


@pytest.mark.parametrize(
    ("text", "forecast", "lines"),
    [
        (ODD, [("A", 2020), ("B", 2021), ("D", 2021)], {"C": 7, "": 11, "E": 12, "F": 0}),
        (SOURCES, [("A", 2021)], {"B": 6}),
        ("region,2018,2019,2020\nA,1,2,3\nB,4,5,6\n", [("A", 2021), ("B", 2021)], {}),
        ("region,2019,2020\nA,1,O1\n", [], {"A": 2}),
        ("year,value,source\n2018,1,a\n2018,2,b\n2020,1,a\n", [], {"x": 4}),
        ("id,year,value\nA,2019,1,234\n", [], {"A": 2}),
        (
            (
                '\n\nid,year,value,note\n\n"a",2020,5,"first\nsecond"\n,,,\n\n'
                'b,2020,x1,\n"c, d",2020,5,\n'
            ),
            [("a", 2021), ("c, d", 2021)],
            {"b": 9},
        ),
        (
            '\n\nid,year,value,note\n\n"a",2020,5,"first"\n,,,\n\nb,2020,x1,\n',
            [("a", 2021)],
            {"b": 8},
        ),
    ],
    ids=[
        "odd",
        "sources",
        "wide",
        "wide and no number",
        "no id",
        "two numbers",
        "lines in quotes",
        "blank lines",
    ],
)
def test_odd_cells_and_lines_refuse_their_series_alone(
    text: str, forecast: list[tuple[str, int]], lines: dict[str, int], tmp_path: Path
) -> None:
    path = saved(tmp_path, "x.csv", text)
    done = rf.batch(path, horizon=1).forecasts
    assert list(zip(done["series_id"], done["period"], strict=True)) == forecast
    assert refused(path) == lines


def test_two_definitions_are_never_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ("A", 2019, 1, "goods"),
        ("B", 2019, 1, "x"),
        ("A", 2020, 2, ""),
        ("B", 2020, 2, ""),
        ("A", 2021, 9, "all"),
    ]
    table = pd.DataFrame(rows, columns=["id", "year", "value", "definition"]).assign(unit="t")
    assert refused(Path(written(table, tmp_path / "apart.csv"))) == {"A": 6}
    assert refused(Path(written(table, tmp_path / "apart.parquet"))) == {"A": 5}
    in_pieces(monkeypatch, 2)
    together = written(table.sort_values("id", kind="stable"), tmp_path / "together.csv")
    assert refused(Path(together)) == {"A": 4}
    assert rf.batch(together, horizon=1).forecasts[["series_id", "unit"]].to_numpy().tolist() == [
        ["B", "t"]
    ]


def test_two_forecasts_of_one_source_are_refused(tmp_path: Path) -> None:
    rows = [
        ("a", 2020, 5.0, "actual", "X"),
        ("a", 2021, 6.0, "forecast", "Y"),
        ("a", 2021, 7.0, "forecast", "Y"),
    ]
    table = pd.DataFrame(rows, columns=["id", "year", "value", "status", "source"])
    for kind, line in (("csv", 4), ("parquet", 3)):
        assert refused(Path(written(table, tmp_path / f"x.{kind}"))) == {"a": line}
    with pytest.raises(InputError, match="is a second value of 2021"):
        rf.forecast_frame(table)


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet"])
def test_ids_are_alike_in_every_format(kind: str, tmp_path: Path, cli: Cli) -> None:
    names = ["a", "b", "'=x", "=x", "-x"]
    table = pd.DataFrame({"id": ["a\u200b", "b\u00ad", *names[2:]], "year": 2020, "value": 5.0})
    path = written(table, tmp_path / f"x.{kind}")
    assert rf.batch(path, horizon=1).forecasts["series_id"].tolist() == names
    assert rf.read(path, ReadOptions(series_id="a")).id == "a"
    for options, cells in (((), ["a", "b", "''=x", "'=x", "'-x"]), (("--raw-text",), names)):
        done = cli("batch", path, "--horizon", "1", "--format", "csv", *options)
        assert [line.partition(",")[0] for line in done.out.splitlines()[1:]] == cells
    assert cli("batch", path, "--format", "ndjson", "--raw-text").code == 2


def test_a_late_column_counts_from_where_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces(monkeypatch, 10)
    text = f"id,year,value,flag\n{MANY}b,2020,5,p\nb,2021,50,f\n"
    keys = "".join(f'{{"id": "r{number}", "year": 2020, "value": 5}}\n' for number in range(60))
    keys += '{"id": "b", "year": 2020, "value": 5}\n'
    keys += '{"id": "b", "year": 2021, "value": 50, "status": "forecast"}\n'
    for path in (saved(tmp_path, "x.csv", text), saved(tmp_path, "x.ndjson", keys)):
        rows = rf.batch(path, horizon=1).forecasts
        assert rows[rows["series_id"] == "b"]["period"].tolist() == [2021]
    other = text.replace("r3,2020,5,\n", "r3,2020,5,p\n").replace("50,f", "50,see below")
    with pytest.raises(InputError) as caught:
        rf.batch(saved(tmp_path, "y.csv", other))
    assert caught.value.place.column == 4
    rows = []
    for number in range(20):
        costs = 7 if number > 15 else None
        rows += [(f"r{number}", year, 5, costs) for year in (2014, 2015)]
    table = pd.DataFrame(rows, columns=["region", "year", "sales", "costs"])
    first, *_ = rf.batch(written(table, tmp_path / "z.csv"), horizon=1).notes
    assert str(first) == "Left out of z.csv: column 'costs' (empty in the first rows)."


@pytest.mark.slow
def test_one_series_is_no_reason_to_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces(monkeypatch, 20_000)
    assert refused(saved(tmp_path, "x.csv", "year,value\n" + "2020,5\n" * 150_000)) == {"x": 3}
    with pytest.raises(InputError) as caught:
        rf.batch(saved(tmp_path, "y.csv", "id,year,value\na" + "x" * 9_000_000 + ",2020,5\n"))
    assert caught.value.place.line == 2


@pytest.mark.slow
def test_the_first_rows_leave_before_the_last_are_read(tmp_path: Path) -> None:
    """A file of 65 MB and more is read in blocks, and what is forecast leaves a pipe at once."""
    note = "x" * 700
    lines = []
    for number in range(50_000):
        value = number % 97
        lines.append(f"s{number},2020,{value + 2020},{note}\n")
        lines.append(f"s{number},2021,{value + 2021},{note}\n")
    path = saved(tmp_path, "x.csv", "id,year,value,note\n" + "".join(lines))
    process = subprocess.Popen(
        [*PROGRAM, "batch", path, "--horizon", "1", "-q"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"series_id,")
    assert process.stdout.readline().startswith(b"s0,2022,")
    assert process.poll() is None
    process.kill()
    process.communicate()


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


def batch_of(folder: Path, name: str, text: str, **options: Any) -> Batch:
    return batch(saved(folder, name, text), options=ReadOptions(**options))


def left_out(done: Batch) -> list[str]:
    return [str(note) for note in done.notes if note.code == "left_out"]


@pytest.mark.parametrize("kind", ["csv", "csv plain", "tsv", "ndjson", "json", "parquet", "xlsx"])
def test_every_reader_names_the_same(kind: str, tmp_path: Path) -> None:
    options = ReadOptions(decimal="." if kind == "csv plain" else None)
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    done = batch(in_format(rows, tmp_path, kind.partition(" ")[0], "panel"), options=options)
    assert [note.code for note in done.notes] == CODES
    assert [note.warning for note in done.notes] == [True, True, True, False, False]
    named = ("'Rank' 'Comment'", "'2024E'", "'Total'", "published forecast", "'b'")
    for note, words in zip(done.notes, named, strict=True):
        assert all(word in str(note) for word in words.split()), note
    assert "1 value of parts" in str(done.notes[0])
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
    plain = (
        frame.slice(0, 2).select([0, 1, 2, 5]) if kind == "arrow" else frame.iloc[:2, [0, 1, 2, 5]]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast_frame(plain)


@pytest.mark.parametrize("decimal", [None, ","])
def test_keys_and_flags_that_begin_late_count(decimal: str | None, tmp_path: Path) -> None:
    many = "".join(f'{{"id": "a{number}", "year": 2021, "value": 5}}\n' for number in range(60))
    extra = many + '{"id": "b", "year": 2021, "value": 5, "more": 1}\n'
    (note,) = left_out(batch_of(tmp_path, "x.ndjson", extra, decimal=decimal))
    assert "column 'more'" in note
    text = many + '{"id": "a1", "year": 2022, "value": 50, "status": "forecast"}\n'
    rows = batch_of(tmp_path, "x.ndjson", text, decimal=decimal).forecasts
    # The forecast of 2022 is not taken for history.
    assert rows[rows["series_id"] == "a1"]["period"].min() == 2022
    for cell, word, first in (
        ("f", "", 2022),
        ("b", "flags a break", 2023),
        ("see", "column 'flag'", 2023),
    ):
        done = batch_of(
            tmp_path, "x.csv", f"id,year,value,flag\n{MANY}b,2021,5,p\nb,2022,50,{cell}\n"
        )
        assert word in "".join(map(str, done.notes))
        assert done.forecasts[done.forecasts["series_id"] == "b"]["period"].min() == first


def test_values_before_a_gap_are_counted(tmp_path: Path) -> None:
    rows = [{"id": "a", "year": year, "value": 5.0} for year in (2018, 2019, 2021, 2022)]
    for name, text in (
        ("x.json", json.dumps(rows)),
        ("x.csv", pd.DataFrame(rows).to_csv(index=False)),
    ):
        notes = {
            note.code: str(note) for note in batch_of(tmp_path, name, text, allow_gaps=True).notes
        }
        assert ([*notes], "2 values" in notes["before_gaps"]) == (
            ["before_gaps", "short_series"],
            True,
        )


def test_files_of_a_folder_that_are_not_parquet_are_named(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(
        pa.table({"id": ["a"], "year": [2021], "value": [5.0]}), tmp_path / "a.parquet"
    )
    (tmp_path / "b.csv").write_text("id,year,value\nb,2021,5\n", encoding="utf-8")
    (tmp_path / "_SUCCESS").write_text("", encoding="utf-8")
    (note,) = left_out(batch(tmp_path))
    assert ("'b.csv'" in note, "_SUCCESS" in note) == (True, False)


def parquet_of_a_point(file: Path, id_: str, column: str = "value") -> None:
    file.parent.mkdir(exist_ok=True)
    table = pa.table({"id": [id_], "year": [2021], column: [5.0]})
    pyarrow.parquet.write_table(table, file)


def test_hidden_files_of_a_folder_of_parquet_files_are_not_read(tmp_path: Path) -> None:
    parquet_of_a_point(tmp_path / "a.parquet", "a")
    parquet_of_a_point(tmp_path / "_temporary" / "b.parquet", "b")
    parquet_of_a_point(tmp_path / ".c.parquet", "c")
    assert set(batch(tmp_path).forecasts["series_id"]) == {"a"}


def test_files_of_a_folder_of_parquet_files_have_the_same_columns(tmp_path: Path) -> None:
    parquet_of_a_point(tmp_path / "a.parquet", "a")
    parquet_of_a_point(tmp_path / "b.parquet", "b", column="sales")
    with pytest.raises(InputError, match=r"b\.parquet has other columns than .*a\.parquet"):
        batch(tmp_path)


def test_a_decimal_mark_that_only_later_rows_make_unclear_stops_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["series_id;year;value"]
    lines += [f"a{number:03};{year};5" for number in range(40) for year in range(2015, 2020)]
    lines += [f"b;{2015 + step};1.{100 + 10 * step}" for step in range(8)]
    path = saved(tmp_path, "large.csv", "\n".join([*lines, ""]))
    with pytest.raises(InputError, match="may be the decimal mark"):
        rf.batch(path)
    in_pieces(monkeypatch, 20)
    with pytest.raises(InputError, match="may be the decimal mark"):
        rf.batch(path)
    assert len(rf.batch(path, options=ReadOptions(decimal=".")).forecasts)


def test_a_last_date_within_a_year_is_left_out_as_of_one_series(tmp_path: Path) -> None:
    ends = "".join(f"a,{year}-12-31,{year - 2008}\n" for year in range(2018, 2022))
    path = saved(tmp_path, "dates.csv", f"series_id,period,value\n{ends}a,2022-03-31,3\n")
    done = rf.batch(path)
    assert done.forecasts["period"].tolist() == [2022, 2023]
    assert "part_of_year" in {note.code for note in done.notes}


def test_ends_of_years_that_fall_into_one_week_are_whole_years(tmp_path: Path) -> None:
    days = ["2018-12-29", "2019-12-28", "2020-12-26", "2021-12-31"]
    rows = "".join(f"a,{day},{number}\n" for number, day in enumerate(days, 10))
    path = saved(tmp_path, "weeks.csv", f"series_id,period,value\n{rows}")
    assert rf.batch(path).forecasts["period"].tolist() == [2022, 2023]


def test_a_period_that_is_none_is_refused_without_a_value_as_well(tmp_path: Path) -> None:
    rows = "a,2018,10\na,2019,11\na,202O,\nb,2018,10\nb,2019,11\n"
    path = saved(tmp_path, "periods.csv", f"series_id,period,value\n{rows}")
    assert refused(path) == {"a": 4}
