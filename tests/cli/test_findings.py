"""Findings on the values used travel to every command and format."""

from pathlib import Path

import pytest

from rural_forecast.cli.surface import surface
from rural_forecast.render import formats
from tests.inside import Cli

HEAD = "year,value\n2019,41\n2020,52\n"
WRONG = f"{HEAD}2021,60000\n2022,75\n2023,83\n"
SAID = "60,000 does not fit 52 (2020) and 75 (2022)"
MODEL = """unit = "items"
years = 2024
range_level = 80

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
FORMS = {"chart": ("table", "svg"), "exhibit": ("html",)}
"""Formats of the commands that write no documents."""
ADDED = {"nowcast": "--partial 2024H1=14", "scenario": "--growth 2024=4", "size": "--draws 2000"}
COMMANDS = [
    one["name"]
    for one in surface()["commands"]
    if one["name"] in ("batch", "size") or any("--until" in option["names"] for option in one["options"])
]
"""Those that forecast; tests of panels and of records hold those of their commands."""
CASES = [("project", form) for form in formats.FORMATS]
CASES += [(name, form) for name in COMMANDS[1:] for form in FORMS.get(name, ("json",))]


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "market.toml").write_text(MODEL)
    return tmp_path / "market.csv"


def typed(command: str, form: str) -> list[str]:
    file = "market.toml" if command == "size" else "market.csv"
    output = ["-o", f"out{formats.BY_NAME[form].suffixes[0]}"] if form in ("parquet", "xlsx") else []
    return [*command.split(), file, *ADDED.get(command, "").split(), "--format", form, *output]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "form"), CASES)
def test_findings_travel(cli: Cli, market: Path, command: str, form: str) -> None:
    market.write_text(WRONG)
    done = cli(*typed(command, form))
    assert done.code == 0, done.err
    assert sum(line.startswith("warning: ") and SAID in line for line in done.err.splitlines()) == 1
    if form in ("json", "markdown", "html") or (form == "table" and command != "chart"):
        assert SAID in " ".join(done.out.split())


def test_only_values_that_are_used_are_named_and_none_under_quiet(cli: Cli, market: Path) -> None:
    market.write_text(WRONG)
    assert SAID not in cli("project", market, "--since", "2022").err
    assert SAID not in cli("project", market, "--until", "2020").err
    assert cli("project", market, "-q").err == ""


def test_a_batch_has_one_line(cli: Cli, market: Path) -> None:
    rows = [f"s{place},{line}" for place in range(30) for line in WRONG.splitlines()[1:]]
    market.write_text("\n".join(["id,year,value", *rows, ""]))
    done = cli("batch", market, "--format", "json")
    first, *others = done.err.splitlines()
    assert first.startswith("warning: 30 of 30 series need a look, first s0 2021: 60,000 does not fit")
    assert others == ["30 series forecast"]
    assert done.out.count(f"2021: {SAID}") == 11  # the line, and the first ten


def test_the_series_a_sizing_is_compared_with_is_examined(cli: Cli, market: Path) -> None:
    market.write_text(WRONG)
    drivers = MODEL.replace('series = "market.csv"', 'value = "50..90"\nassumption = true')
    market.with_suffix(".toml").write_text(f'{drivers}\n[top_down]\nseries = "market.csv"\nstage = "sales"\n')
    assert f"warning: market: 2021: {SAID}" in cli("size", "market.toml").err


def test_sources_and_growth_that_disagree_are_warnings_in_a_file(cli: Cli, market: Path) -> None:
    market.write_text(
        "year,value,source,growth_pct\n2019,41,a,\n2020,52,a,26.8\n2021,60,a,40\n2021,70,b,\n2022,75,a,25\n"
    )
    err = cli("project", market, "--format", "csv").err
    assert "warning: Sources differ in 2021: 60 (a); 70 (b)" in err
    assert "warning: Published levels and growth disagree" in err
    assert cli("project", "mofcom", "--format", "csv").err == ""  # known of the catalogue, and in its notes
