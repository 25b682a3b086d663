"""Amounts in another currency and in the prices of one year."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.observed.catalogue import Catalogue
from rural_forecast.observed.money.deflation import deflated, deflator
from rural_forecast.observed.money.exchange import conversion
from rural_forecast.observed.money.tables import prices, rates
from rural_forecast.observed.money.units import currency_of, with_currency
from tests.observed.build import day, series

PER_DOLLAR = {
    "EUR": 0.8933,
    "CNY": 6.9081,
    "GBP": 0.7841,
    "JPY": 109.02,
    "INR": 70.38,
    "AUD": 1.4384,
    "NGN": 306.9,
}
"""In 2019, as the central banks and the World Bank give them, all the same way round."""


def test_rates_that_ship_are_units_of_the_currency_for_one_dollar() -> None:
    for code, rate in PER_DOLLAR.items():
        assert rates()[code].per_dollar[2019] == pytest.approx(rate, rel=0.005), code


def test_every_currency_has_rates_of_ten_years() -> None:
    for code, currency in rates().items():
        assert len(currency.per_dollar) >= 10, code


def test_currencies_of_one_country_have_its_prices() -> None:
    homes = {code: currency.prices_of for code, currency in rates().items()}
    assert [code for code, home in homes.items() if not home] == ["ARS", "EUR", "TWD"]
    for code, home in homes.items():
        assert not home or prices(home)[1], code


def test_a_series_is_converted_at_the_rate_of_each_year(catalogue: Catalogue) -> None:
    how = conversion("bn CNY", to="USD")
    converted = how.series(catalogue.get("mofcom"))
    note = how.note(obs.period.year for obs in converted.observations)
    half = {obs.source: obs.value for obs in converted.observations if str(obs.period) == "2017H1"}
    assert half["cns20170720"] == pytest.approx(537.62 / 6.7569)
    assert (converted.unit, converted.growth) == ("bn USD", ())
    assert note.code == "currency_converted"


def test_after_the_last_year_the_last_rate_holds_or_the_one_that_is_given() -> None:
    last = conversion("CNY per person", to="USD")
    given = conversion("bn CNY", to="USD", rate=7)
    assert last.value(7187.5, 2030) == pytest.approx(1000)
    assert (given.rate(2017), given.rate(2026)) == (6.7569, 7)
    assert given.options([2025]) == {"currency": "USD", "converted_from": "CNY"}
    assert given.options([2026]) == {"currency": "USD", "converted_from": "CNY", "rate": 7}
    assert (
        str(given.note([2026]))
        == "CNY are converted to USD after 2025 at 7 CNY per USD, the rate given."
    )


def test_amounts_in_the_prices_of_one_year_take_its_rate() -> None:
    how = conversion("bn CNY (2020 prices)", to="USD", price_year=2020)
    assert how.rate(1900) == how.rate(2090) == conversion("bn CNY", to="USD").rate(2020)
    assert how.options([2090]) == {"currency": "USD", "converted_from": "CNY"}


def test_rates_and_prices_of_a_year_are_known_from_its_end() -> None:
    assert conversion("bn CNY", to="USD", as_of=day("2017-12-30")).rate(2017) == 6.64
    assert conversion("bn CNY", to="USD", as_of=day("2017-12-31")).rate(2017) == 6.7569
    assert max(deflator("bn CNY", 2020, as_of=day("2023-12-30")).rates) == 2022


def test_a_rate_is_found_by_way_of_the_dollar() -> None:
    there = conversion("EUR", to="GBP")
    back = conversion("GBP", to="EUR")
    assert there.rate(2019) == pytest.approx(1 / back.rate(2019))
    assert there.rate(2019) == pytest.approx(0.8933 / 0.7841, rel=0.002)
    assert there.source == "Federal Reserve, H.10 and European Central Bank, reference rates"


def test_rates_of_the_user_are_read_either_way_round() -> None:
    for unit, value in (("CNY per EUR", 8.0), ("EUR per CNY", 0.125), ("cny / eur", 8.0)):
        assert conversion("bn CNY", to="EUR", rate=series({"2020": value}, unit=unit)).rate(
            2020
        ) == pytest.approx(8)


@pytest.mark.parametrize(
    ("unit", "to", "converted"),
    [
        ("€m", "USD", "USD m"),
        ("HK$ per head", "USD", "USD per head"),
        ("RMBbn", "USD", "USDbn"),
        ("100 million yuan", "USD", "100 million USD"),
        ("Renminbi", "USD", "USD"),
        ("yuan/person", "USD", "USD/person"),
        ("人民币亿元", "USD", "亿美元"),
        ("亿元人民币", "USD", "亿美元"),
        ("元每人", "USD", "美元每人"),
        ("US$ bn", "EUR", "EUR bn"),
        ("亿元", "EUR", "亿欧元"),
        ("million US dollars", "CNY", "million CNY"),
        ("亿美元", "CNY", "亿元"),
    ],
)
def test_units_keep_their_scale(unit: str, to: str, converted: str) -> None:
    assert with_currency(unit, to) == converted


@pytest.mark.parametrize(
    "unit",
    [
        "",
        "million persons",
        "percent",
        "CNY per USD",
        "bn parcels",
        "单元",
        "CNY per CNY",
        "¥ bn",
        "$m",
        "dollars",
        "million pounds",
        "pesos",
        "CAD per $",
    ],
)
def test_a_unit_that_is_no_amount_of_one_currency_is_refused(unit: str) -> None:
    with pytest.raises(UsageError):
        currency_of(unit)


@pytest.mark.parametrize(
    "unit", ["bn USD, constant 2015 prices", "real USD", "PPP USD", "bn CNY (2020 prices)"]
)
def test_amounts_in_constant_prices_are_refused(unit: str) -> None:
    for convert in (partial(conversion, unit, to="EUR"), partial(deflator, unit, 2020)):
        with pytest.raises(UsageError, match="in constant prices"):
            convert()


def test_prices_are_inflation_that_makes_an_index() -> None:
    china = prices("china")[1]
    how = deflator("bn CNY", 2022)
    assert (how.unit, how.rate(2022)) == ("bn CNY (2022 prices)", 1)
    assert how.rate(2023) == pytest.approx(1 + china[2023] / 100)
    assert how.rate(2021) == pytest.approx(1 / (1 + china[2022] / 100))


def test_prices_may_be_those_of_a_country_or_the_users_own() -> None:
    assert deflator("bn EUR", 2020, inflation="DEU").owner == "Germany"
    index = series({"2020": 50.0, "2021": 55.0}, unit="index")
    assert deflator("bn EUR", 2020, inflation=index).rate(2021) == pytest.approx(1.1)
    inflation = series({"2021": 10.0, "2022": 10.0}, unit="percent", measure="growth")
    assert deflator("bn EUR", 2020, inflation=inflation).rate(2022) == pytest.approx(1.21)


LATE = series({"2023": 100.0, "2024": 110.0, "2025": 121.0}, unit="bn CNY")
EARLY = series({"1980": 1.0, "1990": 2.0, "1991": 3.0}, unit="bn CNY")


def test_years_without_prices_are_refused() -> None:
    with pytest.raises(UsageError, match="no consumer prices for 2025"):
        deflated(LATE, deflator(LATE.unit, 2024))
    with pytest.raises(UsageError, match="no consumer prices for 1980") as refused:
        deflated(EARLY, deflator(EARLY.unit, 2020))
    assert refused.value.hint == "since=1986 leaves the year out."


def test_inflation_may_be_stated_for_later_years() -> None:
    real = deflated(LATE, deflator(LATE.unit, 2024, inflation=10))
    assert [obs.value for obs in real.observations][1:] == pytest.approx([110, 110])
    assert "10 % inflation a year after 2024, as stated" in str(real.reading_notes[0])


def test_years_that_are_not_asked_for_need_no_prices() -> None:
    until = deflated(LATE, deflator(LATE.unit, 2024), until=2024)
    assert [obs.period.year for obs in until.observations] == [2023, 2024]
    assert "2025 is left out" in str(until.reading_notes[0])
    since = deflated(EARLY, deflator(EARLY.unit, 2020), since=1990)
    assert [obs.period.year for obs in since.observations] == [1990, 1991]


def _dollars(**more: Any) -> Any:
    return conversion("bn CNY", to="USD", **more)


def _rates(values: dict[str, float], unit: str = "CNY per EUR") -> Any:
    return conversion("bn CNY", to="EUR", rate=series(values, unit=unit))


@pytest.mark.parametrize(
    "asked",
    [
        lambda: conversion("bn CNY", to="xyz"),
        lambda: conversion("bn CNY", to="cny"),
        lambda: _dollars(rate=0),
        lambda: _dollars(rate=float("inf")),
        lambda: _dollars(rate=7).note([2016, 2018]),
        lambda: _dollars(as_of=day("1975-01-01")),
        lambda: _dollars().series(series({"1975": 1})),
        lambda: _dollars(price_year=1975),
        lambda: _rates({"2020": 7.0, "2021": 0.0}),
        lambda: _rates({"2020": 8.0}, ""),
        lambda: _rates({"2020": 8.0}, "CNY per USD"),
        lambda: deflator("bn CNY", 1900),
        lambda: deflator("bn CNY", 2023, as_of=day("2023-12-30")),
        lambda: deflator("bn CNY", 1990, as_of=day("1980-01-01")),
        lambda: deflator("bn CNY", 2020, inflation=-60),
        lambda: deflator("bn EUR", 2020),
        lambda: deflator("bn EUR", 2020, inflation=series({"2021Q1": 10.0})),
        lambda: deflator("bn EUR", 2020, inflation=series({"2021": 0.0})),
        lambda: prices("Atlantis"),
    ],
    ids=range(19),
)
def test_what_cannot_be_is_refused_with_a_hint(asked: Callable[[], object]) -> None:
    with pytest.raises(UsageError) as refused:
        asked()
    assert refused.value.hint
