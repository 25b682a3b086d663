"""Scenarios on the joint paths of their baseline: what is stated replaces that of each path, the
rest goes on.
"""

from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.objects.functions import scenario
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.following import ScenarioPath, below
from rural_forecast.scenarios.reading import read_scenarios
from rural_forecast.scenarios.scenario import Scenarios
from rural_forecast.sizing.toml import scenario_files
from rural_forecast.views.scenario import document
from tests.observed.build import series

SIDES = ("values", "lower", "upper")


def only(result: Scenarios) -> ScenarioPath:
    (outcome,) = result.outcomes
    return outcome.path


def turnover(one: Scenario, year: int, **more: Any) -> Scenarios:
    return scenario(rf.read("turnover"), one, year=year, **more)


def check_from(result: Scenarios, start: int, expected: np.ndarray, rel: float) -> None:
    """The scenario is so from a place on: the median and the 80 % range of paths by hand."""
    path = only(result)
    for side, p in ((path.values, 0.5), (path.lower[0], 0.1), (path.upper[0], 0.9)):
        assert side[start:] == pytest.approx(np.quantile(expected, p, axis=0), rel=rel)


@pytest.mark.parametrize("source", ["turnover", "mofcom", "penetration"])
@pytest.mark.parametrize("same", [Scenario("same"), Scenario("same", shock={2027: 0})])
def test_nothing_stated_is_the_baseline_digit_for_digit(source: str, same: Scenario) -> None:
    result = scenario(rf.read(source), same, horizon=12)
    base = result.baseline.best
    path = only(result)
    for side in SIDES:
        np.testing.assert_array_equal(getattr(path, side), getattr(base, side))


@pytest.mark.parametrize(
    "assumed",
    [
        Scenario("a", growth={2028: (5, 6)}),
        Scenario("a", growth={2028: 5}),
        Scenario("a", shock={2028: -10}),
        Scenario("a", override={2028: 3500}, reason="x"),
    ],
)
def test_years_before_the_first_statement_are_the_baseline(assumed: Scenario) -> None:
    result = scenario(rf.read("mofcom"), assumed, year=2030)
    base = result.baseline.best
    path = only(result)
    for side in SIDES:
        np.testing.assert_array_equal(getattr(path, side)[..., :2], getattr(base, side)[..., :2])
    assert np.isfinite(path.lower[:, 3:]).all()


@pytest.mark.parametrize("growth", [5.0, (5.0, 6.0)])
def test_a_stated_growth_compounds_the_paths_of_the_year_before(
    growth: float | tuple[float, float],
) -> None:
    """Against a simulation of its own on the paths of the forecast."""
    result = scenario(rf.read("mofcom"), Scenario("a", growth={2028: growth}), year=2029)
    paths = result.baseline.paths()
    low, high = growth if isinstance(growth, tuple) else (growth, growth)
    middle = log((1 + low / 100) * (1 + high / 100)) / 2
    sigma = log((100 + high) / (100 + low)) / 2 / 1.2816
    drawn = np.exp(middle + sigma * np.random.default_rng(7).standard_normal(len(paths)))
    expected = np.column_stack(
        [paths[:, 1] * drawn, paths[:, 1] * drawn * paths[:, 3] / paths[:, 2]]
    )
    check_from(result, 2, expected, 0.003)


def test_a_number_in_the_first_year_has_no_interval_and_says_so() -> None:
    result = turnover(Scenario("slow", growth={2017: 10}), 2018)
    path = only(result)
    assert path.values[0] == pytest.approx(482 * 1.1)
    assert np.isnan(path.lower[:, 0]).all()
    assert np.isfinite(path.lower[:, 1]).all()
    assert path.assumed == ("growth", "")
    assert "no_interval" in {note.code for note in result.notes}
    assert document(result).sections[-1].rows[0][-1] == "growth stated"


def test_an_override_fixes_its_year_and_each_path_grows_on_from_it() -> None:
    result = turnover(Scenario("plan", override={2018: 700}, reason="the board's plan"), 2020)
    path = only(result)
    paths = result.baseline.paths()
    assert path.values[1] == 700
    assert np.isnan(path.lower[:, 1]).all()
    expected = 700 * paths[:, 2:] / paths[:, 1:2]
    check_from(result, 2, expected, 1e-3)
    notes = {note.code: str(note) for note in result.notes}
    assert "the board's plan" in notes["assumptions"]
    assert "700 bn CNY in 2018" in notes["assumptions"]


