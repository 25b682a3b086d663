from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, UsageError
from rural_forecast.notes import Note
from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.history import annual, observed_years
from tests.series.build import day, seen, series


def aside(history: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in history.set_aside:
        found.setdefault(one.why, []).append(one.observation.period.year)
    return found


def test_the_founding_series(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("turnover"))
    assert history.years == (2014, 2015, 2016)
    assert history.values.tolist() == [180, 353, 482]
    assert history.notes == ()
    assert history.set_aside == ()


def test_the_ministrys_series_starts_in_2016(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("mofcom"))
    assert history.first == 2016
    assert history.values[0] == 894.54
    assert history.origin == 2025
    assert any("disagree by more than 1.5 % in 2018 to 2025" in str(note) for note in history.notes)
    assert any("3,000 (2025) is rounded" in str(note) for note in history.notes)
    assert [str(one.period) for one in history.conflicts] == ["2016", "2017", "2023"]


def test_a_missing_level_comes_from_the_next_years_growth(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("consumption_percap_rural"), since=2014)
    assert history.years == tuple(range(2014, 2025))
    derived = [one for one in history.observations if one.derived]
    assert [one.period.year for one in derived] == [2015]
    assert derived[0].value == pytest.approx(10130 / 1.098)
    assert derived[0].note == "derived: 10,130 / 1.098, the growth published for 2016"
    assert any("2015 = 9,225.87 (10,130 / 1.098)" in str(note) for note in history.notes)


def test_a_level_before_the_first_is_derived_too(catalogue: Catalogue) -> None:
    assert annual(catalogue.get("consumption_percap_rural")).first == 2013


def test_nothing_is_derived_across_a_break(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("retail_sales_rural"))
    assert history.years == (2020, 2021, 2022, 2023, 2024)
    assert aside(history) == {"break": [2011, 2012, 2014, 2015, 2016, 2017, 2018, 2019]}
    assert "2020 is the first year on a new basis" in str(history.notes[0])
    assert annual(catalogue.get("income_percap_urban")).first == 2014


def test_until_a_break_uses_the_segment_before_it(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("retail_sales_rural"), until=2019)
    assert history.years == tuple(range(2010, 2020))
    assert aside(history) == {"new basis": [2020, 2021, 2023, 2024]}
    assert history.later == ()
    users = annual(catalogue.get("users"), until=2020)
    assert users.years == (2020,)
    assert any("The basis changes in 2021" in str(note) for note in users.notes)


def test_internet_users_start_at_their_break(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("users"))
    assert history.years == (2021, 2022, 2023)
    assert any("300 (2022) is a floor" in str(note) for note in history.notes)


def test_after_break_and_gap(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("taobao_towns"))
    assert history.years == (2021, 2022)
    assert aside(history) == {"break": [2014, 2015, 2016, 2017], "gap": [2019]}
    assert Note("gap", {"missing": (2020,), "first": 2021, "unused": (2019,)}) in history.notes
    assert any("2021 is an estimate (derived: 2429 less" in str(note) for note in history.notes)


def test_until_gives_what_happened_later(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("turnover"), until=2015)
    assert history.years == (2014, 2015)
    assert [one.value for one in history.later] == [482]


def test_until_hides_the_growth_that_came_later() -> None:
    market = series({"2013": 80, "2015": 110}, {"2015": 10})
    assert annual(market).years == (2013, 2014, 2015)
    assert annual(market, until=2014).years == (2013,)


def test_growth_of_the_break_year_derives_nothing() -> None:
    market = series({"2015": 110, "2016": 120}, {"2015": 10, "2016": 9}, breaks=(2015,))
    assert annual(market).years == (2015, 2016)


def test_growth_of_minus_hundred_derives_nothing() -> None:
    assert annual(series({"2015": 110}, {"2015": -100})).years == (2015,)


def test_since(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("mofcom"), since=2020)
    assert history.first == 2020
    assert aside(history) == {"since": [2016, 2017, 2018, 2019]}
    with pytest.raises(UsageError, match="2030 is after the last year"):
        annual(catalogue.get("mofcom"), since=2030)
    with pytest.raises(UsageError, match="2000 is before the first year"):
        annual(catalogue.get("mofcom"), until=2000)
    with pytest.raises(UsageError, match="is after the last one"):
        annual(catalogue.get("mofcom"), since=2020, until=2018)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("rural_online_retail_mofcom_yoy", "rural_online_retail_mofcom"),
        ("rural_online_retail_mofcom_qoq", "rural_online_retail_mofcom"),
        ("consumption_percap_rural_yoy", "consumption_percap_rural"),
    ],
)
def test_growth_is_evidence(catalogue: Catalogue, name: str, owner: str) -> None:
    with pytest.raises(UsageError, match=f"growth of {owner}:") as caught:
        annual(catalogue.get(name))
    assert f"project {owner}" in caught.value.hint


def test_no_whole_year(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="it has 2015Q4, 2016Q1, 2016H1 and 2018H1"):
        annual(catalogue.get("alibaba_rural_service_centres"))
    with pytest.raises(InputError, match="no value that is not a forecast"):
        annual(catalogue.get("un_plan"))


