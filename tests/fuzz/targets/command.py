"""The command line: bytes choose a command, options and values from the command tree, so that new
ones take part.
"""

import shlex
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rural_forecast.cli import tree
from rural_forecast.forecasting.registry import MODELS
from rural_forecast.render import formats
from tests.fuzz.choices import Choices, files
from tests.fuzz.playing import INPUTS, check_output, play, safe

_LEFT_OUT = frozenset({"--engine", "--workers"})
"""They start processes or a cluster, which no case may."""
_TALK = frozenset({"--help", "-h", "--version", "--print-model", "--as-python"})
"""With these, standard output is no document."""

_INTEGERS = (
    "2014",
    "2016",
    "2017",
    "2018",
    "2020",
    "2027",
    "2030",
    "2040",
    "2117",
    "0",
    "-1",
    "1",
    "2",
    "3",
    "50",
    "80",
    "90",
    "99",
    "100",
    "1000",
    "9999",
    "10000",
    "1000000",
    "100000000000000000000",
    "２０２０",
    "1_000",
    "1e3",
    "2018.0",
    "x",
)
_FLOATS = ("7.1", "0", "-1", "1e308", "5e-324", "nan", "inf", "1e999", "x", "0.5", "1_0")
_TEXTS = (
    "a",
    "east",
    "year",
    "value",
    "mofcom",
    "users",
    "consensus",
    "theta",
    "arima",
    "ets",
    "logistic",
    "usd",
    "CNY",
    "800..1200",
    "1..1",
    "5..1",
    "1e308..1e308",
    "nan..nan",
    "..",
    "utf-8",
    "gb18030",
    "utf-16",
    "hex",
    "idna",
    "2017-07-31",
    "2017-13-01",
    "0001-01-01",
    "9999-12-31",
    "2017H1=537.62:38.1",
    "2017M01-M08=729.04",
    "2017H1=nan",
    "2017H1=1e308:1e308",
    "2018=700",
    "2018=-100",
    "2018=0",
    "2017=1e308",
    "2026=4,2027=3",
    "2026H1=5e-324",
    "2026M01-M03=1:-99.999",
    "2018=5,2018=6",
    "5",
    "-200",
    "nan",
    "1e400",
    ",",
    ".",
    "'",
    "A1:C9",
    "Sheet1!A1",
    " ",
    "",
)
_OUTPUTS = (
    "out.csv",
    "out.tsv",
    "out.json",
    "out.ndjson",
    "out.md",
    "out.parquet",
    "out.xlsx",
    "out.svg",
    "out.png",
    "out.pdf",
    "out.html",
    "out.txt",
    "out",
    "out.doc",
    "sound0.csv",
    "folder",
    "-",
    "missing∕out.csv",
)


class _Command:
    def __init__(self, path: str) -> None:
        mine = [
            one for one in tree.load(path).parameters.values() if not _LEFT_OUT & set(one.names)
        ]
        self.words = tuple(path.split())
        self.arguments = [one for one in mine if one.is_argument]
        self.options = [one for one in mine if not one.is_argument]


_USUAL = {"spec": "json", "guide": "markdown", "chart": "table", "exhibit": "html"}
"""The format of a command off a terminal, where it is not csv."""
_FOR_PROGRAMS = ("spec", "guide")
"""They print no document."""
# A server waits for its client.
_PATHS = tuple((path, lines) for path, lines in tree.commands() if path != "mcp")
COMMANDS = tuple(_Command(path) for path, _ in _PATHS)
EXAMPLES = tuple(
    tuple(shlex.split(line)[1:])
    for _, lines in _PATHS
    for line in lines
    if not {"|", ">"} & set(line)
)
_SOURCES = (
    *INPUTS,
    "-",
    "mofcom",
    "turnover",
    "users",
    "rural_online_retail",
    "nothing.csv",
    "folder",
    "",
)
_STDIN = (*files("csv", "tsv", "json", "ndjson"),)

SEEDS = [bytes((29 * i * i + 7 * i + 31 * salt) % 256 for i in range(64)) for salt in range(64)]


def test(data: bytes) -> None:
    choices = Choices(data)
    kind = choices.below(16)
    if kind == 0:
        words = [
            word.decode("utf-8", "surrogateescape")
            for word in choices.take(choices.below(200)).split(b"\n")
        ]
        play([safe(word) for word in words], _stdin(choices))
        return
    words = list(choices.one(EXAMPLES)) if kind < 6 else _typed(choices)
    if kind < 6:
        command = next(one for one in COMMANDS if one.words == tuple(words[: len(one.words)]))
        for _ in range(choices.below(4)):
            words += _option(choices, choices.one(command.options))
    odd = choices.chance(24)
    if odd:
        words.insert(choices.below(len(words) + 1), choices.hostile())
    words = [safe(word) for word in words]
    played = play(words, _stdin(choices), choices.one(("utf-8", "utf-8", "utf-8", "ascii")))
    if (
        not odd
        and not _TALK & set(words)
        and words[0] not in _FOR_PROGRAMS
        and played.err.isascii()
    ):
        _check(played, words)


def _check(played: Any, words: Sequence[str]) -> None:
    """Hold the output against the format, where it is plain which one is meant."""
    words = [
        part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])
    ]
    wished = [after for before, after in pairwise(words) if before in ("--format", "-f")]
    outputs = [after for before, after in pairwise(words) if before in ("--output", "-o")]
    colored = "always" in words
    output = outputs[-1] if outputs and outputs[-1] != "-" else None
    name = wished[-1] if wished else _USUAL.get(words[0], "csv")
    if (
        len(wished) > 1
        or len(outputs) > 1
        or colored
        or name not in {*formats.FORMATS, *formats.PICTURES, "html"}
    ):
        return
    if output is not None and not wished:
        name = formats.from_suffix(output) or name
    if words[0] == "size" and name == "xlsx":  # whose formulas are live, and its own
        return
    check_output(played, name, output)


def _typed(choices: Choices) -> list[str]:
    command = choices.one(COMMANDS)
    words = list(command.words)
    for one in command.arguments:
        count = choices.below(4) if one.several else int(choices.below(16) > 0)
        words += [
            choices.one(_SOURCES) if choices.below(16) else choices.hostile() for _ in range(count)
        ]
    for _ in range(choices.below(5) if command.options else 0):
        words += _option(choices, choices.one(command.options))
    if choices.chance(96):
        words += ["--format", choices.one((*formats.FORMATS, *formats.PICTURES, "html"))]
    if choices.chance(64):
        words += ["-o", choices.one(_OUTPUTS)]
    return words


def _option(choices: Choices, option: Any) -> list[str]:
    name = choices.one(option.names)
    if option.is_flag:
        return [name]
    if name in ("-o", "--output"):
        return [name, choices.one(_OUTPUTS)]
    value = choices.hostile() if not choices.below(24) else str(choices.one(_values(option, name)))
    return [f"{name}={value}"] if choices.chance(16) and name.startswith("--") else [name, value]


def _values(option: Any, name: str) -> Sequence[str]:
    if option.choices or option.kind in (int, float):
        return option.choices or (_INTEGERS if option.kind is int else _FLOATS)
    shown = (after for words in EXAMPLES for before, after in pairwise(words) if before == name)
    return [
        *shown,
        *_TEXTS,
        *(one.name for one in MODELS),
        *(one for one in INPUTS if one.endswith(".toml")),
    ]


def _stdin(choices: Choices) -> bytes:
    return choices.rest() if choices.chance(64) else choices.one((b"", *_STDIN))
