"""A model of a person's own, in forecast, compare, backtest and cross-validation."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import ModelError, UsageError

DATA = {year: float(value) for year, value in zip(range(2010, 2018), [5, 6, 9, 14, 21, 30, 41, 54], strict=True)}


class Flat:
    """The last value, with the steps of the past drawn at random."""

    def __init__(self, name: str = "flat") -> None:
        self.name = name

    def fit(self, values: Any) -> "Flat":
        self.last, self.steps = values[-1], np.diff(values)
        return self

    def paths(self, horizon: int, draws: int) -> Any:
        steps = np.random.default_rng(1).choice(self.steps - self.steps.mean(), (draws, horizon))
        return self.last + steps.cumsum(axis=1)


def test_its_forecast_is_the_median_of_its_paths() -> None:
    found = rf.forecast(DATA, year=2019, models=[Flat(), "consensus"])
    paths = Flat().fit(np.array([*DATA.values()])).paths(2, 2000)
    np.testing.assert_allclose(found.main[1].values, np.median(paths, axis=0))
    np.testing.assert_allclose(found.main[1].upper[0], np.quantile(paths, 0.9, axis=0))
    np.testing.assert_array_equal(found.main[0].values, rf.forecast(DATA, year=2019).best.values)
    assert found.to_frame()["model"].unique().tolist() == ["consensus", "flat"]
    alone = rf.forecast(DATA, models=[Flat()])
    assert "Flat" in alone._repr_html_()
    assert '"flat"' in alone.to_json()


def test_it_is_compared_and_tested_next_to_ours() -> None:
    lines = {line.given.model: line for line in rf.compare(DATA, models=[Flat()], opinions=False).lines}
    assert lines["flat"].status == "opinion"
    assert lines["flat"].score is not None
    assert {"consensus", "naive", "flat"} <= lines.keys()
    tested = {trial.model for trial in rf.backtest(DATA, models=[Flat()]).trials}
    assert {"consensus", "naive", "flat"} <= tested
    tested = {trial.model for trial in rf.backtest(DATA, models=["drift", Flat()]).trials}
    assert tested == {"consensus", "drift", "flat"}


class Failing(Flat):
    def fit(self, values: Any) -> "Flat":
        raise RuntimeError("no luck")


class Misshapen(Flat):
    def paths(self, horizon: int, draws: int) -> Any:
        return np.zeros(horizon)


def test_its_failure_is_data_and_what_is_no_model_is_refused() -> None:
    for model in (Failing(), Misshapen()):
        assert not rf.forecast(DATA, models=["consensus", model]).main[1].answers
        with pytest.raises(ModelError, match=r"no luck|has the shape"):
            rf.forecast(DATA, models=[model])
    wrong: list[Any] = [[Flat("drift")], [Flat(), Flat()], [len], [5], [type("X", (), {"name": "x", "fit": 1})()]]
    for models in wrong:
        with pytest.raises(TypeError):
            rf.forecast(DATA, models=models)


def test_cross_validation_has_the_columns_of_nixtla() -> None:
    frame = pd.DataFrame({"unique_id": "a", "ds": [*DATA], "y": [*DATA.values()]})
    frame = pd.concat([frame, frame.assign(unique_id="short").iloc[-5:]])
    made = rf.cross_validation(frame, h=2, windows=2, models=["consensus", "cagr", Flat()], levels=[80, 95])
    sides = ["", "-lo-95", "-lo-80", "-hi-80", "-hi-95"]
    models = [f"{name}{side}" for name in ("consensus", "cagr", "flat") for side in sides]
    assert [*made.columns] == ["unique_id", "ds", "cutoff", "y", *models]
    keys = [("a", 2014), ("a", 2014), ("a", 2015), ("a", 2015), ("short", 2015), ("short", 2015)]
    assert [*zip(made["unique_id"], made["cutoff"], strict=True)] == keys
    past = {year: value for year, value in DATA.items() if year <= 2014}
    row = made.iloc[1]
    assert (row["ds"], row["y"]) == (2016, DATA[2016])
    for name in ("consensus", "cagr"):
        best = rf.forecast(past, models=[name], horizon=2).best
        np.testing.assert_allclose(row[[f"{name}{side}" for side in sides]].astype(float), [
            best.last, best.lower[1, -1], best.lower[0, -1], best.upper[0, -1], best.upper[1, -1]
        ])  # fmt: skip


def test_a_frame_has_the_names_that_are_asked_for() -> None:
    years = [*DATA][:4] * 2
    frame = pd.DataFrame({"market": ["a"] * 4 + ["b"] * 4, "jahr": years, "umsatz": [*DATA.values()]})
    ours = {"period_column": "jahr", "value_column": "umsatz"}
    made = rf.forecast_frame(frame, **ours)
    assert [*made.columns[:5]] == ["market", "jahr", "kind", "model", "umsatz"]
    pd.testing.assert_frame_equal(made, rf.forecast_frame(frame, names="input", **ours))
    recognised = frame.set_axis(["unique_id", "ds", "y"], axis=1)
    assert [*rf.forecast_frame(recognised).columns[:5]] == ["series_id", "period", "kind", "model", "value"]
    theirs = rf.forecast_frame(frame, names="nixtla", levels=[80], **ours)
    assert [*theirs.columns] == ["unique_id", "ds", "consensus", "consensus-lo-80", "consensus-hi-80"]
    with pytest.raises(TypeError):
        rf.forecast_frame(frame, names="other", **ours)


def test_paths_of_many_series_are_those_of_each() -> None:
    frame = pd.DataFrame({"id": ["a"] * 8 + ["b"] * 8, "year": [*DATA] * 2, "value": [*DATA.values(), *range(-3, 5)]})
    made = rf.forecast_frame(frame, paths=50, horizon=3, seed=2)
    assert [*made.columns] == ["series_id", "period", "path", "value"]
    for name, rows in made.groupby("series_id"):
        alone = rf.forecast(rf.series(frame[frame["id"] == name], id=str(name)), horizon=3).paths(50, seed=2)
        np.testing.assert_allclose(rows.pivot(index="path", columns="period", values="value"), alone)
    with pytest.raises(UsageError):
        rf.forecast_frame(frame, paths=0)
