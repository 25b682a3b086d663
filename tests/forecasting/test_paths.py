"""Sampled paths: the distribution of every year is the interval's, years hang together as learned, chances follow."""

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.distribution import POWER, chance, scores

RESULT = rf.forecast(rf.read("turnover"), year=2020)


def test_every_year_has_the_quantiles_of_its_interval() -> None:
    drawn = RESULT.paths()
    for place, level in enumerate(RESULT.levels):
        tail = 0.5 - level / 200
        np.testing.assert_allclose(np.quantile(drawn, tail, axis=0), RESULT.best.lower[place], rtol=2e-3)
        np.testing.assert_allclose(np.quantile(drawn, 1 - tail, axis=0), RESULT.best.upper[place], rtol=2e-3)
    np.testing.assert_allclose(np.median(drawn, axis=0), RESULT.best.values, rtol=1e-3)


def test_years_correlate_as_learned_and_a_later_target_changes_no_year_before() -> None:
    drawn = scores(6, 20_000, 1)
    np.testing.assert_allclose(np.corrcoef(drawn.T)[0, 1:], (1 / np.arange(2, 7)) ** POWER, atol=0.02)
    assert np.array_equal(drawn[:, :2], scores(2, 20_000, 1))


def test_paths_of_two_series_are_independent_and_a_seed_repeats() -> None:
    other = rf.forecast(rf.read("mofcom"), year=2027).paths()
    assert abs(np.corrcoef(RESULT.paths()[:, 1], other[:, 1])[0, 1]) < 0.05
    assert np.array_equal(RESULT.paths(seed=3), RESULT.paths(seed=3))


def test_chances_rise_by_year_and_say_when_a_value_was_reached_or_needs_a_fall() -> None:
    reaching = RESULT.chance(800)
    assert list(reaching.chances) == sorted(reaching.chances)
    assert reaching.year() == 2019
    assert reaching.year(0.99) is None
    assert RESULT.chance(400).reached == 2016
    falling = RESULT.chance(150)
    assert falling.falls
    assert 0 < falling.chances[-1] < 0.5
    with pytest.raises(UsageError, match="not a finite number"):
        RESULT.chance(float("nan"))


@pytest.mark.parametrize(
    ("history", "reached", "falls", "at_or_above", "chances"),
    [
        ([60.0, 110.0, 90.0], None, False, (0.5, 0.5), (0.5, 0.75)),  # passed before a fall: to be reached again
        ([60.0, 90.0], None, False, (0.5, 0.5), (0.5, 0.75)),
        ([130.0, 125.0], None, True, (0.5, 0.5), (0.5, 0.75)),
        ([60.0, 110.0], 2022, False, (0.5, 0.5), (1.0, 1.0)),
    ],
)
def test_a_chance_in_a_year_is_not_that_of_one_touch_before(
    history: list[float], reached: int | None, falls: bool, at_or_above: tuple[float, ...], chances: tuple[float, ...]
) -> None:
    paths = np.array([[120.0, 80.0], [80.0, 120.0], [80.0, 85.0], [105.0, 101.0]])
    found = chance(paths, np.array(history), 2023 - len(history), (2023, 2024), 100.0)
    assert (found.reached, found.falls, found.at_or_above, found.chances) == (reached, falls, at_or_above, chances)


def test_the_chance_of_a_target_agrees_with_the_bounds_of_the_year() -> None:
    for level, side in ((80, 0.9), (95, 0.975)):
        at = RESULT.levels.index(level)
        assert RESULT.chance(float(RESULT.best.lower[at][-1])).at_or_above[-1] == pytest.approx(side, abs=0.001)


def test_a_running_total_keeps_the_rank_of_its_paths() -> None:
    drawn = rf.forecast(rf.read("turnover"), year=2019, measure="cumulative").paths(draws=1000)
    assert (np.diff(drawn, axis=1) >= 0).mean() > 0.99


def test_compound_growth_follows_the_bounds_of_the_last_year() -> None:
    rate = RESULT.cagr
    assert rate is not None
    assert 482 * (1 + rate.upper[0] / 100) ** 4 == pytest.approx(RESULT.best.upper[0, -1])
    assert rate.lower[1] < rate.lower[0] < rate.value < rate.upper[0] < rate.upper[1]
