"""`batch` as users type it; limits in every command, and the limits of numbers."""

import csv
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rural_forecast.document.table import Block, CodedTexts, Column, Document, Table
from rural_forecast.render.formats import BY_NAME, render, separated
from rural_forecast.render.records import cells, text
from tests.forecasting.batch.panels import frame, written
from tests.inside import Cli, Outcome, rows
from tests.programs import HEADER, ended, run, terminal

GOOD = "series_id,year,value,unit\nA,2019,10,bn\nA,2020,12,bn\nA,2021,15,bn\n=B,2020,7,bn\n=B,2021,8,bn\n"
BAD = GOOD + "C,2019,1,bn\nC,2021,2,bn\n"


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.csv").write_text(GOOD)
    return str(tmp_path / "good.csv")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.csv").write_text(BAD)
    return str(tmp_path / "bad.csv")


SIZES = (("small", 10), ("large", 900))


def test_rows_follow_the_contract_and_cells_are_harmless(cli: Cli, good: str) -> None:
    done = cli("batch", good, "--horizon", "1")
    assert (done.code, done.err) == (0, "2 series forecast\n")
    header, *rows = csv.reader(done.out.splitlines())
    assert ",".join(header).startswith(HEADER)
    assert [(row[0], row[-1]) for row in rows] == [("A", "bn"), ("'=B", "bn")]
    assert cli("batch", "-", "--horizon", "1", "-q", stdin=GOOD).out == done.out


def test_people_see_one_row_a_series_the_largest_first(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    rows = [f"{name},{2015 + step},{start + step}" for name, start in SIZES for step in range(6)]
    file.write_text("\n".join(["series_id,year,value", *rows]))
    text = cli("batch", file, "--horizon", "3", "--format", "table").out
    head, *shown = text.split("\n\n")[1].splitlines()
    assert text.startswith("2 series, forecast to 2023")
    assert head.split()[:3] == ["Series", "2020", "2023"]
    assert [row.split()[:2] for row in shown] == [["large", "905"], ["small", "15"]]
    assert all("◆" in row for row in shown)


def test_series_in_different_units_share_no_axis(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    rows = [
        f"{name},{2015 + step},{start + step},{name}s" for name, start in SIZES for step in range(6)
    ]
    file.write_text("\n".join(["series_id,year,value,unit", *rows]))
    text = cli("batch", file, "--format", "table").out
    assert "◆" not in text
    assert [row.split()[-1] for row in text.splitlines()[3:6]] == ["Unit", "smalls", "larges"]


def test_refused_series_are_listed_beside_the_output_or_refuse_all(
    cli: Cli, bad: str, tmp_path: Path
) -> None:
    done = cli("batch", bad, "-o", str(tmp_path / "out.csv"), "--strict", "--format", "csv")
    assert done.code == 3
    assert "line 8, series 'C'" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]
    for name in ("out.json", "out.ndjson", "out.csv"):
        assert cli("batch", bad, "-o", str(tmp_path / name)).code == 5
    assert (tmp_path / "out.csv").read_text().count("\n") == 5
    lists = {path.name: path for path in tmp_path.glob("*.refused.csv")}
    assert lists.keys() == {"out.refused.csv", "out.json.refused.csv", "out.ndjson.refused.csv"}
    (row,) = csv.DictReader(lists["out.refused.csv"].read_text().splitlines())
    assert (row["series_id"], row["line"], row["code"]) == ("C", "8", "gap")
    assert cli("batch", bad, "-o", str(tmp_path / "out.csv"), "--allow-gaps").code == 0
    assert lists["out.refused.csv"].read_text() == "series_id,line,reason,code\n"


@pytest.mark.parametrize("source", [GOOD, BAD])
def test_a_file_of_the_users_that_is_called_as_the_list_is_left_as_it_is(
    cli: Cli, tmp_path: Path, source: str
) -> None:
    (tmp_path / "in.csv").write_text(source)
    mine = tmp_path / "out.refused.csv"
    mine.write_text("series_id,line,reason,code,who asks\n")
    assert cli("batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")).code == 2
    assert "who asks" in mine.read_text()
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "name", ["x" * 241 + ".json", "x" * 251 + ".csv", "\u6c34" * 82 + ".ndjson"]
)
def test_the_list_of_an_output_with_a_long_name_has_a_shorter_one(
    cli: Cli, bad: str, tmp_path: Path, name: str
) -> None:
    assert cli("batch", bad, "-o", str(tmp_path / name)).code == 5
    (listed,) = tmp_path.glob("*.refused.csv")
    assert listed.name[:80] == name[:80]
    assert listed.read_text().count("\n") == 2
    assert cli("batch", bad, "-o", f"{'x' * 300}.csv").code == 6


