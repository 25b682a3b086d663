"""The nowcast: the founding case, bases and votes, which parts of a year are used, and what is
refused.
"""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, Place, UsageError
from rural_forecast.forecasting.nowcasting.nowcast import Nowcast
from rural_forecast.forecasting.nowcasting.parts import YearPart, choose, read_partial
from rural_forecast.objects.functions import nowcast, triangulate
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period, parse
from rural_forecast.observed.reading import ReadOptions, read
from rural_forecast.text.wording import named_months
from rural_forecast.views.nowcast import document
from tests.observed.build import day, observed, series

HALVES = {
    "2014": 100,
    "2014H1": 45,
    "2015": 120,
    "2015H1": 54,
    "2016": 150,
    "2016H1": 67,
    "2017H1": 80,
}
TURNOVER = {"2014": 180, "2015": 353, "2016": 482}


def of_ministry(year: int, *partial: str) -> Nowcast:
    return nowcast(rf.read("mofcom"), year=year, until=year - 1, partial=partial)


def by_voter(result: Nowcast) -> dict[str, float]:
    return {vote.voter: vote.value for vote in result.votes}


def test_the_founding_case_from_the_half_and_its_growth() -> None:
    result = of_ministry(2017, "2017H1=537.62:38.1")
    assert 1180 < result.value < 1300
    assert result.lower[0] < 1244.88 < result.upper[0]
    assert result.base is not None
    assert (result.base.how, result.base.published, result.base.weak) == (
        "replaced",
        310,
        "more than",
    )
    assert result.base.value == pytest.approx(389.3, abs=0.05)
    assert by_voter(result)["share"] == pytest.approx(by_voter(result)["growth"])
    assert result.actual is not None
    assert result.actual.value == 1244.88


def test_a_typed_value_takes_the_growth_published_for_it() -> None:
    assert of_ministry(2017, "2017H1=538").choice.used[0].growth_pct == 38.1


def test_another_value_than_the_published_takes_no_growth() -> None:
    other = of_ministry(2017, "2017H1=600")
    assert other.choice.used[0].growth_pct is None
    assert other.base is not None
    assert other.base.how == "floor"
    assert "2017H1 (537.62)" in next(
        note.text for note in other.notes if note.code == "longest_part"
    )


def test_of_a_restated_base_both_readings_vote() -> None:
    result = of_ministry(2018)
    assert result.base is not None
    assert result.base.how == "restated"
    assert by_voter(result)["growth"] == pytest.approx(1673, abs=1)
    assert by_voter(result)["share"] == pytest.approx(1464, abs=1)
    for low, high in zip(result.lower, result.upper, strict=True):
        assert low <= 1464
        assert high >= 1673


@pytest.mark.parametrize("year", range(2019, 2025))
def test_every_later_year_of_the_ministry_is_told(year: int) -> None:
    result = of_ministry(year)
    assert result.actual is not None
    assert result.value == pytest.approx(result.actual.value, rel=0.12)


def test_parts_of_the_year_are_not_looked_up_in_later_years() -> None:
    market = series({**HALVES, "2018H1": 200}, {"2018H1": 300})
    assert nowcast(market, year=2017, until=2016).value == nowcast(series(HALVES), year=2017).value


def test_years_after_until_count_for_nothing() -> None:
    values = {**HALVES, "2017": 190, "2018": 230, "2018H1": 100, "2019H1": 130}
    gap = {period: value for period, value in values.items() if period[:4] not in ("2017", "2018")}
    later = series(values, {"2018H1": 25})
    assert nowcast(later, year=2019, until=2016).value == nowcast(series(gap), year=2019).value


def test_until_is_the_last_year_of_the_whole_years() -> None:
    result = nowcast(series({**HALVES, "2017": 190, "2018H1": 100}), year=2018, until=2015)
    assert result.annual is not None
    assert result.annual.origin == 2015


