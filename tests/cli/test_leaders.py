"""Leading markets as users type them."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from tests import schemas
from tests.inside import Cli, rows

SHARES = {
    "Norway": (1, 3, 9, 22, 45, 70, 82),
    "Sweden": (0.2, 1, 3, 8, 20, 41, 60),
    "Chad": (0, 0, 0.1, 0.1, 0.2, 0.2, 0.3),
    "Germany": (0.1, 0.3, 0.9, 2.5, 6, 12, 19),
}


@pytest.fixture
def cars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of shares of four countries."""
    monkeypatch.chdir(tmp_path)
    lines = [f"{name},{2015 + at},{value}" for name, shares in SHARES.items() for at, value in enumerate(shares)]
    Path("cars.csv").write_text("\n".join(["country,year,share of sales (%)", *lines]) + "\n")
    return "cars.csv"


def leaders(cli: Cli, *line: str) -> list[str]:
    told = json.loads(cli("project", "cars.csv::Germany", *line, "--format", "json").out)
    schemas.check(told, "forecast")
    return [leader["name"] for leader in told.get("figures", {}).get("leaders", [])]


def test_leaders_are_named_or_a_whole_file(cars: str, cli: Cli) -> None:
    assert leaders(cli, "--like", "::Norway", "--like", f"{cars}::Sweden") == ["Norway", "Sweden"]
    assert leaders(cli, "--like", cars) == ["Norway", "Sweden"]
    assert leaders(cli, "--like", "::Chad") == []
    assert leaders(cli, "--like", cars, "--until", "2017") == ["Sweden"]


@pytest.mark.parametrize("command", ["project", "compare", "precedents"])
@pytest.mark.slow
def test_every_command_names_them(command: str, cars: str, cli: Cli) -> None:
    line = (command, f"{cars}::Germany", "--like", "::Norway", "--horizon", "2")
    assert "Leading markets" in cli(*line, *(["--explain"] if command == "project" else []), "--format", "markdown").out
    told = json.loads(cli(*line, "--format", "json").out)
    assert "led" in {note["code"] for note in told["notes"]}


def test_a_market_that_is_not_ahead_is_a_warning_and_changes_nothing(cars: str, cli: Cli) -> None:
    alone, with_chad = (cli("project", f"{cars}::Germany", *more) for more in ((), ("--like", "::Chad")))
    assert rows(alone.out) == rows(with_chad.out)
    assert "warning: No leading market" in with_chad.err


@pytest.mark.parametrize(
    "line", [("--like", "turnover"), ("--like", "::none"), ("--like", "::Norway", "--model", "drift")]
)
def test_what_cannot_lead_is_refused(line: tuple[str, ...], cars: str, cli: Cli) -> None:
    assert cli("project", f"{cars}::Germany", *line).code == 2


def test_python_takes_the_same_text(cars: str, cli: Cli) -> None:
    result = rf.forecast(f"{cars}::Germany", like=["::Norway", f"{cars}::Sweden"])
    assert [lead.name for lead in result.leads] == ["Norway", "Sweden"]
    typed = rows(cli("project", f"{cars}::Germany", "--like", "::Norway", "--like", "::Sweden").out)
    assert [float(row["value"]) for row in typed] == result.best.values.tolist()


def test_a_part_has_the_shares_of_its_total(cars: str, cli: Cli) -> None:
    line = ("project", f"{cars}::Germany", "--horizon", "2")
    told = json.loads(cli(*line, "--within", "::Norway", "--format", "json").out)
    assert [year["period"] for year in told["figures"]["within"]["shares"]] == [2022, 2023]
    assert told["figures"]["within"]["total"] == "Norway"
    assert "Share of " in cli(*line, "--within", "::Norway", "--explain", "--format", "markdown").out
    assert cli(*line, "--within", cars).code == 2
    assert cli(*line, "--within", "::Chad").code == 2
