"""Read a folder of real files as published, and hold each against what it should give.

    python benchmarks/realfiles.py FOLDER [--only SLUG]

FOLDER holds `files/SLUG/NAME`, `expected.csv` (one series a file) and `options.csv` (the options
that should be enough, and what else is right). A file is read by `project FILE OPTIONS --history
--format json`: first without options, then with them. It counts as

- `at once`: right without options;
- `by --series or --where`: right with the listed options, which are these alone;
- `with options`: right with the listed ones;
- `with --allow-gaps`: refused with the missing years named, and right with this option added;
- `refused`: no answer, with a message;
- `WRONG`: an answer that is not the expected one, the worst case.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

SECONDS = 120
RELATIVE = 1e-9


class Wanted(NamedTuple):
    """One file, the options that should do, and the series that should come out."""

    slug: str
    path: Path
    options: tuple[str, ...]
    accept: str
    first_year: int
    last_year: int
    points: int
    first_value: float
    last_value: float


class Outcome(NamedTuple):
    """Outcome of one reading."""

    verdict: str
    detail: str


def wanted(folder: Path) -> list[Wanted]:
    """The files of a folder, in the order of `expected.csv`."""
    with (folder / "options.csv").open(encoding="utf-8", newline="") as lines:
        options = {row["file"]: row for row in csv.DictReader(lines)}
    found = []
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            (path,) = (folder / "files" / row["file"]).iterdir()
            given = options.get(row["file"], {"options": "[]", "accept": ""})
            found.append(
                Wanted(
                    row["file"],
                    path,
                    tuple(json.loads(given["options"] or "[]")),
                    given["accept"] or "",
                    int(row["first_year"]),
                    int(row["last_year"]),
                    int(row["points"]),
                    float(row["first_value"]),
                    float(row["last_value"]),
                )
            )
    return found


def read(one: Wanted, options: tuple[str, ...]) -> Outcome:
    """Read one file by the command line."""
    line = [
        sys.executable,
        "-m",
        "rural_forecast",
        "project",
        str(one.path),
        *options,
        "--history",
        "--format",
        "json",
    ]
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Outcome("refused", f"took more than {SECONDS} s")
    if done.returncode == 1:
        return Outcome("WRONG", f"exit 1: {done.stderr.strip()[-200:]}")
    if done.returncode:
        return Outcome("refused", _message(done.stderr))
    rows = [row for row in json.loads(done.stdout)["rows"] if row["kind"] == "actual"]
    got = (
        (rows[0]["period"], rows[-1]["period"], len(rows), rows[0]["value"], rows[-1]["value"])
        if rows
        else ()
    )
    return (
        Outcome("right", "") if _fits(one, got) else Outcome("WRONG", f"{got}, expected {one[4:]}")
    )


def _message(err: str) -> str:
    for line in err.splitlines():
        if line.startswith("{"):
            found = json.loads(line)
            return f"{found['message']} {found['hint']}"
    return err.strip()[-300:]


def _fits(one: Wanted, got: tuple[float, ...]) -> bool:
    """Return True if a history is the expected one; `shorter` lets one end earlier, where
    projections were left out.
    """
    if not got:
        return False
    first_year, last_year, points, first_value, last_value = got
    begins = first_year == one.first_year and _near(first_value, one.first_value)
    if (
        begins
        and last_year == one.last_year
        and points == one.points
        and _near(last_value, one.last_value)
    ):
        return True
    if "gap" in one.accept and last_year == one.last_year and _near(last_value, one.last_value):
        return points < one.points
    return "shorter" in one.accept and begins and last_year < one.last_year and points < one.points


def _near(value: float, expected: float) -> bool:
    return abs(value - expected) <= RELATIVE * max(abs(expected), 1e-300)


def judged(one: Wanted) -> tuple[Wanted, Outcome]:
    """Without options first; a wrong answer there is wrong, whatever the options would give."""
    plain = read(one, ())
    if plain.verdict == "right":
        return one, Outcome("at once", "")
    if plain.verdict == "WRONG":
        return one, plain
    given = read(one, one.options) if one.options else plain
    if given.verdict == "refused" and "gap" in one.accept and "missing" in given.detail:
        given = read(one, (*one.options, "--allow-gaps"))
        if given.verdict == "right":
            return one, Outcome("with --allow-gaps", " ".join(one.options))
    if given.verdict == "right":
        by_label = set(one.options[::2]) <= {"--series", "--where"}
        return one, Outcome(
            "by --series or --where" if by_label else "with options", " ".join(one.options)
        )
    if given.verdict == "refused" and "refused" in one.accept:
        return one, Outcome("rightly refused", given.detail)
    return one, given


def main() -> int:
    """Print a line a file and the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=(), help="slugs of the files to read")
    asked = parser.parse_args()
    files = [one for one in wanted(asked.folder) if not asked.only or one.slug in asked.only]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(judged, files))
    for one, outcome in outcomes:
        print(f"{outcome.verdict:22} {one.slug:24} {outcome.detail[:300]}")
    counts = Counter(outcome.verdict for _, outcome in outcomes)
    print(
        ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common()),
        f"of {len(outcomes)} files",
    )
    return 1 if counts["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
