"""The nowcast: the founding case, bases and votes."""

import pytest

from rural_forecast.nowcasting.nowcast import nowcast
from tests.nowcasting.cases import HALVES, ministry, said
from tests.series.build import day, seen, series


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


def test_a_known_growth_makes_up_for_no_earlier_part_and_serves_alone() -> None:
    both = said(nowcast(series({"2016": 100}, {}), partial=["2017H1=54:20"]))
    assert (both["growth"], both["share"]) == pytest.approx((120, 120))
    alone = nowcast(series({"2015": 90, "2016": 100}, {"2017H1": 8}))
    assert said(alone)["growth"] == pytest.approx(108)
    assert alone.choice.value is None


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
    assert late.evidence.bend == pytest.approx(1.32, abs=0.01)
    assert said(late)["calendar"] == pytest.approx(75 / 0.75**late.evidence.bend)
    assert late.value > 103


def test_quarters_are_smoothed_where_three_years_have_them() -> None:
    quarters = {
        f"{year}Q{q}": size * 1.1 ** (year - 2013)
        for year in range(2013, 2018)
        for q, size in enumerate((20, 30, 24, 26), 1)
        if year < 2017 or q < 3
    }
    totals = {str(year): 100 * 1.1 ** (year - 2013) for year in range(2013, 2017)}
    result = nowcast(series({**quarters, **totals}))
    assert result.evidence.smoothing.years == 4
    assert result.value == pytest.approx(100 * 1.1**4, rel=0.03)


def test_a_file_of_quarters_is_summed_to_years() -> None:
    quarters = {f"{year}Q{q}": 10.0 * q + year - 2013 for year in range(2014, 2017) for q in range(1, 5)}
    known = {**quarters, "2017Q1": 14.0, "2017Q2": 24.0}
    totals = {str(year): sum(quarters[f"{year}Q{q}"] for q in range(1, 5)) for year in range(2014, 2017)}
    summed = nowcast(series(known))
    assert summed.year == 2017
    assert summed.value == nowcast(series({**known, **totals})).value
    assert summed.before == totals["2016"]


def test_an_undated_part_is_left_out_of_a_vintage() -> None:
    dated = [seen(period, value, published_latest=day("2017-08-01")) for period, value in HALVES.items()]
    market = series({}, observations=(*dated, seen("2017M01-M08", 110)))
    result = nowcast(market, as_of=day("2017-12-31"))
    assert [str(part.period) for part in result.choice.used] == ["2017H1"]
