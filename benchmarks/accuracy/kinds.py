# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Gain of a stated kind on technologies that it was not learned from, one left out at a time.

    uv run --script benchmarks/accuracy/kinds.py --benchmarks FOLDER [--cars FILE]

Two ways to score: the test parts, from the last 3 or 8 points before them; and every origin of the
training parts that comes after 3 or 8 points, three years ahead. Only series that grow by 10 % a
year or more take part, for others a kind changes nothing. `--cars`: electric cars by country in the
Global EV Data of the IEA (2024, CC BY 4.0), which nothing was learned from, by the shipped numbers.
Writes `kinds.md`.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Mapping
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np

from rural_forecast.forecasting import kinds
from rural_forecast.forecasting.accuracy import average, coverage, mase, owa, smape, step_scale
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, spread
from rural_forecast.forecasting.shape import LEARNED

sys.path.insert(0, str(Path(__file__).parents[2]))

from training.corpus import padded
from training.kinds import (
    LEVELS,
    TECHNOLOGIES,
    KindWindows,
    asked,
    fit,
    grows,
    histories,
    windows,
    without,
)

HERE = Path(__file__).parent
AHEAD = 3
HEADS = ("OWA", "with the kind", "80 % holds", "with the kind", "below the median", "with the kind")


CARS = {
    "EV stock": "battery cars in use",
    "EV sales": "battery cars sold",
    "EV sales share": "electric share of sales",
    "EV charging points": "charging points",
}
REGIONS = ("World", "Europe", "EU27", "Rest of the world")
Histories = dict[str, dict[str, np.ndarray]]


