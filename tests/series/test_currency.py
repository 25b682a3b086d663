from __future__ import annotations

from typing import Any

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.series.catalogue import Catalogue
from rural_forecast.series.money.conversion import Conversion, conversion
from tests.series.build import day, series


def _dollars(unit: str, **more: Any) -> Conversion:
    return conversion(unit, to="USD", **more)


def test_the_first_half_of_2017_is_near_eighty_billion_dollars(catalogue: Catalogue) -> None:
    converted, note = _dollars("bn CNY").of_series(catalogue.get("mofcom"))
    half = {one.source: one.value for one in converted.observations if str(one.period) == "2017H1"}
    assert half["cns20170720"] == pytest.approx(537.62 / 6.7569)
    assert round(half["cns20170720"], 1) == 79.6
    assert converted.unit == "bn USD"
    assert converted.growth == ()
    assert str(note) == (
        "CNY are converted to USD by the average rate of each year "
        "(2016 to 2025, 7.1875 CNY per USD in 2025; Federal Reserve, H.10)."
    )


def test_the_last_rate_holds_after_the_last_year() -> None:
    how = _dollars("CNY per person")
    assert how.unit == "USD per person"
    assert how.value(7187.5, 2030) == pytest.approx(1000)
    assert "after 2025 at 7.1875 CNY per USD, the rate of 2025, the last known" in str(how.note([2024, 2030]))


def test_a_given_rate_holds_after_the_last_year() -> None:
    how = _dollars("bn CNY", rate=7)
    assert how.value(70, 2026) == 10
    assert how.rate(2017) == 6.7569
    assert str(how.note([2026])) == "CNY are converted to USD after 2025 at 7 CNY per USD, the rate given."


def test_a_rate_counts_from_the_end_of_its_year() -> None:
    assert _dollars("bn CNY", as_of=day("2017-12-30")).rate(2017) == 6.64
    assert _dollars("bn CNY", as_of=day("2017-12-31")).rate(2017) == 6.7569
    with pytest.raises(UsageError, match="No exchange rate was known by 1975-01-01"):
        _dollars("bn CNY", as_of=day("1975-01-01"))


@pytest.mark.parametrize(
    "unit",
    [
        "million persons",
        "percent",
        "CNY per USD",
        "bn parcels",
        "单元",
        "CNY per CNY",
        "¥ bn",
    ],
)
def test_only_amounts_of_one_currency_are_converted(unit: str) -> None:
    with pytest.raises(UsageError, match=r"is not an amount of one currency|several currencies"):
        _dollars(unit)


def test_what_cannot_be() -> None:
    with pytest.raises(UsageError, match="no exchange rates of 'XYZ'"):
        conversion("bn CNY", to="xyz")
    for rate in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="is not positive"):
            _dollars("bn CNY", rate=rate)
    with pytest.raises(UsageError, match="no exchange rate for 1975; the rates go from 1981 to 2025"):
        _dollars("bn CNY").of_series(series({"1975": 1}))


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("bn CNY", "bn USD"),
        ("CNY mn", "USD mn"),
        ("RMB bn", "USD bn"),
        ("RMBbn", "USDbn"),
        ("rmb m", "USD m"),
        ("billion yuan", "billion USD"),
        ("100 million yuan", "100 million USD"),
        ("Renminbi", "USD"),
        ("CN¥ bn", "USD bn"),
        ("yuan per person", "USD per person"),
        ("yuan/person", "USD/person"),
        ("元", "美元"),
        ("亿元", "亿美元"),
        ("万元", "万美元"),
        ("万亿元", "万亿美元"),
        ("人民币亿元", "亿美元"),
        ("亿元人民币", "亿美元"),
        ("亿人民币", "亿美元"),
        ("元/人", "美元/人"),
        ("元每人", "美元每人"),
    ],
)
def test_common_ways_to_write_yuan_keep_their_scale(unit: str, shown: str) -> None:
    how = _dollars(unit)
    assert how.unit == shown
    assert how.value(6.7569, 2017) == 1


def test_amounts_without_a_unit_are_not_taken_for_yuan() -> None:
    with pytest.raises(UsageError, match="has no unit") as refused:
        _dollars("")
    assert "value (bn CNY)" in refused.value.hint
