# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measure the gain of leading markets by product, horizon and length, and where they harm.

    uv run --script benchmarks/leaders.py --benchmarks FOLDER [--cars FILE]

Every origin of every country is forecast up to ten years ahead, with the kind adoption, alone and
with all other countries as leaders; nothing after the origin is used. Weights were learned on half
of the countries of four products (`LEARNED`) and are scored on the other half and on the products
left out. Amounts are per head. Windows grow by 5 % a year or more and are shares below 60 %, where
a leader is ahead; `HARMS` has what is not adoption. The last table but one takes the markets of a
product as a panel, whose past origins choose the scale of the weights, as `panel --like` does; it
has every window. `leading_argument.py` scores rules for leaders as an argument of `triangulate`. `--cars`:
the Global EV Data of the IEA (2024, CC BY 4.0). Writes `leaders.md`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import leading_argument
import numpy as np
import pandas as pd

from rural_forecast.forecasting.accuracy import mase, owa, smape, step_scale
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.leaders import (
    Continued,
    Leader,
    ahead_of,
    led,
    to_scale,
    weights,
)
from rural_forecast.forecasting.limits import NONE, limited
from rural_forecast.panels.leading import LEAST, MOST_ORIGINS, SCALES

HERE = Path(__file__).parent
HORIZON = 10
FARTHER = 14
LEVELS = (80, 95)
MOST_AHEAD = 5
LEARNED = ("internet", "mobile", "broadband", "computers")
HARMS = ("fixed lines", "electricity", "patents in force", "patent applications")
NAMES = {
    "internet_users": "internet",
    "fixed_line_subscribers_per_100_people": "fixed lines",
    "electricity_use_per_person": "electricity",
    "personal_computers_per_100_people": "computers",
}
AMOUNTS = {
    "broadband_subscribers": "broadband",
    "cell_phones_total": "mobile",
    "patents_in_force_total": "patents in force",
    "patent_applications_total": "patent applications",
    "solar_generation_twh": "solar",
    "wind_generation_twh": "wind",
}
REGIONS = ("World", "Europe", "EU27", "Rest of the world")
Markets = dict[str, tuple[int, np.ndarray]]


def longest(years: np.ndarray, values: np.ndarray) -> tuple[int, np.ndarray] | None:
    """The longest run of positive values without a gap; None where it has fewer than four."""
    order = np.argsort(years)
    years = years[order]
    values = values[order].astype(float)
    years = years[values > 0]
    values = values[values > 0]
    parts = np.split(np.arange(len(years)), np.flatnonzero(np.diff(years) != 1) + 1)
    run = max(parts, key=len)
    return (int(years[run[0]]), values[run]) if len(run) > 3 else None


def population(adoption: pd.DataFrame, levels: pd.DataFrame) -> Mapping[str, pd.Series]:
    """People by the name of the country; two series that both sets have tell which code is which
    name.
    """
    codes: dict[str, str] = {}
    for shared in ("total_health_spending_per_person_us", "sugar_per_person_g_per_day"):
        known = {tuple(one.value[:12].round(6)): name for name, one in _countries(levels, shared)}
        codes |= {
            name: known[key]
            for name, one in _countries(adoption, shared)
            if (key := tuple(one.value[:12].round(6))) in known
        }
    people = {}
    for part in ("rural_population", "urban_population"):
        for code, one in _countries(levels, part):
            seen = one.set_index("period").value
            people[code] = people[code] + seen if code in people else seen
    return {name: people[code].dropna() for name, code in codes.items() if code in people}


def _countries(table: pd.DataFrame, indicator: str) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, one in table[table.series_id.str.startswith(f"{indicator}|")].groupby("series_id"):
        yield name.partition("|")[2], one.sort_values("period")


def products(folder: Path, cars: Path | None) -> dict[str, Markets]:
    """Markets by product and country."""
    adoption, levels, energy = (
        pd.read_parquet(folder / f"{name}.parquet")
        for name in ("gapminder_adoption", "gapminder_levels", "energy_adoption")
    )
    people = population(adoption, levels)
    found: dict[str, Markets] = {}
    for table in (adoption, levels, energy):
        for indicator, product in (NAMES | AMOUNTS).items():
            for country, one in _countries(table, indicator):
                seen = one.set_index("period").value
                if indicator in AMOUNTS:
                    seen = (seen / people[country]).dropna() if country in people else seen[:0]
                run = longest(seen.index.to_numpy(), seen.to_numpy()) if len(seen) else None
                if run is not None:
                    found.setdefault(product, {})[country] = run
    if cars is not None:
        table = pd.read_csv(cars).query(
            "category == 'Historical' and parameter == 'EV sales share'"
        )
        for (mode, region), one in table.groupby(["mode", "region"]):
            run = longest(one.year.to_numpy(), one.value.to_numpy())
            if run is not None and region not in REGIONS and mode != "Trucks":
                found.setdefault(f"electric {mode.lower()}", {})[region] = run
    return found


