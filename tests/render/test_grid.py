"""How a table is split on a narrow terminal: every part names its rows, and explanations stay with their values."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.render.columns import read_columns
from rural_forecast.render.formats import render
from rural_forecast.render.table import blocks

WIDTHS = (40, 60, 80, 100, 120)


def by_model_and_year(models: int, years: int, levels: int) -> Table:
    columns = (
        Column("series_id", "Series"),
        Column("period", "Year", "year"),
        Column("kind", ""),
        Column("model", "Model"),
        *(Column(f"v{place}", f"Level {place}", "number") for place in range(levels)),
    )
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
        names = [column for column in part.columns if not column.measured]
        rows = list(zip(*(column.cells for column in names), strict=True))
        assert len(set(rows)) == models * years
    shown = [column.title for part in parts for column in part.columns if column.measured]
    assert shown == [f"Level {place}" for place in range(levels)]


def test_two_models_of_one_year_keep_their_names_beside_each_number() -> None:
    document = Document("project", by_model_and_year(2, 2, 9))
    text = render(document, "table", width=60)
    assert isinstance(text, str)
    numbers = [line for line in text.splitlines() if re.search(r"\d\.\d", line)]
    assert len(numbers) > 4
    assert all("model_" in line and re.search(r"\b202[01]\b", line) for line in numbers)


def test_a_column_that_adds_nothing_to_the_name_is_not_repeated() -> None:
    *_, last = blocks(read_columns(by_model_and_year(2, 2, 9)), 60)
    assert [column.title for column in last.columns][:2] == ["Year", "Model"]


@pytest.mark.parametrize("width", range(24, 100))
def test_a_column_that_explains_the_one_before_it_stays_with_it(width: int) -> None:
    columns = (
        Column("model", "Model"),
        *(
            column
            for place in range(5)
            for column in (
                Column(f"error_{place}", f"Error {place}", "number"),
                Column(f"n_{place}", "of", "integer", follows=True),
                Column(f"mark_{place}", ""),
            )
        ),
    )
    table = Table(columns, (("naive", *(12.5, 7, "~") * 5),))
    for part in blocks(read_columns(table), width):
        titles = [column.title for column in part.columns]
        assert titles[0] == "Model"
        assert len(titles) % 3 == 1
        assert all(
            titles[at].startswith("Error") and titles[at + 1 : at + 3] == ["of", ""] for at in range(1, len(titles), 3)
        )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_label_is_in_every_part_wherever_it_is(width: int) -> None:
    columns = (
        Column("item", "Driver"),
        *(Column(f"v{place}", f"Value {place}", "number") for place in range(9)),
        Column("unit", "Unit", label=True),
    )
    table = Table(columns, (("users", *range(9), "persons"), ("income", *range(9), "CNY")))
    for part in blocks(read_columns(table), width):
        titles = [column.title for column in part.columns]
        assert titles[0] == "Driver"
        assert titles[-1] == "Unit"
