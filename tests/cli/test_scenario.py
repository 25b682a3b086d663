"""`scenario` as users type it."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

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
    ("line", "unit", "drawn"),
    [
        ("--currency USD --rate 7", "bn USD", "bn dollars"),
        ("--real 2020 --inflation 2", "bn CNY (2020 prices)", "tn yuan (2020 prices)"),
        ("--real 2020 --inflation 2 --currency EUR", "bn EUR (2020 prices)", "bn euros (2020 prices)"),
    ],
)
@pytest.mark.slow
def test_money_is_the_same_in_every_format(cli: Cli, tmp_path: Path, line: str, unit: str, drawn: str) -> None:
    asked = ("scenario", "mofcom", "--growth", "2026=5", "--year", "2027", *line.split())
    found, baseline = rows(cli(*asked).out), rows(cli("project", *asked[1:2], *asked[4:]).out)
    assert [(row["value"], row["unit"]) for row in found[:2]] == [(row["value"], row["unit"]) for row in baseline]
    assert {row["unit"] for row in found} == {unit}
    assert unit in cli(*asked, "--format", "table").out
    assert drawn in cli(*asked, "--format", "svg").out
    assert cli(*asked, "-o", str(tmp_path / "a.xlsx")).code == 0
    book = ZipFile(tmp_path / "a.xlsx")
    assert any(unit.encode() in book.read(name) for name in book.namelist())
