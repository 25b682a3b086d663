"""Advice is spelt for whoever asked: arguments in Python, options on the command line."""

import re

import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.one_series import past_whole_note
from tests.inside import typed

pytestmark = pytest.mark.usefixtures("here")
OF_THE_COMMAND_LINE = re.compile(r"(?<!\w)--[a-z]|rural-forecast")


def test_a_share_that_passes_its_whole() -> None:
    assert past_whole_note(100).advice == "measure='rate' keeps it below."


def test_a_related_series() -> None:
    (note,) = (each for each in rf.forecast("turnover").notes if each.code == "related_series")
    assert note.advice == "See: forecast('mofcom')"
    assert (
        "See: rural-forecast project mofcom" in typed("project", "turnover", "-f", "markdown").out
    )


def test_a_series_of_growth() -> None:
    with pytest.raises(UsageError) as refused:
        rf.forecast("consumption_percap_rural_yoy")
    assert refused.value.hint == "Forecast the level: forecast('consumption_percap_rural')."


@pytest.mark.slow
def test_no_word_of_a_result_in_python_is_of_the_command_line() -> None:
    for source in ("turnover", "mofcom", "users"):
        for note in rf.triangulate(source, year=2028).notes:
            assert not OF_THE_COMMAND_LINE.search(str(note)), note


def test_a_weight_is_spelt_for_whoever_asked() -> None:
    from rural_forecast.cli.app import as_option
    from rural_forecast.errors import option

    assert option("weights", {"drivers": 0.5}) == "weights={'drivers': 0.5}"
    assert as_option("weights", {"drivers": 0.5}) == "--weight drivers=0.5"