def test_growth_leaves_a_year_of_a_stated_value_out() -> None:
    slow = Scenario("slow", growth=5, override={2018: 700}, reason="why")
    np.testing.assert_allclose(only(turnover(slow, 2019)).values, [482 * 1.05, 700, 735])


def test_a_shock_stays_in_the_level_and_scales_its_interval() -> None:
    result = scenario(rf.read("mofcom"), Scenario("bad", shock={2027: -20}), year=2028)
    base = result.baseline.best
    path = only(result)
    for side in SIDES:
        np.testing.assert_allclose(
            getattr(path, side), getattr(base, side) * [1, 0.8, 0.8], rtol=5e-4
        )


def test_each_path_saturates_below_a_ceiling_of_its_own() -> None:
    result = scenario(rf.read("mofcom"), Scenario("full", ceiling=(4000, 5000)), year=2080)
    base = result.baseline.best
    path = only(result)
    assert (path.values <= base.values).all()
    assert (path.upper < 5000).all()
    assert 4000 < path.values[-1] < 4400
    assert (np.diff(path.values[:20]) > 0).all()
    path = only(turnover(Scenario("x", growth={2017: (1, 20)}, ceiling=(500, 550)), 2025))
    assert np.nanmax(path.upper) <= 550, "stated growth is bounded by it too"


@given(st.floats(1, 1e6), st.floats(0.001, 1.5), st.floats(1.0001, 100))
def test_growth_below_a_ceiling_is_slower(level: float, growth: float, times: float) -> None:
    ceiling = level * times
    (after,) = below(np.array([ceiling]), np.array([level]), np.array([growth]), level)
    assert level < after <= ceiling
    assert log(after / level) <= growth * (1 + 1e-9)


def test_a_later_year_changes_no_earlier_one() -> None:
    both = Scenario("x", shock={2018: -5}, override={2025: 900}, reason="why")
    short, long = (turnover(both, year) for year in (2018, 2026))
    np.testing.assert_array_equal(only(short).lower, only(long).lower[:, :2])
    assert ["after_target" in {note.code for note in one.notes} for one in (short, long)] == [
        True,
        False,
    ]
    ends = {2024: 2024, 2017: 2018}
    assert {
        last: scenario(rf.read("turnover"), Scenario("a", shock={last: -5})).baseline.target
        for last in ends
    } == ends


def test_a_series_with_negative_values_takes_overrides_and_keeps_differences() -> None:
    market = series({"2018": -3, "2019": 1, "2020": -2, "2021": 2})
    result = scenario(market, Scenario("set", override={2022: 10}, reason="why"), year=2023)
    paths = result.baseline.paths()
    assert only(result).values[1] == pytest.approx(
        np.median(10 + paths[:, 1] - paths[:, 0]), rel=1e-3
    )
    for wrong in (
        (Scenario("grow", growth=5),),
        (),
        (Scenario("x", growth=5), Scenario("x", growth=6)),
    ):
        with pytest.raises(UsageError):
            scenario(market, *wrong)


@pytest.mark.parametrize(
    ("values", "unit", "set_to"),
    [
        ({"2018": 20, "2019": 40, "2020": 60, "2021": 80}, "percent", 98),
        ({"2018": 0, "2019": 20, "2020": 50, "2021": 80}, "", 0.5),
        ({"2018": 60, "2019": 70, "2020": 80}, "percent", (90, 99)),
    ],
)
def test_a_share_stays_within_its_bounds(
    values: dict[str, float], unit: str, set_to: float
) -> None:
    share = series(values, measure="rate", unit=unit)
    path = only(scenario(share, Scenario("set", override={2022: set_to}, reason="why"), year=2035))
    assert ((path.values >= 0) & (path.values <= 100)).all()
    assert np.nanmin(path.lower) >= 0
    assert np.nanmax(path.upper) <= 100
    for value in (101, -1):
        with pytest.raises(UsageError):
            scenario(share, Scenario("set", override={2022: value}, reason="why"))
    with pytest.raises(UsageError):
        scenario(share, Scenario("full", ceiling=(85, 120)))


