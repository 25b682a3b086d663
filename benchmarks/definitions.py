# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measure what growth of another definition says of a series.

    uv run --script benchmarks/definitions.py --benchmarks FOLDER

A pair are two definitions of one thing in the training parts. One ends at an origin, the other goes
on. The first is forecast one to six years ahead from 3, 5 and 8 points by its trend, by the growth
of the other since, and by the mean of both. In the origin alone, in two years before it, or in all
of its points both are known. Widths of ranges come from the other pairs. Errors are mean absolute
log errors, the score is that of 80 % ranges of logs (less is better); means of pairs are geometric.
Writes `definitions.md`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pyarrow.parquet as pq
from breaks import panel_of

from rural_forecast.forecasting.answers import answers
from rural_forecast.forecasting.panel import Request
from rural_forecast.observed.other_growth import LEVELS, POWER, WIDTHS, scale_of

HERE = Path(__file__).parent
HORIZON = 6
POINTS = (3, 5, 8)
MOST_OF_PAIR = 400  # windows of a pair, and points
ByYear = dict[int, float]
Group = dict[str, ByYear]
PENN = "penn_world_table"
LEVELS_OF_COUNTRIES = "gapminder_levels"
ENERGY = "energy_adoption"
SPENDING = "us_state_pce"
PRODUCT = "us_state_gdp"
PAIRS = {
    "output, expenditure and output side": ((PENN, "rgdpe"), (PENN, "rgdpo")),
    "output, by purchasing power and in national prices": ((PENN, "rgdpo"), (PENN, "rgdpna")),
    "capital, current and constant prices": ((PENN, "cn"), (PENN, "rnna")),
    "consumption, current and constant prices": ((PENN, "ccon"), (PENN, "rconna")),
    "absorption, current and constant prices": ((PENN, "cda"), (PENN, "rdana")),
    "income per head, current and constant prices": (
        (LEVELS_OF_COUNTRIES, "gnipercapita_atlasmethod_current_us"),
        (LEVELS_OF_COUNTRIES, "gnipercapita_constant_2015_us"),
    ),
    "health spending, dollars and purchasing power": (
        (LEVELS_OF_COUNTRIES, "total_health_spending_per_person_us"),
        (LEVELS_OF_COUNTRIES, "total_health_spending_per_person_international_dollar"),
    ),
    "output, two publishers": (
        (LEVELS_OF_COUNTRIES, "total_gdp_us_inflation_adjusted"),
        (PENN, "rgdpna"),
    ),
    "population, two publishers": ((LEVELS_OF_COUNTRIES, "population"), (PENN, "pop")),
    "solar power, capacity and generation": (
        (ENERGY, "solar_installed_capacity"),
        (ENERGY, "solar_generation_twh"),
    ),
    "wind power, capacity and generation": (
        (ENERGY, "wind_installed_capacity"),
        (ENERGY, "wind_generation_twh"),
    ),
    "biofuels, consumption and production": (
        (ENERGY, "biofuels_consumption_kboed_biofuel"),
        (ENERGY, "biofuels_production_kboed_biofuel"),
    ),
    "patents, applied for and granted": (
        ("gapminder_adoption", "patent_applications_total"),
        ("gapminder_adoption", "patents_granted_total"),
    ),
    "eating out, spending and product": (
        (SPENDING, "Food services and accommodations"),
        (PRODUCT, "Accommodation and food services"),
    ),
    "health care, spending and product": (
        (SPENDING, "Health care"),
        (PRODUCT, "Health care and social assistance"),
    ),
}


class Window(NamedTuple):
    """One definition up to an origin, what came, and what the other one says."""

    pair: str
    points: int
    values: np.ndarray
    actual: np.ndarray  # logs of growth since the origin, by year
    other: np.ndarray  # the same of the other definition
    scales: np.ndarray  # of differences, by year
    common: int  # yearly growths that both have


