"""Amounts in another currency and in the prices of one year."""

from __future__ import annotations

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.money import tables
from rural_forecast.series.money.conversion import conversion
from rural_forecast.series.money.prices import deflated, deflator, inflated
from rural_forecast.series.money.units import currency_of, with_currency
from tests.series.build import day, series

PER_DOLLAR_2019 = {
    "EUR": 0.8933,
    "CNY": 6.9081,
    "GBP": 0.7841,
    "JPY": 109.02,
    "INR": 70.38,
    "AUD": 1.4384,
    "NGN": 306.9,
}
"""As the central banks and the World Bank give them, whichever way round their own tables are."""


@pytest.mark.parametrize("code", PER_DOLLAR_2019)
def test_rates_that_ship_are_units_of_the_currency_for_one_dollar(code: str) -> None:
    assert tables.rates()[code].per_dollar[2019] == pytest.approx(PER_DOLLAR_2019[code], rel=0.005)


def test_every_currency_has_a_rate_and_prices_or_says_so() -> None:
    for code, known in tables.rates().items():
        assert len(known.per_dollar) >= 10, code
        assert not known.prices_of or tables.prices(known.prices_of).inflation, code
    assert [code for code, known in tables.rates().items() if not known.prices_of] == ["ARS", "EUR", "TWD"]


def test_prices_are_an_index_that_inflation_makes(catalogue: Catalogue) -> None:
    china = tables.prices("china").inflation
    how = deflator("bn CNY", 2022)
    assert how.rate(2022) == 1
    assert how.rate(2023) == pytest.approx(1 + china[2023] / 100)
    assert how.rate(2021) == pytest.approx(1 / (1 + china[2022] / 100))
    assert how.unit == "bn CNY (2022 prices)"


@pytest.mark.parametrize(
    ("unit", "to", "shown"),
    [
        ("€m", "USD", "USD m"),
        ("EURbn", "GBP", "GBPbn"),
        ("US$ bn", "EUR", "EUR bn"),
        ("million US dollars", "CNY", "million CNY"),
        ("亿美元", "CNY", "亿元"),
        ("亿元", "EUR", "亿欧元"),
        ("万亿日元", "USD", "万亿美元"),
        ("£ thousand", "USD", "USD thousand"),
        ("INR crore", "USD", "USD crore"),
        ("HK$ per head", "USD", "USD per head"),
    ],
)
def test_units_keep_their_scale(unit: str, to: str, shown: str) -> None:
    assert with_currency(unit, to) == shown


@pytest.mark.parametrize("unit", ["$m", "¥ bn", "dollars", "million pounds", "pesos", "CAD per $"])
def test_a_sign_of_several_currencies_is_refused(unit: str) -> None:
    with pytest.raises(UsageError, match=r"several currencies|not an amount of one"):
        currency_of(unit)


@pytest.mark.parametrize("unit", ["bn USD, constant 2015 prices", "real USD", "PPP USD", "bn CNY (2020 prices)"])
def test_constant_prices_are_neither_converted_nor_deflated(unit: str) -> None:
    for refused in (lambda: conversion(unit, to="EUR"), lambda: deflator(unit, 2020)):
        with pytest.raises(UsageError, match="in constant prices"):
            refused()


def test_a_rate_is_found_by_way_of_the_dollar() -> None:
    there, back = conversion("EUR", to="GBP"), conversion("GBP", to="EUR")
    assert there.rate(2019) == pytest.approx(1 / back.rate(2019))
    assert there.rate(2019) == pytest.approx(0.8933 / 0.7841, rel=0.002)
    assert "Federal Reserve, H.10 and European Central Bank" in str(there.note([2019]))


@pytest.mark.parametrize(("unit", "value"), [("CNY per EUR", 8.0), ("EUR per CNY", 0.125), ("cny / eur", 8.0)])
def test_given_rates_say_which_way_round_they_are(unit: str, value: float) -> None:
    own = series({"2020": value}, unit=unit)
    assert conversion("bn CNY", to="EUR", rates=own).rate(2020) == pytest.approx(8)
    with pytest.raises(UsageError, match=r"which way round|not in CNY per EUR"):
        conversion("bn CNY", to="EUR", rates=series({"2020": 8.0}, unit=""))


