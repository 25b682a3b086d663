"""A corpus of small files that must be refused: `cases.csv` names each, with the code, place and value of the error."""

import csv
import json
import shlex
from pathlib import Path

import pytest

from tests.bad_input.renew import ANSWER, answer
from tests.inside import Cli

HERE = Path(__file__).parent
FILES = HERE / "files"
READ_BY_BATCH = {"two_series.csv", "two_values.csv", "regions.csv"}
"""Batch reads many series; what one series alone is refused for, it refuses too."""

with (HERE / "cases.csv").open(encoding="utf-8", newline="") as _cases:
    CASES = {case["file"]: case for case in csv.DictReader(_cases)}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name a file as it is typed, here without its folders."""
    monkeypatch.chdir(FILES)


@pytest.mark.parametrize("file", CASES)
def test_refused_with_place_and_advice_and_by_batch_as_well(file: str, cli: Cli) -> None:
    case = CASES[file]
    options = shlex.split(case["options"])
    outcome = cli("batch", file, *options)
    read = file in READ_BY_BATCH or case["exit_code"] == "0"
    assert outcome.code in ((0,) if read else (2, 3, 5))
    assert all(line.isprintable() for line in outcome.err.splitlines())
    assert "error: " in outcome.err or outcome.code == 0
    if case["exit_code"] == "0":
        outcome = cli("project", file, "--history", "--verbose", *options)
        assert outcome.code == 0
        assert case["value"] in outcome.out + outcome.err
        return
    outcome = cli("project", file, *options, "--format", "json")
    error = json.loads(outcome.err)
    assert (outcome.out, answer(error)) == ("", {key: case[key] for key in ANSWER})
    assert error["hint"]
    assert f"{error['message']}{error['hint']}".isprintable()
    assert str(HERE) not in error["message"]


def test_every_file_is_a_case(cli: Cli) -> None:
    assert sorted(CASES) == sorted(path.name for path in FILES.iterdir())
    assert cli("batch", "zip.csv").err == cli("project", "zip.csv").err
