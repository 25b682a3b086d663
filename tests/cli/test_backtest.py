"""`backtest` as people see it."""

from tests.inside import Cli


def test_a_published_forecast_that_came_true_is_called_exact(cli: Cli) -> None:
    told = cli("backtest", "turnover", "--format", "markdown").out
    line = next(line for line in told.splitlines() if line.startswith("| 2014 | 180 "))
    assert "| exact" in line
    assert "0.0 %" not in line


def test_a_model_that_was_asked_for_and_never_answers_is_named(cli: Cli) -> None:
    told = cli("backtest", "turnover", "--model", "arima", "--model", "drift", "--format", "table").out
    assert "arima answers from none of these origins." in told
    assert "from none of these" not in cli("backtest", "turnover", "--format", "table").out
