"""Hints lead on: what a hint advises is done, on the same input, and must not end in the same error."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import pytest

from tests.inside import Cli

BAD_INPUT = Path(__file__).parents[1] / "bad_input"
with (BAD_INPUT / "cases.csv").open(encoding="utf-8", newline="") as _cases:
    CASES = list(csv.DictReader(_cases))

GOOD = "year,value\n2014,180\n2015,353\n2016,482\n"
FILES = {
    "market.csv": GOOD,
    "two.csv": "series_id,year,value\neast,2019,1\neast,2020,2\nwest,2019,3\nwest,2020,4\n",
    "gap.csv": "year,value\n2014,1\n2016,2\n",
    "last.csv": "year,value\n9997,1\n9998,4\n",
    "tabs.dat": GOOD.replace(",", "\t"),
    "plain": GOOD,
    "negative.csv": "year,value\n2019,-3\n2020,4\n",
    "model.toml": 'unit = "bn CNY"\nyears = 2027\nformula = "a"\n[drivers.a]\nunit = "bn CNY"\nvalue = "1..2"\n',
}
LINES = """
project turnover --yeer 2018
project turnover --year 2016
project turnover --year 2001
project turnover --year 2222
project turnover --year soon
project turnover 2018
project turnover mofcom
project turnovr
project market
project plain
project gone.csv
project markt.csv
project market.csv/
project two.csv
project two.csv --series eastt
project gap.csv
project last.csv
project last.csv --horizon 5
project tabs.dat
project turnover --level 20
project market.cvs
project turnover --model teta
project turnover --ceiling 9..3
project turnover --floor many
project turnover --horizon 0
project turnover --horizon 3 --year 2020
project turnover --since 2050
project turnover --as-of soon
project turnover --as-of 1990-01-01
project turnover --rate 7
project users --currency usd
project turnover --currency eurr
project turnover --prefer nobody
project turnover -o out.what
project turnover -o out.html
project turnover --format xlxs
project turnover --format html
project turnover --chart
project turnover --log
project turnover --title Mine
project turnover --explain
project turnover --color always
project turnover --series one
project turnover --sheet one
project market.csv --sheet one
project market.csv --thousands .
project market.csv --encoding utf-9
project market.csv --value-column turnover
project market.csv --year 2018 --year 2019
project market.csv --series a --series b
project market.csv -o market.csv
project market.csv -o nowhere/out.csv
project negative.csv --model cagr
project turnover --model cagr --model nosuch
projekt turnover
serie list
series lst
models teta
models -o x.svg
chart turnover --ratio 0
chart turnover --format csv
compare turnover --model theta
compare turnover --explain
nowcast turnover
nowcast mofcom --year 2050
nowcast mofcom --partial 2017H1
nowcast mofcom --year 2017 --until 2016 --history --format table
nowcast mofcom --same-definition
nowcast turnover --partial 2017H1=538
scenario turnover
scenario turnover --reason because
scenario turnover --override 2018=700
scenario turnover --growth much
scenario turnover --growth 2018=5,2018=6
scenario --from nosuch
scenario --from rural_online_retal
size
size nosuch
size rural_retailr
size model.toml --draws 5
size rural_retailer --print-model --seed 2
exhibit market.csv -o x.csv
exhibit market.csv --appendix -o x.png
report market.csv
growth turnover users --base 1900
growth market.csv --years 2050..
backtest turnover --detail --format svg
batch gone.csv
batch market.csv --horizon 3 --year 2020
batch market.csv --engine here
batch market.csv --workers 0
batch market.csv --series one
batch - --engine dask
series show turnovr
series check gone.csv
""".strip().splitlines()

PLACEHOLDER = re.compile(r"\b(?:NAME|ID|FILE|COMMAND|ADDRESS|VALUE)\b")
"""What stands for a word of the user's."""
JOINING = {"or", "and", "to", "so", "if", "such", "out", "behind", "reads", "is", "as"}
"""Words behind an option that are no value of it."""
EARLIER = {"forecasts_only.csv", "thousands_unquoted.csv"}
"""Files whose hint is about making the file, held by tests of their own."""
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s'"-][^\s]*)"""
_GROUP = re.compile(rf"(?<![\w'-])((?:--[a-z][a-z-]+|-o)(?: {_VALUE})?(?: --[a-z][a-z-]+(?: {_VALUE})?)*)")
_COMMAND = re.compile(r"(?:: |')rural-forecast (.+?)(?:'|$)")
_LEAVE = re.compile(r"Leave ((?:--[a-z-]+(?:, | and | or )?)+)")
_MEANT = re.compile(r"Did you mean (?:the file )?(.+?)\?(?: |$)")


