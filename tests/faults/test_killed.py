"""Ctrl-C, kill, a closed terminal, at any moment: nothing half-written, nobody left running, the old output whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from array import array
from fcntl import ioctl
from pathlib import Path
from termios import FIONREAD
from typing import IO

import pytest

from tests.programs import (
    HANG_SECONDS,
    PROGRAM,
    ended,
    environment,
    heeds,
    hidden,
    living,
    panel,
    run,
    start,
    terminal,
    until,
)

EARLIER = "the earlier result\n"
ENDED = {signal.SIGINT: (130, "interrupted\n"), signal.SIGTERM: (-15, "terminated\n"), signal.SIGHUP: (-1, "")}
MOMENTS = {
    "project --format table -q -o out.txt": 1.3,
    "report -q -o out.html": 1.1,
    "batch panel.csv -q --all-models -o out.csv": 2.5,
    "batch panel.csv -q --all-models --workers 2 -o out.csv": 3.0,
    "batch panel.csv -q --engine dask -o out.csv": 2.5,
}
"""Commands, and about how many seconds they take from then on that they heed signals."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return panel(tmp_path_factory.mktemp("source") / "panel.csv", 8_000)


def killed(command: str, folder: Path, source: Path, number: int, delay: float) -> tuple[int, str]:
    """Run a command over an earlier output, send the signal to all its processes, and see how it ended."""
    words = [str(source) if word == "panel.csv" else word for word in command.split()]
    out = folder / words[-1]
    out.write_text(EARLIER)
    process = start(*words, cwd=folder)
    until(lambda: heeds(process.pid))
    time.sleep(delay)
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=HANG_SECONDS)
    until(lambda: not living(process.pid))
    assert out.read_text() == EARLIER or process.returncode == 0
    return process.returncode, err.decode()


@pytest.mark.parametrize("command", MOMENTS)
def test_a_signal_at_any_moment_ends_it_cleanly(command: str, tmp_path: Path, source: Path) -> None:
    moments = random.Random(command)
    for number, (code, said) in ENDED.items():
        ended, err = killed(command, tmp_path, source, number, moments.uniform(0, MOMENTS[command]))
        assert (ended, err) in ((code, said), (0, "")), (ended, err)
        assert not hidden(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [command.split()[-1]]


def test_a_signal_while_it_starts_shows_no_traceback_of_ours(tmp_path: Path) -> None:
    """Before our first line runs, the interpreter itself answers Ctrl-C: by a trace of its own start."""
    moments = random.Random(4)
    for _ in range(8):
        process = start("project", "-q", "--format", "csv", stdout=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, 0.3))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=HANG_SECONDS)
        ended = process.returncode, err
        assert ended in ((130, b"interrupted\n"), (0, b"")) or b"rural_forecast/cli" not in err, ended


def test_an_interrupt_while_it_waits_for_its_input() -> None:
    process = start("project", "-", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"year,value\n")
    process.stdin.flush()
    until(lambda: not unread(process.stdin))
    process.send_signal(signal.SIGINT)
    assert (*process.communicate(timeout=HANG_SECONDS), process.returncode) == (b"", b"interrupted\n", 130)


def unread(pipe: IO[bytes]) -> int:
    """How many bytes of a pipe its reader has not taken yet."""
    count = array("i", [0])
    ioctl(pipe, FIONREAD, count)
    return count[0]


def test_a_second_interrupt_does_not_stop_the_cleaning_up(tmp_path: Path, source: Path) -> None:
    process = start("batch", source, "--all-models", "--workers", "2", "-o", tmp_path / "out.csv")
    until(lambda: hidden(tmp_path) and len(living(process.pid)) >= 3)
    for _ in range(5):
        os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert (process.returncode, err) == (130, b"interrupted\n")
    assert list(tmp_path.iterdir()) == []
    until(lambda: not living(process.pid))


def test_what_whoever_started_us_had_ignored_stays_ignored(tmp_path: Path, source: Path) -> None:
    """As with nohup, and with commands that a script puts in the background."""
    line = f"trap '' HUP INT; exec {' '.join(PROGRAM)} batch {source} -q -o {tmp_path}/out.csv"
    process = subprocess.Popen(["bash", "-c", line], env=environment(), start_new_session=True)
    until(lambda: hidden(tmp_path))
    os.killpg(process.pid, signal.SIGHUP)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(HANG_SECONDS) == 0
    assert (tmp_path / "out.csv").exists()