@pytest.mark.parametrize("unit", [1e-290, 1e290])
def test_the_unit_does_not_matter_however_far_from_one(unit: float) -> None:
    values = {"2018": 3.0, "2019": 4.0, "2020": 4.5, "2021": 6.0}
    large = {year: value * unit for year, value in values.items()}
    for one in (Scenario("bad", shock={2022: -20}), Scenario("full", ceiling=(8.0, 12.0))):
        top = None if one.ceiling is None else (one.ceiling[0] * unit, one.ceiling[1] * unit)
        here = only(scenario(series(values), one, year=2026))
        there = only(scenario(series(large), replace(one, ceiling=top), year=2026))
        for side in SIDES:
            np.testing.assert_allclose(getattr(there, side) / unit, getattr(here, side), rtol=1e-9)


WHY = {"reason": "why"}


@pytest.mark.parametrize(
    "one",
    [
        Scenario("", growth=5),
        Scenario("x", growth=-100),
        Scenario("x", growth={2017: float("nan")}),
        Scenario("x", growth=(8, 2)),
        Scenario("x", growth={2017: 90, 2018: 5}, ceiling=(500, 600)),
        Scenario("x", shock={2017: -100}),
        Scenario("x", shock={2017: (-100, 2)}),
        Scenario("x", shock={2025: 5}),
        Scenario("x", ceiling=(900, 800)),
        Scenario("x", ceiling=(400, 800)),
        Scenario("x", override={2018: 700}),
        Scenario("x", override={2016: 500}, **WHY),
        Scenario("x", override={2017: -5}, **WHY),
        Scenario("x", override={2017: (-5, 100)}, **WHY),
        Scenario("x", override={2017: float("inf")}, **WHY),
        Scenario("x", override={2017: 500}, shock={2017: 5}, **WHY),
        Scenario("x", override={2017: 500}, growth={2017: 5}, **WHY),
    ],
    ids=str,
)
def test_impossible_assumptions_are_refused(one: Scenario) -> None:
    with pytest.raises(UsageError, match=r"cenario '"):
        scenario(rf.read("turnover"), one, year=2018)


@pytest.mark.parametrize(("range_level", "level"), [(None, 80), (80, 80), (90, 90)])
def test_a_range_of_growth_holds_with_its_level(range_level: int | None, level: int) -> None:
    ranged = Scenario("range", growth=(5, 25), range_level=range_level)
    path = only(scenario(rf.read("turnover"), ranged, year=2018, levels=[level]))
    assert path.values == pytest.approx(482 * (1.05 * 1.25) ** np.array([0.5, 1.0]), rel=1e-6)
    assert path.lower[0] == pytest.approx(482 * 1.05 ** np.array([1, 2]), rel=0.002)
    assert path.upper[0] == pytest.approx(482 * 1.25 ** np.array([1, 2]), rel=0.002)


def test_years_after_a_range_have_the_uncertainty_of_both() -> None:
    one = Scenario("sure", override={2017: 500}, reason="why")
    wide = Scenario("range", override={2017: (400, 625)}, reason="why")
    sure, ranged = (
        outcome.path for outcome in scenario(rf.read("turnover"), one, wide, year=2018).outcomes
    )
    assert ranged.values == pytest.approx(sure.values, rel=0.01)
    assert ranged.upper[0, 1] / ranged.lower[0, 1] > 1.05 * sure.upper[0, 1] / sure.lower[0, 1]


def test_the_summary_names_the_level_of_the_baseline() -> None:
    result = turnover(Scenario("wide", growth=(2.0, 20.0)), 2018, levels=(30, 60, 90))
    summary, kind = document(result).summary
    assert kind.startswith("Forecast as adoption")
    assert summary.startswith("If growth is 2 to 20 % a year: ")


def run(source: str | Path) -> Scenarios:
    file = read_scenarios(source)
    assert file.series is not None
    return scenario(file.series, *file.scenarios, year=file.year)


@pytest.mark.parametrize("name", sorted(scenario_files()))
def test_every_file_that_ships_runs_and_gives_its_reasons(name: str) -> None:
    result = run(name)
    assert result.outcomes
    assert all(one.scenario.reason for one in result.outcomes)


MINE = """\
series = "market.csv"
year = 2024

[scenarios.high]
growth = { 2023 = "2..5", 2022 = 8 }
ceiling = 40
reason = "why"

[scenarios."zwölf Prozent"]
growth = "3..7"
"""


