"""Doubtful facts of a series, and the kernel that finds values out of line."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.observed.catalogue import Catalogue
from rural_forecast.observed.findings import check, growth_of, jumps
from rural_forecast.observed.preference import preferred
from rural_forecast.observed.shares import Percent, percent
from tests.observed.build import observed, series

DISAGREE = {
    "2017Q1": 23.9,
    "2017H1": 25.6,
    "2018H1": -12.5,
    "2018": -15.6,
    "2019H1": 1.6,
    "2019": 4.2,
    "2020": -3.3,
    "2021M01-M09": 2.4,
    "2021": 2.9,
    "2022": 2.2,
    "2023": 1.6,
    "2024": -3.4,
    "2025": 9.8,
}
"""How far the base that level and growth imply lies above the ministry's, if over 1.5 percent."""


def test_levels_against_growth(catalogue: Catalogue) -> None:
    market = catalogue.get("mofcom")
    values = preferred(market.observations, market.sources)
    rates = preferred(market.growth, market.sources)
    gaps = {}
    for finding in growth_of(values, rates):
        sign = -1 if " below " in finding.text else 1
        gaps[str(finding.period)] = round(sign * finding.size, 1)
    assert gaps == DISAGREE
    named = [str(finding.period) for finding in check(market) if finding.code == "growth"]
    assert named == list(DISAGREE)


def test_growth_across_a_break_is_only_a_note(catalogue: Catalogue) -> None:
    findings = check(catalogue.get("retail_sales_rural"))
    (broken,) = [finding for finding in findings if finding.code == "growth"]
    assert broken.severity == "note"


@pytest.mark.parametrize(
    "name", ["turnover", "income_percap_national", "usd", "rural_population_wb"]
)
def test_sound_series_of_the_catalogue_have_notes_alone(catalogue: Catalogue, name: str) -> None:
    assert all(finding.severity == "note" for finding in check(catalogue.get(name)))


CALM = {"2010": 100.0, "2011": 110.0, "2012": 121.0, "2013": 133.0, "2014": 146.0, "2015": 161.0}
ROUNDING = (observed("2010", 100), observed("2010", 100.5, source="b"))
WIDE = (observed("2010", 100), observed("2010", 110, source="b"))
HALVED = {"2019": 10, "2020": 11, "2021": 12, "2022": 5.9}
BOUNDS = (
    observed("2010", 10, qualifier=">"),
    observed("2011", 11, note="ten times too high", doubtful=True),
)


@pytest.mark.parametrize(
    ("values", "more", "findings"),
    [
        ({}, {}, ["empty None warning"]),
        ({"2010": 1, "2013": 2}, {}, ["gap 2011 warning"]),
        ({"2010": 1, "2012": 2}, {"growth": {"2012": 5}}, ["gap 2011 note"]),
        ({"2010H1": 1}, {}, ["gap None warning"]),
        ({"2010": 1, "2013": 2}, {"measure": "growth"}, []),
        ({}, {"observations": ROUNDING}, ["conflict 2010 note"]),
        ({}, {"observations": WIDE}, ["conflict 2010 warning"]),
        ({}, {"observations": BOUNDS}, ["floor 2010 note", "slip 2011 note"]),
        ({"2010": 10, "2010H1": 12}, {}, ["part 2010H1 error"]),
        ({"2010": 10, "2010H1": 12}, {"measure": "stock"}, []),
        ({"2010": 100, "2011": 1100, "2012": 121, "2013": 133}, {}, ["jump 2011 error"]),
        ({"2010": 100, "2011": 110, "2012": 121, "2013": 13.3}, {}, ["jump 2013 error"]),
        ({"2010": 1000, "2011": 110, "2012": 121, "2013": 133}, {}, ["jump 2010 error"]),
        ({"2010": 1, "2011": 10, "2012": 100, "2013": 1000}, {}, []),
        ({"2010": 20, "2011": 211, "2012": 780}, {}, []),
        ({"2010": 1, "2011": 10, "2012": 11, "2013": 12}, {"breaks": (2011,)}, ["break 2011 note"]),
        (
            {"2019": 8.0, "2020": 1.8, "2021": 13.6, "2022": 1.8, "2023": 8.1},
            {"measure": "growth"},
            [],
        ),
        (HALVED, {"measure": "flow"}, ["fall 2022 warning"]),
        (HALVED, {"measure": "stock"}, ["fall 2022 warning"]),
        (HALVED, {"measure": "rate"}, ["fall 2022 warning"]),
        (HALVED, {"measure": "price"}, ["fall 2022 warning"]),
        ({"2019": 10, "2020": 5.0}, {}, []),
        ({"2019": 10, "2020": 2}, {"measure": "growth"}, []),
        ({"2019": 10, "2020": -8, "2021": 3}, {}, []),
        ({"2019": 10, "2021": 2}, {}, ["gap 2020 warning"]),
        ({"2019": 10, "2020": 2}, {"breaks": (2020,)}, ["break 2020 note"]),
    ],
)
def test_what_is_found(values: dict[str, float], more: dict[str, Any], findings: list[str]) -> None:
    found_here = check(series(values, **more))
    assert [f"{one.code} {one.period} {one.severity}" for one in found_here] == findings


