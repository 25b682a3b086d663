"""Rates stay inside their bounds, at every horizon and level, whatever their history."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period


def rate(values: list[float], unit: str = "percent") -> Series:
    seen = tuple(Observation(Period(2000 + step), value) for step, value in enumerate(values))
    return Series("rate", measure="rate", unit=unit, observations=seen)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(1, 25))
def test_a_percentage_stays_between_nothing_and_a_hundred(values: list[float], horizon: int) -> None:
    result = rf.forecast(rate(values), year=2000 + len(values) - 1 + horizon, kernels=True, levels=(80, 95, 99))
    for told in (*result.main, *result.others):
        for part in (told.values, told.lower, told.upper):
            assert np.all((part >= 0) & (part <= 100))
        if told.answers:
            assert np.all((told.lower <= told.values) & (told.values <= told.upper))
            assert np.all(told.lower < told.upper) or max(values) < 1e-290


def test_a_share_stays_below_one_and_far_from_the_bound_nothing_changes() -> None:
    near = rf.forecast(rate([0.5, 0.7, 0.9], "share"), year=2012)
    assert near.best.upper.max() <= 1
    far = rf.forecast(rate([1.0, 1.1, 1.2]), year=2003)
    plain = rf.forecast(Series("x", observations=rate([1.0, 1.1, 1.2]).observations), year=2003)
    assert far.best.values == pytest.approx(plain.best.values, rel=1e-3)


@pytest.mark.parametrize("values", [[60, 80, 100], [0, 0, 0, 100], [20, 60, 99.9]])
def test_what_has_reached_the_whole_is_not_certain_to_stay(values: list[float]) -> None:
    best = rf.forecast(rate(values), year=2012).best
    assert np.all(best.values == pytest.approx(100, abs=0.2))
    assert np.all(best.upper - best.lower >= 0.09)


@pytest.mark.parametrize(("unit", "most"), [("Share", 1), ("share of households", 1), ("Percent of people", 100)])
def test_the_whole_follows_from_the_unit_however_it_is_written(unit: str, most: float) -> None:
    best = rf.forecast(rate([0.5 * most, 0.7 * most, 0.9 * most], unit), year=2022).best
    assert 0.95 * most < best.upper.max() <= most


def test_what_lay_below_nothing_is_no_share_and_has_no_bound() -> None:
    best = rf.forecast(rate([-5, 10, 50]), year=2010).best
    assert np.all((best.lower <= best.values) & (best.values <= best.upper))
    assert best.upper.max() > 100


def test_the_bound_is_said() -> None:
    assert "rate_ends" in [note.code for note in rf.forecast(rf.read("rural_internet_penetration")).notes]


def test_values_that_may_be_shares_are_told_where_they_go_past_the_whole() -> None:
    def told(values: list[float], unit: str, name: str = "x") -> bool:
        seen = rate(values, unit).observations
        notes = rf.forecast(Series(name, unit=unit, observations=seen)).notes
        return any(note.code == "past_whole" and note.warning for note in notes)

    assert told([80, 86, 92, 97], "%")
    assert told([0.8, 0.86, 0.92, 0.97], "share")
    assert not told([8, 8.1, 8.2, 8.3], "%")
    assert not told([80, 96, 104], "%")
    assert not told([80, 86, 92, 97], "bn CNY")
    assert told([0.8, 0.86, 0.92, 0.97], "", "BEV share")
    assert not told([0.8, 0.86, 0.92, 0.97], "", "BEV sales")
    assert not told([0.8, 0.86, 0.92, 0.97], "bn", "BEV share")
    assert not told([0.8, 0.9, 1.02, 1.2], "", "BEV share")


@pytest.mark.parametrize(
    ("name", "unit", "warned"), [("GDP growth", "%", True), ("GDP growth", "bn", False), ("GDP", "%", False)]
)
def test_growth_that_is_forecast_as_an_amount_is_named(name: str, unit: str, warned: bool) -> None:
    notes = rf.forecast(Series(name, unit=unit, observations=rate([5, 6, 7], unit).observations)).notes
    assert any(note.code == "growth_forecast" and note.warning for note in notes) is warned
