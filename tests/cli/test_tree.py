"""The command tree for people and for programs: help, examples, names; the specification, the
guide, and variables.
"""

import json
import re
import shlex
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rural_forecast.cli import tree
from rural_forecast.cli.surface import surface
from rural_forecast.errors import RuralForecastError
from rural_forecast.render.schemas import ROW_SETS
from rural_forecast.version import __version__
from tests import schemas
from tests.inside import Cli, rows, write_example_files

SURFACE = surface()
COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in SURFACE["commands"]}
EXAMPLES = dict(tree.commands())
GUIDE = (Path(tree.__file__).parent / "guide.md").read_text(encoding="utf-8")


def test_an_option_means_the_same_in_every_command() -> None:
    """An option differs between commands in the meaning of its absence and in the formats that
    there are, if at all.
    """
    meanings = defaultdict(set)
    for listed in COMMANDS.values():
        for one in listed["options"]:
            if one["names"][0] != "--format":
                meanings[one["names"][0]].add(
                    (one["metavar"], one["help"], one["repeatable"], one["section"])
                )
    assert {name: several for name, several in meanings.items() if len(several) > 1} == {}


@pytest.mark.parametrize("path", EXAMPLES)
def test_help_is_short_or_whole(cli: Cli, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    short, whole = (cli(*path.split(), option).out for option in ("-h", "--help"))
    assert len(short.splitlines()) <= 30
    assert len(re.findall(r"^  (?:-\w, )?--", short, re.MULTILINE)) <= 10
    assert re.findall(r"^  (rural-forecast .*|printf .*|cat .*)$", short, re.MULTILINE) == [
        *EXAMPLES[path][:3]
    ]
    options = {one["names"][0] for one in COMMANDS[path]["options"]}
    assert set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", whole, re.MULTILINE)) == options
    assert all(example in whole for example in EXAMPLES[path])
    for text in (short, whole):
        assert max(map(len, text.splitlines())) <= 80
        assert not re.search(r"<int>|<str>|default: |x>=|\{|None", text)
    assert cli("help", *path.split()).out == whole


@pytest.mark.parametrize("path", ["", *tree.MEMBERS])
def test_help_of_a_group_lists_its_commands_in_sections(cli: Cli, path: str) -> None:
    told = cli(*path.split()).out
    assert (
        cli(*path.split(), "-h").out
        == cli(*path.split(), "--help").out
        == cli("help", *path.split()).out
        == told
    )
    for section, members in ({"": tree.MEMBERS[path]} if path else tree.COMMANDS).items():
        assert re.search(rf"^{section} ", told, re.MULTILINE)
        for name, purpose in members.items():
            assert re.search(rf"  {name} +{re.escape(purpose)}$", told, re.MULTILINE)
    assert max(map(len, told.splitlines())) <= 80


def test_the_version_and_the_exit_codes_are_those_of_the_program(cli: Cli) -> None:
    assert cli("--version").out == f"rural-forecast {__version__}\n"
    assert [int(line.split()[0]) for line in cli("help", "exit-codes").out.splitlines()] == [
        *tree.EXIT_CODES
    ]
    codes = {one["code"] for one in SURFACE["exit_codes"]}
    assert {kind.exit_code for kind in RuralForecastError.__subclasses__()} < codes


@pytest.mark.parametrize("path", EXAMPLES)
def test_a_command_has_three_examples_or_more(path: str) -> None:
    assert len(EXAMPLES[path]) >= 3


PLAIN = [
    example
    for examples in EXAMPLES.values()
    for example in examples
    if not {"|", ">"} & set(example)
]


@pytest.mark.slow
@pytest.mark.parametrize("example", PLAIN)
def test_every_example_runs(cli: Cli, example: str, here: Path) -> None:
    write_example_files(here)
    program, *arguments = shlex.split(example)
    assert program == "rural-forecast"
    done = cli(*arguments)
    assert done.code == 0, done.err
    written = [here / name for flag, name in pairwise(arguments) if flag == "-o"]
    assert (
        done.out
        or arguments[0] == "mcp"
        or (written and all(path.stat().st_size for path in written))
    )


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("project turnover --level 50,80,95", "project turnover --level 50 --level 80 --level 95"),
        ("project turnover --model THETA,Drift", "project turnover --model theta --model drift"),
        (
            "project turnover --format CSV --basis Chained",
            "project turnover --format csv --basis chained",
        ),
        (
            "project turnover --kind Adoption --prefer MEDIAN",
            "project turnover --kind adoption --prefer median",
        ),
        ("models THETA", "models theta"),
        ("project turnover -q -q --level 80 --level 90", "project turnover -q --level 80,90"),
    ],
)
def test_values_are_taken_in_one_word_and_in_any_case(cli: Cli, typed: str, same: str) -> None:
    done = cli(*typed.split())
    assert done == cli(*same.split())
    assert done.code == 0


