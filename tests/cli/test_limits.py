"""Limits in every command: each number of its output keeps them, or the command refuses; and the limits of numbers."""

import csv
import io
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Cli

VALUES = (180, 260, 353, 482, 560, 640, 700, 735)
LAST = VALUES[-1]
CEILING, FLOOR = 900, 700
LIMITS = {
    "ceiling": ("--ceiling", f"500..{CEILING}"),
    "one number": ("--ceiling", f"{CEILING}"),
    "floor": ("--floor", f"{FLOOR}"),
    "cumulative": ("--measure", "cumulative"),
    "all": ("--ceiling", f"800..{CEILING}", "--floor", f"{FLOOR}", "--measure", "cumulative"),
}
MADE = {"forecast", "scenario"}
"""Kinds of rows that hold our numbers."""
BOUND: dict[str, tuple[str, ...]] = {
    "project": ("--year", "2035"),
    "project --all-models": ("--year", "2035", "--all-models"),
    "project --model linear": ("--year", "2035", "--model", "linear", "--model", "arima"),
    "compare": ("--year", "2030"),
    "batch": ("--horizon", "12", "--all-models"),
    "batch --model ets": ("--horizon", "3", "--model", "ets"),
    "backtest": ("--detail", "--all-models"),
    "scenario": ("--year", "2030", "--shock", "2027=2"),
}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limits") / "market.csv"
    rows = "".join(f"{2015 + step},{value}\n" for step, value in enumerate(VALUES))
    path.write_text(f"year,value\n{rows}")
    return path


def numbers(text: str) -> Iterator[tuple[dict[str, Any], str, float]]:
    """Row, column and number of everything that is ours in a csv; other formats hold the same rows (`conformance`)."""
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    for row in rows:
        for column, cell in row.items():
            ours = column in ("value", "forecast") or column.startswith(("lower_", "upper_"))
            if ours and cell not in (None, "") and row.get("kind", "forecast") in MADE:
                yield row, column, float(cell)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "limit"),
    [("project", "one number"), *((command, limit) for command in BOUND for limit in LIMITS if limit != "one number")],
)
def test_every_number_keeps_the_limit(cli: Cli, market: Path, command: str, limit: str) -> None:
    name = command.partition(" ")[0]
    options = LIMITS[limit]
    floor = FLOOR
    if name == "scenario":  # its lower end must lie above the last value
        options = tuple(one.replace("500", "800") for one in options)
    if name == "backtest":  # its first origin is the third year
        floor = VALUES[2]
        options = tuple(f"{floor}" if one == f"{FLOOR}" else one for one in options)
    done = cli(name, market, *BOUND[command], *options, "--format", "csv")
    assert done.code == 0, done.err
    found = list(numbers(done.out))
    assert found
    for row, column, number in found:
        # the ceiling of `scenario` is what a scenario assumes, and its baseline is without
        if "--ceiling" in options and (name != "scenario" or row["kind"] == "scenario"):
            assert number <= CEILING, (row, column)
        if "--floor" in options:
            assert number >= floor, (row, column)
        if "cumulative" in options:
            assert number >= (VALUES[int(row["origin"]) - 2015] if name == "backtest" else LAST), (row, column)


@pytest.mark.parametrize("command", [one for one in BOUND if one.partition(" ")[0] not in ("compare", "backtest")])
@pytest.mark.slow
def test_medians_of_a_cumulative_total_never_fall(cli: Cli, market: Path, command: str) -> None:
    done = cli(command.partition(" ")[0], market, *BOUND[command], "--measure", "cumulative", "--format", "csv")
    before: dict[str, float] = {}
    for row, column, number in numbers(done.out):
        if column == "value":
            assert number >= before.get(row["model"], LAST), row
            before[row["model"]] = number
    assert before


@pytest.mark.slow
def test_a_picture_and_a_page_keep_the_ceiling(cli: Cli, market: Path, tmp_path: Path) -> None:
    for name, file in (("chart", "a.svg"), ("exhibit", "a.html")):
        done = cli(name, market, "--year", "2035", "--ceiling", f"500..{CEILING}", "-o", tmp_path / file)
        assert done.code == 0, done.err
        text = (tmp_path / file).read_text()
        assert "10,000" not in text
        assert "2,000" not in text


REFUSED = {
    ("--ceiling", "600"): "735 in 2022 is above the ceiling of 600",
    ("--floor", "736"): "735 in 2022, is below the floor of 736",
    ("--floor", "900", "--ceiling", "900"): "The floor of 900 is not below the ceiling of 900",
    ("--floor", "nan"): "is not a finite number",
    ("--ceiling", "735", "--measure", "cumulative"): "has reached 735",
}