def test_a_vintage_has_no_undated_parts() -> None:
    dated = [
        observed(period, value, published_latest=day("2017-08-01"))
        for period, value in HALVES.items()
    ]
    market = series({}, observations=(*dated, observed("2017M01-M08", 110)))
    result = nowcast(market, as_of=day("2017-12-31"))
    assert [str(part.period) for part in result.choice.used] == ["2017H1"]


def test_without_an_earlier_year_the_calendar_votes() -> None:
    none = nowcast(series({"2017H1": 60}))
    assert (none.year, none.annual, [vote.voter for vote in none.votes]) == (
        2017,
        None,
        ["calendar"],
    )
    assert none.value == pytest.approx(120)


def test_one_earlier_year_and_its_part_vote() -> None:
    one = nowcast(series({"2016": 100, "2016H1": 45, "2017H1": 54}))
    assert {"share", "growth", "annual"} == set(by_voter(one))
    assert 100 < one.value <= 120
    assert {"annual", "calendar"} == set(by_voter(nowcast(series({"2016": 100, "2017H1": 54}))))


def test_no_year_before_a_break_votes() -> None:
    broken = nowcast(series({**HALVES}, breaks=(2017,)))
    assert (broken.annual, [vote.voter for vote in broken.votes]) == (None, ["calendar"])


def test_a_known_growth_implies_an_earlier_part() -> None:
    both = by_voter(nowcast(series({"2016": 100}, {}), partial=["2017H1=54:20"]))
    assert (both["growth"], both["share"]) == pytest.approx((120, 120))


def test_a_known_growth_serves_alone() -> None:
    alone = nowcast(series({"2015": 90, "2016": 100}, {"2017H1": 8}))
    assert by_voter(alone)["growth"] == pytest.approx(108)
    assert alone.choice.value is None


def test_quarters_of_earlier_years_give_their_half() -> None:
    whole = nowcast(series({"2016": 100, "2016H1": 45, "2017H1": 54}))
    by_rest = nowcast(series({"2016": 100, "2016Q1": 20, "2016Q2": 25, "2017Q1": 24, "2017Q2": 30}))
    assert by_rest.value == pytest.approx(whole.value)


def test_other_parts_show_how_years_fill_if_none_has_the_known_part() -> None:
    level = {"2015": 100, "2016": 100, "2017M01-M09": 75}
    assert by_voter(nowcast(series(level)))["calendar"] == pytest.approx(100, rel=0.01)
    late = nowcast(series({**level, "2015H1": 40, "2016H1": 40}))
    assert late.evidence.bend == pytest.approx(1.32, abs=0.01)
    assert by_voter(late)["calendar"] == pytest.approx(75 / 0.75**late.evidence.bend)
    assert late.value > 103


def test_quarters_are_smoothed_where_three_years_have_them() -> None:
    quarters = {}
    for year in range(2013, 2018):
        for quarter, size in enumerate((20, 30, 24, 26), 1):
            quarters[f"{year}Q{quarter}"] = size * 1.1 ** (year - 2013)
    del quarters["2017Q3"], quarters["2017Q4"]
    totals = {str(year): 100 * 1.1 ** (year - 2013) for year in range(2013, 2017)}
    result = nowcast(series({**quarters, **totals}))
    assert result.evidence.smoothing.years == 4
    assert result.value == pytest.approx(100 * 1.1**4, rel=0.03)


def test_quarters_are_summed_to_years() -> None:
    even = {
        f"{year}Q{q}": 10.0 * q + year - 2013 for year in range(2014, 2017) for q in range(1, 5)
    }
    quarters = {**even, "2017Q1": 14.0, "2017Q2": 24.0}
    totals = {
        str(year): sum(even[f"{year}Q{q}"] for q in range(1, 5)) for year in range(2014, 2017)
    }
    summed = nowcast(series(quarters))
    assert (summed.year, summed.before) == (2017, totals["2016"])
    assert summed.value == nowcast(series({**quarters, **totals})).value


