from dataclasses import replace
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast import models
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.registry import MODELS, get, names
from rural_forecast.models.base import Reason
from rural_forecast.models.discovery import discovered
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
    assert {model.reassigned_to for model in MODELS if model.reassigned_to} <= set(names("member"))


def test_every_reason_to_abstain_has_words() -> None:
    assert all(reason.words for reason in Reason if reason is not Reason.ANSWERS)
    short = {path.model: path for path in rf.forecast(rf.read("turnover"), kernels=True).others}["holt"]
    assert (short.why, short.reason) == (Reason.TOO_SHORT, "needs at least 4 points")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("thetta", "Did you mean theta?"),
        ("Damped-Holt", "Did you mean damped_holt?"),
        ("prophet", f"Models are {', '.join(names())}."),
    ],
)
def test_an_unknown_name_gets_the_nearest_or_the_list(typed: str, hint: str) -> None:
    assert all(get(model.name) is model for model in MODELS)
    with pytest.raises(UsageError) as caught:
        get(typed)
    assert (caught.value.code, caught.value.hint) == ("unknown_name", hint)


def test_a_model_without_interval_factors_is_refused() -> None:
    model = replace(get("linear"), name="new", intervals_of="")
    with pytest.raises(ValueError, match="new has no interval factors: state in intervals_of"):
        discovered([model])
    for fine in (replace(model, intervals_of="linear"), replace(model, role="member"), get("arima")):
        assert discovered([fine]) == (fine,)


@pytest.mark.slow
def test_the_registry_loads_no_heavy_library() -> None:
    code = (
        "import sys, rural_forecast.forecasting.registry\n"
        "print([m for m in ('pandas', 'scipy', 'statsmodels') if m in sys.modules])"
    )
    assert python(code) == "[]\n"
