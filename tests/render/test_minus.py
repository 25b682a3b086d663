"""One minus sign, and no zero below zero, in every format for people."""

import re
from pathlib import Path

import pytest

from tests.inside import Cli

NEGATIVE = "year,value\n2017,-2\n2018,-5\n2019,4\n2020,-1\n2021,2\n2022,3\n"
FLAT = "year,value\n2017,99985\n2018,99983\n2019,99980\n2020,99978\n"
WRONG = re.compile(r"(?:^|[ (>])-\d|[−-]0(?:\.0+)? ?%")


@pytest.mark.parametrize("data", [NEGATIVE, FLAT])
@pytest.mark.parametrize(
    "words",
    [
        "project --model naive --format table",
        "project --format markdown",
        "chart --format svg",
        "exhibit --format html",
    ],
)
def test_numbers_below_zero_have_the_sign_of_print(data: str, words: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text(data)
    command, *others = words.split()
    done = cli(command, str(tmp_path / "market.csv"), "--year", "2024", *others)
    assert done.code == 0, done.err
    plain = re.sub(r"<(style|script)\b.*?</\1>", "", done.out, flags=re.DOTALL)
    plain = re.sub(r"<[^>]*>|---+", " ", plain)
    assert not [line for line in plain.splitlines() if WRONG.search(line)]
