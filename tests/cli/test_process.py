"""Behaviour that only a process shows: pipes, terminals, closed streams, imports; pictures and
pages.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from rural_forecast.cli import streams
from rural_forecast.cli.tree import commands
from tests import warm
from tests.inside import Cli, write_example_files
from tests.programs import ended, environment, python, run, shown, terminal

HEAVY = {
    "statsmodels",
    "scipy",
    "pandas",
    "resvg_py",
    "typst",
    "fontpkg",
    "pyarrow",
    "rich.table",
    "pydantic",
}
NEEDLESS = {
    "numpy.ma",
    "rural_forecast.document.picture",
    "rural_forecast.observed.reading",
}
NAMED = (
    "project turnover --model theta --format table",
    "chart turnover --model theta",
    "project turnover --model theta --model drift --format markdown",
    "scenario turnover --growth 3 --model theta --format table",
    "nowcast mofcom --year 2017 --until 2016 --format table",
    "backtest turnover --model theta --format table",
)
SMALL = Path(__file__).parents[1] / "fuzz" / "corpus" / "sound" / "sound0.csv"
MACHINE = tuple(f"project --year 2018 --format {form}" for form in ("csv", "tsv", "json", "ndjson"))


def imported(*lines: str) -> set[str]:
    """List the modules that are imported once a process has run some command lines."""
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
    [
        (MACHINE, HEAVY | NEEDLESS),
        (("project --help",), HEAVY | {"numpy", "rich"}),
        (NAMED, {"statsmodels"}),
        (
            (f"series read {SMALL} --format csv", f"project {SMALL} --format csv"),
            HEAVY | {"python_calamine"},
        ),
    ],
    ids=["machine formats", "help", "a model that is named", "a small file"],
)
def test_commands_import_only_what_they_need(lines: tuple[str, ...], absent: set[str]) -> None:
    assert not absent & imported(*lines)


@pytest.mark.slow
def test_commands_are_declared_without_numpy_and_importing_the_package_costs_nothing() -> None:
    declared = "import pkgutil, sys, rural_forecast.cli.commands as all\n"
    each = (
        "for one in pkgutil.iter_modules(all.__path__, all.__name__ + '.'): __import__(one.name)\n"
    )
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
    variables = {
        (): False,
        ("FORCE_COLOR",): True,
        ("CLICOLOR_FORCE",): True,
        ("FORCE_COLOR", "NO_COLOR"): False,
    }
    for names, coloured in variables.items():
        piped = run("models", "--format", "table", env=environment(**dict.fromkeys(names, "1"))).out
        assert (b"\x1b" in piped) == coloured, names


@pytest.mark.slow
def test_a_terminal_shows_the_answer_before_statsmodels_is_imported() -> None:
    told = python(
        "import sys\nfrom rural_forecast.system import terminal\n"
        "terminal.is_terminal = lambda name: name == 'stdout'\n"
        "from rural_forecast.cli import streams\nwrite = streams.write\n"
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


SHELL = [example for _, examples in commands() for example in examples if {"|", ">"} & set(example)]


@pytest.mark.slow
@pytest.mark.parametrize("example", SHELL)
def test_examples_for_the_shell_run(example: str, tmp_path: Path) -> None:
    write_example_files(tmp_path)
    path = f"{warm.folder()}:{os.environ['PATH']}"
    line = ["bash", "-c", f"set -o pipefail; {example}"]
    done = subprocess.run(
        line, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment(PATH=path)
    )
    assert done.returncode == 0, done.stderr


MARKET = "year,value\n2015,10\n2016,12\n2017,15\n2018,17\n2019,20\n2020,22\n"


def test_off_a_terminal_the_chart_is_text_without_escapes_and_is_below_a_table(cli: Cli) -> None:
    done = cli("chart", "turnover", "--year", "2018")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    assert all(
        text in done.out for text in ("bn yuan", "observed", "forecast", "2017: 600 published")
    )
    table = cli("project", "turnover", "--format", "table").out
    both = cli("project", "turnover", "--format", "table", "--chart").out
    assert both.startswith(table)
    assert "◆ forecast" in both.removeprefix(table)


def test_each_of_many_panels_has_ticks_in_its_own_unit(cli: Cli) -> None:
    units = {name: "bn CNY" if name in "abcd" else "m CNY" for name in "abcdefg"}
    rows = [
        f"{name},{year},{year - 2000},{unit}"
        for name, unit in units.items()
        for year in range(2015, 2021)
    ]
    drawn = cli("chart", "-", "--format", "svg", stdin="\n".join(["id,year,value,unit", *rows])).out
    assert "A, bn yuan" in drawn
    assert "G, m yuan" in drawn
    texts = re.findall(r"<text[^>]*>([\d.,]+)</text>", drawn)
    assert max(float(text.replace(",", "")) for text in texts) < 3000


@pytest.mark.slow
def test_an_exhibit_with_its_appendix_is_one_file_with_everything_and_no_folder_of_ours(
    cli: Cli, tmp_path: Path
) -> None:
    market = tmp_path / "my market.csv"
    target = tmp_path / "page.html"
    market.write_text(MARKET)
    done = cli("exhibit", market, "--year", "2022", "--appendix", "-o", target)
    assert done.code == 0, done.err
    text = target.read_text()
    assert len(text.encode()) < 500_000
    assert str(tmp_path) not in text
    assert re.search(r"sha256:[0-9a-f]{64}", text)
    headings = (
        "The forecast",
        "Models and weights",
        "Backtest on this series",
        "What is counted",
        "In plain words",
    )
    assert all(heading in text for heading in headings)
    assert "6 values, 2015 to 2020" in text


def test_a_page_answers_by_the_model_asked_for_in_the_currency_asked_for(cli: Cli) -> None:
    asked = ("turnover", "--year", "2018", "--model", "drift", "--currency", "usd")
    text = cli("exhibit", *asked, "--appendix", "--format", "html").out
    (row,) = cli("project", *asked, "--format", "csv").out.splitlines()[2:]
    assert round(float(row.split(",")[4])) == 119
    assert "about 120\u00a0bn\u00a0dollars in 2018" in text
    assert "Random walk with drift: four chances in five" in text
    assert "is made in bn CNY and then converted" in text
    assert "In bn CNY, the unit of the data." in text
    assert "482" in text[text.index("Every value with its source") :], (
        "sources are quoted as published"
    )


@pytest.mark.slow
def test_a_terminal_gets_a_chart_of_its_width_colour_and_encoding_and_no_page() -> None:
    plain = shown("chart turnover -q", 60, NO_COLOR="1")
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= 60
    assert "\x1b[" in shown("chart turnover -q", 60)
    ascii_alone = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert shown("chart turnover -q", 60, fresh=True, NO_COLOR="1", **ascii_alone).isascii()
    for command in ("exhibit turnover", "chart turnover --format svg"):
        said, code = ended(terminal(command))
        assert code == 2
        assert "is not for a terminal" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "darkest"),
    [("rgb:ffff/ffff/ffff", "67"), ("rgb:00/00/00", "31")],
    ids=["light", "dark"],
)
def test_a_terminal_is_asked_for_its_background(answer: str, darkest: str) -> None:
    child = terminal("chart turnover -q", 80, fresh=True)
    child.expect_exact("\x1b]11;?\x1b\\\x1b[c")
    child.send(f"\x1b]11;{answer}\x1b\\\x1b[?62;22c")
    text, code = ended(child)
    assert code == 0
    assert f"8;5;{darkest}m" in text
    assert answer not in text


@pytest.mark.slow
def test_a_terminal_that_says_nothing_of_its_background_gets_signs() -> None:
    child = terminal("chart turnover -q", 80, fresh=True)
    child.expect_exact("\x1b]11;?\x1b\\\x1b[c")
    child.send("\x1b[?62;22c")
    text, code = ended(child)
    assert code == 0
    assert "▒" in text


@pytest.mark.slow
@pytest.mark.parametrize("line", ["project mofcom --chart", "series list", "project 'Zürich'"])
def test_the_plain_locale_gets_ascii_alone(line: str) -> None:
    text, _ = ended(terminal(line, 80, LC_ALL="C"))
    text = text.replace("\x1b]11;?\x1b\\\x1b[c", "")
    assert text.isascii()


@pytest.mark.slow
def test_messages_break_between_words_behind_their_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"series number {index},2020,1\n" for index in range(9))
    Path("a.csv").write_text(f"name of it,year,value\n{rows}")
    text, code = ended(terminal("project a.csv", 60, NO_COLOR="1"))
    lines = text.splitlines()
    assert code == 3
    assert max(map(len, lines)) <= 60
    assert len(lines) > 2
    assert [line.split()[0] for line in lines if line[0] != " "] == ["error:", "hint:"]


@pytest.mark.parametrize(
    "line",
    [
        "chart - -f svg",
        "chart -",
        "scenario - --override 2025=30 --reason because -f table --chart",
    ],
)
def test_a_logarithmic_axis_that_cannot_be_is_said(cli: Cli, line: str) -> None:
    done = cli(*line.split(), "--log", stdin="year,value\n2020,0\n2021,3\n2022,9\n2023,20\n")
    assert done.code == 0
    assert "warning: The axis is linear" in done.err
    said = " ".join(done.out.split())
    assert "The axis is linear: a logarithmic one cannot show values of zero or less." in said


def test_a_page_of_a_file_takes_the_words_that_are_given(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "cars.csv"
    file.write_text(
        "region,mode,year,value\nGermany,Cars,2020,5\nGermany,Cars,2021,6\nGermany,Cars,2022,8\n"
    )
    asked = ("exhibit", file, "--year", "2024", "--format", "html")
    own = cli(*asked)
    assert own.err == ""
    assert ">Cars, Germany: about " in own.out, "labels of a publisher are a name"
    stated = (
        "--title",
        "Electric cars, Germany",
        "--credit",
        "The agency",
        "--author",
        "Ann",
        "--date",
        "2026",
    )
    text = cli(*asked, *stated).out
    assert ">Electric cars, Germany: about " in text
    assert "The agency" in text
    assert ">All mine</h1>" in cli(*asked, "--headline", "All mine").out
