"""Markdown that the generated pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BY_HAND = "<!-- Written by `uv run poe regenerate` from the code; do not edit by hand. -->\n\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty columns are left out."""
    cells = [tuple(_cell(cell) for cell in row) for row in rows]
    kept = [column for column in range(len(heads)) if any(row[column] for row in cells)]
    lines = [tuple(heads), ("---",) * len(heads), *cells]
    return "".join("| " + " | ".join(line[column] for column in kept) + " |\n" for line in lines)


def code(text: str) -> str:
    """Text as code, in a table too."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
