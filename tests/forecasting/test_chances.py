"""Chances of targets in every command that has joint paths or draws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.scenarios.assumptions import Scenario
from tests.inside import Cli

PARTS = """\
id,2021,2022,2023
Total,42,46,53
A,30,33,38
B,12,13,15
"""
COMMANDS = {
    "project": ("project", "mofcom", "--year", "2028", "--target", "4000"),
    "scenario": ("scenario", "mofcom", "--growth", "8..12", "--year", "2028", "--target", "4000"),
    "size": ("size", "rural_online_retail", "--draws", "2000", "--target", "2500"),
    "triangulate": ("triangulate", "mofcom", "--year", "2028", "--target", "4000"),
    "panel": ("panel", "parts.csv", "--target", "60"),
}


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parts.csv").write_text(PARTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.slow
def test_rows_of_a_target_are_chances(command: tuple[str, ...], cli: Cli) -> None:
    rows = json.loads(cli(*command, "-q", "--format", "json").out)["rows"]
    assert rows
    for row in rows:
        assert {"series_id", "target", "period", "chance", "chance_by"} <= row.keys()
        assert 0 <= row["chance"] <= row["chance_by"] + 1e-9 <= 1 + 1e-9


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_headline_is_the_chance_of_at_least_the_target(
    command: tuple[str, ...], cli: Cli
) -> None:
    headline = cli(*command, "-q", "--format", "table").out.splitlines()[0]
    assert f"% chance of at least {float(command[-1]):,.0f}" in headline


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.slow
def test_a_document_describes_when_each_answer_reaches_a_target(
    command: tuple[str, ...], cli: Cli
) -> None:
    document = json.loads(cli(*command, "-q", "--format", "json").out)
    described = document["figures"]["targets"]
    assert {target["target"] for target in described} == {float(command[-1])}
    rows = document["rows"]
    of_row = [row.get("model") or row["series_id"] for row in rows]
    if len(described) > 1:
        named = [target.get("model") or target["series_id"] for target in described]
        assert named == [*dict.fromkeys(of_row)]
    last = [row for row in rows if row["period"] == described[0]["last_year"]]
    for target, row in zip(described, last, strict=True):
        # More than half of the paths are there by the last year if the median year is known.
        assert target["reached"] or (target["median"] is not None) == (row["chance_by"] >= 0.5)


def test_a_whole_has_the_chance_in_a_year_that_it_has_alone(tmp_path: Path) -> None:
    (tmp_path / "parts.csv").write_text(PARTS, encoding="utf-8")
    whole = rf.panel(str(tmp_path / "parts.csv"), horizon=3).chance(60)
    alone = rf.forecast({2021: 42, 2022: 46, 2023: 53}, horizon=3).chance(60)
    assert whole.at_or_above == alone.at_or_above


def test_a_scenario_that_states_a_value_reaches_it_for_sure() -> None:
    plan = Scenario("plan", override={2018: 700.0}, reason="the plan")
    result = rf.scenario("turnover", plan)
    (outcome,) = result.outcomes
    assert result.chance(700, outcome).at_or_above[-1] == 1
    assert result.chance(701, outcome).at_or_above[-1] == 0
    assert result.chance(700) == result.baseline.chance(700)


@pytest.mark.slow
def test_the_chance_of_the_middle_of_an_answer_is_a_half() -> None:
    result = rf.triangulate("mofcom", year=2028)
    assert result.chance(result.together.value).at_or_above[-1] == pytest.approx(0.5, abs=0.01)
    sized = rf.size("rural_online_retail", draws=2000)
    middle = sized.main.estimates[-1].value
    assert sized.chance(middle).at_or_above[-1] == pytest.approx(0.5, abs=0.01)


def test_no_path_of_a_part_passes_that_of_its_total() -> None:
    total = {2020: 100, 2021: 101, 2022: 102, 2023: 103}
    part = {2020: 5, 2021: 12, 2022: 27, 2023: 55}
    result = rf.forecast(part, within=total, year=2030)
    whole = rf.forecast(total, year=2030)
    highest = result.paths().max(axis=0)
    assert (highest <= whole.spread.values_at(np.full((1, 7), 4.5))[0]).all()
    assert (result.paths() <= result.paths_of_total(10_000, 1)).all()


def test_a_target_is_written_in_the_currency_that_is_shown(cli: Cli) -> None:
    command = ("size", "rural_online_retail", "--draws", "2000", "--currency", "USD")
    out = cli(*command, "--target", "300", "-q", "--format", "table").out
    assert "chance of at least 300 bn USD" in out


@pytest.mark.slow
def test_an_exhibit_of_arguments_is_headed_by_the_chance(tmp_path: Path, cli: Cli) -> None:
    page = tmp_path / "page.html"
    cli("exhibit", "mofcom", "--year", "2028", "--triangulate", "--target", "4000", "-o", str(page))
    assert "chance of at least 4" in page.read_text(encoding="utf-8")
