"""The weights of a nowcast's votes and the spread of its errors, learned from several domains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import log
from typing import NamedTuple

import numpy as np
from nowcast_cases import Case, actuals, kinds, of_kind
from scipy.optimize import minimize

from rural_forecast.forecasting.nowcasting import votes as numbers
from rural_forecast.forecasting.nowcasting.votes import (
    FILE,
    SHARES,
    TAILS,
    VOTERS,
    Evidence,
    Learned,
    calendar_share,
    log_odds,
    measures,
    pull,
    scale,
    votes,
    weighing,
    weighted,
)

FAR_TAIL = 0.0025
"""Part of real years beyond each far end of what the share of a part can be."""
MOST_SMOOTHING = 0.5
"""Mean weight of smoothing at most, with fewer than five earlier years: beyond, it lost to the
share elsewhere.
"""
MOST_ANNUAL = 0.07
"""The same of the annual forecast where the part grew fast since the one earlier year: series of
the competitions fall back from such growth, which a market that is taking off does not.
"""
FAST = 0.25  # such growth
STRICTNESS = 10.0
DOMAINS = {"none": 0.9, "annual": 0.9, "fine": 0.65}
"""Share of domains that the learned tails are wide enough for; most where nothing shows how
seasonal a series is, least where its quarters are known.
"""
USUAL_DOMAINS = 0.67
RIDGE = 1e-3
"""Shrinkage of what a measure adds to a weight, towards nothing."""
SHRINKAGE = 3e-4
"""Shrinkage of the logarithm of what a measure adds to the scale, towards `USUAL`."""
USUAL = -3.0
NONE = -12.0
"""A logarithm so small that a measure adds nothing."""


class Known(NamedTuple):
    """The cases of one kind of evidence and number of known quarters."""

    kind: str
    months: int
    cases: list[Case]
    evidence: list[Evidence]
    actual: np.ndarray

    def where(self, chosen: np.ndarray) -> Known:
        """Some of the cases."""
        rows = np.flatnonzero(chosen).tolist()
        cases, evidence = ([column[row] for row in rows] for column in (self.cases, self.evidence))
        return self._replace(cases=cases, evidence=evidence, actual=self.actual[rows])

    @property
    def fitting(self) -> np.ndarray:
        """Which cases may be learned from."""
        return np.array([case.fitting for case in self.cases])

    def apart(self, collection: str) -> np.ndarray:
        """Which cases are of another collection."""
        return np.array([case.collection != collection for case in self.cases])


def everything(given: list[Case], *quarters: int) -> Iterator[Known]:
    """Every kind of evidence with so many known quarters."""
    for count in quarters:
        for kind, gathered in kinds(given, count):
            yield Known(kind, 3 * count, of_kind(given, kind), gathered, actuals(given, kind))


def fit(parts: list[Known]) -> dict[str, Learned]:
    """Learn the numbers for each kind of evidence and number of known months."""
    return {f"{part.kind} {part.months}": fit_kind(part.where(part.fitting)) for part in parts}


def share_tails(given: list[Case]) -> dict[str, tuple[float, float]]:
    """Far quantiles of the log odds of rest to part around those expected.

    They are named by earlier years and known months.
    """
    tails = {}
    for years in (0, 1, 2, 3, 5):
        for quarters in (1, 2, 3):
            errors = []
            for case in given:
                shares = case.quarters[:, :quarters].sum(axis=1) / case.quarters.sum(axis=1)
                if case.fitting and len(shares) > years:
                    expected = (
                        shares[-years - 1 : -1][-SHARES:].mean()
                        if years
                        else calendar_share(3 * quarters)
                    )
                    errors.append(log_odds(float(shares[-1])) - log_odds(float(expected)))
            low, high = np.quantile(errors, (FAR_TAIL, 1 - FAR_TAIL)).tolist()
            tails[f"{years} {3 * quarters}"] = rounded([low, high])
    return tails


def rounded(values: list[float]) -> tuple[float, ...]:
    """With the four digits that are written, so that what is scored is what ships."""
    return tuple(float(f"{value:.4g}") for value in values)


def fit_kind(part: Known) -> Learned:
    """Learn the numbers of one kind of evidence; every domain counts the same."""
    voted = [votes(evidence) for evidence in part.evidence]
    measured = [
        measures(evidence, estimates)
        for evidence, estimates in zip(part.evidence, voted, strict=True)
    ]
    domain = np.unique([case.domain for case in part.cases], return_inverse=True)[1]
    mass = 1 / np.bincount(domain)[domain] / (domain.max() + 1)
    blank = Learned(fit_weights(part, voted, measured, domain, mass), (), (), ())
    rows = list(zip(part.evidence, voted, measured, strict=True))
    points = [
        weighted(estimates, of_case, blank, evidence.part)[0]
        for evidence, estimates, of_case in rows
    ]
    errors = np.log(part.actual / np.array(points))
    of_scale = blank._replace(
        scale=fit_scale(np.array([list(of_case.values()) for of_case in measured]), errors, mass)
    )
    sizes = np.array([scale(of_case, of_scale) for of_case in measured])
    pulls = np.array(list(map(pull, part.evidence, voted, points)))
    beyond = np.sign(errors) * np.sqrt(np.maximum(errors**2 - pulls**2, 0)) / sizes
    by_domain = [beyond[domain == row] for row in range(domain.max() + 1)]
    share = DOMAINS.get(part.kind.split()[-1], USUAL_DOMAINS)
    tails = np.array(TAILS)
    return of_scale._replace(
        low=rounded(
            np.quantile(
                [np.quantile(ratios, tails) for ratios in by_domain], 1 - share, axis=0
            ).tolist()
        ),
        high=rounded(
            np.quantile(
                [np.quantile(ratios, 1 - tails) for ratios in by_domain], share, axis=0
            ).tolist()
        ),
    )


def fit_weights(
    part: Known,
    voted: list[dict[str, float]],
    measured: list[dict[str, float]],
    domain: np.ndarray,
    mass: np.ndarray,
) -> dict[str, tuple[float, ...]]:
    """Learn the weights with the least mean error over domains.

    Where there is a median share, errors are relative to its error.
    """
    one_year = part.kind.startswith("one")  # share and growth are one and the same here
    voters = [
        voter for voter in VOTERS if voter in voted[0] and not (one_year and voter == "growth")
    ]
    least = np.array([evidence.part for evidence in part.evidence])
    off = np.log(
        np.maximum(
            np.array([[estimates[voter] for voter in voters] for estimates in voted]),
            least[:, None],
        )
    )
    off -= np.log(part.actual)[:, None]
    simple = against(part)
    if simple is not None:
        mass = mass / (np.bincount(domain, np.abs(simple)) / np.bincount(domain))[domain]
    inputs = np.array([weighing(of_case) for of_case in measured])
    inputs[:, 1:] *= inputs[:, 1:].std(axis=0) > 1e-9
    shape = (inputs.shape[1], len(voters) - 1)
    limited = None
    most = 0.0
    rows = np.ones(len(inputs))
    if part.kind.startswith("short"):
        limited = voters.index("smoothing")
        most = MOST_SMOOTHING
    elif one_year:
        limited = voters.index("annual")
        most = MOST_ANNUAL
        rows = np.array(
            [evidence.growth is not None and evidence.growth > FAST for evidence in part.evidence],
            dtype=float,
        )
    rows /= rows.sum()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        slopes = flat.reshape(shape)
        logits = np.column_stack([np.zeros(len(inputs)), inputs @ slopes])
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        error = (weights * off).sum(axis=1)
        size = np.sqrt(error**2 + 1e-6)
        by_weight = (mass * error / size)[:, None] * off
        excess = 0.0
        if limited is not None:
            excess = max(rows @ weights[:, limited] - most, 0.0)
            by_weight[:, limited] += 2 * STRICTNESS * excess * rows
        by_logit = weights * (by_weight - (weights * by_weight).sum(axis=1, keepdims=True))
        shrunk = RIDGE * np.vstack([np.zeros(shape[1]), slopes[1:]])
        total = (mass * size).sum() + STRICTNESS * excess**2 + (shrunk * slopes).sum()
        return total, (inputs.T @ by_logit[:, 1:] + 2 * shrunk).ravel()

    start = np.vstack([np.full(shape[1], -1.0), np.zeros((shape[0] - 1, shape[1]))])
    fitted = start
    if start.size:
        fitted = minimize(
            loss, start.ravel(), jac=True, method="L-BFGS-B", bounds=[(-6, 6)] * start.size
        ).x.reshape(shape)
    weights = {
        voter: rounded(row)
        for voter, row in zip(voters, [[0.0] * shape[0], *fitted.T.tolist()], strict=True)
    }
    if one_year:
        half = rounded([-log(2), *weights["share"][1:]])
        weights = {"share": half, "growth": half, **{voter: weights[voter] for voter in voters[1:]}}
    return weights


def fit_scale(measured: np.ndarray, errors: np.ndarray, mass: np.ndarray) -> tuple[float, ...]:
    """The constant and slopes, none negative, under which errors are likeliest.

    Errors are taken as of Laplace's distribution.
    """
    varies = measured.std(axis=0) > 1e-9
    design = np.column_stack([np.ones(len(errors)), measured[:, varies]])

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        sizes = design @ np.exp(logs)
        slope = (mass * (1 / sizes - np.abs(errors) / sizes**2)) @ design * np.exp(logs)
        total = (mass * (np.log(sizes) + np.abs(errors) / sizes)).sum() + SHRINKAGE * (
            (logs - USUAL) ** 2
        ).sum()
        return total, slope + 2 * SHRINKAGE * (logs - USUAL)

    start = np.full(design.shape[1], USUAL)
    fitted = np.exp(
        minimize(
            loss, start.ravel(), jac=True, method="L-BFGS-B", bounds=[(NONE, 3)] * len(start)
        ).x
    )
    slopes = np.zeros(len(varies))
    slopes[varies] = fitted[1:]
    return rounded([float(fitted[0]), *slopes.tolist()])


def against(part: Known) -> np.ndarray | None:
    """Relative errors of the median share; None without earlier years."""
    if not part.evidence[0].shares:
        return None
    return (
        np.array(
            [evidence.part / np.median(evidence.shares[-SHARES:]) for evidence in part.evidence]
        )
        / part.actual
        - 1
    )


def write(learned: dict[str, Learned], tails: dict[str, tuple[float, ...]]) -> None:
    """Put the learned numbers into the package's file."""
    lines = [f"  {json.dumps(name)}: {json.dumps(row._asdict())}" for name, row in learned.items()]
    text = (
        '{"kinds": {\n' + ",\n".join(lines) + '\n },\n "share_tails": ' + json.dumps(tails) + "}\n"
    )
    FILE.write_text(text, encoding="utf-8")
    forget()


def forget() -> None:
    """Read the learned numbers anew."""
    for cached in (numbers.stored, numbers.learned):
        cached.cache_clear()
