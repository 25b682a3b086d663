"""The command tree: help, examples, names, suggestions."""

import json
import re
import shlex
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from rural_forecast.cli import command, tree, withdrawn
from rural_forecast.cli.surface import surface
from rural_forecast.errors import RuralForecastError
from rural_forecast.version import __version__
from tests import schemas
from tests.inside import Cli, rows, write_example_files

SURFACE = surface()["commands"]
COMMANDS = dict(tree.commands())
MOST_OPTIONS, MOST_OF_PROJECT = 90, 46


def test_the_options_are_few() -> None:
    options = {command["name"]: {one["names"][0] for one in command["options"]} - {"--help"} for command in SURFACE}
    assert len(set().union(*options.values())) <= MOST_OPTIONS
    assert len(options["project"]) <= MOST_OF_PROJECT


def test_a_name_means_the_same_in_every_command() -> None:
    """What leaving an option out means, and the formats that there are, may differ."""
    meanings = defaultdict(set)
    for listed in SURFACE:
        for one in listed["options"]:
            if one["names"][0] != "--format":
                meanings[one["names"][0]].add((one["metavar"], one["help"], one["repeatable"], one["section"]))
    assert {name: said for name, said in meanings.items() if len(said) > 1} == {}


@pytest.mark.parametrize("path", COMMANDS)
def test_help_is_short_or_whole(cli: Cli, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    short, whole = (cli(*path.split(), option).out for option in ("-h", "--help"))
    assert len(short.splitlines()) <= 30
    assert len(re.findall(r"^  (?:-\w, )?--", short, re.MULTILINE)) <= 10
    assert re.findall(r"^  (rural-forecast .*|printf .*|cat .*)$", short, re.MULTILINE) == [*COMMANDS[path][:3]]
    options = next(command["options"] for command in SURFACE if command["name"] == path)
    assert set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", whole, re.MULTILINE)) == {one["names"][0] for one in options}
    assert all(example in whole for example in COMMANDS[path])
    for text in (short, whole):
        assert max(map(len, text.splitlines())) <= 80
        assert not re.search(r"<int>|<str>|default: |x>=|\{|None", text)
    assert cli("help", *path.split()).out == whole


@pytest.mark.parametrize("path", ["", *tree.MEMBERS])
def test_help_of_a_group_lists_its_commands_in_sections(cli: Cli, path: str) -> None:
    told = cli(*path.split()).out
    assert cli(*path.split(), "-h").out == cli(*path.split(), "--help").out == cli("help", *path.split()).out == told
    listed = {"": tree.MEMBERS[path]} if path else tree.COMMANDS
    for section, members in listed.items():
        assert re.search(rf"^{section} ", told, re.MULTILINE)
        for name, (_, does) in members.items():
            assert re.search(rf"  {name} +{re.escape(does)}$", told, re.MULTILINE)
    assert max(map(len, told.splitlines())) <= 80


def test_help_lists_exit_codes(cli: Cli) -> None:
    assert [int(line.split()[0]) for line in cli("help", "exit-codes").out.splitlines()] == [*tree.EXIT_CODES]


def test_a_command_without_examples_is_refused() -> None:
    def project() -> None: ...

    with pytest.raises(RuralForecastError, match="'project' has 1 examples"):
        command.command(examples=("rural-forecast project",))(project)


PLAIN = [example for examples in COMMANDS.values() for example in examples if not {"|", ">"} & set(example)]


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
    assert done.out or arguments[0] == "mcp" or (written and all(path.stat().st_size for path in written))


def test_version(cli: Cli) -> None:
    assert cli("--version").out == f"rural-forecast {__version__}\n"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("project turnover --level 50,80,95", "project turnover --level 50 --level 80 --level 95"),
        ("project turnover --model THETA,Drift", "project turnover --model theta --model drift"),
        ("project turnover --format CSV --basis Chained", "project turnover --format csv --basis chained"),
        ("project turnover --kind Adoption --prefer MEDIAN", "project turnover --kind adoption --prefer median"),
        ("models THETA", "models theta"),
    ],
)
def test_values_are_taken_in_one_word_and_in_any_case(cli: Cli, typed: str, same: str) -> None:
    done = cli(*typed.split())
    assert done == cli(*same.split())
    assert done.code == 0


