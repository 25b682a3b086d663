"""Where an output goes: folders that are gone or closed, links, pipes, devices; never over an
input, and whole.
"""

import os
import shutil
import stat
from pathlib import Path

import pytest

from rural_forecast.system.output import replacing_both
from tests.faults.disks import read_only
from tests.programs import (
    HANG_SECONDS,
    HEADER,
    as_anybody,
    hidden,
    panel,
    quiet,
    run,
    shell,
    start,
    until,
)


@pytest.mark.parametrize("command", ["project", "batch"])
def test_a_folder_that_is_not_there_or_may_not_be_written(command: str, tmp_path: Path) -> None:
    market = tmp_path / "market.csv"
    market.write_text("year,value\n2020,4\n2021,5\n")
    done = run(command, market, "-q", "-o", tmp_path / "no" / "out.csv")
    assert (done.code, f"there is no folder {tmp_path}/no.\n" in done.err) == (6, True)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "out.csv").write_text("the earlier result\n")
    with read_only(folder) as closed:
        if not closed:
            pytest.skip("needs the right to mount")
        done = run(command, market, "-o", folder / "out.csv")
        assert (done.code, quiet(done)) == (6, True)
    assert (folder / "out.csv").read_text() == "the earlier result\n"


def test_a_folder_that_goes_while_a_batch_works(tmp_path: Path) -> None:
    source = panel(tmp_path / "panel.csv", 4_000)
    folder = tmp_path / "folder"
    folder.mkdir()
    process = start("batch", source, "-q", "--all-models", "-o", folder / "out.csv")
    until(lambda: hidden(folder))
    shutil.rmtree(folder)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 6
    assert f"there is no folder {folder}.\n" in err.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    line = f"mkdir -p {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone && "
    for where, code in (("--format csv", 0), ("-o out.csv", 6)):
        done = shell(f"{line} rf project turnover -q {where}", fresh=True)
        assert (done.code, quiet(done), not done.err) == (code, True, code == 0)


def test_a_file_that_its_owner_protects_is_not_replaced(tmp_path: Path) -> None:
    """Its folder would allow it, but `>` and `sort -o` would not do it either."""
    out = tmp_path / "out.csv"
    out.write_text("the earlier result\n")
    out.chmod(0o444)
    done = shell(f"{as_anybody()} rf project turnover -q -o {out}", fresh=True)
    assert (done.code, done.err.partition("\n")[0]) == (6, f"error: {out} is write-protected.")
    out.chmod(0o644)
    tmp_path.chmod(0o555)
    done = shell(f"{as_anybody()} rf project turnover -q -o {out}", fresh=True)
    assert (done.code, done.err.partition("\n")[0]) == (
        6,
        f"error: {out} could not be written: Permission denied.",
    )
    assert out.read_text() == "the earlier result\n"


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    (tmp_path / "b.refused.csv").mkdir()
    source = panel(tmp_path / "panel.csv", 1, refused=True)
    for words, name in ((("project", "turnover"), "out.csv"), (("batch", source), "b.csv")):
        done = run(*words, "-q", "-o", tmp_path / name)
        assert (done.code, "csv is a folder." in done.err) == (6, True)
    assert not (tmp_path / "b.csv").exists()
    assert run("project", "turnover", "-q", "-o", tmp_path / f"{'市' * 83}.csv").code == 0, (
        "the hidden name is shorter"
    )


def test_links_stay_and_what_they_name_is_written_and_a_hard_link_keeps_the_earlier_result(
    tmp_path: Path,
) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "target.csv"
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    for _ in range(2):  # first a link to nothing, then one to a file
        assert run("project", "turnover", "-q", "-o", link).code == 0
        assert link.readlink() == target
        assert target.read_text().startswith(HEADER)
    for to, words in (
        (tmp_path / "no" / "x.csv", "there is no folder"),
        (link.name, "symbolic links"),
    ):
        link.unlink()
        link.symlink_to(to)
        done = run("project", "turnover", "-q", "-o", link)
        assert (done.code, words in done.err, quiet(done)) == (6, True, True)
    other = tmp_path / "other.csv"
    other.hardlink_to(target)
    target.write_text("the earlier result\n")
    assert run("project", "turnover", "-q", "-o", target).code == 0
    assert other.read_text() == "the earlier result\n", (
        "the output appears whole, so it is another file from then on"
    )
    assert target.read_text().startswith(HEADER)


def test_pipes_devices_and_standard_output_by_name_are_written_as_they_stand(
    tmp_path: Path,
) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    source = panel(tmp_path / "panel.csv", 1, refused=True)
    for command in ("project", f"batch {source}"):
        done = shell(f"cat {pipe} & rf {command} -q -o {pipe} 2>/dev/null; wait")
        assert done.out.decode().startswith(HEADER)
        assert pipe.is_fifo()
    assert run("project", "turnover", "-q", "--format", "csv", "-o", "/dev/null").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["panel.csv", "pipe.csv"]
    line = "(echo before; rf project turnover -q --format csv -o /dev/stdout; echo after) > out; cat out"
    done = shell(line, cwd=tmp_path)
    lines = done.out.decode().splitlines()
    assert (lines[0], lines[1][:9], lines[-1]) == ("before", "series_id", "after")


def test_new_files_follow_the_mask_and_old_ones_keep_their_mode_and_owner(tmp_path: Path) -> None:
    source = panel(tmp_path / "panel.csv", 1, refused=True)
    out = tmp_path / "out.csv"
    batch = tmp_path / "batch.csv"
    files = out, batch, tmp_path / "batch.refused.csv"
    for mode in (0o640, 0o604):
        run("project", "turnover", "-q", "-o", out, umask=0o027, fresh=True)
        run("batch", source, "-q", "-o", batch, umask=0o027, fresh=True)
        for file in files:
            assert stat.S_IMODE(file.stat().st_mode) == mode, file
            file.chmod(0o604)
    if os.geteuid() == 0:  # who may give files away
        os.chown(out, 65534, 65534)
        assert run("project", "turnover", "-q", "-o", out).code == 0
        assert (out.stat().st_uid, out.stat().st_gid) == (65534, 65534)


def test_no_output_joins_the_folder_that_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "panels"
    (folder / "2024").mkdir(parents=True)
    assert (
        run(
            "batch", panel(tmp_path / "panel.csv", 2), "--history", "-q", "-o", folder / "a.parquet"
        ).code
        == 0
    )
    before = (folder / "a.parquet").read_bytes()
    for name in ("a.parquet", "b.parquet", "2024/b.parquet"):
        assert run("batch", folder, "-o", folder / name).code == 2
    assert [path.name for path in folder.rglob("*.parquet")] == ["a.parquet"]
    assert (folder / "a.parquet").read_bytes() == before


def test_of_two_runs_onto_one_output_the_last_wins(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    beside = tmp_path / "out.refused.csv"
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
