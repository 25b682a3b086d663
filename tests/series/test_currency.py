from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.in_currency import converted
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


def test_a_range_of_rates_is_a_90_percent_interval() -> None:
    how = _dollars("bn CNY", rate=(6.4, 8.1))
    assert how.rate(2026) == pytest.approx((6.4 * 8.1) ** 0.5)
    assert how.uncertainty(2025) == 0
    drawn = how.rate(2026) * np.exp(how.uncertainty(2026) * np.random.default_rng(1).standard_normal(200_000))
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([6.4, 8.1], rel=0.005)
    assert "the median of the range given, 6.4 to 8.1 (90 %)" in str(how.note([2026]))


def test_a_range_of_rates_widens_bounds_as_a_simulation_does() -> None:
    how, rng = _dollars("bn CNY", rate=(6.0, 8.5)), np.random.default_rng(1)
    levels = (80, 95)
    for medians, spread in ((np.array([100.0, 120.0]), 0.1), (np.array([-5.0, 40.0]), 0.0)):
        sd = np.array([10.0, 30.0])
        scores = rng.standard_normal((200_000, 2))
        amounts = medians * np.exp(spread * scores) if spread else medians + sd * scores
        ends = [np.quantile(amounts, share, axis=0) for share in (0.1, 0.025, 0.9, 0.975)]
        center = np.median(amounts, axis=0)
        values, lower, upper = converted(center, np.array(ends[:2]), np.array(ends[2:]), (2025, 2027), levels, how)
        rates = np.array([how.rate(year) for year in (2025, 2027)])
        errors = np.array([how.uncertainty(year) for year in (2025, 2027)]) * rng.standard_normal((200_000, 1))
        drawn = amounts / (rates * np.exp(errors))
        assert values == pytest.approx(center / rates)
        for bounds, shares in ((lower, (0.1, 0.025)), (upper, (0.9, 0.975))):
            known = np.array([np.quantile(drawn, share, axis=0) for share in shares])
            assert np.abs(bounds - known) == pytest.approx(np.zeros((2, 2)), abs=float(0.04 * (upper - lower).max()))
        assert lower[:, 0] == pytest.approx(np.array(ends[:2])[:, 0] / rates[0])  # a known year stays


def test_a_range_of_rates_keeps_zero_bounds() -> None:
    how = _dollars("bn CNY", rate=(6.0, 8.5))
    _, lower, upper = converted(
        np.array([0.0, 10.0]), np.zeros((1, 2)), np.array([[4.0, 20.0]]), (2026, 2027), (80,), how
    )
    assert lower.tolist() == [[0.0, 0.0]]
    assert upper[0, 1] > 20 / how.rate(2027)


def test_a_rate_that_no_year_takes_is_refused() -> None:
    how = _dollars("bn CNY", rate=7)
    with pytest.raises(UsageError, match="No year is after 2025"):
        how.note([2016, 2018])
    with pytest.raises(UsageError, match="the year of the prices"):
        conversion("bn CNY", to="USD", rate=(6.0, 8.5), at=2027)


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
    for rate in (0, -1, float("nan"), float("inf"), (7, 6), (0, 6)):
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
