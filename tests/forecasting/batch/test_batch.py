"""Whatever the file and the way it is read, a series gets what it gets alone."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.batch import build, run
from rural_forecast.forecasting.batch.calibration import (
    GOES_ON,
    LARGEST_AUTO,
    calibrated,
    common_error,
    distances,
    distances_of_each,
    last_origins,
)
from rural_forecast.forecasting.batch.inputs import opened, opened_frame
from rural_forecast.forecasting.calibrated import moved
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.panel import Panel, Request, request
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.render.formats import parquet
from tests.forecasting.batch.panels import frame, in_pieces, written
from tests.inside import typed

ORDER = ["series_id", "period"]
ASKED_OF_ALL: dict[str, Any] = {"horizon": 4, "models": ["naive", "drift"]}
"""Quick models, for reading is what is tried."""


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return frame()


@pytest.fixture(scope="module")
def expected(panel: pd.DataFrame) -> pd.DataFrame:
    return rf.forecast_frame(panel, **ASKED_OF_ALL)


@pytest.mark.parametrize("rows", [0, 37])
def test_a_folder_of_parts_is_one_table(
    panel: pd.DataFrame,
    expected: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: int,
) -> None:
    if rows:
        in_pieces(monkeypatch, rows)
    for number, start in enumerate(range(0, len(panel), 100)):
        written(panel.iloc[start : start + 100], tmp_path / f"part-{number:04}.parquet")
    (tmp_path / "_hidden.parquet").write_bytes(b"no parquet")
    pd.testing.assert_frame_equal(rf.batch(tmp_path, **ASKED_OF_ALL).forecasts, expected)


def test_a_file_that_is_held_at_once_needs_no_order(
    panel: pd.DataFrame, expected: pd.DataFrame, tmp_path: Path
) -> None:
    shuffled = panel.sample(frac=1.0, random_state=2)
    options = ReadOptions(encoding="utf-8")
    done = rf.batch(
        written(shuffled, tmp_path / "shuffled.csv"), **ASKED_OF_ALL, options=options
    ).forecasts
    assert (
        done["series_id"].drop_duplicates().tolist()
        == shuffled["series_id"].drop_duplicates().tolist()
    )
    done, expected = (table.sort_values(ORDER, ignore_index=True) for table in (done, expected))
    pd.testing.assert_frame_equal(done, expected)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".ndjson", ".parquet"])
@pytest.mark.slow
def test_a_larger_file_is_sorted_by_the_command_of_its_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Far apart or near, the row at which a series comes back is named."""
    panel = frame(30, longest=9)[["year", "series_id", "value"]]
    panel["series_id"] = panel["series_id"].str[:-3]
    monkeypatch.chdir(tmp_path)
    in_pieces(monkeypatch, 37)
    for table in (
        panel.sample(frac=1.0, random_state=2),
        pd.concat([panel.iloc[1:], panel.iloc[:1]]),
    ):
        written(table, Path(f"my panel{suffix}"))
        with pytest.raises(InputError) as caught:
            rf.batch(f"my panel{suffix}", horizon=1, models=["naive"])
        assert (caught.value.code, caught.value.place.line > 0) == ("cell", True)
        if Path(f"sorted{suffix}").exists() or (suffix == ".ndjson" and not shutil.which("jq")):
            continue
        sort = caught.value.hint.partition(": ")[2].replace("python -c", f"{sys.executable} -c")
        subprocess.run(sort, shell=True, check=True)
        assert len(rf.batch(f"sorted{suffix}", horizon=1, models=["naive"]).forecasts) == 30
    assert (caught.value.value, caught.value.place.line) == (
        "r0",
        len(panel) + (suffix in (".csv", ".tsv")),
    )


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".parquet"])
def test_a_column_with_the_factor_of_the_values_counts(
    panel: pd.DataFrame, tmp_path: Path, suffix: str
) -> None:
    rows = panel[panel["series_id"] == panel["series_id"].iloc[0]].assign(
        unit="USD", scale="millions"
    )
    done = rf.batch(written(rows, tmp_path / f"panel{suffix}"), horizon=2).forecasts
    assert set(done["unit"]) == {"millions of USD"} == {rf.read(tmp_path / f"panel{suffix}").unit}


