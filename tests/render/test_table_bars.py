"""Bars beside the rows of a table: their axis, and the room that long names leave."""

import pytest

from rural_forecast.document.table import Column, Document, Span, Table
from rural_forecast.render.table import axis_of, render


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [(21, 1569, (20, 2000)), (23, 4420, (20, 5000)), (8, 24_000, (5, 50_000))],
    ids=["a hundredfold", "up to five thousand", "three thousandfold"],
)
def test_a_logarithmic_axis_ends_close_to_what_is_drawn(
    low: float, high: float, ends: tuple[float, float]
) -> None:
    axis = axis_of([low, high])
    assert axis.logarithmic
    assert (axis.low, axis.high) == ends


def test_long_names_are_wrapped_to_leave_room_for_bars() -> None:
    name = "product of mining, quarrying, and oil and gas extraction, Mississippi"
    columns = (Column("name", "History"), Column("pace", "A year", "percent"))
    table = Table(columns, ((name, 7.0), ("fish", 9.0)), spans=(Span(7.0), Span(9.0)))
    document = Document("precedents", table, sections=(table,), brief="--explain")
    assert render(document, width=80).count("◆") == 2


def test_a_name_stays_on_one_line_while_bars_have_some_room() -> None:
    name = "Northwest Territories household electricity us"
    columns = (Column("name", "Series"), Column("pace", "A year", "percent"))
    table = Table(columns, ((name, 7.0), ("fish", 9.0)), spans=(Span(7.0), Span(9.0)))
    document = Document("growth", table, sections=(table,), brief="--explain")
    for width in (72, 80):
        lines = render(document, width=width).splitlines()
        assert sum("◆" in line for line in lines) == 2
        assert any(line.startswith(name) for line in lines)
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [80, 100, None], ids=["narrow", "wide", "not known"])
def test_a_table_of_sentences_is_a_paragraph_a_row(width: int | None) -> None:
    sentence = "a sentence that goes on for more than a column of a table can hold"
    columns = (Column("name", "Argument"), Column("counts", "Counts"), Column("why", "Rests on"))
    table = Table(columns, (("trend", sentence, sentence), ("drivers", "", sentence)))
    document = Document("triangulate", table, sections=(table,))
    lines = render(document, width=width).splitlines()
    assert max(map(len, lines)) <= (width or 100)
    assert [line.partition("  ")[0] for line in lines if line[:1] != " "] == ["trend", "drivers"]
    text = " ".join(" ".join(lines).split())
    assert text.count(sentence) == 3
    assert text.count("Counts") == 1
