"""Scenario files: what they hold, and refusals that name file, line and key."""

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError
from rural_forecast.scenarios.scenario import Scenarios, read_scenarios, scenario
from rural_forecast.sizing.toml import scenario_files


def run(source: str | Path) -> Scenarios:
    found = read_scenarios(source)
    assert found.series is not None
    return scenario(found.series, *found.scenarios, year=found.year)


@pytest.mark.parametrize("name", sorted(scenario_files()))
def test_every_file_that_ships_runs_and_gives_its_reasons(name: str) -> None:
    result = run(name)
    assert result.outcomes
    assert all(one.scenario.reason for one in result.outcomes)


def test_what_a_file_says_is_read(tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text("year,value\n2019,10\n2020,12\n2021,13\n")
    file = tmp_path / "mine.toml"
    file.write_text(
        'series = "market.csv"\nyear = 2024\n\n[scenarios.high]\ngrowth = { 2023 = "2..5", 2022 = 8 }\n'
        'ceiling = 40\nreason = "why"\n\n[scenarios."zwölf Prozent"]\ngrowth = "3..7"\n'
    )
    found = read_scenarios(file)
    assert found.series is not None
    assert found.series.observations[0].value == 10
    assert found.year == 2024
    high, twelve = found.scenarios
    assert (high.growth, high.ceiling, high.reason) == ({2022: 8, 2023: (2, 5)}, (40, 40), "why")
    assert (twelve.name, twelve.growth) == ("zwölf Prozent", (3, 7))


A = "[scenarios.a]\n"
CASES = [
    (
        "series = 'turnover'\n\n[scenarios.a]\nshock = { 2016 = 5 }\n",
        " line 4, scenarios.a.shock: 2016 is not after 2016",
    ),
    (A + "growth = { 2027 = 1" + "0" * 400 + " }", " line 2, scenarios.a.growth.2027"),
    (A + "growth = 5\nyeer = 3\n", " line 3, scenarios.a.yeer"),
    ("year = 'soon'\n" + A, " line 1, year"),
    ("range_level = 100\n" + A, " line 1, range_level"),
    ("series = 'nowhere'\n" + A, " line 1, series"),
    ("series = 'turnover'\n", ""),
    ("[scenarios]\na = 5\n", " line 2, scenarios.a"),
    (A + "growth = 'x'\n", " line 2, scenarios.a.growth"),
    (A + "growth = { soon = 5 }\n", " line 2, scenarios.a.growth.soon"),
    (A + "growth = { 2026 = true }\n", " line 2, scenarios.a.growth.2026"),
    (A + "growth = nan\n", " line 2, scenarios.a.growth"),
    (A + "growth = '7..3'\n", " line 2, scenarios.a.growth"),
    (A + "ceiling = '900-1000'\n", " line 2, scenarios.a.ceiling"),
    (A + "ceiling = '900..800'\n", " line 2, scenarios.a.ceiling"),
    (A + "ceiling = '1..1e'\n", " line 2, scenarios.a.ceiling"),
    (A + "override = { 2026 = 5 }\n", " line 2, scenarios.a.override"),
    (A + "shock = { 2026 = -100 }\n", " line 2, scenarios.a.shock"),
    (A + "shock = -5\n", " line 2, scenarios.a.shock"),
    (A + "growth = 5\nreason = 3\n", " line 3, scenarios.a.reason"),
    ("[scenarios.a\n", " line 1, column 13"),
    (A + "growth = 0x" + "f" * 5000, " line 2, scenarios.a.growth"),
]


@pytest.mark.parametrize(("text", "place"), CASES)
def test_refusals_name_the_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        run(file)
    assert str(refused.value).startswith(f"{file}{place}")


@pytest.mark.parametrize("level", [None, 90])
def test_a_file_states_the_level_of_its_ranges_or_is_told_of_the_default(tmp_path: Path, level: int | None) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"{'' if level is None else f'range_level = {level}'}\n[scenarios.a]\ngrowth = '3..7'\n")
    result = scenario(rf.read("turnover"), *read_scenarios(file).scenarios)
    assert [note.warning for note in result.notes if note.code == "range_level"] == ([True] if level is None else [])
    assert result.outcomes[0].scenario.range_level == level
