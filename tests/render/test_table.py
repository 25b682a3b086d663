"""What a person reads on a terminal: within its width, without escapes nobody asked for, nothing lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.render.columns import read_columns
from rural_forecast.render.formats import render
from rural_forecast.render.table import blocks
from rural_forecast.render.wrapping import MEASURE
from tests.render.documents import ALL, CHINESE, FOUNDING, documents

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def page(document: Document, **options: object) -> str:
    rendered = render(document, "table", **options)  # type: ignore[arg-type]
    assert isinstance(rendered, str)
    return rendered


@given(documents(), st.integers(20, 150))
def test_a_page_of_any_data_fits_obeys_nothing_and_loses_nothing(document: Document, width: int) -> None:
    """Whatever the whole page shows, the folded one shows too (headings and first columns may repeat)."""
    whole, folded = page(document), page(document, width=width)
    assert max(map(cell_len, folded.split("\n"))) <= width
    assert not CONTROLS.search(whole + folded)
    assert re.sub("\x1b\\[[0-9;]*m", "", page(document, width=width, color=True)) == folded
    assert page(document, width=width, unicode=False).isascii()
    shown, kept = (re.sub(r"[\s─]", "", text) for text in (whole, folded))
    assert all(kept.count(sign) >= shown.count(sign) for sign in set(shown))


@pytest.mark.parametrize("document", ALL.values(), ids=ALL.keys())
def test_without_a_width_no_row_is_wrapped(document: Document) -> None:
    rendered = page(document)
    assert "…" not in rendered.replace("5 …", "")
    assert sum(line.startswith(("note: ", "warning: ")) for line in rendered.split("\n")) == len(document.notes)
    assert all(line == line.rstrip() for line in rendered.split("\n"))


def test_wide_characters_keep_columns_in_line_and_empty_columns_take_no_room() -> None:
    lines = page(CHINESE).split("\n")
    rows = [line for line in lines if re.search(r" (2016|2017|2018) ", line)]
    assert len(rows) == 3
    assert len({cell_len(re.split(r"201[678]", row)[0]) for row in rows}) == 1
    columns = (Column("year", "Year", "year"), Column("mark"), Column("value", "Value", "number"))
    empty = Table(columns, ((2016, "", 180.0),))
    shown = page(Document("test", Table((), ()), sections=(empty,)))
    assert shown.splitlines()[-1] == "2016    180"


def test_a_page_has_a_readable_measure_and_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document("test", Table((), ()), summary=("word " * 100,))
    assert max(map(len, page(document, width=200).split("\n"))) <= MEASURE
    before = page(FOUNDING, width=90, color=True)
    for name, value in {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "33", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert page(FOUNDING, width=90, color=True) == before


WIDTHS = (40, 60, 80, 100, 120)


def by_model_and_year(models: int, years: int, levels: int) -> Table:
    names = (
        Column("series_id", "Series"),
        Column("period", "Year", "year"),
        Column("kind", ""),
        Column("model", "Model"),
    )
    columns = (*names, *(Column(f"v{place}", f"Level {place}", "number") for place in range(levels)))
    rows = tuple(
        ("market", 2020 + year, "forecast", f"model_{model}", *(1000.5 * model + year + at for at in range(levels)))
        for model in range(models)
        for year in range(years)
    )
    return Table(columns, rows)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 12), st.sampled_from(WIDTHS))
def test_the_rows_of_every_part_are_told_apart(models: int, years: int, levels: int, width: int) -> None:
    columns = read_columns(by_model_and_year(models, years, levels))
    parts = list(blocks(columns, width))
    for part in parts:
        names = [column.cells for column in part.columns if not column.measured]
        assert len(set(zip(*names, strict=True))) == models * years
    shown = [column.title for part in parts for column in part.columns if column.measured]
    assert shown == [f"Level {place}" for place in range(levels)]


@pytest.mark.parametrize("width", range(24, 100))
def test_a_mark_stays_with_the_value_before_it(width: int) -> None:
    pairs = ((Column(f"error_{at}", f"Error {at}", "number"), Column(f"mark_{at}")) for at in range(5))
    columns = (Column("model", "Model"), *(column for pair in pairs for column in pair))
    table = Table(columns, (("naive", *(12.5, "~") * 5),))
    for part in blocks(read_columns(table), width):
        first, *titles = (column.title for column in part.columns)
        assert first == "Model"
        assert all(titles[0::2])
        assert not any(titles[1::2])