@pytest.mark.slow
def test_progress_is_for_terminals_alone(tmp_path: Path) -> None:
    source = written(frame(300), tmp_path / "panel.csv")
    shown, code = ended(terminal(f"batch {source} -o {tmp_path}/out.csv"))
    assert (code, "━" in shown) == (0, True)
    *notes, last = run("batch", source, "-o", tmp_path / "out.csv").err.splitlines()
    assert any(
        note.startswith("warning: 3 of 300 series need a look, first r33, 5 2012: 35.3291")
        for note in notes
    )
    assert last == "300 series forecast"


def notes_of(done: Outcome) -> dict[str, str]:
    return {note["code"]: note["text"] for note in json.loads(done.out)["notes"]}


def ratios(done: Outcome, level: int) -> np.ndarray:
    rows = pd.DataFrame(json.loads(done.out)["rows"])
    assert (rows["lower_95"] <= rows["lower_80"]).all()
    assert ((rows["lower_80"] <= rows["value"]) & (rows["value"] <= rows["upper_80"])).all()
    return np.log(rows[f"upper_{level}"] / rows[f"lower_{level}"])


@pytest.mark.slow
def test_calibration_is_reported_and_widens_what_is_too_narrow(cli: Cli, tmp_path: Path) -> None:
    steps = np.random.default_rng(1).standard_t(2, (80, 20)) * 0.6
    source = panel(tmp_path / "wild.csv", steps)
    before, after = (
        cli("batch", source, "--format", "json", *how) for how in ((), ("--calibrate", "always"))
    )
    notes = notes_of(after)
    assert "6 points of 80 series" in notes["calibration"]
    factor = float(notes["calibrated_level"].partition("times ")[2].rstrip(")."))
    assert np.isclose(ratios(after, 95).mean() / ratios(before, 95).mean(), factor, atol=0.06)


@pytest.mark.slow
def test_coverage_of_a_sample_and_a_common_surprise_are_said_at_the_end(
    cli: Cli, tmp_path: Path
) -> None:
    steps = np.cumsum(np.random.default_rng(2).normal(0.03, 0.03, (60, 12)), axis=1)
    calm = panel(tmp_path / "calm.csv", steps)
    steps[:, -1] += np.log(0.7)
    shocked = panel(tmp_path / "shocked.csv", steps)
    never, auto = (cli("batch", calm, "--calibrate", mode) for mode in ("never", "auto"))
    assert never.err == "60 series forecast\n"
    assert (
        "60 series, 80 % intervals held"
        in notes_of(cli("batch", calm, "--format", "json"))["coverage"]
    )
    assert auto.out == never.out  # enough was inside, and auto never narrows
    shock, *wider = (
        cli("batch", shocked, "--format", "json", "--calibrate", mode)
        for mode in ("never", "auto", "always")
    )
    assert notes_of(shock).keys() == {"coverage", "surprised", "finding", "findings"}
    assert "--calibrate auto" in notes_of(shock)["surprised"]
    for done in wider:
        assert "--calibrate" not in notes_of(done)["surprised"]
        assert (ratios(done, 80) > ratios(shock, 80)).all()


def panel(path: Path, logs: np.ndarray) -> str:
    rows = (
        (f"s{at}", 2010 + year, 100 * np.exp(cell))
        for at, row in enumerate(logs)
        for year, cell in enumerate(row)
    )
    return written(pd.DataFrame(rows, columns=["id", "year", "value"]), path)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
amounts = st.one_of(
    st.floats(allow_nan=True, allow_infinity=False), st.integers(-(10**17), 10**17).map(float)
)


def coded(cells: list[str | None]) -> CodedTexts:
    known = [*dict.fromkeys(cell for cell in cells if cell is not None)]
    return CodedTexts(
        np.array([-1 if cell is None else known.index(cell) for cell in cells], dtype=np.int64),
        known,
    )


