"""Limits in every command: each number of its output keeps them, or the command refuses; and the limits of numbers."""

import csv
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Cli, rows

VALUES = (180, 260, 353, 482, 560, 640, 700, 735)
CEILING, FLOOR = 900, 700
LIMITS = {
    "ceiling": ("--ceiling", f"500..{CEILING}"),
    "floor": ("--floor", f"{FLOOR}"),
    "cumulative": ("--measure", "cumulative"),
    "all": ("--ceiling", f"800..{CEILING}", "--floor", f"{FLOOR}", "--measure", "cumulative"),
}
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
    path.write_text("year,value\n" + "".join(f"{2015 + step},{value}\n" for step, value in enumerate(VALUES)))
    return path


def numbers(text: str) -> Iterator[tuple[dict[str, Any], str, float]]:
    """Row, column and number of everything that is ours in a csv; other formats hold the same rows (`conformance`)."""
    for row in rows(text):
        for column, cell in row.items():
            ours = column in ("value", "forecast") or column.startswith(("lower_", "upper_"))
            if ours and cell and row.get("kind", "forecast") in ("forecast", "scenario"):
                yield row, column, float(cell)


@pytest.mark.slow
@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("command", BOUND)
def test_every_number_keeps_the_limit(cli: Cli, market: Path, command: str, limit: str) -> None:
    """Medians of a cumulative total never fall."""
    name = command.partition(" ")[0]
    options, floor = LIMITS[limit], FLOOR
    if name == "scenario":  # its lower end must lie above the last value
        options = tuple(one.replace("500", "800") for one in options)
    if name == "backtest":  # its first origin is the third year
        floor = VALUES[2]
        options = tuple(f"{floor}" if one == f"{FLOOR}" else one for one in options)
    done = cli(name, market, *BOUND[command], *options, "--format", "csv")
    assert done.code == 0, done.err
    found = list(numbers(done.out))
    assert found
    medians: dict[str, float] = {}
    for row, column, number in found:
        # the ceiling of `scenario` is what a scenario assumes, and its baseline is without
        if "--ceiling" in options and (name != "scenario" or row["kind"] == "scenario"):
            assert number <= CEILING, (row, column)
        if "--floor" in options:
            assert number >= floor, (row, column)
        if "cumulative" in options:
            assert number >= VALUES[int(row["origin"]) - 2015 if name == "backtest" else -1], (row, column)
            if column == "value" and name != "compare":
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
    assert cli("project", "-", "--measure", "cumulative", stdin=fell.replace("9.9", "9.96")).code == 0


def test_a_batch_refuses_the_series_that_contradict_and_forecasts_the_others(cli: Cli, tmp_path: Path) -> None:
    file, output = tmp_path / "many.csv", tmp_path / "out.csv"
    many = {"low": (10, 12, 15), "high": (10, 60, 90), "falling": (20, 19, 12), "ends low": (30, 20, 5)}
    lines = [f"{name},{2018 + step},{value}" for name, values in many.items() for step, value in enumerate(values)]
    file.write_text("id,year,value\n" + "\n".join(lines) + "\n")
    done = cli("batch", file, "--ceiling", "50", "--floor", "8", "--measure", "cumulative", "-o", output)
    assert done.code == 5
    listed = (tmp_path / "out.refused.csv").read_text()
    assert [row["series_id"] for row in csv.DictReader(io.StringIO(listed))] == ["high", "falling", "ends low"]
    assert {row["series_id"] for row in rows(output.read_text())} == {"low"}


@pytest.mark.slow
def test_limits_are_in_notes_and_provenance_and_a_floor_above_early_values_has_no_backtest(
    cli: Cli, market: Path
) -> None:
    told = json.loads(cli("project", market, *LIMITS["all"], "--format", "json").out)
    stated = {"ceiling": [800, CEILING], "floor": FLOOR, "measure": "cumulative"}
    assert told["provenance"]["options"].items() >= stated.items()
    assert {"ceiling", "floor", "cumulative"} <= {note["code"] for note in told["notes"]}
    compared = json.loads(cli("compare", market, "--floor", "700", "--format", "json").out)
    assert "backtest_without_floor" in [note["code"] for note in compared["notes"]]
    assert cli("backtest", market, "--floor", "700").code == 2


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
@pytest.mark.parametrize("values", ENDS.values(), ids=ENDS)
def test_no_number_is_too_large_or_small_to_be_told(cli: Cli, command: str, values: tuple[float, ...]) -> None:
    data = "".join(f"{2014 + place},{value!r}\n" for place, value in enumerate(values))
    done = cli(*shlex.split(command), stdin=f"year,value\n{data}")
    assert done.code in (0, 2, 3), done.err
    assert "Warning" not in done.err
