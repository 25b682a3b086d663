"""Make `kinds.json`: how markets of a stated kind differ from the consensus.

    python -m training.kinds --benchmarks FOLDER [--apart FOLDER]

Run it again when the consensus has changed. Windows of the training parts end at every origin and
are cut to a few points; those that grow less than 10 % a year do not count. Each technology counts
the same. `--apart` names a build of the learned numbers that never saw these sets (`training.build
--without ...`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import kinds
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import tail_scores
from rural_forecast.forecasting.intervals import HORIZON_EDGES, horizon_classes
from rural_forecast.forecasting.kinds import recent_growth
from rural_forecast.forecasting.shape import LEARNED
from rural_forecast.models import learned
from training.calibration import weighted_quantile
from training.corpus import padded, read

TECHNOLOGIES = {
    "cell_phones_total": "mobile",
    "broadband_subscribers": "broadband",
    "internet_users": "internet",
    "personal_computers_total": "computers",
    "solar_generation_twh": "solar",
    "solar_installed_capacity": "solar",
    "wind_generation_twh": "wind",
    "wind_installed_capacity": "wind",
}
SETS = ("gapminder_adoption", "gapminder_levels", "energy_adoption")
LEVELS = (50, 80, 95, 99)
"""Those of the tails, innermost first."""
SHORTEST = 3
MOST = 9000
"""Points of the shortest window, and windows of a technology."""
LEAST = 0.2
"""Smallest factor of a tail."""
LEAST_STRENGTH = 0.5  # the roots of weaker windows would be the outermost factors
SEED = 20261126


class KindWindows(NamedTuple):
    """Windows of one technology and length, with what came next and what the consensus says."""

    technology: str
    values: np.ndarray
    future: np.ndarray
    """Log ratios to the last value, NaN where unknown; shape (window, 10)."""
    point: np.ndarray
    """Log ratios, like both bounds of shape (window, level, 10)."""
    lower: np.ndarray
    upper: np.ndarray


def asked(technology: str, values: np.ndarray, future: np.ndarray) -> KindWindows:
    """The windows with the answers of the consensus."""
    answer = consensus(values, LEARNED, LEVELS)
    last = values[:, -1:]
    bounds = (np.log(side / last[:, None]) for side in (answer.lower, answer.upper))
    return KindWindows(
        technology, values, np.log(future / last), np.log(answer.point / last), *bounds
    )


def histories(folder: Path, part: str) -> dict[str, dict[str, np.ndarray]]:
    """Values by technology and series."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for name in SETS:
        for identifier, values in read(folder, name, part):
            technology = TECHNOLOGIES.get(identifier.split("|")[0])
            if technology:
                found.setdefault(technology, {})[identifier] = values
    return found


def grows(values: np.ndarray) -> np.ndarray:
    """Which windows the kind says something of."""
    return recent_growth(values) > np.log(kinds.GROWTH[0])


