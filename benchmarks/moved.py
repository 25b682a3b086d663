"""List the answers that a break moved, between an earlier release and this checkout.

    git worktree add ../before v3.0.0
    python benchmarks/moved.py ../before

Every series of the catalogue and of the data files of the tests is forecast two years ahead by both,
here with no subject taken from its title. Where they differ, the notes of the forecast say if the
history has a break, and what was done with it. Writes `moved.md`.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
FOLDERS = ("data", "bad_input/meant", "bad_input/files", "fuzz/corpus/sound", "web/answers")
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".xlsx", ".ods", ".xml")
HORIZON = ("--horizon", "2")
WORKER = """
import json, os, runpy, sys, tempfile
answers = os.fdopen(os.dup(1), "w")
for line in sys.stdin:
    with tempfile.TemporaryFile("w+b") as output:
        os.dup2(output.fileno(), 1)
        sys.argv = ["rural-forecast", *json.loads(line)]
        try:
            runpy.run_module("rural_forecast", run_name="__main__")
        except BaseException:
            pass
        sys.stdout.flush()
        output.seek(0)
        text = output.read().decode()
    answers.write(json.dumps(text) + "\\n")
    answers.flush()
"""
OF_BREAKS = ("earlier_basis", "restated_basis", "break")
"""Codes of notes on a history that does not lie on one basis."""
SAME = 1e-9


class LastForecast(NamedTuple):
    """The forecast of the last year."""

    period: str
    value: float
    lower: float
    upper: float

    def __str__(self) -> str:
        places = 0 if abs(self.value) >= 1_000 else 1
        return f"{self.value:,.{places}f} ({self.lower:,.{places}f} to {self.upper:,.{places}f})"

    def differs(self, other: LastForecast) -> bool:
        """True if any number is another one, beyond what rounding does."""
        pairs = (
            (self.value, other.value),
            (self.lower, other.lower),
            (self.upper, other.upper),
        )
        return any(abs(own - its) > SAME * max(abs(own), abs(its)) for own, its in pairs)


class Moved(NamedTuple):
    """A series whose answer moved."""

    file: str
    name: str
    before: str
    now: str
    why: str


def main() -> None:
    """Compare all series, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, help="a checkout of the earlier release")
    before = Checkout(parser.parse_args().before.resolve())
    newer = Checkout(ROOT)

    moved = list[Moved]()
    counts = {"series": 0, "moved": 0}
    for file, command in _commands(newer):
        earlier = _answers(before, command)
        answers = _answers(newer, (*command, "--kind", "none"))
        counts["series"] += len(answers)
        for name, answer in answers.items():
            if name in earlier and not answer.differs(earlier[name]):
                continue
            counts["moved"] += name in earlier
            why = _why(newer, file or name, name if file else "")
            if why:
                earlier_answer = str(earlier[name]) if name in earlier else "refused"
                moved.append(Moved(file or "catalogue", name, earlier_answer, str(answer), why))
    _write(moved, counts, before.run("--version").split()[-1])


def _commands(checkout: Checkout) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a command for each series of the catalogue, and for each file."""
    for row in csv.DictReader(io.StringIO(checkout.run("series", "list", "-f", "csv"))):
        yield "", ("project", row["series_id"])
    for folder in FOLDERS:
        for file in sorted((ROOT / "tests" / folder).rglob("*")):
            if file.suffix in SUFFIXES:
                yield str(file.relative_to(ROOT)), ("batch", str(file))


class Checkout:
    """A release that runs commands, all in one process: to start it anew takes most of the time."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(folder), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,  # which comes before PYTHONPATH
            env=environment,
            text=True,
        )

    def run(self, *command: str) -> str:
        """Return the standard output of a command."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        output: str = json.loads(self._process.stdout.readline())
        return output


def _answers(checkout: Checkout, command: Sequence[str]) -> dict[str, LastForecast]:
    """The last forecast of each series; empty where all are refused."""
    output = checkout.run(*command, *HORIZON, "-f", "csv", "-q")
    answers = {}
    for row in csv.DictReader(io.StringIO(output)):
        numbers = [float(row[key]) for key in ("value", "lower_80", "upper_80")]
        answers[row["series_id"]] = LastForecast(row["period"], *numbers)
    return answers


def _why(checkout: Checkout, source: str, series: str) -> str:
    """Give the notes of the forecast on a break; empty where there is none."""
    chosen = ("--series", series) if series else ()
    path = str(ROOT / source) if series else source
    command = ("project", path, *chosen, *HORIZON, "--kind", "none", "-f", "json", "-q")
    try:
        document = json.loads(checkout.run(*command))
    except ValueError:
        return ""
    texts = [note["text"] for note in document["notes"] if note["code"] in OF_BREAKS]
    return " ".join(texts)


def _write(moved: Sequence[Moved], counts: dict[str, int], release: str) -> None:
    head = f"""# Answers that a break moved

Two years ahead, release {release} and now, with 80 % ranges. Of {counts["series"]:,} series of the catalogue
and of the data files of the tests that are answered now, {counts["moved"]} moved from {release}, for any
reason, and {len(moved)} have a break that says why. Written by `python benchmarks/moved.py CHECKOUT`.

| series | {release} | now | why |
| --- | --: | --: | --- |"""
    lines = [head]
    for one in moved:
        name = one.name if one.file == "catalogue" else f"{one.name} in `{Path(one.file).name}`"
        lines.append(f"| {name} | {one.before} | {one.now} | {one.why} |")
    (HERE / "moved.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
