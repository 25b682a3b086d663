"""Rolling origins, and the comparison that rests on them."""

import math

import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting import answers, registry
from rural_forecast.forecasting import backtest as backtesting
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.views.compare import document


def market(*values: float, first: int = 2010, published: tuple[Observation, ...] = ()) -> Series:
    seen = tuple(Observation(Period(first + step), value) for step, value in enumerate(values))
    return Series("market", unit="bn CNY", observations=(*seen, *published))


def test_every_origin_and_horizon_is_tried_once_a_model() -> None:
    result = rf.backtest(market(10, 12, 15, 17, 20, 22), horizon=2, models=["naive"])
    tried = [(trial.origin, trial.period) for trial in result.trials if trial.model == "naive"]
    assert tried == [(2012, 2013), (2012, 2014), (2013, 2014), (2013, 2015), (2014, 2015)]
    assert {trial.model for trial in result.trials} == {"consensus", "naive"}


def test_naive_scores_an_owa_of_one_and_its_errors_by_hand() -> None:
    result = rf.backtest(market(10, 12, 15, 17), horizon=1, models=["naive"])
    total = next(s for s in result.scores if s.model == "naive" and s.horizon is None)
    assert total.n == 1
    assert total.owa == pytest.approx(1)
    assert total.smape == pytest.approx(200 * 2 / 32)
    assert total.mase == pytest.approx(2 / 2.5)
    constant = rf.backtest(market(5, 5, 5, 5, 5), models=["naive"])
    assert all(math.isnan(score.mase) and math.isnan(score.owa) for score in constant.scores if score.model == "naive")


@pytest.mark.slow
def test_published_forecasts_are_scored_on_their_own_definition_only() -> None:
    turnover = rf.backtest(rf.read("rural_online_shopping_turnover")).published
    assert {(s.forecast.period.year, s.met) for s in turnover if s.forecast.qualifier == ">"} == {(2016, True)}
    assert 2017 not in {s.forecast.period.year for s in turnover}
    national = {s.forecast.author: s for s in rf.backtest(rf.read("national_online_retail")).published}
    assert national["BCG"].met is True
    assert national["McKinsey"].met is False
    users = {s.forecast.author: s for s in rf.backtest(rf.read("rural_internet_users")).published}
    assert users["CIECC"].error_pct == pytest.approx(100 * (240 / 221.95 - 1))


def test_one_point_and_a_bad_horizon_are_refused() -> None:
    with pytest.raises(UsageError, match="one point"):
        rf.backtest(market(10))
    with pytest.raises(UsageError, match="horizon 0"):
        rf.backtest(market(10, 11, 12), horizon=0)


@pytest.mark.slow
def test_compare_has_every_model_once_and_weights_sum_to_one() -> None:
    result = rf.compare(rf.read("rural_online_retail_mofcom"), year=2027, opinions=False)
    names = [line.given.model for line in result.lines]
    assert len(names) == len(set(names))
    assert names[0] == "consensus"
    weights = [line.given.weight for line in result.lines if line.given.weight is not None]
    assert sum(weights) == pytest.approx(1)
    assert all(line.score and line.score.n == 13 for line in result.lines if line.status == "consensus")
    table = document(result).records
    keys = [column.key for column in table.columns]
    for line, row in zip(result.lines, table.rows, strict=True):
        if line.given.answers:
            place = keys.index("lower_95")
            assert row[place : place + 2] == line.given.ends(1)


@pytest.mark.slow
@pytest.mark.parametrize("points", [24, 48])
def test_opinions_are_fitted_at_the_last_origins_alone(points: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the series: the work that takes longest does not grow with it."""
    asked: list[str] = []
    original = answers.forecast_block

    def watched(model, block, *rest):  # type: ignore[no-untyped-def]
        asked.extend([model.name] * len(block))
        return original(registry.get("naive"), block, *rest)

    monkeypatch.setattr(answers, "forecast_block", watched)
    found = rf.backtest(
        market(*[100 + year**1.5 + year % 3 for year in range(points)], first=1960), models=["ets", "drift"]
    )
    assert asked.count("ets") == backtesting.MOST_REFITS
    assert asked.count("drift") == points - backtesting.FEWEST_POINTS
    assert "fewer_origins" in [note.code for note in found.notes]
