"""`scenario` as users type it."""

import json
import re
from pathlib import Path

import pytest

from tests import schemas
from tests.inside import Cli, rows

PLAN = ("--override", "2018=700", "--reason", "target of the plan")


def test_rows_keep_the_contract(cli: Cli) -> None:
    document = json.loads(cli("scenario", "turnover", *PLAN, "--format", "json").out)
    schemas.check(document, "forecast")
    assert [(row["period"], row["kind"], row["model"]) for row in document["rows"]] == [
        (2017, "forecast", "consensus"),
        (2018, "forecast", "consensus"),
        (2017, "scenario", "override"),
        (2018, "scenario", "override"),
    ]
    last = document["rows"][-1]
    assert (last["value"], last["lower_80"], last["upper_95"]) == (700, None, None)
    assert any("target of the plan" in note["text"] for note in document["notes"])


def test_the_baseline_is_what_project_says(cli: Cli) -> None:
    alone = cli("project", "turnover", "--year", "2020", "--level", "90").out.splitlines()
    beside = cli("scenario", "turnover", *PLAN, "--year", "2020", "--level", "90").out.splitlines()
    assert beside[: len(alone)] == alone


def test_people_see_baseline_scenario_and_difference(cli: Cli) -> None:
    shown = cli("scenario", "turnover", *PLAN, "--year", "2019", "--format", "table").out
    assert re.search(r"2018 +660 +700 .*\+6.8 %", shown)
    assert "target of the plan" in shown


def test_a_file_and_options_together(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("series = 'mofcom'\nyear = 2028\n[scenarios.low]\ngrowth = 1\n")
    done = cli("scenario", "--from", str(file), "--shock", "2027=-10", "--name", "bad")
    told = rows(done.out)
    assert {row["model"] for row in told} == {"consensus", "low", "bad"}
    assert max(row["period"] for row in told) == "2028"
    assert cli("scenario", str(file)).code == 0
    other = rows(cli("scenario", "turnover", "--from", str(file)).out)
    assert {row["series_id"] for row in other} == {"rural_online_shopping_turnover"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", 2),
        ("--override 2018=700", 2),
        ("--reason why", 2),
        ("--growth fast", 2),
        ("--growth 2017=5,2017=6", 2),
        ("--shock 2017", 2),
        ("--growth 2016=5", 2),
        ("--ceiling 100..200", 2),
        ("--from nowhere.toml", 3),
        ("--from rural_online_retial", 2),
    ],
)
def test_refusals(cli: Cli, line: str, code: int) -> None:
    done = cli("scenario", "turnover", *line.split())
    assert (done.code, done.out) == (code, "")
    assert "hint: " in done.err
