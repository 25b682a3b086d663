"""What a nowcast refuses."""

from typing import Any

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.series.observation import Series
from tests.nowcasting.cases import HALVES, ministry
from tests.series.build import series


def test_a_typed_part_below_zero_is_refused_where_no_year_ever_was() -> None:
    with pytest.raises(UsageError, match="2026H1=-5 is negative"):
        nowcast(ministry(), year=2026, partial=["2026H1=-5"])


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
def test_what_cannot_be_told_is_refused(market: Series, more: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        nowcast(market, **more)
    assert message in caught.value.message
    assert caught.value.hint


def test_a_growth_that_implies_more_than_the_year_before_is_on_another_basis() -> None:
    with pytest.raises(UsageError, match=r"imply 160 for 2016, not less than 150, the whole of 2016"):
        nowcast(series(HALVES), partial=["2017H1=320:100"])


def test_a_part_of_a_file_that_exceeds_its_year_is_refused() -> None:
    with pytest.raises(InputError, match="not less than 150 for the whole year"):
        nowcast(series({**HALVES, "2016H1": 151}, file="market.csv"))


def test_more_than_a_number_holds_is_refused() -> None:
    with pytest.raises(UsageError, match="more than a number holds"):
        nowcast(series({"2015": 1.7e308, "2015H1": 8e307, "2016": 1.7e308, "2016H1": 2e307, "2017H1": 8e307}))
