from __future__ import annotations

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast import models
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.registry import MODELS, get, names
from rural_forecast.models.base import Reason
from tests.programs import python

FOLDER = Path(models.__file__).parent


def test_every_file_that_defines_a_model_is_listed_in_the_order_it_declares() -> None:
    assert {model.name for model in MODELS if model.name != "reference"} == {
        path.stem for path in FOLDER.glob("*.py") if "MODEL = Model(" in path.read_text(encoding="utf-8")
    }
    assert [model.order for model in MODELS] == sorted({model.order for model in MODELS})
    assert names()[:2] == ("reference", "naive")
    assert names("opinion")[-2:] == ("arima", "ets")
    assert {"logistic", "gompertz", "bass"} <= set(names("curve"))


def test_every_heir_is_a_member() -> None:
    assert {model.reassigned_to for model in MODELS if model.reassigned_to} <= set(names("member"))


def test_every_reason_to_abstain_has_words() -> None:
    assert all(reason.words for reason in Reason if reason is not Reason.ANSWERS)
    short = {path.model: path for path in rf.forecast(rf.read("turnover"), kernels=True).others}["holt"]
    assert (short.why, short.reason) == (Reason.TOO_SHORT, "needs at least 4 points")


def test_a_model_is_found_by_its_name() -> None:
    assert all(get(model.name) is model for model in MODELS)


@pytest.mark.parametrize(("typed", "meant"), [("thetta", "theta"), ("Damped-Holt", "damped_holt"), ("arma", "arima")])
def test_a_slip_gets_the_nearest_name(typed: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        get(typed)
    assert repr(typed) in caught.value.message
    assert caught.value.hint == f"Did you mean {meant}?"


def test_a_model_of_another_program_is_no_slip() -> None:
    with pytest.raises(UsageError) as caught:
        get("prophet")
    assert caught.value.hint.startswith("Models are ")


def test_a_name_like_no_other_gets_the_list() -> None:
    with pytest.raises(UsageError, match="zzzz") as caught:
        get("zzzz")
    assert ", ".join(names()) in caught.value.hint


@pytest.mark.slow
def test_the_registry_loads_no_heavy_library() -> None:
    code = (
        "import sys, rural_forecast.forecasting.registry\n"
        "print([m for m in ('pandas', 'scipy', 'statsmodels', 'statistics') if m in sys.modules])"
    )
    assert python(code) == "[]\n"
