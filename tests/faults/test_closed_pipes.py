"""Readers that go at any moment, and standard streams that are closed: silent, and no data in the wrong place."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.programs import HANG_SECONDS, PROGRAM, environment, panel, run, shell

MOMENTS = {
    "project turnover -q --format csv": (0, 429),
    "project turnover -q --model naive --format table": (80,),
    "project turnover -q --format json --history": (4096,),
    "project turnover -q --model naive --format xlsx": (9,),
    "chart turnover -q --format svg": (80,),
    "batch panel.csv -q": (0, 86, 65_537),
    "batch panel.csv -q --format parquet --workers 2": (4,),
    "size rural_retailer --print-model": (300,),
    "series list --format ndjson": (1000,),
    "--help": (0,),
}
"""Commands, and after how many bytes the reader goes."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return panel(tmp_path_factory.mktemp("source") / "panel.csv", 400)


def read_and_go(words: list[str], count: int) -> tuple[int, bytes]:
    """Give the program a reader that closes the pipe after so many bytes."""
    mine, theirs = os.pipe()
    process = subprocess.Popen(
        [*PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, env=environment()
    )
    os.close(theirs)
    while count > 0 and (got := os.read(mine, count)):
        count -= len(got)
    os.close(mine)
    _, err = process.communicate(timeout=HANG_SECONDS)
    return process.returncode, err


@pytest.mark.parametrize("command", MOMENTS)
def test_a_reader_that_goes_after_so_many_bytes(command: str, source: Path) -> None:
    for count in MOMENTS[command]:
        assert read_and_go(command.replace("panel.csv", str(source)).split(), count) == (0, b""), count


def test_a_named_pipe_whose_reader_goes(tmp_path: Path, source: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = shell(f"head -c 9 {tmp_path}/pipe & rf batch {source} -q --format csv -o {tmp_path}/pipe; echo $?; wait")
    assert done.err == ""
    assert sorted(done.out.decode().splitlines()) == ["0", "series_id"] or b"series_id0" in done.out


def test_standard_error_is_closed(tmp_path: Path) -> None:
    """What would go there must not land in a file that got its number."""
    refused = panel(tmp_path / "panel.csv", 30, refused=True)
    for name, closing in (("closed", "2>&-"), ("open", "")):
        assert shell(f"rf batch {refused} --workers 2 -o {tmp_path}/{name}.csv {closing}", fresh=True).code == 5
    assert (tmp_path / "closed.csv").read_bytes() == (tmp_path / "open.csv").read_bytes()
    assert (tmp_path / "closed.refused.csv").read_bytes() == (tmp_path / "open.refused.csv").read_bytes()
    assert shell("rf batch nowhere.csv >&- 2>&-").code == 6


def test_standard_output_is_closed(tmp_path: Path, source: Path) -> None:
    for command in ("project", f"batch {source}", "--help", "--version"):
        done = shell(f"rf {command} >&-")
        assert (done.code, done.out) == (6, b""), command
    done = shell(f"rf batch {source} --workers 2 -q -o {tmp_path}/out.csv >&- 2>&- <&-", fresh=True)
    assert done.code == 0
    assert (tmp_path / "out.csv").read_bytes() == run("batch", source, "-q").out


def test_standard_input_is_closed(source: Path) -> None:
    done = shell(f"rf project turnover -q --format csv <&- && rf batch {source} -q <&- | tail -n 1")
    assert (done.code, done.err) == (0, "")
    for command in ("project", "batch"):
        assert shell(f"rf {command} - <&-").code == 3
