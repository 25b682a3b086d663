"""Refusals as the user sees them, and commands run in a process whose time and memory are measured."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.inside import Cli, Outcome

GOOD = "year,value\n2014,180\n2015,353\n2016,482\n"
MOST_SECONDS = 5.0
MOST_MEMORY = 1024**3
_BYTES = re.compile("[\udc80-\udcff]")
"""Of a file name that is not UTF-8, which prints as typed."""
_WATCHED = """
import sys
from rural_forecast.__main__ import main
try:
    main()
finally:
    if sys.platform == "linux":
        with open("/proc/self/status") as status:
            peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
        sys.stderr.write(f"\\npeak {peak}")
"""


def check_refusal(outcome: Outcome, code: int, says: str = "", hint: str = "") -> None:
    """One sentence with a hint, nothing on standard output, and nothing that a terminal obeys."""
    assert outcome.code == code, outcome.err
    lines = [line for line in outcome.err.splitlines() if not line.startswith("note: ")]
    assert [line.partition(": ")[0] for line in lines] == ["error", "hint"], outcome.err
    assert says in lines[0]
    assert hint in lines[1]
    assert all(_BYTES.sub("", line).isprintable() for line in lines)
    assert all(len(line) < 1600 for line in lines)
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


def check_short(outcome: Outcome, *codes: int) -> None:
    """An error with one of these codes, in short lines that a terminal prints, and no warning of a
    library.
    """
    assert outcome.code in codes, outcome.err
    assert all(
        line.isprintable() and len(line) < 1600 for line in (outcome.err + outcome.out).splitlines()
    )
    assert outcome.code in (0, 5) or outcome.err.startswith("error: ")
    assert "Warning" not in outcome.err


def refuse(cli: Cli, path: Path, says: str, hint: str = "") -> None:
    check_refusal(cli("project", path), 3, says, hint)


def _timed(line: list[str]) -> tuple[subprocess.CompletedProcess[bytes], float]:
    """Run a process, and measure its time of the processor."""
    before = os.times()
    done = subprocess.run(
        line, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    after = os.times()
    used = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return done, used


def watched(*arguments: str) -> Outcome:
    """Run a command in a process of its own within the bounds of every input, in time of the
    processor.
    """
    line = [sys.executable, "-c", _WATCHED, *arguments]
    # Neighbours on the same cores can double the time of the processor, so the less of two counts.
    done, used = _timed(line)
    if used >= MOST_SECONDS:
        done, used = _timed(line)
    assert used < MOST_SECONDS
    err = done.stderr.decode("utf-8", "surrogateescape")
    told, _, peak = err.rpartition("\npeak ")
    if peak:
        assert int(peak) * 1024 < MOST_MEMORY
    return Outcome(done.returncode, done.stdout, told if peak else err)
