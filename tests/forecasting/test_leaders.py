"""Properties of every forecast that follows leading markets, and of that of a part of a total."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.leaders import LAG, MOST, crossing, weights
from rural_forecast.observed.observation import Series
from tests.forecasting.batch.panels import in_pieces, written
from tests.observed.build import market

LEVELS = (50, 80, 95)
START = 2000


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
    series = []
    for number, middle in enumerate(middles):
        values = [size * value for value in spreading(middle, pace, count)]
        series.append(market(f"m{number}", values, **about))
    return series[0], series[1:]


@given(markets())
def test_bounds_nest_and_have_a_width_and_no_leader_is_behind(
    case: tuple[Series, list[Series]],
) -> None:
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
            market(one.id, [factor * value.value for value in one.observations], unit="m")
            for one in (ours, *others)
        ]
        after = rf.forecast(scaled[0], horizon=3, like=scaled[1:]).best
        np.testing.assert_allclose(after.values, factor * before.values, rtol=1e-9)


def test_nothing_after_the_origin_is_used() -> None:
    ours = market("ours", spreading(12, 0.6, 9))
    ahead = spreading(6, 0.6, 15)
    before = rf.forecast(ours, horizon=5, like=[market("ahead", ahead[:9])]).best
    later = rf.forecast(ours, horizon=5, like=[market("ahead", [*ahead[:9], *[1.0] * 6])]).best
    assert before.values.tolist() == later.values.tolist()
    hidden = rf.forecast(market("ours", ahead), until=START + 8, like=[market("ahead", ahead)])
    assert [note.code for note in hidden.notes if note.code in ("led", "no_leader")] == [
        "no_leader"
    ]
    assert hidden.best == rf.forecast(market("ours", ahead), until=START + 8).best, (
        "without a leader a forecast stays"
    )


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
    ("values", "latest", "expected"),
    [
        ([1, 2, 4, 5], 2012, 2011.5),
        ([1, 4, 2, 5], 2012, None),
        ([1, 4, 2, 5], 2013, 2012 + 1 / 3),
        ([4, 5, 6], 2012, None),
        ([1, 2, 2.5], 2012, None),
        ([1, 4, 2], 2012, None),
    ],
)
def test_the_last_passing_of_three_from_below_counts(
    values: list[float], latest: float, expected: Any
) -> None:
    assert crossing(np.array(values, dtype=float), 2010, 3, latest) == pytest.approx(expected)


def test_markets_that_cannot_be_compared_are_refused() -> None:
    ours = market("ours", [1, 2, 3], unit="m")
    with pytest.raises(UsageError, match="kg"):
        rf.forecast(ours, like=[market("ahead", [2, 4, 6], unit="kg")])
    with pytest.raises(UsageError, match="models"):
        rf.forecast(ours, like=[market("ahead", [2, 4, 6], unit="m")], models=["drift"])
    with pytest.raises(UsageError, match="not positive"):
        rf.forecast(market("ours", [1, 2, 0]), like=[ours])


@settings(max_examples=20)
@given(
    st.lists(st.floats(0.3, 1), min_size=2, max_size=8),
    st.lists(st.floats(-0.2, 0.4), min_size=2, max_size=8),
    st.integers(0, 2),
)
@pytest.mark.slow
def test_a_part_never_passes_its_total(
    shares: list[float], growth: list[float], ahead: int
) -> None:
    count = min(len(shares), len(growth))
    total = 100 * np.exp(np.cumsum([*growth[:count], *[0.1] * ahead]))
    part = market("part", total[:count] * shares[:count])
    result = rf.forecast(
        part, horizon=6, levels=LEVELS, kernels=True, within=market("total", total)
    )
    whole = rf.forecast(market("total", total), year=result.target, levels=LEVELS).best
    for path in (*result.main, *result.others):
        for step in range(ahead, len(path.values)):
            assert path.values[step] <= whole.values[step - ahead]
            assert np.all(path.upper[:, step] <= whole.upper[:, step - ahead])
    best = result.best
    assert np.all(np.diff(best.lower, axis=0) <= 0)
    assert np.all(np.diff(best.upper, axis=0) >= 0)
    assert np.all(best.lower[-1] < best.upper[-1])
    assert result.shares is not None
    assert np.all(
        (result.shares.lower <= result.shares.value) & (result.shares.value <= result.shares.upper)
    )
    assert result.shares.upper.max() <= 1


def test_a_small_part_is_forecast_as_before() -> None:
    part = market("part", [1, 1.1, 1.2])
    total = market("total", [90, 95, 100])
    alone = rf.forecast(part, horizon=5)
    within = rf.forecast(part, horizon=5, within=total)
    assert within.best == alone.best
    assert within.shares is not None
    assert within.shares.past == pytest.approx((1 / 90, 0.012))
    assert not within.shares.binds


def test_nothing_after_the_years_used_is_known() -> None:
    part = market("part", [40, 60, 80, 90, 95, 97])
    totals = [
        market("total", [100, 100, 100, *after]) for after in ((100, 100, 100), (500, 500, 500))
    ]
    first, second = (rf.forecast(part, until=START + 2, within=total) for total in totals)
    assert first.best == second.best
    early = [
        [trial for trial in rf.backtest(part, within=total).trials if trial.origin <= START + 2]
        for total in totals
    ]
    assert early[0] == early[1]


@pytest.mark.slow
def test_a_backtest_gives_leaders_no_later_value() -> None:
    ours = market("ours", [1, 2, 4, 7, 11, 16, 22])
    ahead = [
        market("ahead", [1, 4, 11, 22, *after]) for after in ((40, 60, 80), (400, 4000, 40000))
    ]
    early = [
        [trial for trial in rf.backtest(ours, like=[one]).trials if trial.origin <= START + 3]
        for one in ahead
    ]
    assert early[0] == early[1]


def test_the_catalogue_names_totals() -> None:
    users = rf.forecast(rf.read("users"), year=2030)
    people = rf.forecast(rf.read("rural_population"), year=2030).best
    assert users.best.last == people.last
    assert users.shares is not None
    assert users.shares.total == "rural_population_nbs"
    assert rf.forecast(rf.read("users"), until=2014).shares is None


def test_what_is_no_total_is_refused() -> None:
    part = market("part", [1, 2, 3], unit="m")
    with pytest.raises(UsageError, match="its total"):
        rf.forecast(part, within=market("total", [1, 1, 1], unit="m"))
    with pytest.raises(UsageError, match="kg"):
        rf.forecast(part, within=market("total", [9, 9, 9], unit="kg"))


def many(totals: dict[str, str]) -> pd.DataFrame:
    """A part near its total, which is known for a year more, and another series."""
    values_of = {
        "ev": [10, 20, 38, 60, 85, 95],
        "cars": [101, 100, 102, 100, 99, 100, 101],
        "bus": [6, 5, 6],
    }
    rows = []
    for name, values in values_of.items():
        total = totals.get(name, "")
        rows += [(name, year, value, "k", total) for year, value in enumerate(values, START)]
    return pd.DataFrame(rows, columns=["series_id", "year", "value", "unit", "within"])


@pytest.mark.slow
def test_a_column_names_the_total_in_a_batch_as_for_a_series_alone(tmp_path: Path) -> None:
    file = written(many({"ev": "cars"}), tmp_path / "many.csv")
    done = rf.batch(file, horizon=5, models=["consensus", "linear"])
    assert [note.code for note in done.notes] == ["within"]
    rows = done.forecasts.set_index(["series_id", "model"])
    total = rf.read(f"{file}::cars")
    for name in ("ev", "cars", "bus"):
        result = rf.forecast(rf.read(f"{file}::{name}"), horizon=5, models=["consensus", "linear"])
        for path in result.main:
            mine = rows.loc[(name, path.model)]
            assert mine["value"].tolist() == pytest.approx(path.values.tolist(), rel=1e-12)
            assert mine["upper_80"].tolist() == pytest.approx(path.upper[0].tolist(), rel=1e-12)
    alone = rf.forecast(rf.read(f"{file}::ev"), horizon=5, within=total)
    assert alone.shares is not None
    assert alone.shares.binds
    pd.testing.assert_frame_equal(
        rf.forecast_frame(many({"ev": "cars"}), horizon=5, models=["consensus", "linear"]),
        done.forecasts,
    )


def test_a_total_may_come_last_of_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = rf.forecast_frame(many({"ev": "cars"}))
    in_pieces(monkeypatch, 4)
    done = rf.batch(written(many({"ev": "cars"}), tmp_path / "many.csv"))
    pd.testing.assert_frame_equal(done.forecasts, expected)


def test_a_series_that_is_no_part_of_its_total_is_refused_in_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces(monkeypatch, 4)
    done = rf.batch(written(many({"ev": "nothing", "cars": "bus"}), tmp_path / "many.csv"))
    assert done.refused["series_id"].tolist() == ["ev", "cars"]
    assert done.forecasts["series_id"].unique().tolist() == ["bus"]


def test_a_node_of_a_panel_is_forecast_below_its_total() -> None:
    tree = {"ev": "all", "bus": "all"}
    free, bound = (
        rf.panel(many(totals), parents=tree, horizon=3) for totals in ({}, {"ev": "cars"})
    )
    part = bound.tree.names.index("ev")
    total = rf.forecast_frame(many({}), year=bound.years[-1])
    most = total[(total["series_id"] == "cars") & total["period"].isin(bound.years)]["value"]
    assert np.all(bound.base[part][-len(most) :] <= most + 1e-9)
    assert free.base[part][-1] > bound.base[part][-1]
