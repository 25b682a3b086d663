"""Whatever the file and the way it is read, a series gets what it gets alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xlsxwriter

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.batch import build
from rural_forecast.series.reading import ReadOptions
from tests.forecasting.batch.panels import frame, in_pieces, written

NUMBERS = ["value", "lower_80", "upper_80", "lower_95", "upper_95"]


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return frame()


@pytest.fixture(scope="module")
def expected(panel: pd.DataFrame) -> pd.DataFrame:
    return rf.forecast_frame(panel, horizon=4)


@pytest.mark.slow
def test_a_series_gets_what_it_gets_alone(panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path) -> None:
    for name, rows in list(panel.groupby("series_id", sort=False))[:30]:
        alone = rf.forecast(rf.read(written(rows, tmp_path / "one.csv")), year=int(rows["year"].max()) + 4).best
        batch = expected[expected["series_id"] == name]
        assert np.allclose(batch["value"], alone.values, rtol=1e-12, atol=0)
        assert np.allclose(batch["lower_80"], alone.lower[0], rtol=1e-12, atol=0)
        assert np.allclose(batch["upper_95"], alone.upper[1], rtol=1e-12, atol=0)
        assert (batch["unit"] == rows["unit"].iloc[0]).all()


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".parquet"])
def test_a_column_with_the_factor_of_the_values_counts(panel: pd.DataFrame, tmp_path: Path, suffix: str) -> None:
    name, rows = next(iter(panel.assign(unit="USD", scale="millions").groupby("series_id", sort=False)))
    alone = rf.read(written(rows, tmp_path / "alone.csv"))
    done = rf.batch(written(rows, tmp_path / f"panel{suffix}"), horizon=2).forecasts
    assert alone.unit == "millions of USD", name
    assert set(done["unit"]) == {alone.unit}


def test_factors_are_counted_in_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("a", 2020, 1, "USD", "6"), ("a", 2021, 2, "", ""), ("b", 2020, 1, "%", "6"), ("b", 2021, 2, "%", "6"),
            ("c", 2020, 1, "t", ""), ("c", 2021, 2, "t", "")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["id", "year", "value", "unit", "scale"])
    clash = pd.DataFrame([("d", 2020, 1, "t", "6"), ("d", 2021, 2, "t", "3")], columns=frame.columns)
    done = rf.batch(written(pd.concat([frame, clash]), tmp_path / "clash.csv"), horizon=1)
    assert "differs from '6'" in done.refused["reason"].item()
    monkeypatch.setattr(build.Alone, "read", None)
    done = rf.batch(written(frame, tmp_path / "panel.csv"), horizon=1)
    assert dict(zip(done.forecasts["series_id"], done.forecasts["unit"], strict=True)) == {
        "a": "millions of USD", "b": "%", "c": "t",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".ndjson", ".parquet"])
def test_every_format_gives_the_same(panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path, suffix: str) -> None:
    done = rf.batch(written(panel, tmp_path / f"panel{suffix}"), horizon=4)
    assert done.refused.empty
    exact = suffix != ".ndjson"  # pandas writes fifteen digits there
    pd.testing.assert_frame_equal(done.forecasts, expected, check_exact=exact, rtol=1e-9)


def test_a_folder_of_parts_is_one_table(panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path) -> None:
    for number, start in enumerate(range(0, len(panel), 100)):
        written(panel.iloc[start : start + 100], tmp_path / f"part-{number:04}.parquet")
    (tmp_path / "_hidden.parquet").write_bytes(b"no parquet")
    pd.testing.assert_frame_equal(rf.batch(tmp_path, horizon=4).forecasts, expected)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_small_pieces_change_nothing(
    panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    in_pieces(monkeypatch, 37)
    together = rf.batch(written(panel, tmp_path / f"together{suffix}"), horizon=4).forecasts
    pd.testing.assert_frame_equal(together, expected)


def test_a_file_that_is_held_at_once_needs_no_order(
    panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path
) -> None:
    shuffled = panel.sample(frac=1.0, random_state=2)
    done = rf.batch(written(shuffled, tmp_path / "shuffled.csv"), horizon=4).forecasts
    assert done["series_id"].drop_duplicates().tolist() == shuffled["series_id"].drop_duplicates().tolist()
    order = ["series_id", "period"]
    pd.testing.assert_frame_equal(
        done.sort_values(order, ignore_index=True), expected.sort_values(order, ignore_index=True)
    )


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".ndjson", ".parquet"])
def test_a_larger_file_is_sorted_by_the_command_of_its_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Far apart or near, the row at which a series comes back is named."""
    panel = frame(30, longest=9)[["year", "series_id", "value"]].assign(
        series_id=lambda rows: rows["series_id"].str[:-3]
    )
    monkeypatch.chdir(tmp_path)
    in_pieces(monkeypatch, 37)
    for table in (panel.sample(frac=1.0, random_state=2), pd.concat([panel.iloc[1:], panel.iloc[:1]])):
        written(table, Path(f"my panel{suffix}"))
        with pytest.raises(InputError) as caught:
            rf.batch(f"my panel{suffix}", horizon=1)
        assert (caught.value.code, caught.value.place.line > 0) == ("cell", True)
        sort = caught.value.hint.partition(": ")[2].replace("python -c", f"{sys.executable} -c")
        if suffix == ".ndjson" and not shutil.which("jq"):
            continue
        subprocess.run(sort, shell=True, check=True)
        assert len(rf.batch(f"sorted{suffix}", horizon=1).forecasts) == 30
    assert caught.value.place.line == len(panel) + (suffix in (".csv", ".tsv"))
    assert caught.value.value == "r0"


