import json
from pathlib import Path

import numpy as np
import pytest

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.intervals import (
    MOST,
    consensus_factors,
    decline,
    intervals,
    margins,
    quiet,
)
from rural_forecast.forecasting.reference import BLOCK, MODEL, QUANTILES, outlook
from rural_forecast.forecasting.registry import get
from rural_forecast.forecasting.shape import pace
from rural_forecast.models import learned
from rural_forecast.models.base import answer
from rural_forecast.models.learned import numbers, rows
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
        np.testing.assert_allclose(
            answer(MODEL, values[row : row + 1], 8).points[0], batch[row], rtol=1e-12
        )


def test_one_point_is_answered_from_the_corpus_and_growth_fades_beyond_ten_years() -> None:
    points = answer(MODEL, np.array([[50.0]]), 5).points[0]
    assert np.all((points > 45) & (points < 80))
    logs = np.log(answer(MODEL, growing(20, 12), 40).points)
    late = np.abs(np.diff(logs[:, 30:])).max()
    early = np.abs(np.diff(logs[:, 9:14])).max()
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
    with pytest.raises(RuntimeError, match="does not match its checksum"):
        learned.numbers("scores")
    learned.use(whole)
    assert len(learned.numbers("scores")) == 50


def test_the_file_is_small_and_plain() -> None:
    path = learned._FOLDER / "learned.npy"
    assert path.stat().st_size <= 4_000_000
    arrays = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["arrays"]
    assert all(np.isfinite(learned.numbers(name)).all() for name in arrays)
    sizes = [
        learned.numbers(name).size * (int(kind[2]) // 4) for name, (_, _, kind) in arrays.items()
    ]
    assert sum(sizes) == len(np.load(path, allow_pickle=False))


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
        others = [name for name in names if name != "record"]
        assert all(np.array_equal(learned.numbers(name), before[name]) for name in others)
    finally:
        learned.use(shipped)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 7, 18])
def test_every_length_has_as_many_features(length: int) -> None:
    features = pace(np.random.default_rng(length).normal(0, 3, (5, length)))
    assert features.shape == (5, pace(np.zeros((5, 1))).shape[1])
    assert np.isfinite(features).all()


@pytest.mark.parametrize("length", [1, 2, 4, 10])
def test_a_small_move_of_a_change_moves_features_by_little(length: int) -> None:
    changes = np.random.default_rng(length).choice(
        [-1.0, -1e-3, 0.0, 1e-3, 1.0, 4.0], (300, length)
    )
    for column in range(length):
        moved = changes.copy()
        moved[:, column] += 1e-4
        assert np.abs(pace(moved) - pace(changes)).max() < 15e-4


def test_features_show_how_rough_a_path_is() -> None:
    rising, rough = pace(np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 2.0, 0.0]]))
    assert rising[2] < rough[2]
    assert rising[4] == 0


