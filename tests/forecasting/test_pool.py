"""Forecasts of others pooled with ours."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.objects.functions import forecast
from rural_forecast.observed.observation import Interval, Observation
from tests.inside import Cli, rows
from tests.observed.build import day, observed, series

HISTORY = [observed(str(2015 + step), 100 * 1.1**step) for step in range(5)]


def expert(
    period: str, value: float, low: float, high: float, who: str = "Ann", level: int = 80
) -> Observation:
    return observed(
        period, value, status="forecast", author=who, interval=Interval(low, high, level)
    )


def ours(*more: Observation, **options: Any) -> Forecast:
    return forecast(series({}, observations=(*HISTORY, *more)), **{"horizon": 2, **options})


def ends(result: Forecast, step: int = 0) -> list[float]:
    return [
        float(side[step])
        for side in (result.best.values, result.best.lower[0], result.best.upper[0])
    ]


def test_each_quantile_is_the_mean_of_those_of_the_voices_and_one_voice_alone_gives_its_own() -> (
    None
):
    asked = ours(expert("2020", 300, 250, 400))
    result = pooled(asked, {"Ann": 1.0})
    assert result.pool
    assert (result.pool.years, ends(result)) == ((2020,), pytest.approx([300, 250, 400]))
    assert ends(pooled(asked, {"Ann": 1e-9})) == pytest.approx(ends(asked))
    result = pooled(
        ours(expert("2020", 120, 110, 125, "low"), expert("2020", 240, 230, 250, "high")),
        {"ours": 0.0},
    )
    assert ends(result) == pytest.approx([180, 170, 187.5])
    assert result.pool
    assert result.pool.shares(2020) == pytest.approx({"ours": 0.0, "high": 0.5, "low": 0.5})


def test_the_pool_leads_and_leaves_ours_where_nobody_else_speaks() -> None:
    asked = ours(expert("2020", 300, 250, 400))
    result = pooled(asked)
    assert result.pool
    assert (result.best.model, result.pool.ours) == ("pool", asked.best)
    assert ends(result)[0] == pytest.approx((300 + asked.best.values[0]) / 2)
    assert ends(result, 1) == pytest.approx(ends(asked, 1))
    assert result.chance(200).at_or_above[0] > asked.chance(200).at_or_above[0]


def test_a_point_is_as_wide_as_ours_around_it() -> None:
    asked = ours(observed("2021", 300, status="forecast", author="BCG"))
    result = pooled(asked, {"BCG": 1.0})
    assert result.pool
    assert result.pool.voices[1].spread == ("ours",)
    assert result.best.upper[0, 1] / 300 == pytest.approx(
        asked.best.upper[0, 1] / asked.best.values[1]
    )


def test_limits_bind() -> None:
    result = ours(
        expert("2020", 170, 150, 400),
        expert("2021", 190, 150, 400),
        ceiling=(200, 220),
        measure="cumulative",
    )
    pool = pooled(result).best
    assert pool.upper.max() <= 220
    assert pool.lower.min() >= HISTORY[-1].value
    assert (np.diff(pool.values) >= 0).all()
    with pytest.raises(UsageError, match=r"300 for 2020 by Ann is above 220"):
        pooled(ours(expert("2020", 300, 250, 400), ceiling=(200, 220)))


def test_plans_bounds_and_earlier_forecasts_are_left_out_and_said() -> None:
    dated = {"status": "forecast", "author": "BCG"}
    result = pooled(
        ours(
            observed("2020", 150, **dated, published_latest=day("2019-01-01")),
            observed("2020", 170, **dated, published_latest=day("2019-06-01"), source="b"),
            observed("2020", 999, status="forecast", author="Plan", target=True),
            observed("2021", 999, status="forecast", author="Floor", qualifier=">"),
        )
    )
    assert result.pool
    assert (result.pool.voices[1].forecasts[2020].value, result.pool.years) == (170, (2020,))
    text = "Not in the pool: plans (1), bounds (1) and earlier forecasts of the same author (1)."
    assert str(result.notes[1]) == text


def test_weights_that_cannot_be_and_nothing_to_pool() -> None:
    for weights, problem in (
        ({"Bob": 0.5}, "'Bob' is no voice"),
        ({"Ann": 1.5}, "not between 0 and 1"),
        ({"Ann": float("nan")}, "not between 0 and 1"),
        ({"Ann": 0.5, "ours": 0.4}, "sum to 0.9, not to 1"),
        ({"ours": 1.0}, "Nobody else has a weight"),
    ):
        with pytest.raises(UsageError, match=problem):
            pooled(ours(expert("2020", 170, 150, 200)), weights)
    with pytest.raises(
        UsageError, match="Nobody else forecasts market for 2020 and 2021; there are only plans"
    ):
        pooled(ours(observed("2020", 150, status="forecast", target=True)))


FILE = """year,value,status,low,high,level,source,note
2014,180,,,,,,
2015,353,,,,,,
2016,482,,,,,,
2018,720,expert,600,900,90,Li Wei,Two provinces have not started
"""


@pytest.fixture
def market(tmp_path: Path) -> Path:
    path = tmp_path / "market.csv"
    path.write_text(FILE)
    return path


def test_experts_in_a_file(cli: Cli, market: Path) -> None:
    alone = rows(cli("project", market).out)
    both = rows(cli("project", market, "--pool").out)
    assert [(row["period"], row["model"]) for row in both] == [("2017", "pool"), ("2018", "pool")]
    assert both[0]["value"] == alone[0]["value"]
    shown = cli("project", market, "--pool", "--format", "table", "--explain").out
    assert "720 (600 to 900, 90 %)" in shown
    assert "Two provinces have not started" in shown
    voices = json.loads(cli("project", market, "--pool", "--format", "json").out)["figures"]["pool"]
    assert [voice["spread"] for voice in voices] == ["ours", "range"]


def test_tidy_rows_keep_the_range_and_the_pool_is_converted_with_the_forecast(
    cli: Cli, market: Path
) -> None:
    tidy = cli("series", "read", market).out
    assert "600.0,900.0,90" in tidy
    alike = cli("project", "-", "--pool", stdin=tidy), cli("project", market, "--pool")
    assert len({tuple(done.out.splitlines()[-1].split(",")[4:]) for done in alike}) == 1
    market.write_text(FILE.replace("value", "value (bn CNY)"))
    ratios = []
    for pool in ((), ("--pool",)):
        own, converted = (
            rows(cli("project", market, *pool, *more).out)[-1]
            for more in ((), ("--currency", "USD"))
        )
        ratios.append(float(own["value"]) / float(converted["value"]))
    assert ratios[1] == pytest.approx(ratios[0])


def test_a_range_that_cannot_be_is_refused(cli: Cli, market: Path) -> None:
    for row in ("expert,800,900,90", "expert,600,,90", "expert,600,900,20", "actual,600,900,"):
        market.write_text(f"{FILE}{2017 if row[0] == 'a' else 2018},720,{row},a,\n")
        done = cli("project", market)
        assert (done.code, "range around 720" in done.err) == (3, True), row


def dated(text: str) -> dict[str, Any]:
    return {"published_earliest": day(text), "published_latest": day(text)}


def test_what_was_published_after_the_held_back_value_is_no_voice_of_a_hindcast() -> None:
    actuals = [
        observed(str(2015 + step), 100 * 1.1**step, **dated(f"{2016 + step}-02-01"))
        for step in range(5)
    ]
    early = observed("2019", 150, status="forecast", author="BCG", **dated("2018-06-30"))
    late = observed("2019", 146, status="forecast", author="IDC", **dated("2019-06-30"))
    undated = expert("2019", 147, 140, 150)
    asked = forecast(
        series({}, observations=(*actuals, early, late, undated)), until=2017, year=2019
    )
    result = pooled(asked)
    assert result.pool
    assert [voice.who for voice in result.pool.voices] == ["ours", "BCG"]
    assert "not_pooled" in [note.code for note in result.notes]
    with pytest.raises(UsageError, match="there are only figures published after 2019-01-31"):
        pooled(forecast(series({}, observations=(*actuals, late)), until=2017, year=2019))


def test_a_value_on_a_new_basis_or_without_a_date_is_held_back_as_any_other() -> None:
    actuals = [observed(str(2015 + step), 100 * 1.1**step) for step in range(3)]
    early, late = (
        observed("2019", value, status="forecast", author=author, **dated(text))
        for author, value, text in (("BCG", 150, "2018-06-30"), ("IDC", 146, "2019-06-30"))
    )
    for breaks in ((), (2018,)):
        market = series(
            {}, observations=(*actuals, observed("2018", 133), early, late), breaks=breaks
        )
        result = pooled(forecast(market, until=2017, year=2019))
        assert result.pool
        assert [voice.who for voice in result.pool.voices] == ["ours", "BCG"], (
            "observed by the end of 2018"
        )
    only_late = series({}, observations=(*actuals, observed("2018", 133), late))
    with pytest.raises(UsageError) as refused:
        pooled(forecast(only_late, until=2017, year=2019))
    assert refused.value.hint.startswith("Leave until out")