def told(err: str) -> tuple[str, str]:
    lines = dict(line.partition(": ")[::2] for line in err.splitlines() if line.startswith(("error: ", "hint: ")))
    return lines.get("error", ""), lines.get("hint", "")


def without(words: list[str], option: str) -> list[str]:
    """A command line without an option and its value."""
    kept = list(words)
    while option in kept:
        at = kept.index(option)
        flag = at + 1 == len(kept) or kept[at + 1].startswith("-")
        del kept[at : at + (1 if flag else 2)]
    return kept


def followed(words: list[str], hint: str) -> Iterator[list[str]]:
    """The command lines that a hint advises."""
    left_out = [name for found in _LEAVE.findall(hint) for name in re.findall(r"--[a-z-]+", found)]
    for name in left_out:
        yield without(words, name)
    for found in _MEANT.findall(hint):
        for meant in re.split(r", | or ", found):
            yield _replaced(words, meant.strip("'"))
    for found in _COMMAND.findall(hint):
        if not PLACEHOLDER.search(found):
            yield shlex.split(found)
    for found in _GROUP.findall(_MEANT.sub("", _COMMAND.sub("", hint))):
        added = _options(found)
        if added and added[0] not in left_out:
            kept = words
            for name in (word for word in added if word.startswith("--")):
                kept = without(kept, name)
            kept = without(kept, "--horizon") if "--year" in added else kept
            yield [*kept, *added]


def _replaced(words: list[str], meant: str) -> list[str]:
    """A command line with the likeliest word replaced by the one that was meant."""
    option, *value = shlex.split(meant)
    if option.startswith("--") and value:
        return [*(word for word in words if word not in value), option, *value]
    near = get_close_matches(option, words[1:] or words, 1, 0.3) or words[-1:]
    return [option if word == near[0] else word for word in words]


def _options(text: str) -> list[str]:
    """The options of a group with their values; none where a value is left to the user."""
    found: list[str] = []
    for name, value in re.findall(rf"(--[a-z][a-z-]+|-o)(?: ({_VALUE}))?", text):
        given = value.rstrip(".,;)?") if value[:1] not in ("'", '"') else value[1:-1]
        if PLACEHOLDER.search(given):
            return []
        found += [name] if not given or given in JOINING or given.startswith("(") else [name, given]
    return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_a_hint_of_a_command_line_leads_on(line: str, cli: Cli, place: Path) -> None:
    assert _follow(shlex.split(line), cli), "no error"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["project", "batch"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_a_hint_about_a_file_leads_on(
    command: str, case: dict[str, str], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BAD_INPUT / "files")
    if case["file"] not in EARLIER:
        _follow([command, case["file"], *shlex.split(case["options"])], cli)


def _follow(words: list[str], cli: Cli) -> bool:
    """Do what the hint of a command line advises; whether there was an error."""
    done = cli(*words)
    error, hint = told(done.err)
    for advised in followed(words, hint):
        again = cli(*advised)
        sentence, _ = told(again.err)
        assert sentence != error, (advised, hint)
        assert not sentence.startswith("No such"), (advised, hint)
        assert again.code != 1
    return bool(error)


def test_files_made_as_their_hint_advises_are_read(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "forecast.csv"
    assert cli("project", "turnover", "-o", file).code == 0
    refused = cli("project", file)
    assert "--history to include" in told(refused.err)[1]
    assert cli("project", "turnover", "--history", "-o", file).code == 0
    assert cli("project", file).code == 0
    file.write_text("year,value\n2014,1,234\n2015,1,345\n")
    assert "--thousands ','" in told(cli("project", file).err)[1]
    file.write_text('year,value\n2014,"1,234"\n2015,"1,345"\n')
    assert cli("project", file, "--thousands", ",").code == 0
