"""Make `subject_records.json`: the record of the consensus with a subject on domains left out.

    python -m training.subject_records --benchmarks FOLDER

Run it again when the subjects have changed. The windows are those of `training/subjects.py`; each
domain is judged by numbers that saw neither it nor its relatives. Adoption is judged one technology
at a time.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rural_forecast.forecasting import evidence, kinds, subjects
from rural_forecast.forecasting.shape import LEARNED
from training import kinds as of_adoption
from training.subjects import SubjectWindows, left_out, moved, windows

LEVELS = tuple(subjects.LEVELS.index(level) for level in evidence.LEVELS)
DIGITS = 4


def kind_numbers(numbers: dict[str, list]) -> kinds.KindNumbers:
    """Return numbers of a kind as the product reads them."""
    return kinds.KindNumbers(np.array(numbers["shift"]), np.array(numbers["tails"]))


def apart_by_technology(folder: Path) -> dict[str, kinds.KindNumbers]:
    """Learn numbers for each technology from the others."""
    every = of_adoption.windows(folder)
    apart = {}
    for technology in sorted({part.technology for part in every}):
        others = of_adoption.without(every, technology)
        apart[technology] = kind_numbers(of_adoption.fit(others))
    return apart


def adopted(
    parts: list[SubjectWindows], apart: Mapping[str, kinds.KindNumbers]
) -> list[tuple[SubjectWindows, tuple[np.ndarray, ...]]]:
    """Return the windows of adoption, each with its band by numbers of other technologies."""
    result = []
    for part in parts:
        technology = of_adoption.TECHNOLOGIES.get(part.domain)
        numbers = apart[technology] if technology else kinds.learned(subjects.ADOPTION)
        last = part.values[:, -1:]
        point, lower, upper = kinds.adjusted(
            part.values,
            last * np.exp(part.point),
            last[:, None] * np.exp(part.lower),
            last[:, None] * np.exp(part.upper),
            subjects.LEVELS,
            numbers,
        )
        logs = np.log(point / last), np.log(lower / last[:, None]), np.log(upper / last[:, None])
        result.append((part, logs))
    return result


def record(pairs: list[tuple[SubjectWindows, tuple[np.ndarray, ...]]]) -> dict[str, list]:
    """Sum up by class of length and growth, and by year ahead; classes of few windows stay out."""
    cells: dict[tuple[int, int], list[np.ndarray]] = {}
    for part, (point, lower, upper) in pairs:
        error = np.abs(part.future - point)
        smape = 200 * np.tanh(error / 2)
        naive = 200 * np.tanh(np.abs(part.future) / 2)
        scores = [smape, naive]
        for level in LEVELS:
            inside = (part.future >= lower[:, level]) & (part.future <= upper[:, level])
            scores.append(np.where(np.isnan(part.future), np.nan, inside))
        rows = np.stack(scores, axis=2)
        for values, row in zip(part.values, rows, strict=True):
            classes = evidence.class_of(values)
            if classes:
                length, growth, _ = classes
                cells.setdefault((length, growth), []).append(row)
    result = {}
    for (length, growth), own in sorted(cells.items()):
        rows = np.stack(own)
        years = []
        for step in range(LEARNED):
            there = rows[:, step][np.isfinite(rows[:, step, 0])]
            if len(there) < evidence.FEWEST_WINDOWS:
                break
            means = [float(f"{mean:.{DIGITS}g}") for mean in there.mean(axis=0).tolist()]
            years.append([len(there), *means])
        if years:
            result[f"{length},{growth}"] = years
    return result


def main() -> None:
    """Judge and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    given = parser.parse_args()
    every = windows(given.benchmarks)
    records = {}
    for subject in subjects.SHIPPED:
        parts = [part for part in every if part.subject == subject]
        numbers = left_out(parts)
        pairs = [(part, moved(part, numbers[part.domain])) for part in parts]
        records[subject] = record(pairs)
    of_subject = [part for part in every if part.subject == subjects.ADOPTION]
    records[subjects.ADOPTION] = record(adopted(of_subject, apart_by_technology(given.benchmarks)))
    lines = [f'"{name}": {json.dumps(cells)}' for name, cells in records.items()]
    evidence.BY_SUBJECT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
