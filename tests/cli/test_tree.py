"""The command tree as a whole: help, examples, suggestions, lists."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from rural_forecast.cli import tree
from rural_forecast.version import __version__
from tests import schemas
from tests.inside import Cli, rows, write_example_files

COMMANDS = [(name, module) for name, module in tree.commands()]


@pytest.mark.parametrize(("path", "examples"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_has_help_with_three_examples(cli: Cli, path: str, examples: tuple[str, ...]) -> None:
    done = cli(*path.split(), "--help")
    assert done.code == 0
    assert "Examples:" in done.out
    assert len(examples) >= 3
    for example in examples:
        assert example in done.out
        assert "\x1b" not in done.out


HELP = [(), *((group,) for group in tree.GROUPS), *(tuple(name.split()) for name, _ in COMMANDS)]


@pytest.mark.parametrize("path", HELP, ids=" ".join)
def test_help_fits_a_terminal_and_speaks_of_values_not_of_types(
    cli: Cli, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = cli(*path, "--help").out
    assert max(map(len, said.splitlines())) <= 80
    assert not re.search(r"\w\.\.\.", said)  # no summary is cut
    assert not re.search(r"<int>|<str>|<list|<float|default: \(|x>=|\{", said)


PLAIN = [example for _, examples in COMMANDS for example in examples if not {"|", ">"} & set(example)]


@pytest.mark.slow
@pytest.mark.parametrize("example", PLAIN)
def test_every_example_runs(cli: Cli, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_example_files(tmp_path)
    program, *arguments = shlex.split(example)
    assert program == "rural-forecast"
    done = cli(*arguments)
    assert done.code == 0, done.err
    written = [tmp_path / name for flag, name in pairwise(arguments) if flag == "-o"]
    assert done.out or (written and all(path.stat().st_size for path in written))


def test_summaries_are_in_every_command_s_own_help(cli: Cli) -> None:
    listed = cli("--help").out
    for name, summary in tree.SINGLE.items():
        assert summary in listed
        assert summary.split(":")[0].split(" for ")[0].split(" from ")[0] in cli(name, "--help").out.replace("\n ", "")


def test_no_command_prints_help(cli: Cli) -> None:
    done = cli()
    assert done.code == 0
    assert "project" in done.out


@pytest.mark.parametrize("group", sorted(tree.GROUPS))
def test_a_group_alone_prints_its_help(cli: Cli, group: str) -> None:
    done = cli(group)
    assert done.code == 0
    assert all(name in done.out for name in tree.GROUPS[group])


def test_version(cli: Cli) -> None:
    assert cli("--version").out == f"rural-forecast {__version__}\n"


@pytest.mark.parametrize(
    ("typed", "meant"), [("projekt", "project"), ("serie", "series"), ("project --yeer 3", "--year")]
)
def test_did_you_mean(cli: Cli, typed: str, meant: str) -> None:
    done = cli(*typed.split())
    assert done.code == 2
    assert meant in done.err


def test_a_file_named_without_its_suffix_is_found_out(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("market.csv", "plain"):
        Path(name).write_text("year,value\n2020,4\n")
    assert "Did you mean the file market.csv?" in cli("project", "market").err
    assert "Did you mean the file ./plain?" in cli("project", "plain").err


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("project --yaer 3", "No such option: --yaer.\n", "Did you mean --year? See"),
        ("project --year next", "'--year': 'next' is not a whole number.", "See"),
        ("project --floor x", "'--floor': 'x' is not a number.", "See"),
        ("project --format jsn", "'jsn' is not one of 'table'", "Did you mean json?"),
        ("project --basis chaned", "'--basis': 'chaned' is not one of 'levels', 'chained'.", "Did you mean chained?"),
        ("project --basis x", "'x' is not one of", "hint: See"),
        (
            "project turnover mofcom",
            "Unexpected argument: mofcom.\n",
            "two definitions are never joined; 'growth' sets",
        ),
        ("project turnover 2018", "Unexpected argument: 2018.\n", "Did you mean --year 2018?"),
        ("project --level 80,95", "'80,95' is not a whole number.", "Give them one by one: --level 80 --level 95."),
        ("project turnover --model theta,drift", "'theta,drift'", "one by one: --model theta --model drift."),
        ("series turnover", "No such command 'turnover'.", "Commands are list, show, read, check."),
        ("forecast turnover", "No such command 'forecast'. Did you mean 'project'?\n", "hint: See"),
        ("compare --model cagr", "No such option: --model.\n", "hint: See"),
        ("nowcast turnover", "no year of which only parts are known", "such as --partial 2017H1=VALUE."),
        ("models theta naive", "Unexpected argument: naive.\n", "hint: See"),
        ("batch a.csv --workers 0", "'0' is less than 1.\n", "See"),
        ("chart --format csv", "'csv' is not one of 'table', 'svg', 'png', 'pdf'.", "hint: See"),
    ],
)
def test_complaints_of_typer_are_put_in_plain_words(cli: Cli, typed: str, message: str, hint: str) -> None:
    done = cli(*typed.split())
    assert done.code == 2
    assert message in done.err
    assert hint in done.err
    assert "Value error" not in done.err
    assert "Input should" not in done.err


@pytest.mark.parametrize(("command", "name"), [("series list", "series-list"), ("models", "models")])
def test_lists_follow_their_schemas(cli: Cli, command: str, name: str) -> None:
    document = json.loads(cli(*command.split(), "--format", "json").out)
    assert len(document["rows"]) >= 15
    schemas.check(document, name)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2014,1,actual\n2015,2,actual\n2016,3,forecast\n", "2 years, 2014 and 2015; nothing found."),
        ("2014,1,actual\n", "1 year, 2014; nothing found."),
        ("2014,1,actual\n2016,2,actual\n", "2 years, 2014 and 2016; 1 finding."),
    ],
)
def test_series_check_counts_the_years_observed(cli: Cli, rows: str, said: str) -> None:
    checked = cli("series", "check", "-", "--format", "table", stdin=f"year,value,status\n{rows}")
    assert said in checked.out


def test_series_list_finds_by_words(cli: Cli) -> None:
    found = rows(cli("series", "list", "parcels", "rural").out)
    assert {"rural_parcels_spb", "rural_parcels_alibaba"} == {row["series_id"] for row in found}


def test_series_show_tells_which_value_is_used(cli: Cli) -> None:
    found = rows(cli("series", "show", "mofcom").out)
    used = [row["value"] for row in found if row["period"] == "2017H1" and row["used"] == "true"]
    assert used == ["537.62"]


def test_series_check_exits_three_with_findings_and_zero_without(cli: Cli) -> None:
    slip = "year,value\n2019,10\n2020,11\n2021,120\n2022,12\n2023,13\n"
    assert cli("series", "check", "-", stdin=slip).code == 3
    gap = cli("series", "check", "-", stdin="year,value\n2019,10\n2021,12\n2022,13\n")
    assert gap.code == 3
    assert "2020" in gap.out
    allowed = cli("series", "check", "-", "--allow-gaps", stdin="year,value\n2019,10\n2021,12\n2022,13\n")
    assert (allowed.code, "2020" in allowed.out) == (0, True)
    assert cli("series", "check", "-", stdin="year,value\n2021,10\n2022,12\n2023,15\n").code == 0