def test_factors_are_counted_in_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ("a", 2020, 1, "USD", "6"),
        ("a", 2021, 2, "", ""),
        ("b", 2020, 1, "%", "6"),
        ("b", 2021, 2, "%", "6"),
        ("c", 2020, 1, "t", ""),
        ("c", 2021, 2, "t", ""),
        ("e", 2021, 2, "kg", ""),
        ("e", 2020, 1, "", ""),
    ]
    frame = pd.DataFrame(rows, columns=["id", "year", "value", "unit", "scale"])
    clash = pd.DataFrame(
        [("d", 2020, 1, "t", "6"), ("d", 2021, 2, "t", "3")], columns=frame.columns
    )
    done = rf.batch(written(pd.concat([frame, clash]), tmp_path / "clash.csv"), horizon=1)
    assert done.refused["series_id"].tolist() == ["d"]
    monkeypatch.setattr(build.Builder, "series", None)
    units = rf.batch(written(frame, tmp_path / "panel.csv"), horizon=1).forecasts.set_index(
        "series_id"
    )["unit"]
    assert units.to_dict() == {"a": "millions of USD", "b": "%", "c": "t", "e": "kg"}


WIDE = "Region,Sector,2019,2020,2021\nNorth,Coal,1,2,4\nNorth,Gas,5,6,7\nSouth,Coal,..,8,9\n"
LONG = "Region,Sector,year,value\nNorth,Coal,2019,1\nNorth,Coal,2020,2\nSouth,Coal,2020,5\n"


