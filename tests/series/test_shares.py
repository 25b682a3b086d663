"""Which names and units are those of shares of a whole."""

import pytest

from rural_forecast.series.shares import Percent, percent

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


def test_shares_are_known_by_name_and_percent() -> None:
    """Other percentages have no upper end, and what is not in percent is no percentage."""
    for cases, meant in ((SHARES, Percent(100, share=True)), (OTHERS, Percent(100, share=False)), (NEITHER, None)):
        for names, unit in cases:
            assert percent(names, unit) == meant, (names, unit)


def test_fractions_end_at_one() -> None:
    assert percent(["BEV share of new cars (%)"], "%", fractions=True) == Percent(1, share=True)
    assert percent(["margin"], "", fractions=True) == Percent(1, share=False)
    assert percent(["adoption"], "share of households") == Percent(1, share=True)


@pytest.mark.parametrize(("lowest", "highest", "inside"), [(0, 100, True), (-1, 50, False), (3, 100.5, False)])
def test_values_lie_within_the_whole(lowest: float, highest: float, inside: bool) -> None:
    assert Percent(100, share=True).holds(lowest, highest) is inside
    assert not Percent(100, share=False).holds(lowest, highest)
