"""Two runs onto one output: what is there is one of the two, whole; and so is the list of refused series beside it."""

import subprocess
from pathlib import Path

from rural_forecast.system.output import replacing_both
from tests.programs import HANG_SECONDS, hidden, panel, run, start


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
