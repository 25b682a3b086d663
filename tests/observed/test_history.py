"""The one value a year that models see: the preferred one, and the reason for those left out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.catalogue import Catalogue
from rural_forecast.observed.findings import check
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.observation import Observation, Publication
from rural_forecast.observed.preference import (
    Conflict,
    conflicts,
    prefer,
    preferred,
    published_forecasts,
    require_source,
)
from rural_forecast.observed.yearly import observed_years
from tests.observed.build import day, observed, series


def unused(history: History) -> dict[str, list[int]]:
    by_reason: dict[str, list[int]] = {}
    for one in history.left_out:
        by_reason.setdefault(one.why, []).append(one.observation.period.year)
    return by_reason


def notes(history: History) -> dict[str, str]:
    return {note.code: str(note) for note in history.notes}


def test_the_founding_series_and_the_ministrys(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("turnover"))
    assert (history.years, history.values.tolist()) == ((2014, 2015, 2016), [180, 353, 482])
    assert (history.notes, history.left_out) == ((), ())
    history = annual(catalogue.get("mofcom"), basis="levels")
    assert (history.first, history.values[0], history.origin) == (2016, 894.54, 2025)
    assert "disagree by more than 1.5 % in 2018 to 2025" in notes(history)["growth"]
    assert notes(history)["inexact"] == "2025 is rounded, used as if exact."
    assert [str(conflict.period) for conflict in history.conflicts] == ["2016", "2017", "2023"]


def test_a_missing_level_comes_from_the_next_years_growth(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("consumption_percap_rural"), since=2014)
    assert history.years == tuple(range(2014, 2025))
    (derived,) = [one for one in history.observations if one.derived]
    assert (derived.period.year, derived.value) == (2015, pytest.approx(10130 / 1.098))
    assert derived.note == "derived: 10,130 / 1.098, the growth published for 2016"
    assert "2015 = 9,225.87 (10,130 / 1.098)" in notes(history)["derived"]
    # A level before the first too.
    assert annual(catalogue.get("consumption_percap_rural")).first == 2013


@pytest.mark.parametrize(
    ("name", "until", "years", "left_out", "codes"),
    [
        (
            "retail_sales_rural",
            None,
            range(2020, 2025),
            {"break": [2011, 2012, *range(2014, 2020)]},
            {"earlier_basis"},
        ),
        (
            "retail_sales_rural",
            2019,
            range(2010, 2020),
            {"new basis": [2020, 2021, 2023, 2024]},
            {"later_basis"},
        ),
        (
            "income_percap_urban",
            None,
            range(2014, 2025),
            {"break": [2012, 2013]},
            {"earlier_basis"},
        ),
        ("users", 2020, range(2020, 2021), {}, {"later_basis"}),
        ("users", None, range(2021, 2024), {}, {"earlier_basis", "inexact"}),
        (
            "taobao_towns",
            None,
            range(2021, 2023),
            {"break": range(2014, 2018), "gap": [2019]},
            {"earlier_basis", "gap", "estimate"},
        ),
    ],
)
def test_breaks_and_gaps_bound_the_years_used(
    catalogue: Catalogue,
    name: str,
    until: int | None,
    years: Any,
    left_out: dict[str, Any],
    codes: set[str],
) -> None:
    history = annual(catalogue.get(name), until=until)
    assert history.years == tuple(years)
    assert codes <= notes(history).keys()
    for why, of_reason in left_out.items():
        assert unused(history)[why] == list(of_reason)


def test_until_gives_what_happened_later_on_the_same_basis(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("turnover"), until=2015)
    assert history.years == (2014, 2015)
    assert [one.value for one in history.later] == [482]
    assert annual(catalogue.get("retail_sales_rural"), until=2019).later == ()  # on another basis


def test_until_hides_the_growth_that_came_later() -> None:
    market = series({"2013": 80, "2015": 110}, {"2015": 10})
    assert annual(market).years == (2013, 2014, 2015)
    assert annual(market, until=2014).years == (2013,)


def test_growth_of_the_year_of_a_break_derives_no_level() -> None:
    market = series({"2015": 110, "2016": 120}, {"2015": 10, "2016": 9}, breaks=(2015,))
    assert annual(market).years == (2015, 2016)


def test_a_fall_to_nothing_derives_no_level() -> None:
    assert annual(series({"2015": 110}, {"2015": -100})).years == (2015,)


@pytest.mark.parametrize(
    ("name", "asked", "hint"),
    [
        ("mofcom", {"since": 2030}, "since=2025"),
        ("mofcom", {"until": 2000}, "until=2016"),
        ("mofcom", {"since": 2020, "until": 2018}, "Swap the two"),
        ("mofcom", {"as_of": day("2010-01-01")}, "2017-03-02"),
        ("mofcom", {"prefer": "Gartner"}, "or rule or median"),
        ("taobao_villages", {"basis": "chained"}, "basis='levels'"),
        ("rural_online_retail_mofcom_yoy", {}, "forecast('rural_online_retail_m"),
        ("rural_online_retail_mofcom_qoq", {}, "forecast('rural_online_retail_m"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    catalogue: Catalogue, name: str, asked: dict[str, Any], hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        annual(catalogue.get(name), **asked)
    assert hint in refused.value.hint


def test_without_a_whole_year_the_parts_are_named(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="it has 2015Q4, 2016Q1, 2016H1 and 2018H1") as refused:
        annual(catalogue.get("alibaba_rural_service_centres"))
    assert "nowcast" not in refused.value.hint  # a stock
    with pytest.raises(InputError, match="no value that is not a forecast"):
        annual(catalogue.get("un_plan"))
    with pytest.raises(InputError) as refused:
        annual(series({"2023Q1": 5, "2023Q2": 6, "2023Q3": 6, "2023Q4": 7}))
    assert "nowcast()" in refused.value.hint


def test_a_gap_in_a_file_is_refused_unless_allowed() -> None:
    market = series({"2010": 1, "2011": 2, "2014": 5, "2015": 6}, file="market.csv")
    with pytest.raises(InputError, match=r"market\.csv: no value for 2012 and 2013") as refused:
        annual(market)
    assert refused.value.code == "gap"
    assert "allow_gaps=True" in refused.value.hint
    history = annual(market, allow_gaps=True)
    assert (history.years, unused(history)) == ((2014, 2015), {"gap": [2010, 2011]})
    assert annual(market, since=2014).years == (2014, 2015)


def test_parts_of_years_are_named_once() -> None:
    market = series({"2010": 10, "2010H1": 4, "2011": 11, "2012H1": 6}, file="market.csv")
    (note,) = annual(market).notes
    assert (note.code, note.warning) == ("parts_of_year", True)
    # The reader names those of 2012.
    assert str(note).startswith("2010H1 is a part of a year and not used.")


def test_a_source_or_the_median_in_place_of_the_rule(catalogue: Catalogue) -> None:
    ministry = catalogue.get("mofcom")
    assert annual(ministry, prefer="pd20211213", basis="levels").values[0] == 890
    assert annual(ministry, prefer="median", basis="levels").values[7] == 2495
    assert annual(ministry, prefer="rule") == annual(ministry)


def test_as_of_uses_what_had_surely_been_published(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("mofcom"), as_of=day("2018-12-31"))
    assert history.years == (2016, 2017)
    assert (
        "by 2018-12-31 is used: 29 later values left out, and 5 undated."
        in notes(history)["vintage"]
    )
    assert annual(catalogue.get("mofcom"), as_of=day("2018-02-28")).values.tolist() == [
        894.54,
        1240,
    ]
    before_the_break = annual(catalogue.get("retail_sales_rural"), as_of=day("2020-06-30"))
    assert (before_the_break.first, before_the_break.origin) == (2010, 2019)


def test_a_derived_level_is_as_late_as_both_its_numbers() -> None:
    level = observed("2016", 110, published_latest=day("2017-02-01"))
    rate = observed("2016", 10, published_latest=day("2018-02-01"))
    market = replace(series({}), observations=(level,), growth=(rate,))
    assert annual(market).observations[0].published_latest == day("2018-02-01")
    assert annual(market, as_of=day("2017-06-01")).years == (2016,)


def test_the_chained_basis_follows_published_growth(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("mofcom"), basis="chained")
    assert history.years == tuple(range(2016, 2026))
    assert history.values[-2] == pytest.approx(3000 / 1.067)
    factors = (1.067, 1.064, 1.129, 1.036, 1.113, 1.089, 1.191, 1.304, 1.391)
    assert history.values[0] == pytest.approx(3000 / np.prod(factors))
    assert "published as 894.54" in notes(history)["chained"]
    assert history.conflicts == ()


def test_levels_are_not_chained_across_zero() -> None:
    with pytest.raises(UsageError, match="is 0 in 2016"):
        annual(series({"2015": 1, "2016": 0, "2017": 3}, {"2017": 5}), basis="chained")


def test_the_growth_of_the_levels_is_kept_where_none_is_published(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("consumption_percap_rural"), basis="chained")
    by_year = dict(zip(history.years, history.values, strict=True))
    assert by_year[2022] == pytest.approx(19280 / 1.061 * 16632 / 18175)
    assert by_year[2014] / by_year[2015] == pytest.approx(8383 / (10130 / 1.098))
    assert (
        "that of the levels in 2015 and 2023, where none is published" in notes(history)["chained"]
    )


def test_every_series_gives_a_history_that_says_what_the_check_finds_in_it_or_says_why(
    catalogue: Catalogue,
) -> None:
    assert len(observed_years(catalogue.get("taobao_towns"))) == 7  # across breaks and gaps
    count = 0
    for series_id in catalogue.ids():
        market = catalogue.get(series_id)
        if market.measure == "growth" or not observed_years(market):
            with pytest.raises(UsageError if market.measure == "growth" else InputError):
                annual(market)
        else:
            history = annual(market)
            assert all(str(note).endswith((".", "?")) for note in history.notes)
            serious = [one for one in check(market) if one.severity != "note" and one.period]
            yearly = [one for one in serious if one.period.is_year]
            of_levels = annual(market, basis="levels")
            codes = {one.code for one in yearly if one.period.year in of_levels.years}
            assert codes <= {note.code for note in of_levels.notes}, series_id
            if history.restated:  # which says it in another way
                codes -= {"growth", "conflict"}
            assert codes <= {note.code for note in history.notes}, series_id
            count += len(codes)
    assert count


@given(
    levels=st.dictionaries(st.integers(2000, 2012), st.floats(-50, 500), min_size=1),
    growth=st.dictionaries(st.integers(2000, 2012), st.floats(-120, 80)),
    breaks=st.lists(st.integers(2000, 2012), max_size=2),
    years_used=st.none() | st.integers(0, 12),
)
def test_what_always_holds(
    levels: dict[int, float], growth: dict[int, float], breaks: list[int], years_used: int | None
) -> None:
    named = ({str(year): value for year, value in of.items()} for of in (levels, growth))
    market = series(*named, breaks=tuple(sorted(set(breaks))))
    until = None if years_used is None else min(levels) + years_used
    history = annual(market, until=until)
    assert history.years == tuple(range(history.first, history.origin + 1))
    assert history.origin == max(year for year in levels if until is None or year <= until)
    assert len(history.values) == len(history.observations) == len(history.years)
    assert np.isfinite(history.values).all()
    assert not any(history.first < year <= history.origin for year in market.breaks)
    assert set(levels) <= {one.observation.period.year for one in history.left_out} | set(
        history.years
    )
    for year, one in zip(history.years, history.observations, strict=True):
        assert one.period.year == year
        assert one.derived or one.value == levels[year]


def clashes(*observations: Observation) -> tuple[Conflict, ...]:
    return conflicts(observations, preferred(observations, {}))


def test_every_conflict_of_a_series_and_its_outcome(catalogue: Catalogue) -> None:
    market = catalogue.get("mofcom")
    chosen = preferred(market.observations, market.sources)
    disagreeing = conflicts(market.observations, chosen)
    assert {str(clash.period): clash.chosen.value for clash in disagreeing} == {
        "2016": 894.54,
        "2017H1": 537.62,
        "2017": 1244.88,
        "2018H1": 632.28,
        "2021M01-M09": 1429.31,
        "2023": 2490,
    }


SOURCES = {
    name: Publication(name, reach=reach)
    for name, reach in (("own", "own"), ("again", "republished"), ("copy", "copy"))
}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (observed("2016", 1), observed("2016", 2.25, status="preliminary")),
        (observed("2016", 1, status="preliminary"), observed("2016", 2.25, status="estimate")),
        (observed("2016", 1, status="estimate"), observed("2016", 2.25, doubtful=True)),
        (observed("2016", 1, qualifier=">"), observed("2016", 2.25, doubtful=True)),
        (observed("2016", 1, source="copy"), observed("2016", 2.25, qualifier="~", source="own")),
        (observed("2016", 1, source="own"), observed("2016", 2.25, source="again")),
        (observed("2016", 1, source="again"), observed("2016", 2.25, source="copy")),
        (observed("2016", 2.25), observed("2016", 1, published_latest=day("2020-01-01"))),
        (
            observed("2016", 1, published_latest=day("2020-01-01")),
            observed("2016", 2, published_latest=day("2019-01-01")),
        ),
        (observed("2016", 1, published_latest=day("2020-01-01")), observed("2016", 2)),
        (observed("2016", 1, source="a"), observed("2016", 2, source="b")),
    ],
)
def test_each_step_of_the_rule(better: Observation, worse: Observation) -> None:
    assert prefer([better, worse], SOURCES) is better
    assert prefer([worse, better], SOURCES) is better


@given(st.permutations(range(5)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows = [
        observed("2016", 10.5, source="copy"),
        observed("2016", 10, source="own", qualifier="~"),
        observed("2016", 11.25, source="own", status="estimate"),
        observed("2016", 9, source="again"),
        observed("2016", 105, source="own", doubtful=True),
    ]
    assert prefer([rows[index] for index in order], SOURCES).value == 9


@pytest.mark.parametrize(
    ("name", "value"), [("article2017", 538), ("cgtn", 540), ("gov20170302", 537.62)]
)
def test_a_named_source_overrules(catalogue: Catalogue, name: str, value: float) -> None:
    ministry = catalogue.get("mofcom")
    half = [row for row in ministry.observations if str(row.period) == "2017H1"]
    assert prefer(half, ministry.sources, name).value == value
    with pytest.raises(UsageError, match="'Gartner'") as refused:
        require_source(ministry, "Gartner")
    assert "article2017" in refused.value.hint


def test_median_of_points_of_the_best_status() -> None:
    rows = [
        observed("2016", 10, source="a"),
        observed("2016", 14, source="b"),
        observed("2016", 200, source="c", qualifier=">"),
        observed("2016", 140, source="d", doubtful=True),
        observed("2016", 50, source="e", status="estimate"),
    ]
    middle = prefer(rows, {}, "median")
    assert (middle.value, middle.derived, middle.note) == (12, True, "median of 10 (a), 14 (b)")
    assert prefer(rows[:1], {}, "median") is rows[0]


def test_the_spread_is_that_of_all_values() -> None:
    (clash,) = clashes(
        observed("2016", 90), observed("2016", 100, published_latest=day("2020-01-01"))
    )
    assert (clash.low, clash.high) == (90, 100)
    assert clash.spread_pct == pytest.approx(100 * 10 / clash.chosen.value)
    assert clashes(observed("2016", 90), observed("2016", 90, source="b")) == ()
    assert clashes(observed("2016", 1, status="forecast"), observed("2016", 2)) == (), (
        "forecasts are never used"
    )


PUBLISHED = [
    ("alibaba_rural_service_centres", "2019", "=", 100000, "Alibaba", "2014-10", 2, True),
    ("alibaba_rural_service_centres", "2021H1", "=", 150000, "Alibaba", "2018-06", 1, True),
    ("jingdong_bang_shops", "2015", "<", 1000, "JD.com", "2015-01", 1, True),
    ("jingdong_bang_shops", "2017", "=", 1500, "JD.com", "2017", 1, True),
    ("rural_online_shopping_turnover", "2014", "=", 180, "AliResearch", "2014-10-13", 2, False),
    ("rural_online_shopping_turnover", "2016", ">", 460, "AliResearch", "2014-10-13", 4, False),
    (
        "rural_online_shopping_turnover",
        "2017",
        "=",
        600,
        "author not named",
        "2017 (second half)",
        1,
        False,
    ),
]


def test_every_distinct_forecast_is_one(catalogue: Catalogue) -> None:
    rows = []
    for name in dict.fromkeys(row[0] for row in PUBLISHED):
        for f in published_forecasts(catalogue.get(name)):
            quotes = len(f.sources)
            row = (name, str(f.period), f.qualifier, f.value, f.author, f.dated, quotes, f.target)
            rows.append(row)
    assert rows == PUBLISHED


@pytest.mark.parametrize(
    ("as_of", "values"),
    [
        ("2014-10-12", []),
        ("2014-10-13", [180, 460]),
        ("2017-12-30", [180, 460]),
        ("2017-12-31", [180, 460, 600]),
    ],
)
def test_as_of_a_day(catalogue: Catalogue, as_of: str, values: list[float]) -> None:
    forecasts = published_forecasts(catalogue.get("turnover"), as_of=day(as_of))
    assert [forecast.value for forecast in forecasts] == values


def test_the_source_of_a_file_is_the_author_of_its_forecasts() -> None:
    forecast = {"status": "forecast", "published_latest": day("2019-05-01")}
    given = (("2020", 5, "IDC"), ("2020", 6, "b"), ("2021", 6, ""))
    rows = tuple(
        observed(period, value, source=source, **forecast) for period, value, source in given
    )
    forecasts = published_forecasts(series({}, observations=rows))
    assert [(one.author, one.value, one.dated, one.sources) for one in forecasts] == [
        ("IDC", 5, "2019-05-01", ("IDC",)),
        ("b", 6, "2019-05-01", ("b",)),
        ("author not named", 6, "2019-05-01", ()),
    ]