def scored(product: str, markets: Markets, whole: float | None) -> Iterator[dict[str, object]]:
    """One row for each window and horizon: errors on the log scale, whether ranges held, interval
    scores.
    """
    own = forecasts(markets, whole)
    continued = Continued()
    for country, (first, values) in markets.items():
        # Weights were learned here.
        learned = product in LEARNED and crc32(country.encode()) % 2 == 0
        for count in range(3, len(values)):
            origin = first + count - 1
            steps = min(HORIZON, len(values) - count)
            candidates = []
            for name, (begin, others) in markets.items():
                until = min(len(others), origin - begin + 1)
                if name != country and until > 2 and others[until - 1] > values[count - 1]:
                    candidates.append(Leader(name, begin, others[:until]))
            ahead = ahead_of(
                values[:count], origin, steps, candidates, whole, "adoption", continued
            )
            if not ahead:
                continue
            alone = tuple(part[..., :steps] for part in own[country, count])
            adds = weights(len(ahead), steps)
            scales = {scale: led(alone, ahead, LEVELS, whole, scale)[0] for scale in SCALES}
            for row in _rows(
                product, values, count, steps, alone, led(alone, ahead, LEVELS, whole), whole
            ):
                came = to_scale(values[count + row["horizon"] - 1], whole)
                step = row["horizon"] - 1
                errors = {
                    f"at {scale:g}": abs(to_scale(made[step], whole) - came)
                    for scale, made in scales.items()
                }
                counts = {"adds": adds[step], "whole": whole or np.nan}
                names = {"country": country, "origin": origin, "learned": learned}
                yield row | errors | counts | names


def forecasts(
    markets: Markets, whole: float | None
) -> dict[tuple[str, int], tuple[np.ndarray, ...]]:
    """Our forecast of every country from every origin, with the kind adoption."""
    by_length: dict[int, list[str]] = {}
    for name, (_, values) in markets.items():
        for count in range(3, len(values) + 1):
            by_length.setdefault(count, []).append(name)
    made = {}
    for count, names in by_length.items():
        block = np.stack([markets[name][1][:count] for name in names])
        joint = consensus(block, FARTHER, LEVELS, None, ("adoption",) * len(names))
        for row, name in enumerate(names):
            parts = joint.point[row], joint.lower[row], joint.upper[row]
            made[name, count] = limited(*parts, block[row, -1], NONE, whole)
    return made


def _rows(
    product: str,
    values: np.ndarray,
    count: int,
    steps: int,
    alone: tuple[np.ndarray, ...],
    followed: tuple[np.ndarray, ...],
    whole: float | None,
) -> Iterator[dict[str, Any]]:
    actual = values[count : count + steps]
    last = values[count - 1]
    growth = (last / values[max(0, count - 6)]) ** (1 / min(5, count - 1)) - 1
    scale = np.asarray(step_scale(values[:count]))
    naive = np.full(steps, last)
    for step in range(steps):
        row = {"product": product, "horizon": step + 1, "points": count, "growth": growth}
        row["share"] = last / whole if whole else np.nan
        row["naive_smape"] = smape(actual, naive)[step]
        row["naive_mase"] = mase(actual, naive, scale)[step]
        for name, (point, lower, upper) in (("alone", alone), ("led", followed)):
            z, low, high, came = (
                to_scale(part, whole)
                for part in (point[step], lower[0, step], upper[0, step], actual[step])
            )
            row["actual"] = actual[step]
            row[f"{name}_point"] = point[step]
            row[f"{name}_low"] = lower[0, step]
            row[f"{name}_high"] = upper[0, step]
            row[f"{name}_error"] = abs(float(z - came))
            row[f"{name}_held"] = low <= came <= high
            row[f"{name}_score"] = float(
                high - low + 10 * (max(low - came, 0.0) + max(came - high, 0.0))
            )
            row[f"{name}_smape"] = smape(actual, point)[step]
            row[f"{name}_mase"] = mase(actual, point, scale)[step]
        yield row


HEADS = (
    "Forecasts",
    "Error",
    "led",
    "Gain",
    "OWA",
    "led",
    "80 % held",
    "led",
    "Interval score",
    "led",
)


