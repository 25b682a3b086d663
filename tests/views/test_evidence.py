"""The evidence behind a forecast: weights, the reference class, precedents, and past forecasts."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.cli.exhibited import exhibited_market
from rural_forecast.document.picture import Ranges
from rural_forecast.document.table import Table
from rural_forecast.forecasting import precedents, registry
from rural_forecast.forecasting.backtest import with_record
from rural_forecast.forecasting.evidence import corpus_record, series_like, subject_record
from rural_forecast.forecasting.past_record import Score
from rural_forecast.forecasting.result import Forecast
from rural_forecast.question.question import Question
from rural_forecast.views import backtest, chart, compare
from rural_forecast.views.backtest import held
from rural_forecast.views.exhibit import ExhibitedMarket, page
from rural_forecast.views.precedents import explained, record_by_horizon
from rural_forecast.views.project import document
from tests.inside import Cli
from tests.views.forecasts import forecast_of

BEATEN = "national_online_retail"
CLOSER = "A simpler method has been closer so far."


@pytest.fixture(scope="module")
def beaten() -> ExhibitedMarket:
    """A market whose past forecasts a simple method beats."""
    return exhibited_market(rf.read(BEATEN), Question(horizon=5), opinions=False)


def test_a_simpler_method_that_was_closer_is_noted_with_the_numbers_of_the_backtest(
    beaten: ExhibitedMarket,
) -> None:
    # Of each model the first score is that over all horizons.
    scores: dict[str, Score] = {}
    for score in rf.backtest(rf.read(BEATEN), horizon=5, models=["drift"]).scores:
        scores.setdefault(score.model, score)
    drift = f"sMAPE {scores['drift'].smape:.1f} %"
    ours = f"ours {scores['consensus'].smape:.1f} %"
    note = (
        f"Random walk with drift has been closer so far: {drift}, {ours}, "
        "one to five years ahead, in 9 years."
    )
    assert beaten.comparison.tested is not None
    assert note in map(str, document(with_record(beaten.forecast)).notes)
    assert note in map(str, compare.document(beaten.comparison).notes)


def test_pages_name_a_closer_method_without_its_numbers(beaten: ExhibitedMarket) -> None:
    (sheet,) = page([beaten], appendix=False).sheets
    assert CLOSER in sheet.risks


def test_pictures_name_a_closer_method_without_its_numbers(beaten: ExhibitedMarket) -> None:
    assert CLOSER in chart.picture(with_record(beaten.forecast)).notes


@pytest.mark.parametrize(
    ("outside", "years", "verdict"),
    [
        (0, 10, ", too few to say more"),
        (0, 20, ", so it was too wide"),
        (8, 20, ", so it was too narrow"),
        (4, 20, "years"),
    ],
)
def test_a_coverage_is_judged_by_distinct_years(outside: int, years: int, verdict: str) -> None:
    result = rf.backtest(rf.read("mofcom"), horizon=1, models=["naive"])
    trial = next(trial for trial in result.trials if trial.model == "consensus")
    above = (9e9,) * len(trial.lower)
    inside = trial._replace(lower=(0.0,) * len(trial.lower), upper=above)
    missed = trial._replace(lower=above)
    trials = [
        (inside if year >= outside else missed)._replace(origin=year) for year in range(years)
    ]
    sentence = held(replace(result, trials=(*trials, *trials)))
    assert f"in {years} years" in sentence
    assert f"{2 * (years - outside)} " in sentence
    assert sentence.endswith(verdict)


def test_a_screen_shows_the_models_that_matter_or_all_of_them(cli: Cli) -> None:
    few = models_shown(cli)
    every = models_shown(cli, "--all-models")
    assert len(few) < len(every)
    assert {*few, "theta"} <= {*every}


def models_shown(cli: Cli, *more: str) -> list[str]:
    text = cli("compare", "turnover", "--year", "2018", "--format", "table", *more).out
    lines = text.partition("\nModel ")[2].splitlines()
    names = {"consensus", *registry.names()}
    return [line.partition(" ")[0] for line in lines if line.partition(" ")[0] in names]


def section(result: Forecast, title: str) -> Table | None:
    """A table of the evidence."""
    sections = explained(document(result), result).sections
    return next((table for table in sections if table.title.startswith(title)), None)


@pytest.mark.slow
def test_a_screen_of_models_accounts_for_all_of_the_weight(cli: Cli) -> None:
    text = cli("compare", "mofcom", "--format", "table").out
    rows = text.partition("Weight")[2].partition("\n\n")[0]
    weights = [int(weight) for weight in re.findall(r" (\d+) %", rows)]
    assert " others " in text
    assert sum(weights) == 100


def test_one_model_is_the_closest_in_the_headline_and_the_note(beaten: ExhibitedMarket) -> None:
    shown = compare.document(beaten.comparison)
    assert "closest so far: random walk with drift, by the sMAPE" in shown.summary[-1]
    assert any(str(note).startswith("Random walk with drift has") for note in shown.notes)


def test_weights_of_a_year_sum_to_one() -> None:
    weights = section(rf.forecast("mofcom", year=2030), "Weights")
    assert weights is not None
    for year in range(1, len(weights.columns)):
        assert sum(row[year] for row in weights.rows) == pytest.approx(1)  # type: ignore[misc]


def test_the_reference_class_is_described_with_its_count() -> None:
    result = rf.forecast("turnover", year=2018)
    note = explained(document(result), result).notes[0].text
    like = series_like(result.history.values, 2)
    assert like is not None
    assert "growth above 30 % a year" in note
    assert f"{like.next[-1].series:,} series" in note


def test_quantiles_of_the_reference_class_rise() -> None:
    table = section(rf.forecast("turnover", year=2018), "What series like this one")
    assert table is not None
    assert all(list(row[2:7]) == sorted(row[2:7]) for row in table.rows)  # type: ignore[type-var]


def test_a_series_unlike_the_corpus_has_no_reference_class() -> None:
    unlike = forecast_of([-3, 2, 5, 1])
    assert "it knows nothing" in explained(document(unlike), unlike).notes[0].text


def test_a_picture_and_the_evidence_search_the_histories_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[int] = []
    distances = precedents.distances

    def counted(changes: Any, *more: Any) -> Any:
        searched.append(len(changes))
        return distances(changes, *more)

    monkeypatch.setattr(precedents, "distances", counted)
    result = forecast_of([3, 5, 9, 14, 23], horizon=1)
    explained(document(result), result)
    chart.picture(result)
    assert searched == [4]


def test_the_evidence_has_precedents_of_the_stated_kind() -> None:
    table = section(rf.forecast("turnover", year=2018, kind="adoption"), "Real histories")
    same = rf.precedents(rf.read("turnover"), year=2018, kind="adoption")
    assert table is not None
    assert [row[0] for row in table.rows[1:]] == [precedent.name for precedent in same.nearest]


def test_a_far_target_has_no_precedents() -> None:
    assert section(rf.forecast("turnover", horizon=11), "Real histories") is None


RISING = np.array([10.0, 12, 15, 17, 20, 22])


def test_a_record_has_each_horizon_of_the_consensus() -> None:
    (table,) = record_by_horizon(RISING, 3, ["consensus", "theta"])
    assert [row[1] for row in table.rows if row[0] == "consensus"] == [1, 2, 3]


def test_a_record_rests_on_twenty_forecasts_at_least() -> None:
    (table,) = record_by_horizon(RISING, 3, ["consensus", "theta"])
    assert all(row[2] >= 20 for row in table.rows)  # type: ignore[operator]


def test_a_subject_has_the_record_of_series_about_it_first() -> None:
    own, every = record_by_horizon(RISING, 3, ["consensus", "theta"], "retail")
    assert own.title == "Record on similar series: retail sales"
    assert every.title == "Record on similar series of every subject"
    assert [row[0] for row in own.rows] == ["consensus"] * 3
    record = subject_record(RISING, "retail", 1)
    assert record is not None
    assert own.rows[0][2] == record.windows >= 20
    assert record.windows != every.rows[0][2]


def test_without_a_record_of_the_subject_that_of_every_subject_is_shown() -> None:
    fast = np.array([10.0, 15, 22, 33])  # as no population grows
    assert subject_record(fast, "population", 1) is None
    (table,) = record_by_horizon(fast, 1, ["consensus"], "population")
    assert table.title == "Record on similar series of every subject"


def test_the_evidence_and_the_backtest_have_the_record_of_the_subject() -> None:
    title = "Record on similar series: adoption of a technology"
    about_it = section(rf.forecast("turnover", year=2017), title)
    assert about_it is not None
    tested = backtest.document(rf.backtest("turnover", horizon=1))
    assert about_it.rows in [table.rows for table in tested.sections if table.title == title]
    assert section(rf.forecast("turnover", year=2017, kind="none"), title) is None


def test_the_record_ends_at_ten_years() -> None:
    assert corpus_record(RISING, "consensus", 11) is None


def test_a_picture_of_models_draws_the_lowest_and_the_highest_answer(
    beaten: ExhibitedMarket,
) -> None:
    drawn = compare.picture(beaten.comparison)
    assert isinstance(drawn.plot, Ranges)
    answers = [line.given.last for line in beaten.comparison.lines if line.given.answers]
    values = [row.value for row in drawn.plot.rows if row.value is not None]
    assert (min(values), max(values)) == (min(answers), max(answers))


def test_a_picture_of_past_forecasts_has_those_of_the_method_that_was_closer() -> None:
    drawn = backtest.picture(rf.backtest(rf.read("mofcom"), horizon=3, basis="levels"))
    assert isinstance(drawn.plot, Ranges)
    assert "a straight line has been closer" in drawn.title
    assert drawn.plot.heads[-1] == "straight line"
    assert all(row.texts[-1] for row in drawn.plot.rows)


def test_a_picture_of_past_forecasts_has_no_other_method_where_none_was_closer() -> None:
    drawn = backtest.picture(rf.backtest(rf.read("mofcom"), horizon=3))
    assert isinstance(drawn.plot, Ranges)
    assert "straight line" not in (drawn.title, *drawn.plot.heads)
