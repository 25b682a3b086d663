"""A full disk: exit 6 in one sentence, the earlier output untouched, nothing left."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rural_forecast.cli.batch_streams import Encode
from rural_forecast.cli.loading import unchanged
from rural_forecast.errors import InputError
from tests.faults.disks import tiny
from tests.forecasting.batch.panels import in_pieces
from tests.inside import Cli
from tests.programs import HEADER, environment, hidden, panel, quiet, run, shell

EARLIER = "the earlier result\n"
TO_FILES = {
    **dict.fromkeys(("out.csv", "out.json", "out.xlsx", "out.parquet"), "project turnover"),
    "out.html": "exhibit turnover",
    "out.png": "chart turnover",
    "two.csv": "batch panel.csv --workers 2",
    **dict.fromkeys(("all.xlsx", "all.parquet"), "batch panel.csv"),
}
TO_STANDARD_OUTPUT = (
    "project",
    "project --format parquet",
    "chart --format svg",
    "exhibit",
    "--help",
    "--version",
    "size rural_retailer --print-model",
    "batch panel.csv",
)


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
    folder = full or tmp_path
    out = (full or tmp_path) / name
    limit = None if full else partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100))
    if full:
        (full / "fill").write_bytes(b"")
    out.write_text(EARLIER)
    if full:
        with (full / "fill").open("wb", buffering=0) as filling, suppress(OSError):
            while filling.write(b"\0" * 512):
                pass
    words = TO_FILES[name].replace("panel.csv", str(source)).split()
    done = run(
        *words, "-q", "-o", out, preexec_fn=limit, fresh=limit is not None or "--workers" in words
    )
    assert done.code == 6, done
    assert quiet(done)
    assert str(out) in done.err
    assert done.err.count("\n") <= 2
    assert out.read_text() == EARLIER
    assert not hidden(folder)
    out.unlink()


def test_no_room_for_the_list_of_refused_series(tmp_path: Path) -> None:
    source = panel(tmp_path / "panel.csv", 1, refused=True)
    folder = tmp_path / "tiny"
    with tiny(folder, free=1) as made:
        if not made:
            pytest.skip("needs the right to mount")
        assert run("batch", source, "-o", folder / "out.csv").code == 6
        assert [path.name for path in folder.iterdir()] == ["fill"]
    source = panel(tmp_path / "panel.csv", 9)
    done = run("batch", source, "-q", env=environment(TMPDIR="/not/there"))
    assert (done.code, done.err) == (0, ""), "a temporary folder that is not there is no hindrance"
    assert done.out.decode().startswith(HEADER)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which only Linux has")
def test_no_room_behind_standard_output(source: Path) -> None:
    for command in TO_STANDARD_OUTPUT:
        done = shell(f"rf {command.replace('panel.csv', str(source))} >/dev/full")
        assert done.code == 6, (command, done)
        assert quiet(done), command
    # Whatever started the tests.
    shown = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1 rf --show-completion bash"
    assert shell(f"{shown} >/dev/full").code == 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which only Linux has")
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("batch", "panel.csv", "--format", "csv"), id="batch"),
        pytest.param(("project", "mofcom", "--format", "csv"), id="csv"),
        pytest.param(("project", "mofcom", "--format", "parquet"), id="parquet"),
    ],
)
def test_a_device_that_is_full_is_named_and_not_the_temporary_folder(
    words: tuple[str, ...], source: Path
) -> None:
    line = [str(source) if word == "panel.csv" else word for word in words]
    done = run(*line, "-q", "-o", "/dev/full")
    assert done.code == 6
    assert "/dev/full could not be written" in done.err
    assert "temporary" not in done.err


def test_no_room_for_temporary_files(source: Path, tmp_path: Path) -> None:
    """Where not a byte is free, another folder is taken."""
    folder = tmp_path / "tiny"
    out = tmp_path / "out.csv"
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


def overwrite(file: Path) -> None:
    """The same size, as an editor in place may leave it."""
    with file.open("r+b") as there:
        there.seek(file.stat().st_size // 2)
        there.write(b"\0,x\n9")


CHANGES: dict[str, Callable[[Path], object]] = {
    "truncate": lambda file: os.truncate(file, file.stat().st_size // 2 + 3),
    "append": lambda file: file.write_text(f"{file.read_text()}late,2022,1\nlate,2023,2\n"),
    "overwrite": overwrite,
    "replace": lambda file: panel(file.with_name("new"), 10).replace(file),
    "delete": Path.unlink,
}


@pytest.mark.parametrize(
    ("change", "suffix"),
    [
        *((change, "csv") for change in CHANGES),
        *((change, "parquet") for change in ("truncate", "overwrite", "delete")),
    ],
)
def test_a_batch_refuses_it_and_keeps_the_earlier_output(
    change: str, suffix: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change comes when the first rows are there; most of the file is not read yet."""
    source = panel(tmp_path / "panel.csv", 300)
    out = tmp_path / "out.csv"
    if suffix == "parquet":
        pd.read_csv(source).to_parquet(source.with_suffix(".parquet"))
        source.unlink()
        source = source.with_suffix(".parquet")
    out.write_text(EARLIER)
    in_pieces(monkeypatch, 100)
    encode = Encode.__call__
    changed = []

    def changing(encoder: Encode, rows: Any) -> Any:
        if not changed:
            CHANGES[change](source)
            changed.append(source)
        return encode(encoder, rows)

    monkeypatch.setattr(Encode, "__call__", changing)
    done = cli("batch", source, "-q", "-o", out)
    assert changed
    assert done.code == 3, done.err
    assert ("disappeared" if change == "delete" else "changed") in done.err
    assert out.read_text() == EARLIER
    assert not hidden(tmp_path)


def test_a_folder_that_gets_another_file_has_changed_and_what_is_wrong_is_told_as_ever(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.parquet").touch()
    with pytest.raises(InputError, match="changed while it was read"), unchanged(str(tmp_path)):
        (tmp_path / "b.parquet").touch()
    with unchanged(str(tmp_path)):
        (tmp_path / "_note.parquet").touch()
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(ZeroDivisionError), unchanged(str(tmp_path / "a.csv")):
        raise ZeroDivisionError
    with pytest.raises(InputError, match="no column"), unchanged(str(tmp_path / "a.csv")):
        raise InputError("no column")
