"""Two runs onto one output: what is there is one of the two, whole; and so is the list of refused series beside it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from rural_forecast.system.output import replacing_both
from tests.inside import Cli
from tests.programs import HANG_SECONDS, hidden, panel, run, start

HEADER = "series_id,line,reason,code\n"


def test_each_file_is_of_one_of_the_two(tmp_path: Path) -> None:
    sources = [panel(tmp_path / "a.csv", 400, refused=True), panel(tmp_path / "b.csv", 30)]
    with sources[1].open("a") as more:
        more.write("hole,2020,1\nhole,2023,2\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    wholes: list[tuple[bytes, bytes]] = []
    for source in sources:
        assert run("batch", source, "-q", "-o", folder / "out.csv").code == 5
        wholes.append(contents(folder))
    runs = [start("batch", source, "-q", "-o", folder / "out.csv", stderr=subprocess.DEVNULL) for source in sources]
    for one in runs:
        one.communicate(timeout=HANG_SECONDS)
        assert one.returncode == 5
    for found, *possible in zip(contents(folder), *wholes, strict=True):
        assert found in possible
    assert not hidden(folder)


def contents(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "out.csv").read_bytes(), (folder / "out.refused.csv").read_bytes()


def test_the_last_one_wins(tmp_path: Path) -> None:
    out, beside = tmp_path / "out.csv", tmp_path / "out.refused.csv"
    with replacing_both(out, beside) as (first, refused):
        with replacing_both(out, beside) as (second, _):
            assert first != second
            second.write_text("second\n")
        assert out.read_text() == "second\n"
        assert not beside.exists()
        first.write_text("first\n")
        refused.write_text("one\n")
    assert (out.read_text(), beside.read_text()) == ("first\n", "one\n")
    assert not hidden(tmp_path)


def test_a_list_of_an_earlier_run_is_emptied(cli: Cli, tmp_path: Path) -> None:
    out, beside = tmp_path / "out.csv", tmp_path / "out.refused.csv"
    fine = panel(tmp_path / "fine.csv", 2)
    assert cli("batch", fine, "-o", out).code == 0
    assert not beside.exists()
    assert cli("batch", panel(tmp_path / "gaps.csv", 2, refused=True), "-o", out).code == 5
    assert beside.read_text().count("\n") == 2
    assert cli("batch", fine, "-o", out).code == 0
    assert beside.read_text() == HEADER


@pytest.mark.parametrize("refused", [True, False])
def test_another_file_of_the_name_of_the_list_is_not_touched(cli: Cli, tmp_path: Path, refused: bool) -> None:
    out, beside = tmp_path / "out.csv", tmp_path / "out.refused.csv"
    beside.write_text("order,customer\n")
    done = cli("batch", panel(tmp_path / "panel.csv", 2, refused=refused), "-o", out)
    assert (done.code, out.exists(), beside.read_text()) == (2, False, "order,customer\n")
    assert "out.refused.csv is not a list of refused series" in done.err
