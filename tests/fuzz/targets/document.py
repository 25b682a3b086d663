"""A document of hostile texts and numbers in every format."""

from __future__ import annotations

from rural_forecast.document.table import Cell, Column, Document, Remark, Table
from rural_forecast.render import formats
from tests.fuzz.choices import Choices, hostile
from tests.fuzz.promises import refusals
from tests.fuzz.targets.outputs import parses

_KINDS = ("text", "integer", "number", "percent", "year", "boolean")
SEEDS = [bytes((7 * i * i + 13 * i + salt) % 256 for i in range(400)) for salt in range(8)]


def table(choices: Choices) -> Table:
    """A table of up to four columns and four rows."""
    columns = tuple(
        Column(f"c{i}", hostile(choices), choices.one(_KINDS), sign=choices.chance(64))  # type: ignore[arg-type]
        for i in range(1 + choices.below(4))
    )
    rows = tuple(tuple(_cell(choices, column.kind) for column in columns) for _ in range(choices.below(5)))
    return Table(columns, rows, title=hostile(choices), caption=hostile(choices))


def _cell(choices: Choices, kind: str) -> Cell:
    if choices.chance(32):
        return None
    if kind == "text":
        return hostile(choices)
    if kind == "boolean":
        return choices.chance(128)
    if kind == "year":
        return 1 + choices.below(9999)
    number = choices.number()
    number = number if abs(number) < float("inf") else 0.0
    return int(number) if kind == "integer" and abs(number) < 1e17 else 0 if kind == "integer" else number


def test(data: bytes) -> None:
    """Render a document."""
    choices = Choices(data)
    width, unicode = choices.one((None, 20, 80, 200)), not choices.chance(64)
    told = Document(
        "test",
        table(choices),
        hostile(choices),
        hostile(choices),
        (hostile(choices),),
        (table(choices),),
        points=(hostile(choices),),
        after=(table(choices),),
        notes=tuple(Remark(hostile(choices), code="any") for _ in range(2)),
        series=({"id": hostile(choices), "title": hostile(choices)},),
        provenance={"options": {"title": hostile(choices)}},
    )
    for name in formats.FORMATS:
        with refusals():
            parses(formats.render(told, name, width=width, unicode=unicode), name)
