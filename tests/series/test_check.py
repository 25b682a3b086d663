"""Doubtful facts of a series, and the kernel that finds values out of line with their neighbours."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.findings import check, growth_of, jumps
from rural_forecast.series.preference import preferred
from rural_forecast.series.shares import Percent, percent
from tests.series.build import seen, series

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
"""By how much the base that level and growth imply lies above the ministry's, in percent, where it
is over 1.5.
"""


def test_levels_against_growth(catalogue: Catalogue) -> None:
    market = catalogue.get("mofcom")
    values, rates = (preferred(of, market.sources) for of in (market.observations, market.growth))
    gaps = {
        str(found.period): found.size * (-1) ** (" below " in found.text)
        for found in growth_of(values, rates)
    }
    assert {period: round(gap, 1) for period, gap in gaps.items()} == DISAGREE
    assert [str(found.period) for found in check(market) if found.code == "growth"] == list(
        DISAGREE
    )
    (broken,) = [
        found for found in check(catalogue.get("retail_sales_rural")) if found.code == "growth"
    ]
    assert broken.severity == "note"  # the basis changes in that year
    for name in ("turnover", "income_percap_national", "usd", "rural_population_wb"):
        assert all(found.severity == "note" for found in check(catalogue.get(name)))


CALM = {"2010": 100.0, "2011": 110.0, "2012": 121.0, "2013": 133.0, "2014": 146.0, "2015": 161.0}
ROUNDING = (seen("2010", 100), seen("2010", 100.5, source="b"))
WIDE = (seen("2010", 100), seen("2010", 110, source="b"))
BOUNDS = (
    seen("2010", 10, qualifier=">"),
    seen("2011", 11, note="ten times too high", doubtful=True),
)


@pytest.mark.parametrize(
    ("values", "more", "found"),
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
        *(
            (
                {"2019": 10, "2020": 11, "2021": 12, "2022": 5.9},
                {"measure": measure},
                ["fall 2022 warning"],
            )
            for measure in ("flow", "stock", "rate", "price")
        ),
        ({"2019": 10, "2020": 5.0}, {}, []),
        ({"2019": 10, "2020": 2}, {"measure": "growth"}, []),
        ({"2019": 10, "2020": -8, "2021": 3}, {}, []),
        ({"2019": 10, "2021": 2}, {}, ["gap 2020 warning"]),
        ({"2019": 10, "2020": 2}, {"breaks": (2020,)}, ["break 2020 note"]),
    ],
)
def test_what_is_found(values: dict[str, float], more: dict[str, Any], found: list[str]) -> None:
    assert [
        f"{one.code} {one.period} {one.severity}" for one in check(series(values, **more))
    ] == found


def test_a_value_or_all_from_a_year_on_in_another_unit() -> None:
    slips = [
        ({**CALM, year: CALM[year] * times}, year)
        for times in (100, 1000, 0.001, 1_000_000)
        for year in CALM
    ]
    later = (
        {year: value * (times if year > "2012" else 1) for year, value in CALM.items()}
        for times in (1000, 0.01)
    )
    slips += [(values, "2013") for values in later]
    for values, year in slips:
        (found,) = check(series(values))
        assert (found.code, str(found.period), found.severity) == ("jump", year, "error")


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
    found = jumps(np.concatenate(panel), offsets)
    alone = [jumps(np.array(values), np.array([0, len(values)])) for values in panel]
    at = [
        int(start) + place
        for start, one in zip(offsets, alone, strict=False)
        for place in one.position.tolist()
    ]
    assert found.position.tolist() == at
    for column in ("kind", "power", "up"):
        assert getattr(found, column).tolist() == [
            value for one in alone for value in getattr(one, column).tolist()
        ]


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


def test_shares_are_known_by_name_and_percent_fractions_end_at_one_and_values_lie_within() -> None:
    """Other percentages have no upper end, and what is not in percent is no percentage."""
    for cases, meant in (
        (SHARES, Percent(100, share=True)),
        (OTHERS, Percent(100, share=False)),
        (NEITHER, None),
    ):
        for names, unit in cases:
            assert percent(names, unit) == meant, (names, unit)
    assert percent(["BEV share of new cars (%)"], "%", fractions=True) == Percent(1, share=True)
    assert percent(["margin"], "", fractions=True) == Percent(1, share=False)
    assert percent(["adoption"], "share of households") == Percent(1, share=True)

    for lowest, highest, inside in ((0, 100, True), (-1, 50, False), (3, 100.5, False)):
        assert Percent(100, share=True).holds(lowest, highest) is inside
        assert not Percent(100, share=False).holds(lowest, highest)
