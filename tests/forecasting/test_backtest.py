"""Rolling origins, the comparison that rests on them, their measures, and what we would have said
of revised years.
"""

import math
from dataclasses import replace
from datetime import date
from math import erf, exp, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting import answers, registry
from rural_forecast.forecasting.accuracy import (
    average,
    coverage,
    crps,
    mase,
    msis,
    owa,
    smape,
    step_scale,
)
from rural_forecast.forecasting.backtest import vintages
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.question.question import Window
from rural_forecast.views.compare import document
from tests.observed import build


def market(*values: float, first: int = 2010) -> Series:
    return build.market("market", values, first, unit="bn CNY")


def test_every_origin_and_horizon_is_tried_once_a_model() -> None:
    result = rf.backtest(market(10, 12, 15, 17, 20, 22), horizon=2, models=["naive"])
    tried = [(trial.origin, trial.period) for trial in result.trials if trial.model == "naive"]
    assert tried == [(2012, 2013), (2012, 2014), (2013, 2014), (2013, 2015), (2014, 2015)]
    assert {trial.model for trial in result.trials} == {"consensus", "naive"}
    with pytest.raises(UsageError, match="one point"):
        rf.backtest(market(10))
    with pytest.raises(UsageError, match="horizon 0"):
        rf.backtest(market(10, 11, 12), horizon=0)


def test_naive_has_its_errors_by_hand_and_so_an_owa_of_one() -> None:
    result = rf.backtest(market(10, 12, 15, 17), horizon=1, models=["naive"])
    total = next(s for s in result.scores if s.model == "naive" and s.horizon is None)
    assert total.n == 1
    assert total.owa == pytest.approx(1)
    assert total.smape == pytest.approx(200 * 2 / 32)
    assert total.mase == pytest.approx(2 / 2.5)


def test_a_constant_series_has_no_scaled_errors() -> None:
    constant = rf.backtest(market(5, 5, 5, 5, 5), models=["naive"])
    naive = [score for score in constant.scores if score.model == "naive"]
    assert naive
    assert all(math.isnan(score.mase) and math.isnan(score.owa) for score in naive)


@pytest.mark.slow
def test_published_forecasts_are_scored_on_their_own_definition_only() -> None:
    turnover = rf.backtest(rf.read("rural_online_shopping_turnover")).published
    assert {(s.forecast.period.year, s.met) for s in turnover if s.forecast.qualifier == ">"} == {
        (2016, True)
    }
    assert 2017 not in {s.forecast.period.year for s in turnover}
    national = {
        s.forecast.author: s for s in rf.backtest(rf.read("national_online_retail")).published
    }
    assert national["BCG"].met is True
    assert national["McKinsey"].met is False
    users = {s.forecast.author: s for s in rf.backtest(rf.read("rural_internet_users")).published}
    assert users["CIECC"].error_pct == pytest.approx(100 * (240 / 221.95 - 1))


@pytest.mark.slow
def test_compare_has_every_model_once_and_weights_sum_to_one() -> None:
    result = rf.compare(rf.read("rural_online_retail_mofcom"), year=2027, opinions=False)
    names = [line.given.model for line in result.lines]
    assert len(names) == len(set(names))
    assert names[0] == "consensus"
    weights = [line.given.weight for line in result.lines if line.given.weight is not None]
    assert sum(weights) == pytest.approx(1)
    assert all(
        line.score and line.score.n == 13 for line in result.lines if line.status == "consensus"
    )
    table = document(result).records
    keys = [column.key for column in table.columns]
    for line, row in zip(result.lines, table.rows, strict=True):
        if line.given.answers:
            lower = keys.index("lower_95")
            assert row[lower : lower + 2] == line.given.ends(1)


