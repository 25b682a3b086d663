"""The program for programs: the specification, the guide, and variables of the environment."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rural_forecast.cli import tree
from rural_forecast.cli.surface import surface
from tests.inside import Cli

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
