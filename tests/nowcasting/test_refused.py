"""What a nowcast refuses."""

from typing import Any

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.series.observation import Series
from tests.nowcasting.cases import HALVES
from tests.series.build import series

TURNOVER = {"2014": 180, "2015": 353, "2016": 482}


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
        (series({"2015": 1.7e308, "2015H1": 8e307, "2016": 1.7e308, "2016H1": 2e307, "2017H1": 8e307}), {}),
    ],
)
def test_what_cannot_be_estimated_is_refused(market: Series, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        nowcast(market, **more)
    assert caught.value.hint


def test_a_part_of_a_file_that_exceeds_its_year_is_refused() -> None:
    with pytest.raises(InputError, match="not less than its whole year, 150"):
        nowcast(series({**HALVES, "2016H1": 151}, file="market.csv"))


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
def test_a_part_above_the_whole_year_before_needs_a_word(market: dict[str, float], part: str, refused: bool) -> None:
    """Unless the same part of an earlier year, or its growth, shows that such growth is real."""
    asked = {"year": 2017, "partial": [part]}
    result = nowcast(series(market), same_definition=True, **asked)
    assert ("part_contradicts" in {note.code for note in result.notes}) == refused
    if refused:
        with pytest.raises(InputError) as caught:
            nowcast(series(market), **asked)
        assert "same_definition=True" in caught.value.hint
