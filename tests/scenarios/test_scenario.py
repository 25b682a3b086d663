"""Scenarios: what is assumed stands, the rest follows the baseline, and every assumption says why."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.notes import Note
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.scenario import Scenarios, scenario
from rural_forecast.scenarios.scenario_path import Baseline, ScenarioPath, follow, room_step
from rural_forecast.series.money.conversion import conversion
from rural_forecast.views.scenario import document
from tests.series.build import series

TURNOVER = "rural_online_shopping_turnover"


def only(result: Scenarios) -> ScenarioPath:
    assert len(result.outcomes) == 1
    return result.outcomes[0].path


def test_an_override_stands_and_later_years_keep_the_consensus_growth() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("plan", override={2018: 700}, reason="the board's plan"), year=2020)
    base, path = result.baseline.best, only(result)
    assert path.values[1] == 700
    assert path.values[0] == base.values[0]
    assert path.values[3] / path.values[2] == pytest.approx(base.values[3] / base.values[2])
    assert path.values[2] / 700 == pytest.approx(base.values[2] / base.values[1])


def test_the_overridden_year_has_no_interval_and_the_years_after_it_start_anew() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("plan", override={2018: 700}, reason="why"), year=2020)
    base, path = result.baseline.best, only(result)
    assert np.isnan(path.lower[:, 1]).all()
    assert np.isnan(path.upper[:, 1]).all()
    np.testing.assert_allclose(path.lower[:, 0], base.lower[:, 0])
    np.testing.assert_allclose(path.upper[:, 2] / path.values[2], base.upper[:, 0] / base.values[0])


def test_the_reason_is_required_and_printed() -> None:
    with pytest.raises(UsageError, match="without a reason"):
        scenario(rf.read(TURNOVER), Scenario("plan", override={2018: 700}))
    result = scenario(rf.read(TURNOVER), Scenario("plan", override={2018: 700}, reason="the board's plan"))
    assert any("Reason: the board's plan." in str(note) for note in result.notes)
    assert any("sets 2018 by hand: 700 bn CNY in place of" in str(note) for note in result.notes)


def test_growth_of_named_years_then_that_of_the_consensus() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("slow", growth={2017: 10}), year=2018)
    base, path = result.baseline.best, only(result)
    assert path.values[0] == pytest.approx(482 * 1.1)
    assert path.values[1] / path.values[0] == pytest.approx(base.values[1] / base.values[0])
    assert np.isnan(path.lower[:, 0]).all()
    assert np.isfinite(path.lower[:, 1]).all()


def test_one_number_is_the_growth_of_every_year_but_an_overridden_one() -> None:
    slow = Scenario("slow", growth=5, override={2018: 700}, reason="why")
    path = only(scenario(rf.read(TURNOVER), slow, year=2019))
    np.testing.assert_allclose(path.values, [482 * 1.05, 700, 735])


def test_a_shock_stays_in_the_level_and_scales_the_interval() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("bad", shock={2018: -20}), year=2019)
    base, path = result.baseline.best, only(result)
    np.testing.assert_allclose(path.values / base.values, [1, 0.8, 0.8])
    np.testing.assert_allclose(path.upper / base.upper, np.broadcast_to([1, 0.8, 0.8], base.upper.shape))


def test_a_ceiling_slows_growth_and_is_never_passed() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("full", ceiling=(800, 1200)), year=2040)
    base, path = result.baseline.best, only(result)
    assert (path.values <= base.values).all()
    assert path.values[-1] < (800 * 1200) ** 0.5
    assert (path.upper < 1200).all()
    assert (path.lower < 800).all()


def test_a_far_ceiling_changes_nothing() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("far", ceiling=(1e12, 1e13)), year=2020)
    np.testing.assert_allclose(only(result).values, result.baseline.best.values, rtol=1e-6)
    np.testing.assert_allclose(only(result).upper, result.baseline.best.upper, rtol=1e-6)


def test_the_target_reaches_the_last_year_named() -> None:
    assert scenario(rf.read(TURNOVER), Scenario("a", shock={2024: -5})).baseline.target == 2024
    assert scenario(rf.read(TURNOVER), Scenario("a", shock={2017: -5})).baseline.target == 2018


def test_a_series_with_negative_values_takes_overrides_and_keeps_differences() -> None:
    market = series({"2018": -3, "2019": 1, "2020": -2, "2021": 2})
    result = scenario(market, Scenario("set", override={2022: 10}, reason="why"), year=2023)
    base, path = result.baseline.best, only(result)
    assert path.values[1] - 10 == pytest.approx(base.values[1] - base.values[0])
    with pytest.raises(UsageError, match="not positive throughout"):
        scenario(market, Scenario("grow", growth=5))


def test_a_share_stays_below_the_whole() -> None:
    share = rf.read("penetration")
    result = scenario(share, Scenario("high", override={2026: 98}, reason="why"), year=2035)
    assert (only(result).values <= 100).all()
    assert np.nanmax(only(result).upper) <= 100
    with pytest.raises(UsageError, match="above 100, the whole"):
        scenario(share, Scenario("high", override={2026: 101}, reason="why"))
    with pytest.raises(UsageError, match="above 100, the whole"):
        scenario(share, Scenario("high", growth=30), year=2035)


def test_a_share_without_a_unit_of_its_own_or_with_zeros_stays_within_its_bounds() -> None:
    share = series({"2018": 0, "2019": 20, "2020": 50, "2021": 80}, measure="rate", unit="")
    for value in (99, 0.5):
        path = only(scenario(share, Scenario("set", override={2022: value}, reason="why"), year=2030))
        assert ((path.values >= 0) & (path.values <= 100)).all()
        assert np.nanmin(path.lower) >= 0
        assert np.nanmax(path.upper) <= 100
    for value, said in ((101, "above 100, the whole"), (-1, "below 0")):
        with pytest.raises(UsageError, match=said):
            scenario(share, Scenario("set", override={2022: value}, reason="why"))


def test_a_share_has_no_ceiling_above_the_whole() -> None:
    assert (
        np.nanmax(only(scenario(rf.read("penetration"), Scenario("full", ceiling=(80, 100)), year=2060)).upper) <= 100
    )
    with pytest.raises(UsageError, match="120 is above 100, the whole"):
        scenario(rf.read("penetration"), Scenario("full", ceiling=(80, 120)))


@pytest.mark.parametrize("unit", [1e-290, 1e290])
def test_the_unit_does_not_matter_however_far_from_one(unit: float) -> None:
    values = {"2018": 3.0, "2019": 4.0, "2020": 4.5, "2021": 6.0}
    for one in (Scenario("bad", shock={2022: -20}), Scenario("full", ceiling=(8.0, 12.0))):
        top = None if one.ceiling is None else (one.ceiling[0] * unit, one.ceiling[1] * unit)
        here = only(scenario(series(values), one, year=2026))
        there = only(
            scenario(
                series({year: value * unit for year, value in values.items()}), replace(one, ceiling=top), year=2026
            )
        )
        for part, again in ((here.values, there.values), (here.lower, there.lower), (here.upper, there.upper)):
            np.testing.assert_allclose(again / unit, part, rtol=1e-9)


def test_dollars_divide_every_amount_by_the_rate() -> None:
    result = scenario(rf.read("mofcom"), Scenario("set", override={2026: 3000}, reason="why"), year=2027)
    dollars = in_currency(result, conversion("bn CNY", to="USD", rate=8))
    np.testing.assert_allclose(only(dollars).values, only(result).values / 8)
    assert "converted" in str(dollars.notes[0])


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Scenario("x"), "nothing is assumed"),
        (Scenario("", growth=5), "a name has"),
        (Scenario("x", growth=-100), "would leave nothing"),
        (Scenario("x", growth={2017: float("nan")}), "would leave nothing"),
        (Scenario("x", shock={2017: -100}), "would leave nothing"),
        (Scenario("x", ceiling=(900, 800)), "not a range"),
        (Scenario("x", ceiling=(400, 800)), "400 is not above 482"),
        (Scenario("x", override={2016: 500}, reason="why"), "2016 is not after 2016"),
        (Scenario("x", override={2017: -5}, reason="why"), "is not positive"),
        (Scenario("x", override={2017: float("inf")}, reason="why"), "not a finite number"),
        (Scenario("x", override={2017: 500}, shock={2017: 5}, reason="why"), "has a value and shock as well"),
        (Scenario("x", override={2017: 500}, growth={2017: 5}, reason="why"), "has a value and growth as well"),
        (Scenario("x", growth={2017: 90, 2018: 5}, ceiling=(500, 600)), "above the ceiling of 600"),
    ],
)
def test_impossible_assumptions_are_refused(one: Scenario, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        scenario(rf.read(TURNOVER), one)


def test_assumptions_beyond_the_target_play_no_part_and_that_is_said() -> None:
    both = Scenario("x", shock={2018: -5}, override={2025: 900}, reason="why")
    short = scenario(rf.read(TURNOVER), both, year=2018)
    np.testing.assert_array_equal(only(short).values, only(scenario(rf.read(TURNOVER), both)).values[:2])
    assert Note("after_target", {"name": "x", "years": (2025,), "target": 2018}) in short.notes


def test_a_year_beyond_the_target_and_a_name_given_twice_are_refused() -> None:
    with pytest.raises(UsageError, match="everything it assumes is after 2018"):
        scenario(rf.read(TURNOVER), Scenario("x", shock={2025: 5}), year=2018)
    with pytest.raises(UsageError, match="two scenarios of this name"):
        scenario(rf.read(TURNOVER), Scenario("x", growth=5), Scenario("x", growth=6))


@given(st.floats(1, 1e6), st.floats(0.001, 1.5), st.floats(1.0001, 100))
def test_a_step_below_a_ceiling_is_a_slower_one(level: float, growth: float, times: float) -> None:
    ceiling = level * times
    after = room_step(level, growth, ceiling, level)
    assert level < after <= ceiling
    assert log(after / level) <= growth * (1 + 1e-9)


@given(
    st.floats(10, 1e6),
    st.lists(st.floats(-0.3, 0.5), min_size=1, max_size=8),
    st.floats(0.05, 0.5),
    st.floats(1.05, 20),
    st.floats(1, 3),
    st.floats(-50, 50),
    st.integers(0, 7),
)
def test_the_path_lies_inside_its_interval(
    last: float, growth: list[float], spread: float, room: float, width: float, shock: float, when: int
) -> None:
    values = last * np.exp(np.cumsum(growth))
    half = spread * np.sqrt(np.arange(1, len(growth) + 1))
    base = Baseline(2020, last, values, (values * np.exp(-half))[None], (values * np.exp(half))[None], True)
    full = Scenario("full", ceiling=(last * room, last * room * width))
    for one in (full, Scenario("bad", shock={2021 + when: shock})):
        path = follow(one, base)
        assert (path.lower <= path.values * (1 + 1e-12)).all()
        assert (path.values <= path.upper * (1 + 1e-12)).all()
        assert (path.lower > 0).all()


def test_a_range_of_growth_gives_its_ends_with_90_percent() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("range", growth=(5, 25)), year=2018, levels=[90])
    path = only(result)
    assert path.values == pytest.approx(482 * (1.05 * 1.25) ** np.array([0.5, 1.0]))
    assert path.lower[0] == pytest.approx(482 * 1.05 ** np.array([1, 2]), rel=0.002)
    assert path.upper[0] == pytest.approx(482 * 1.25 ** np.array([1, 2]), rel=0.002)
    assert any("growth of +5 to +25 % in every year" in str(note) for note in result.notes)
    assert not any("has no interval" in str(note) for note in result.notes)


def test_years_after_a_range_have_the_uncertainty_of_both() -> None:
    one = Scenario("sure", override={2017: 500}, reason="why")
    wide = Scenario("range", override={2017: (400, 625)}, reason="why")
    sure, ranged = (outcome.path for outcome in scenario(rf.read(TURNOVER), one, wide, year=2018).outcomes)
    assert ranged.values == pytest.approx(sure.values)
    assert ranged.upper[0, 1] / ranged.lower[0, 1] > 1.05 * sure.upper[0, 1] / sure.lower[0, 1]
    assert np.isnan(sure.lower[:, 0]).all()


def test_years_before_a_range_are_as_without_it() -> None:
    result = scenario(rf.read(TURNOVER), Scenario("range", growth={2018: (0, 20)}), year=2019)
    np.testing.assert_array_equal(only(result).lower[:, 0], result.baseline.best.lower[:, 0])


def test_draws_that_pass_a_limit_are_left_out_and_counted() -> None:
    share = series({"2018": 60, "2019": 70, "2020": 80}, unit="percent", measure="rate")
    result = scenario(share, Scenario("range", growth={2021: (5, 24)}))
    assert only(result).upper[0, 0] <= 100
    assert 1 <= result.outcomes[0].left_out <= 10
    assert any(f"{result.outcomes[0].left_out} % of the draws" in str(note) for note in result.notes)


@pytest.mark.parametrize(
    ("assumed", "problem"),
    [
        (Scenario("x", growth=(8, 2)), "ends below its start"),
        (Scenario("x", shock={2017: (-100, 2)}), "would leave nothing"),
        (Scenario("x", override={2017: (-5, 100)}, reason="why"), "not positive"),
        (Scenario("x", growth=(1, 20), ceiling=(500, 550)), "above the ceiling of 550"),
    ],
)
def test_ranges_that_cannot_be(assumed: Scenario, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        scenario(rf.read(TURNOVER), assumed)


def test_the_interval_named_is_of_the_level_that_the_baseline_names() -> None:
    wide = Scenario("wide", growth=(2.0, 20.0))
    result = scenario(rf.read(TURNOVER), wide, year=2018, levels=(30, 60, 90))
    baseline, answer = document(result).summary
    assert "(90 % interval)" in baseline
    assert "(90 % interval: " in answer


def test_growth_of_every_year_leaves_a_year_with_a_value_of_its_own_out() -> None:
    every = Scenario("plan", growth=3.0, override={2018: 700.0}, reason="stated")
    assert [every.growth_of(year) for year in (2017, 2018, 2019)] == [3.0, None, 3.0]
