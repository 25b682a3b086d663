"""The shell blocks of the documentation: run on a real terminal, 100 columns wide, and compared with what is printed.

A block of kind `console` holds commands behind `$ ` and their output. `python -m tests.docs.blocks --write FILE...`
puts the real output into the files.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pexpect

ROOT = Path(__file__).parents[2]
COLUMNS = 100
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*(?:\\\n.*)*)\n", re.MULTILINE)


class Step(NamedTuple):
    """One command of a block and the output below it."""

    command: str
    output: str
    span: tuple[int, int]
    """Where the output stands in the page."""


def steps(text: str) -> Iterator[Step]:
    """The commands of a page, in order."""
    for block in _BLOCK.finditer(text):
        commands = list(_COMMAND.finditer(block[1]))
        for place, command in enumerate(commands):
            end = commands[place + 1].start() if place + 1 < len(commands) else len(block[1])
            start, base = command.end(), block.start(1)
            yield Step(command[1], block[1][start:end], (base + start, base + end))


def run(command: str, folder: Path) -> str:
    """What a command prints on a terminal."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "RURAL_", "GITHUB_"))}
    clean |= {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "COLUMNS": str(COLUMNS),
    }
    shell = pexpect.spawn(
        "bash", ["-c", command], env=clean, cwd=str(folder), dimensions=(60, COLUMNS), timeout=120, encoding="utf-8"
    )
    output = shell.read()
    shell.close()
    return "\n".join(line.rstrip() for line in output.replace("\r\n", "\n").splitlines()) + "\n"


def refreshed(text: str, folder: Path) -> str:
    """The page with the real output of its commands."""
    found = [(step, run(step.command, folder)) for step in steps(text)]
    for step, output in reversed(found):
        text = text[: step.span[0]] + (output.rstrip("\n") + "\n").lstrip("\n") + text[step.span[1] :]
    return text


if __name__ == "__main__":
    import tempfile

    pages = [Path(name) for name in sys.argv[2:]] or PAGES
    for page in pages:
        with tempfile.TemporaryDirectory() as scratch:
            page.write_text(refreshed(page.read_text(), Path(scratch)))