def windows(folder: Path) -> list[KindWindows]:
    """Windows of the training parts, by technology and length."""
    rng = np.random.default_rng(SEED)
    result = []
    for technology, series in histories(folder, "train").items():
        by_length: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}
        for values in series.values():
            for origin in range(SHORTEST, len(values)):
                ahead = padded(values[origin : origin + LEARNED], LEARNED)
                lengths = {SHORTEST, 8, int(rng.integers(SHORTEST, kinds.LONGEST + 1))}
                for length in sorted(length for length in lengths if length <= origin):
                    by_length.setdefault(length, []).append(
                        (values[origin - length : origin], ahead)
                    )
        for _, pairs in sorted(by_length.items()):
            some = (
                pairs
                if len(pairs) <= MOST // 4
                else [pairs[at] for at in rng.permutation(len(pairs))[: MOST // 4]]
            )
            past, future = (np.stack(column) for column in zip(*some, strict=True))
            chosen = grows(past)
            if chosen.any():
                result.append(asked(technology, past[chosen], future[chosen]))
    return result


def weights(parts: list[KindWindows]) -> list[np.ndarray]:
    """Every technology counts the same."""
    counts: dict[str, int] = {}
    for part in parts:
        counts[part.technology] = counts.get(part.technology, 0) + len(part.values)
    return [np.full(len(part.values), 1 / counts[part.technology]) for part in parts]


def fit(parts: list[KindWindows]) -> dict[str, list]:
    """Shift by least absolute errors, and the factors of the tails around it."""
    mass = weights(parts)
    rows = []
    wanted = []
    size = []
    step = kinds.basis(LEARNED)
    for part, weight in zip(parts, mass, strict=True):
        # As the forecast fades the shift, so that slower series do not learn half of what they need.
        strength = kinds.strength(part.values)[:, None, None]
        seen = strength * kinds.inputs(part.values, part.point)
        known = np.isfinite(part.future)
        rows.append(np.concatenate([seen * one[None, :, None] for one in step], axis=2)[known])
        wanted.append((part.future - part.point)[known])
        size.append(
            (np.repeat(weight[:, None], LEARNED, axis=1) / np.sqrt(np.arange(1, LEARNED + 1)))[
                known
            ]
        )
    design = np.concatenate(rows)
    target = np.concatenate(wanted)
    weight = np.concatenate(size)
    solved = np.zeros(design.shape[1])
    for _ in range(15):
        pull = weight / np.maximum(np.abs(target - design @ solved), 0.02)
        ridge = 1e-3 * pull.sum() * np.eye(len(solved))
        solved = np.linalg.solve(
            (design * pull[:, None]).T @ design + ridge, (design * pull[:, None]).T @ target
        )
    shift = solved.reshape(len(step), -1)
    return {"shift": _digits(shift), "tails": _digits(factors(parts, mass, shift))}


def factors(parts: list[KindWindows], mass: list[np.ndarray], shift: np.ndarray) -> np.ndarray:
    """Shape (horizon class, side, tail), outermost first: weighted quantiles of the factors that
    just hold an outcome.

    A window counts by how strong the kind is in it.
    """
    steps = horizon_classes(LEARNED)
    result = np.empty((len(HORIZON_EDGES) + 1, 2, len(LEVELS)))
    strengths = [kinds.strength(part.values)[:, None] for part in parts]
    errors = [
        part.future - part.point - strength * kinds.shifts(part.values, part.point, shift)
        for part, strength in zip(parts, strengths, strict=True)
    ]
    counted = np.concatenate(mass) * np.concatenate(strengths)[:, 0]
    for side in range(2):
        for place, level in enumerate(LEVELS):
            just_holding = []
            for part, error, strength in zip(parts, errors, strengths, strict=True):
                offset = np.abs((part.lower, part.upper)[side][:, place] - part.point)
                just_holding.append(_factor((-error, error)[side], offset, strength))
            for group in range(len(result)):
                values = np.concatenate([rows[:, steps == group] for rows in just_holding])
                weight = np.repeat(counted[:, None], values.shape[1], axis=1)
                known = np.isfinite(values)
                factor = weighted_quantile(values[known], weight[known], 0.5 + level / 200)
                result[group, side, len(LEVELS) - 1 - place] = max(factor, LEAST)
    return result


def _factor(error: np.ndarray, offset: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """The factor of the tail with which a bound is at an outcome, below 0 beyond the median.

    See `kinds.adjusted`: a bound is `offset ** (1 - strength / 2) * factor ** strength` away.
    """
    ratio = error / offset ** (1 - strength / 2)
    root = np.maximum(strength, LEAST_STRENGTH)
    return np.sign(ratio) * np.abs(ratio) ** (1 / root)


def _digits(numbers: np.ndarray) -> list:
    return np.vectorize(lambda number: float(f"{number:.4g}"))(numbers).tolist()


def without(parts: Iterable[KindWindows], technology: str) -> list[KindWindows]:
    """The windows of all other technologies."""
    return [part for part in parts if part.technology != technology]


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument("--apart", type=Path, help="learned numbers that never saw these sets")
    given = parser.parse_args()
    assert len(tail_scores()) == len(LEVELS)
    if given.apart:
        learned.use(given.apart)
    kinds.FILE.write_text(
        json.dumps({"adoption": fit(windows(given.benchmarks))}, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
