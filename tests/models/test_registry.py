from __future__ import annotations

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.registry import MODELS, get, names
from tests.programs import python


def test_every_model_of_the_design_is_there_in_order() -> None:
    assert names() == (
        "reference",
        *("naive", "drift", "damped_drift", "cagr", "linear", "exponential", "theta", "theta_log", "dot"),
        *("holt", "damped_holt", "logistic", "gompertz", "bass", "arima", "ets"),
    )
    assert names("curve") == ("logistic", "gompertz", "bass")
    assert names("member") == ("reference", "drift", "damped_drift", "theta", "theta_log", "dot")
    assert names("opinion")[-2:] == ("arima", "ets")


def test_a_model_is_found_by_its_name() -> None:
    assert all(get(model.name) is model for model in MODELS)


@pytest.mark.parametrize(("typed", "meant"), [("thetta", "theta"), ("Damped-Holt", "damped_holt"), ("arma", "arima")])
def test_a_slip_gets_the_nearest_name(typed: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        get(typed)
    assert repr(typed) in caught.value.message
    assert caught.value.hint == f"Did you mean {meant}?"


def test_a_name_like_no_other_gets_the_list() -> None:
    with pytest.raises(UsageError, match="zzzz") as caught:
        get("zzzz")
    assert "naive, drift" in caught.value.hint


def test_the_registry_loads_no_heavy_library() -> None:
    code = (
        "import sys, rural_forecast.forecasting.registry\n"
        "print([m for m in ('pandas', 'scipy', 'statsmodels', 'statistics') if m in sys.modules])"
    )
    assert python(code) == "[]\n"