def test_parts_of_a_flow_alone_point_to_the_nowcast(catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as caught:
        annual(series({"2023Q1": 5, "2023Q2": 6, "2023Q3": 6, "2023Q4": 7}))
    assert "rural-forecast nowcast" in caught.value.hint
    with pytest.raises(InputError) as caught:
        annual(catalogue.get("alibaba_rural_service_centres"))
    assert "nowcast" not in caught.value.hint


def test_a_gap_in_a_file_is_refused_unless_allowed() -> None:
    market = series({"2010": 1, "2011": 2, "2014": 5, "2015": 6}, file="market.csv")
    with pytest.raises(InputError, match=r"market\.csv: no value for 2012 and 2013") as caught:
        annual(market)
    assert "allow_gaps=True" in caught.value.hint
    history = annual(market, allow_gaps=True)
    assert history.years == (2014, 2015)
    assert aside(history) == {"gap": [2010, 2011]}
    assert annual(market, since=2014).years == (2014, 2015)


def test_a_source_or_the_median_in_place_of_the_rule(catalogue: Catalogue) -> None:
    ministry = catalogue.get("mofcom")
    assert annual(ministry, prefer="pd20211213").values[0] == 890
    assert annual(ministry, prefer="median").values[7] == 2495
    with pytest.raises(UsageError, match="'Gartner'"):
        annual(ministry, prefer="Gartner")
    assert annual(ministry, prefer="rule") == annual(ministry)


def test_as_of_uses_what_had_surely_been_published(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("mofcom"), as_of=day("2018-12-31"))
    assert history.years == (2016, 2017)
    assert "Only what had surely been published by 2018-12-31 is used" in str(history.notes[0])
    assert "5 undated" in str(history.notes[0])
    early = annual(catalogue.get("mofcom"), as_of=day("2018-02-28"))
    assert early.values.tolist() == [894.54, 1240]
    with pytest.raises(UsageError, match=r"had surely been published by 2010-01-01") as caught:
        annual(catalogue.get("mofcom"), as_of=day("2010-01-01"))
    assert "2017-03-02" in caught.value.hint


def test_a_break_that_is_not_yet_known_hides_nothing(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("retail_sales_rural"), as_of=day("2020-06-30"))
    assert (history.first, history.origin) == (2010, 2019)


def test_a_derived_level_is_as_late_as_both_its_numbers() -> None:
    market = replace(
        series({}),
        observations=(seen("2016", 110, published_latest=day("2017-02-01")),),
        growth=(seen("2016", 10, published_latest=day("2018-02-01")),),
    )
    assert annual(market).observations[0].published_latest == day("2018-02-01")
    assert annual(market, as_of=day("2017-06-01")).years == (2016,)


def test_the_chained_basis(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("mofcom"), basis="chained")
    assert history.years == tuple(range(2016, 2026))
    assert history.values[-2] == pytest.approx(3000 / 1.067)
    assert history.values[0] == pytest.approx(
        3000 / (1.067 * 1.064 * 1.129 * 1.036 * 1.113 * 1.089 * 1.191 * 1.304 * 1.391)
    )
    assert str(history.notes[0]).startswith("Levels are rebuilt backwards from 3,000 (2025)")
    assert "published as 894.54" in str(history.notes[0])
    assert history.conflicts == ()


def test_the_levels_own_growth_where_none_is_published(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("consumption_percap_rural"), basis="chained")
    by_year = dict(zip(history.years, history.values, strict=True))
    assert by_year[2022] == pytest.approx(19280 / 1.061 * 16632 / 18175)
    assert by_year[2014] / by_year[2015] == pytest.approx(8383 / (10130 / 1.098))
    assert "that of the levels in 2015 and 2023, where none is published" in str(history.notes[0])


def test_nothing_to_chain(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="so its levels cannot be chained"):
        annual(catalogue.get("taobao_villages"), basis="chained")
    with pytest.raises(UsageError, match="is 0 in 2016"):
        annual(series({"2015": 1, "2016": 0, "2017": 3}, {"2017": 5}), basis="chained")


def test_observed_years_go_across_breaks_and_gaps(catalogue: Catalogue) -> None:
    years = [one.period.year for one in observed_years(catalogue.get("taobao_towns"))]
    assert years == [2014, 2015, 2016, 2017, 2019, 2021, 2022]
    assert observed_years(catalogue.get("centres")) == ()


def test_every_series_gives_a_history_or_says_why(catalogue: Catalogue) -> None:
    for series_id in catalogue.ids():
        one = catalogue.get(series_id)
        if one.measure == "growth":
            with pytest.raises(UsageError):
                annual(one)
        elif not observed_years(one):
            with pytest.raises(InputError):
                annual(one)
        else:
            history = annual(one)
            assert len(history.years) >= 1
            assert all(str(note).endswith(".") for note in history.notes)


@given(
    levels=st.dictionaries(st.integers(2000, 2012), st.floats(-50, 500), min_size=1),
    growth=st.dictionaries(st.integers(2000, 2012), st.floats(-120, 80)),
    breaks=st.lists(st.integers(2000, 2012), max_size=2),
    until=st.none() | st.integers(2000, 2012),
)
def test_what_always_holds(
    levels: dict[int, float], growth: dict[int, float], breaks: list[int], until: int | None
) -> None:
    market = series(
        {str(year): value for year, value in levels.items()},
        {str(year): value for year, value in growth.items()},
        breaks=tuple(sorted(set(breaks))),
    )
    if until is not None and until < min(levels):
        return
    history = annual(market, until=until)
    assert history.years == tuple(range(history.first, history.origin + 1))
    assert history.origin == max(year for year in levels if until is None or year <= until)
    assert len(history.values) == len(history.observations) == len(history.years)
    assert np.isfinite(history.values).all()
    assert not any(history.first < year <= history.origin for year in market.breaks)
    published = {one.observation.period.year for one in history.set_aside} | set(history.years)
    assert set(levels) <= published
    for year, one in zip(history.years, history.observations, strict=True):
        assert one.period.year == year
        assert one.derived or one.value == levels[year]
