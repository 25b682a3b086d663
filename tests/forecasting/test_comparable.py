"""Forecasts of series with a break: the evidence of earlier bases, and the totals of parts."""

import pytest

import rural_forecast as rf


def test_a_population_that_falls_is_forecast_to_fall() -> None:
    result = rf.forecast(rf.read("rural_population"), year=2030)
    assert result.best.last < 0.9 * 464.78
    assert result.best.upper[0, -1] < 480


def test_a_total_on_a_new_basis_bounds_a_part_that_ended_before() -> None:
    for series_id in ("rural_online_retail_mofcom_goods", "national_online_retail_goods"):
        assert rf.forecast(rf.read(series_id), year=2030).best.last > 0


def test_other_models_above_the_whole_are_left_out() -> None:
    result = rf.forecast(rf.read("users"), year=2030, kernels=True)
    (note,) = [note for note in result.notes if note.code == "above_whole"]
    assert "linear" in note.text
    assert not any(path.cut and path.answers for path in result.others)


@pytest.mark.parametrize("basis", ["comparable", "levels", "chained"])
def test_a_record_of_the_past_uses_all_years_of_known_growth(basis: str) -> None:
    trials = rf.backtest(rf.read("mofcom"), horizon=1, models=["naive"], basis=basis).trials
    assert {trial.origin for trial in trials} == set(range(2018, 2025))


def test_a_past_forecast_is_on_the_basis_of_its_origin() -> None:
    trials = rf.backtest(rf.read("mofcom"), horizon=1, models=["naive"]).trials
    (last,) = [trial for trial in trials if trial.origin == 2024 and trial.model == "naive"]
    assert last.forecast == pytest.approx(2560)
    assert last.actual == pytest.approx(2560 * 1.067)
