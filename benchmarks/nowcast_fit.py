"""The weights of a nowcast's votes and the spread of its errors, learned from the fitting half of the series."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from nowcast_cases import actuals, cases, groups, kinds

from rural_forecast.models.learned import use
from rural_forecast.nowcasting import combine, part_shares
from rural_forecast.nowcasting.combine import TAILS, Learned, measures, weighted
from rural_forecast.nowcasting.part_shares import SHARES, log_odds
from rural_forecast.nowcasting.votes import VOTERS, Evidence, calendar_share, votes

sys.path.insert(0, str(Path(__file__).parents[1]))
from training.pack import FOLDER, replace

FAR_TAIL = 0.0025
"""Part of real years beyond each far end of what the share of a part can be."""
STEP = 0.05
"""Weights are searched on a grid of this width, by mean absolute percentage error."""


def fit() -> dict[tuple[str, int], Learned]:
    """Weights, and what the spread of errors rests on, for each kind of evidence and number of known quarters."""
    given = [case for case in cases() if case.fitting]
    learned: dict[tuple[str, int], Learned] = {}
    for known in (1, 2, 3):
        for kind, known_of in kinds(given, known):
            actual = actuals(given, kind)
            learned[kind, 3 * known] = fit_kind(known_of, actual, groups(given, kind), one=kind == "one")
        for kind in ("short", "long"):
            learned.setdefault((f"{kind} fine", 3 * known), learned[kind, 3 * known])
    return {key: rounded(one) for key, one in learned.items()}


def share_tails() -> dict[tuple[int, int], tuple[float, float]]:
    """Far quantiles of the log odds of rest to part around what is expected, by earlier years and known months."""
    given = [case for case in cases() if case.fitting]
    found = {}
    for years in (0, 1, 2, 3, 5):
        for known in (1, 2, 3):
            errors = []
            for case in given:
                shares = case.quarters[:, :known].sum(axis=1) / case.quarters.sum(axis=1)
                if len(shares) > years:
                    expected = shares[-years - 1 : -1][-SHARES:].mean() if years else calendar_share(3 * known)
                    errors.append(log_odds(float(shares[-1])) - log_odds(float(expected)))
            low, high = np.quantile(errors, (FAR_TAIL, 1 - FAR_TAIL)).tolist()
            found[years, 3 * known] = (float(f"{low:.4g}"), float(f"{high:.4g}"))
    return found


def rounded(one: Learned) -> Learned:
    """The numbers with the four digits that are written, so that what is scored is what ships."""
    return Learned(
        *(
            tuple(float(f"{number:.4g}") for number in value) if isinstance(value, tuple) else float(f"{value:.4g}")
            for value in one
        )
    )


def fit_kind(known_of: list[Evidence], actual: np.ndarray, series: np.ndarray, *, one: bool) -> Learned:
    said = [votes(given) for given in known_of]
    voters = [voter for voter in VOTERS if voter in said[0]]
    parts = np.array([given.part for given in known_of])
    logs = np.log(np.maximum(np.array([[each[voter] for voter in voters] for each in said]), parts[:, None]))
    logs -= np.log(actual)[:, None]
    chosen = one_year_weights(logs, voters, series) if one else best_weights(logs)
    weights = tuple(float(chosen[voters.index(voter)]) if voter in voters else 0.0 for voter in VOTERS)
    blank = Learned(weights, 0.0, (), (), ())
    points = np.array([weighted(each, blank, given.part)[0] for each, given in zip(said, known_of, strict=True)])
    errors = np.log(actual / points)
    rows = zip(known_of, said, points.tolist(), strict=True)
    features = np.array([measures(given, each, point) for given, each, point in rows])
    varies = features.std(axis=0) > 1e-9
    design = np.column_stack([np.ones(len(errors)), features[:, varies]])
    ridge = 1e-3 * len(errors) * np.eye(design.shape[1])
    ridge[0, 0] = 0
    target = np.log(np.abs(errors) + 0.003)
    solved = np.linalg.solve(design.T @ design + ridge, design.T @ target)
    slopes = np.zeros(len(varies))
    slopes[varies] = solved[1:]
    scale = np.exp(design @ solved)
    ratio = errors / scale
    return Learned(
        weights=weights,
        constant=float(solved[0]),
        slopes=tuple(slopes.tolist()),
        low=tuple(np.quantile(ratio, TAILS).tolist()),
        high=tuple(np.quantile(ratio, [1 - tail for tail in TAILS]).tolist()),
    )


def grid(size: int) -> np.ndarray:
    """All weights of so many voters that sum to 1."""
    steps = round(1 / STEP)
    rows = [[]]
    for _ in range(size - 1):
        rows = [[*row, step] for row in rows for step in range(steps - sum(row) + 1)]
    return np.array([[*row, steps - sum(row)] for row in rows]) / steps


def best_weights(logs: np.ndarray) -> np.ndarray:
    candidates = grid(logs.shape[1])
    return candidates[int(np.argmin([np.abs(np.expm1(logs @ row)).mean() for row in candidates]))]


def one_year_weights(logs: np.ndarray, voters: list[str], series: np.ndarray) -> np.ndarray:
    """With one earlier year share and growth say the same and share their weight; the annual forecast, which cannot
    know a growth from one value, gets the least weight within one standard error of the best (Breiman and others
    1984), the errors of a series counted as one."""
    size = series.max() + 1
    candidates = np.arange(0, 101) / 100
    errors = [np.abs(np.expm1(logs @ split(row, voters))) for row in candidates]
    means = np.array([one.mean() for one in errors])
    best = int(np.argmin(means))
    clusters = np.bincount(series, errors[best]) / np.bincount(series)
    allowed = means[best] + clusters.std(ddof=1) / np.sqrt(size)
    return split(float(candidates[int(np.argmax(means <= allowed))]), voters)


def split(annual: float, voters: list[str]) -> np.ndarray:
    return np.array([annual if voter == "annual" else (1 - annual) / 2 for voter in voters])


def write(fitted: dict[tuple[str, int], Learned], tails: dict[tuple[int, int], tuple[float, float]]) -> None:
    """Put the learned numbers into the package's file, with the names of their rows."""
    arrays = {f"nowcast.{name}": np.array([getattr(one, name) for one in fitted.values()]) for name in Learned._fields}
    arrays["nowcast.share_tails"] = np.array(list(tails.values()))
    rows = {"nowcast": [f"{kind} {months}" for kind, months in fitted]}
    rows["nowcast.share_tails"] = [f"{years} {months}" for years, months in tails]
    replace(arrays, rows)
    use(FOLDER)  # reads them anew
    combine.learned.cache_clear()
    part_shares.share_tails.cache_clear()
