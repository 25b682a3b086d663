from __future__ import annotations

import pytest

from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.check import check
from rural_forecast.series.history import annual, observed_years
from tests.series.build import seen, series

DISAGREE = {
    "rural_online_retail_mofcom": {
        "2017Q1": 23.9, "2017H1": 25.6, "2018H1": -12.5, "2018": -15.6, "2019H1": 1.6, "2019": 4.2, "2020": -3.3,
        "2021M01-M09": 2.4, "2021": 2.9, "2022": 2.2, "2023": 1.6, "2024": -3.4, "2025": 9.8,
    },
    "rural_online_retail_mofcom_goods": {"2017H1": 22.4},
    "rural_online_retail_mofcom_services": {"2017H1": 31.6},
    "national_online_retail": {
        "2015": 4.3, "2016H1": 6.0, "2016": 5.4, "2017H1": 4.1, "2017": 5.3, "2021H1": -3.7, "2021": -2.5, "2024": -6.1,
    },
    "national_online_retail_goods": {"2016": 3.0, "2017": 2.1, "2018": 1.9, "2019": 1.9},
    "retail_sales_rural": {"2020": -9.5},
    "income_percap_urban": {"2014": -1.8},
}  # fmt: skip
"""By how much the base that level and growth imply lies above the published one, in percent, where it is over 1.5."""


def test_levels_against_growth_in_the_whole_catalogue(catalogue: Catalogue) -> None:
    wide: dict[str, dict[str, float]] = {}
    for series_id in catalogue.ids():
        for one in check(catalogue.get(series_id)):
            if one.code == "growth":
                wide.setdefault(series_id, {})[str(one.period)] = round(one.note.fields["gap_pct"], 1)  # type: ignore[call-overload]
    assert wide == DISAGREE


def test_a_disagreement_across_a_break_is_a_note(catalogue: Catalogue) -> None:
    (one,) = [f for f in check(catalogue.get("retail_sales_rural")) if f.code == "growth"]
    assert one.severity == "note"
    assert "imply 5,461 for 2019, 9.5 % below the 6,033.2 published; the basis changes in 2020" in str(one.note)


@pytest.mark.parametrize("name", ["turnover", "income_percap_national", "usd", "rural_population_wb"])
def test_series_without_a_warning(catalogue: Catalogue, name: str) -> None:
    assert all(one.severity == "note" for one in check(catalogue.get(name)))


def codes(values: dict[str, float], **more: object) -> list[tuple[str, str, str]]:
    return [(one.code, str(one.period), one.severity) for one in check(series(values, **more))]  # type: ignore[arg-type]


def test_gaps() -> None:
    assert codes({"2010": 1, "2013": 2}) == [("gap", "2011", "warning")]
    assert codes({"2010": 1, "2012": 2}, growth={"2012": 5}) == [("gap", "2011", "note")]
    assert codes({"2010H1": 1}) == [("gap", "None", "warning")]
    assert codes({}) == [("empty", "None", "warning")]
    assert codes({"2010": 1, "2013": 2}, measure="growth") == []


def test_conflicts_of_rounding_and_others() -> None:
    rounding = (seen("2010", 100), seen("2010", 100.5, source="b"))
    wide = (seen("2010", 100), seen("2010", 110, source="b"))
    assert codes({}, observations=rounding) == [("conflict", "2010", "note")]
    assert codes({}, observations=wide) == [("conflict", "2010", "warning")]
    assert "100 (a); 110 (b): spread" in str(check(series({}, observations=wide))[0].note)


CALM = {"2010": 100.0, "2011": 110.0, "2012": 121.0, "2013": 133.0, "2014": 146.0, "2015": 161.0}


@pytest.mark.parametrize("times", [100, 1000, 0.001, 1_000_000])
def test_a_value_in_another_unit(times: float) -> None:
    for year in CALM:
        (found,) = check(series({**CALM, year: CALM[year] * times}))
        assert (found.code, str(found.period), found.severity) == ("jump", year, "error")
        assert "another unit" in str(found.note)


@pytest.mark.parametrize(("times", "size"), [(1000, "1,000 times"), (0.01, "1/100 of")])
def test_all_values_from_a_year_on_in_another_unit(times: float, size: str) -> None:
    (found,) = check(series({year: value * (times if year > "2012" else 1) for year, value in CALM.items()}))
    assert (found.code, str(found.period), found.severity) == ("jump", "2013", "error")
    assert str(found.note) == f"from here on the values are about {size} those before: another unit?"


def test_growth_may_jump() -> None:
    assert codes({"2019": 8.0, "2020": 1.8, "2021": 13.6, "2022": 1.8, "2023": 8.1}, measure="growth") == []


def test_a_slip_of_the_decimal_point() -> None:
    inside = {"2010": 100.0, "2011": 1100, "2012": 121, "2013": 133}
    assert codes(inside) == [("jump", "2011", "error")]
    last = {"2010": 100.0, "2011": 110, "2012": 121, "2013": 13.3}
    assert codes(last) == [("jump", "2013", "error")]
    first = {"2010": 1000.0, "2011": 110, "2012": 121, "2013": 133}
    assert codes(first) == [("jump", "2010", "error")]


def test_fast_growth_is_no_slip() -> None:
    assert codes({"2010": 1, "2011": 10, "2012": 100, "2013": 1000}) == []
    assert codes({"2010": 20, "2011": 211, "2012": 780}) == []
    assert codes({"2010": 1, "2011": 10, "2012": 11, "2013": 12}, breaks=(2011,)) == [("break", "2011", "note")]


def test_a_part_larger_than_its_year() -> None:
    assert codes({"2010": 10, "2010H1": 12}) == [("part", "2010H1", "error")]
    assert codes({"2010": 10, "2010H1": 12}, measure="stock") == []


def test_floors_and_slips_are_said() -> None:
    rows = (seen("2010", 10, qualifier=">"), seen("2011", 11, note="ten times too high", doubtful=True))
    assert codes({}, observations=rows) == [("floor", "2010", "note"), ("slip", "2011", "note")]


def test_what_the_check_says_of_the_values_used_their_history_says(catalogue: Catalogue) -> None:
    told = 0
    for series_id in catalogue.ids():
        one = catalogue.get(series_id)
        if one.measure == "growth" or not observed_years(one):
            continue
        history = annual(one)
        found = (found for found in check(one) if found.severity != "note" and found.period and found.period.is_year)
        codes = {seen.code for seen in found if seen.period and seen.period.year in history.years}
        said = {note.code for note in history.notes}
        assert codes <= said, series_id
        told += len(said)
    assert told
