"""The accuracy benchmark on data small enough to check by hand."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "accuracy"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Import a module of the benchmark as its script does."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.fixture
def dataset(load):
    histories = (np.array([1.0, 2.0, 4.0, 3.0, 5.0]), np.array([10.0, 10.0, 10.0]), np.array([6.0, 8.0, 7.0, 9.0]))
    test = np.array([[6.0, 7.0, 8.0, 9.0], [11.0, 12.0, np.nan, np.nan], [9.0, 9.0, 9.0, 9.0]])
    return load("datasets").Dataset("tiny", "Tiny", histories, test)


def naive_forecasts(scores: ModuleType, dataset):
    point = scores.last_value(dataset)
    return scores.Forecasts(point, np.stack([point - 1, point - 2], 1), np.stack([point + 1, point + 2], 1))


def test_naive_beats_itself_by_nothing(load, dataset) -> None:
    scores = load("scores")
    terms = scores.measure(dataset, naive_forecasts(scores, dataset))
    row = scores.summary(terms, terms)
    assert row["owa"] == pytest.approx(1)
    assert row["owa_se"] == pytest.approx(0)
    assert row["series"] == 3
    assert row["mase_series"] == 2  # the constant history has no scale


def test_terms_are_means_over_the_known_horizons(load, dataset) -> None:
    scores = load("scores")
    terms = scores.measure(dataset, naive_forecasts(scores, dataset))
    np.testing.assert_allclose(terms.mase, [2.5 / 1.5, np.nan, 0.0])
    np.testing.assert_allclose(terms.smape[1], (200 / 21 + 400 / 22) / 2)
    np.testing.assert_allclose(terms.coverage_80, [1 / 4, 1 / 2, 1])
    np.testing.assert_allclose(terms.coverage_95, [2 / 4, 1, 1])


def test_a_refusal_is_filled_and_counted(load, dataset) -> None:
    scores = load("scores")
    naive = naive_forecasts(scores, dataset)
    partial = scores.Forecasts(naive.point + 1, naive.lower.copy(), naive.upper.copy())
    partial.point[1] = np.nan
    partial.lower[2, 0, 0] = np.nan
    whole, answered = scores.completed(partial, naive)
    assert answered.tolist() == [True, False, True]
    np.testing.assert_array_equal(whole.point[1], naive.point[1])
    np.testing.assert_array_equal(whole.lower[2], naive.lower[2])
    assert scores.summary(scores.measure(dataset, whole, answered), scores.measure(dataset, naive))[
        "answered"
    ] == pytest.approx(2 / 3)


def test_owa_error_is_that_of_resampled_series(load) -> None:
    scores = load("scores")
    random = np.random.default_rng(1)
    naive = random.gamma(2.0, 5.0, (2, 400))
    ours = naive * random.uniform(0.5, 1.2, (2, 400))
    blank = np.zeros(400)

    def terms(rows: np.ndarray):
        return scores.Terms(blank[: rows.shape[1]], rows[0], rows[1], *(blank[: rows.shape[1]],) * 4)

    _, influence = scores.overall(terms(ours), terms(naive))
    error = scores.block_error(influence, None)
    draws = (random.integers(0, 400, 400) for _ in range(400))
    resampled = [scores.overall(terms(ours[:, rows]), terms(naive[:, rows]))[0] for rows in draws]
    assert error == pytest.approx(np.std(resampled), rel=0.15)


def test_blocks_of_related_series_and_pairs_change_the_error(load) -> None:
    scores = load("scores")
    values = np.repeat(np.random.default_rng(1).normal(size=40), 5)
    alone = scores.block_error(values, None)
    assert scores.block_error(values, np.arange(200)) == pytest.approx(alone)
    assert scores.block_error(values, np.arange(200) // 5) == pytest.approx(alone * np.sqrt(5), rel=0.02)
    naive = scores.Terms(*(np.full(200, 10.0),) * 7)
    ours = naive._replace(smape=9 + values, mase=9 + values)
    theirs = naive._replace(smape=9.5 + values, mase=9.5 + values)
    lead, error = scores.margin(theirs, ours, naive, np.arange(200) // 5)
    assert lead == pytest.approx(0.05)
    assert error == pytest.approx(0, abs=1e-9)


def test_a_cut_keeps_the_last_points_and_drops_shorter_histories(load, dataset) -> None:
    cut = load("datasets").cut(dataset, 4)
    assert [history.tolist() for history in cut.train] == [[2, 4, 3, 5], [6, 8, 7, 9]]
    assert cut.test.tolist() == [[6, 7, 8], [9, 9, 9]]


def test_the_fastest_tenth_is_by_growth_over_five_points(load) -> None:
    datasets = load("datasets")
    histories = tuple(np.array([100.0, 1.0, 1.0, 1.0, 1.0, 1.0 + rate]) for rate in range(20))
    chosen = datasets.fastest_tenth([datasets.Dataset("a", "A", histories, np.ones((20, 2)))])
    assert np.flatnonzero(chosen).tolist() == [18, 19]


def test_the_readme_table_goes_between_its_markers(load, tmp_path: Path) -> None:
    tables = load("tables")
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- accuracy -->\nold\n<!-- /accuracy -->\nafter\n", encoding="utf-8")
    assert tables.put_between_markers(path, "accuracy", "new\n")
    assert path.read_text(encoding="utf-8") == "before\n<!-- accuracy -->\nnew\n<!-- /accuracy -->\nafter\n"
    path.write_text("no markers", encoding="utf-8")
    assert not tables.put_between_markers(path, "accuracy", "new\n")
    assert path.read_text(encoding="utf-8") == "no markers"


@pytest.mark.parametrize(
    "name",
    ["run", "builds", "forward", "shocks", "calibration", "kinds", "precedents", "shapes", "targets"],
)
def test_every_script_finds_what_it_imports(load, name: str) -> None:
    assert callable(load(name).main)
