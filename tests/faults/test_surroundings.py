"""Readers that go, closed streams, odd locales, folders and limits: the same bytes, or a sentence."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest

from tests import programs
from tests.faults.disks import read_only
from tests.programs import HANG_SECONDS, PROGRAM, environment, panel, quiet, run, shell

run_fresh, shell_fresh = (partial(way, fresh=True) for way in (programs.run, programs.shell))
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


@pytest.mark.parametrize("command", MOMENTS)
def test_a_reader_that_goes_after_so_many_bytes(command: str, source: Path) -> None:
    for count in MOMENTS[command]:
        mine, theirs = os.pipe()
        process = programs.start(*command.replace("panel.csv", str(source)).split(), stdout=theirs)
        os.close(theirs)
        while count > 0 and (got := os.read(mine, count)):
            count -= len(got)
        os.close(mine)
        _, err = process.communicate(timeout=HANG_SECONDS)
        assert (process.returncode, err) == (0, b""), count


def test_a_named_pipe_whose_reader_goes(tmp_path: Path, source: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = shell(
        f"head -c 9 {tmp_path}/pipe & rf batch {source} -q --format csv -o {tmp_path}/pipe; echo $?; wait"
    )
    assert done.err == ""
    assert sorted(done.out.decode().splitlines()) == ["0", "series_id"] or b"series_id0" in done.out


def test_standard_streams_are_closed(tmp_path: Path, source: Path) -> None:
    """A message for standard error never lands in a file that got its number."""
    refused = panel(tmp_path / "panel.csv", 30, refused=True)
    for name, closing in (("closed", "2>&-"), ("open", "")):
        assert (
            shell(
                f"rf batch {refused} --workers 2 -o {tmp_path}/{name}.csv {closing}", fresh=True
            ).code
            == 5
        )
    assert (tmp_path / "closed.csv").read_bytes() == (tmp_path / "open.csv").read_bytes()
    assert (tmp_path / "closed.refused.csv").read_bytes() == (
        tmp_path / "open.refused.csv"
    ).read_bytes()
    assert shell("rf batch nowhere.csv >&- 2>&-").code == 6
    for command in ("project", f"batch {source}", "--help", "--version"):
        done = shell(f"rf {command} >&-")
        assert (done.code, done.out) == (6, b""), command
    done = shell(f"rf batch {source} --workers 2 -q -o {tmp_path}/out.csv >&- 2>&- <&-", fresh=True)
    assert done.code == 0
    assert (tmp_path / "out.csv").read_bytes() == run("batch", source, "-q").out
    done = shell(f"rf project turnover -q --format csv <&- && rf batch {source} -q <&- | tail -n 1")
    assert (done.code, done.err) == (0, "")
    for command in ("project", "batch"):
        assert shell(f"rf {command} - <&-").code == 3


LOCALES = {
    "C": {"LANG": "", "LC_ALL": "C"},
    "POSIX without UTF-8 mode": {
        "LANG": "",
        "LC_ALL": "POSIX",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
    "one that is not there": {"LC_ALL": "xx_YY.nonsense"},
    "ascii streams": {"PYTHONIOENCODING": "ascii"},
    "latin-1 streams": {"PYTHONIOENCODING": "latin-1:strict", "PYTHONUTF8": "0"},
    "utf-16 streams": {"PYTHONIOENCODING": "utf-16"},
}
PLACES = {
    "no variables": "env -i",
    "no HOME": "env -u HOME",
    "a HOME that may not be written": "env HOME=/proc MPLCONFIGDIR=/proc/no XDG_CACHE_HOME=/proc/no",
    "no PATH": "env PATH=",
    "odd terminal": "env TERM=nonsense COLUMNS=abc LINES=x",
    "odd time zone": "env TZ=Nowhere/City",
    "another clock": "env SOURCE_DATE_EPOCH=1 TZ=Pacific/Kiritimati",
}


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_locales_change_no_data_and_people_get_what_their_terminal_can_show(
    locale: dict[str, str], tmp_path: Path
) -> None:
    there = environment(**locale)
    chinese = tmp_path / "市场.csv"
    chinese.write_text(
        "series_id,year,value\n农村,2020,1234.5\n农村,2021,2345.75\n", encoding="utf-8"
    )
    done = run_fresh("project", chinese, "-q", env=there)
    assert (done.code, done.err) == (0, "")
    rows = done.out.decode("utf-8").splitlines()
    assert [row.partition(",")[0] for row in rows] == ["series_id", "农村", "农村"]
    assert re.match(r"农村,2022,forecast,consensus,\d+\.\d+,", rows[1])
    if locale.get("PYTHONUTF8") == "0":  # where Python itself would write another encoding
        assert run_fresh("batch", chinese, "-q", "-o", tmp_path / "出.csv", env=there).code == 0
        assert (tmp_path / "出.csv").read_bytes() == done.out
    refused = run_fresh("project", "没有.csv", env=there)
    assert (refused.code, quiet(refused)) == (3, True)
    if "ascii" in locale.values():
        assert "??" in run_fresh("project", chinese, "--format", "table", env=there).out.decode(
            "ascii"
        )


def made(folder: Path, before: str, words: str) -> bytes:
    line = before.replace("env", shutil.which("env") or "env", 1)
    done = shell_fresh(f"{line} {' '.join(PROGRAM)} {words} -q", cwd=folder)
    assert (done.code, done.out, done.err) == (0, b"", ""), (line, done)
    return (folder / words.split()[-1]).read_bytes()


@pytest.mark.parametrize(
    "words", ["project turnover --format csv -o out.csv", "chart turnover -o out.png"]
)
def test_surroundings_change_no_bytes(words: str, tmp_path: Path) -> None:
    usual = made(tmp_path, "", words)
    for name, place in PLACES.items():
        if words.startswith("project") or "HOME" in name or name == "another clock":
            assert made(tmp_path, place, words) == usual, name


def test_odd_widths_of_a_terminal() -> None:
    for columns in ("0", "1", "abc", "99999999999999999999"):
        shown, code = programs.ended(programs.terminal("models", COLUMNS=columns, NO_COLOR="1"))
        assert (code, "Traceback" in shown) == (0, False), shown
        assert "consensus" in shown or columns == "1"


def test_a_package_that_may_not_be_written(tmp_path: Path) -> None:
    """As where somebody else installed it: no byte code is kept, and nobody is told."""
    home = tmp_path / "site"
    root = Path(__file__).parents[2]
    bare = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "rural_forecast", home / "rural_forecast", ignore=bare)
    shutil.copytree(root / "data", home / "rural_forecast" / "data", dirs_exist_ok=True)
    with read_only(home) as closed:
        if not closed:
            pytest.skip("needs the right to mount")
        there = environment(PYTHONPATH=str(home))
        done = run_fresh("project", "turnover", "-q", "--format", "csv", env=there, cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        asked = [sys.executable, "-c", "import rural_forecast; print(rural_forecast.__file__)"]
        told = subprocess.run(
            asked, env=there, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert told.stdout.startswith(str(home))
    assert not list(home.rglob("__pycache__"))


def test_few_open_files(tmp_path: Path) -> None:
    panel(tmp_path / "panel.csv", 50)
    batch = "rf batch panel.csv -q --workers 2 -o out.csv"
    assert shell_fresh("ulimit -n 20; rf project --format csv").code == 0
    assert shell_fresh(f"ulimit -n 24; {batch}", cwd=tmp_path).code == 0
    before = (tmp_path / "out.csv").read_bytes()
    done = shell_fresh(f"ulimit -n 10; {batch}", cwd=tmp_path)
    assert (done.code, quiet(done)) == (6, True), done
    assert (tmp_path / "out.csv").read_bytes() == before


HANGING = pytest.mark.skipif(
    version("numpy") < "2.4", reason="the OpenBLAS of this NumPy hangs where memory is short"
)


@pytest.mark.parametrize("kilobytes", [30_000, 60_000, pytest.param(350_000, marks=HANGING)])
def test_little_memory_is_told_in_a_sentence(kilobytes: int, tmp_path: Path) -> None:
    """OpenBLAS ends the process by itself where it gets none."""
    panel(tmp_path / "panel.csv", 3_000)
    done = shell_fresh(
        f"ulimit -v {kilobytes}; rf batch panel.csv -q --all-models -o out.csv", cwd=tmp_path
    )
    assert not done.code or quiet(done), done
    if done.code and "OpenBLAS" not in done.err:
        assert done.code == 6, done
        assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]
