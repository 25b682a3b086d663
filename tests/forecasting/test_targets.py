"""Dated targets: judged by published values alone, open if none is known at their date or after."""

from datetime import date

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.distribution import POWER, chance, scores
from rural_forecast.forecasting.targets import Target, targets
from rural_forecast.objects.functions import forecast
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.views.lookup import target_sentence
from tests.observed.build import observed, series

TODAY = date(2026, 11, 25)


def plan(period: str, value: float, **more: str) -> Observation:
    return observed(
        period, value, status="forecast", target=True, author="the firm", made="2020", **more
    )


def shops(values: dict[str, float], *plans: Observation, **more: object) -> Series:
    market = series(values, id="shops", unit="count", measure="stock")
    return series(
        {},
        id="shops",
        unit="count",
        measure="stock",
        observations=(*market.observations, *plans),
        **more,
    )


def only(market: Series) -> Target:
    (target,) = targets(market, TODAY)
    return target


def test_targets_of_the_catalogue_are_open_with_the_growth_needed_and_the_pace_achieved() -> None:
    centres = rf.read("centres")
    first = targets(centres, TODAY)[0]
    assert (first.plan.value, first.state, first.due) == (100_000, "open", True)
    assert first.last is not None
    assert (first.last.value, first.last.qualifier, str(first.last.period)) == (
        30_000,
        ">",
        "2018H1",
    )
    assert first.needed_pct == pytest.approx(100 * ((100 / 30) ** (1 / 1.5) - 1))
    assert first.pace_pct == pytest.approx(100 * (5 ** (1 / 2.5) - 1))
    assert first.reach is None
    last = targets(rf.read("outlets"), TODAY)[-1]
    assert (last.plan.value, last.state) == (1500, "open")
    assert last.needed_pct == pytest.approx(100 * ((1500 / 1300) ** 2 - 1))
    assert last.pace_pct == pytest.approx(100 * ((1300 / 400) ** 0.5 - 1))
    for name in ("alibaba_plan", "un_plan"):
        one = only(rf.read(name))
        assert (one.state, one.last) == ("open", None)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"2020": 100, "2021": 160}, "reached"),
        ({"2020": 100, "2022": 149}, "missed"),
        ({"2020": 100, "2023": 140}, "missed"),
        ({"2020": 100, "2022": 140, "2023": 170}, "missed"),
        ({"2020": 100, "2023": 170}, "reached"),
        ({"2020": 100, "2021": 120}, "open"),
    ],
)
def test_a_target_is_judged_by_what_was_published(values: dict[str, float], state: str) -> None:
    one = only(shops(values, plan("2022", 150)))
    assert one.state == state
    assert target_sentence(one, "count").count(state) == 1


def test_a_target_that_is_not_due_tells_when_the_forecast_reaches_it() -> None:
    market = shops(
        {"2020": 100, "2021": 112, "2022": 125, "2023": 141, "2024": 158, "2025": 176},
        plan("2030", 290),
    )
    one = only(market)
    assert (one.state, one.due) == ("not due", False)
    assert one.reach is not None
    assert one.reach.year is not None
    assert one.reach.earliest is not None
    assert one.reach.earliest <= one.reach.year <= (one.reach.latest or 9999)
    best = forecast(market, year=one.reach.year).best.values
    assert best[-1] >= 290 > best[-2]
    assert (round(one.needed_pct or 0), round(one.pace_pct or 0)) == (11, 12)


def test_two_points_are_too_few_for_a_year_of_reaching_and_a_falling_series_has_none() -> None:
    assert only(shops({"2024": 100, "2025": 112}, plan("2030", 300))).reach is None
    market = shops(
        {"2020": 200, "2021": 180, "2022": 160, "2023": 140, "2024": 120}, plan("2030", 3000)
    )
    one = only(market)
    assert one.reach is not None
    assert one.reach.year is None