def test_the_content_of_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text("year,value\n2019,10\n2020,12\n2021,13\n")
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    file = read_scenarios(path)
    assert file.series is not None
    assert file.series.observations[0].value == 10
    assert file.year == 2024
    high, twelve = file.scenarios
    assert (high.growth, high.ceiling, high.reason) == ({2022: 8, 2023: (2, 5)}, (40, 40), "why")
    assert (twelve.name, twelve.growth) == ("zwölf Prozent", (3, 7))


A = "[scenarios.a]\n"
CASES = {
    " line 4, scenarios.a.shock: 2016 is not after 2016": [
        f"series = 'turnover'\n\n{A}shock = {{ 2016 = 5 }}\n"
    ],
    " line 2, scenarios.a.growth.2027": [f"{A}growth = {{ 2027 = 1{'0' * 400} }}"],
    " line 2, scenarios.a.growth.2026": [f"{A}growth = {{ 2026 = true }}\n"],
    " line 2, scenarios.a.growth.soon": [f"{A}growth = {{ soon = 5 }}\n"],
    " line 2, scenarios.a.growth": [
        f"{A}growth = {rate}\n" for rate in ("'x'", "nan", "'7..3'", "0x" + "f" * 5000)
    ],
    " line 2, scenarios.a.ceiling": [
        f"{A}ceiling = {ends}\n" for ends in ("'900-1000'", "'900..800'", "'1..1e'")
    ],
    " line 2, scenarios.a.shock": [f"{A}shock = {shock}\n" for shock in ("{ 2026 = -100 }", "-5")],
    " line 2, scenarios.a.override": [f"{A}override = {{ 2026 = 5 }}\n"],
    " line 3, scenarios.a.yeer": [f"{A}growth = 5\nyeer = 3\n"],
    " line 3, scenarios.a.reason": [f"{A}growth = 5\nreason = 3\n"],
    " line 1, year": [f"year = 'soon'\n{A}"],
    " line 1, range_level": [f"range_level = 100\n{A}"],
    " line 1, series": [f"series = 'nowhere'\n{A}"],
    " line 2, scenarios.a": ["[scenarios]\na = 5\n"],
    " line 1, column 13": ["[scenarios.a\n"],
    "": ["series = 'turnover'\n"],
}


@pytest.mark.parametrize(
    ("location", "text"), [(location, text) for location, texts in CASES.items() for text in texts]
)
def test_refusals_name_the_place(tmp_path: Path, location: str, text: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        run(file)
    assert str(refused.value).startswith(f"{file}{location}")


@pytest.mark.parametrize("level", [None, 90])
def test_a_file_that_does_not_state_the_level_of_its_ranges_is_warned_of(
    tmp_path: Path, level: int | None
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        f"{'' if level is None else f'range_level = {level}'}\n[scenarios.a]\ngrowth = '3..7'\n"
    )
    result = scenario(rf.read("turnover"), *read_scenarios(file).scenarios)
    assert [note.warning for note in result.notes if note.code == "range_level"] == (
        [True] if level is None else []
    )
    assert result.outcomes[0].scenario.range_level == level


UNDER_WAY = "period,value\n2021,352\n2022,466\n2023,518\n2024,557\n" + "".join(
    f"{year}H1,{value}\n" for year, value in ((2022, 215), (2023, 244), (2024, 262), (2025, 290))
)


def test_growth_of_every_year_begins_after_the_year_under_way(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(UNDER_WAY)
    sales = rf.series(str(tmp_path / "sales.csv"))
    result = rf.scenario(sales, rf.Scenario("plan", growth=5), year=2027)
    (outcome,) = result.outcomes
    nowcast = result.baseline.best.values[0]
    assert outcome.path.values == pytest.approx([nowcast, 1.05 * nowcast, 1.05**2 * nowcast])
    assert outcome.path.assumed == ("", "growth", "growth")
    assert "growth of 5 % in 2026 and 2027" in result.notes[0].text


def test_growth_of_the_year_under_way_is_taken_where_it_is_stated(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(UNDER_WAY)
    sales = rf.series(str(tmp_path / "sales.csv"))
    result = rf.scenario(sales, rf.Scenario("plan", growth={2025: 5}), year=2026)
    assert result.outcomes[0].path.values[0] == pytest.approx(1.05 * 557)