def test_years_without_prices_are_refused_or_stated() -> None:
    own = series({"2023": 100.0, "2024": 110.0, "2025": 121.0}, unit="bn CNY")
    with pytest.raises(UsageError, match="no consumer prices for 2025; those of China go from 1986 to 2024"):
        deflated(own, deflator(own.unit, 2024))
    real = deflated(own, deflator(own.unit, 2024, inflation=10))
    assert [obs.value for obs in real.observations][1:] == pytest.approx([110, 110])
    assert "10 % inflation a year after 2024, as stated" in str(real.reading_notes[0])
    until = deflated(own, deflator(own.unit, 2024), until=2024)
    assert [obs.period.year for obs in until.observations] == [2023, 2024]
    assert "2025 is left out" in str(until.reading_notes[0])
    early = series({"1980": 1.0, "1990": 2.0, "1991": 3.0}, unit="bn CNY")
    with pytest.raises(UsageError, match="no consumer prices for 1980") as refused:
        deflated(early, deflator(early.unit, 2020))
    assert "since" in refused.value.hint
    since = deflated(early, deflator(early.unit, 2020), since=1990)
    assert [obs.period.year for obs in since.observations] == [1990, 1991]
    with pytest.raises(UsageError, match="No consumer prices of China were known by 1980-01-01"):
        deflator("bn CNY", 1990, inflation=2, as_of=day("1980-01-01"))
    with pytest.raises(UsageError, match="no consumer prices of China for 2023; they go from 1986 to 2022"):
        deflator("bn CNY", 2023, as_of=day("2023-12-30"))


def test_a_forecast_inflated_back_is_in_the_prices_of_each_year() -> None:
    own = series({str(year): 100 * 1.05 ** (year - 2010) for year in range(2010, 2024)}, unit="bn USD")
    how = deflator(own.unit, 2020, inflation=2)
    real = forecast(deflated(own, how), year=2026)
    nominal = in_currency(real, inflated(how))
    assert nominal.history.values == pytest.approx([obs.value for obs in own.observations])
    assert nominal.best.values[-1] == pytest.approx(real.best.values[-1] * how.rate(2026))
    assert nominal.history.series.unit == "bn USD"


@pytest.mark.parametrize(("country", "match"), [("Atlantis", "No consumer prices"), ("germ", "No consumer prices")])
def test_an_unknown_country_names_similar_ones(country: str, match: str) -> None:
    with pytest.raises(UsageError, match=match) as refused:
        tables.prices(country)
    assert ("DEU (Germany)" in refused.value.hint) == (country == "germ")


def test_a_price_index_or_inflation_of_the_users_own() -> None:
    index = series({"2020": 50.0, "2021": 55.0}, unit="index")
    assert deflator("bn EUR", 2020, prices=index).rate(2021) == pytest.approx(1.1)
    inflation = series({"2021": 10.0, "2022": 10.0}, unit="percent", measure="growth")
    assert deflator("bn EUR", 2020, prices=inflation).rate(2022) == pytest.approx(1.21)
    with pytest.raises(UsageError, match="no prices of a whole year"):
        deflator("bn EUR", 2020, prices=series({"2021Q1": 10.0}, unit="index"))
    with pytest.raises(UsageError, match="EUR is not the currency of one country"):
        deflator("bn EUR", 2020)


def test_a_rate_that_is_not_positive_is_refused() -> None:
    rates = series({"2020": 7.0, "2021": 0.0}, unit="CNY per EUR")
    with pytest.raises(UsageError, match="is not positive in 2021"):
        conversion("bn CNY", to="EUR", rates=rates)


def test_a_base_year_without_prices_names_those_that_can_be() -> None:
    with pytest.raises(UsageError, match="of China for 1900; they go from 1986 to 2024") as refused:
        deflator("bn CNY", 1900)
    assert "real" in refused.value.hint
    assert "since" not in refused.value.hint
