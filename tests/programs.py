"""Runs the program as a process of its own, as a nightly job or a person at a terminal does.

The process is forked from one that has imported everything (see `tests/warm.py`), which has real
streams, a folder and variables; `fresh=True` starts Python, where the start, limits, locales or
signals matter.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pexpect

from tests import warm

PROGRAM = [sys.executable, "-m", "rural_forecast"]
HEADER = "series_id,period,kind,model,value"
HANG_SECONDS = 180
"""However busy the machine, what takes longer hangs."""


class Done(NamedTuple):
    code: int
    out: bytes
    err: str


def environment(**more: str) -> dict[str, str]:
    """A plain environment; an empty word removes a variable."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}}
    asked = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", **kept, **more}
    return {key: value for key, value in asked.items() if value}


def _program(fresh: bool) -> list[str]:
    return PROGRAM if fresh else [str(warm.folder() / "rural-forecast")]


def run(
    *arguments: str | Path, env: dict[str, str] | None = None, fresh: bool = False, **options: Any
) -> Done:
    done = subprocess.run(
        [*_program(fresh), *map(str, arguments)],
        env=env or environment(),
        check=False,
        timeout=HANG_SECONDS,
        **{
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **options,
        },
    )
    return Done(done.returncode, done.stdout or b"", (done.stderr or b"").decode(errors="replace"))


def shell(line: str, cwd: Path | None = None, *, fresh: bool = False) -> Done:
    """Run a line of bash in which `rf` is the program; where it hangs, all that it started ends
    with it.
    """
    rf = f'rf() {{ {shlex.join(_program(fresh))} "$@"; }}\n{line}'
    with subprocess.Popen(
        ["bash", "-c", rf],
        env=environment(),
        cwd=cwd,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            out, err = process.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return Done(process.returncode, out, err.decode(errors="replace"))


def as_anybody() -> str:
    """Return the words before `rf` that take from root the rights to read and write everything."""
    if os.geteuid():
        return ""
    rights = "-dac_override,-dac_read_search"
    return f"export -f rf; setpriv --bounding-set={rights} --inh-caps={rights} bash -c 'rf \"$@\"'"


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, which signals can be sent to."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        start_new_session=True,
        preexec_fn=_heeding,
        **{
            "env": environment(),
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **options,
        },
    )


def _heeding() -> None:
    """In the new process, let signals mean what they usually do, even if the tests run in the
    background.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def terminal(
    line: str, columns: int = 100, *, fresh: bool = False, **more: str
) -> pexpect.spawn[str]:
    """Start a command on a terminal so wide."""
    program, *words = _program(fresh)
    return pexpect.spawn(
        program,
        [*words, *shlex.split(line)],
        env=environment(TERM="xterm-256color", **more),
        dimensions=(50, columns),
        timeout=HANG_SECONDS,
        encoding="utf-8",
        preexec_fn=_heeding,
    )


def ended(child: pexpect.spawn[str]) -> tuple[str, int | None]:
    """All that a terminal shows from now on, and the exit code."""
    text = child.read()
    child.wait()
    child.ptyproc.delayafterclose = 0  # it has ended; the default waits a tenth of a second
    child.close()
    return text.replace("\r\n", "\n"), child.exitstatus


def shown(line: str, columns: int, *, fresh: bool = False, **more: str) -> str:
    """Return the screen of a terminal of this width after a command without complaint."""
    text, code = ended(terminal(line, columns, fresh=fresh, **more))
    assert code == 0, text
    return text


def python(code: str, *options: str) -> str:
    """Return the output of code in a Python that has imported nothing yet."""
    line = [sys.executable, *options, "-c", code]
    return subprocess.run(
        line, env=environment(), capture_output=True, text=True, check=True
    ).stdout


def until(there: Callable[[], Any], seconds: float = HANG_SECONDS) -> Any:
    """Wait for something to become true, and give it."""
    end = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)
    return found


def living(session: int) -> dict[int, bytes]:
    """Processes of a session that still run, with their words; those that wait to be buried do not."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(of) == session and state not in "ZX":
                found[int(folder.name)] = (folder / "cmdline").read_bytes()
    return found


def hidden(folder: Path) -> list[Path]:
    """Files in the making."""
    return list(folder.glob(".*.part"))


def panel(path: Path, series: int, *, refused: bool = False) -> Path:
    """A file of many series, the last of them with a year missing."""
    places = product(range(series), range(2010, 2024))
    lines = [f"s{one},{year},{100 + one % 7 + 3.5 * (year - 2010)}" for one, year in places]
    lines += ["gap,2019,1", "gap,2023,2"] if refused else []
    path.write_text("\n".join(["series_id,year,value", *lines, ""]))
    return path


def quiet(done: Done) -> bool:
    """Return True if standard error is free of what no fault may bring there."""
    return not any(
        word in done.err for word in ("Traceback", "Exception ignored", "Warning", "defect")
    )
