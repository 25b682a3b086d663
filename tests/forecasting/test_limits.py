"""Properties of every forecast inside limits, for any history; changes that a stated kind of market
makes.
"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.kinds import strength
from rural_forecast.forecasting.limits import Limits, limited
from rural_forecast.observed.observation import Series
from tests.inside import Cli
from tests.observed.build import market

LEVELS = (50, 80, 95, 99)


def rate(values: list[float], unit: str = "percent") -> Series:
    return market("x", values, measure="rate", unit=unit)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[float], dict[str, Any]]:
    """A history and limits that it does not contradict."""
    values = draw(st.lists(st.floats(-50, 1000, allow_subnormal=False), min_size=1, max_size=8))
    cumulative = draw(st.booleans())
    if cumulative:
        values.sort()
    stated: dict[str, Any] = {"measure": "cumulative" if cumulative else None}
    if draw(st.booleans()):
        top = max(*values, 0.0) + draw(st.sampled_from([1e-6, 0.1, 10, 500, 1e6]))
        stated["ceiling"] = (draw(st.floats(0.01, 1)) * top, top)
    if draw(st.booleans()):
        stated["floor"] = values[-1] - draw(st.sampled_from([0, 1e-6, 0.1, 10, 500]))
    return values, stated


@given(histories(), st.integers(1, 25))
def test_no_number_leaves_the_limits(
    case: tuple[list[float], dict[str, Any]], horizon: int
) -> None:
    values, stated = case
    result = rf.forecast(
        market("x", values), horizon=horizon, kernels=True, levels=LEVELS, **stated
    )
    for one in (*result.main, *result.others):
        if not one.answers:
            continue
        for part in (one.values, one.lower, one.upper):
            assert np.all(part <= stated.get("ceiling", (0, np.inf))[1])
            assert np.all(part >= stated.get("floor", -np.inf))
            assert not stated["measure"] or np.all(part >= values[-1])
        assert np.all((one.lower <= one.values) & (one.values <= one.upper))
        assert np.all(one.lower < one.upper) or not any(values)
        assert np.all(np.diff(one.lower, axis=0) <= 0)
        assert np.all(np.diff(one.upper, axis=0) >= 0)
        if stated["measure"]:
            assert np.all(np.diff([values[-1], *one.values]) >= 0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.integers(1, 11))
def test_a_later_year_changes_no_earlier_one(path: list[float], ahead: int) -> None:
    point = np.array(path)
    away = np.arange(1.0, 1 + len(SPREAD_LEVELS))[:, None]
    bounds = point - away, point + away
    stated = Limits((1.0, 100.0), 2.0, "cumulative")
    whole, part = (
        limited(point[:end], *(side[:, :end] for side in bounds), 5.0, stated, levels=SPREAD_LEVELS)
        for end in (len(path), ahead)
    )
    for long, short in zip(whole, part, strict=True):
        np.testing.assert_array_equal(long[..., : short.shape[-1]], short)


@given(histories(), st.sampled_from([2.0**-20, 2.0**10]))
def test_the_unit_does_not_matter(case: tuple[list[float], dict[str, Any]], unit: float) -> None:
    values, stated = case
    scaled = dict(stated)
    if "ceiling" in stated:
        scaled["ceiling"] = tuple(unit * end for end in stated["ceiling"])
    if "floor" in stated:
        scaled["floor"] = unit * stated["floor"]
    one = rf.forecast(market("x", values), horizon=5, **stated).best
    other = rf.forecast(market("x", [unit * value for value in values]), horizon=5, **scaled).best
    np.testing.assert_allclose(other.values, unit * one.values, rtol=1e-6, atol=unit * 1e-9)
    np.testing.assert_allclose(other.upper, unit * one.upper, rtol=1e-6, atol=unit * 1e-9)


def test_the_consensus_is_the_weighted_mean_of_the_members_that_are_shown() -> None:
    result = rf.forecast(market("x", [180, 353, 482]), horizon=6, kernels=True, ceiling=(700, 900))
    mean = np.zeros(6)
    for one in result.others:
        if one.answers and one.model in result.weights:
            mean += np.array(result.weights[one.model]) * np.log(one.values)
    np.testing.assert_allclose(np.exp(mean), result.best.values, rtol=1e-12)


def test_a_far_floor_changes_nothing() -> None:
    plain = rf.forecast(market("x", [180, 353, 482]), horizon=3).best
    floored = rf.forecast(market("x", [180, 353, 482]), horizon=3, floor=-1e9).best
    np.testing.assert_allclose(floored.lower, plain.lower, rtol=1e-6)
    np.testing.assert_allclose(floored.values, plain.values, rtol=1e-12)


def test_a_narrow_range_of_ceilings_is_one_ceiling() -> None:
    series = market("x", [180, 353, 482])
    one = rf.forecast(series, horizon=30, ceiling=(900, 900)).best
    range_ = rf.forecast(series, horizon=30, ceiling=(899.999, 900)).best
    for part in ("values", "lower", "upper"):
        np.testing.assert_allclose(getattr(range_, part), getattr(one, part), rtol=1e-5)


def test_a_rate_and_limits_compose() -> None:
    share = rate([60, 70, 80])
    best = rf.forecast(share, horizon=20, ceiling=(85, 90), floor=75).best
    assert best.upper.max() <= 90
    assert best.lower.min() >= 75


def test_a_ceiling_above_the_most_of_a_rate_is_refused() -> None:
    share = rate([60, 70, 80])
    with pytest.raises(
        UsageError, match="ceiling of 120 is above 100, the most that a rate can be"
    ):
        rf.forecast(share, ceiling=(90, 120))
    with pytest.raises(UsageError, match="ceiling of 120 is above 100"):
        rf.backtest(share, ceiling=(90, 120))


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"ceiling": (5, 2)}, UsageError, "not a range of positive numbers"),
        ({"ceiling": (-1, 2)}, UsageError, "not a range of positive numbers"),
        ({"floor": float("inf")}, UsageError, "not a finite number"),
        ({"floor": "5"}, TypeError, "floor"),
        ({"measure": 1}, TypeError, "measure"),
        ({"ceiling": 5}, TypeError, "ceiling"),
    ],
)
def test_impossible_limits_are_refused(
    given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        rf.forecast(market("x", [1, 2]), **given)


def test_a_running_total_that_falls_is_refused_with_both_years() -> None:
    with pytest.raises(UsageError, match="has 12 in 2002, 9 in 2003"):
        rf.forecast(market("x", [10, 11, 12, 9, 13]), measure="cumulative")


def test_every_function_that_forecasts_takes_the_limits() -> None:
    series = market("x", [180, 353, 482, 500])
    stated: dict[str, Any] = {"ceiling": (510, 600), "measure": "cumulative"}
    assert rf.compare(series, horizon=5, opinions=False, **stated).forecast.best.upper.max() <= 600
    assert max(max(one.upper) for one in rf.backtest(series, **stated).trials) <= 600
    told = rf.scenario(series, rf.Scenario("up", shock={2005: 3}), **stated)
    assert told.baseline.best.upper.max() <= 600
    assert np.nanmax(told.outcomes[0].path.upper) <= 600
    assert np.nanmin(told.outcomes[0].path.lower) >= 500
    with pytest.raises(UsageError, match="above 600"):
        rf.scenario(series, rf.Scenario("up", growth=30), **stated)


@settings(max_examples=10)
@given(
    st.lists(st.lists(st.floats(0, 100), min_size=1, max_size=12), min_size=8, max_size=8),
    st.integers(1, 25),
)
@pytest.mark.slow
def test_a_percentage_stays_between_nothing_and_a_hundred(
    series: list[list[float]], horizon: int
) -> None:
    cells = []
    for number, values in enumerate(series):
        cells += [(str(number), 2000 + step, value) for step, value in enumerate(values)]
    frame = pd.DataFrame(cells, columns=["id", "year", "value"]).assign(unit="percent")
    asked: dict[str, Any] = {
        "horizon": horizon,
        "measure": "rate",
        "all_models": True,
        "levels": [80, 95, 99],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # values that look wrong
        rows = rf.forecast_frame(frame, **asked)
    numbers = rows.drop(columns=["series_id", "period", "kind", "model", "growth_pct", "unit"])
    assert numbers.min().min() >= 0
    assert numbers.max().max() <= 100
    tiny = rows["series_id"].map(frame.groupby("id")["value"].max()) < 1e-290
    for level in (80, 95, 99):
        lower = rows[f"lower_{level}"]
        upper = rows[f"upper_{level}"]
        assert (lower <= rows["value"]).all()
        assert (rows["value"] <= upper).all()
        assert ((lower < upper) | tiny).all()


def test_a_share_stays_below_one_and_far_from_the_bound_nothing_changes() -> None:
    near = rf.forecast(rate([0.5, 0.7, 0.9], "share"), year=2012)
    assert near.best.upper.max() <= 1
    far = rf.forecast(rate([1.0, 1.1, 1.2]), year=2003)
    plain = rf.forecast(market("x", [1.0, 1.1, 1.2]), year=2003)
    assert far.best.values == pytest.approx(plain.best.values, rel=1e-3)


def test_what_has_reached_the_whole_is_not_certain_to_stay() -> None:
    for values in ([60, 80, 100], [0, 0, 0, 100], [20, 60, 99.9]):
        best = rf.forecast(rate(values), year=2012).best
        assert np.all(best.values == pytest.approx(100, abs=0.2))
        assert np.all(best.upper - best.lower >= 0.09)


def test_the_whole_follows_from_the_unit_however_it_is_written() -> None:
    for unit, most in (("Share", 1), ("share of households", 1), ("Percent of people", 100)):
        best = rf.forecast(rate([0.5 * most, 0.7 * most, 0.9 * most], unit), year=2022).best
        assert 0.95 * most < best.upper.max() <= most, unit


@pytest.mark.parametrize(
    ("values", "unit", "name", "code", "warned"),
    [
        ([80, 86, 92, 97], "%", "x", "past_whole", True),
        ([0.8, 0.86, 0.92, 0.97], "share", "x", "past_whole", True),
        ([8, 8.1, 8.2, 8.3], "%", "x", "past_whole", False),
        ([80, 96, 104], "%", "x", "past_whole", False),
        ([80, 86, 92, 97], "bn CNY", "x", "past_whole", False),
        ([0.8, 0.86, 0.92, 0.97], "", "BEV share", "past_whole", True),
        ([0.8, 0.86, 0.92, 0.97], "", "BEV sales", "past_whole", False),
        ([0.8, 0.86, 0.92, 0.97], "bn", "BEV share", "past_whole", False),
        ([0.8, 0.9, 1.02, 1.2], "", "BEV share", "past_whole", False),
        ([5, 6, 7], "%", "GDP growth", "growth_forecast", True),
        ([5, 6, 7], "bn", "GDP growth", "growth_forecast", False),
        ([5, 6, 7], "%", "GDP", "growth_forecast", False),
    ],
)
def test_values_that_may_be_shares_or_growth_are_named(
    values: list[float], unit: str, name: str, code: str, warned: bool
) -> None:
    notes = rf.forecast(market(name, values, unit=unit)).notes
    assert any(note.code == code and note.warning for note in notes) is warned


def test_each_path_saturates_at_a_level_of_its_own() -> None:
    shares = rate([4.0, 7.0, 11.0, 16.0, 22.0, 28.0, 33.0])
    result = rf.forecast(shares, horizon=60, ceiling=(40.0, 60.0), levels=(50, 80, 95))
    best = result.best
    drawn = result.paths()
    assert drawn.max() <= 60
    assert best.upper[:, -1] == pytest.approx([40 * 1.5**rank for rank in (0.75, 0.9, 0.975)])
    assert best.last == pytest.approx(40 * 1.5**0.5, rel=0.02)
    shares_below = (drawn <= best.upper[:, None, :]).mean(axis=1)
    assert shares_below == pytest.approx(
        np.broadcast_to([[0.75], [0.9], [0.975]], shares_below.shape), abs=0.002
    )
    assert np.median(drawn, axis=0) == pytest.approx(best.values, rel=1e-3)
    chance = result.chance(59)
    highest = 1 - np.log(59 / 40) / np.log(1.5)  # the share of paths whose level is higher
    assert chance.at_or_above[-1] == pytest.approx(highest, abs=0.002)
    assert max(chance.chances) <= highest + 0.002


YOUNG = [10.0, 21.0, 39.0, 66.0]


def rows_of(name: str, size: int, kind: str) -> str:
    return "".join(
        f"{name},{year},{value * size},{kind}\n" for year, value in enumerate(YOUNG, 2019)
    )


ROWS = (
    "series_id,year,value,market_kind\n"
    + rows_of("a", 1, "adoption")
    + rows_of("b", 1, "")
    + rows_of("c", 3, "")
)


def young(values: list[float] = YOUNG) -> Series:
    return market("market", values, 2019)


def test_a_kind_moves_the_consensus_alone() -> None:
    plain, stated = (rf.forecast(young(), kernels=True, kind=kind) for kind in (None, "adoption"))
    assert stated.best.values[-1] > plain.best.values[-1]
    assert [one.values.tolist() for one in stated.others] == [
        one.values.tolist() for one in plain.others
    ]


def test_lower_levels_of_a_kind_are_narrower() -> None:
    best = rf.forecast(young(), horizon=3, kind="adoption", levels=(30, 40, 45, 49, 50)).best
    assert (np.diff(np.log(best.upper / best.lower), axis=0) > 0).all()


def test_rows_of_a_kind_do_not_depend_on_the_target() -> None:
    near, far = (rf.forecast(young(), horizon=horizon, kind="adoption").best for horizon in (3, 40))
    assert near.values.tolist() == far.values.tolist()[:3]


def test_intervals_of_a_kind_widen_with_the_years_and_the_level() -> None:
    far = rf.forecast(young(), horizon=40, kind="adoption").best
    assert (far.lower < far.values).all()
    assert (far.values < far.upper).all()
    widths = np.log(far.upper / far.lower)
    assert (np.diff(widths, axis=1) >= -1e-12).all()
    assert (np.diff(widths, axis=0) > 0).all()


def test_a_kind_keeps_a_ceiling() -> None:
    capped = rf.forecast(young(), horizon=10, kind="adoption", ceiling=(100, 150)).best
    assert (np.diff(capped.values) > 0).all()
    assert capped.upper.max() <= 150


def test_slow_growth_fades_the_kind_out() -> None:
    values = np.array(
        [[100.0, 100 * growth, 100 * growth**2] for growth in (1.05, 1.1, 1.1001, 1.25, 1.6)]
    )
    weight = strength(values)
    assert weight[[0, 1]].tolist() == [0, 0]
    assert 0 < weight[2] < 0.001
    assert weight[4] == 1


def test_kind_is_refused_where_it_cannot_apply(tmp_path: Path) -> None:
    for values, kind, models, problem in (
        (YOUNG, "fashion", (), "no forecast for the kind of market 'fashion'"),
        (YOUNG, "adoption", ["naive"], "changes the consensus alone"),
        ([1.0, 0.0, 2.0], "adoption", (), "two positive values or more"),
    ):
        with pytest.raises(UsageError, match=problem):
            rf.forecast(young(values), kind=kind, models=models)
    path = tmp_path / "panel.csv"
    path.write_text(ROWS.replace("adoption", "fashion"))
    with pytest.raises(InputError, match="2: column 'market_kind': 'fashion' is not a kind"):
        rf.read(str(path), rf.ReadOptions(series_id="a"))


@pytest.fixture
def kinds_file(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    path.write_text(ROWS)
    return path


def test_a_column_of_a_file_states_the_kind_of_its_series_in_a_batch(
    cli: Cli, kinds_file: Path
) -> None:
    path = kinds_file
    told = cli("batch", path, "--format", "csv")
    assert told.code == 0
    rows = pd.read_csv(pd.io.common.StringIO(told.out)).set_index("series_id")
    assert rows.value["a"].iloc[0] > rows.value["b"].iloc[0]
    assert rows.value["c"].iloc[0] == pytest.approx(3 * rows.value["b"].iloc[0])
    alone = rf.forecast(rf.read(str(path), rf.ReadOptions(series_id="a"))).best
    assert rows.value["a"].tolist() == pytest.approx(alone.values.tolist(), rel=1e-12)
    assert "kinds_stated" in [note.code for note in rf.batch(path).notes]


def test_a_kind_can_be_stated_of_a_whole_batch(kinds_file: Path) -> None:
    rows = rf.batch(kinds_file).forecasts.set_index("series_id")
    every = rf.forecast_frame(pd.read_csv(kinds_file).drop(columns="market_kind"), kind="adoption")
    every = every.set_index("series_id")
    assert every.value["b"].tolist() == rows.value["a"].tolist()


def test_a_series_with_a_kind_can_be_tested(kinds_file: Path) -> None:
    series = rf.read(str(kinds_file), rf.ReadOptions(series_id="a"))
    assert rf.backtest(series).scores[0].model == "consensus"