@pytest.mark.parametrize("year", CALM)
@pytest.mark.parametrize("times", [100, 1000, 0.001, 1_000_000])
def test_a_value_in_another_unit_is_an_error(year: str, times: float) -> None:
    (finding,) = check(series({**CALM, year: CALM[year] * times}))
    assert (finding.code, str(finding.period), finding.severity) == ("jump", year, "error")


@pytest.mark.parametrize("times", [1000, 0.01])
def test_another_unit_from_a_year_on_is_an_error_of_that_year(times: float) -> None:
    later = {year: value * times for year, value in CALM.items() if year > "2012"}
    (finding,) = check(series(CALM | later))
    assert (finding.code, str(finding.period), finding.severity) == ("jump", "2013", "error")


VALUE = st.sampled_from(
    [
        -5.0,
        0.0,
        0.12,
        1.0,
        1.3,
        8.0,
        9.5,
        10.0,
        12.0,
        60.0,
        95.0,
        100.0,
        1000.0,
        11_000.0,
        1e6,
        1e300,
    ]
)


@given(st.lists(st.lists(VALUE, min_size=1, max_size=8), min_size=1, max_size=5))
def test_many_series_at_once_as_each_alone(panel: list[list[float]]) -> None:
    offsets = np.cumsum([0, *map(len, panel)])
    together = jumps(np.concatenate(panel), offsets)
    alone = [jumps(np.array(values), np.array([0, len(values)])) for values in panel]
    positions = [one.position + start for one, start in zip(alone, offsets, strict=False)]
    assert together.position.tolist() == np.concatenate(positions).tolist()
    for column in ("kind", "power", "up"):
        columns = [getattr(one, column) for one in alone]
        assert getattr(together, column).tolist() == np.concatenate(columns).tolist()


SHARES = [
    (["BEV share of new cars (%)"], ""),
    (["BEV share of new cars"], "%"),
    (["value", "Internet users (% of population)"], ""),
    (["% of population with access to electricity"], ""),
    (["Percentage of households with internet access"], ""),
    (["adoption"], "per cent"),
    (["农村网络零售额占比(%)"], ""),
    (["互联网普及率"], "%"),
    (["市场份额"], "百分比"),
    (["internet"], "% of users"),
]
OTHERS = [
    (["GDP growth (%)"], ""),
    (["Operating margin"], "%"),
    (["Access deficit (% of GDP)"], ""),
    (["Market share of imports"], "% of GDP"),
    (["Change in market share"], "%"),
    (["Liquidity coverage ratio"], "%"),
    (["网络零售额同比增长"], "%"),
    (["Unemployment"], "%"),
]
NEITHER = [
    (["BEV share of new cars"], ""),
    (["Sales of 5% beer"], "bn CNY"),
    (["Access to 10 % loans"], ""),
    (["top 5 percent of users"], ""),
    (["share of voice index"], "1"),
    (["access, percentage points"], ""),
    ([""], ""),
]


@pytest.mark.parametrize(("names", "unit"), SHARES)
def test_a_share_is_known_by_its_name(names: list[str], unit: str) -> None:
    assert percent(names, unit) == Percent(100, share=True)


@pytest.mark.parametrize(("names", "unit"), OTHERS)
def test_other_percentages_have_no_upper_end(names: list[str], unit: str) -> None:
    assert percent(names, unit) == Percent(100, share=False)


@pytest.mark.parametrize(("names", "unit"), NEITHER)
def test_what_is_not_in_percent_is_no_percentage(names: list[str], unit: str) -> None:
    assert percent(names, unit) is None


def test_fractions_end_at_one() -> None:
    assert percent(["BEV share of new cars (%)"], "%", fractions=True) == Percent(1, share=True)
    assert percent(["margin"], "", fractions=True) == Percent(1, share=False)
    assert percent(["adoption"], "share of households") == Percent(1, share=True)


@pytest.mark.parametrize(
    ("lowest", "highest", "is_inside"), [(0, 100, True), (-1, 50, False), (3, 100.5, False)]
)
def test_values_of_a_share_lie_within_its_whole(
    lowest: float, highest: float, is_inside: bool
) -> None:
    assert Percent(100, share=True).holds(lowest, highest) is is_inside
    assert not Percent(100, share=False).holds(lowest, highest)
