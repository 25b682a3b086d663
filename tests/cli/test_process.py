"""What only a real process shows: pipes, terminals, closed streams, interrupts, what is imported."""

import os
import subprocess
from pathlib import Path

import pytest

from rural_forecast.cli import streams
from rural_forecast.cli.tree import commands
from tests import warm
from tests.inside import Cli, write_example_files
from tests.programs import environment, python, run, shown

HEAVY = {
    "statsmodels", "scipy", "pandas", "resvg_py", "typst", "fontpkg", "pyarrow", "rich.table", "pydantic",
}  # fmt: skip
NEEDLESS = {
    "numpy.ma", "rural_forecast.document.picture",
    "rural_forecast.series.reading",
}  # fmt: skip
NAMED = (
    "project turnover --model theta --format table", "chart turnover --model theta",
    "project turnover --model theta --model drift --format markdown",
    "scenario turnover --growth 3 --model theta --format table",
    "nowcast mofcom --year 2017 --until 2016 --format table", "backtest turnover --model theta --format table",
)  # fmt: skip
MACHINE = tuple(f"project --year 2018 --format {form}" for form in ("csv", "tsv", "json", "ndjson"))


def imported(*lines: str) -> set[str]:
    """What is imported by then when a process has run some command lines."""
    code = (
        f"import sys\nfrom rural_forecast.__main__ import main\nfor line in {lines!r}:\n"
        "    sys.argv = ['rural-forecast', *line.split()]\n"
        "    try:\n        main()\n    except SystemExit as stop:\n        assert not stop.code, stop.code\n"
        "print('\\n', *sys.modules)"
    )
    return set(python(code).rpartition("\n ")[2].split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "absent"),
    [(MACHINE, HEAVY | NEEDLESS), (("project --help",), HEAVY | {"numpy", "rich"}), (NAMED, {"statsmodels"})],
    ids=["machine formats", "help", "a model that is named"],
)
def test_commands_import_only_what_they_need(lines: tuple[str, ...], absent: set[str]) -> None:
    assert not absent & imported(*lines)


@pytest.mark.slow
def test_commands_are_declared_without_numpy_and_importing_the_package_costs_nothing() -> None:
    declared = "import pkgutil, sys, rural_forecast.cli.commands as all\n"
    each = "for one in pkgutil.iter_modules(all.__path__, all.__name__ + '.'): __import__(one.name)\n"
    assert "numpy" not in python(declared + each + "print(*sys.modules)").split()
    code = "import rural_forecast as rf, sys; assert 'numpy' not in sys.modules; rf.read; print(len(dir(rf)))"
    assert int(python(code)) >= 3


@pytest.mark.slow
def test_a_terminal_gets_a_table_in_colour_and_within_its_width() -> None:
    plain = shown("project --year 2018 --color never -q", 80)
    assert "\x1b[" not in plain
    assert "bn CNY in 2018" in plain
    assert max(map(len, plain.splitlines())) <= 80
    assert "\x1b[" in shown("models", 100)
    assert "\x1b[3" not in shown("models", 100, NO_COLOR="1")


@pytest.mark.slow
def test_a_terminal_shows_the_answer_before_statsmodels_is_imported() -> None:
    told = python(
        "import sys\nfrom rural_forecast.cli import streams\nwrite = streams.write\n"
        "streams.is_terminal = lambda name: name == 'stdout'\n"
        "def watched(*one, **more):\n    write(*one, **more)\n    print('loaded:', 'statsmodels' in sys.modules)\n"
        "streams.write = watched\n"
        "sys.argv = ['rural-forecast', 'project', 'turnover', '--format', 'table', '-q']\n"
        "from rural_forecast.__main__ import main\nmain()"
    )
    first, second = told.split("loaded: False\n")
    assert ": about " in first
    assert "ARIMA" not in first
    assert "ARIMA" in second
    assert "loaded: True" in second


def test_into_a_pipe_everything_comes_at_once(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    monkeypatch.setattr(streams, "write", lambda *words, **_: written.append(words))
    assert cli("project", "turnover", "--format", "table", "-q").code == 0
    assert len(written) == 1


@pytest.mark.slow
def test_colour_rules_off_a_terminal() -> None:
    def piped(**more: str) -> str:
        return run("models", "--format", "table", env=environment(**more)).out.decode()

    assert "\x1b" not in piped()
    assert "\x1b" in piped(FORCE_COLOR="1")
    assert "\x1b" in piped(CLICOLOR_FORCE="1")
    assert "\x1b" not in piped(FORCE_COLOR="1", NO_COLOR="1")


SHELL = [example for _, examples in commands() for example in examples if {"|", ">"} & set(example)]


@pytest.mark.slow
@pytest.mark.parametrize("example", SHELL)
def test_examples_for_the_shell_run(example: str, tmp_path: Path) -> None:
    write_example_files(tmp_path)
    path = f"{warm.folder()}:{os.environ['PATH']}"
    line = ["bash", "-c", f"set -o pipefail; {example}"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment(PATH=path))
    assert done.returncode == 0, done.stderr
