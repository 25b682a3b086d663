"""Precedents: the nearest real histories, whatever the unit, one a place, with what came next."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import ModelError, UsageError
from rural_forecast.forecasting.evidence import corpus_record, series_like
from rural_forecast.forecasting.precedents import distances, histories, kinds, nearest
from rural_forecast.models.learned import rows
from rural_forecast.observed.observation import Series
from rural_forecast.views import project
from rural_forecast.views.precedents import document, explained
from tests.observed.build import market, series

GROWTH = st.lists(st.floats(-0.5, 1.0), min_size=2, max_size=12).filter(
    lambda changes: max(map(abs, changes)) > 1e-2
)


@pytest.fixture
def founding() -> Series:
    return rf.read("rural_online_shopping_turnover")


def test_a_shipped_history_is_its_own_nearest_precedent() -> None:
    corpus = histories()
    row = int(np.flatnonzero(corpus.length > 20)[7])
    begin = int(corpus.length[:row].sum())
    changes = corpus.changes[begin : begin + 20]
    nearby, _ = nearest(np.exp(np.cumsum([0.0, *changes[:12]])), 3)
    assert nearby[0].name == f"{corpus.what[row]}, {corpus.where[row]}"
    assert nearby[0].distance == pytest.approx(0, abs=1e-9)
    assert nearby[0].to_year == corpus.first_year[row] + 12
    assert nearby[0].from_year == nearby[0].to_year - 8
    assert nearby[0].before == pytest.approx(changes[4:12])
    assert nearby[0].after == pytest.approx(changes[12:15])


@settings(max_examples=settings.default.max_examples // 5)  # each searches all histories twice
@given(GROWTH, st.floats(1e-3, 1e9), st.integers(1, 10))
def test_the_unit_of_a_series_does_not_matter_and_the_nearest_come_first(
    changes: list[float], unit: float, horizon: int
) -> None:
    values = np.exp(np.cumsum([0.0, *changes]))
    nearby, windows = nearest(values, horizon)
    scaled, _ = nearest(values * unit, horizon)
    assert [one.distance for one in nearby] == pytest.approx(
        [one.distance for one in scaled], abs=1e-6
    )
    assert [one.distance for one in nearby] == sorted(one.distance for one in nearby)
    assert len({one.name.split(", ")[-1] for one in nearby}) == len(nearby) == 8
    assert all(len(one.after) == horizon for one in nearby)
    assert windows > 10_000


def test_distance_grows_with_every_year_that_differs_and_less_for_old_years() -> None:
    flat = np.array([0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.3])
    same, old, new = distances(np.array([0.1, 0.1, 0.1]), flat, np.array([0, 3, 6]))
    assert same == 0
    assert 0 < old < new


def test_a_kind_chooses_among_histories_none_stands_twice_and_pace_is_growth_a_year(
    founding: Series,
) -> None:
    two = rf.precedents(founding, horizon=2, count=1)
    first, second = np.exp(two.nearest[0].after)
    assert two.pace(0.5) == pytest.approx([100 * (first - 1), 100 * ((first * second) ** 0.5 - 1)])
    result = rf.precedents(founding, horizon=5, kind="adoption", count=30)
    assert {one.kind for one in result.nearest} == {"adoption"}
    assert len(result.nearest) == 30
    assert result.windows < rf.precedents(founding, horizon=5).windows
    assert "adoption" in kinds()


def test_histories_of_the_subject_of_a_series_come_first_and_others_follow() -> None:
    values = np.array([30.0, 31.0, 31.5, 33.0])
    every, compared = nearest(values, 2, count=60)
    first, all_of_them = nearest(values, 2, count=60, first="trade")
    assert compared == all_of_them
    kinds_in_order = [one.kind for one in first]
    others = [kind for kind in kinds_in_order if kind != "trade"]
    assert others == kinds_in_order[len(kinds_in_order) - len(others) :]
    assert {one.kind for one in every[:8]} != {"trade"}
    assert {one.kind for one in first[:8]} == {"trade"}


@pytest.mark.parametrize("kind", ["adoption", "retail", "none"])
def test_a_stated_subject_is_that_of_the_forecast_too(kind: str) -> None:
    values = {2014: 180.0, 2015: 353.0, 2016: 482.0}
    own = rf.precedents(values, horizon=3, kind=kind).forecast
    assert own.best.last == rf.forecast(values, horizon=3, kind=kind).best.last


def test_what_cannot_be_compared_is_refused(founding: Series) -> None:
    asked: dict[str, dict[str, Any]] = {
        "no kind of market 'adption'": {"kind": "adption"},
        "no count": {"count": 0},
    }
    for words, options in (asked | {"followed no further": {"horizon": 11}}).items():
        with pytest.raises(UsageError, match=words):
            rf.precedents(founding, **options)
    with pytest.raises(ModelError, match="3 positive values"):
        rf.precedents(founding, until=2015)
    for values in ((4.0, *(5.0,) * 9), (0.0, 4.0, 5.0)):  # the last nine are equal, one is zero
        with pytest.raises(ModelError, match="3 positive values that change"):
            rf.precedents(series({str(year): value for year, value in enumerate(values, 2010)}))


def test_a_share_has_no_precedent_beyond_its_bound() -> None:
    share = market("share", (60, 70, 78, 84, 89, 93), 2015, measure="rate", unit="percent")
    result = rf.precedents(share, horizon=4)
    assert len(result.nearest) == 8
    assert max(one.path(93.0).max() for one in result.nearest) <= 100
    assert (
        "it knows nothing"
        in explained(project.document(result.forecast), result.forecast).notes[0].text
    )


def test_precedents_that_contradict_say_so(founding: Series) -> None:
    result = rf.precedents(founding, year=2019)
    ours = np.log(result.forecast.best.last / result.forecast.history.last)
    more = sum(sum(one.after) > ours for one in result.nearest)
    title = (
        f"{max(more, 8 - more)} of 8 similar histories grew {'faster' if more >= 4 else 'slower'}"
    )
    assert document(result).title == f"Rural online shopping turnover: {title}"


GROWING = np.array([100.0, 108.0, 118.0, 127.0, 140.0, 151.0, 160.0])


def test_the_class_is_told_in_words_with_what_came_next() -> None:
    like = series_like(GROWING, 4)
    assert like is not None
    assert (like.length, like.growth, like.dispersion) == (
        "6 to 12 points",
        "growth of 8 to 15 % a year",
        "steady",
    )
    assert [one.horizon for one in like.next] == [1, 2, 3, 4]
    for one in like.next:
        assert one.series > 100
        assert one.growth_pct is not None
        assert list(one.growth_pct) == sorted(one.growth_pct)
        assert -20 < one.growth_pct[2] < 30


def test_nothing_is_like_a_single_point_or_zeros() -> None:
    for values in ([5.0], [1.0, 0.0, 2.0], [-1.0, -2.0, -3.0]):
        assert series_like(np.array(values), 3) is None
        assert corpus_record(np.array(values), "consensus", 1) is None


@pytest.mark.parametrize("model", rows("record"))
def test_the_record_of_every_model_is_plausible(model: str) -> None:
    record = corpus_record(GROWING, model, 2)
    assert record is not None
    assert record.windows >= 20
    assert model != "consensus" or record.smape < record.naive_smape
    assert corpus_record(GROWING, model, 11) is None
    assert 0 < record.smape < 40
    assert 0.7 < record.coverage_80 < 0.9
    assert 0.88 < record.coverage_95 < 0.99