def test_without_pyarrow_the_standard_library_reads_the_same(
    panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path
) -> None:
    options = ReadOptions(encoding="utf-8")  # which only the plain reader takes
    done = rf.batch(written(panel, tmp_path / "panel.csv"), horizon=4, options=options)
    pd.testing.assert_frame_equal(done.forecasts, expected)


@pytest.mark.slow
def test_workers_change_nothing(panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path) -> None:
    done = rf.batch(written(panel, tmp_path / "panel.csv"), horizon=4, workers=2)
    pd.testing.assert_frame_equal(done.forecasts, expected)


def test_a_year_reaches_every_series(panel: pd.DataFrame) -> None:
    done = rf.forecast_frame(panel, year=2026)
    origins = panel.groupby("series_id")["year"].max()
    assert (done.groupby("series_id")["period"].min() == origins + 1).all()
    assert (done.groupby("series_id")["period"].max() == 2026).all()


def test_history_and_models_stand_in_the_order_of_the_contract(panel: pd.DataFrame) -> None:
    one = next(rows for _, rows in panel.groupby("series_id") if len(rows) > 9 and rows["value"].min() > 0)
    done = rf.forecast_frame(one, horizon=2, models=["theta", "naive"], history=True)
    kinds = ["actual"] * len(one) + ["forecast"] * 4
    assert done["kind"].tolist() == kinds
    assert done["model"].tolist() == [""] * len(one) + ["theta", "theta", "naive", "naive"]
    assert done["period"].tolist()[: len(one)] == one["year"].tolist()
    assert np.isnan(done["growth_pct"].iloc[0])
    every = rf.forecast_frame(one, horizon=2, all_models=True)
    assert every["model"].iloc[0] == "consensus"
    assert {"theta", "holt", "damped_holt", "cagr"} <= set(every["model"])