def test_series_are_found_by_words_and_show_which_value_is_used(cli: Cli) -> None:
    found = rows(cli("series", "list", "parcels", "rural").out)
    assert {"rural_parcels_spb", "rural_parcels_alibaba"} == {row["series_id"] for row in found}
    found = rows(cli("series", "show", "mofcom").out)
    used = [row["value"] for row in found if row["period"] == "2017H1" and row["used"] == "true"]
    assert used == ["537.62"]


DOCUMENTS = {
    "panel": "regions.csv",
    "batch": "regions.csv",
    "series show": "turnover",
    "series check": "users",
    "series read": "regions.csv",
}
"""Arguments of the commands that need some, or have findings with none, beside `NEEDED`."""
WITHOUT_ROWS = frozenset(("chart", "exhibit", "spec", "guide", "mcp"))


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path, one in COMMANDS.items() if one["rows"]])
def test_rows_follow_the_schema_of_their_command(cli: Cli, path: str, here: Path) -> None:
    write_example_files(here)
    arguments = (DOCUMENTS | NEEDED).get(path, "").split()
    done = cli(*path.split(), *arguments, "--format", "json")
    document = json.loads(done.out)
    schemas.check(document)
    assert document["rows"]
    (usual, *_) = COMMANDS[path]["rows"]
    assert [set(row) - set(usual["columns"]) for row in document["rows"]] == [
        set() for _ in document["rows"]
    ]


def test_the_specification_has_every_command_and_the_schemas_of_its_rows(cli: Cli) -> None:
    whole = json.loads(cli("spec").out)
    assert [one["name"] for one in whole["commands"]] == [*EXAMPLES]
    named = {rows["schema"] for one in whole["commands"] for rows in one["rows"]}
    unnamed = sorted({*ROW_SETS} - named)
    assert not unnamed, f"a rule of document.schema.json says which command gives rows {unnamed}"
    assert named == whole["row_schemas"].keys() == set(ROW_SETS)
    for schema in (*whole["row_schemas"].values(), whole["error_schema"]):
        Draft202012Validator.check_schema(schema)
    assert {one["code"] for one in whole["errors"]} >= {"choice_needed", "gap"}
    rowless = {name for name, one in COMMANDS.items() if not one["rows"]} - WITHOUT_ROWS
    assert not rowless, f"document.schema.json has no rule for the rows of {sorted(rowless)}"
    assert not any(COMMANDS[name]["rows"] for name in WITHOUT_ROWS)
    for name, needed in (("backtest", "--detail"), ("project", "--target")):
        assert [one["only_with"] for one in COMMANDS[name]["rows"]] == [None, needed]
        assert any(needed in one["names"] for one in COMMANDS[name]["options"])
    assert len(json.loads(cli("spec", "series").out)["commands"]) == len(tree.MEMBERS["series"])


@pytest.mark.parametrize("name", [*COMMANDS])
def test_the_specification_of_a_command_in_brief_has_all_that_typing_it_takes(
    cli: Cli, name: str
) -> None:
    text = cli("spec", *name.split()).out
    assert len(text) < 8_000
    brief = json.loads(text)["commands"][name]
    told = COMMANDS[name]
    options = [one for one in told["options"] if "--help" not in one["names"]]
    assert [typed.split(" ")[0].rstrip(",") for typed in brief["options"]] == [
        one["names"][0] for one in options
    ]
    for typed, meaning in brief["options"].items():
        (option,) = [one for one in options if typed.startswith(", ".join(one["names"]))]
        said = f"{typed} {meaning}"
        needed = [option["help"], *option["choices"], *option["applies"]]
        for text in (*needed, *option["requires"], *option["excludes"]):
            assert text in said, typed
    for row_set in told["rows"]:
        assert " ".join(row_set["columns"]) in brief["rows"].values()
    assert brief["examples"] == list(told["examples"])