class Side(NamedTuple):
    """Median and 80 % range of one way to forecast, as logs of growth; shape (window, year)."""

    point: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def groups(folder: Path) -> dict[tuple[str, str], Group]:
    """Read the training part of every definition, by file and variable, then by country or state, and year."""
    result: dict[tuple[str, str], Group] = {}
    files = sorted({file for pair in PAIRS.values() for file, _ in pair})
    for file in files:
        table = pq.read_table(folder / f"{file}.parquet").to_pydict()
        for row, name in enumerate(table["series_id"]):
            if table["split"][row] != "train":
                continue
            first, *_, last = name.split("|")
            variable, country = (last, first) if file == PRODUCT else (first, last)
            by_country = result.setdefault((file, variable), {})
            values = by_country.setdefault(country.upper(), {})
            values[int(table["period"][row])] = table["value"][row]
    result[LEVELS_OF_COUNTRIES, "population"] = _sum(
        result[LEVELS_OF_COUNTRIES, "rural_population"],
        result[LEVELS_OF_COUNTRIES, "urban_population"],
    )
    return result


def _sum(one: Group, other: Group) -> Group:
    total = {}
    for country in one.keys() & other.keys():
        years = sorted(one[country].keys() & other[country].keys())
        total[country] = {year: one[country][year] + other[country][year] for year in years}
    return total


def windows(folder: Path) -> list[Window]:
    """Cut windows of every pair, in both directions."""
    read = groups(folder)
    draw = np.random.default_rng(7)
    result = []
    for pair, (one, other) in PAIRS.items():
        cut = []
        for country in sorted(read[one].keys() & read[other].keys()):
            sides = read[one][country], read[other][country]
            for ours, theirs in (sides, sides[::-1]):
                for points in POINTS:
                    cut += _cut(pair, ours, theirs, points, draw)
        for points in POINTS:
            own = [window for window in cut if window.points == points]
            order = draw.permutation(len(own))[:MOST_OF_PAIR]
            result += [own[index] for index in order]
    return result


def _cut(
    pair: str, ours: ByYear, theirs: ByYear, points: int, draw: np.random.Generator
) -> Iterator[Window]:
    """Yield a window of one series, at an origin drawn, for each length of what is in common."""
    years = sorted(ours.keys() & theirs.keys())
    if len(years) < points + 1 or years[-1] - years[0] + 1 != len(years):
        return
    mine = np.array([ours[year] for year in years])
    logs = np.log(mine)
    other = np.log([theirs[year] for year in years])
    origin = int(draw.integers(points - 1, len(years) - 1))
    end = min(origin + HORIZON, len(years) - 1)
    ahead = np.full(HORIZON, np.nan)
    for common in sorted({0, 2, points - 1}):
        start = origin - common
        before = np.diff(logs[start : origin + 1])
        differences = before - np.diff(other[start : origin + 1])
        actual = ahead.copy()
        grown = ahead.copy()
        scales = ahead.copy()
        for year in range(origin + 1, end + 1):
            step = year - origin - 1
            actual[step] = logs[year] - logs[origin]
            grown[step] = other[year] - other[origin]
            growth = np.concatenate([before, np.diff(other[start : year + 1])])
            scales[step] = scale_of(differences, growth)
        values = mine[origin - points + 1 : origin + 1]
        yield Window(pair, points, values, actual, grown, scales, common)


def trend(chosen: Sequence[Window]) -> Side:
    """Forecast the windows by the consensus."""
    given = answers(panel_of([window.values for window in chosen]), Request(HORIZON, levels=LEVELS))
    last = np.array([window.values[-1] for window in chosen])[:, None]
    level = LEVELS.index(80)
    sides = given.points[:, 0], given.lower[level, :, 0], given.upper[level, :, 0]
    return Side(*(np.log(np.maximum(side, 1e-9) / last) for side in sides))


def widths(chosen: Sequence[Window]) -> np.ndarray:
    """Compute widths by level, in units of the scale; each pair and year counts the same."""
    ratios = []
    weights = []
    years = np.arange(1, HORIZON + 1)
    for pair in {window.pair for window in chosen}:
        own = [window for window in chosen if window.pair == pair]
        ratio = np.array([np.abs(one.actual - one.other) / one.scales for one in own])
        ratio = ratio / years**POWER
        for column in ratio.T:
            there = column[~np.isnan(column)]
            ratios.append(there)
            weights.append(np.full(len(there), 1 / max(len(there), 1)))
    every = np.concatenate(ratios)
    order = np.argsort(every)
    mass = np.cumsum(np.concatenate(weights)[order])
    index = np.searchsorted(mass, np.array(LEVELS) / 100 * mass[-1])
    return np.asarray(every[order][index])


