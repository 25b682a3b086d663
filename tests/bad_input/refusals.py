"""What a refusal looks like to the user, and commands run in a process whose time and memory are measured."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.inside import Cli, Outcome

CODES = frozenset({0, 2, 3, 4, 5, 6})
"""Exit codes that input may lead to; 1 is a defect of ours."""
GOOD = "year,value\n2014,180\n2015,353\n2016,482\n"
MOST_SECONDS, MOST_MEMORY = 5.0, 1024**3
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
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


def refuse(cli: Cli, path: Path, code: int, says: str, hint: str = "", *options: str) -> None:
    """Let `project` refuse a file."""
    check_refusal(cli("project", str(path), *options), code, says, hint)


def watched(*arguments: str, stdin: str | None = None, timeout: float = 60) -> Outcome:
    """Run a command in a process of its own, within the bounds that every input is held to.

    Time is that of the processor, so that a busy machine decides nothing.
    """
    before = os.times()
    started = time.monotonic()
    given = subprocess.DEVNULL if stdin is None else subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", _WATCHED, *arguments],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        out, said = process.communicate(None if stdin is None else stdin.encode(), timeout=timeout)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert used < MOST_SECONDS, f"{used:.1f} s of work in {time.monotonic() - started:.1f} s"
    err = said.decode("utf-8", "surrogateescape")
    told, _, peak = err.rpartition("\npeak ")
    if peak:
        assert int(peak) * 1024 < MOST_MEMORY
    return Outcome(process.returncode, out, told if peak else err)


def check_text(text: str) -> None:
    """Nothing that a terminal obeys, and nothing that stands in it unseen."""
    found = FORBIDDEN.search(text.replace("\n", "").replace("\r", "").replace("\t", ""))
    assert not found, ascii(text[max(found.start() - 40, 0) : found.end() + 40])
