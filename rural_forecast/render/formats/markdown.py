"""markdown: headings, GitHub tables and lists, readable as source too.

Nothing from data becomes markup.
"""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import combining, east_asian_width

from rural_forecast.document.table import Document, Table
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns, remaining_notes
from rural_forecast.render.formats import Format
from rural_forecast.text.cells import one_line
from rural_forecast.text.numbers import negatives

_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;"})
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
# An underscore within a word is no emphasis and stays, so that ids can be read and copied.
_MARKUP = re.compile(r"([\\`*\[\]|~$])|(?<![^\W_])(_)|(_)(?![^\W_])")
_BLOCK_START = re.compile(r"^(?:(#+|[-+=])|(\d{1,9})([.)]))(?=\s|[-=]*$)")


def _blocks(document: Document) -> Iterator[str]:
    if document.title:
        yield f"# {escape(document.title)}"
    about = " · ".join(filter(None, document.about))
    for sentence in (about, *document.summary):
        if sentence:
            yield _paragraph(sentence)
    for table in people_tables(document):
        if table.title:
            yield f"## {escape(table.title)}"
        yield _grid(table)
        if not table.rows:
            yield "No rows."
    if document.points:
        yield "\n".join(f"- {_paragraph(text)}" for text in document.points)
    if document.last:
        yield _paragraph(document.last)
    if notes := remaining_notes(document):
        yield "## Notes"
        yield "\n".join(f"- {_paragraph(str(note))}" for note in notes)


def _grid(table: Table) -> str:
    """Write a table with columns as wide as their cells, so that it reads as source too."""
    strong = [tone == "strong" for tone in table.row_tones]
    columns = [_column(column, strong) for column in read_columns(table)]
    return "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns, strict=True))


def _column(column: ReadColumn, strong: list[bool]) -> list[str]:
    """Write the lines of a column: the title, the rule below it, and a cell for each row."""
    texts = [escape(column.title)]
    for cell, bold in zip(column.cells, strong, strict=True):
        text = escape(" ".join(cell.split()))
        texts.append(f"**{text}**" if bold and text else text)

    widths = list(map(_width, texts))
    width = max(3, *widths)  # a rule has three signs at least
    padded = []
    for text, own_width in zip(texts, widths, strict=True):
        space = " " * (width - own_width)
        padded.append(space + text if column.right else text + space)
    rule = "-" * (width - 1) + ":" if column.right else "-" * width
    head, *cells = padded
    return [head, rule, *cells]


def _width(text: str) -> int:
    """Measure a text in columns of an editor: accents take none, Chinese characters two."""
    width = 0
    for sign in text:
        if not combining(sign):
            width += 2 if east_asian_width(sign) in "WF" else 1
    return width


def _paragraph(text: str) -> str:
    return _BLOCK_START.sub(r"\2\\\1\3", escape(negatives(text)))


def escape(text: str) -> str:
    """Escape a text, so that markdown shows it as it is."""
    html = _AMPERSAND.sub("&amp;", one_line(text)).translate(_ENTITIES)
    return _MARKUP.sub(lambda match: "\\" + match[0], html)


def _render(document: Document, **_: Any) -> str:
    return "\n\n".join(_blocks(document)) + "\n"


FORMATS = (
    Format(
        "markdown",
        order=6,
        suffixes=(".md", ".markdown"),
        renderers={"Document": _render},
        for_people=True,
        has_notes=True,
    ),
)