def bad() -> pd.DataFrame:
    rows = [
        ("good", 2019, 1.0), ("good", 2020, 2.0), ("gap", 2018, 1.0), ("gap", 2020, 2.0), ("gap", 2021, 2.5),
        ("twice", 2019, 1.0), ("twice", 2019, 1.0), ("empty", 2019, 1.0), ("empty", 2020, np.nan),
        ("huge", 2019, np.inf), ("fine", 2020, 3.0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unique_id", "ds", "y"])


def test_refused_series_do_not_stop_the_rest(tmp_path: Path) -> None:
    for suffix, offset in ((".csv", 2), (".parquet", 1)):
        done = rf.batch(written(bad(), tmp_path / f"bad{suffix}"))
        assert done.forecasts["series_id"].unique().tolist() == ["good", "empty", "fine"]
        assert done.forecasts.loc[done.forecasts["series_id"] == "empty", "period"].tolist() == [2020, 2021]
        assert "1 value of bad" in str(done.notes[0])
        lines = dict(zip(done.refused["series_id"], done.refused["line"], strict=True))
        assert lines == {"gap": 3 + offset, "twice": 6 + offset, "huge": 9 + offset}
        reasons = " ".join(done.refused["reason"])
        for words in ("jump from 2018 to 2020", "second value of 2019", "is not a finite number"):
            assert words in reasons.replace("'inf' is not a number", "'inf' is not a finite number")


def test_gaps_may_be_allowed(tmp_path: Path) -> None:
    done = rf.batch(written(bad(), tmp_path / "bad.csv"), options=ReadOptions(allow_gaps=True), history=True)
    gap = done.forecasts[done.forecasts["series_id"] == "gap"]
    assert gap["period"].tolist() == [2020, 2021, 2022, 2023]


def test_odd_cells_and_lines_refuse_their_series_alone(tmp_path: Path) -> None:
    text = (
        "id,year,value,status\nA,2019,1,\n\nA,2020,n/a,\nB,2019,2,actual\nB,2020,3,\nC,2019,4\n"
        'C,2020,5,\nD,FY2020,"6",\nD,2021,7,forecast\n,2020,1,\nE,20x0,1,\nF,2020Q1,1,\n'
    )
    (tmp_path / "odd.csv").write_text(text)
    done = rf.batch(tmp_path / "odd.csv", horizon=1)
    assert done.forecasts[["series_id", "period"]].to_numpy().tolist() == [["A", 2020], ["B", 2021], ["D", 2021]]
    lines = dict(zip(done.refused["series_id"], done.refused["line"], strict=True))
    assert lines == {"C": 7, "": 11, "E": 12, "F": 0}


def test_what_columns_cannot_say_goes_to_the_careful_readers(tmp_path: Path) -> None:
    text = "id,year,value,source\nA,2019,10,x\nA,2019,12,y\nA,2020,11,x\nB,2019,1,x\nB,2021,1,x\n"
    (tmp_path / "sources.csv").write_text(text)
    done = rf.batch(tmp_path / "sources.csv", horizon=1)
    assert done.forecasts["series_id"].tolist() == ["A"]
    assert done.refused[["series_id", "line"]].to_numpy().tolist() == [["B", 6]]
    (tmp_path / "wide.csv").write_text("region,2018,2019,2020\nA,1,2,3\nB,4,5,6\n")
    assert rf.batch(tmp_path / "wide.csv", horizon=1).forecasts["series_id"].tolist() == ["A", "B"]


def test_refusals_of_the_fast_readers_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "comma.csv").write_text("id,year,value\nA,2019,1,234\n")
    assert 'between quotes ("1,234")' in rf.batch(tmp_path / "comma.csv").refused["reason"][0]
    frame = pd.DataFrame({"id": ["a", "b"], "year": [2019, 2019], "value": ["1,234 or so", None]})
    first, second = rf.forecast_frame(frame, refused="rows")["model"]
    assert first.startswith("column 'value': '1,234 or so' is not a number")
    assert second.startswith("column 'value' is empty where a number must be. Leave the row out")


def test_two_definitions_are_never_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("A", 2019, 1, "goods"), ("B", 2019, 1, "x"), ("A", 2020, 2, ""), ("B", 2020, 2, ""), ("A", 2021, 9, "all")]
    frame = pd.DataFrame(rows, columns=["id", "year", "value", "definition"]).assign(unit="t")
    together = frame.sort_values("id", kind="stable")
    for name, table in (("apart.csv", frame), ("apart.parquet", frame), ("together.csv", together)):
        if table is together:
            in_pieces(monkeypatch, 2)
        done = rf.batch(written(table, tmp_path / name), horizon=1)
        assert done.forecasts[["series_id", "unit"]].to_numpy().tolist() == [["B", "t"]]
        (refused,) = done.refused.itertuples(index=False)
        assert "'all' differs from 'goods' in the rows before of series 'A'. One series has one" in refused.reason
        assert refused.line == {"together.csv": 4, "apart.csv": 6, "apart.parquet": 5}[name]