def table(rows: pd.DataFrame, by: str) -> str:
    """A table in Markdown; errors and scores on the log scale."""
    lines = [f"| {by} | {' | '.join(HEADS)} |", f"| --- |{' ---: |' * len(HEADS)}"]
    for name, group in rows.groupby(by, observed=True, sort=by != "product"):
        mean = group.mean(numeric_only=True)
        scores = [
            float(
                owa(
                    *(
                        np.asarray(mean[key])
                        for key in (f"{who}_smape", f"{who}_mase", "naive_smape", "naive_mase")
                    )
                )
            )
            for who in ("alone", "led")
        ]
        cells = [
            f"{len(group):,}",
            f"{mean.alone_error:.3f}",
            f"{mean.led_error:.3f}",
            f"{100 * (1 - mean.led_error / mean.alone_error):.0f} %",
            *(f"{score:.2f}" for score in scores),
            f"{100 * mean.alone_held:.0f}",
            f"{100 * mean.led_held:.0f}",
            f"{mean.alone_score:.2f}",
            f"{mean.led_score:.2f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def panels(rows: pd.DataFrame) -> str:
    """A table in Markdown: each product as a panel of its markets, with the scale that its past
    origins choose.
    """
    names = [f"at {scale:g}" for scale in SCALES]
    lines = [
        "| product | Forecasts | Alone | Learned weights | Own scale | Gain | Chosen |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for product, group in rows[rows.horizon <= MOST_AHEAD].groupby("product", sort=False):
        kept = []
        for origin, now in group.groupby("origin"):
            past = group[
                (group.origin + group.horizon <= origin) & (group.origin >= origin - MOST_ORIGINS)
            ]
            own = past[names].mean().idxmin() if len(past) >= LEAST else "at 1"
            kept.append(now.assign(own=now[own], chosen=own.removeprefix("at ")))
        every = pd.concat(kept)
        every = every[~every.learned]
        alone, learned, own = (every[name].mean() for name in ("at 0", "at 1", "own"))
        shares = every.chosen.value_counts(normalize=True)
        chosen = ", ".join(f"{name} in {100 * share:.0f} %" for name, share in shares.items())
        gain = f"{100 * (1 - own / alone):.0f} %"
        lines.append(
            f"| {product} | {len(every):,} | {alone:.3f} | {learned:.3f} | {own:.3f} | {gain} | {chosen} |"
        )
    return "\n".join(lines)


def report(every: pd.DataFrame) -> str:
    """The page."""
    rows = every[~every.learned]
    spreading = rows[(rows.growth >= 0.05) & ~(rows.share > 0.6)]
    adopted = spreading[~spreading["product"].isin(HARMS)]
    cars = adopted[adopted["product"].str.startswith("electric")]
    bins = pd.cut(
        adopted.points,
        [0, 3, 5, 8, 12, 99],
        labels=["3", "4 and 5", "6 to 8", "9 to 12", "13 and more"],
    )
    parts = [
        ("Products", adopted, "product", ""),
        ("Years ahead", adopted, "horizon", ""),
        ("Years ahead, electric vehicles", cars, "horizon", ""),
        ("Length of the history", adopted.assign(points=bins), "points", ""),
        (
            "Where it harms",
            spreading[spreading["product"].isin(HARMS)],
            "product",
            "What is not adopted from one market to the next, or is old.\n\n",
        ),
        ("Slow growth, below 5 % a year", rows[rows.growth < 0.05], "product", ""),
        ("Shares of 60 % and more", rows[rows.share > 0.6], "product", ""),
    ]
    text = "\n\n".join(
        f"## {title}\n\n{about}{table(part, by)}" for title, part, by, about in parts if len(part)
    )
    text += f"\n\n## A panel's own weights\n\nUp to {MOST_AHEAD} years ahead, windows of every growth and share.\n\n"
    text += panels(every)
    text += f"\n\n{leading_argument.table(every, HARMS)}"
    about = __doc__.partition("FILE]\n\n")[2].strip()
    return f"# What leading markets bring\n\n{about}\n\n{text}\n"


def main() -> None:
    """Score all products and write the page."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--benchmarks", type=Path, required=True, metavar="FOLDER")
    asked.add_argument("--cars", type=Path, metavar="FILE")
    given = asked.parse_args()
    rows: list[dict[str, object]] = []
    for product, markets in products(given.benchmarks, given.cars).items():
        whole = 100.0 if product == "internet" or product.startswith("electric ") else None
        if whole:
            markets = {
                name: (first, np.minimum(values, 99.99))
                for name, (first, values) in markets.items()
            }
        rows += scored(product, markets, whole)
        print(product, len(rows), flush=True)
    (HERE / "leaders.md").write_text(report(pd.DataFrame(rows)), encoding="utf-8")


if __name__ == "__main__":
    main()