@pytest.mark.parametrize("above", ["", "Output by region\nSource: the office\n\n"])
def test_published_files_are_read_as_several_series_are(above: str, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    long = tmp_path / "long.csv"
    wide.write_text(above + WIDE)
    long.write_text(above + LONG)
    done = rf.batch(wide, horizon=1).forecasts.set_index("series_id")["value"]
    assert list(done.index) == ["North / Coal", "North / Gas", "South / Coal"]
    for name, value in done.items():
        region, _, sector = str(name).partition(" / ")
        alone = rf.forecast(
            rf.read(wide, ReadOptions(series_id=sector, where=(f"Region={region}",)))
        )
        assert alone.best.values[0] == pytest.approx(value, rel=1e-12)
    assert rf.batch(long, horizon=1).forecasts["series_id"].tolist() == ["North", "South"]


def test_a_unit_that_a_later_row_states_is_that_of_its_series(tmp_path: Path) -> None:
    file = tmp_path / "unit.csv"
    file.write_text("id,year,value,Comment,units\na,2020,10,,\na,2021,11,,m EUR\n")
    assert set(rf.batch(file, horizon=1).forecasts["unit"]) == {"m EUR"}


def test_folders_named_after_values_are_columns(tmp_path: Path) -> None:
    for region, first in (("North", 5.0), ("South", 50.0)):
        folder = tmp_path / "version=1" / f"region={region}"
        folder.mkdir(parents=True)
        written(
            pd.DataFrame({"id": "a", "year": [2020, 2021], "value": [first, first + 1]}),
            folder / "part.parquet",
        )
    done = rf.batch(tmp_path, horizon=1)
    assert done.forecasts["series_id"].tolist() == ["North", "South"]
    assert not any("region" in str(note) for note in done.notes if note.code == "left_out"), (
        "it is used"
    )
    assert done.forecasts["value"].round().tolist() == [7.0, 52.0]
    for folder in tmp_path.glob("*/*"):
        written(pd.DataFrame({"year": [2020, 2021], "value": [5.0, 6.0]}), folder / "part.parquet")
    assert rf.batch(tmp_path, horizon=1).forecasts["series_id"].tolist() == ["North", "South"]


@pytest.mark.slow
def test_files_of_a_folder_are_opened_one_at_a_time(tmp_path: Path) -> None:
    for number in range(60):
        written(
            pd.DataFrame({"id": [f"s{number}"], "year": 2020, "value": 5.0}),
            tmp_path / f"{number}.parquet",
        )
    code = "import resource, sys, rural_forecast as rf; "
    code += "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)); "
    code += "print(len(rf.batch(sys.argv[1], horizon=1).forecasts))"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout == "60\n"


SERIES = 60
YEARS = 25
ASKED = request(BatchQuestion(levels=(80, 95)))


def steady(hit: int = SERIES, more: float = 0.0, years: int = 1) -> Panel:
    """Series of steady growth, or of wilder one, so many of which grow by more in each of so many
    last years.
    """
    growth, spread, seed = (0.03, 0.03, 3) if years == 1 else (0.02, 0.05, 4)
    steps = np.random.default_rng(seed).normal(growth, spread, (SERIES, YEARS))
    steps[:hit, -years:] += more
    values = np.exp(np.cumsum(steps, axis=1)).ravel()
    ids = [str(number) for number in range(SERIES)]
    return Panel(
        ids, np.arange(0, SERIES * YEARS + 1, YEARS), values, np.full(SERIES, 2020), [""] * SERIES
    )


def test_a_batch_of_python_is_calibrated_as_well(tmp_path: Path) -> None:
    wild = steady(more=-0.4)
    years = np.tile(np.arange(YEARS) + 2020 - YEARS + 1, SERIES)
    table = pd.DataFrame({"id": np.repeat(wild.ids, YEARS), "year": years, "value": wild.values})
    table.to_csv(tmp_path / "wild.csv", index=False)
    plain, wider = (rf.batch(tmp_path / "wild.csv", calibrate=mode) for mode in ("never", "auto"))
    assert (wider.forecasts["upper_80"] > plain.forecasts["upper_80"]).all()
    codes = [note.code for note in wider.notes]
    assert [code for code in codes if not code.startswith("finding")] == [
        "calibration",
        "calibrated_level",
        "calibrated_level",
        "surprised",
    ]
    assert "findings" in codes, "the leap of the last year may be a new basis"


@pytest.mark.parametrize("hit", [40, 60])
def test_a_common_surprise_widens_by_a_part_of_what_its_year_needed(hit: int) -> None:
    done = calibrated(steady(), ASKED, 6, "auto")
    assert (done.factors, done.warnings) == ((1.0, 1.0), ()), "where no year surprised most"
    shocked = steady(hit, more=-0.4)
    needed = np.quantile(distances(shocked, ASKED, 1)[0, :, 0], 0.8)
    for mode in ("auto", "always"):
        done = calibrated(shocked, ASKED, 6, mode)
        assert [note.code for note in done.warnings] == ["surprised"]
        assert done.factors[0] >= 0.99 * min(needed, 4.0) ** GOES_ON > 1.2
        assert mode == "always" or max(done.factors) <= LARGEST_AUTO


def common_error_of(panel: Panel, asked: Request) -> float:
    return common_error(distances_of_each(last_origins(panel), asked), asked)


def test_values_move_where_three_origins_missed_on_one_side_unless_it_was_a_shock() -> None:
    up, down, shock = (
        common_error_of(steady(years=3, more=more), ASKED) for more in (0.025, -0.025, 0.5)
    )
    assert 0.05 < up < 0.35
    assert -0.35 < down < -0.05
    assert shock == 0
    assert common_error_of(steady(more=-0.4), request(BatchQuestion(levels=(50, 90)))) == 0
    assert calibrated(steady(years=3, more=0.025), ASKED, 4, "auto").shift == up


def test_a_move_keeps_signs_and_the_widths_in_logs() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0]])
    joint = consensus(values, 3, (80, 95))
    for shift in (0.3, -0.3):
        point, lower, upper = moved(values, *joint[:3], 0, shift)
        assert np.all(np.sign(point - joint.point) == np.sign(shift))
        np.testing.assert_allclose(upper[0] / lower[0], joint.upper[0] / joint.lower[0])
        assert np.all((lower >= 0) & (lower <= point[:, None]) & (point[:, None] <= upper))


