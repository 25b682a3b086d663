"""The accuracy benchmark on data small enough to check by hand."""

import ast
import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "benchmarks" / "accuracy"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Import a module of the benchmark as its script does."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.fixture
def dataset(load):
    histories = (
        np.array([1.0, 2.0, 4.0, 3.0, 5.0]),
        np.array([10.0, 10.0, 10.0]),
        np.array([6.0, 8.0, 7.0, 9.0]),
    )
    test = np.array([[6.0, 7.0, 8.0, 9.0], [11.0, 12.0, np.nan, np.nan], [9.0, 9.0, 9.0, 9.0]])
    return load("datasets").Dataset("tiny", "Tiny", histories, test)


def test_terms_are_means_over_the_known_horizons_and_naive_beats_itself_by_nothing(
    load, dataset
) -> None:
    scores = load("scores")
    point = scores.last_value(dataset)
    bounds = (np.stack([point + side, point + 2 * side], 1) for side in (-1, 1))
    terms = scores.measure(dataset, scores.Forecasts(point, *bounds))
    row = scores.summary(terms, terms)
    assert (row["owa"], row["owa_se"]) == (pytest.approx(1), pytest.approx(0))
    assert (row["series"], row["mase_series"]) == (3, 2)  # the constant history has no scale
    np.testing.assert_allclose(terms.mase, [2.5 / 1.5, np.nan, 0.0])
    np.testing.assert_allclose(terms.smape[1], (200 / 21 + 400 / 22) / 2)
    np.testing.assert_allclose(terms.coverage_80, [1 / 4, 1 / 2, 1])
    np.testing.assert_allclose(terms.coverage_95, [2 / 4, 1, 1])


def test_owa_error_is_that_of_resampled_series(load) -> None:
    scores = load("scores")
    random = np.random.default_rng(1)
    naive = random.gamma(2.0, 5.0, (2, 400))
    ours = naive * random.uniform(0.5, 1.2, (2, 400))
    blank = np.zeros(400)

    def terms(rows: np.ndarray):
        return scores.Terms(
            blank[: rows.shape[1]], rows[0], rows[1], *(blank[: rows.shape[1]],) * 4
        )

    _, influence = scores.overall(terms(ours), terms(naive))
    error = scores.block_error(influence, None)
    draws = (random.integers(0, 400, 400) for _ in range(400))
    resampled = [scores.overall(terms(ours[:, rows]), terms(naive[:, rows]))[0] for rows in draws]
    assert error == pytest.approx(np.std(resampled), rel=0.15)


@pytest.mark.parametrize(
    "name",
    [
        file.stem
        for file in FOLDER.glob("*.py")
        if file.stem != "peers" and "\ndef main(" in file.read_text()
    ],
)
def test_every_script_finds_what_it_imports(load, name: str) -> None:
    assert callable(load(name).main)


@pytest.mark.parametrize("folder", ["benchmarks", "training"])
def test_every_script_names_what_the_package_has(folder: str) -> None:
    """Most scripts need data or libraries of their own, so no test runs them."""
    for file in (ROOT / folder).rglob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text())))
        known = dict[str, ModuleType]()
        for node in nodes:
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and node.module.startswith("rural_forecast")
            ):
                for one in node.names:
                    scope: dict[str, object] = {}
                    exec(f"from {node.module} import {one.name} as found", scope)
                    if isinstance(found := scope["found"], ModuleType):
                        known[one.asname or one.name] = found
        for node in nodes:
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in known
            ):
                assert hasattr(known[node.value.id], node.attr), (
                    f"{file.name}:{node.lineno} {ast.unparse(node)}"
                )
