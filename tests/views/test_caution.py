"""Where the record speaks against a forecast, the caution is next to the finding."""

import pytest

import rural_forecast as rf
from rural_forecast.forecasting.caveats import past_whole_note
from rural_forecast.text.wording import for_readers
from rural_forecast.views import answer, compare
from rural_forecast.views.notes import sentence


def test_a_model_that_backtests_better_is_named_next_to_the_answer() -> None:
    result = rf.compare(rf.read("express_parcels"), opinions=False)
    summary = compare.document(result).summary
    assert summary[0].startswith(answer.answer(result.forecast))
    assert summary[1].startswith(
        "Caution: the consensus is above the model that backtests best here, Linear trend, with "
    )


def test_a_record_worse_than_the_last_value_is_in_the_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    result = rf.forecast(rf.read("turnover"), year=2018)
    assert not answer.caution(result)
    record = answer.corpus_record(result.history.values, "consensus", 2)
    assert record
    monkeypatch.setattr(answer, "corpus_record", lambda *_: record._replace(naive_smape=record.smape - 1))
    assert answer.finding(result).startswith(f"{answer.answer(result)} Caution: on series like this the forecast")


def test_readers_of_a_page_are_not_told_what_to_type() -> None:
    note = past_whole_note(1.0)
    assert "--measure rate" in sentence(note)
    with for_readers():
        assert "--" not in sentence(note)
