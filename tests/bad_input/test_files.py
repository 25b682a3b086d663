"""A corpus of small files that must be refused: `cases.csv` names each, its exit code, what is said and hinted."""

from __future__ import annotations

import csv
import shlex
from pathlib import Path

import pytest

from tests.bad_input.refusals import check_refusal
from tests.inside import Cli

HERE = Path(__file__).parent
FILES = HERE / "files"

READ_BY_BATCH = {"two_series.csv", "regions.csv"}
"""Batch reads many series; what one series alone is refused for, it refuses too."""

with (HERE / "cases.csv").open(encoding="utf-8", newline="") as _cases:
    CASES = list(csv.DictReader(_cases))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name a file as it is typed, here without its folders."""
    monkeypatch.chdir(FILES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_refused_with_place_and_advice(case: dict[str, str], cli: Cli) -> None:
    verbose = ["--verbose"] * (case["exit_code"] == "0")
    outcome = cli("project", case["file"], "--history", *verbose, *shlex.split(case["options"]))
    if case["exit_code"] == "0":
        assert outcome.code == 0
        assert case["says"] in outcome.out + outcome.err
        return
    check_refusal(outcome, int(case["exit_code"]), case["says"], case["hint"])
    assert str(HERE) not in outcome.err


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_batch_refuses_it_or_lists_what_it_refuses(case: dict[str, str], cli: Cli) -> None:
    outcome = cli("batch", case["file"], *shlex.split(case["options"]))
    read = case["file"] in READ_BY_BATCH or case["exit_code"] == "0"
    assert outcome.code in ((0,) if read else (2, 3, 5))
    assert "Traceback" not in outcome.err
    assert all(line.isprintable() for line in outcome.err.splitlines())
    assert "error: " in outcome.err or outcome.code == 0


@pytest.mark.parametrize("file", ["zip.csv"])
def test_batch_says_what_a_file_is_that_is_no_text(file: str, cli: Cli) -> None:
    assert cli("batch", file).err == cli("project", file).err


def test_every_file_is_a_case() -> None:
    assert sorted(case["file"] for case in CASES) == sorted(path.name for path in FILES.iterdir())
