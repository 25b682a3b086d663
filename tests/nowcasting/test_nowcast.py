"""The nowcast: the founding case, bases, what is refused, and what always holds."""

from dataclasses import replace
from itertools import pairwise
from math import log
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.nowcasting.combine import TAILS, learned
from rural_forecast.nowcasting.nowcast import Nowcast, nowcast
from rural_forecast.nowcasting.part_shares import above, far_years, stored
from rural_forecast.nowcasting.revisions import revisions
from rural_forecast.nowcasting.votes import VOTERS
from rural_forecast.series.observation import Series
from tests.series.build import day, seen, series

HALVES = {"2014": 100, "2014H1": 45, "2015": 120, "2015H1": 54, "2016": 150, "2016H1": 67, "2017H1": 80}


def ministry() -> Series:
    return rf.read("mofcom")


def said(result: Nowcast) -> dict[str, float]:
    return {vote.voter: vote.value for vote in result.votes}


def test_the_founding_case_from_the_half_and_its_growth() -> None:
    result = nowcast(ministry(), year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    assert 1180 < result.value < 1300
    assert result.lower[0] < 1244.88 < result.upper[0]
    assert result.base is not None
    assert (result.base.how, result.base.published, result.base.weak) == ("replaced", 310, "more than")
    assert result.base.value == pytest.approx(389.3, abs=0.05)
    assert said(result)["share"] == pytest.approx(said(result)["growth"])
    assert result.actual is not None
    assert result.actual.value == 1244.88


def test_the_published_600_is_another_definition_and_below_what_the_half_implies() -> None:
    result = nowcast(ministry(), year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    one = next(one for one in result.estimates if one.figure.value == 600)
    assert one.related
    assert 537.62 < one.figure.value < result.lower[-1] < result.from_the_part


def test_a_typed_part_below_zero_is_refused_where_no_year_ever_was() -> None:
    with pytest.raises(UsageError, match="2026H1=-5 is negative"):
        nowcast(ministry(), year=2026, partial=["2026H1=-5"])


def test_by_the_day_the_article_could_know() -> None:
    result = nowcast(ministry(), year=2017, as_of=day("2017-07-31"))
    assert [str(part.period) for part in result.choice.used] == ["2017H1"]
    assert 1180 < result.value < 1300


def test_the_longest_part_of_the_catalogue_is_used() -> None:
    result = nowcast(ministry(), year=2017, until=2016)
    assert [str(part.period) for part in result.choice.used] == ["2017M01-M08"]
    assert 1180 < result.value < 1300


def test_a_typed_value_takes_the_growth_published_for_it() -> None:
    result = nowcast(ministry(), year=2017, until=2016, partial=["2017H1=538"])
    assert result.choice.used[0].growth_pct == 38.1
    other = nowcast(ministry(), year=2017, until=2016, partial=["2017H1=600"])
    assert other.choice.used[0].growth_pct is None
    assert other.base is not None
    assert other.base.how == "floor"


def test_of_a_restated_base_both_readings_vote_and_the_interval_spans_them() -> None:
    result = nowcast(ministry(), year=2018, until=2017)
    assert result.base is not None
    assert result.base.how == "restated"
    assert said(result)["growth"] == pytest.approx(1673, abs=1)
    assert said(result)["share"] == pytest.approx(1464, abs=1)
    for low, high in zip(result.lower, result.upper, strict=True):
        assert low <= 1464
        assert high >= 1673


@pytest.mark.parametrize("year", range(2019, 2025))
def test_every_later_year_of_the_ministry_is_told(year: int) -> None:
    result = nowcast(ministry(), year=year, until=year - 1)
    assert result.actual is not None
    assert result.value == pytest.approx(result.actual.value, rel=0.12)


def test_parts_of_the_year_are_not_looked_up_in_later_years() -> None:
    market = series({**HALVES, "2018H1": 200}, {"2018H1": 300})
    assert nowcast(market, year=2017, until=2016).value == nowcast(series(HALVES), year=2017).value


def test_no_earlier_year_and_one() -> None:
    none = nowcast(series({"2017H1": 60}))
    assert (none.year, none.annual, [vote.voter for vote in none.votes]) == (2017, None, ["calendar"])
    assert none.value == pytest.approx(120)
    one = nowcast(series({"2016": 100, "2016H1": 45, "2017H1": 54}))
    assert {"share", "growth", "annual"} == set(said(one))
    assert 100 < one.value <= 120
    unknown = nowcast(series({"2016": 100, "2017H1": 54}))
    assert {"annual", "calendar"} == set(said(unknown))


def test_a_known_growth_makes_up_for_no_earlier_part() -> None:
    market = series({"2016": 100}, {})
    result = nowcast(market, partial=["2017H1=54:20"])
    assert said(result)["growth"] == pytest.approx(120)
    assert said(result)["share"] == pytest.approx(120)


def test_growth_alone_is_told_without_a_floor() -> None:
    result = nowcast(series({"2015": 90, "2016": 100}, {"2017H1": 8}))
    assert said(result)["growth"] == pytest.approx(108)
    assert result.choice.value is None


def test_earlier_parts_may_be_typed() -> None:
    market = series({"2016": 100})
    typed = nowcast(market, partial=["2016H1=45", "2017H1=54"])
    read = nowcast(series({"2016": 100, "2016H1": 45, "2017H1": 54}))
    assert typed.value == read.value


def test_the_year_before_a_break_is_not_used() -> None:
    result = nowcast(series({**HALVES}, breaks=(2017,)))
    assert result.annual is None
    assert [vote.voter for vote in result.votes] == ["calendar"]


def test_the_rest_of_a_year_gives_its_part() -> None:
    whole = nowcast(series({"2016": 100, "2016H1": 45, "2017H1": 54}))
    by_rest = nowcast(series({"2016": 100, "2016Q1": 20, "2016Q2": 25, "2017Q1": 24, "2017Q2": 30}))
    assert by_rest.value == pytest.approx(whole.value)


def test_other_parts_of_earlier_years_stand_in_for_a_part_that_none_has() -> None:
    level = {"2015": 100, "2016": 100, "2017M01-M09": 75}
    assert said(nowcast(series(level)))["calendar"] == pytest.approx(100, rel=0.01)
    late = nowcast(series({**level, "2015H1": 40, "2016H1": 40}))
    assert late.bend == pytest.approx(1.32, abs=0.01)
    assert said(late)["calendar"] == pytest.approx(75 / 0.75**late.bend)
    assert late.value > 103


def test_a_growing_year_without_known_parts_is_heavier_at_its_end() -> None:
    values = {str(year): 100 * 1.3 ** (year - 2010) for year in range(2010, 2017)}
    result = nowcast(series({**values, "2017H1": 300}))
    assert said(result)["calendar"] > 620


def test_a_part_that_is_a_floor_is_told_apart() -> None:
    result = nowcast(ministry(), year=2016, until=2015)
    assert result.choice.used[0].weak == "more than"


def test_quarters_are_smoothed_where_three_years_have_them() -> None:
    quarters = {
        f"{year}Q{q}": size * 1.1 ** (year - 2013)
        for year in range(2013, 2018)
        for q, size in enumerate((20, 30, 24, 26), 1)
        if year < 2017 or q < 3
    }
    totals = {str(year): 100 * 1.1 ** (year - 2013) for year in range(2013, 2017)}
    result = nowcast(series({**quarters, **totals}))
    assert result.smoothed_years == 4
    assert result.value == pytest.approx(100 * 1.1**4, rel=0.03)


def test_a_file_of_quarters_is_summed_to_years() -> None:
    quarters = {f"{year}Q{q}": 10.0 * q + year - 2013 for year in range(2014, 2017) for q in range(1, 5)}
    known = {**quarters, "2017Q1": 14.0, "2017Q2": 24.0}
    totals = {str(year): sum(quarters[f"{year}Q{q}"] for q in range(1, 5)) for year in range(2014, 2017)}
    summed = nowcast(series(known))
    assert summed.year == 2017
    assert summed.value == nowcast(series({**known, **totals})).value
    assert summed.before == totals["2016"]


@pytest.mark.parametrize(
    ("market", "more", "message"),
    [
        (series(HALVES, measure="stock"), {}, "is a stock, not a flow"),
        (series({**HALVES, "2017": 160}), {"year": 2017}, "The total of 2017 is known: 160 bn CNY"),
        (series({**HALVES, "2017": 160}), {}, "no year of which only parts are known"),
        (series(HALVES), {"year": 2019}, "Nothing is known of 2019"),
        (series(HALVES), {"year": 2016, "until": 2015, "partial": ["2016H1=151"]}, "more than its whole year, 150"),
        (series(HALVES), {"year": 2017, "partial": ["2018H1=9"]}, "after 2017, the year to estimate"),
        (series(HALVES), {"partial": ["2017H1=80", "2017H2=90"]}, "make up the whole year: 170"),
        (series(HALVES), {"levels": [29]}, "not between 30 and 99"),
    ],
)
def test_what_cannot_be_told_is_refused(market: Series, more: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        nowcast(market, **more)  # type: ignore[arg-type]
    assert message in caught.value.message
    assert caught.value.hint


def test_a_growth_that_implies_more_than_the_year_before_is_on_another_basis() -> None:
    with pytest.raises(UsageError, match=r"imply 160 for 2016, not less than 150, the whole of 2016"):
        nowcast(series(HALVES), partial=["2017H1=320:100"])


def test_a_part_of_a_file_that_exceeds_its_year_is_refused() -> None:
    with pytest.raises(InputError, match="not less than 150 for the whole year"):
        nowcast(series({**HALVES, "2016H1": 151}, file="market.csv"))


amounts = st.floats(1, 1e4)


@st.composite
def markets(draw: st.DrawFn) -> tuple[dict[str, float], float | None]:
    """One to six years with first halves, a known half, and perhaps its growth."""
    count = draw(st.integers(0, 6))
    values: dict[str, float] = {}
    for year in range(2017 - count, 2017):
        total = draw(amounts)
        values[str(year)] = total
        if draw(st.booleans()):
            values[f"{year}H1"] = total * draw(st.floats(0.05, 0.95))
    values["2017H1"] = draw(amounts)
    return values, draw(st.none() | st.floats(-60, 300))


def on_one_basis(values: dict[str, float], growth: float | None) -> bool:
    return growth is None or values["2017H1"] / (1 + growth / 100) < values.get("2016", float("inf"))


@settings(max_examples=60)
@given(markets(), st.sampled_from([(80, 95), (50,), (99,)]))
def test_never_below_what_is_known_and_the_median_inside(
    drawn: tuple[dict[str, float], float | None], levels: tuple[int, ...]
) -> None:
    values, growth = drawn
    assume(on_one_basis(values, growth))
    result = nowcast(series(values, {} if growth is None else {"2017H1": growth}), levels=levels)
    known = values["2017H1"]
    assert sum(vote.weight for vote in result.votes) == pytest.approx(1)
    for low, high in zip(result.lower, result.upper, strict=True):
        assert known <= low <= result.value < high < float("inf")
    for (low, high), (lower, higher) in pairwise(zip(result.lower, result.upper, strict=True)):
        assert lower <= low
        assert high <= higher


def rests(result: Nowcast, known: float) -> list[float]:
    """What the bounds leave for the rest of the year, as a part of the known one."""
    return [low / known - 1 for low in result.lower]


@pytest.mark.parametrize("levels", [(80, 95), (99,)])
def test_no_bound_leaves_almost_nothing_for_the_rest_of_the_year(levels: tuple[int, ...]) -> None:
    """An annual forecast far below the known part pulls at the bounds, and must not pull them onto the part."""
    totals = {"2014": 180, "2015": 353, "2016": 482}
    unknown = nowcast(series({**totals, "2017H1": 538}), levels=levels)
    assert unknown.annual is not None
    assert unknown.annual.best.values[-1] < 600
    assert min(rests(unknown, 538)) > 0.2  # halves of more than 83 % are beyond the learned spread
    halves = {"2014H1": 80, "2015H1": 160, "2016H1": 220}
    usual = nowcast(series({**totals, **halves, "2017H1": 538}), levels=levels)
    assert min(rests(usual, 538)) > 0.5  # the series' own rest is 1.2 times its first half


@settings(max_examples=60)
@given(markets(), st.sampled_from([(80, 95), (50,), (99,)]))
def test_every_bound_stays_above_the_floor_and_apart_from_the_next(
    drawn: tuple[dict[str, float], float | None], levels: tuple[int, ...]
) -> None:
    values, _ = drawn
    result = nowcast(series(values), levels=levels)
    shares = [one.value for one in result.shares]
    growth = {one.voter: one.value for one in result.votes}
    calendar = values["2017H1"] / growth["calendar"] if "calendar" in growth else 0.5
    floor = far_years(values["2017H1"], 6, shares, calendar).low
    assert result.value >= floor > values["2017H1"] * (1 - 1e-12)
    assert all(low >= floor * (1 - 1e-12) for low in result.lower)


@settings(max_examples=100)
@given(st.floats(1e-6, 1e6), st.floats(1.0001, 50), st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=6))
def test_the_floor_bends_smoothly_and_keeps_the_order(part: float, ratio: float, relative: list[float]) -> None:
    floor = part * ratio
    values = [floor * one for one in sorted(relative)]
    bent = [above(value, floor, part) for value in values]
    assert bent == sorted(bent)
    for value, one in zip(values, bent, strict=True):
        assert one >= max(value, floor) * (1 - 1e-12)
        assert abs(above(value * 1.001, floor, part) / one - 1) <= 0.001 + 1e-12


@settings(max_examples=40)
@given(markets(), st.integers(-30, 30))
def test_scaling_the_data_scales_the_answer(drawn: tuple[dict[str, float], float | None], power: int) -> None:
    values, growth = drawn
    assume(on_one_basis(values, growth))
    rates = {} if growth is None else {"2017H1": growth}
    factor = 2.0**power
    one = nowcast(series(values, rates))
    other = nowcast(series({period: value * factor for period, value in values.items()}, rates))
    assert other.value == pytest.approx(one.value * factor, rel=1e-9)
    assert other.lower == pytest.approx([bound * factor for bound in one.lower], rel=1e-9)
    assert other.upper == pytest.approx([bound * factor for bound in one.upper], rel=1e-9)


@settings(max_examples=40)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=5), st.floats(-100, 100))
@example([-1.0, 0.0], 1.0)
def test_zeros_and_negative_amounts_are_answered(totals: list[float], part: float) -> None:
    values = {str(2017 - len(totals) + place): total for place, total in enumerate(totals)}
    assume(any(totals))
    result = nowcast(series({**values, "2017H1": part}))
    for low, high in zip(result.lower, result.upper, strict=True):
        assert float("-inf") < low <= result.value <= high < float("inf")