@pytest.mark.slow
@pytest.mark.parametrize("points", [24, 48])
def test_opinions_are_fitted_at_the_last_origins_alone(
    points: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the series: the work that takes longest does not grow with it."""
    asked: list[str] = []
    original = answers.forecast_block

    def watched(model, block, *rest):  # type: ignore[no-untyped-def]
        asked.extend([model.name] * len(block))
        return original(registry.get("naive"), block, *rest)

    monkeypatch.setattr(answers, "forecast_block", watched)
    result = rf.backtest(
        market(*[100 + year**1.5 + year % 3 for year in range(points)], first=1960),
        models=["ets", "drift"],
    )
    assert asked.count("ets") == 20
    assert asked.count("drift") == points - 3
    assert "fewer_origins" in [note.code for note in result.notes]


def test_measures_by_hand() -> None:
    np.testing.assert_allclose(step_scale(np.array([[1.0, 3.0, 2.0], [5.0, 5.0, 8.0]])), [1.5, 1.5])
    actual = np.array([[100.0, 120.0]])
    forecast = np.array([[110.0, 110.0]])
    np.testing.assert_allclose(smape(actual, forecast), [[200 * 10 / 210, 200 * 10 / 230]])
    np.testing.assert_allclose(mase(actual, forecast, np.array([4.0])), [[2.5, 2.5]])
    assert owa(*[np.array(12.0)] * 4) == 1.0
    assert coverage(np.arange(1.0, 5.0), np.full(4, 2.0), np.full(4, 3.0)).tolist() == [0, 1, 1, 0]
    point = np.array([[5.0, 6.0]])
    bounds = np.repeat(point[:, None, :], 2, axis=1)
    np.testing.assert_allclose(
        crps(np.array([[8.0, 6.0]]), point, bounds, bounds, [80, 95]), [[3.0, 0.0]]
    )


def test_undefined_is_nan_and_left_out_of_averages() -> None:
    assert np.isnan(step_scale(np.array([[7.0, 7.0, 7.0]]))).all()
    assert np.isnan(step_scale(np.array([[7.0]]))).all()
    assert np.isnan(smape(np.array([0.0]), np.array([0.0]))).all()
    assert np.isnan(owa(np.array(12.0), np.array(12.0), np.array(0.0), np.array(12.0)))
    unknown = np.array([[100.0, np.nan]])
    assert average(smape(unknown, np.array([[110.0, 110.0]]))) == pytest.approx(200 * 10 / 210)
    assert np.isnan(coverage(unknown, np.zeros((1, 2)), np.full((1, 2), 200.0))).tolist() == [
        [False, True]
    ]
    assert np.isnan(average(np.zeros((0,))))


def test_msis_adds_two_over_alpha_of_the_miss() -> None:
    low = np.full((1, 3), 8.0)
    high = np.full((1, 3), 12.0)
    given = msis(np.array([[10.0, 7.0, 12.5]]), low, high, np.array([2.0]), 95)
    np.testing.assert_allclose(given, [[2.0, 2.0 + 20 * 1, 2.0 + 20 * 0.5]])


def test_crps_with_many_levels_is_that_of_the_normal() -> None:
    levels = list(range(1, 100))
    bounds = np.array([[NormalDist().inv_cdf(0.5 + level / 200)] for level in levels])
    for outcome in (-2.0, 0.0, 0.7, 3.0):
        density = exp(-(outcome**2) / 2) / sqrt(2 * pi)
        exact = outcome * erf(outcome / sqrt(2)) + 2 * density - 1 / sqrt(pi)
        score = crps(np.array([outcome]), np.array([0.0]), -bounds, bounds, levels)
        np.testing.assert_allclose(score, [exact], atol=0.01)


def test_measures_do_not_depend_on_the_unit() -> None:
    actual, forecast = 10 ** np.random.default_rng(1).uniform(-2, 6, (2, 200, 4))
    scale = np.ones(200)
    terms = smape(actual, forecast)
    unit = 0.0037
    assert ((terms >= 0) & (terms <= 200)).all()
    np.testing.assert_array_equal(terms, smape(forecast, actual))
    np.testing.assert_allclose(smape(actual * unit, forecast * unit), terms, rtol=1e-9)
    scaled = mase(actual * unit, forecast * unit, scale * unit)
    np.testing.assert_allclose(scaled, mase(actual, forecast, scale), rtol=1e-9)


def value(year: int, amount: float, *published: date) -> Observation:
    day = published[0] if published else None
    return Observation(
        Period(year), amount, source=f"{amount}", published_earliest=day, published_latest=day
    )


def revised(last: float = 23.0) -> Series:
    observed = [
        value(year, amount, date(year + 1, 2, 1))
        for year, amount in zip(range(2018, 2022), (10, 13, 17, 20), strict=True)
    ]
    return Series("market", observations=(*observed, value(2021, last, date(2022, 11, 1))))


def test_of_a_year_published_twice_we_would_have_known_neither_figure() -> None:
    [told] = vintages(revised())
    [other] = vintages(revised(99.0))
    assert (told.period, told.as_of, told.origin) == (2021, date(2022, 1, 31), 2020)
    assert (told.first.value, told.now.value) == (20, 23)
    assert told.ours == other.ours == rf.forecast(revised(), year=2021, until=2020).best.values[-1]
    assert vintages(revised(), window=Window(as_of=date(2022, 6, 1))) == (), (
        "a vintage of the past knows no later revision"
    )


def test_what_we_would_have_said_follows_the_choice_of_points() -> None:
    other = Observation(Period(2020), 30.0, source="other", published_latest=date(2021, 2, 1))
    gap = value(2014, 4, date(2015, 2, 1))
    market = replace(
        revised(), observations=(gap, *revised().observations, other), file="market.csv"
    )
    [strict] = vintages(market)
    assert strict.ours is None
    [told] = vintages(market, window=Window(allow_gaps=True))
    [preferred] = vintages(market, window=Window(allow_gaps=True, prefer="other"))
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
