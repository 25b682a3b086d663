"""What the check finds wrong with the values used, every command says in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from rural_forecast.cli import tree
from rural_forecast.render import formats
from tests.inside import Cli

WRONG = "year,value\n2019,41\n2020,52\n2021,60000\n2022,75\n2023,83\n"
FELL = "year,value\n2019,41\n2020,52\n2021,60\n2022,75\n2023,30\n"
RIGHT = "year,value\n2019,41\n2020,52\n2021,60\n2022,75\n2023,83\n"
SAID = "60,000 does not fit 52 (2020) and 75 (2022)"
MODEL = """unit = "items"
years = 2024

[drivers.market]
series = "market.csv"
unit = "items"

[drivers.share]
value = "0.1..0.2"
unit = "share"
assumption = true

[stages]
sales = "market * share"
"""
DOCUMENTS = ("table", "csv", "tsv", "json", "ndjson", "markdown", "parquet", "xlsx")
COMMANDS = {
    "project": (("project", "market.csv"), (*DOCUMENTS, "svg")),
    "compare": (("compare", "market.csv"), DOCUMENTS),
    "backtest": (("backtest", "market.csv"), DOCUMENTS),
    "precedents": (("precedents", "market.csv"), DOCUMENTS),
    "growth": (("growth", "market.csv"), DOCUMENTS),
    "nowcast": (("nowcast", "market.csv", "--partial", "2024H1=44"), DOCUMENTS),
    "scenario": (("scenario", "market.csv", "--growth", "2024=4"), DOCUMENTS),
    "batch": (("batch", "market.csv"), DOCUMENTS),
    "chart": (("chart", "market.csv"), ("table", "svg")),
    "exhibit": (("exhibit", "market.csv"), ("html",)),
    "size": (("size", "market.toml", "--draws", "2000"), DOCUMENTS),
}
NO_FORECAST = {
    "series list",
    "series show",
    "series check",
    "series read",
    "panel",  # it takes a file of several series: tests/panels holds it
    "models",
}
CASES = [(name, form) for name, (_, forms) in COMMANDS.items() for form in forms]


def test_every_command_that_forecasts_is_in_the_table() -> None:
    assert {name for name, _ in tree.commands()} - NO_FORECAST == COMMANDS.keys()


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "market.toml").write_text(MODEL)
    return tmp_path / "market.csv"


@pytest.mark.slow
@pytest.mark.parametrize(("command", "form"), CASES)
def test_findings_travel(cli: Cli, market: Path, command: str, form: str) -> None:
    asked, _ = COMMANDS[command]
    output = () if form not in ("parquet", "xlsx") else ("-o", f"out{formats.BY_NAME[form].suffixes[0]}")
    market.write_text(WRONG)
    done = cli(*asked, "--format", form, *output)
    assert done.code == 0, done.err
    warned = [line for line in done.err.splitlines() if line.startswith("warning: ") and SAID in line]
    assert len(warned) == 1
    if form in ("json", "markdown", "html") or (form == "table" and command != "chart"):
        assert SAID in " ".join(done.out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_falls_travel_and_sound_figures_are_no_finding(cli: Cli, market: Path, command: str) -> None:
    asked, forms = COMMANDS[command]
    line = (*asked, "--format", forms[-1], *(("-o", "out.xlsx") if forms[-1] == "xlsx" else ()))
    market.write_text(RIGHT)
    assert "warning" not in cli(*line).err
    market.write_text(FELL)
    assert "30 is less than half of 75 (2022)" in cli(*line).err


def test_only_values_that_are_used_are_talked_of(cli: Cli, market: Path) -> None:
    market.write_text(WRONG)
    assert SAID not in cli("project", market, "--since", "2022").err
    assert SAID not in cli("project", market, "--until", "2020").err


def test_quiet_is_quiet(cli: Cli, market: Path) -> None:
    market.write_text(WRONG)
    assert cli("project", market, "-q").err == ""


def test_of_a_batch_one_line_is_said(cli: Cli, market: Path) -> None:
    rows = [f"s{place},{line}" for place in range(30) for line in WRONG.splitlines()[1:]]
    market.write_text("\n".join(["id,year,value", *rows, ""]))
    done = cli("batch", market, "--format", "json")
    said = done.err.splitlines()
    assert said[0].startswith("warning: 30 of 30 series need a look, first s0 2021: 60,000 does not fit")
    assert said[0].endswith(f"'rural-forecast series check {market}' lists all.")
    assert said[1:] == ["30 series forecast"]
    assert done.out.count(f"2021: {SAID}") == 11  # the line, and the first ten


def test_the_series_a_sizing_is_set_against_is_looked_at(cli: Cli, market: Path) -> None:
    market.write_text(WRONG)
    drivers = MODEL.replace('series = "market.csv"', 'value = "50..90"\nassumption = true')
    market.with_suffix(".toml").write_text(f'{drivers}\n[top_down]\nseries = "market.csv"\nstage = "sales"\n')
    assert f"warning: market: 2021: {SAID}" in cli("size", "market.toml").err


APART = """year,value,source,growth_pct
2019,41,a,
2020,52,a,26.8
2021,60,a,40
2021,70,b,
2022,75,a,25
"""


def test_sources_and_growth_that_disagree_are_warnings_in_a_file(cli: Cli, market: Path) -> None:
    market.write_text(APART)
    err = cli("project", market, "--format", "csv").err
    assert "warning: Sources differ: 2021 from 60 to 70" in err
    assert "warning: Published levels and growth disagree" in err
    assert cli("project", "mofcom", "--format", "csv").err == ""  # known of the catalogue, and told in its notes