@pytest.mark.slow
@example([("", 1, 10_000_000_000.5, None), ("", 1, 0.000015, None), ("", 1, 99999999999.25, None)])
@given(st.lists(st.tuples(words, st.integers(1, 9999), amounts, st.none() | words), max_size=8))
def test_blocks_give_the_bytes_of_documents(rows: list[tuple[str, int, float, str | None]]) -> None:
    columns = (
        Column("id"),
        Column("year", kind="year"),
        Column("value", kind="number"),
        Column("unit"),
    )
    ids, years, values, units = ([row[place] for row in rows] for place in range(4))
    data = (
        coded(ids),
        np.array(years, dtype=np.int64),
        np.array(values, dtype=float),
        coded(units),
    )
    block = Block(columns, data)
    table = tuple((row[0], row[1], None if row[2] != row[2] else row[2], row[3]) for row in rows)
    document = Document("batch", Table(columns, table))
    for name in ("csv", "tsv", "ndjson"):
        encode = BY_NAME[name].encode
        head = render(document._replace(records=Table(columns, ())), name)
        assert encode is not None
        assert str(head) + encode(block).decode() == render(document, name)
    assert list(zip(*map(cells, data), strict=True)) == list(table)
    writer = separated._writer(",")
    assert text(block, writer.layout(columns)).encode() == writer.encode(block)


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".parquet"])
def test_history_brings_what_others_forecast_as_in_project(
    cli: Cli, tmp_path: Path, suffix: str
) -> None:
    rows = {
        "series_id": ["a", "a", "b", "a", "a", "b"],
        "year": [2020, 2021, 2021, 2022, 2023, 2022],
        "value": [10.0, 12.0, 5.0, 15.0, 18.5, 6.0],
        "status": ["actual", "actual", "actual", "actual", "forecast", "target"],
        "source": ["", "", "", "", "Acme", "the Ministry"],
    }
    file = written(pd.DataFrame(rows), tmp_path / f"own{suffix}")
    many = cli("batch", file, "--history").out.splitlines()
    alone = (
        cli("project", file, "--series", name, "--history", "--format", "csv").out for name in "ab"
    )
    assert many[1:] == [line for told in alone for line in told.splitlines()[1:]]
    assert [line.split(",")[3] for line in many if ",published," in line] == [
        "Acme",
        "the Ministry",
    ]
    assert "published" not in cli("batch", file).out


VALUES = (180, 260, 353, 482, 560, 640, 700, 735)
CEILING = 900
FLOOR = 700
LIMITS = ("--ceiling", f"800..{CEILING}", "--floor", f"{FLOOR}", "--measure", "cumulative")
BOUND: dict[str, tuple[str, ...]] = {
    "project": ("--year", "2035", "--all-models"),
    "batch": ("--horizon", "12", "--all-models"),
    "batch --model ets": ("--horizon", "3", "--model", "ets"),
    "backtest": ("--detail", "--all-models"),
    "scenario": ("--year", "2030", "--shock", "2027=2"),
}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limits") / "market.csv"
    path.write_text(
        "year,value\n" + "".join(f"{2015 + step},{value}\n" for step, value in enumerate(VALUES))
    )
    return path


def numbers(text: str) -> Iterator[tuple[dict[str, Any], str, float]]:
    """Row, column and number of everything that is ours in a csv; other formats hold the same rows
    (`conformance`).
    """
    for row in rows(text):
        for column, cell in row.items():
            ours = column in ("value", "forecast") or column.startswith(("lower_", "upper_"))
            if ours and cell and row.get("kind", "forecast") in ("forecast", "scenario"):
                yield row, column, float(cell)