def _markets(path: Path) -> Path:
    lines = ["region,product,year,value"]
    for region in ("North", "South", "North Island"):
        for product in ("cars", "vans"):
            first = len(region) * len(product)
            lines += [f"{region},{product},{year},{first + year % 7}" for year in range(2015, 2021)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_conditions_hold_in_every_block(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _markets(tmp_path / "markets.csv")
    file = written(pd.read_csv(text), tmp_path / f"markets.{suffix}")
    options = ReadOptions(where=("region=South", "product=cars"))
    whole = rf.batch(file, options=options, horizon=1)
    in_pieces(monkeypatch, 4)
    in_blocks = rf.batch(file, options=options, horizon=1)
    assert [*in_blocks.forecasts.series_id] == ["South / cars"]
    pd.testing.assert_frame_equal(in_blocks.forecasts, whole.forecasts)


def test_cells_that_conditions_leave_out_of_blocks_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(_markets(tmp_path / "markets.csv"))
    options = ReadOptions(where=("region=South", "product=cars"))
    accounts = []
    for _ in range(2):
        opening = opened(file, options)
        assert [len(part.panel.ids) for part in opening.parts] == [1]
        accounts.append(opening.account())
        in_pieces(monkeypatch, 4)
    whole, in_blocks = accounts
    assert whole is not None
    assert in_blocks is not None
    assert (in_blocks.cells, in_blocks.used) == (whole.cells, whole.used)


@pytest.mark.parametrize("condition", ["region=Nor", "place=North"])
def test_a_condition_that_no_block_meets_is_refused(
    condition: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _markets(tmp_path / "markets.csv")
    in_pieces(monkeypatch, 4)
    with pytest.raises(UsageError) as refused:
        rf.batch(file, options=ReadOptions(where=(condition,)), horizon=1)
    assert refused.value.code == "unknown_name"


def _table_of(series: int) -> pd.DataFrame:
    years = range(2010, 2016)
    rows = [
        (f"s{name}", year, 10.0 + name + year - 2010) for name in range(series) for year in years
    ]
    return pd.DataFrame(rows, columns=["id", "year", "value"])


def test_the_first_part_of_a_batch_that_is_awaited_is_small_and_changes_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = _table_of(12)
    whole = rf.forecast_frame(table, horizon=2)
    monkeypatch.setattr(run, "FIRST", 3)
    opened = opened_frame(table, ReadOptions())
    running = run.Running(opened, request(BatchQuestion()), len_of_ids, as_they_come=True)
    assert [chunk.payload for chunk in running.parts(workers=1)] == [3, 9]
    pd.testing.assert_frame_equal(rf.forecast_frame(table, horizon=2), whole, check_exact=True)


def test_blocks_of_a_file_are_forecast_together_unless_they_are_awaited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "series.csv"
    _table_of(12).to_csv(file, index=False)
    in_pieces(monkeypatch, 4)
    counts = []
    for as_they_come in (True, False):
        opened_file = opened(str(file), ReadOptions())
        asked = request(BatchQuestion())
        running = run.Running(opened_file, asked, len_of_ids, as_they_come=as_they_come)
        counts.append([chunk.payload for chunk in running.parts(workers=1)])
    awaited, together = counts
    assert len(awaited) > 1
    assert sum(awaited) == 12
    assert together == [12]


def len_of_ids(forecasts: Answers) -> int:
    return len(forecasts.panel.ids)


def test_row_groups_of_parquet_do_not_depend_on_the_parts_of_a_batch(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = pytest.importorskip("pyarrow.parquet").read_metadata
    monkeypatch.setattr(parquet, "ROW_GROUP", 10)
    _table_of(12).to_csv("series.csv", index=False)
    files = []
    for series in (12, 5, 1):
        monkeypatch.setattr(run, "SLICE", series)
        assert typed("batch", "series.csv", "--horizon", 2, "-o", "out.parquet").code == 0
        files.append((here / "out.parquet").read_bytes())
    assert metadata("out.parquet").num_row_groups == 3
    assert len(set(files)) == 1
