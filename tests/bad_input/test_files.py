"""A corpus of small files, most of which must be refused, and input that is odd and clearly meant.

`cases.csv` names each file, with the code, place and value of the error. `python -m
tests.bad_input.test_files` writes the errors anew; the difference is to be read before it is kept.
"""

import contextlib
import csv
import json
import shlex
from pathlib import Path

import pytest

from tests.inside import Cli, rows, typed

HERE = Path(__file__).parent
FILES = HERE / "files"
READ_BY_BATCH = {"two_series.csv", "two_values.csv", "regions.csv"}
"""Batch reads many series; what one series alone is refused for, it refuses too."""
ANSWER = ("exit_code", "code", "line", "column", "value")

with (HERE / "cases.csv").open(encoding="utf-8", newline="") as _cases:
    CASES = {case["file"]: case for case in csv.DictReader(_cases)}


def answer(error: dict[str, object]) -> dict[str, str]:
    """The fields of an error as text; nothing where one is not known."""
    return {key: "" if error[key] is None else str(error[key]) for key in ANSWER}


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


@pytest.mark.parametrize("name", sorted(path.name for path in (HERE / "meant").iterdir()))
def test_what_is_clearly_meant_is_read(name: str, cli: Cli) -> None:
    """The second word of a name is the encoding that is stated."""
    _, *told, _ = name.split(".")
    outcome = cli(
        "project",
        HERE / "meant" / name,
        "--history",
        *(part for one in told for part in ("--encoding", one)),
    )
    assert (outcome.code, outcome.err) == (0, "")
    actual = {
        row["period"]: float(row["value"]) for row in rows(outcome.out) if row["kind"] == "actual"
    }
    assert actual == {"2014": -180 if name == "negative.csv" else 180, "2015": 353, "2016": 482}


if __name__ == "__main__":
    with contextlib.chdir(FILES):
        for case in CASES.values():
            done = typed(
                "project", case["file"], *shlex.split(case["options"]), "--format", "json", "-q"
            )
            if done.code:  # what `project` reads stays as it is
                case |= answer(json.loads(done.err))
    with (HERE / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("file", "options", *ANSWER), lineterminator="\n")
        writer.writeheader()
        writer.writerows(CASES.values())
