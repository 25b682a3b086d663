"""Every hint is followed as it is written, step by step, until the command succeeds."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inside import Cli

FILES = {
    "market.csv": "year,value\n2019,41\n2020,52\n2021,60\n2022,75\n2023,83\n",
    "gap.csv": "year,value\n2015,10\n2016,12\n2019,15\n2020,17\n",
    "wide.csv": "country,unit,2019,2020,2021\nFrance,EUR m,13,12,14\nSpain,EUR m,9,8,9\n",
    "both.csv": "year,sales,profit\n2018,11,2\n2019,13,2.5\n2020,15,3\n",
    "ahead.csv": "year,value\n2018,10\n2019,11\n2020,12\n2021,13\n2090,20\n",
    "nested.csv": "region,product,year,value\n"
    "North,Tea,2020,1\nNorth,Tea,2021,2\nNorth,Coffee,2020,3\nNorth,Coffee,2021,4\n"
    "South,Tea,2020,5\nSouth,Tea,2021,6\nSouth,Coffee,2020,7\nSouth,Coffee,2021,8\n",
    "revised.csv": "year,value,edition\n2019,41,first\n2020,52,first\n2019,42,second\n2020,54,second\n",
    "many.csv": "code,name,year,value\nA,Alpha,2020,1\nA,Alpha,2021,2\nB,Beta,2020,3\nB,Beta,2021,4\n",
}
LINES = """
project gap.csv
compare gap.csv
chart gap.csv -o c.svg
project wide.csv
project both.csv
project nested.csv
project nested.csv --where region=North
project revised.csv
project many.csv
backtest wide.csv
project ahead.csv --allow-gaps
series check wide.csv --allow-gap
project market.csv --yaer 2030
project market.csv --yeer 2030
project market.csv --year x
project market.csv --level 101
project market.csv --level x
project market.csv --target x
project market.csv --floor x
project market.csv --color purple
project market.csv --format jsonl
project market.csv -f excel -o m.xlsx
project market.csv --h 3
project market.csv --steps 3
project market.csv --confidence 90
project market.csv --column value
project market.csv --levels
project market.csv --ceiling 500..90
project market.csv --rate 7
project market.csv --year 2030 --horizon 2
project market.csv --sheet 1
project market.csv --offline
project market.csv --refresh
project market.csv --inflation 2
chart market.csv -o m.svg --reason because
project market.csv --title Mine
project market.csv --theme dark
project market.csv --history -f table
project market.csv --weight ours=1
project market.csv --chart
project market.csv --output m.nosuch
project market.csv -o m.xlsx.gz
project market.csv -f csv -o m.json
project market.csv --model linaer
project market.csv --model drifft
project market.csv --basis chain
project market.csv --kind adopton
project market.csv --as-of 20.7.2017
project market.csv --measure flows
batch market.csv --raw-text -f json
batch market.csv --year 2030 --horizon 2
batch market.csv --sheet 2
panel nested.csv --parents nosuch.csv
panel nested.csv --method up
exhibit market.csv -o m.png --appendix
exhibit market.csv -o m.html --ratio phone
chart market.csv -o m.svg --ratio 16
scenario mofcom
scenario mofcom --override 2027=4000
scenario mofcom --growth x
nowcast market.csv
series list nosuch
series lst
projekt market.csv
project market.cvs
project mofcomm
models thetta
"""
ANY_VALUE = {
    "FILE": "market.csv",
    "VALUE": "12",
    "YEAR": "2022",
    '"..."': "because",
    "FOLDER": "records",
}
_OPTION = r"--[a-z][a-z-]*"
_TYPED = re.compile(rf"(?<![\w-])(-[of]|{_OPTION})(?:[ =]((?:'[^']*'|\"[^\"]*\"|[^\s,;'\"])+))?")


def typed_options(text: str) -> list[list[str]]:
    """The options that a text says to type, each with its value."""
    options = []
    for name, value in _TYPED.findall(text):
        stripped = value.rstrip(".") if not value.endswith("..") else value
        is_word = stripped in WORDS
        words = [name] if is_word or not stripped else [name, ANY_VALUE.get(stripped, stripped)]
        options.append(shlex.split(" ".join(words)) if '"' not in stripped else words)
    return options


WORDS = frozenset(
    [
        "or",
        "and",
        "out",
        "for",
        "with",
        "to",
        "is",
        "in",
        "of",
        "as",
        "here",
        "where",
        "nothing",
        "shows",
        "takes",
        "says",
        "lists",
        "states",
        "writes",
        "means",
        "uses",
        "alone",
    ]
)
"""Words of a sentence that follow an option without being its value."""


ALIASES = {"--format": ("-f",), "--output": ("-o",), "--level": ("--levels",)}


def without(line: list[str], name: str) -> list[str]:
    """A line without an option and its value."""
    name = next((alias for alias in (name, *ALIASES.get(name, ())) if alias in line), "")
    if not name:
        return line
    index = line.index(name)
    has_value = index + 1 < len(line) and not line[index + 1].startswith("--")
    return line[:index] + line[index + 1 + has_value :]


def followed(line: list[str], hint: str) -> Iterator[list[str]]:
    """The lines that a hint says to type in place of one, the first that it names first."""
    elsewhere = re.match(r"It is an option of (?:'rural-forecast )?(\w+)", hint)
    if elsewhere:
        yield [elsewhere[1], "mofcom", *line[line.index("-o") :]]
        return
    meant = re.match(r"Did you mean (?:the file )?'?([\w./-]+)'?", hint)
    if meant:
        wrong = next(
            (word for word in line if word not in KNOWN and not Path(word).exists()), line[-1]
        )
        yield [meant[1] if word == wrong else word for word in line]
        return
    called = re.match(rf"It is called ({_OPTION}) here", hint)
    if called:
        wrong = next(word for word in line if word.startswith("--"))
        index = line.index(wrong)
        value = {"--level": "90"}.get(called[1], line[index + 1])
        yield [*line[:index], called[1], value, *line[index + 2 :]]
        return
    for sentence in re.split(r"(?:, or |; | or |\. )", hint):
        left_out = re.match(rf"(?:.*\b)?[Ll]eave ({_OPTION}|-o|\.gz) out", sentence)
        if left_out and left_out[1] == ".gz":
            yield [word.removesuffix(".gz") for word in line]
            continue
        if left_out:
            yield without(line, left_out[1])
            continue
        options = typed_options(sentence)
        if options:
            changed = line
            for option in options:
                changed = without(changed, option[0])
            yield [*changed, *(word for option in options for word in option)]


KNOWN = frozenset(
    [
        "project",
        "compare",
        "chart",
        "batch",
        "panel",
        "exhibit",
        "scenario",
        "nowcast",
        "series",
        "list",
        "check",
        "models",
    ]
)


def hint_of(errors: str) -> str:
    """The hint of an error, in words or as JSON."""
    for line in errors.splitlines():
        if line.startswith("{"):
            return str(json.loads(line)["hint"])
        if line.startswith("hint: "):
            return line.removeprefix("hint: ")
    return ""


@pytest.fixture
def files(here: Path) -> Path:
    for name, text in FILES.items():
        (here / name).write_text(text)
    return here


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_a_hint_leads_to_success(line: str, cli: Cli) -> None:
    words = shlex.split(line)
    trail = []
    for _ in range(5):
        outcome = cli(*words)
        if outcome.code == 0:
            return
        hint = hint_of(outcome.err)
        trail.append(f"{shlex.join(words)}\n    {outcome.err.strip()}")
        steps = [*followed(words, hint)]
        if not steps:
            break
        words = steps[0]
    raise AssertionError("\n".join(trail))
