"""Real annual series of 3 to 30 points: tests/data/real_series.csv, and the levels of the catalogue in data/."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


def real_series() -> dict[str, np.ndarray]:
    """Every series by id, oldest value first."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for path in (ROOT / "tests" / "data" / "real_series.csv", ROOT / "data" / "observations.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row.get("status", "actual") == "actual" and row["period"].isdigit() and row["value"]:
                    found[row["series_id"]].setdefault(int(row["period"]), float(row["value"]))
    series = {name: np.array([years[year] for year in sorted(years)]) for name, years in found.items()}
    return {name: values for name, values in series.items() if 3 <= len(values) <= 30}


def blocks() -> list[np.ndarray]:
    """The series as blocks of equal length, shape (series, time)."""
    by_length: dict[int, list[np.ndarray]] = defaultdict(list)
    for values in real_series().values():
        by_length[len(values)].append(values)
    return [np.array(group) for _, group in sorted(by_length.items())]
