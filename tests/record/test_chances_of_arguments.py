"""Chances of the combined answer of `triangulate`: joint paths that end in its distribution."""

from dataclasses import replace

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.forecasting.distribution import Chance

FLAT = {2015: 100, 2016: 104, 2017: 99, 2018: 103, 2019: 98, 2020: 101, 2021: 100}
AROUND_ZERO = {2015: 5, 2016: -4, 2017: 6, 2018: -5, 2019: 4, 2020: -3, 2021: 2}


def chance_of_a_moved_answer(
    values: dict[int, float], target: float, factor: float = 1.0, shift: float = 0.0
) -> Chance:
    """The chance where the other arguments move the answer off the trend."""
    result = rf.triangulate(values, horizon=4)
    quantiles = factor * result.together.quantiles + shift
    return replace(result, together=result.together._replace(quantiles=quantiles)).chance(target)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({2020: 20, 2021: 23, 2022: 26, 2023: 31}, id="above zero"),
        pytest.param({2019: -5, 2020: 3, 2021: 8, 2022: -2, 2023: 6}, id="both signs"),
    ],
)
def test_chances_of_the_answer_are_those_of_its_distribution(values: dict[int, float]) -> None:
    result = rf.triangulate(values, year=2025)
    quantiles = np.sort(result.together.quantiles)
    chances = [result.chance(float(value)).at_or_above[-1] for value in quantiles]
    assert chances == sorted(chances, reverse=True)
    assert chances[len(chances) // 2] == pytest.approx(0.5, abs=0.01)
    for chance, opposite in zip(chances, reversed(chances), strict=True):
        assert chance + opposite == pytest.approx(1, abs=0.01)
    for value, chance in zip(quantiles, chances, strict=True):
        reaching = result.chance(float(value))
        assert reaching.falls or reaching.chances[-1] >= chance


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({2019: 60, 2020: 70, 2021: 80, 2022: 88, 2023: 93}, id="near the whole"),
        pytest.param({2021: 20, 2022: 35, 2023: 60}, id="with a wide range"),
    ],
)
def test_no_path_of_a_share_passes_its_whole(values: dict[int, float]) -> None:
    share = rf.series(values, unit="%", measure="rate")
    result = rf.triangulate(share, year=2026)
    assert result.chance(100.01).at_or_above[-1] == 0
    assert result.chance(97).at_or_above[-1] > 0.1


def test_the_chance_is_that_of_the_year_that_is_asked() -> None:
    assert rf.triangulate(FLAT, horizon=4).chance(103).years == (2025,)


@pytest.mark.parametrize("target", [103, 106, 110])
def test_the_trend_alone_gives_the_chances_of_the_trend(target: float) -> None:
    combined = rf.triangulate(FLAT, horizon=4).chance(target)
    trend = rf.forecast(FLAT, horizon=4).chance(target)
    assert combined.at_or_above[-1] == pytest.approx(trend.at_or_above[-1], abs=0.002)
    assert combined.chances[-1] == pytest.approx(trend.chances[-1], abs=0.002)


@pytest.mark.parametrize(
    ("values", "moved", "targets"),
    [
        pytest.param(FLAT, {"factor": 2.0}, (180, 200, 210), id="by a factor"),
        pytest.param(AROUND_ZERO, {"shift": 30.0}, (20, 25, 33), id="by an amount"),
    ],
)
def test_paths_move_to_the_answer_year_by_year(
    values: dict[int, float], moved: dict[str, float], targets: tuple[float, ...]
) -> None:
    for target in targets:
        reached = chance_of_a_moved_answer(values, target, **moved)
        # Paths at the level of the answer from the first year on would reach the target long before.
        assert reached.chances[-1] - reached.at_or_above[-1] < 0.05
