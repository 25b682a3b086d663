"""Markdown that GitHub shows as it was meant, and that cannot be turned into markup by data."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.document.table import Document
from rural_forecast.render.formats import render
from rural_forecast.render.formats.markdown import escape
from tests.render.documents import FOUNDING, remarks
from tests.render.strategies import documents


def text_of(document: Document) -> str:
    rendered = render(document, "markdown")
    assert isinstance(rendered, str)
    return rendered


@given(documents())
def test_every_line_of_a_table_has_the_same_cells(document: Document) -> None:
    lines = [line for line in text_of(document).split("\n") if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
    assert len(lines) == 2 + len(document.records.rows)


@given(st.text())
def test_no_html_comes_through(text: str) -> None:
    assert "<" not in escape(text)
    assert "\n" not in escape(text)


def test_ids_stay_readable_and_entities_are_text() -> None:
    assert escape("rural_online_retail") == "rural_online_retail"
    assert escape("R&D &lt; _x_") == r"R&D &amp;lt; \_x\_"


def test_negative_numbers_of_sentences_have_the_sign_of_the_tables() -> None:
    note = "between -10.7 and +2 % by 2017-03-01; see --basis"
    assert "- between −10.7 and +2 % by 2017-03-01; see --basis\n" in text_of(FOUNDING._replace(notes=remarks(note)))
