"""A corpus of small files that must be refused: `cases.csv` names each, with the code, place and value of the error."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import pytest

from tests.bad_input.refusals import check_refusal
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
def test_refused_with_place_and_advice(file: str, cli: Cli) -> None:
    case = CASES[file]
    options = shlex.split(case["options"])
    if case["exit_code"] == "0":
        outcome = cli("project", file, "--history", "--verbose", *options)
        assert outcome.code == 0
        assert case["value"] in outcome.out + outcome.err
        return
    check_refusal(cli("project", file, *options), int(case["exit_code"]))
    error = json.loads(cli("project", file, *options, "--format", "json").err)
    assert answer(error) == {key: case[key] for key in ANSWER}
    assert str(HERE) not in error["message"]


@pytest.mark.parametrize("file", CASES)
def test_batch_refuses_it_or_lists_what_it_refuses(file: str, cli: Cli) -> None:
    outcome = cli("batch", file, *shlex.split(CASES[file]["options"]))
    read = file in READ_BY_BATCH or CASES[file]["exit_code"] == "0"
    assert outcome.code in ((0,) if read else (2, 3, 5))
    assert "Traceback" not in outcome.err
    assert all(line.isprintable() for line in outcome.err.splitlines())
    assert "error: " in outcome.err or outcome.code == 0


def test_every_file_is_a_case(cli: Cli) -> None:
    assert sorted(CASES) == sorted(path.name for path in FILES.iterdir())
    assert cli("batch", "zip.csv").err == cli("project", "zip.csv").err
