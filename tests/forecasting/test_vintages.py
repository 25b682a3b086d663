"""What we would have said before a year was published, against its first figure and today's."""

from dataclasses import replace
from datetime import date

import pytest

import rural_forecast as rf
from rural_forecast.forecasting.backtest import vintages
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period


def value(year: int, amount: float, *published: date) -> Observation:
    day = published[0] if published else None
    return Observation(Period(year), amount, source=f"{amount}", published_earliest=day, published_latest=day)


def revised(last: float = 23.0) -> Series:
    seen = (
        value(2018, 10, date(2019, 2, 1)),
        value(2019, 13, date(2020, 2, 1)),
        value(2020, 17, date(2021, 2, 1)),
        value(2021, 20, date(2022, 2, 1)),
        value(2021, last, date(2022, 11, 1)),
    )
    return Series("market", observations=seen)


def test_only_years_published_twice_are_told_with_first_figure_and_today_s() -> None:
    [told] = vintages(revised())
    assert (told.period, told.as_of, told.origin) == (2021, date(2022, 1, 31), 2020)
    assert (told.first.value, told.now.value) == (20, 23)


def test_what_we_would_have_said_knows_neither_figure() -> None:
    [told], [other] = vintages(revised()), vintages(revised(99.0))
    assert told.ours == other.ours
    assert told.ours == rf.forecast(revised(), year=2021, until=2020).best.values[-1]


def test_a_vintage_of_the_past_knows_no_later_revision() -> None:
    assert vintages(revised(), as_of=date(2022, 6, 1)) == ()


def test_what_we_would_have_said_follows_the_choice_of_points() -> None:
    other = Observation(Period(2020), 30.0, source="other", published_latest=date(2021, 2, 1))
    gap = value(2014, 4, date(2015, 2, 1))
    market = replace(revised(), observations=(gap, *revised().observations, other), file="market.csv")
    [strict] = vintages(market)
    assert strict.ours is None
    [told], [preferred] = vintages(market, allow_gaps=True), vintages(market, allow_gaps=True, prefer="other")
    assert told.ours is not None
    assert preferred.ours is not None
    assert preferred.ours > 1.2 * told.ours
    [tested] = rf.backtest(market, allow_gaps=True, prefer="other").vintages
    assert tested == preferred


@pytest.mark.slow
def test_the_ministry_s_2017_was_first_published_rounded() -> None:
    told = {one.period: one for one in rf.backtest(rf.read("rural_online_retail_mofcom")).vintages}
    assert (told[2017].first.value, told[2017].now.value) == (1240, 1244.88)
    assert told[2016].ours is None
    assert told[2016].why_not
    assert not told[2017].why_not
    series = rf.read("rural_online_retail_mofcom")
    assert rf.backtest(series, models=["naive"]) == rf.backtest(series, models=["naive"])
