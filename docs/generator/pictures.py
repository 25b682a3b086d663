"""Draws the pictures of the gallery anew, by the command above each.

A picture below an `sh` block is the file of that name that the block writes; `terminal-*.svg` is
the terminal on which the block runs; `page*.png` is the page that the block writes, in a browser.
Needs chromium and a Chinese font.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from docs.generator.mirror import DOCS
from docs.generator.terminal_svg import drawn
from tests.docs.running import COLUMNS, Block, blocks, terminal

GALLERY = DOCS / "gallery.md"
IMAGES = DOCS / "images"
VIEWS = {
    "page": ("light", 1080, 1180),
    "page-dark": ("dark", 1080, 1180),
    "page-phone": ("light", 390, 1000),
    "notebook": ("light", 860, 630),
}
NOTEBOOK = DOCS / "how-to" / "notebooks.md"
"""The page whose first block ends with a result, which a notebook shows."""
CELL = (
    '<!doctype html><meta charset="utf-8"><body style="font: 13px Helvetica, Arial; margin: 16px">'
)

_BELOW = re.compile(r"\n*((?:!?\[[^\]]*\]\(images/[^)]+\)\s*)+)")
_FILE = re.compile(r"\(images/([^)]+)\)")


class Shown(NamedTuple):
    """A block of commands and the files below it."""

    block: Block
    names: tuple[str, ...]


def shown() -> Iterator[Shown]:
    """The blocks of the gallery that have pictures."""
    text = GALLERY.read_text(encoding="utf-8")
    for block in blocks(text):
        below = _BELOW.match(text, block.span[1] + len("```"))
        if block.kind == "sh" and below:
            yield Shown(block, tuple(_FILE.findall(below[1])))


def made(one: Shown, folder: Path) -> dict[str, bytes]:
    """The files below a block, made anew; those in a browser excepted."""
    commands = one.block.text.strip()
    if one.names[0].startswith("terminal-"):
        output, _ = terminal(f"{commands} 2>/dev/null", folder, colour=True)  # without the spinner
        return {
            name: drawn(commands, output, COLUMNS, dark="light" not in name).encode()
            for name in one.names
        }
    _, code = terminal(f"set -e\n{commands}", folder)
    assert code == 0, commands
    return {
        name: (folder / name).read_bytes() for name in one.names if Path(name).stem not in VIEWS
    }


def draw() -> None:
    """Draw them all."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for one in shown():
            for name, content in made(one, folder).items():
                (IMAGES / name).write_bytes(content)
            for name in one.names:
                if Path(name).stem in VIEWS:
                    [page] = folder.glob("*.html")
                    _photograph(page, IMAGES / name)
        cell = folder / "notebook.htm"
        cell.write_text(f"{CELL}{notebook()}", encoding="utf-8")
        _photograph(cell, IMAGES / "notebook.png")


def notebook() -> str:
    """Render the output of the first block of the page on notebooks."""
    names: dict[str, Any] = {}
    exec(next(blocks(NOTEBOOK.read_text(encoding="utf-8"))).text, names)  # noqa: S102 - our own page
    return str(names["found"]._repr_html_())


def _photograph(page: Path, picture: Path) -> None:
    from playwright.sync_api import sync_playwright

    scheme, width, height = VIEWS[picture.stem]
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=switches
        )
        tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        tab.goto(page.as_uri())
        tab.screenshot(path=picture)
        browser.close()
