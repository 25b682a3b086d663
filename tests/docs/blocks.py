"""The blocks of the documentation, in order. What each kind means:

- `console`: commands behind `$ ` and what they print on a terminal 100 columns wide.
- `sh`: commands alone, with nothing shown.
- `python`: run in one namespace a page; what it prints may stand in a `text` block right below it.
- `title="market.toml"` after the language: the block is that file for the blocks after it.
- `<!-- not run: reason -->` above a block: it needs what a test has not, and is checked without being run.

`poe regenerate` puts the real output into the pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))

_BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<unrun>[^\n]+?) -->\n+)?"
    r'^```(?P<kind>\w*)(?: title="(?P<title>[^"\n]+)")?\n(?P<text>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"^\$ (.*(?:\\\n.*)*)\n", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str
    text: str
    title: str
    """The file it is, where it is one."""
    unrun: str
    """Why it is not run; empty where it is."""
    line: int
    span: tuple[int, int]
    """Where its text stands in the page."""
    follows: str
    """What stands between the block before and this one."""


class Step(NamedTuple):
    """One command of a `console` block and the output below it."""

    command: str
    output: str
    span: tuple[int, int]
    """Where the output stands in the page."""


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page, in order."""
    end = 0
    for found in _BLOCK.finditer(page):
        yield Block(
            kind=found["kind"],
            text=found["text"],
            title=found["title"] or "",
            unrun=found["unrun"] or "",
            line=page.count("\n", 0, found.start("kind")) + 1,
            span=found.span("text"),
            follows=page[end : found.start()],
        )
        end = found.end()


def without_blocks(page: str) -> str:
    """The text of a page around its blocks."""
    return _BLOCK.sub("", page)


def steps(page: str) -> Iterator[Step]:
    """The commands of a page's `console` blocks, in order."""
    for block in blocks(page):
        if block.kind == "console":
            yield from commands(block)


def commands(block: Block) -> Iterator[Step]:
    """The commands of one `console` block."""
    found = list(_COMMAND.finditer(block.text))
    for place, command in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(block.text)
        start = command.end()
        yield Step(command[1], block.text[start:end], (block.span[0] + start, block.span[0] + end))
