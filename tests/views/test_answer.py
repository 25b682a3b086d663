"""The answer in one sentence, what drives it, and the table of a long history."""

import re
from collections.abc import Sequence
from math import floor, log10

import pytest

from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.forecasting.forecast import forecast, past_whole_note
from rural_forecast.forecasting.result import Forecast
from rural_forecast.render import formats
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.source import read
from rural_forecast.views.answer import caution, heading, points
from rural_forecast.views.project import document
from tests.models.real_series import real_series


def made(values: Sequence[float], unit: str = "", **options: int) -> Forecast:
    seen = tuple(Observation(Period(2025 - len(values) + at), float(value)) for at, value in enumerate(values))
    return forecast(Series("market", unit=unit, observations=seen), **{"horizon": 2, **options})


@pytest.mark.slow
def test_every_claim_follows_from_the_rows_of_real_series() -> None:
    """Recompute the claims from the machine rows, by the sentence alone."""
    for name, values in list(real_series().items())[:80]:
        years = range(2024 - len(values) + 1, 2025)
        seen = tuple(Observation(Period(year), float(value)) for year, value in zip(years, values, strict=True))
        shown = document(forecast(Series(name, observations=seen), horizon=1 + len(values) % 4), history=True)
        rows = {
            int(str(row[1])): [float(str(cell)) for cell in row[4:7] if cell is not None] for row in shown.records.rows
        }
        target = max(rows)
        value, low, high = rows[target]
        said = " ".join((shown.title, *shown.summary))
        about = re.search(
            r": about (\S+) in (\d+) Four chances in five that it lies between (\S+) and (\S+)\.( |$)", said
        )
        assert about, said
        assert len(shown.title.split()) <= 12
        assert int(about[2]) == target
        assert float(about[1].replace(",", "")) == pytest.approx(value, abs=0.51 * step_of(value, low, high))
        for text, number in zip((about[3], about[4]), (low, high), strict=True):
            assert float(text.replace(",", "")) == pytest.approx(number, abs=0.51 * step_of(value, low, high))


def step_of(value: float, low: float, high: float) -> float:
    """What the headline rounds to: two significant digits of a wide range, three of another."""
    wide = (high - low) / 2 > abs(value) / 5
    size = max(abs(value), (high - low) / 6)
    return float(10.0 ** (floor(log10(size)) - (1 if wide else 2)))


def test_a_long_history_shows_its_last_two_years() -> None:
    result = made([100 + at for at in range(30)])
    shown = document(result, brief=True).sections[0]
    assert [row[0] for row in shown.rows] == [2023, 2024, 2025, 2026]
    assert shown.rows[0][-1] == pytest.approx(100 * (128 / 127 - 1))
    for options in ({"brief": True, "history": True}, {"brief": False}):
        assert len(document(result, **options).sections[0].rows) == 32


def test_a_hindcast_always_carries_its_caution() -> None:
    assert points(forecast(read("mofcom"), until=2020))[-1].startswith("The models were trained on data from")


def test_a_brief_table_leaves_out_the_notes_and_a_document_does_not() -> None:
    told = document(forecast(read("mofcom"), year=2028, kernels=True), brief=True)
    brief, whole = (str(formats.render(told, name)) for name in ("table", "markdown"))
    assert "More: --explain (3 more notes), --level 95, --all-models" in brief
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
    low, high = (round(float(side[place, -1]), -1) for side in (result.best.lower, result.best.upper))
    chances = {80: "Four chances in five", 90: "Nine chances in ten"}.get(named, f"{named} chances in 100")
    assert f"{chances} that it lies between {low:,.0f} and {high:,.0f} bn CNY." == heading(result).range


def test_a_record_worse_than_the_last_value_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    result = forecast(read("turnover"), year=2018)
    assert not caution(result)
    record = corpus_record(result.history.values, "consensus", 2)
    assert record
    worse = record._replace(naive_smape=record.smape - 1)
    monkeypatch.setattr("rural_forecast.views.answer.corpus_record", lambda *_: worse)
    assert caution(result).startswith("Caution: ")
    assert caution(result) in document(result).summary


def test_readers_of_a_page_are_not_told_what_to_type() -> None:
    note = past_whole_note(1.0)
    assert "--measure rate" in str(note)
    assert "--" not in note.without_advice