def test_a_timer_that_ends_it_finds_it_gone(tmp_path: Path, source: Path) -> None:
    line = ["timeout", "1h", *PROGRAM, "batch", str(source), "--all-models", "--workers", "2", "-o", "out.csv"]
    timer = subprocess.Popen(line, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, start_new_session=True)
    until(lambda: hidden(tmp_path))
    timer.send_signal(signal.SIGALRM)  # the hour is over
    _, err = timer.communicate(timeout=HANG_SECONDS)
    assert (timer.returncode, err) == (124, b"terminated\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_kill_9_leaves_is_told_and_removed_by_the_next_run(tmp_path: Path, source: Path, workers: str) -> None:
    out = tmp_path / "out.csv"
    out.write_text(EARLIER)
    process = start("batch", source, "--all-models", "--workers", workers, "-o", out)
    until(lambda: len(hidden(tmp_path)) == 2 and (workers == "1" or _at_work(process.pid) == 2))
    process.kill()
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert err == b""
    until(lambda: not living(process.pid))  # workers notice, and go
    assert out.read_text() == EARLIER
    assert hidden(tmp_path)
    done = run("project", "-o", out)
    assert f"note: removed {tmp_path}/.out.csv." in done.err
    assert out.read_text().startswith("series_id")
    done = run("batch", panel(tmp_path / "small.csv", 2), "-o", out)
    assert f"note: removed {tmp_path}/.out.refused.csv." in done.err
    assert not hidden(tmp_path)


def test_what_runs_is_not_taken_for_left_behind(tmp_path: Path, source: Path) -> None:
    slow = start("batch", source, "-q", "--all-models", "-o", tmp_path / "out.csv")
    until(lambda: len(hidden(tmp_path)) == 2)  # the second is made once the first is locked
    (part,) = tmp_path.glob(".out.csv.*.part")
    slow.send_signal(signal.SIGSTOP)  # however slow the other one is, this one is not done
    try:
        done = run("project", "-q", "-o", tmp_path / "out.csv")
        assert (done.code, done.err) == (0, "")
        assert part.exists()
    finally:
        slow.send_signal(signal.SIGCONT)
    slow.communicate(timeout=HANG_SECONDS)
    assert slow.returncode == 0
    assert (tmp_path / "out.csv").read_text().count("\n") > 16_000


def test_standard_input_kept_on_disk_goes_with_the_run(tmp_path: Path, source: Path) -> None:
    here = environment(TMPDIR=str(tmp_path))
    for number in (signal.SIGINT, signal.SIGKILL):
        with source.open("rb") as data:
            process = start("batch", "-", "--all-models", "-q", stdin=data, stdout=subprocess.DEVNULL, env=here)
        (folder, *_) = until(lambda: list(tmp_path.glob("rural-forecast-*/part")))
        process.send_signal(number)
        process.communicate(timeout=HANG_SECONDS)
        assert folder.exists() == (number == signal.SIGKILL)
    done = run("batch", panel(tmp_path / "small.csv", 2), "-q", env=here)
    assert done.code == 0
    assert not folder.exists()


def test_a_killed_worker_is_told_and_takes_the_rest_along(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text(EARLIER)
    process = start("batch", source, "--all-models", "--workers", "2", "-o", out)
    worker = until(lambda: _workers(process.pid))[0]
    until(lambda: hidden(tmp_path))
    os.kill(worker, signal.SIGKILL)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 6
    assert err.decode().startswith("error: A worker process was killed, perhaps for want of memory.\nhint: ")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert out.read_text() == EARLIER
    until(lambda: not living(process.pid))


def _workers(parent: int) -> list[int]:
    """Spawned processes that calculate, apart from the one that clears up after them."""
    found = []
    for one in living(parent):
        try:
            words = Path(f"/proc/{one}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(one)
    return found


def _at_work(parent: int) -> int:
    """How many of them are past their start: they have a thread that watches the parent."""
    statuses = [Path(f"/proc/{one}/status").read_text() for one in _workers(parent)]
    return sum("\nThreads:\t1\n" not in status for status in statuses)


def test_the_cursor_comes_back_to_a_terminal(tmp_path: Path, source: Path) -> None:
    child = terminal(f"batch {source} --all-models -o {tmp_path}/out.csv")
    child.expect(r"\x1b\[\?25l")
    child.sendintr()
    shown, code = ended(child)
    assert code == 130
    assert shown.rindex("\x1b[?25h") > shown.rfind("\x1b[?25l")
    assert shown.rstrip().endswith("interrupted")
