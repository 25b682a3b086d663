"""What the manual page and the reference say of commands is what the commands do."""

import json
import re
from typing import Any

import pytest

from docs.surface import surface
from rural_forecast.errors import RuralForecastError
from rural_forecast.render.schemas import ROW_SETS
from tests import schemas
from tests.inside import Cli
from tests.sources import PACKAGE

SURFACE = surface()
COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in SURFACE["commands"]}
NEEDED = {
    "project": "--model naive",
    "size": "rural_retailer --draws 2000",
    "scenario": "turnover --growth 3",
    "nowcast": "mofcom --year 2017 --until 2016",
}


def option(command: str, name: str) -> dict[str, Any]:
    return next(one for one in COMMANDS[command]["options"] if name in one["names"])


@pytest.mark.parametrize("name", COMMANDS)
def test_options_and_arguments_are_those_of_the_help(cli: Cli, name: str) -> None:
    shown = cli(*name.split(), "--help").out
    told = {given for one in COMMANDS[name]["options"] for given in one["names"]}
    assert set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)) == {one for one in told if one[1] == "-"}
    assert set(re.findall(r"^  (-\w), ", shown, re.MULTILINE)) == {one for one in told if one[1] != "-"}
    assert shown.startswith(f"Usage: {COMMANDS[name]['usage']}\n")
    for one in COMMANDS[name]["arguments"]:
        assert f"\n  {one['metavar']}  " in shown


def test_what_options_are_and_what_leaving_them_out_means() -> None:
    assert option("batch", "--workers")["least"] == 1
    assert option("project", "-f")["left_out"] == "table on a terminal, csv elsewhere"
    assert option("project", "--level")["repeatable"]
    assert option("size", "--draws")["default"] == 100_000
    assert option("project", "--basis")["choices"] == ["levels", "chained"]
    assert option("project", "--history")["flag"]
    assert option("project", "-h")["names"] == ["--help", "-h"]
    assert not COMMANDS["models"]["arguments"][0]["required"]
    assert COMMANDS["growth"]["arguments"][0]["repeatable"]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("batch", "panel")])
def test_formats_are_those_that_the_command_writes(cli: Cli, name: str) -> None:
    arguments = NEEDED.get(name, "")
    for one in ("markdown", "svg", "html"):
        done = cli(*name.split(), *arguments.split(), "--format", one)
        assert (done.code == 0) == (one in COMMANDS[name]["formats"]), done.err


def test_every_row_set_belongs_to_a_command_and_no_command_lacks_one() -> None:
    named = {one["schema"] for command in COMMANDS.values() for one in command["rows"]}
    assert named == set(ROW_SETS)
    assert [name for name, one in COMMANDS.items() if not one["rows"]] == ["chart", "exhibit"]
    for command, needed in (("backtest", "--detail"), ("project", "--target"), ("series list", "--targets")):
        assert [one["only_with"] for one in COMMANDS[command]["rows"]] == [None, needed]
        assert option(command, needed)


@pytest.mark.parametrize(
    "typed",
    [
        "series show turnover",
        "series show rural_online_retail_mofcom",
        "series check income_percap_national",
    ],
)
def test_rows_of_the_smaller_commands_follow_their_schemas(cli: Cli, typed: str) -> None:
    told = json.loads(cli(*typed.split(), "--format", "json").out)
    schemas.check(told)
    names = [one["schema"] for one in COMMANDS[" ".join(typed.split()[:2])]["rows"]]
    assert names == ["-".join(typed.split()[:2])]
    columns = COMMANDS[" ".join(typed.split()[:2])]["rows"][0]["columns"]
    assert all(list(row) == columns for row in told["rows"])


def test_exit_codes_are_those_of_the_errors() -> None:
    codes = {one["code"] for one in SURFACE["exit_codes"]}
    assert {kind.exit_code for kind in RuralForecastError.__subclasses__()} < codes


def test_environment_variables_are_those_that_the_program_reads() -> None:
    source = "".join(path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "tree.py")
    assert all(f'"{one["name"]}"' in source for one in SURFACE["environment"])


def test_models_have_rows_for_the_list_and_for_the_parameters_of_one(cli: Cli) -> None:
    names = [one["schema"] for one in COMMANDS["models"]["rows"]]
    assert names == ["models", "model-parameters"]
    for typed, row_set in zip(("models", "models theta"), COMMANDS["models"]["rows"], strict=True):
        told = json.loads(cli(*typed.split(), "--format", "json").out)
        schemas.check(told)
        assert all(list(row) == row_set["columns"] for row in told["rows"])


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("models list", "rural-forecast models"),
        ("models show theta", "models NAME"),
        ("project --interrupt 2020", "--since"),
        ("batch x.csv --cumulative", "--measure cumulative"),
    ],
)
def test_what_was_withdrawn_names_its_replacement(cli: Cli, typed: str, instead: str) -> None:
    done = cli(*typed.split(), "--format", "json")
    refused = json.loads(done.err)
    assert (done.code, refused["code"]) == (2, "unknown_name")
    assert instead in refused["hint"]


@pytest.mark.parametrize("typed", ["project mofcom --measure rate", "growth mofcom --measure cumulative"])
def test_a_running_total_is_stated_of_a_forecast_and_other_measures_of_a_file(cli: Cli, typed: str) -> None:
    assert cli(*typed.split()).code == 2