@pytest.mark.parametrize(
    ("market", "more"),
    [
        (series(HALVES, measure="stock"), {}),
        (series({**HALVES, "2017": 160}), {"year": 2017}),
        (series({**HALVES, "2017": 160}), {}),
        (series(HALVES), {"year": 2019}),
        (series(HALVES), {"year": 2016, "until": 2015, "partial": ["2016H1=151"]}),
        (series(HALVES), {"year": 2017, "partial": ["2018H1=9"]}),
        (series(HALVES), {"partial": ["2017H1=80", "2017H2=90"]}),
        (series(HALVES), {"partial": ["2017H1=320:100"]}),
        (series(HALVES), {"levels": [29]}),
        (series(HALVES), {"partial": ["2017H1=-5"]}),
        (series({**HALVES, "2015": 0}), {}),
        (series({**HALVES, "2014": -1}), {}),
        (series({}, {"2017H1": 8}), {}),
        (
            series(
                {
                    "2015": 1.7e308,
                    "2015H1": 8e307,
                    "2016": 1.7e308,
                    "2016H1": 2e307,
                    "2017H1": 8e307,
                }
            ),
            {},
        ),
    ],
)
def test_what_cannot_be_estimated_is_refused(market: Series, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        nowcast(market, **more)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("market", "part", "refused"),
    [
        (TURNOVER, "2017H1=530", True),
        (TURNOVER, "2017H1=481", False),
        (TURNOVER, "2017M01-M08=490", True),
        (TURNOVER, "2017M01-M11=600", False),
        (TURNOVER, "2017H1=530:38.1", False),
        ({**TURNOVER, "2016H1": 300}, "2017H1=530", False),
    ],
)
def test_a_part_above_the_whole_year_before_needs_a_word(
    market: dict[str, float], part: str, refused: bool
) -> None:
    """Unless the same part of an earlier year, or its growth, shows that such growth is real."""
    asked: dict[str, Any] = {"year": 2017, "partial": [part]}
    result = nowcast(series(market), same_definition=True, **asked)
    assert ("part_contradicts" in {note.code for note in result.notes}) == refused
    if refused:
        with pytest.raises(InputError) as caught:
            nowcast(series(market), **asked)
        assert "same_definition=True" in caught.value.hint


def test_an_earlier_part_of_a_file_above_its_year_is_refused() -> None:
    with pytest.raises(InputError, match="not less than its whole year, 150"):
        nowcast(series({**HALVES, "2016H1": 151}, file="market.csv"))


def part(period: str, value: float | None, **more: Any) -> YearPart:
    return YearPart(parse(period), value, **more)


def names(parts: tuple[YearPart, ...]) -> list[str]:
    return [str(one.period) for one in parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017H1=537.62", ("2017H1", 537.62, None)),
        ("2017H1=537.62:38.1", ("2017H1", 537.62, 38.1)),
        ("2017H1 = 537.62 : +38.1 %", ("2017H1", 537.62, 38.1)),
        ("2017M01-M08=729.04:-3", ("2017M01-M08", 729.04, -3)),
        ("2017Q2=0", ("2017Q2", 0, None)),
    ],
)
def test_a_partial_is_read(text: str, expected: tuple[str, float, float | None]) -> None:
    typed = read_partial(text)
    assert (str(typed.period), typed.value, typed.growth_pct) == expected
    assert typed.given


@pytest.mark.parametrize(
    "text",
    [
        "2017H1",
        "2017X1=5",
        "2017=600",
        "2017H1=",
        "2017H1=1,200",
        "2017H1=nan",
        "2017H1=5:",
        "2017H1=5:-100",
    ],
)
def test_a_partial_that_is_no_part_with_its_value_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_partial(text)
    assert "partial=['2017H1=537.62']" in caught.value.hint


def test_the_longest_of_nested_parts_is_used() -> None:
    chosen = choose([part("2017Q1", 250.43), part("2017H1", 537.62), part("2017M01-M08", 729.04)])
    assert (names(chosen.used), {*names(chosen.left)}) == (["2017M01-M08"], {"2017Q1", "2017H1"})


def test_parts_in_a_row_are_added() -> None:
    chosen = choose([part("2017Q1", 250.0), part("2017Q2", 287.0)])
    assert (chosen.value, named_months(chosen.months)) == (537, "the first half")