def test_a_file_named_without_its_suffix_is_found_out(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("market.csv", "plain"):
        Path(name).write_text("year,value\n2020,4\n")
    assert "Did you mean the file market.csv?" in cli("project", "market").err
    assert "Did you mean the file ./plain?" in cli("project", "plain").err
    missing = cli("project", "market.cvs")
    assert missing.code == 3
    assert missing.err == "error: There is no file 'market.cvs'.\nhint: Did you mean 'market.csv'?\n"


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("project --yaer 3", "No such option: --yaer.\n", "Did you mean --year? See"),
        (
            "growth --since 2014",
            "'rural-forecast growth' takes no --since since 3.0.\n",
            "Use --years 2014.., with the year.",
        ),
        ("project --year next", "--year next is not a whole number.", "--year 2030"),
        ("project --floor x", "--floor x is not a number.", "--floor 12.5"),
        ("project --format jsn", "--format jsn is not one of table, ", "--format json"),
        ("project --basis x", "--basis x is not one of levels, chained.", "--basis levels"),
        ("project turnover mofcom", "Unexpected argument: mofcom.\n", "'growth' sets several side by side."),
        ("project --level 80,x", "--level 80,x is not a whole number, or several.\n", "Write it as --level 50,80,95."),
        ("growth --years x", "--years x is not a year or a span of years.\n", "Write it as --years 2014..2020."),
        ("projekt", "No such command: projekt.\n", "Did you mean project? See"),
        ("series turnover", "No such command: turnover.\n", "Commands are list, show, read, check."),
        ("series --version", "No such option: --version.\n", "hint: See"),
        ("panel a.csv --model theta,drift", "A panel takes one model, and there are 2.\n", "Keep --model theta, say."),
        ("panel a.csv --separator=", "No separator is given.\n", "such as --separator '/'."),
        ("batch a.csv --workers 0", "--workers 0 is not a whole number from 1.\n", "--workers 1"),
        ("chart --format csv", "--format csv is not one of table, svg, png, pdf, pptx.", "hint: "),
    ],
)
def test_usage_errors_are_plain(cli: Cli, typed: str, message: str, hint: str) -> None:
    done = cli(*typed.split())
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert hint in done.err


@pytest.mark.parametrize("named", withdrawn.OPTIONS)
def test_a_withdrawn_option_names_its_replacement(cli: Cli, named: str) -> None:
    *command, option = named.split()
    refused = json.loads(cli(*(command or ["models"]), option, "--format", "json").err)
    assert (refused["code"], refused["exit_code"], refused["hint"]) == ("unknown_name", 2, withdrawn.OPTIONS[named])


@pytest.mark.parametrize("command", withdrawn.COMMANDS)
def test_a_withdrawn_command_names_its_replacement(cli: Cli, command: str) -> None:
    refused = json.loads(cli(*command.split(), "x", "--format", "json").err)
    assert (refused["code"], refused["exit_code"], refused["hint"]) == ("unknown_name", 2, withdrawn.COMMANDS[command])


def test_series_list_finds_by_words(cli: Cli) -> None:
    found = rows(cli("series", "list", "parcels", "rural").out)
    assert {"rural_parcels_spb", "rural_parcels_alibaba"} == {row["series_id"] for row in found}


def test_series_show_tells_which_value_is_used(cli: Cli) -> None:
    found = rows(cli("series", "show", "mofcom").out)
    used = [row["value"] for row in found if row["period"] == "2017H1" and row["used"] == "true"]
    assert used == ["537.62"]


@pytest.mark.parametrize(
    "typed", ["series list", "series show turnover", "series check users", "models", "models theta"]
)
def test_rows_of_the_smaller_commands_follow_their_schemas(cli: Cli, typed: str) -> None:
    document = json.loads(cli(*typed.split(), "--format", "json").out)
    schemas.check(document)
    assert document["rows"]