def test_floors_breaks_and_parts_of_a_flow_are_minded() -> None:
    below = shops({"2020": 100}, observed("2022", 140, qualifier=">"), plan("2022", 150))
    assert only(below).state == "open", "a floor below the target at its date leaves it open"
    market = shops({"2018": 10, "2020": 100, "2021": 110}, plan("2030", 300), breaks=(2020,))
    assert only(market).pace_pct == pytest.approx(10), "pace is not taken across a break"
    flow = series(
        {}, observations=(*series({"2020": 100, "2021H1": 60}).observations, plan("2021", 130))
    )
    last = only(flow).last
    assert last is not None
    assert str(last.period) == "2020"


RESULT = rf.forecast(rf.read("turnover"), year=2020)


def test_every_year_has_the_quantiles_and_chances_of_its_interval() -> None:
    drawn = RESULT.paths()
    for row, level in enumerate(RESULT.levels):
        tail = 0.5 - level / 200
        np.testing.assert_allclose(
            np.quantile(drawn, tail, axis=0), RESULT.best.lower[row], rtol=2e-3
        )
        np.testing.assert_allclose(
            np.quantile(drawn, 1 - tail, axis=0), RESULT.best.upper[row], rtol=2e-3
        )
        chance_of_more = RESULT.chance(float(RESULT.best.lower[row][-1])).at_or_above[-1]
        assert chance_of_more == pytest.approx(1 - tail, abs=0.001)
    np.testing.assert_allclose(np.median(drawn, axis=0), RESULT.best.values, rtol=1e-3)


def test_years_correlate_as_learned_a_later_target_changes_none_and_series_are_independent() -> (
    None
):
    drawn = scores(6, 20_000, 1)
    np.testing.assert_allclose(
        np.corrcoef(drawn.T)[0, 1:], (1 / np.arange(2, 7)) ** POWER, atol=0.02
    )
    assert np.array_equal(drawn[:, :2], scores(2, 20_000, 1))
    other = rf.forecast(rf.read("mofcom"), year=2027).paths()
    assert abs(np.corrcoef(RESULT.paths()[:, 1], other[:, 1])[0, 1]) < 0.05
    assert np.array_equal(RESULT.paths(seed=3), RESULT.paths(seed=3))


def test_chances_rise_by_year_and_say_when_a_value_was_reached_or_needs_a_fall() -> None:
    reaching = RESULT.chance(800)
    assert list(reaching.chances) == sorted(reaching.chances)
    assert reaching.year() == 2018
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
        # Passed before a fall: to be reached again.
        ([60.0, 110.0, 90.0], None, False, (0.5, 0.5), (0.5, 0.75)),
        ([60.0, 90.0], None, False, (0.5, 0.5), (0.5, 0.75)),
        ([130.0, 125.0], None, True, (0.5, 0.5), (0.5, 0.75)),
        ([60.0, 110.0], 2022, False, (0.5, 0.5), (1.0, 1.0)),
    ],
)
def test_a_chance_in_a_year_is_not_that_of_one_touch_before(
    history: list[float],
    reached: int | None,
    falls: bool,
    at_or_above: tuple[float, ...],
    chances: tuple[float, ...],
) -> None:
    paths = np.array([[120.0, 80.0], [80.0, 120.0], [80.0, 85.0], [105.0, 101.0]])
    reaching = chance(paths, np.array(history), 2023 - len(history), (2023, 2024), 100.0)
    assert (reaching.reached, reaching.falls, reaching.at_or_above, reaching.chances) == (
        reached,
        falls,
        at_or_above,
        chances,
    )


def test_a_running_total_keeps_the_rank_of_its_paths() -> None:
    drawn = rf.forecast(rf.read("turnover"), year=2019, measure="cumulative").paths(draws=1000)
    assert (np.diff(drawn, axis=1) >= 0).mean() > 0.99


def test_compound_growth_follows_the_bounds_of_the_last_year() -> None:
    rate = RESULT.cagr
    assert rate is not None
    assert 482 * (1 + rate.upper[0] / 100) ** 4 == pytest.approx(RESULT.best.upper[0, -1])
    assert rate.lower[1] < rate.lower[0] < rate.value < rate.upper[0] < rate.upper[1]