def test_typed_parts_go_first() -> None:
    published = part("2017M01-M08", 729.04), part("2017Q1", 250.43), part("2017Q4", 300.0)
    chosen = choose(published, [part("2017H1", 537.62, given=True)])
    assert (names(chosen.used), names(chosen.left)) == (
        ["2017H1", "2017Q4"],
        ["2017Q1", "2017M01-M08"],
    )


def test_a_growth_alone_is_used_only_where_no_value_is_known() -> None:
    grown = part("2025M01-M07", None, growth_pct=6.4)
    assert names(choose([grown]).used) == ["2025M01-M07"]
    assert names(choose([grown, part("2025Q1", 600)]).used) == ["2025Q1"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("2017M01-M04", 300), ("2017Q2", 200), id="crossing"),
        pytest.param(("2017M01-M04", 300), ("2017M01-M04", 200), id="repeated"),
        pytest.param(("2017Q1", 600), ("2017H1", 500), id="more than its whole"),
    ],
)
def test_typed_parts_that_contradict_are_refused(
    first: tuple[str, float], second: tuple[str, float]
) -> None:
    with pytest.raises(UsageError):
        choose([], [part(*first, given=True), part(*second, given=True)])


def test_a_part_of_a_file_above_one_that_contains_it_is_refused_at_its_line() -> None:
    with pytest.raises(InputError) as caught:
        choose([part("2017Q1", 600, location=Place("market.csv, line 3")), part("2017H1", 500)])
    assert caught.value.place == "market.csv, line 3"


def test_a_range_wider_than_that_of_the_years_before_is_said() -> None:
    years = {str(year): 100 + 2 * (year - 2010) for year in range(2010, 2017)}
    wide = years | {"2015H1": 20, "2016H1": 60, "2017H1": 40}
    for values, is_wider in ((wide, True), (HALVES, False)):
        summary = " ".join(document(nowcast(series(values))).summary)
        assert ("wider than" in summary) == is_wider


SPANS = st.tuples(st.integers(1, 12), st.integers(1, 11), st.floats(0, 1e6)).filter(
    lambda one: one[1] <= one[0]
)


@given(st.lists(SPANS, max_size=8))
def test_no_month_is_counted_twice(drawn: list[tuple[int, int, float]]) -> None:
    parts = [YearPart(Period(2017, last, length), value) for last, length, value in drawn]
    chosen = choose(parts)
    assert sum(len(one.months) for one in chosen.used) == len(chosen.months)
    assert len(chosen.used) + len(chosen.left) == len(parts)
    assert chosen.value == (
        pytest.approx(sum(one.value or 0 for one in chosen.used)) if parts else None
    )


RUNNING = b"period,value\n2022,100\n2023,120\n2024,140\n2025,150\n2026H1,70\n"


def running_year() -> Series:
    (result,) = read("-", ReadOptions(as_of=date(2026, 7, 1), measure="flow"), BytesIO(RUNNING))
    return result


def test_the_running_year_of_a_file_is_estimated_from_the_half_that_is_over() -> None:
    result = nowcast(running_year())
    assert (result.year, [str(part.period) for part in result.choice.used]) == (2026, ["2026H1"])
    assert "calendar" in result.vote


def test_triangulation_takes_the_half_of_the_running_year() -> None:
    result = triangulate(running_year(), year=2027)
    assert [(one.name, one.why) for one in result.arguments if one.name != "trend"] == [
        ("nowcast", "2026 from 2026H1")
    ]


@pytest.mark.parametrize(("mark", "side"), [(">", "low"), ("<", "high")])
def test_a_part_that_is_a_bound_says_on_which_side_the_nowcast_errs(
    mark: str, side: str, tmp_path: Path
) -> None:
    file = tmp_path / "market.csv"
    file.write_text(f"period,value\n2021,110\n2022,121\n2023H1,{mark}70\n", encoding="utf-8")
    notes = {note.code: str(note) for note in rf.nowcast(file).notes}
    assert f"likely too {side}" in notes["inexact_part"]
