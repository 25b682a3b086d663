"""The weights of a nowcast's votes and the spread of its errors, learned from several domains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from nowcast_cases import Case, actuals, kinds, of_kind

from rural_forecast.nowcasting import combine, part_shares
from rural_forecast.nowcasting.combine import TAILS, Learned, measures, weighted
from rural_forecast.nowcasting.part_shares import FILE, SHARES, log_odds
from rural_forecast.nowcasting.votes import VOTERS, Evidence, calendar_share, votes

FAR_TAIL = 0.0025
"""Part of real years beyond each far end of what the share of a part can be."""
STEP = 0.05
"""Weights are searched on a grid of this width."""
REGRET = 2.0
"""How much more an error above that of the median share counts."""
MOST_SMOOTHING = 0.5
"""Largest weight of smoothing with fewer than five earlier years: on monthly sales kept apart it lost to the share."""
DOMAINS = 2 / 3
"""Share of domains that the learned tails are wide enough for."""
BLIND = 0.9
"""The same without an earlier year, where nothing shows how seasonal a series is."""


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
        for kind, known in kinds(given, count):
            yield Known(kind, 3 * count, of_kind(given, kind), known, actuals(given, kind))


def fit(parts: list[Known]) -> dict[str, Learned]:
    """Weights, and what the spread of errors rests on, for each kind of evidence and number of known months."""
    learned = {f"{part.kind} {part.months}": rounded(fit_kind(part.where(part.fitting))) for part in parts}
    for kind in ("one", "two", "three", "short", "long"):  # of one quarter there is nothing finer
        learned[f"{kind} fine 3"] = learned[f"{kind} 3"]
    return learned


def share_tails(given: list[Case]) -> dict[str, tuple[float, float]]:
    """Far quantiles of the log odds of rest to part around what is expected, by earlier years and known months."""
    found = {}
    for years in (0, 1, 2, 3, 5):
        for known in (1, 2, 3):
            errors = []
            for case in given:
                shares = case.quarters[:, :known].sum(axis=1) / case.quarters.sum(axis=1)
                if case.fitting and len(shares) > years:
                    expected = shares[-years - 1 : -1][-SHARES:].mean() if years else calendar_share(3 * known)
                    errors.append(log_odds(float(shares[-1])) - log_odds(float(expected)))
            low, high = np.quantile(errors, (FAR_TAIL, 1 - FAR_TAIL)).tolist()
            found[f"{years} {3 * known}"] = (float(f"{low:.4g}"), float(f"{high:.4g}"))
    return found


def rounded(one: Learned) -> Learned:
    """The numbers with the four digits that are written, so that what is scored is what ships."""
    return Learned(
        *(
            tuple(float(f"{number:.4g}") for number in value) if isinstance(value, tuple) else float(f"{value:.4g}")
            for value in one
        )
    )


def fit_kind(part: Known) -> Learned:
    """Every domain counts the same."""
    voted = [votes(known) for known in part.evidence]
    voters = [voter for voter in VOTERS if voter in voted[0]]
    least = np.array([known.part for known in part.evidence])
    logs = np.log(np.maximum(np.array([[each[voter] for voter in voters] for each in voted]), least[:, None]))
    logs -= np.log(part.actual)[:, None]
    domain = np.unique([case.domain for case in part.cases], return_inverse=True)[1]
    candidates = grid(len(voters))
    if part.kind.startswith("short"):
        candidates = candidates[candidates[:, voters.index("smoothing")] <= MOST_SMOOTHING]
    simple = against(part)
    chosen = best_weights(candidates, logs, domain, simple)
    if part.kind.startswith("one"):  # share and growth are one and the same here
        both = [voters.index(voter) for voter in ("share", "growth")]
        chosen[both] = chosen[both].mean()
    weights = tuple(float(chosen[voters.index(voter)]) if voter in voters else 0.0 for voter in VOTERS)
    blank = Learned(weights, 0.0, (), (), ())
    rows = list(zip(part.evidence, voted, strict=True))
    points = np.array([weighted(each, blank, known.part)[0] for known, each in rows])
    errors = np.log(part.actual / points)
    features = np.array([measures(known, each, point) for (known, each), point in zip(rows, points, strict=True)])
    varies = features.std(axis=0) > 1e-9
    design = np.column_stack([np.ones(len(errors)), features[:, varies]])
    mass = 1 / np.bincount(domain)[domain]
    ridge = 1e-3 * mass.sum() * np.eye(design.shape[1])
    ridge[0, 0] = 0
    target = np.log(np.abs(errors) + 0.003)
    solved = np.linalg.solve((design * mass[:, None]).T @ design + ridge, (design * mass[:, None]).T @ target)
    slopes = np.zeros(len(varies))
    slopes[varies] = solved[1:]
    ratio = errors / np.exp(design @ solved)
    share = BLIND if simple is None else DOMAINS
    by_domain = [ratio[domain == place] for place in range(domain.max() + 1)]
    return Learned(
        weights=weights,
        constant=float(solved[0]),
        slopes=tuple(slopes.tolist()),
        low=tuple(np.quantile([np.quantile(part, TAILS) for part in by_domain], 1 - share, axis=0).tolist()),
        high=tuple(np.quantile([np.quantile(part, 1 - np.array(TAILS)) for part in by_domain], share, axis=0).tolist()),
    )


def against(part: Known) -> np.ndarray | None:
    """Relative errors of the median share; None without earlier years."""
    if not part.evidence[0].shares:
        return None
    return np.array([known.part / np.median(known.shares[-SHARES:]) for known in part.evidence]) / part.actual - 1


def grid(size: int) -> np.ndarray:
    """All weights of so many voters that sum to 1."""
    steps = round(1 / STEP)
    rows = [[]]
    for _ in range(size - 1):
        rows = [[*row, step] for row in rows for step in range(steps - sum(row) + 1)]
    return np.array([[*row, steps - sum(row)] for row in rows]) / steps


def best_weights(candidates: np.ndarray, logs: np.ndarray, domain: np.ndarray, simple: np.ndarray | None) -> np.ndarray:
    """The candidate with the least mean error over domains relative to the simple one; losses to it count thrice."""
    counts = np.bincount(domain)
    scale = np.ones(len(counts)) if simple is None else np.bincount(domain, np.abs(simple)) / counts
    losses = []
    for row in candidates:
        relative = np.bincount(domain, np.abs(np.expm1(logs @ row))) / counts / scale
        losses.append(relative.mean() + (REGRET * np.maximum(relative - 1, 0).mean() if simple is not None else 0))
    return candidates[int(np.argmin(losses))].copy()


def write(learned: dict[str, Learned], tails: dict[str, tuple[float, float]]) -> None:
    """Put the learned numbers into the package's file."""
    lines = [f"  {json.dumps(name)}: {json.dumps(list(one))}" for name, one in learned.items()]
    text = '{"kinds": {\n' + ",\n".join(lines) + '\n },\n "share_tails": ' + json.dumps(tails) + "}\n"
    FILE.write_text(text, encoding="utf-8")
    forget()


def forget() -> None:
    """Read the learned numbers anew."""
    for cached in (part_shares.stored, part_shares.share_tails, combine.learned):
        cached.cache_clear()
