"""The evidence beside a forecast: weights, the reference class, the record."""

from typing import Any

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.forecasting import precedents
from rural_forecast.forecasting.evidence import corpus_record, series_like
from rural_forecast.views import chart
from rural_forecast.views.precedents import explained, record_by_horizon
from rural_forecast.views.project import document


def test_weights_of_each_year_sum_to_one() -> None:
    result = rf.forecast(rf.read("rural_online_retail_mofcom"), year=2030)
    table = next(t for t in explained(document(result), result).sections if t.title.startswith("Weights"))
    for year in range(1, len(table.columns)):
        assert sum(row[year] for row in table.rows) == pytest.approx(100)


def test_the_reference_class_of_the_founding_series_is_told_with_its_count() -> None:
    result = rf.forecast(rf.read("rural_online_shopping_turnover"), year=2018)
    told = explained(document(result), result)
    assert "growth above 30 % a year" in told.notes[0].text
    like = series_like(result.history.values, 2)
    assert like is not None
    assert f"{like.next[-1].series:,} series" in told.notes[0].text
    table = next(t for t in told.sections if t.title.startswith("What series like this one"))
    for row in table.rows:
        quartiles = row[2:7]
        assert list(quartiles) == sorted(quartiles)


def test_a_picture_and_the_evidence_search_the_histories_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.forecasting.test_backtest import market

    searched: list[int] = []

    def counted(known: precedents.Histories, seen: int, *more: Any) -> Any:
        searched.append(seen)
        return windows(known, seen, *more)

    windows = precedents.windows
    monkeypatch.setattr(precedents, "windows", counted)
    result = rf.forecast(market(3, 5, 9, 14, 23), horizon=1)
    explained(document(result), result)
    chart.picture(result)
    assert searched == [4]


def test_a_series_the_corpus_does_not_know_is_told_so() -> None:
    from tests.forecasting.test_backtest import market

    result = rf.forecast(market(-3, 2, 5, 1))
    assert "it knows nothing" in explained(document(result), result).notes[0].text


def test_precedents_are_among_the_evidence_of_the_stated_kind() -> None:
    result = rf.forecast(rf.read("rural_online_shopping_turnover"), year=2018, kind="adoption")
    table = next(t for t in explained(document(result), result).sections if t.title.startswith("Real histories"))
    same = rf.precedents(rf.read("rural_online_shopping_turnover"), year=2018, kind="adoption")
    assert [row[0] for row in table.rows[1:]] == [one.name for one in same.nearest]
    far = rf.forecast(rf.read("rural_online_shopping_turnover"), horizon=11)
    assert not [t for t in explained(document(far), far).sections if t.title.startswith("Real histories")]


def test_the_record_counts_at_least_twenty_forecasts() -> None:
    values = np.array([10.0, 12, 15, 17, 20, 22])
    (table,) = record_by_horizon(values, 3, ["consensus", "theta"])
    assert [row[1] for row in table.rows if row[0] == "consensus"] == [1, 2, 3]
    assert all(row[2] >= 20 for row in table.rows)
    assert corpus_record(values, "consensus", 11) is None
