"""The answer in one sentence, what drives it, and the table of a long history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rural_forecast.forecasting.caveats import past_whole_note
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.render import formats
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.source import read
from rural_forecast.text.wording import for_readers
from rural_forecast.views.answer import answer, caution, finding, points
from rural_forecast.views.project import document


def made(values: Sequence[float], unit: str = "", **options: int) -> Forecast:
    seen = tuple(Observation(Period(2025 - len(values) + at), float(value)) for at, value in enumerate(values))
    return forecast(Series("market", unit=unit, observations=seen), **{"horizon": 2, **options})


def ending_at(value: float, *history: float) -> str:
    """The answer of a forecast of a value, with 80 % intervals of a tenth to each side."""
    result = made(history)
    path = np.full(2, value)
    best = result.best._replace(values=path, lower=np.array([path * 0.9] * 2), upper=np.array([path * 1.1] * 2))
    return answer(replace(result, main=(best,)))


@pytest.mark.parametrize(
    ("value", "history", "change"),
    [
        (121, (50, 75, 100), "Growth slows from 41.4 % to 10.0 % a year"),
        (144, (100, 105, 110), "Growth quickens from 4.9 % to 14.4 % a year"),
        (121, (83, 91, 100), "Growth goes on at 10.0 % a year"),
        (81, (400, 200, 100), "The decline slows from 50.0 % to 10.0 % a year"),
        (81, (102, 101, 100), "The decline steepens from 1.0 % to 10.0 % a year"),
        (81, (81, 90, 100), "Growth of 11.1 % a year turns into a decline of 10.0 % a year"),
        (121, (121, 110, 100), "A decline of 9.1 % a year turns into growth of 10.0 % a year"),
    ],
)
def test_the_change_of_growth(value: float, history: Sequence[float], change: str) -> None:
    assert ending_at(value, *history).startswith(f"{change}; 2026 comes to {value}.0, most likely ")


@pytest.mark.parametrize("history", [(100, 100, 100), (-5, 4, 10), (42,)])
def test_no_growth_is_named_where_there_is_none(history: Sequence[float]) -> None:
    assert ending_at(100, *history).startswith("2026 comes to 100.0, most likely 90.0 to 110.0 (80 % interval)")


def test_a_wide_interval_takes_the_decimals_and_a_large_amount_another_unit() -> None:
    assert "comes to 656 bn CNY, most likely 381 to 1,307" in answer(forecast(read("turnover"), year=2018))
    large = answer(made([value * 1e9 for value in (180, 353, 482)], "CNY"))
    assert answer(made((180, 353, 482), "bn CNY")) == large
    assert " 12.34 tn CNY, most likely 11.90 to 13.19 (80 % interval)" in answer(
        made([12300, 12301, 12300.5], "bn CNY")
    )


def test_a_long_history_shows_its_last_ten_years() -> None:
    result = made([100 + at for at in range(30)])
    shown = document(result, brief=True).sections[0]
    assert [row[0] for row in shown.rows][:10] == list(range(2015, 2025))
    assert shown.caption == "20 earlier years, from 1995 on, with --history."
    assert shown.rows[0][-1] == pytest.approx(100 * (120 / 119 - 1))
    for options in ({"brief": True, "history": True}, {"brief": False}):
        assert len(document(result, **options).sections[0].rows) == 32


def test_a_hindcast_always_carries_its_caution() -> None:
    assert points(forecast(read("mofcom"), until=2020))[-1].startswith("Caution: the models were trained on data from")


def test_a_brief_table_leaves_out_the_notes_and_a_document_does_not() -> None:
    told = document(forecast(read("mofcom"), year=2028, kernels=True), brief=True)
    brief, whole = (str(formats.render(told, name)) for name in ("table", "markdown"))
    assert "3 more notes: --explain" in brief
    assert "Sources differ" not in brief
    assert "Sources differ" in whole
    assert whole.count("Another definition") == 1


def test_people_see_no_growth_across_zero_and_machines_see_it_as_before() -> None:
    told = document(made([5, 2, -3], horizon=1))
    assert [row[-1] for row in told.sections[0].rows[:3]] == [None, -60.0, None]
    machine = document(made([5, 2, -3], horizon=1), history=True).records
    assert [row[-2] for row in machine.rows[:3]] == [None, -60.0, -250.0]


@pytest.mark.parametrize(
    ("levels", "named"), [((80, 95), 80), ((30, 60, 90), 90), ((50, 80, 95), 80), ((70, 90), 90), ((30,), 30)]
)
def test_the_answer_names_the_level_nearest_to_80(levels: tuple[int, ...], named: int) -> None:
    result = forecast(read("turnover"), year=2018, levels=levels)
    place = levels.index(named)
    low, high = (round(float(side[place, -1])) for side in (result.best.lower, result.best.upper))
    assert f"most likely {low:,} to {high:,} ({named} % interval)" in answer(result)


def test_a_record_worse_than_the_last_value_is_in_the_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    result = forecast(read("turnover"), year=2018)
    assert not caution(result)
    record = corpus_record(result.history.values, "consensus", 2)
    assert record
    worse = record._replace(naive_smape=record.smape - 1)
    monkeypatch.setattr("rural_forecast.views.answer.corpus_record", lambda *_: worse)
    assert finding(result).startswith(f"{answer(result)} Caution: ")


def test_readers_of_a_page_are_not_told_what_to_type() -> None:
    note = past_whole_note(1.0)
    assert "--measure rate" in str(note)
    with for_readers():
        assert "--" not in str(note)