def cars(path: Path) -> Histories:
    """The longest run of positive values of each country, by what is counted."""
    known: dict[tuple[str, str], dict[int, float]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            counted = CARS.get(row["parameter"]) if row["mode"] in ("Cars", "EV") else None
            other = (
                row["powertrain"] in ("PHEV", "FCEV")
                or row["region"] in REGIONS
                or float(row["value"]) <= 0
            )
            if row["category"] == "Historical" and counted and not other:
                known.setdefault((counted, f"{row['powertrain']}|{row['region']}"), {})[
                    int(row["year"])
                ] = float(row["value"])
    found: Histories = {}
    for (counted, name), one in known.items():
        years = np.array(sorted(one))
        longest = max(np.split(years, np.flatnonzero(np.diff(years) != 1) + 1), key=len)
        found.setdefault(counted, {})[name] = np.array([one[year] for year in longest.tolist()])
    return found


def tested(train: Histories, test: Histories, points: int, *, rolling: bool) -> list[KindWindows]:
    """Windows to score."""
    result = []
    for technology, series in train.items():
        pairs = []
        for identifier, values in series.items():
            later = np.concatenate([values, test.get(technology, {}).get(identifier, np.empty(0))])
            origins = range(points, len(values)) if rolling else [len(values)]
            for origin in origins:
                known = later[origin : min(origin + AHEAD, len(values) if rolling else len(later))]
                if origin >= points and len(known):
                    pairs.append((later[origin - points : origin], padded(known, LEARNED)))
        past, future = (np.stack(column) for column in zip(*pairs, strict=True))
        chosen = grows(past)
        result.append(asked(technology, past[chosen], future[chosen]))
    return result


def scores(
    part: KindWindows, point: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> tuple[float, float, float]:
    """OWA, and percent of outcomes inside 80 % and below the median."""
    last = part.values[:, -1:]
    actual = (last * np.exp(part.future))[:, :AHEAD]
    scale = np.array([step_scale(values) for values in part.values])
    naive = np.repeat(last, AHEAD, axis=1)
    means = [
        float(average(average(term, axis=1)))
        for term in (
            smape(actual, point[:, :AHEAD]),
            mase(actual, point[:, :AHEAD], scale),
            smape(actual, naive),
            mase(actual, naive, scale),
        )
    ]
    held = coverage(actual, lower[:, LEVELS.index(80), :AHEAD], upper[:, LEVELS.index(80), :AHEAD])
    below = np.where(np.isfinite(actual), actual < point[:, :AHEAD], np.nan)
    return (
        float(owa(*means)),
        100 * float(average(average(held, axis=1))),
        100 * float(np.nanmean(below)),
    )


MULTIPLES = (1.25, 1.5, 2.0, 3.0, 5.0)
"""Targets as multiples of the last value."""
TENTHS = np.arange(11) / 10


def chances(
    parts: list[KindWindows], *, stated: bool, apart: Mapping[str, kinds.KindNumbers] | None = None
) -> list[str]:
    """By tenth of the chance of being at or above a target in each year: the mean chance and the
    share that came; a technology of `apart` by its own numbers.
    """
    said = []
    came = []
    drawn = np.random.default_rng(1).standard_normal((2000, AHEAD))
    for part in parts:
        joint = consensus(part.values, AHEAD, SPREAD_LEVELS)
        numbers = joint.point, joint.lower, joint.upper
        if stated:
            learned = (apart or {}).get(part.technology) or kinds.learned("adoption")
            numbers = kinds.adjusted(part.values, *numbers, SPREAD_LEVELS, learned)
        for last, future, *own in zip(
            part.values[:, -1], np.exp(part.future[:, :AHEAD]), *numbers, strict=True
        ):
            known = np.isfinite(future)
            for multiple in MULTIPLES:
                said.append((spread(*own).values_at(drawn) >= multiple * last).mean(axis=0)[known])
                came.append((future >= multiple)[known])
    chance = np.concatenate(said)
    true = np.concatenate(came)
    place = np.clip(np.searchsorted(TENTHS, chance, side="right") - 1, 0, 9)
    tenths = [place == at for at in range(10)]
    return [
        f"{100 * chance[one].mean():.0f} → {100 * true[one].mean():.0f}" if one.any() else ""
        for one in tenths
    ]


def learned_from(parts: list[KindWindows]) -> kinds.KindNumbers:
    """Numbers from some windows."""
    found = fit(parts)
    return kinds.KindNumbers(np.array(found["shift"]), np.array(found["tails"]))


def main() -> None:
    """Score and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument("--cars", type=Path, help="Global EV Data of the IEA")
    given = parser.parse_args()
    every = windows(given.benchmarks)
    apart = {
        name: learned_from(without(every, name)) for name in dict.fromkeys(TECHNOLOGIES.values())
    }
    train, test = (histories(given.benchmarks, part) for part in ("train", "test"))
    driven = cars(given.cars) if given.cars else {}
    sets = [("last", train, test), ("all", train, test), *([("all", driven, {})] if driven else [])]
    heads = ("origins", "points", "technology", "windows", *HEADS)
    lines = [
        f"| {' | '.join(heads)} |",
        "| --- | --: | --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for origins, known, later in sets:
        for points in (3, 8):
            rows = []
            for part in tested(known, later, points, rolling=origins == "all"):
                last = part.values[:, -1:]
                plain = tuple(
                    np.exp(logs) * size
                    for logs, size in (
                        (part.point, last),
                        (part.lower, last[:, None]),
                        (part.upper, last[:, None]),
                    )
                )
                numbers = apart.get(part.technology) or kinds.learned("adoption")
                stated = kinds.adjusted(part.values, *plain, LEVELS, numbers)
                rows.append((*scores(part, *plain), *scores(part, *stated)))
                lines.append(line(origins, points, part.technology, len(part.values), rows[-1]))
            lines.append(line(origins, points, "mean", "", np.mean(rows, axis=0)))
    if driven:
        lines += [
            "",
            "Electric cars: the chance of being at or above 1.25 to 5 times the last value in each year, and how often",
            "it was so, in percent, by tenth of the chance.",
            "",
            f"| points | kind | {' | '.join(f'{10 * at}-{10 * at + 10}' for at in range(10))} |",
            f"| --: | --- {'| --: ' * 10}|",
        ]
        for points in (3, 8):
            parts = tested(driven, {}, points, rolling=True)
            for name, stated in (("none", False), ("adoption", True)):
                lines.append(f"| {points} | {name} | {' | '.join(chances(parts, stated=stated))} |")
    text = "# What a stated kind brings\n\n" + " ".join(
        __doc__.split("\n\n")[i].replace("\n", " ") for i in (0, 2)
    )
    text = (
        text.replace(" Writes `kinds.md`.", " Written by `kinds.py`.").rstrip()
        + "\n\n"
        + "\n".join(lines)
        + "\n"
    )
    (HERE / "kinds.md").write_text(text, encoding="utf-8")
    print(text)


def line(origins: str, points: int, name: str, count: object, row) -> str:
    """A row of the table."""
    figures = (f"{row[0]:.3f}", f"{row[3]:.3f}", *(f"{row[at]:.0f}" for at in (1, 4, 2, 5)))
    return f"| {origins} | {points} | {name} | {count} | {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