def by_definition(chosen: Sequence[Window], by_pair: Mapping[str, np.ndarray]) -> Side:
    """Forecast the windows by the growth of the other definition."""
    point = np.array([window.other for window in chosen])
    scales = np.array([window.scales for window in chosen])
    factor = np.array([by_pair[window.pair][LEVELS.index(80)] for window in chosen])[:, None]
    width = factor * scales * np.arange(1, HORIZON + 1) ** POWER
    return Side(point, point - width, point + width)


def together(one: Side, other: Side) -> Side:
    """Return the mean of the quantiles of two sides, as `triangulate` does."""
    pairs = zip(one, other, strict=True)
    return Side(*(np.log((np.exp(first) + np.exp(second)) / 2) for first, second in pairs))


def cells(chosen: Sequence[Window], side: Side, rows: np.ndarray) -> tuple[float, float, float]:
    """Compute error, score and the share of years that an 80 % range held, of some windows."""
    actual = np.array([window.actual for window in chosen])[rows]
    point, lower, upper = (part[rows] for part in side)
    outside = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
    came = ~np.isnan(actual)
    error = np.abs(actual - point)[came].mean()
    score = (upper - lower + 10 * outside)[came].mean()
    return float(error), float(score), float(100 * (outside[came] == 0).mean())


def report(chosen: Sequence[Window]) -> Iterator[str]:
    """Write the tables."""
    pairs = list(dict.fromkeys(window.pair for window in chosen))
    left_out = {
        pair: widths([window for window in chosen if window.pair != pair]) for pair in pairs
    }
    ours = trend(chosen)
    other = by_definition(chosen, left_out)
    sides = (ours, other, together(ours, other))
    names = np.array([window.pair for window in chosen])
    yield "## By pair\n"
    yield HEAD.format("pair", "---")
    every = []
    for pair in pairs:
        rows = names == pair
        numbers = [cells(chosen, side, rows) for side in sides]
        every.append(numbers)
        yield _line(pair, int(rows.sum()), numbers)
    yield _line("mean of pairs", len(chosen), _mean(every))

    yield "\n## By points, and by growths in common\n"
    yield HEAD.format("points, in common", "---")
    points = np.array([window.points for window in chosen])
    common = np.array([window.common for window in chosen])
    for length in POINTS:
        for shared in sorted({0, 2, length - 1}):
            rows = (points == length) & (common == shared)
            of_pairs = []
            for pair in pairs:
                own = rows & (names == pair)
                if own.any():
                    of_pairs.append([cells(chosen, side, own) for side in sides])
            yield _line(f"{length}, {shared}", int(rows.sum()), _mean(of_pairs))

    yield "\n## Widths\n"
    yield "How far growths differed at most, in units of the scale, by level.\n"
    heads = " | ".join(f"{level} %" for level in LEVELS)
    yield f"| | {heads} |\n| --- | {' | '.join(['--:'] * len(LEVELS))} |"
    for name, numbers in (("of all pairs", widths(chosen)), ("shipped", WIDTHS)):
        yield f"| {name} | {' | '.join(f'{own:.2f}' for own in numbers)} |"


HEAD = (
    "| {} | windows | trend: error | score | held | definition: error | score | held "
    "| mean of both: error | score | held |\n| {}" + " | --:" * 10 + " |"
)


def _mean(of_pairs: Sequence[Sequence[tuple[float, float, float]]]) -> list[list[float]]:
    """Average errors and scores as geometric means, as pairs differ in size, and what held."""
    numbers = np.array(of_pairs)
    means = np.exp(np.log(numbers).mean(axis=0))
    means[:, 2] = numbers[:, :, 2].mean(axis=0)
    result: list[list[float]] = means.tolist()
    return result


def _line(name: str, count: int, numbers: Sequence[Sequence[float]]) -> str:
    parts = [f"{error:.3f} | {score:.3f} | {held:.0f}" for error, score, held in numbers]
    return f"| {name} | {count:,} | {' | '.join(parts)} |"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the sets")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "definitions.md")
    options = parser.parse_args()
    chosen = windows(options.benchmarks)
    intro = (__doc__ or "").split("\n\n")[2].replace("\n", " ").strip()
    lines = ["# What growth of another definition says\n", f"{intro}\n", *report(chosen)]
    options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