def test_the_specification_of_a_command_says_what_excludes_what(cli: Cli) -> None:
    (project,) = json.loads(cli("spec", "project", "--whole").out)["commands"]
    options: dict[str, Any] = {one["names"][0]: one for one in project["options"]}
    assert options["--horizon"]["excludes"] == ["--year"]
    assert options["--weight"]["requires"] == ["--pool"]
    assert (
        options["--theme"].items()
        >= {"variable": "RURAL_FORECAST_THEME", "choices": ["light", "dark"]}.items()
    )
    kinds = {
        "--year": "integer",
        "--target": "number",
        "--output": "file",
        "--basis": "choice",
        "--history": "flag",
    }
    assert {name: options[name]["type"] for name in kinds} == kinds


NEEDED = {
    "project": "--model naive",
    "size": "rural_retailer --draws 2000",
    "growth": "turnover mofcom --years all",
    "chart": "turnover mofcom --log",
    "scenario": "turnover --growth 3",
    "nowcast": "mofcom --year 2017 --until 2016",
    "score": "kept/mofcom-2021.json",
    "revise": "kept/mofcom-2021.json mofcom",
}


@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if name not in ("batch", "panel", "mcp")]
)
def test_formats_are_those_that_the_command_writes_and_pictures_take_a_title(
    cli: Cli, name: str, here: Path
) -> None:
    write_example_files(here)
    for one in ("markdown", "svg", "html"):
        written = one in COMMANDS[name]["formats"]
        title = ("--title", "A title of mine") if written and one == "svg" else ()
        done = cli(*name.split(), *NEEDED.get(name, "").split(), "--format", one, *title)
        assert (done.code == 0) == written, done.err
        assert not title or title[1] in done.out


def test_the_guide_is_short_and_names_what_there_is(cli: Cli) -> None:
    assert cli("guide").out == GUIDE
    assert len(GUIDE.splitlines()) <= 60
    options = {
        name: {n for one in told["options"] for n in one["names"]}
        for name, told in COMMANDS.items()
    }
    typed = re.findall(r"`rural-forecast (.+?)`", GUIDE)
    assert len(typed) > 12
    for line in typed:
        words = shlex.split(line)
        path = next(
            name for name in (" ".join(words[:2]), words[0]) if name in options or name == "spec"
        )
        assert {word for word in words if word.startswith("-")} <= options[path], line


def test_a_variable_sets_what_is_not_typed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    dark = cli("chart", "turnover", "--theme", "dark", "-f", "svg").out
    page = ("exhibit", "turnover", "-f", "html")
    signed = cli(*page, "--author", "A. Analyst").out
    plain = cli("project", "turnover", "-f", "csv")
    monkeypatch.setenv("RURAL_FORECAST_THEME", "Dark")
    monkeypatch.setenv("RURAL_FORECAST_AUTHOR", "A. Analyst")
    assert cli("chart", "turnover", "-f", "svg").out == dark
    assert cli("chart", "turnover", "-f", "svg", "--theme", "light").out != dark
    assert cli(*page).out == signed
    assert cli("project", "turnover", "-f", "csv") == plain, (
        "where it does not apply, it is not used"
    )


def test_the_provenance_has_the_variables_that_took_part(
    cli: Cli, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_example_files(here)
    typed = json.loads(cli("batch", "regions.csv", "-f", "json", "--workers", "1").out)
    monkeypatch.setenv("RURAL_FORECAST_WORKERS", "1")
    batch = json.loads(cli("batch", "regions.csv", "-f", "json").out)
    assert batch["provenance"]["environment"] == {"RURAL_FORECAST_WORKERS": "1"}
    assert "environment" not in typed["provenance"]
    assert typed["rows"] == batch["rows"]


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("THEME", "blue", "chart turnover -f svg"),
        ("WORKERS", "0", "batch x.csv"),
        ("WORKERS", "two", "batch x.csv"),
    ],
)
def test_a_variable_with_another_value_is_refused(
    cli: Cli, name: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RURAL_FORECAST_{name}", value)
    done = cli(*line.split())
    assert done.code == 2
    assert f"RURAL_FORECAST_{name}" in done.err
