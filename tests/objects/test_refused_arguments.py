"""Arguments of the Python API that are not understood are refused, and never ignored."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.api import ArgumentError
from rural_forecast.errors import DoubtfulDataWarning, InputError, ModelError
from rural_forecast.models.base import Array

FOUNDING = {2014: 180.0, 2015: 353.0, 2016: 482.0}
FRAME = pd.DataFrame({"id": "a", "year": range(2010, 2018), "value": np.arange(1.0, 9.0)})


class Own:
    """A model whose paths are the last value, and that fails for series of `refuses` points."""

    def __init__(self, refuses: tuple[int, ...] = ()) -> None:
        self.name = "mine"
        self.refuses = refuses
        self.last = 0.0

    def fit(self, values: Array) -> "Own":
        if len(values) in self.refuses:
            raise ValueError("no luck")
        self.last = float(values[-1])
        return self

    def paths(self, horizon: int, draws: int) -> Array:
        steps = np.random.default_rng(1).normal(0, 0.1, (draws, horizon))
        return self.last * np.exp(steps.cumsum(axis=1))


CHOICES: dict[str, Callable[[], Any]] = {
    "refused": lambda: rf.forecast_frame(FRAME, refused="row"),
    "names of a frame": lambda: rf.forecast_frame(FRAME, names="polars"),
    "names of rows": lambda: rf.forecast(FOUNDING).to_frame("polars"),
    "theme": lambda: rf.forecast(FOUNDING).plot(theme="nonsense"),
    "basis": lambda: rf.forecast(FOUNDING, basis="nonsense"),
    "basis of growth": lambda: rf.growth(FOUNDING, basis="nonsense"),
    "method of a panel": lambda: rf.panel(FRAME, method="bottomup"),
    "names of windows": lambda: rf.cross_validation(FRAME, names="polars"),
    "calibrate": lambda: rf.batch("nowhere.csv", calibrate="sometimes"),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_that_is_none_is_refused_with_the_choices(choice: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        CHOICES[choice]()
    assert caught.value.hint.startswith("Use one of ")


@pytest.mark.parametrize(
    ("call", "ours"),
    [
        (lambda: rf.forecast(FOUNDING, h=3), "horizon"),
        (lambda: rf.forecast(FOUNDING, level=[80]), "levels"),
        (lambda: rf.cross_validation(FRAME, n_windows=3), "windows"),
        (lambda: rf.cross_validation(FRAME, step_size=1), "step"),
        (lambda: rf.forecast_frame(FRAME, id_col="id"), "id_column"),
        (lambda: rf.forecast(FOUNDING).plot(level=[80]), "levels"),
        (lambda: rf.cross_validation(FRAME, horizon=2), "h"),
    ],
    ids=["h", "level", "n_windows", "step_size", "id_col", "level of plot", "horizon"],
)
def test_a_word_of_other_libraries_is_named_in_ours(call: Callable[[], Any], ours: str) -> None:
    with pytest.raises(ArgumentError, match=f"Did you mean '{ours}'"):
        call()


def test_values_alone_take_the_year_of_the_first() -> None:
    assert rf.forecast([180.0, 353, 482], start=2014) == rf.forecast(
        rf.series(FOUNDING, id="series")
    )


def test_the_first_year_of_a_series_that_has_its_own_is_refused() -> None:
    with pytest.raises(ArgumentError, match="a series has its own years"):
        rf.forecast(rf.read("mofcom"), start=2014)


class Named(Own):
    name = "named"  # type: ignore[assignment] # of the class, as in many a model


def test_the_class_of_a_model_is_refused_where_a_model_is_wanted() -> None:
    with pytest.raises(ArgumentError, match="is a class"):
        rf.forecast_frame(FRAME, models=[Named])


def test_an_own_model_answers_for_a_frame() -> None:
    rows = rf.forecast_frame(FRAME, models=[Own()])
    assert rows["model"].unique().tolist() == ["mine"]
    assert rows["value"].notna().all()


def test_windows_for_which_a_model_fails_are_warned_of_with_the_reason() -> None:
    with pytest.warns(DoubtfulDataWarning, match=r"mine has no forecast in 1 of 2 .*no luck"):
        rows = rf.cross_validation(FRAME, h=1, windows=2, models=[Own(refuses=(6,))])
    assert rows["mine"].isna().tolist() == [True, False]


def test_a_model_that_fails_for_every_window_is_an_error_with_the_reason() -> None:
    with pytest.raises(ModelError, match="no luck"):
        rf.cross_validation(FRAME, h=1, windows=2, models=[Own(refuses=(6, 7))])


def test_a_series_for_which_an_own_model_fails_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="no luck"):
        rf.forecast_frame(FRAME, models=[Own(refuses=(8,))])


def test_an_argument_that_a_picture_or_a_frame_has_not_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"plot\(\) has no argument 'nonsense'"):
        rf.forecast(FOUNDING).plot(nonsense=1)
    with pytest.raises(ArgumentError, match=r"to_frame\(\) has no argument 'historic'"):
        rf.forecast(FOUNDING).to_frame(historic=True)
