import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast import models
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.registry import MODELS, get, names
from rural_forecast.models import arima, ets
from rural_forecast.models.base import Model, Reason, answer
from rural_forecast.models.discovery import discovered

FOLDER = Path(models.__file__).parent


def test_every_file_that_defines_a_model_is_listed_in_the_order_it_declares() -> None:
    files = [path for path in FOLDER.glob("*.py") if "MODEL = Model(" in path.read_text("utf-8")]
    listed = {model.name for model in MODELS}
    assert listed == {"reference", *(path.stem for path in files)}
    assert [model.order for model in MODELS] == sorted({model.order for model in MODELS})
    assert names()[:2] == ("reference", "naive")
    assert names("opinion")[-2:] == ("arima", "ets")
    assert {"logistic", "gompertz", "bass"} <= set(names("curve"))
    assert {model.reassigned_to for model in MODELS if model.reassigned_to} <= set(names("member"))


def test_every_reason_to_abstain_has_words() -> None:
    assert all(reason.words for reason in Reason if reason is not Reason.ANSWERS)
    short = {path.model: path for path in rf.forecast(rf.read("turnover"), kernels=True).others}[
        "holt"
    ]
    assert (short.why, short.reason) == (Reason.TOO_SHORT, "needs at least 4 points")


def test_an_unknown_name_gets_the_nearest_or_the_list() -> None:
    assert all(get(model.name) is model for model in MODELS)
    hints = {"thetta": "Did you mean theta?", "Damped-Holt": "Did you mean damped_holt?"}
    for typed, hint in (hints | {"prophet": f"Models are {', '.join(names())}."}).items():
        with pytest.raises(UsageError) as caught:
            get(typed)
        assert (caught.value.code, caught.value.hint) == ("unknown_name", hint)


NEW = replace(get("linear"), name="new", intervals_of="")


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (NEW, "no interval factors"),
        (replace(NEW, intervals_of="arima"), "factors of arima, which has none"),
    ],
)
def test_a_model_without_interval_factors_is_refused(model: Model, problem: str) -> None:
    with pytest.raises(ValueError, match=f"The model new .*{problem}: state in intervals_of"):
        discovered([model])


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (get("linear"), "name 'linear': linear and linear"),
        (replace(NEW, order=50), "order 50: linear and new"),
        (replace(NEW, order=0), "order 0: reference and new"),
    ],
)
def test_a_model_whose_name_or_order_is_taken_is_refused(model: Model, problem: str) -> None:
    with pytest.raises(ValueError, match=f"Two models have the {problem}"):
        discovered([get("linear"), model])


@pytest.mark.parametrize(
    "model",
    [replace(NEW, intervals_of="linear"), replace(NEW, role="member"), get("arima")],
    ids=["factors of another", "member", "intervals of its own"],
)
def test_a_model_with_intervals_is_listed(model: Model) -> None:
    assert discovered([model]) == (model,)


FOUNDING = np.array([[180.0, 353.0, 482.0]])
LEVELS = (80, 95)


def test_three_points_get_a_random_walk_with_drift() -> None:
    given = answer(arima.MODEL, FOUNDING, 2, LEVELS)
    assert np.allclose(given.points, [[633.0, 784.0]], rtol=1e-6)
    assert given.message == "ARIMA(0,1,0) with drift"
    # errors 22, -22 about the drift: sigma 22, and 1.96 of it each side
    assert np.allclose(
        [given.lower[0, 1, 0], given.upper[0, 1, 0]], [633.0 - 43.12, 633.0 + 43.12], atol=0.05
    )


def test_a_growing_market_never_gets_a_stationary_mean() -> None:
    values = np.array([60.0, 80.0, 100.0, 120.0, 150.0, 170.0, 200.0])
    for length in range(3, 8):
        given = answer(arima.MODEL, values[None, :length], 3, LEVELS)
        assert np.all(np.diff([values[length - 1], *given.points[0]]) > 0)


def test_logarithms_are_taken_where_they_suit_and_short_series_get_one_form_of_ets() -> None:
    grows = 100.0 * np.exp(0.2 * np.arange(12.0) + 0.05 * np.cos(3.0 * np.arange(12.0)))
    assert arima.on_logs(grows)
    assert not arima.on_logs(100.0 + 5.0 * np.arange(12.0) + np.cos(3.0 * np.arange(12.0)))
    assert not arima.on_logs(grows[:5])
    assert not arima.on_logs(grows - 200.0)
    assert ets.candidates(FOUNDING[0]) == (("add", True, True),)
    assert len(ets.candidates(np.arange(1.0, 10.0))) == 6
    assert len(ets.candidates(np.arange(-3.0, 7.0))) == 3


def test_a_straight_line_leaves_no_error_and_that_is_said() -> None:
    given = answer(arima.MODEL, np.arange(1.0, 8.0)[None], 3, LEVELS)
    assert np.allclose(given.points, [[8.0, 9.0, 10.0]], rtol=1e-6)
    assert "did not converge" in given.message
    assert np.all(given.lower < given.points[:, None])


@pytest.mark.parametrize("model", [arima.MODEL, ets.MODEL])
def test_what_cannot_be_fitted_is_a_reason(model: Model) -> None:
    assert answer(model, np.full((1, 6), 4.0), 2, LEVELS).reasons.tolist() == [Reason.CONSTANT]
    assert answer(model, FOUNDING[:, 1:], 2, LEVELS).reasons.tolist() == [Reason.TOO_SHORT]


@pytest.mark.parametrize("model", [arima.MODEL, ets.MODEL])
def test_no_level_is_needed(model: Model) -> None:
    given = answer(model, FOUNDING, 2, ())
    assert given.lower.shape == (1, 0, 2)
    assert np.isfinite(given.points).all()


def test_simulated_intervals_are_seeded_and_leave_the_global_generator_alone() -> None:
    noise = np.random.default_rng(5)
    values = 100.0 * np.exp(np.cumsum(noise.normal(0.05, 0.1, (1, 20)), axis=1))
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    first = answer(ets.MODEL, values, 3, LEVELS)
    second = answer(ets.MODEL, values, 3, LEVELS)
    assert first.message.startswith("ETS(M")
    assert first.upper.tobytes() == second.upper.tobytes()
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_the_warning_filters_stay_as_they_were() -> None:
    answer(ets.MODEL, FOUNDING, 1, LEVELS)  # the import has its say once
    with warnings.catch_warnings():
        before = list(warnings.filters)
        answer(arima.MODEL, FOUNDING, 1, LEVELS)
        answer(ets.MODEL, FOUNDING, 1, LEVELS)
        assert list(warnings.filters) == before
