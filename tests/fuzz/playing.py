"""A whole run of the command line in this process, in a folder of its own, with what every run
promises.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rural_forecast.errors import INTERRUPTED
from rural_forecast.render import formats
from rural_forecast.render.schemas import schema
from tests.fuzz.choices import corpus
from tests.fuzz.promises import load, parses, require, scratch
from tests.inside import typed

CODES = frozenset({0, 2, 3, 4, 5, 6, INTERRUPTED})
_UNSAFE = ("--install", "--show-c")
"""Typer's own options, which write into the home folder or ask who runs the shell."""
_ODD = {
    "empty.csv": b"",
    "=1+1.csv": b"year,value\n2014,1\n2015,2\n",
    "x\x1b[31m.csv": b"year,value\n2014,1\n",
}
INPUTS = corpus() | _ODD


class Played(NamedTuple):
    code: int
    out: bytes
    err: str
    written: Mapping[str, bytes]
    """Files that are new or changed."""


def safe(argument: str) -> str:
    """An argument that can name nothing outside the folder and start nothing that lasts."""
    return "" if argument.startswith(_UNSAFE) else argument.replace("/", "∕").replace("\\", "∕")


@cache
def folder() -> Path:
    home = scratch() / "commands"
    (home / "folder").mkdir(parents=True)
    for name, data in INPUTS.items():
        (home / name).write_bytes(data)
    return home


def play(arguments: Sequence[str], stdin: bytes, encoding: str = "utf-8") -> Played:
    """Run the command line and hold it against what any run promises."""
    home = folder()
    before = _state(home)
    was = os.environ.get("HOME", "")
    os.environ["HOME"] = str(home)
    try:
        with chdir(home):
            done = typed(*arguments, stdin=stdin, encoding=encoding)
    finally:
        os.environ["HOME"] = was
        written = _restore(home, before)
    said = f"{done.code}, {done.err[-1500:]!r}, {list(arguments)}"
    require(done.code in CODES, f"exit code {said}")
    require("Traceback" not in done.err, f"a traceback: {said}")
    refused = done.code not in (0, 5) and "error: " in done.err
    require(not refused or not written, f"a refusal left {list(written)}: {said}")
    require(not any(name.endswith(".part") for name in written), f"a part is left: {said}")
    return Played(done.code, done.raw, done.err, written)


def _state(home: Path) -> dict[str, tuple[int, int]]:
    with os.scandir(home) as entries:
        return {
            one.name: (one.stat().st_size, one.stat().st_mtime_ns)
            for one in entries
            if one.is_file()
        }


def _restore(home: Path, before: Mapping[str, tuple[int, int]]) -> dict[str, bytes]:
    after = _state(home)
    written = {
        name: (home / name).read_bytes()
        for name, state in after.items()
        if before.get(name) != state
    }
    for name in written:
        (home / name).unlink()
    for name in before.keys() - after.keys() | (written.keys() & before.keys()):
        (home / name).write_bytes(INPUTS[name])
    return written


def check_output(played: Played, format: str, output: str | None) -> None:  # noqa: A002 - the option's name
    done = played.code in (0, 5) or (played.code == 3 and (played.out or played.written))
    if done and output is None:
        parses(played.out, format)
    elif done:
        require(output in played.written, f"{output} was not written: {played.err!r}")
        parses(played.written[output], formats.from_suffix(output) or format)
        require(not played.out, "standard output holds something beside the file")
    if format in ("json", "ndjson") and played.code not in (0, 3):
        told = load(played.err.splitlines()[-1])
        known = isinstance(told, dict) and told.keys() == schema("error")["properties"].keys()
        require(
            known and told["exit_code"] == played.code,
            f"{told} is no error of exit code {played.code}",
        )