def test_a_part_of_nothing_after_three_whole_years_is_answered() -> None:
    result = nowcast(series(HALVES), partial=["2017H1=0"])
    assert 0 <= result.lower[0] < result.value < result.upper[0]


def test_years_of_nothing_leave_a_year_that_began_with_something_uncertain() -> None:
    result = nowcast(series({"2015": 0, "2016": 0, "2017Q2": 5}))
    assert 5 <= result.lower[0] <= result.value < result.upper[0] < result.upper[1]


@pytest.mark.parametrize("unit", [1e-290, 1e290])
def test_the_unit_does_not_matter_however_far_from_one(unit: float) -> None:
    restated = {**HALVES, "2016H1": 40}
    here = nowcast(series(restated, {"2017H1": 20}))
    there = nowcast(series({period: value * unit for period, value in restated.items()}, {"2017H1": 20}))
    assert here.base is not None
    assert here.base.how == "restated"
    assert there.value / unit == pytest.approx(here.value)
    assert [bound / unit for bound in there.upper] == pytest.approx(list(here.upper))


def test_years_that_no_ratio_spans_have_a_median_inside_their_interval() -> None:
    years = {"2012": 2, "2013": 1e-300, "2014": 2, "2015": 1e-300, "2016": 2}
    parts = {"2013H1": 3e-301, "2014H1": 1, "2015Q1": 3e-301, "2015Q2": 3e-301, "2015Q3": 3e-301}
    result = nowcast(series({**years, **parts, "2017Q3": 3}))
    assert all(low <= result.value <= high for low, high in zip(result.lower, result.upper, strict=True))


