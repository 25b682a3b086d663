"""What holds of every forecast that follows leading markets."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.leaders import LAG, MOST, crossing, weights
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period

LEVELS = (50, 80, 95)
START = 2000


def market(name: str, values: Any, first: int = START, **about: Any) -> Series:
    seen = tuple(Observation(Period(first + step), float(value)) for step, value in enumerate(values))
    return Series(name, observations=seen, **about)


def spreading(middle: float, pace: float, count: int, most: float = 95.0) -> list[float]:
    """A logistic curve of shares in percent."""
    return (most / (1 + np.exp(-pace * (np.arange(count) - middle)))).tolist()


@st.composite
def markets(draw: st.DrawFn) -> tuple[Series, list[Series]]:
    """A share, or an amount of any size, and up to eight other markets."""
    share = draw(st.booleans())
    about = {"measure": "rate", "unit": "percent"} if share else {"unit": "m"}
    size = 1.0 if share else draw(st.sampled_from([1e-9, 1.0, 1e12]))
    middles = draw(st.lists(st.floats(2, 20), min_size=2, max_size=9))
    pace = draw(st.floats(0.2, 1.5))
    count = draw(st.integers(3, 12))
    made = [
        market(f"m{place}", [size * value for value in spreading(middle, pace, count)], **about)
        for place, middle in enumerate(middles)
    ]
    return made[0], made[1:]


@given(markets())
def test_bounds_nest_and_have_a_width_and_no_leader_is_behind(case: tuple[Series, list[Series]]) -> None:
    ours, others = case
    result = rf.forecast(ours, horizon=4, levels=LEVELS, like=others)
    best = result.best
    assert len(result.leads) <= MOST
    for lead in result.leads:
        theirs = next(other for other in others if other.id == lead.name)
        assert theirs.observations[-1].value > ours.observations[-1].value
        assert lead.crossed <= result.origin - LAG
    assert [lead.apart for lead in result.leads] == sorted(lead.apart for lead in result.leads)
    assert np.all(np.diff(best.lower, axis=0) <= 0)
    assert np.all(np.diff(best.upper, axis=0) >= 0)
    assert np.all(best.lower[0] < best.values)
    assert np.all(best.values < best.upper[0])


@given(markets(), st.sampled_from([1e-6, 1e3]))
@pytest.mark.slow
def test_scaling_all_scales_the_answer_and_more_years_change_none(
    case: tuple[Series, list[Series]], factor: float
) -> None:
    ours, others = case
    before = rf.forecast(ours, horizon=3, like=others).best
    longer = rf.forecast(ours, horizon=9, like=others).best
    np.testing.assert_allclose(longer.values[:3], before.values, rtol=1e-12)
    np.testing.assert_allclose(longer.upper[:, :3], before.upper, rtol=1e-12)
    if ours.measure != "rate":
        scaled = [
            market(one.id, [factor * seen.value for seen in one.observations], unit="m") for one in (ours, *others)
        ]
        after = rf.forecast(scaled[0], horizon=3, like=scaled[1:]).best
        np.testing.assert_allclose(after.values, factor * before.values, rtol=1e-9)


def test_nothing_after_the_origin_is_used() -> None:
    ours, ahead = market("ours", spreading(12, 0.6, 9)), spreading(6, 0.6, 15)
    known = rf.forecast(ours, horizon=5, like=[market("ahead", ahead[:9])]).best
    later = rf.forecast(ours, horizon=5, like=[market("ahead", [*ahead[:9], *[1.0] * 6])]).best
    assert known.values.tolist() == later.values.tolist()
    hidden = rf.forecast(market("ours", ahead), until=START + 8, like=[market("ahead", ahead)])
    assert [note.code for note in hidden.notes if note.code in ("led", "no_leader")] == ["no_leader"]


def test_a_leader_pulls_a_forecast_towards_its_path() -> None:
    """It was at 20 in 2002.5, and took one year to double: the next years of ours are 40 and 80."""
    ours = market("ours", [5, 8, 12, 16, 18, 20], unit="m")
    ahead = market("ahead", [5, 10, 40 / 2**0.5, 40 * 2**0.5, 80 * 2**0.5, 160 * 2**0.5], unit="m")
    result = rf.forecast(ours, horizon=2, like=[ahead])
    alone = rf.forecast(ours, horizon=2).best
    (lead,) = result.leads
    assert lead.crossed == pytest.approx(START + 1 + np.log(2) / np.log(2 * 2**0.5))
    share = weights(1, 2)
    mixed = np.exp((1 - share) * np.log(alone.values) + share * np.log(lead.path))
    np.testing.assert_allclose(result.best.values, mixed)


@pytest.mark.parametrize(
    ("values", "level", "latest", "expected"),
    [
        ([1, 2, 4, 5], 3, 2012, 2011.5),
        ([1, 4, 2, 5], 3, 2012, None),
        ([1, 4, 2, 5], 3, 2013, 2012 + 1 / 3),
        ([4, 5, 6], 3, 2012, None),
        ([1, 2, 2.5], 3, 2012, None),
        ([1, 4, 2], 3, 2012, None),
    ],
)
def test_the_last_passing_from_below_counts(values: list[float], level: float, latest: float, expected: Any) -> None:
    assert crossing(np.array(values, dtype=float), 2010, level, latest) == pytest.approx(expected)


def test_markets_that_cannot_be_compared_are_refused() -> None:
    ours = market("ours", [1, 2, 3], unit="m")
    with pytest.raises(UsageError, match="kg"):
        rf.forecast(ours, like=[market("ahead", [2, 4, 6], unit="kg")])
    with pytest.raises(UsageError, match="models"):
        rf.forecast(ours, like=[market("ahead", [2, 4, 6], unit="m")], models=["drift"])
    with pytest.raises(UsageError, match="not positive"):
        rf.forecast(market("ours", [1, 2, 0]), like=[ours])
