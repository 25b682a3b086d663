"""markdown: headings, GitHub tables and lists, readable as source too; nothing from data becomes
markup.
"""

import re
from collections.abc import Iterator
from unicodedata import combining, east_asian_width

from rural_forecast.document.table import Document
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns, remaining_notes
from rural_forecast.render.formats import Format
from rural_forecast.text.cells import one_line
from rural_forecast.text.numbers import negatives

_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;"})
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
# an underscore within a word is no emphasis and stays, so that ids can be read and copied
_MARKUP = re.compile(r"([\\`*\[\]|~$])|(?<![^\W_])(_)|(_)(?![^\W_])")
_BLOCK_START = re.compile(r"^(?:(#+|[-+=])|(\d{1,9})([.)]))(?=\s|[-=]*$)")


def _blocks(document: Document) -> Iterator[str]:
    if document.title:
        yield f"# {escape(document.title)}"
    yield from (
        _paragraph(sentence)
        for sentence in (" · ".join(filter(None, document.about)), *document.summary)
        if sentence
    )
    for table in people_tables(document):
        if table.title:
            yield f"## {escape(table.title)}"
        strong = [tone == "strong" for tone in table.row_tones]
        lines = zip(*(_column(column, strong) for column in read_columns(table)), strict=True)
        yield "\n".join(f"| {' | '.join(line)} |" for line in lines)
        if not table.rows:
            yield "No rows."
    if document.points:
        yield "\n".join(f"- {_paragraph(text)}" for text in document.points)
    if document.last:
        yield _paragraph(document.last)
    if notes := remaining_notes(document):
        yield "## Notes"
        yield "\n".join(f"- {_paragraph(str(note))}" for note in notes)


def _column(column: ReadColumn, strong: list[bool]) -> list[str]:
    cells = [escape(" ".join(cell.split())) for cell in column.cells]
    cells = [
        f"**{cell}**" if bold and cell else cell for cell, bold in zip(cells, strong, strict=True)
    ]
    texts = [escape(column.title), *cells]
    wide = [
        sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)
        for text in texts
    ]
    width = max(3, *wide)
    spaces = [" " * (width - each) for each in wide]
    padded = [
        space + text if column.right else text + space
        for text, space in zip(texts, spaces, strict=True)
    ]
    rule = "-" * (width - 1) + ":" if column.right else "-" * width
    return [padded[0], rule, *padded[1:]]


def _paragraph(text: str) -> str:
    return _BLOCK_START.sub(r"\2\\\1\3", escape(negatives(text)))


def escape(text: str) -> str:
    """Text that markdown shows as it is."""
    html = _AMPERSAND.sub("&amp;", one_line(text)).translate(_ENTITIES)
    return _MARKUP.sub(lambda match: "\\" + match[0], html)


FORMATS = (
    Format(
        "markdown",
        6,
        (".md", ".markdown"),
        {"Document": lambda document, **_: "\n\n".join(_blocks(document)) + "\n"},
        for_people=True,
        has_notes=True,
    ),
)
