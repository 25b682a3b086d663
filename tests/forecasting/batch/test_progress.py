"""Signs of progress of long work in Python."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.forecasting import answers
from rural_forecast.forecasting.batch import api
from rural_forecast.system.progress import progress
from rural_forecast.system.terminal import is_terminal

FRAME = pd.concat(
    pd.DataFrame({"id": name, "year": range(2005, 2020), "value": range(len(name), len(name) + 15)})
    for name in ("a", "bb", "ccc")
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that a notebook shows below a cell, one after the other."""
    texts = list[str]()
    below = SimpleNamespace(update=texts.append)
    interactive = ModuleType("IPython")
    interactive.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    displaying = ModuleType("IPython.display")
    displaying.HTML = str  # type: ignore[attr-defined]
    displaying.display = lambda text, display_id: below  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", interactive)
    monkeypatch.setitem(sys.modules, "IPython.display", displaying)
    return texts


def test_a_notebook_shows_a_bar_that_is_gone_at_the_end(shown: list[str]) -> None:
    with progress() as work:
        work.expect(10)
        work.advance(4)
    assert shown[-2].endswith(" 4 of 10")
    assert shown[-1] == ""


def test_a_bar_is_gone_after_an_interrupt(shown: list[str]) -> None:
    def interrupted() -> None:
        with progress() as work:
            work.advance(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert shown[-1] == ""


def test_what_is_done_soon_shows_no_bar(shown: list[str]) -> None:
    with progress(after=3600) as work:
        work.advance(1)
    assert shown == []


def test_a_quiet_run_shows_no_bar(shown: list[str]) -> None:
    with progress(quiet=True) as work:
        work.advance(1)
    assert shown == []


def test_progress_is_silent_where_nobody_sees_a_bar(capfd: pytest.CaptureFixture[str]) -> None:
    assert not is_terminal("stderr")
    with progress() as work:
        work.expect(2)
        work.advance(1)
    assert capfd.readouterr() == ("", "")


def test_a_frame_counts_its_values(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SOON", 0)
    rf.forecast_frame(FRAME, horizon=1)
    assert shown[-2].endswith(f" {len(FRAME)} of {len(FRAME)}")
    assert shown[-1] == ""


def test_a_frame_shows_how_far_a_model_of_others_is(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SOON", 0)
    monkeypatch.setattr(answers, "FEWEST_OF_SLICE", 1)

    class Last:
        name = "last"

        def fit(self, values: Any) -> Any:
            self.last = values[-1]
            return self

        def paths(self, horizon: int, draws: int) -> Any:
            return np.full((draws, horizon), self.last)

    rf.forecast_frame(FRAME, horizon=1, models=[Last()])
    assert [text.partition("</progress>")[2] for text in shown if " 15 of" in text]


def test_cross_validation_counts_windows(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SOON", 0)
    rf.cross_validation(FRAME, models=["naive"])
    assert shown[-2].endswith(" 9 of 9")


def test_cross_validation_does_not_depend_on_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "FIRST_PART", 100)
    whole = rf.cross_validation(FRAME)
    monkeypatch.setattr(api, "FIRST_PART", 1)
    monkeypatch.setattr(api, "QUICK", 0)
    pd.testing.assert_frame_equal(rf.cross_validation(FRAME), whole, check_exact=True)
