"""Scenario files: what they hold, and refusals that name file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from rural_forecast.errors import InputError
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.scenarios.scenario_file import examples, read_scenarios


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_file_that_ships_runs_and_gives_its_reasons(name: str) -> None:
    found = read_scenarios(name)
    assert found.series is not None
    result = scenario(found.series, *found.scenarios, year=found.year)
    assert len(result.outcomes) == len(found.scenarios)
    assert all(one.reason for one in found.scenarios)


def test_what_a_file_says_is_read(tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text("year,value\n2019,10\n2020,12\n2021,13\n")
    file = tmp_path / "mine.toml"
    file.write_text(
        'series = "market.csv"\nyear = 2024\n\n[scenarios.high]\ngrowth = { 2023 = 5, 2022 = 8 }\n'
        'ceiling = 40\nreason = "why"\n\n[scenarios."zwölf Prozent"]\ngrowth = 12\n'
    )
    found = read_scenarios(file)
    assert found.series is not None
    assert found.series.observations[0].value == 10
    assert found.year == 2024
    high, twelve = found.scenarios
    assert (high.growth, high.ceiling, high.reason) == ({2022: 8, 2023: 5}, (40, 40), "why")
    assert (twelve.name, twelve.growth) == ("zwölf Prozent", 12)


CASES = [
    ("[scenarios.a]\ngrowth = { 2027 = 1" + "0" * 400 + " }", "line 2, scenarios.a.growth.2027: 1000"),
    ("year = " + "9" * 5000, "holds a number of more than 1,000 digits"),
    ("[scenarios.a]\ngrowth = 0x" + "f" * 5000, "holds a number of more than"),
    ("[scenarios.a]\ngrowth = 5\nyeer = 3\n", "line 3, scenarios.a.yeer: is not known here"),
    ("year = 'soon'\n[scenarios.a]\ngrowth = 5\n", "line 1, year: 'soon' is not a year"),
    ("series = 'nowhere'\n[scenarios.a]\ngrowth = 5\n", "line 1, series: There is no series 'nowhere'"),
    ("series = 'turnover'\n", "scenarios: there is no scenario"),
    ("[scenarios]\na = 5\n", "line 2, scenarios.a: 5 is not a table"),
    ("[scenarios.a]\n", "line 1, scenarios.a: nothing is assumed"),
    ("[scenarios.a]\ngrowth = '5'\n", "line 2, scenarios.a.growth: '5' does not say for which year"),
    ("[scenarios.a]\ngrowth = { soon = 5 }\n", "line 2, scenarios.a.growth.soon: 'soon' is not a year"),
    ("[scenarios.a]\ngrowth = { 2026 = true }\n", "line 2, scenarios.a.growth.2026: True is not a number"),
    (
        "[scenarios.a]\nceiling = '900-1000'\n",
        "line 2, scenarios.a.ceiling: '900-1000' is neither a number nor a range",
    ),
    ("[scenarios.a]\nceiling = '900..800'\n", "line 2, scenarios.a.ceiling: 900..800 is not a range"),
    ("[scenarios.a]\nceiling = '1..1e'\n", "line 2, scenarios.a.ceiling: '1..1e' is neither a number nor a range"),
    ("[scenarios.a]\noverride = { 2026 = 5 }\n", "line 2, scenarios.a.override: 2026 is set to 5 without a reason"),
    ("[scenarios.a]\nshock = { 2026 = -100 }\n", "line 2, scenarios.a.shock: -100 % in 2026 would leave nothing"),
    ("[scenarios.a]\nshock = -5\n", "line 2, scenarios.a.shock: -5 does not say for which year"),
    ("[scenarios.a]\ngrowth = 5\nreason = 3\n", "line 3, scenarios.a.reason: 3 is not text"),
    ("[scenarios.a\n", "line 1, column 13: this is not valid TOML"),
    ("[scenarios.a]\ngrowth = nan\n", "line 2, scenarios.a.growth: nan is not a finite number"),
]


@pytest.mark.parametrize(("text", "said"), CASES, ids=[said for _, said in CASES])
def test_refusals_name_the_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        read_scenarios(file)
    assert refused.value.message == refused.value.message.strip()
    assert f"mine.toml {said}" in refused.value.message or f"mine.toml, {said}" in refused.value.message


def test_what_only_the_series_can_tell_names_the_place_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("series = 'turnover'\n\n[scenarios.a]\nshock = { 2016 = 5 }\n")
    found = read_scenarios(file)
    assert found.series is not None
    with pytest.raises(InputError, match=r"mine\.toml line 4, scenarios\.a\.shock: 2016 is not after 2016"):
        scenario(found.series, *found.scenarios)


def test_a_file_that_is_not_there_is_told_with_those_that_ship(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no scenario file") as refused:
        read_scenarios(tmp_path / "none.toml")
    assert "rural_online_retail" in refused.value.hint
    with pytest.raises(InputError, match="is a folder"):
        read_scenarios(tmp_path)


def test_ranges_are_read_as_they_are_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        "[scenarios.a]\ngrowth = '3..7'\n[scenarios.b]\ngrowth = { 2026 = '3..7', 2027 = 4 }\n"
        "override = { 2028 = '100 .. 120' }\nreason = 'why'\n"
    )
    first, second = read_scenarios(file).scenarios
    assert first.growth == (3, 7)
    assert (second.growth, second.override) == ({2026: (3, 7), 2027: 4}, {2028: (100, 120)})
    file.write_text("[scenarios.a]\ngrowth = '7..3'\n")
    with pytest.raises(InputError, match=r"line 2, scenarios\.a\.growth: the range 7\.\.3 ends below its start"):
        read_scenarios(file)
