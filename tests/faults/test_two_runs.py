"""Two runs onto one output: what is there is one of the two, whole, and so is the list of refused series beside it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rural_forecast.cli.atomic import remove_leftovers, replacing_both
from tests.programs import HANG_SECONDS, hidden, panel, run, start


def test_what_is_there_is_one_of_the_two(tmp_path: Path) -> None:
    sources = [panel(tmp_path / "a.csv", 400, refused=True), panel(tmp_path / "b.csv", 30)]
    with sources[1].open("a") as more:
        more.write("hole,2020,1\nhole,2023,2\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    pairs = []
    for source in sources:
        assert run("batch", source, "-q", "-o", folder / "out.csv").code == 5
        pairs.append(contents(folder))
    assert len({*pairs}) == 2
    runs = [start("batch", source, "-q", "-o", folder / "out.csv", stderr=subprocess.DEVNULL) for source in sources]
    for one in runs:
        one.communicate(timeout=HANG_SECONDS)
        assert one.returncode == 5
    assert contents(folder) in pairs
    assert not hidden(folder)


def contents(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "out.csv").read_bytes(), (folder / "out.refused.csv").read_bytes()


def test_each_has_a_hidden_file_of_its_own(tmp_path: Path) -> None:
    """Also in containers, where the process numbers of two runs may be the same."""
    out, beside = tmp_path / "out.csv", tmp_path / "out.refused.csv"
    with replacing_both(out, beside) as (first, refused):
        with replacing_both(out, beside) as (second, _):
            assert first != second
            second.write_text("second\n")
            assert remove_leftovers(out) == []
        first.write_text("first\n")
        refused.write_text("one\n")
        assert out.read_text() == "second\n"
        assert not beside.exists()
    assert (out.read_text(), beside.read_text()) == ("first\n", "one\n")
    with replacing_both(out, beside) as (third, _):
        third.write_text("third\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
