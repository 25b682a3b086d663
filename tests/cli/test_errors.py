"""What is told when something goes wrong: the name that was typed, the right exit code, a line that installs."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.system import extras
from tests.inside import Cli
from tests.programs import shell

GOOD = "year,value\n2014,180\n2015,353\n2016,482\n"
BAD = "year,value\n2014,many\n"
POSIX = pytest.mark.skipif(os.name != "posix", reason="names in bytes and full devices are those of POSIX")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with good and bad files in folders of it."""
    for folder in ("sub/deeper", "odd!name", "empty.csv"):
        (tmp_path / folder).mkdir(parents=True)
    files = {
        "good.csv": GOOD, "bad.csv": BAD, "none.csv": "", "gap.csv": "year,value\n2014,1\n2016,2\n", "plain": GOOD,
        "model.toml": "years = 2027\n", "no.xlsx": "PK\x03\x04rest", "no.parquet": GOOD, "no.json": "{",
    }  # fmt: skip
    for name, text in files.items():
        for folder in ("sub", "odd!name"):
            (tmp_path / folder / name).write_text(text)
    monkeypatch.chdir(tmp_path / "sub")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "folder", "name"),
    [
        *(("project", folder, "bad.csv") for folder in (".", "../sub", "deeper/..", "../odd!name")),
        *((command, "../odd!name", "bad.csv") for command in ("batch", "growth", "series check")),
        *(
            (command, "../sub", name)
            for name in ("none.csv", "no.json", "no.xlsx", "x.csv")
            for command in ("project", "batch")
        ),
    ],
)
def test_a_refusal_names_the_path_as_it_was_typed(command: str, folder: str, name: str, cli: Cli, place: Path) -> None:
    typed = f"{folder}/{name}"
    done = cli(*command.split(), typed)
    assert done.code in (2, 3, 5), done.err
    listed = command == "series check" and name == "bad.csv"  # the check lists faults as rows, with their path
    assert typed in (done.out if listed else done.err)
    assert str(place) not in done.err + done.out


@pytest.mark.parametrize(
    "line",
    [
        "size ../sub/model.toml",
        "scenario --from ../sub/model.toml",
        "project ../sub/gap.csv",
        "project ../empty.csv",
        "project ../sub/good.csv -o ../nowhere/out.csv",
        "project ../sub/good.csv -o ../sub/deeper -f csv",
        "project ../sub/good.csv -o ../sub/out",
        "project ../sub/good.csv --series other",
        "project ../sub/good.csv --value-column other",
    ],
)
def test_other_errors_name_it_too(line: str, cli: Cli, place: Path) -> None:
    words = line.split()
    typed = words[words.index("-o") + 1] if "-o" in words else next(word for word in words if word.startswith("../"))
    done = cli(*words)
    assert done.code in (2, 3, 6), done.err
    assert (typed if "nowhere" not in line else "../nowhere") in done.err
    assert str(place) not in done.err


def test_results_hold_no_folder(cli: Cli, place: Path) -> None:
    for form in ("csv", "json", "table", "markdown", "svg"):
        done = cli("project", "../odd!name/good.csv", "--format", form)
        assert done.code == 0, done.err
        assert "odd!name" not in done.out
    assert cli("project", "../odd!name/good.csv").out.splitlines()[1].startswith("good,2017")
    assert cli("batch", "../odd!name/good.csv").out == cli("project", "../odd!name/good.csv").out


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("command", ["project", "batch", "size", "scenario --from"])
def test_a_name_that_is_no_utf_8_prints_as_typed(command: str, tmp_path: Path) -> None:
    name = b"\xc5\xa9\xb4\xe5 \xff.csv" if "s" not in command[0] else b"\xc5\xa9\xb4\xe5 \xff.toml"
    Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(BAD)
    line = f"rf {command} {shlex.quote(os.fsdecode(name))} 2> told; code=$?; cat told; exit $code"
    done = shell(line, cwd=tmp_path)
    assert done.code in (2, 3, 5)
    assert name in done.out


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("full", ["2> /dev/full", "2>&-"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("project -q", 0),
        ("project turnover -v", 0),
        ("batch good.csv", 0),
        ("project nosuch", 2),
        ("project nosuch --format json > out", 2),
        ("project bad.csv < /dev/null", 3),
        ("--nosuch", 2),
        ("series check gap.csv", 3),
    ],
)
def test_a_standard_error_that_takes_nothing_changes_no_exit_code(
    command: str, code: int, full: str, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_text(BAD)
    (tmp_path / "gap.csv").write_text("year,value\n2014,1\n2016,2\n")
    assert shell(f"rf {command} {full}", cwd=tmp_path).code == code


def test_the_install_line_is_of_the_interpreter_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as caught:
        extras.need("no_such_module", "excel", "Reading Excel files")
    assert shlex.quote(sys.executable) in caught.value.hint
    assert caught.value.hint.endswith("'rural-forecast[excel]'")
    monkeypatch.setattr(sys, "executable", "/opt/my tools/python")
    assert shlex.split(extras.install_line("chart"))[-1] == "rural-forecast[chart]"
    assert "'/opt/my tools/python'" in extras.install_line("chart")