def test_more_than_a_number_holds_is_refused() -> None:
    with pytest.raises(UsageError, match="more than a number holds"):
        nowcast(series({"2015": 1.7e308, "2015H1": 8e307, "2016": 1.7e308, "2016H1": 2e307, "2017H1": 8e307}))


def test_the_learned_numbers_are_whole() -> None:
    keys = [row.rsplit(" ", 1) for row in stored()["kinds"]]
    assert {months for _, months in keys} == {"3", "6", "9"}
    for kind, months in keys:
        known = learned(kind, int(months))
        assert sum(known.weights) == pytest.approx(1)
        assert len(known.weights) == len(VOTERS)
        assert min(known.weights) >= 0
        for tails in (known.low, known.high):
            assert len(tails) == len(TAILS)
        assert list(known.low) == sorted(known.low)
        assert list(known.high) == sorted(known.high, reverse=True)
        assert known.low[-1] < 0 < known.high[-1]


def test_one_earlier_year_is_worth_less_where_parts_grow_much_or_unevenly() -> None:
    def width(**parts: float) -> float:
        known = {"2016Q1": 24, "2016Q2": 26, "2016Q3": 24, "2016Q4": 26, "2016": 100, **parts}
        result = nowcast(series(known), year=2017)
        assert result.lower[0] <= said(result)["share"] <= result.upper[0]
        return log(result.upper[0] / result.lower[0])

    steady = width(**{"2017Q1": 25, "2017Q2": 27})
    assert width(**{"2017Q1": 48, "2017Q2": 52}) > 3 * steady
    assert width(**{"2017Q1": 20, "2017Q2": 32}) > 3 * steady


@pytest.mark.parametrize(
    "options",
    [{}, {"since": 2016}, {"until": 2015}, {"partial": ["2016H1=60"]}, {"partial": ["2017H1=80", "2015H1=50"]}],
)
def test_a_revision_is_the_nowcast_asked_for_with_less_known(options: dict[str, Any]) -> None:
    known, late = series({**HALVES, "2017Q1": 38}), seen("2017M01-M09", 121)
    all_known = replace(known, observations=(*known.observations, late))
    found = revisions(nowcast(all_known, year=2017, **options))
    assert [one.months for one in found] == [0, 3, 6, 9]
    assert found[2].value == nowcast(known, year=2017, **options).value


def test_an_undated_part_is_left_out_of_a_vintage() -> None:
    dated = [seen(period, value, published_latest=day("2017-08-01")) for period, value in HALVES.items()]
    market = series({}, observations=(*dated, seen("2017M01-M08", 110)))
    result = nowcast(market, as_of=day("2017-12-31"))
    assert [str(part.period) for part in result.choice.used] == ["2017H1"]
