"""`backtest` as people see it."""

import pytest

from tests.inside import Cli


def test_a_published_forecast_that_came_true_is_called_exact(cli: Cli) -> None:
    told = cli("backtest", "turnover", "--format", "markdown").out
    line = next(line for line in told.splitlines() if line.startswith("| 2014 | 180 "))
    assert "| exact" in line
    assert "0.0 %" not in line


def test_a_model_that_was_asked_for_and_never_answers_is_named(cli: Cli) -> None:
    told = cli("backtest", "turnover", "--model", "arima", "--model", "drift", "--format", "table").out
    assert "No answer from any of these origins: arima." in told
    assert "No answer from any" not in cli("backtest", "turnover", "--format", "table").out


@pytest.mark.slow
def test_fewer_than_eight_forecasts_rank_nothing(cli: Cli) -> None:
    for forecasts in (7, 8):
        market = "year,value\n" + "".join(f"{2000 + step},{10 + step * step % 7}\n" for step in range(forecasts + 3))
        told = cli("backtest", "-", "--horizon", "1", "--format", "markdown", stdin=market).out
        assert f"on {forecasts} forecasts made from" in told
        assert ("too few past forecasts to judge" in told) == (forecasts < 8)
    for series in ("turnover", "mofcom"):
        told = cli("compare", series, "--format", "markdown").out
        assert ("fewer than 8 forecasts and rank nothing" in told) == (series == "turnover")
