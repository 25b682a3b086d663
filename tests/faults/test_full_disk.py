"""A full disk: exit 6 in one sentence, the earlier output untouched, nothing left."""

import resource
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.faults.disks import tiny
from tests.programs import HEADER, environment, hidden, panel, quiet, run, shell

EARLIER = "the earlier result\n"
TO_FILES = {
    "out.csv": "project turnover",
    "out.json": "project turnover",
    "out.xlsx": "project turnover",
    "out.parquet": "project turnover",
    "out.html": "exhibit turnover",
    "out.png": "chart turnover",
    "two.csv": "batch panel.csv --workers 2",
    "all.xlsx": "batch panel.csv",
    "all.parquet": "batch panel.csv",
}
TO_STANDARD_OUTPUT = (
    "project", "project --format parquet", "chart --format svg", "exhibit", "--help", "--version",
    "size rural_retailer --print-model", "batch panel.csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return panel(tmp_path_factory.mktemp("source") / "panel.csv", 300)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """A folder on a disk without a free byte, or None."""
    folder = tmp_path_factory.mktemp("full")
    with tiny(folder) as made:
        yield folder if made else None


@pytest.mark.parametrize("name", TO_FILES)
def test_no_room_for_a_file(name: str, full: Path | None, source: Path, tmp_path: Path) -> None:
    """Where no disk can be made, the system refuses to write more than so many bytes."""
    folder, out = full or tmp_path, (full or tmp_path) / name
    limit = None if full else partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100))
    if full:
        (full / "fill").write_bytes(b"")
    out.write_text(EARLIER)
    if full:
        with (full / "fill").open("wb", buffering=0) as filling, suppress(OSError):
            while filling.write(b"\0" * 512):
                pass
    words = TO_FILES[name].replace("panel.csv", str(source)).split()
    done = run(*words, "-q", "-o", out, preexec_fn=limit, fresh=limit is not None or "--workers" in words)
    assert done.code == 6, done
    assert quiet(done)
    assert str(out) in done.err
    assert done.err.count("\n") <= 2
    assert out.read_text() == EARLIER
    assert not hidden(folder)
    out.unlink()


def test_no_room_for_the_list_of_refused_series(tmp_path: Path) -> None:
    source, folder = panel(tmp_path / "panel.csv", 1, refused=True), tmp_path / "tiny"
    with tiny(folder, free=1) as made:
        if not made:
            pytest.skip("needs the right to mount")
        assert run("batch", source, "-o", folder / "out.csv").code == 6
        assert [path.name for path in folder.iterdir()] == ["fill"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which only Linux has")
def test_no_room_behind_standard_output(source: Path) -> None:
    for command in TO_STANDARD_OUTPUT:
        done = shell(f"rf {command.replace('panel.csv', str(source))} >/dev/full")
        assert done.code == 6, (command, done)
        assert quiet(done), command
    assert run("batch", source, "-q", "--format", "csv", "-o", "/dev/full").code == 6
    assert shell("rf --show-completion bash >/dev/full").code == 6


def test_no_room_for_temporary_files(source: Path, tmp_path: Path) -> None:
    """Where not a byte is free, another folder is taken."""
    folder, out = tmp_path / "tiny", tmp_path / "out.csv"
    with tiny(folder, free=1) as made, source.open("rb") as data:
        if not made:
            pytest.skip("needs the right to mount")
        here = environment(TMPDIR=str(folder))
        for words in (("batch", source, "--strict"), ("batch", "-", "-o", out)):
            done = run(*words, "-q", env=here, stdin=data)
            assert (done.code, f"{folder}, is full." in done.err) == (6, True), (words, done)
        assert [path.name for path in folder.iterdir()] == ["fill"]
        assert not out.exists()
        done = run("chart", "turnover", "-q", "-o", out.with_suffix(".png"), env=here)
        assert (done.code, done.err) == (0, "")


def test_a_temporary_folder_that_is_not_there_is_no_hindrance(source: Path) -> None:
    done = run("batch", source, "-q", env=environment(TMPDIR="/not/there"))
    assert (done.code, done.err) == (0, "")
    assert done.out.decode().startswith(HEADER)
