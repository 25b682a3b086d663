"""What only a real process shows: pipes, terminals, closed streams, interrupts, what is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from rural_forecast.cli.tree import commands
from tests.cli.conftest import write_example_files

PROGRAM = [sys.executable, "-m", "rural_forecast"]
HEAVY = {"statsmodels", "scipy", "pandas", "matplotlib", "pyarrow", "rich.table", "plotext"}


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    return {**kept, "LANG": "C.UTF-8", **more}


def imported(*arguments: str) -> set[str]:
    code = (
        f"import sys; sys.argv = ['rural-forecast', *{list(arguments)!r}]\n"
        "from rural_forecast.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    return set(done.stderr.split())


def test_machine_formats_import_nothing_heavy() -> None:
    for form in ("csv", "tsv", "json", "ndjson"):
        assert not HEAVY & imported("project", "--year", "2018", "--format", form)


def test_help_imports_no_numbers_at_all() -> None:
    assert not (HEAVY | {"numpy", "rich"}) & imported("project", "--help")


def test_the_table_shows_arima_and_so_imports_statsmodels() -> None:
    assert "statsmodels" in imported("project", "--year", "2018", "--format", "table")


def terminal(command: str, columns: int, **more: str) -> str:
    child = pexpect.spawn(
        "bash", ["-c", f"{sys.executable} -m rural_forecast {command}"],
        env=environment(TERM="xterm-256color", **more), dimensions=(50, columns), timeout=60, encoding="utf-8",
    )  # fmt: skip
    text = child.read()
    child.close()
    assert child.exitstatus == 0, text
    return text.replace("\r\n", "\n")


def test_a_terminal_gets_a_table_in_colour_and_within_its_width() -> None:
    plain = terminal("project --year 2018 --color never -q", 80)
    assert "\x1b[" not in plain
    assert "Consensus for 2018" in plain
    assert max(map(len, plain.splitlines())) <= 80
    assert "\x1b[" in terminal("models list", 100)
    assert "\x1b[3" not in terminal("models list", 100, NO_COLOR="1")


def test_a_person_at_a_terminal_is_told_what_is_waited_for() -> None:
    child = pexpect.spawn(
        sys.executable, ["-m", "rural_forecast", "project", "-", "--format", "csv"],
        env=environment(TERM="xterm-256color"), dimensions=(50, 120), timeout=60, encoding="utf-8",
    )  # fmt: skip
    child.expect("note: reading standard input from this terminal")
    child.send("year,value\n2020,5\n")
    child.sendeof()
    child.expect("series,2021,forecast")
    child.read()
    child.close()
    assert child.exitstatus == 0


def test_colour_rules_off_a_terminal() -> None:
    def piped(**more: str) -> str:
        command = [*PROGRAM, "models", "list", "--format", "table"]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment(**more)).stdout

    assert "\x1b" not in piped()
    assert "\x1b" in piped(FORCE_COLOR="1")
    assert "\x1b" in piped(CLICOLOR_FORCE="1")
    assert "\x1b" not in piped(FORCE_COLOR="1", NO_COLOR="1")


SHELL = [example for _, examples in commands() for example in examples if {"|", ">"} & set(example)]


@pytest.mark.parametrize("example", SHELL)
def test_examples_for_the_shell_run(example: str, tmp_path: Path) -> None:
    write_example_files(tmp_path)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    line = ["bash", "-c", f"set -o pipefail; {example}"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment(PATH=path))
    assert done.returncode == 0, done.stderr


def test_importing_the_package_costs_nothing() -> None:
    code = "import rural_forecast as rf, sys; assert 'numpy' not in sys.modules; rf.read; print(len(dir(rf)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert int(done.stdout) >= 3
