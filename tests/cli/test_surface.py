"""What the manual page and the reference say of commands is what the commands do."""

from pathlib import Path
from typing import Any

import pytest

from rural_forecast.cli.surface import surface
from rural_forecast.errors import RuralForecastError
from rural_forecast.render.schemas import ROW_SETS
from tests.inside import Cli, write_example_files

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
