"""`poe fuzz`: every target for its share of the cases, guided by coverage of rural_forecast.

Each target runs in a process of its own, since libFuzzer ends its process, and a library may end it too. An input that
breaks a promise is written to `found/`, one for each place in the code, and CI tries it for ever.
"""

# ruff: noqa: T201 - a program that prints
from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

from rural_forecast.system.process import BLAS_THREADS
from tests.fuzz.mutation import LONGEST, TOKENS
from tests.fuzz.targets import SHARES, target

FOUND = Path(__file__).parent / "found"
_MOST_DEATHS = 20
"""Processes of one target that may die before it is given up."""


class Outcome(NamedTuple):
    """What came of one target."""

    name: str
    cases: int
    seconds: float
    findings: int


def main() -> int:
    """Run the targets and print a line on each."""
    parser = argparse.ArgumentParser(description="Fuzz every reader, parser and command.")
    parser.add_argument("--cases", type=int, default=100_000, help="cases of all targets together (100,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed tries other cases (1)")
    parser.add_argument("--target", action="append", choices=list(SHARES), help="only this one; repeatable")
    given = parser.parse_args()
    chosen = {name: share for name, share in SHARES.items() if not given.target or name in given.target}
    print(f"{'target':14} {'cases':>8} {'seconds':>8} findings", flush=True)
    outcomes = []
    for name, share in chosen.items():
        one = _fuzz(name, max(given.cases * share // sum(chosen.values()), 1), given.seed)
        outcomes.append(one)
        print(f"{one.name:14} {one.cases:8,} {one.seconds:8.0f} {one.findings:8}", flush=True)
    cases, seconds, findings = (sum(column) for column in list(zip(*outcomes, strict=True))[1:])
    print(f"{'all':14} {cases:8,} {seconds:8.0f} {findings:8}")
    return 1 if findings else 0


def _fuzz(name: str, cases: int, seed: int) -> Outcome:
    """Run a target until its cases are done, past inputs that end the process."""
    started, done, deaths = monotonic(), 0, 0
    earlier = set(FOUND.iterdir())
    with TemporaryDirectory(prefix="fuzz-") as folder:
        work = Path(folder)
        _prepare(work, name)
        while done < cases and deaths <= _MOST_DEATHS:
            options = (f"-runs={cases - done}", f"-seed={seed + deaths}", f"-max_len={LONGEST}", "-len_control=0")
            limits = ("-timeout=120", "-rss_limit_mb=3072", "-print_final_stats=1", "-verbosity=0")
            paths = (f"-artifact_prefix={work}/dead-", f"-dict={work / 'tokens'}", str(work / "corpus"))
            command = [sys.executable, "-m", "tests.fuzz.guided", name, str(FOUND), *options, *limits, *paths]
            environment = os.environ | dict.fromkeys(BLAS_THREADS, "1") | {"PYTHONHASHSEED": "0", "TMPDIR": str(work)}
            child = subprocess.run(
                command, capture_output=True, text=True, errors="replace", env=environment, check=False
            )
            ran = re.search(r"number_of_executed_units: (\d+)", child.stderr)
            done += max(int(ran[1]) if ran else 1, 1)
            for line in re.findall("^FOUND .*", child.stderr, re.MULTILINE):
                print(line, file=sys.stderr, flush=True)
            if child.returncode:
                deaths += 1
                _keep_death(name, work, child.stderr)
    return Outcome(name, done, monotonic() - started, len(set(FOUND.iterdir()) - earlier))


def _prepare(work: Path, name: str) -> None:
    """The seeds as files, and the dictionary in libFuzzer's form."""
    corpus = work / "corpus"
    corpus.mkdir()
    for place, seed in enumerate(target(name).seeds):
        (corpus / f"{place:04}").write_bytes(seed)
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in token) + '"' for token in TOKENS if 0 < len(token) <= 64)
    (work / "tokens").write_text("\n".join(lines) + "\n")


def _keep_death(name: str, work: Path, said: str) -> None:
    """Keep the input that ended a process."""
    kept = list(work.glob("dead-*"))
    print(f"{name}: a process ended: {said[-2000:]}", file=sys.stderr, flush=True)
    for path in kept:
        data = path.read_bytes()
        (FOUND / file_name(name, data)).write_bytes(data)
        path.unlink()


def file_name(name: str, data: bytes) -> str:
    """What the file of an input is called: its target and a digest."""
    return f"{name}-{sha256(data).hexdigest()[:12]}"


if __name__ == "__main__":
    sys.exit(main())