def test_made_up_windows_are_whole_positive_and_the_same_again_and_curves_have_a_value_a_year(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(curves, "COUNT", 300)
    first = curves.made_up(1)
    again = curves.made_up(1)
    assert all(
        np.array_equal(one, other) for one, other in zip(first.values, again.values, strict=True)
    )
    assert min(values.min() for values in first.values) > 0
    assert min(map(len, first.values)) >= 3
    assert np.isfinite(first.future).all()

    years = np.arange(-9, 11.0)
    for curve in (*curves.CURVES, curves.shocked):
        path = curve(years, np.random.default_rng(3))
        assert path.shape == years.shape
        assert np.isfinite(path).all()


LEVELS = tuple(range(50, 100))  # also between those of the learned tails


@pytest.mark.parametrize("name", rows("tails.members"))
@pytest.mark.parametrize("length", [3, 4, 9, 30])
def test_every_model_gets_an_interval_around_its_point(name: str, length: int) -> None:
    rng = np.random.default_rng(length)
    values = np.exp(np.cumsum(rng.normal(0.05, 0.1, (30, length)), axis=1))
    given = answer(get(name), values, 12)
    lower, upper = intervals(values, given.points, (50, 80, 95), name)
    points = np.broadcast_to(given.points[:, None], lower.shape)
    there = np.isfinite(points)
    assert np.isnan(lower[~there]).all()
    assert np.all(lower[there] < points[there])
    assert np.all(upper[there] > points[there])


def test_a_model_gets_the_factors_it_borrows_and_calm_series_are_known_better_than_wild_ones() -> (
    None
):
    values = np.array([[3.0, 4.0, 6.0]])
    points = np.array([[7.0, 8.0]])
    np.testing.assert_array_equal(
        intervals(values, points, (80,), "logistic")[1], intervals(values, points, (80,), "holt")[1]
    )

    calm = np.array([[100.0, 101.0, 102.0, 103.0, 104.5]])
    wild = np.array([[100.0, 160.0, 90.0, 170.0, 104.5]])
    points = np.array([[105.0, 106.0]])
    assert np.all(
        intervals(calm, points, (80,), "dot")[1] < intervals(wild, points, (80,), "dot")[1]
    )


@pytest.mark.parametrize("size", [1e306, 1.0, 1e-300])
@pytest.mark.parametrize("length", [1, 2, 3, 9])
def test_bounds_never_cross_whatever_the_size(size: float, length: int) -> None:
    rng = np.random.default_rng(length)
    for values in (
        rng.normal(0, size, (60, length)),
        np.maximum(np.round(rng.normal(0, 1, (60, length))), 0) * size,
    ):
        for name in ("reference", "naive", "drift", "consensus"):
            points = np.repeat(values[:, -1:], 12, axis=1)
            lower, upper = intervals(values, points, LEVELS, name)
            assert np.all(np.diff(lower, axis=1) <= 0)
            assert np.all(np.diff(upper, axis=1) >= 0)
            assert np.all((lower <= points[:, None]) & (points[:, None] <= upper))


def test_thirty_years_ahead_stays_within_the_thinkable() -> None:
    for history in ([100.0, 300.0], [180.0, 353.0, 482.0], [100.0, 120.0]):
        assert consensus(np.array([history]), 30, (80, 95)).upper[0, -1, -1] < 1e8


def test_a_smooth_decline_of_some_years_has_more_room_below() -> None:
    coefficients = numbers("tails.consensus")
    traits = outlook(0.95 ** np.arange(12.0)[None], 1).shape.traits
    assert decline(traits) > 0.8
    assert decline(outlook(1.05 ** np.arange(12.0)[None], 1).shape.traits) == 0
    assert decline(outlook(0.95 ** np.arange(3.0)[None], 1).shape.traits) == 0
    plain = np.concatenate([coefficients[:-1], np.zeros((1, coefficients.shape[1]))])
    wider = consensus_factors(coefficients, traits, 6) / consensus_factors(plain, traits, 6)
    assert np.all(wider[:, :, 2:4] > 1.1)
    np.testing.assert_array_equal(wider[:, :, 4:], 1.0)


def test_factors_move_smoothly_with_the_traits_and_are_bounded() -> None:
    coefficients = numbers("tails.consensus")
    traits = np.zeros((2, len(numbers("tails.consensus")) - 6))
    traits[1] += 1e-6
    near = consensus_factors(coefficients, traits, 12)
    assert np.abs(near[0] - near[1]).max() < 1e-4
    assert np.abs(np.log(consensus_factors(coefficients, traits + 1e3, 12))).max() <= MOST + 1e-9


def test_margins_shrink_with_the_points_and_are_larger_below_and_later() -> None:
    scale = np.array([0.01, 0.1, 9.0])
    sizes = np.abs([margins(points, scale, 6) for points in (3, 4, 5, 6, 8, 12)])
    assert np.all(np.diff(sizes, axis=0) <= 0)
    assert np.all(np.diff(sizes, axis=2) >= 0)
    assert np.all(sizes[..., :4] > sizes[..., :3:-1])
    assert np.all(sizes[:, 2] < 10 * sizes[:, 1])


def test_calm_after_a_take_off_and_a_straight_line_narrow_the_interval_and_noise_does_not() -> None:
    saturated = np.array([[47.0, 119, 269, 500, 731, 881, 953, 982, 993, 997, 999]])
    line = np.arange(10.0, 121.0, 10.0)[None]
    noise = np.exp(np.random.default_rng(1).normal(0, 0.1, (50, 12)))
    assert np.all(quiet(saturated)[:, 2] < 0.7)
    assert np.all(quiet(line)[:, 2] < 0.75)
    assert quiet(noise)[:, 2].mean() > 0.98
    assert np.all(quiet(line[:, -4:]) == 1)
    assert np.all(quiet(saturated)[:, 0] > quiet(saturated)[:, 2])
