"""The pages of the reference that follow from the code.

The output below the commands on them is written by `regenerate.py`, as on all pages.
"""

from __future__ import annotations

import re

from docs.generator import commands, input_files, tables_of_code
from docs.generator.mirror import DOCS

_OUTPUT = re.compile(r"^(```console\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)


def pages() -> dict[str, str]:
    """Every generated file by its place under `docs/`."""
    return {**commands.pages(), **input_files.pages(), **tables_of_code.pages()}


def without_output(page: str) -> str:
    """A page with its commands alone."""

    def typed(block: re.Match[str]) -> str:
        return (
            block[1]
            + "".join(line for line in block[2].splitlines(True) if line.startswith("$ "))
            + block[3]
        )

    return _OUTPUT.sub(typed, page)


def with_output(page: str, before: str) -> str:
    """A page with the output that the same commands had on the page before."""
    known = {without_output(block[0]): block[0] for block in _OUTPUT.finditer(before)}
    return _OUTPUT.sub(lambda block: known.get(without_output(block[0]), block[0]), page)


def stale() -> list[str]:
    """Generated files that are not as the code says, and files that nothing generates any more."""
    outdated = []
    wanted = pages()
    for path, text in wanted.items():
        file = DOCS / path
        if not file.is_file() or without_output(file.read_text(encoding="utf-8")) != without_output(
            text
        ):
            outdated.append(path)
    there = (*DOCS.glob("reference/commands/*"), *DOCS.glob("reference/schemas/*"))
    return outdated + [
        file.relative_to(DOCS).as_posix()
        for file in there
        if file.relative_to(DOCS).as_posix() not in wanted
    ]


def write() -> None:
    """Write what is stale, and remove what nothing generates any more."""
    written = pages()
    for place in stale():
        file = DOCS / place
        if place in written:
            before = file.read_text(encoding="utf-8") if file.is_file() else ""
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(with_output(written[place], before), encoding="utf-8")
        else:
            file.unlink()