@pytest.mark.parametrize("options", REFUSED, ids=" ".join)
@pytest.mark.parametrize("command", ["project", "compare", "chart", "exhibit", "backtest"])
def test_data_that_contradict_a_limit_are_refused(
    cli: Cli, market: Path, command: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    output = ("-o", tmp_path / "a.html") if command == "exhibit" else ()
    done = cli(command, market, *options, *output)
    assert done.code == 2
    assert REFUSED[options] in done.err


def test_a_total_that_fell_is_refused_and_a_revision_is_not(cli: Cli) -> None:
    fell = "year,value\n2020,10\n2021,9.9\n2022,12\n"
    assert cli("project", "-", "--measure", "cumulative", stdin=fell).code == 2
    assert cli("project", "-", "--measure", "cumulative", stdin=fell.replace("9.9", "9.96")).code == 0


def test_a_batch_refuses_the_series_that_contradict_and_forecasts_the_others(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = [f"{name},{2018 + step},{value}" for name, values in {
        "low": (10, 12, 15), "high": (10, 60, 90), "falling": (20, 19, 12), "ends low": (30, 20, 5)
    }.items() for step, value in enumerate(values)]  # fmt: skip
    file.write_text("id,year,value\n" + "\n".join(rows) + "\n")
    output = tmp_path / "out.csv"
    done = cli("batch", file, "--ceiling", "50", "--floor", "8", "--measure", "cumulative", "-o", output)
    assert done.code == 5
    listed = (tmp_path / "out.refused.csv").read_text()
    assert [row["series_id"] for row in csv.DictReader(io.StringIO(listed))] == ["high", "falling", "ends low"]
    assert {row["series_id"] for row in csv.DictReader(io.StringIO(output.read_text()))} == {"low"}


SCENARIOS = {
    ("--growth", "-5", "--measure", "cumulative"): "below 735, the limit of the series",
    ("--shock", "2023=-30", "--measure", "cumulative"): "below 735, the limit of the series",
    ("--override", "2023=600", "--reason", "x", "--floor", "700"): "below 700",
}


@pytest.mark.parametrize("options", SCENARIOS, ids=" ".join)
def test_an_assumption_that_breaks_a_limit_is_refused(cli: Cli, market: Path, options: tuple[str, ...]) -> None:
    done = cli("scenario", market, *options)
    assert done.code == 2
    assert SCENARIOS[options] in done.err


def test_the_limits_are_in_notes_and_provenance(cli: Cli, market: Path) -> None:
    told = json.loads(cli("project", market, *LIMITS["all"], "--format", "json").out)
    assert told["provenance"]["options"]["ceiling"] == [800, CEILING]
    assert told["provenance"]["options"]["floor"] == FLOOR
    assert told["provenance"]["options"]["measure"] == "cumulative"
    assert {"ceiling", "floor", "cumulative"} <= {note["code"] for note in told["notes"]}


@pytest.mark.slow
def test_a_floor_above_early_values_is_left_out_of_the_backtest_column(cli: Cli, market: Path) -> None:
    done = json.loads(cli("compare", market, "--floor", "700", "--format", "json").out)
    assert "backtest_without_floor" in [note["code"] for note in done["notes"]]
    refused = cli("backtest", market, "--floor", "700")
    assert refused.code == 2


ENDS = {
    "far apart": (5e-324, 1e-320, 1.7e308),
    "both signs": (-1.7e308, 1e-320, 1.7e308),
    "huge": (1.7e308, 1.7e308, 1.7e308),
    "tiny": (1e-323, 2e-323, 1e-323),
}
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
@pytest.mark.parametrize("values", ENDS.values(), ids=ENDS.keys())
def test_no_number_is_too_large_or_small_to_be_told(cli: Cli, command: str, values: tuple[float, ...]) -> None:
    rows = "".join(f"{2014 + place},{value!r}\n" for place, value in enumerate(values))
    done = cli(*shlex.split(command), stdin="year,value\n" + rows)
    assert done.code in (0, 2, 3), done.err
    assert "Warning" not in done.err


@pytest.mark.slow
def test_a_part_far_smaller_than_its_year_is_in_another_unit(cli: Cli) -> None:
    done = cli("nowcast", "mofcom", "--year", "2026", "--partial", "2026H1=5e-324")
    assert done.code == 3
    assert "does not fit the years" in done.err
