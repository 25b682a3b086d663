"""The program for programs: the specification, which tells what the commands do, the guide, and variables."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rural_forecast.cli import tree
from rural_forecast.cli.surface import surface
from rural_forecast.errors import RuralForecastError
from rural_forecast.render.schemas import ROW_SETS
from tests.inside import Cli, write_example_files

GUIDE = (Path(tree.__file__).parent / "guide.md").read_text(encoding="utf-8")


def test_the_specification_has_every_command_and_the_schemas_of_its_rows(cli: Cli) -> None:
    whole = json.loads(cli("spec").out)
    assert [one["name"] for one in whole["commands"]] == [path for path, _ in tree.commands()]
    assert {rows["schema"] for one in whole["commands"] for rows in one["rows"]} == whole["row_schemas"].keys()
    for schema in (*whole["row_schemas"].values(), whole["error_schema"]):
        Draft202012Validator.check_schema(schema)
    assert {one["code"] for one in whole["errors"]} >= {"choice_needed", "gap"}


def test_the_specification_of_a_command_says_what_excludes_what(cli: Cli) -> None:
    (project,) = json.loads(cli("spec", "project").out)["commands"]
    options: dict[str, Any] = {one["names"][0]: one for one in project["options"]}
    assert options["--horizon"]["excludes"] == ["--year"]
    assert options["--weight"]["requires"] == ["--pool"]
    assert options["--theme"] | {"variable": "RURAL_FORECAST_THEME", "choices": ["light", "dark"]} == options["--theme"]
    assert {options[name]["type"] for name in ("--year", "--target", "--output", "--basis", "--history")} == {
        "integer", "number", "file", "choice", "flag",
    }  # fmt: skip
    assert len(json.loads(cli("spec", "series").out)["commands"]) == len(tree.MEMBERS["series"])
    assert "Did you mean project?" in cli("spec", "projct").err


def test_the_guide_is_short_and_names_what_there_is(cli: Cli) -> None:
    assert cli("guide").out == GUIDE
    assert len(GUIDE.splitlines()) <= 60
    options = {
        command["name"]: {n for one in command["options"] for n in one["names"]} for command in surface()["commands"]
    }
    typed = re.findall(r"`rural-forecast (.+?)`", GUIDE)
    assert len(typed) > 12
    for line in typed:
        words = shlex.split(line)
        path = next(name for name in (" ".join(words[:2]), words[0]) if name in options or name == "spec")
        assert {word for word in words if word.startswith("-")} <= options[path], line


def test_a_variable_sets_what_is_not_typed(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    dark = cli("chart", "turnover", "--theme", "dark", "-f", "svg").out
    page = ("exhibit", "turnover", "-f", "html")
    signed = cli(*page, "--author", "A. Analyst").out
    plain = cli("project", "turnover", "-f", "csv").out
    monkeypatch.setenv("RURAL_FORECAST_THEME", "Dark")
    monkeypatch.setenv("RURAL_FORECAST_AUTHOR", "A. Analyst")
    assert cli("chart", "turnover", "-f", "svg").out == dark
    assert cli("chart", "turnover", "-f", "svg", "--theme", "light").out != dark
    assert cli(*page).out == signed
    assert cli("project", "turnover", "-f", "csv").out == plain  # where it does not apply, it is not used
    assert cli("project", "turnover", "-f", "csv").err == ""


def test_the_provenance_has_the_variables_that_took_part(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("many.csv").write_text(
        "id,year,value\n" + "".join(f"{n},{y},{y - 2000 + k}\n" for k, n in enumerate("ab") for y in range(2015, 2022))
    )
    monkeypatch.setenv("RURAL_FORECAST_WORKERS", "1")
    batch = json.loads(cli("batch", "many.csv", "-f", "json").out)
    assert batch["provenance"]["environment"] == {"RURAL_FORECAST_WORKERS": "1"}
    typed = json.loads(cli("batch", "many.csv", "-f", "json", "--workers", "1").out)
    assert "environment" not in typed["provenance"]
    assert typed["rows"] == batch["rows"]


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [("THEME", "blue", "chart turnover -f svg"), ("WORKERS", "0", "batch x.csv"), ("WORKERS", "two", "batch x.csv")],
)
def test_a_variable_with_another_value_is_refused(
    cli: Cli, name: str, value: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RURAL_FORECAST_{name}", value)
    done = cli(*command.split())
    assert done.code == 2
    assert f"RURAL_FORECAST_{name}" in done.err


SURFACE = surface()
COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in SURFACE["commands"]}
NEEDED = {
    "project": "--model naive",
    "size": "rural_retailer --draws 2000",
    "scenario": "turnover --growth 3",
    "nowcast": "mofcom --year 2017 --until 2016",
    "score": "kept/mofcom-2021.json",
    "revise": "kept/mofcom-2021.json mofcom",
}


def option(command: str, name: str) -> dict[str, Any]:
    return next(one for one in COMMANDS[command]["options"] if name in one["names"])


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("batch", "panel", "mcp")])
def test_formats_are_those_that_the_command_writes(
    cli: Cli, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if name in ("score", "revise"):
        write_example_files(tmp_path)
    arguments = NEEDED.get(name, "")
    for one in ("markdown", "svg", "html"):
        done = cli(*name.split(), *arguments.split(), "--format", one)
        assert (done.code == 0) == (one in COMMANDS[name]["formats"]), done.err


def test_every_row_set_belongs_to_a_command_and_no_command_lacks_one() -> None:
    named = {one["schema"] for command in COMMANDS.values() for one in command["rows"]}
    assert named == set(ROW_SETS)
    assert [name for name, one in COMMANDS.items() if not one["rows"]] == ["chart", "exhibit", "spec", "guide", "mcp"]
    for command, needed in (("backtest", "--detail"), ("project", "--target")):
        assert [one["only_with"] for one in COMMANDS[command]["rows"]] == [None, needed]
        assert option(command, needed)


def test_exit_codes_are_those_of_the_errors() -> None:
    codes = {one["code"] for one in SURFACE["exit_codes"]}
    assert {kind.exit_code for kind in RuralForecastError.__subclasses__()} < codes
