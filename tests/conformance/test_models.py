"""Properties of every registered model, whatever its method; rounding never chooses.

What is equal but for the last digits gets forecasts equal but for them. Short series of whole
numbers tie often: a weight that no error depends on, two valleys of one depth, a minimum that lies
on a bound, a line that meets zero. Another unit, NumPy or processor rounds each the other way.
"""

import re
from functools import cache

import numpy as np
import pytest

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.registry import MODELS
from rural_forecast.forecasting.weights import WEIGHED
from rural_forecast.models.base import Answer, Model, Reason, answer

HORIZON = 6
LEVELS = (80, 95)
CEILING = (3000.0, 9000.0)
KERNELS = [model for model in MODELS if model.fit is not None]
OPINIONS = [model for model in MODELS if model.own_forecast is not None]
LENGTHS = (*range(1, 13), 16, 20, 25, 30)


def named(models: list[Model] | tuple[Model, ...]) -> pytest.MarkDecorator:
    """A test of each; the libraries are slow."""
    every = [
        pytest.param(model, marks=() if model.fit else pytest.mark.slow, id=model.name)
        for model in models
    ]
    return pytest.mark.parametrize("model", every)


def growing(count: int, length: int, seed: int = 7) -> np.ndarray:
    """Positive series around 100 to 1000 that mostly grow, below the ceiling."""
    noise = np.random.default_rng(seed)
    rates = noise.normal(0.05, 0.03, (count, 1)) + noise.normal(0.0, 0.06, (count, length))
    return 100.0 + np.abs(np.exp(4.0 + np.cumsum(rates, axis=1)))


def ask(model: Model, values: np.ndarray, ceiling: tuple[float, float] = CEILING) -> Answer:
    return answer(model, values, HORIZON, LEVELS, ceiling)


@cache
def usual(model: Model, length: int) -> tuple[np.ndarray, Answer]:
    """Growing series of that length and the answer to them, which several tests look at."""
    values = growing(40 if model.fit else 2, length)
    values.flags.writeable = False
    return values, ask(model, values)


def check(model: Model, values: np.ndarray, given: Answer) -> None:
    """Points up to a year, with a reason where they end; none at or below zero from a positive
    history.
    """
    assert given.points.shape == (len(values), HORIZON)
    assert given.reasons.shape == (len(values),)
    for row, points, code in zip(values, given.points, given.reasons, strict=True):
        assert Reason(code).words or code == 0
        there = np.isfinite(points)
        assert np.all(there[:-1] >= there[1:])
        assert there.all() == (code == 0)
        assert row.min() <= 0 or np.all(points[there] > 0)
    if given.lower.shape[1]:
        answers = given.reasons == 0
        lower = given.lower[answers]
        points = given.points[answers][:, None]
        upper = given.upper[answers]
        assert np.all((lower < points) & (points < upper))
        assert np.all((upper - lower)[:, 1] >= (upper - lower)[:, 0])
        positive = answers & (values.min(axis=1) > 0)
        assert np.all(given.lower[positive] >= 0)


@named(MODELS)
def test_every_field_is_filled(model: Model) -> None:
    assert re.fullmatch("[a-z][a-z_0-9]*", model.name)
    assert all((model.title, model.formula, model.assumes, model.reference, model.min_points))
    assert (model.fit is None) != (model.own_forecast is None)
    assert model.role == "opinion" or model.own_forecast is None
    assert (model.role == "member") == (model.name in WEIGHED)
    assert all(entry.meaning and entry.lower <= entry.upper for entry in model.parameters)


@named(MODELS)
def test_any_length_gets_points_or_a_reason(model: Model) -> None:
    for length in LENGTHS:
        values, given = usual(model, length)
        check(model, values, given)
        if length < model.min_points:
            assert set(given.reasons) == {Reason.TOO_SHORT}
        else:
            assert (given.reasons == 0).mean() > 0.6


