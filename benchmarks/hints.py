"""Follow the hints of the program on files that it refuses, and count the attempts.

    python benchmarks/hints.py FOLDER [--cases FILE]

FOLDER holds `files/SLUG/NAME`. A file is read by `project FILE`, without options. While it is
refused, the options of the hint are typed as they stand, the first of those that are joined by
"or". `Did you mean 'X'?` takes the place of the name that was not found. Cases are lines of JSON,
each with a `suffix` and a `text`.

Attempts are those after the first refusal, up to an answer. A hint without an option asks for
another file, or for a change of this one: no option repairs it, and it is counted apart.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

MOST = 5  # attempts
SECONDS = 120
# Words as a shell takes them: quoted, with quotes of the other kind within, or up to a space.
_WORD = r"""(?:'[^']*'|"[^"]*"|[^\s'"])+"""
_FLAGS = ("--allow-gaps", "--history")
_OPTIONS = re.compile(rf"(?:{'|'.join(_FLAGS)}|--[a-z-]+ {_WORD})(?: --[a-z-]+ {_WORD})*")
_MEANT = re.compile(rf"Did you mean ({_WORD})")


class Outcome(NamedTuple):
    """How a file was read: its attempts, and why these ended without an answer."""

    name: str
    attempts: int
    options: tuple[str, ...]
    last_refusal: str
    asks_for_a_file: bool


def refusal_of(path: Path, options: Sequence[str]) -> tuple[str, str] | None:
    """Read a file: None for an answer, else the message and the hint."""
    line = [sys.executable, "-m", "rural_forecast", "project", str(path), *options]
    done = subprocess.run(
        [*line, "--model", "naive", "--format", "json"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if not done.returncode:
        return None
    for err in done.stderr.splitlines():
        if err.startswith("{"):
            error = json.loads(err)
            return error["message"], error["hint"]
    return done.stderr[-300:], ""


def followed(hint: str, options: Sequence[str]) -> list[str] | None:
    """The options of the next attempt; None where a hint has none."""
    meant = _MEANT.search(hint)
    if meant and options:
        return [*options[:-1], *shlex.split(meant[1].rstrip(",?"))]
    typed = _OPTIONS.search(hint)
    if typed is None:
        return None
    # The sentence goes on with a comma or ends with a point; the name of a sheet may end with one.
    end = ",;:" if hint[typed.end() :] else ".,;:"
    words = shlex.split(typed[0].rstrip(end))
    is_replaced = words[0] in options and words[0] != "--where"
    if is_replaced:
        at = options.index(words[0])
        return [*options[:at], *words, *options[at + 2 :]]
    return [*options, *words]


def outcome_of(name: str, path: Path) -> Outcome:
    """Follow the hints on one file."""
    options: list[str] = []
    for attempt in range(MOST + 1):
        refusal = refusal_of(path, options)
        if refusal is None:
            return Outcome(name, attempt, tuple(options), "", False)
        message, hint = refusal
        following = followed(hint, options)
        if following is None:
            return Outcome(name, attempt, tuple(options), f"{message} {hint}", True)
        options = following
    return Outcome(name, MOST, tuple(options), f"{message} {hint}", False)


def files(folder: Path, cases: Path | None, made: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder, and those made of cases, by name."""
    for slug in sorted((folder / "files").iterdir()):
        yield slug.name, next(slug.iterdir())
    if cases is None:
        return
    for line in cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        path = made / f"{case['id']}.{case['suffix']}"
        path.write_text(case["text"], encoding="utf-8")
        yield case["id"], path


def main() -> int:
    """Print a line a refused file, and the mean."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor(2) as pool:
        named = [*files(asked.folder, asked.cases, Path(made))]
        outcomes = [*pool.map(outcome_of, *zip(*named, strict=True))]
    refused = [one for one in outcomes if one.attempts or one.last_refusal]
    apart = [one for one in refused if one.asks_for_a_file]
    by_hints = [one for one in refused if not one.asks_for_a_file]
    for one in sorted(refused, key=lambda one: one.asks_for_a_file):
        words = shlex.join(one.options)
        print(f"{one.attempts} {one.name:28} {words[:120]} {one.last_refusal[:300]}")
    attempts = sum(one.attempts for one in by_hints)
    unanswered = sum(bool(one.last_refusal) for one in by_hints)
    mean = attempts / max(len(by_hints), 1)
    print(
        f"{len(outcomes)} files, {len(refused)} refused, {len(by_hints)} with an option in the hint:"
        f" {mean:.2f} attempts on average, {unanswered} without an answer after {MOST};"
        f" {len(apart)} ask for another file or a change of it"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