@pytest.mark.slow
@pytest.mark.parametrize("command", BOUND)
def test_every_number_keeps_the_limits(cli: Cli, market: Path, command: str) -> None:
    """Medians of a cumulative total never fall; tests of forecasts hold each limit by itself."""
    name = command.partition(" ")[0]
    floor = VALUES[2] if name == "backtest" else FLOOR  # its first origin is the third year
    options = (f"{floor}" if one == f"{FLOOR}" else one for one in LIMITS)
    done = cli(name, market, *BOUND[command], *options, "--format", "csv")
    assert done.code == 0, done.err
    found = list(numbers(done.out))
    assert found
    medians: dict[str, float] = {}
    for row, column, number in found:
        last = VALUES[int(row["origin"]) - 2015 if name == "backtest" else -1]
        # the ceiling of `scenario` is what a scenario assumes, and its baseline is without
        assert number <= CEILING or (row.get("kind") == "forecast" and name == "scenario"), (
            row,
            column,
        )
        assert number >= max(floor, last), (row, column)
        if column == "value":
            assert number >= medians.get(row["model"], 0), row
            medians[row["model"]] = number


def test_one_number_is_a_ceiling_that_pictures_and_pages_keep(cli: Cli, market: Path) -> None:
    asked = (market, "--year", "2035", "--ceiling", CEILING)
    assert max(number for *_, number in numbers(cli("project", *asked).out)) <= CEILING
    for command in ("chart", "exhibit"):
        done = cli(command, *asked, "--format", {"chart": "svg", "exhibit": "html"}[command])
        assert done.code == 0, done.err
        assert not re.search("10,000|2,000", done.out)


def test_a_total_that_fell_is_refused_and_a_revision_is_not(cli: Cli) -> None:
    fell = "year,value\n2020,10\n2021,9.9\n2022,12\n"
    assert cli("project", "-", "--measure", "cumulative", stdin=fell).code == 2
    assert (
        cli("project", "-", "--measure", "cumulative", stdin=fell.replace("9.9", "9.96")).code == 0
    )


def test_a_batch_refuses_the_series_that_contradict_and_forecasts_the_others(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    output = tmp_path / "out.csv"
    many = {
        "low": (10, 12, 15),
        "high": (10, 60, 90),
        "falling": (20, 19, 12),
        "ends low": (30, 20, 5),
    }
    lines = [
        f"{name},{2018 + step},{value}"
        for name, values in many.items()
        for step, value in enumerate(values)
    ]
    file.write_text("id,year,value\n" + "\n".join(lines) + "\n")
    done = cli(
        "batch", file, "--ceiling", "50", "--floor", "8", "--measure", "cumulative", "-o", output
    )
    assert done.code == 5
    listed = (tmp_path / "out.refused.csv").read_text()
    assert [row["series_id"] for row in csv.DictReader(io.StringIO(listed))] == [
        "high",
        "falling",
        "ends low",
    ]
    assert {row["series_id"] for row in rows(output.read_text())} == {"low"}


@pytest.mark.slow
def test_limits_are_in_notes_and_provenance_and_a_floor_above_early_values_has_no_backtest(
    cli: Cli, market: Path
) -> None:
    told = json.loads(cli("project", market, *LIMITS, "--format", "json").out)
    stated = {"ceiling": [800, CEILING], "floor": FLOOR, "measure": "cumulative"}
    assert told["provenance"]["options"].items() >= stated.items()
    assert {"ceiling", "floor", "cumulative"} <= {note["code"] for note in told["notes"]}
    compared = json.loads(cli("compare", market, "--floor", "700", "--format", "json").out)
    assert "backtest_without_floor" in [note["code"] for note in compared["notes"]]
    assert cli("backtest", market, "--floor", "700").code == 2


ENDS = [
    (5e-324, 1e-320, 1.7e308),
    (-1.7e308, 1e-320, 1.7e308),
    (1.7e308,) * 3,
    (1e-323, 2e-323, 1e-323),
]
COMMANDS = (
    "project - --format table --chart",
    "project - --ceiling 1e-323..1e308 --explain --format table",
    "compare - --format table",
    "backtest - --detail",
    "chart - --log",
    "growth - --format table --explain",
    "scenario - --ceiling 1e308..1e308 --format table",
    "series show - --format table",
    "nowcast - --partial 2017H1=1e308:1e308",
    "exhibit - --appendix",
)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("values", ENDS, ids=str)
def test_no_number_is_too_large_or_small_to_be_told(
    cli: Cli, command: str, values: tuple[float, ...]
) -> None:
    data = "".join(f"{2014 + place},{value!r}\n" for place, value in enumerate(values))
    done = cli(*shlex.split(command), stdin=f"year,value\n{data}")
    assert done.code in (0, 2, 3), done.err
    assert "Warning" not in done.err
