"""Ctrl-C, kill, a closed terminal: nothing half-written, nobody left running, the old output whole."""

import os
import signal
import subprocess
import sys
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
    hidden,
    living,
    panel,
    run,
    start,
    terminal,
    until,
)

ROOT = Path(__file__).parents[2]
EARLIER = "the earlier result\n"
ENDED = {signal.SIGINT: (130, "interrupted\n"), signal.SIGTERM: (143, ""), signal.SIGHUP: (129, "")}
COMMANDS = (
    "batch panel.csv -q --all-models -o out.csv",
    "batch panel.csv -q --all-models --workers 2 -o out.csv",
    "batch panel.csv -q --engine dask -o out.csv",
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return panel(tmp_path_factory.mktemp("source") / "panel.csv", 20_000)


@pytest.mark.parametrize(
    ("command", "number"),
    [
        *((line, signal.SIGTERM) for line in COMMANDS),
        *((line, signal.SIGINT) for line in COMMANDS[:2]),
        (COMMANDS[0], signal.SIGHUP),
    ],
)
def test_a_signal_at_work_ends_it_cleanly(
    command: str, number: signal.Signals, tmp_path: Path, source: Path
) -> None:
    out = tmp_path / "out.csv"
    out.write_text(EARLIER)
    words = [str(source) if word == "panel.csv" else word for word in command.split()]
    process = start(*words, cwd=tmp_path)
    until(lambda: hidden(tmp_path))
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert (process.returncode, err.decode()) == ENDED[number]
    until(lambda: not living(process.pid))
    assert out.read_text() == EARLIER
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_little_is_imported_before_an_interrupt_is_caught() -> None:
    """Python shows a traceback for one that comes earlier."""
    code = (
        "import sys; before = {*sys.modules}; import rural_forecast.__main__; "
        "print(*sorted({*sys.modules} - before))"
    )
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT)
    own = {"rural_forecast", "rural_forecast.__main__", "rural_forecast.version"}
    assert {*done.stdout.split()} <= {*own, "__future__", "gc"}


def test_an_interrupt_while_it_waits_for_its_input() -> None:
    process = start("project", "-", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"year,value\n")
    process.stdin.flush()
    until(lambda: not _unread(process.stdin))
    process.send_signal(signal.SIGINT)
    assert (*process.communicate(timeout=HANG_SECONDS), process.returncode) == (
        b"",
        b"interrupted\n",
        130,
    )


def _unread(pipe: IO[bytes]) -> int:
    """How many bytes of a pipe its reader has not taken yet."""
    count = array("i", [0])
    ioctl(pipe, FIONREAD, count)
    return count[0]


def test_what_whoever_started_us_had_ignored_stays_ignored(tmp_path: Path, source: Path) -> None:
    """As with nohup, and with commands that a script puts in the background."""
    line = f"trap '' HUP INT; exec {' '.join(PROGRAM)} batch {source} -q -o {tmp_path}/out.csv"
    process = subprocess.Popen(["bash", "-c", line], env=environment(), start_new_session=True)
    until(lambda: hidden(tmp_path))
    os.killpg(process.pid, signal.SIGHUP)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(HANG_SECONDS) == 0
    assert (tmp_path / "out.csv").exists()


def begun(folder: Path, source: Path, workers: str) -> subprocess.Popen[bytes]:
    (folder / "out.csv").write_text(EARLIER)
    return start("batch", source, "--all-models", "--workers", workers, "-o", folder / "out.csv")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_kill_9_ends_the_workers_and_keeps_the_earlier_output(
    tmp_path: Path, source: Path, workers: str
) -> None:
    process = begun(tmp_path, source, workers)
    until(
        lambda: len(hidden(tmp_path)) == 2 and (workers == "1" or len(_workers(process.pid)) == 2)
    )
    process.kill()
    process.communicate(timeout=HANG_SECONDS)
    until(lambda: not living(process.pid))
    assert (tmp_path / "out.csv").read_text() == EARLIER


def test_standard_input_kept_on_disk_goes_with_the_run(tmp_path: Path, source: Path) -> None:
    with source.open("rb") as data:
        process = start(
            "batch",
            "-",
            "--all-models",
            "--calibrate",
            "always",
            "-q",
            stdin=data,
            stdout=subprocess.DEVNULL,
            env=environment(TMPDIR=str(tmp_path)),
        )
    until(lambda: list(tmp_path.glob("rural_forecast-*/input")))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=HANG_SECONDS)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_removed_that_this_run_did_not_make(tmp_path: Path) -> None:
    """Whatever its name: folders among the temporary files, hidden files beside the output, what a
    killed run left.
    """
    place = tmp_path / "temporary"
    kept = [
        place / "rural-forecast-main" / "pyproject.toml",
        place / "rural-forecast-2026" / "results.csv",
        place / "rural-forecast-0123456789abcdef" / "part",
        place / "rural_forecast-01234567" / "part",
        tmp_path / ".out.csv.x.part",
        tmp_path / ".out.csv.0123abcd.part",
        tmp_path / ".out.refused.csv.0123abcd.part",
    ]
    for file in kept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("year,value\n2020,4\n2021,5\n")
    here = environment(TMPDIR=str(place))
    source = panel(tmp_path / "small.csv", 2)
    for words in (
        ("batch", "-"),
        ("batch", "-", "-o", tmp_path / "out.csv"),
        ("chart", "-o", tmp_path / "out.png"),
        ("project", kept[4], "-o", tmp_path / "out.csv"),
    ):
        with source.open("rb") as data:
            assert run(*words, "-q", env=here, stdin=data).code == 0
    assert all(file.exists() for file in kept)
    assert len(list(place.iterdir())) == 4
    assert set(hidden(tmp_path)) == set(kept[4:])


def test_a_killed_worker_is_told_and_takes_the_rest_along(tmp_path: Path, source: Path) -> None:
    process = begun(tmp_path, source, "2")
    worker = until(lambda: _workers(process.pid))[0]
    until(lambda: hidden(tmp_path))
    os.kill(worker, signal.SIGKILL)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 6
    assert err.startswith(b"error: A worker process was killed")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == EARLIER
    until(lambda: not living(process.pid))


def _workers(parent: int) -> list[int]:
    """Processes that calculate and are past their start: they have a thread that watches the
    parent.
    """
    spawned = [one for one, words in living(parent).items() if b"spawn_main" in words]
    return [
        one for one in spawned if "\nThreads:\t1\n" not in Path(f"/proc/{one}/status").read_text()
    ]


def test_the_cursor_comes_back_to_a_terminal(tmp_path: Path, source: Path) -> None:
    child = terminal(f"batch {source} --all-models -o {tmp_path}/out.csv", fresh=True)
    child.expect(r"\x1b\[\?25l")
    child.sendintr()
    shown, code = ended(child)
    assert code == 130
    assert shown.rindex("\x1b[?25h") > shown.rfind("\x1b[?25l")
    assert shown.rstrip().endswith("interrupted")
