"""Dated targets: judged by published values alone, open where none is known at their date or after."""

from datetime import date

import pytest

import rural_forecast as rf
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.targets import Target, targets
from rural_forecast.series.observation import Observation, Series
from rural_forecast.views.lookup import target_sentence
from tests.series.build import seen, series

TODAY = date(2026, 11, 25)


def plan(period: str, value: float, **more: str) -> Observation:
    return seen(period, value, status="forecast", target=True, author="the firm", made="2020", **more)


def shops(values: dict[str, float], *plans: Observation, **more: object) -> Series:
    market = series(values, id="shops", unit="count", measure="stock")
    return series({}, id="shops", unit="count", measure="stock", observations=(*market.observations, *plans), **more)


def only(found: tuple[Target, ...]) -> Target:
    assert len(found) == 1
    return found[0]


def test_the_100_000_village_centres_are_open() -> None:
    centres = rf.read("centres")
    first = targets(centres, TODAY)[0]
    assert (first.plan.value, first.state, first.due) == (100_000, "open", True)
    assert first.last is not None
    assert (first.last.value, first.last.qualifier, str(first.last.period)) == (30_000, ">", "2018H1")
    assert first.needed_pct == pytest.approx(100 * ((100 / 30) ** (1 / 1.5) - 1))
    assert first.pace_pct == pytest.approx(100 * (5 ** (1 / 2.5) - 1))
    assert first.reach is None


def test_the_1500_outlets_needed_a_third_a_year_against_the_pace_achieved() -> None:
    last = targets(rf.read("outlets"), TODAY)[-1]
    assert (last.plan.value, last.state) == (1500, "open")
    assert last.needed_pct == pytest.approx(100 * ((1500 / 1300) ** 2 - 1))
    assert last.pace_pct == pytest.approx(100 * ((1300 / 400) ** 0.5 - 1))


def test_announced_investments_without_a_value_are_open() -> None:
    for name in ("alibaba_plan", "un_plan"):
        one = only(targets(rf.read(name), TODAY))
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
    one = only(targets(shops(values, plan("2022", 150)), TODAY))
    assert one.state == state
    assert target_sentence(one, "count").count(state) == 1


def test_a_floor_below_the_target_at_its_date_leaves_it_open() -> None:
    market = shops({"2020": 100}, seen("2022", 140, qualifier=">"), plan("2022", 150))
    assert only(targets(market, TODAY)).state == "open"


def test_a_target_that_is_not_due_tells_when_the_forecast_reaches_it() -> None:
    market = shops({"2020": 100, "2021": 112, "2022": 125, "2023": 141, "2024": 158, "2025": 176}, plan("2030", 290))
    one = only(targets(market, TODAY))
    assert (one.state, one.due) == ("not due", False)
    assert one.reach is not None
    assert one.reach.year is not None
    assert one.reach.earliest is not None
    assert one.reach.earliest <= one.reach.year <= (one.reach.latest or 9999)
    best = forecast(market, year=one.reach.year).best.values
    assert best[-1] >= 290 > best[-2]
    assert (round(one.needed_pct or 0), round(one.pace_pct or 0)) == (11, 12)


def test_two_points_are_too_few_for_a_year_of_reaching_and_a_falling_series_has_none() -> None:
    assert only(targets(shops({"2024": 100, "2025": 112}, plan("2030", 300)), TODAY)).reach is None
    market = shops({"2020": 200, "2021": 180, "2022": 160, "2023": 140, "2024": 120}, plan("2030", 3000))
    one = only(targets(market, TODAY))
    assert one.reach is not None
    assert one.reach.year is None


def test_pace_is_not_taken_across_a_break() -> None:
    market = shops({"2018": 10, "2020": 100, "2021": 110}, plan("2030", 300), breaks=(2020,))
    assert only(targets(market, TODAY)).pace_pct == pytest.approx(10)


def test_parts_of_a_flow_are_no_value_of_it() -> None:
    flow = series({}, observations=(*series({"2020": 100, "2021H1": 60}).observations, plan("2021", 130)))
    last = only(targets(flow, TODAY)).last
    assert last is not None
    assert str(last.period) == "2020"
