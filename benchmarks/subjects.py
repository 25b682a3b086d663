# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measures subjects on domains left out of training: stated, read and wrong.

    uv run --script benchmarks/subjects.py --benchmarks FOLDER

Domains of a subject are left out eight groups at a time, those of one thing together. A domain
counts the same, as the geometric mean of its scores over those of the consensus without a subject.
Writes `subjects.md`.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pyarrow.parquet as pq

from rural_forecast.forecasting import subjects
from rural_forecast.observed.subjects import read

sys.path.insert(0, str(Path(__file__).parents[1]))

from training.subjects import (
    SETS,
    SubjectWindows,
    domain_of,
    left_out,
    moved,
    subject_of,
    windows,
)

HERE = Path(__file__).parent
AHEAD = 6
POINTS = (3, 5, 8)
FEWEST = 10  # windows of a domain and length
LEVEL = subjects.LEVELS.index(80)
TRIED = ("mining", "energy", "science", "health spending", "prices", "foreign finance")


def scores(part: SubjectWindows, band: tuple[np.ndarray, ...]) -> np.ndarray:
    """Mean error, interval score and coverage of the 80 % interval of some windows, in logs."""
    point, lower, upper = band
    outcome = part.future[:, :AHEAD]
    below = np.maximum(lower[:, LEVEL, :AHEAD] - outcome, 0)
    above = np.maximum(outcome - upper[:, LEVEL, :AHEAD], 0)
    width = (upper - lower)[:, LEVEL, :AHEAD]
    held = np.where(np.isnan(outcome), np.nan, (below == 0) & (above == 0))
    columns = np.abs(outcome - point[:, :AHEAD]), width + 10 * (below + above), 100 * held
    return np.array([np.nanmean(column) for column in columns])


def compared(
    parts: list[SubjectWindows], numbers: dict[str, subjects.SubjectNumbers], points: int
) -> np.ndarray:
    """Shape (domain, 6): the scores without a subject, and those with it."""
    rows = []
    for part in parts:
        if part.length == points and len(part.values) >= FEWEST and part.domain in numbers:
            plain = scores(part, (part.point, part.lower, part.upper))
            rows.append([*plain, *scores(part, moved(part, numbers[part.domain]))])
    return np.array(rows)


def line(name: str, points: int, rows: np.ndarray) -> str:
    """A row of the table."""
    error, score = (
        np.exp(np.log(rows[:, column + 3] / rows[:, column]).mean()) for column in (0, 1)
    )
    held = [f"{f(rows[:, 2]):.0f} → {f(rows[:, 5]):.0f}" for f in (np.median, np.min)]
    won = f"{(rows[:, 4] < rows[:, 1]).sum()} of {len(rows)}"
    return f"| {name} | {points} | {error:.3f} | {score:.3f} | {won} | {' | '.join(held)} |"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True)
    parser.add_argument("--titles", action="store_true", help="write the part on titles alone")
    given = parser.parse_args()
    if given.titles:
        page = HERE / "subjects.md"
        before, _, _ = page.read_text(encoding="utf-8").partition("## Titles\n")
        lines = [READ, *titles(domains(given.benchmarks)), "", *by_language()]
        page.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")
        return
    every = windows(given.benchmarks)
    lines = [INTRODUCTION]
    for subject in (*subjects.SHIPPED, *TRIED):
        parts = [part for part in every if part.subject == subject]
        numbers = left_out(parts)
        name = subject if subject in subjects.SHIPPED else f"{subject} (not shipped)"
        lines += [line(name, points, compared(parts, numbers, points)) for points in POINTS]
    lines += ["", WRONG]
    for subject in subjects.SHIPPED:
        others = [part for part in every if part.subject != subject and part.length == 3]
        numbers = dict.fromkeys({part.domain for part in others}, subjects.learned(subject))
        rows = compared(others, numbers, 3)
        lines.append(line(f"as {subject}", 3, rows))
    of_domains = {(part.subject, part.domain) for part in every}
    lines += ["", READ, *titles(of_domains), "", *by_language()]
    (HERE / "subjects.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def domains(folder: Path) -> set[tuple[str, str]]:
    """The domains of all sets, with their subjects."""
    result = set()
    for name in SETS:
        table = pq.read_table(folder / f"{name}.parquet", columns=["series_id"])
        for identifier in table["series_id"].unique().to_pylist():
            domain = domain_of(name, identifier)
            if subject := subject_of(name, domain):
                result.add((subject, domain))
    return result


def by_language() -> list[str]:
    """How a list of titles is read, by language."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    with (HERE / "subjects_titles.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answer = read([row["title"]])
            how = "abstained"
            if answer == row["subject"]:
                how = "right"
            elif answer:
                how = "wrong"
            counts.setdefault(row["language"], Counter())[row["used"], how] += 1
    every = sum(counts.values(), Counter())
    lines = [LANGUAGES]
    for language, own in {**counts, "all": every}.items():
        cells = [own[used, how] for used in ("no", "yes") for how in HOW]
        lines.append(f"| {language} | {' | '.join(map(str, cells))} |")
    return lines


def titles(of_domains: set[tuple[str, str]]) -> list[str]:
    """How the names of the domains are read: right, abstained, wrong."""
    right = []
    abstained = []
    wrong = []
    for subject, domain in sorted(of_domains):
        name = domain.rpartition(", ")[0] or domain.replace("_", " ")
        answer = read([name])
        wanted = subject if subject in (*subjects.SHIPPED, subjects.ADOPTION) else ""
        title = f"{name} ({subject})"
        if answer == wanted:
            right.append(title)
        elif answer:
            wrong.append(f"{title}: {answer}")
        else:
            abstained.append(title)
    return [
        f"Right {len(right)}, abstained {len(abstained)}, wrong {len(wrong)}.",
        "",
        f"Abstained: {'; '.join(abstained[:10])}.",
        "",
        f"Wrong: {'; '.join(wrong[:10])}.",
    ]


HEAD = """| subject | points | error | score 80 % | gains | 80 % holds: median | worst |
| --- | --: | --: | --: | --: | --: | --: |"""
INTRODUCTION = f"""# What a subject brings

Written by `subjects.py`. Each subject was learned from its other domains: those of one group of eight are left out, with
their relatives. Errors and interval scores (of logarithms, one to six years ahead) are relative to the consensus without a
subject, below 1 is a gain; domains count the same. The domains of services, manufacturing and most of retail are those of
two collections, whose years are shared, so their gains flatter. Adoption has a page of its own
([kinds.md](accuracy/kinds.md)).

{HEAD}"""
WRONG = f"""## A wrong subject

Every domain of another subject, by the shipped numbers of this one.

{HEAD}"""
READ = """## Titles

The names of these domains, as their sets have them. Lines of product by industry carry the name of the industry alone
("Legal services"), and codes of the Penn World Table (`rgdpe`) say nothing.
"""

HOW = ("right", "abstained", "wrong")
LANGUAGES = """### By language

Titles of `subjects_titles.csv`, worded as agencies word theirs, many of them without a subject. Rules were mended after a first
reading of 179, of which 8 were wrong, and these were looked at. The others were read once, and no rule was mended for them.

| language | not used: right | abstained | wrong | used: right | abstained | wrong |
| --- | --: | --: | --: | --: | --: | --: |"""

if __name__ == "__main__":
    main()