def test_a_refusal_tells_its_line_once_and_takes_no_time_of_day_for_one(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("region,2019,2020\nA,1,O1\n")
    (refused,) = rf.batch(tmp_path / "wide.csv").refused.itertuples(index=False)
    assert (refused.line, refused.reason[:36]) == (2, "column '2020': 'O1' is not a number.")
    (tmp_path / "market.csv").write_text("year,value,source\n2018,1,a\n2018,2,b\n2020,1,a\n")
    (refused,) = rf.batch(tmp_path / "market.csv").refused.itertuples(index=False)
    assert (refused.series_id, refused.line) == ("market", 4)
    with xlsxwriter.Workbook(tmp_path / "wide.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["region", 2019, 2020])
        sheet.write_row(1, 0, ["A", 1, "at 12:30"])
    (refused,) = rf.batch(tmp_path / "wide.xlsx").refused.itertuples(index=False)
    assert refused.line == 2
    assert refused.reason.startswith("column '2020': 'at 12:30' is not a number")


def test_rates_stay_inside_their_bounds_as_alone(tmp_path: Path) -> None:
    rows = [("a", 2018 + i, value, "%", "rate") for i, value in enumerate([80, 86, 91, 95])]
    rows += [("b", 2020 + i, value, "", "") for i, value in enumerate([50, 90])]
    frame = pd.DataFrame(rows, columns=["id", "year", "value", "unit", "measure"])
    frame.to_csv(tmp_path / "rates.csv", index=False)
    done = rf.batch(tmp_path / "rates.csv", year=2024, models=["consensus", "linear"]).forecasts
    assert done[done["series_id"] == "a"][["value", "upper_95"]].max().max() <= 100
    assert done[done["series_id"] == "b"]["value"].max() > 100
    for name in ("a", "b"):
        series = rf.read(tmp_path / "rates.csv", rf.ReadOptions(series_id=name))
        alone = rf.forecast(series, year=2024, models=["consensus", "linear"])
        mine = done[done["series_id"] == name]
        values = [value for given in alone.main for value in given.values]
        assert mine["value"].tolist() == pytest.approx(values, rel=1e-12)
    made = rf.forecast_frame(frame, year=2024, models=["consensus", "linear"])
    pd.testing.assert_frame_equal(made, done)


def test_the_pure_function_takes_and_gives_both_libraries(panel: pd.DataFrame, expected: pd.DataFrame) -> None:
    made = rf.forecast_frame(pa.Table.from_pandas(panel, preserve_index=False), horizon=4)
    pd.testing.assert_frame_equal(made.to_pandas(), expected)
    assert rf.forecast_frame(panel.iloc[:0]).dtypes.to_dict() == expected.dtypes.to_dict()


def test_the_pure_function_says_what_it_refuses() -> None:
    with pytest.warns(UserWarning, match="1 value of the frame is missing"):
        rows = rf.forecast_frame(bad(), refused="rows")
    assert rows[rows["kind"] == "refused"]["series_id"].tolist() == ["gap", "twice", "huge"]
    table = bad()[lambda frame: frame["unique_id"] != "empty"]
    with pytest.raises(InputError, match=r"'gap'.*jump from 2018 to 2020.*2 more"):
        rf.forecast_frame(table)
    assert set(rf.forecast_frame(table, refused="drop")["kind"]) == {"forecast"}


@pytest.mark.parametrize(
    ("year", "value"),
    [
        (pd.array([2019, 2020, 2019, None], dtype="Int64"), [1.0, 2.0, 3.0, 4.0]),
        (pd.PeriodIndex(["2019", "2020", "2018", "2020"], freq="Y"), [1.0, 2.0, 3.0, 4.0]),
        (pd.to_datetime(["2019-12-31", "2020-12-31", "2019-12-31", None]), [1.0, 2.0, 3.0, 4.0]),
        ([2019, 2020, 2019, 2020], pd.array([1, 2, None, None], dtype="Int64")),
    ],
)
def test_any_type_of_column_that_holds_years_or_numbers(year: object, value: object) -> None:
    rows = rf.forecast_frame(
        pd.DataFrame({"id": list("aabb"), "year": year, "value": value}), refused="rows", horizon=1
    )
    assert rows[["series_id", "period", "kind"]].to_numpy().tolist() == [["a", 2021, "forecast"], ["b", 0, "refused"]]
    assert any(words in rows["model"].iloc[1] for words in ("is empty", "jump from 2018"))


def test_a_frame_without_a_period_is_refused_without_a_row() -> None:
    with pytest.raises(InputError, match=r"^the frame: no column holds the period"):
        rf.forecast_frame(pd.DataFrame({"id": ["a"], "value": [1.0]}, index=pd.Index([2020], name="year")))


def test_requests_that_cannot_be(panel: pd.DataFrame) -> None:
    for wrong in ({"horizon": 0}, {"horizon": 101}, {"horizon": 1, "year": 2030}, {"levels": [20]}, {"models": ["x"]}):
        with pytest.raises(UsageError):
            rf.forecast_frame(panel, **wrong)


def test_a_model_that_cannot_answer_refuses_the_series() -> None:
    table = pd.DataFrame({"id": ["a", "b", "b"], "year": [2020, 2019, 2020], "value": [1.0, 2.0, 3.0]})
    rows = rf.forecast_frame(table, models=["cagr"], refused="rows")
    assert rows[rows["kind"] == "refused"]["model"].tolist() == [
        "No model that was asked for can answer: cagr needs at least 2 points."
    ]
