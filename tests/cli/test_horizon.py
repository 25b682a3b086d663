"""`--horizon` beside `--year`, and what a model that is named has fitted."""

from pathlib import Path

import pytest

from tests.cli.test_process import imported
from tests.inside import Cli

FORECASTS = ["project", "compare", "chart", "scenario --growth 3", "exhibit -f html"]


@pytest.mark.parametrize("command", FORECASTS)
def test_a_horizon_is_a_year_counted_from_the_last_point(command: str, cli: Cli) -> None:
    by_year = cli(*command.split(), "turnover", "--until", "2015", "--year", "2018")
    by_horizon = cli(*command.split(), "turnover", "--until", "2015", "--horizon", "3")
    assert by_horizon.code == 0, by_horizon.err
    assert by_horizon.out == by_year.out


def test_a_scenario_file_s_year_gives_way_to_a_horizon(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('series = "turnover"\nyear = 2025\n[scenarios.slow]\ngrowth = 2\nreason = "because"\n')
    assert "2025" in cli("scenario", file).out
    assert "2019" not in cli("scenario", file, "--horizon", "2").out


@pytest.mark.slow
def test_a_model_that_is_named_loads_no_other_s_library() -> None:
    assert "statsmodels" not in imported(
        "project turnover --model theta --format table",
        "project turnover --model theta --model drift --format markdown",
        "chart turnover --model theta",
        "scenario turnover --growth 3 --model theta --format table",
        "nowcast mofcom --year 2017 --until 2016 --format table",
        "backtest turnover --model theta --format table",
    )


def test_the_table_shows_the_models_that_were_asked_for(cli: Cli) -> None:
    told = cli("project", "turnover", "--model", "theta", "--format", "table").out
    assert "Other models" not in told
    assert "ARIMA" not in told
    both = cli("project", "turnover", "--model", "consensus", "--model", "theta", "--format", "table").out
    assert "Other models" not in both
    assert "Other models" in cli("project", "turnover", "--format", "table").out
    every = cli("project", "turnover", "--model", "theta", "--all-models", "--format", "table").out
    assert "arima" in every
