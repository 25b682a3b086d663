import json
from pathlib import Path

import numpy as np
import pytest

from rural_forecast.forecasting.reference import BLOCK, MODEL, QUANTILES, outlook
from rural_forecast.forecasting.shape import pace
from rural_forecast.models import learned
from rural_forecast.models.base import answer
from training import curves
from training.pack import pack


def growing(count: int, length: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.exp(np.cumsum(rng.normal(0.06, 0.08, (count, length)), axis=1))


def test_quantiles_rise_and_widen() -> None:
    view = outlook(growing(50, 10), 25)
    assert view.quantiles.shape == (50, 25, len(QUANTILES))
    assert np.all(np.diff(view.quantiles, axis=2) >= 0)
    spread = (view.quantiles[:, :, -1] - view.quantiles[:, :, 0]).mean(axis=0)
    assert np.all(np.diff(spread[9:]) > 0)


@pytest.mark.parametrize("length", [1, 2, 3, 10, 40])
def test_blocks_give_a_row_the_same_bits_anywhere(length: int) -> None:
    values = growing(BLOCK + 10, length)
    batch = answer(MODEL, values, 8).points
    for row in (0, BLOCK - 1, BLOCK + 9):
        np.testing.assert_allclose(answer(MODEL, values[row : row + 1], 8).points[0], batch[row], rtol=1e-12)


def test_one_point_is_answered_from_the_corpus() -> None:
    points = answer(MODEL, np.array([[50.0]]), 5).points[0]
    assert np.all((points > 45) & (points < 80))


def test_growth_fades_beyond_ten_years() -> None:
    logs = np.log(answer(MODEL, growing(20, 12), 40).points)
    late, early = np.abs(np.diff(logs[:, 30:])).max(), np.abs(np.diff(logs[:, 9:14])).max()
    assert late < 0.3 * early


def test_zeros_and_negatives_keep_part_of_their_mean_change() -> None:
    points = answer(MODEL, np.array([[-4.0, -2.0, 0.0, 2.0], [0.0, 0.0, 0.0, 0.0]]), 12).points
    assert np.all(np.diff(points[0]) >= 0)
    assert points[0, 0] > 2
    assert np.all(points[1] == 0)


def test_damaged_numbers_are_refused(tmp_path: Path) -> None:
    whole = learned._FOLDER
    raw = bytearray((whole / "learned.npy").read_bytes())
    raw[-1] ^= 1
    (tmp_path / "learned.npy").write_bytes(raw)
    (tmp_path / "learned.json").write_bytes((whole / "learned.json").read_bytes())
    learned.use(tmp_path)
    with pytest.raises(RuntimeError, match="does not match its digest"):
        learned.numbers("scores")
    learned.use(whole)
    assert len(learned.numbers("scores")) == 50


def test_the_file_is_small_and_plain() -> None:
    path = learned._FOLDER / "learned.npy"
    assert path.stat().st_size <= 4_000_000
    flat = np.load(path, allow_pickle=False)
    index = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert all(np.isfinite(learned.numbers(name)).all() for name in index["arrays"])
    assert sum(
        learned.numbers(name).size * (int(kind[2]) // 4) for name, (_, _, kind) in index["arrays"].items()
    ) == len(flat)


def test_arrays_that_are_packed_are_read_as_they_were(tmp_path: Path) -> None:
    shipped = learned._FOLDER
    new = np.array([[0.1, 1 / 3]], dtype=np.float32)
    index = json.loads((shipped / "learned.json").read_text(encoding="utf-8"))
    names = [name for name, (_, _, kind) in index["arrays"].items() if kind == "<f4"]
    before = {name: learned.numbers(name) for name in names}
    pack(before | {"record": new}, {"record": ["drift"]}, index["corpus"], tmp_path)
    learned.use(tmp_path)
    try:
        assert learned.numbers("record").tolist() == new.tolist()
        assert learned.rows("record") == ("drift",)
        assert all(np.array_equal(learned.numbers(name), before[name]) for name in names if name != "record")
    finally:
        learned.use(shipped)


@pytest.mark.parametrize("known", [0, 1, 2, 3, 7, 18])
def test_every_length_gives_the_same_number_of_finite_features(known: int) -> None:
    changes = np.random.default_rng(known).normal(0, 3, (5, known))
    features = pace(changes)
    assert features.shape == (5, pace(np.zeros((5, 1))).shape[1])
    assert np.isfinite(features).all()


@pytest.mark.parametrize("known", [1, 2, 4, 10])
def test_a_small_change_moves_a_feature_by_little(known: int) -> None:
    changes = np.random.default_rng(known).choice([-1.0, -1e-3, 0.0, 1e-3, 1.0, 4.0], (300, known))
    for place in range(known):
        moved = changes.copy()
        moved[:, place] += 1e-4
        assert np.abs(pace(moved) - pace(changes)).max() < 15e-4


def test_steady_growth_has_neither_bends_nor_residuals() -> None:
    rising, rough = pace(np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 2.0, 0.0]]))
    assert rising[2] < rough[2]
    assert rising[4] == 0


def test_made_up_windows_are_whole_positive_and_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "COUNT", 300)
    first, again = curves.made_up(1), curves.made_up(1)
    assert all(np.array_equal(one, other) for one, other in zip(first.values, again.values, strict=True))
    assert min(values.min() for values in first.values) > 0
    assert min(map(len, first.values)) >= 3
    assert np.isfinite(first.future).all()


@pytest.mark.parametrize("curve", [*curves.CURVES, curves.shocked])
def test_curves_have_a_value_a_year(curve: curves.Curve) -> None:
    years = np.arange(-9, 11.0)
    path = curve(years, np.random.default_rng(3))
    assert path.shape == years.shape
    assert np.isfinite(path).all()