@named(MODELS)
@pytest.mark.parametrize("length", [1, 2, 3, 4, 8, 12])
def test_odd_series_get_points_or_a_reason(model: Model, length: int) -> None:
    steps = np.arange(1.0, length + 1)
    huge = np.ones(length)
    late = np.zeros(length)
    huge[length // 2], late[-1] = 1e15, 5.0
    lines = [
        np.full(length, 7.0),
        np.zeros(length),
        -steps,
        steps,
        steps[::-1],
        (-1.0) ** steps,
        1.0 + 1e-14 * steps,
    ]
    jumps = [huge, huge[::-1], late, 1e-300 * steps, 1e150 * steps, 3.0**-steps, 4.0**steps]
    odd = np.stack([*lines, *jumps])
    check(model, odd, ask(model, odd))


@named(MODELS)
def test_zeros_and_negatives_step_aside_only_where_values_must_be_positive(model: Model) -> None:
    values = np.array(
        [[0.0, 3.0, 4.0, 4.5, 6.0, 7.0, 6.5, 9.0], [-4.0, 3.0, 4.0, 4.5, 6.0, 7.0, 6.5, 9.0]]
    )
    given = ask(model, values)
    check(model, values, given)
    assert set(given.reasons) == {Reason.NOT_POSITIVE if model.positive else Reason.ANSWERS}


@named(MODELS)
@pytest.mark.parametrize("length", [3, 5, 12])
def test_the_unit_does_not_matter(model: Model, length: int) -> None:
    values, here = usual(model, length)
    for unit in (1e9, 1e-9, 3.7):
        there = ask(model, values * unit, (CEILING[0] * unit, CEILING[1] * unit))
        assert (here.message, here.reasons.tolist()) == (there.message, there.reasons.tolist())
        for name in ("points", "lower", "upper"):
            assert np.allclose(
                getattr(there, name), getattr(here, name) * unit, rtol=1e-9, atol=0, equal_nan=True
            )


@named(MODELS)
@pytest.mark.parametrize("length", [3, 4, 6, 11])
def test_a_series_alone_in_a_batch_in_any_order_and_again_is_the_same(
    model: Model, length: int
) -> None:
    """The values are read-only, so that a model that writes to them fails."""
    values, whole = usual(model, length)
    again = ask(model, values)
    assert (whole.points.tobytes(), whole.lower.tobytes()) == (
        again.points.tobytes(),
        again.lower.tobytes(),
    )
    order = np.random.default_rng(1).permutation(len(values))
    shuffled = ask(model, values[order])
    assert whole.points[order].tobytes() == shuffled.points.tobytes()
    assert np.array_equal(whole.reasons[order], shuffled.reasons)
    for i in range(min(8, len(values))):
        alone = ask(model, values[i : i + 1])
        assert np.allclose(alone.points[0], whole.points[i], rtol=1e-12, atol=0, equal_nan=True)
        assert alone.reasons[0] == whole.reasons[i]


@named(KERNELS)
def test_a_fit_keeps_its_parameters_within_bounds(model: Model) -> None:
    declared = {entry.name: entry for entry in model.parameters}
    for points in (0, 1, 4, 16):
        values = growing(40, model.min_points + points)
        assert model.fit is not None
        fit = model.fit(values, CEILING) if model.role == "curve" else model.fit(values)
        assert set(fit.parameters) == set(declared)
        for name, numbers in fit.parameters.items():
            assert numbers.shape == (len(values),)
            assert np.all((numbers >= declared[name].lower) & (numbers <= declared[name].upper))


@named([model for model in MODELS if model.role == "curve"])
def test_a_curve_needs_a_ceiling_above_the_last_value(model: Model) -> None:
    values = growing(5, 8)
    assert set(answer(model, values, HORIZON).reasons) == {Reason.NO_CEILING}
    assert set(ask(model, values, (50.0, 60.0)).reasons) == {Reason.ABOVE_CEILING}
    assert np.nanmax(ask(model, values).points) <= np.sqrt(CEILING[0] * CEILING[1])


@named(OPINIONS)
def test_a_library_never_prints_nor_warns(model: Model, capfd: pytest.CaptureFixture[str]) -> None:
    moved_by_rounding = np.array([[0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2]])
    assert set(ask(model, moved_by_rounding).reasons) == {Reason.CONSTANT}
    for length in (3, 5, 9):
        ask(model, np.arange(1.0, length + 1)[None])
        assert ask(model, growing(3, length)).message
    assert capfd.readouterr() == ("", "")


TIED = {
    "a jump at the end, which no weight foresees": (3.0, 3.0, 3.0, 8.0),
    "the same, of many digits": (0.1, 0.1, 0.1, 0.1, 0.7),
    "a step, which any weight follows": (3.0, 3.0, 8.0, 8.0),
    "a stationary point at a bound": (3.0, 2.0, 2.0, 1.0, 1.0, 3.0),
    "the same on logarithms": (4.0, 1.0, 1.0, 2.0),
    "a valley that ends where a weight vanishes": (2.0, 2.0, 4.0, 3.0),
    "two valleys of one depth": (4.0, 3.0, 1.0, 1.0, 4.0),
    "the same with negative values": (-3.0, 1.0, 3.0, 1.0, -3.0),
    "the same with zeros": (0.0, 1.0, 2.0, 2.0, 0.0),
    "a line that meets zero after ten years": (6.0, 5.0, 5.0),
    "the same of theta": (5.0, 4.0, 3.0, 1.0, 1.0, 3.0),
    "a fitted trend that meets zero": (3.0, 2.0, 4.0, 2.0),
    "a trend that rests at zero": (1.0, 3.0, 1.0, 3.0, 0.0),
}


def shaken(block: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """The same series in other units and with other last digits, with the unit."""
    noise = np.random.default_rng(3)
    other = [(block * unit, unit) for unit in (3.7, 1 / 3, 1e12, 1e-12)]
    return other + [
        (block * (1.0 + 1e-15 * noise.integers(-2, 3, block.shape)), 1.0) for _ in range(4)
    ]


def check_shaken(block: np.ndarray) -> None:
    """The consensus and every kernel say the same of the block, whatever the unit and the last
    digits.
    """
    models = [
        model for model in KERNELS if model.role != "curve" and block.shape[1] >= model.min_points
    ]
    joint = consensus(block, HORIZON, LEVELS)
    alone = [answer(model, block, HORIZON) for model in models]
    size = np.abs(block).max(axis=1)
    for values, unit in shaken(block):
        other = consensus(values, HORIZON, LEVELS)
        assert np.array_equal(np.isnan(joint.points), np.isnan(other.points))
        for part in ("point", "lower", "upper"):
            told = getattr(joint, part)
            again = getattr(other, part) / unit
            room = 1e-9 * np.maximum(np.abs(told), size.reshape(-1, *[1] * (told.ndim - 1)))
            assert np.all(np.abs(again - told) <= room)
        for model, here in zip(models, alone, strict=True):
            there = answer(model, values, HORIZON)
            assert np.array_equal(here.reasons, there.reasons)
            room = 1e-9 * np.maximum(np.abs(here.points), size[:, None])
            assert np.all(
                (np.abs(there.points / unit - here.points) <= room) | (here.reasons != 0)[:, None]
            )


@pytest.mark.slow
@pytest.mark.parametrize("name", TIED)
def test_ties_are_settled_by_rule(name: str) -> None:
    check_shaken(np.array([TIED[name]]))


@pytest.mark.slow
@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 9, 20])
def test_series_of_whole_numbers(length: int) -> None:
    """Runs of small whole numbers, where ties are common."""
    noise = np.random.default_rng(11)
    runs = [noise.integers(1, 6, (60, length)), noise.integers(-3, 4, (20, length))]
    check_shaken(np.concatenate(runs).astype(float))


@named([model for model in KERNELS if model.positive and model.role != "curve"])
def test_a_path_near_zero_is_not_cut_by_mistake(model: Model) -> None:
    """A series that falls by a constant share is far above zero each year, however little is left
    of it.
    """
    given = answer(model, np.array([1e6 * 0.01 ** np.arange(8.0)]), HORIZON)
    assert np.all(given.reasons == 0)
    assert given.points.min() > 0
