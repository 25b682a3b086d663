"""The words of errors about the columns of a table: which holds what, and which a person names."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.errors import option
from rural_forecast.text.cells import quoted, shown

TEXTS = {
    "no_table_of_years": (
        "{file} holds no table of years",
        "A table has a row of years above figures, or a column of years next to them.",
    ),
    "header_alone": ("{table} has a header and no rows", "Write one row to each year below it."),
    "no_header": (
        "the first row, {cells:quoted}, has no names of columns",
        "Put a header above the rows, such as year,value.",
    ),
    "period_is_value": "{column:quoted} cannot be both the period and the value column",
    "columns_of_one_name": ("{file} has {count} columns named {column:quoted}", "Rename all but one of them."),
    "columns_of_texts": (
        "no column holds the value; {columns:quoted} {columns:holds|hold} texts",
        "Add a column of numbers, or point to it with {option value_column}.",
    ),
    "column_alone": (
        "there is one column, {columns:quoted}, and a period and a value are needed",
        "Write a header such as year,value, and one row to each year.",
    ),
    "column_changes": (
        "from here on column {column:quoted} holds something else than the {role} of the rows before",
        "Rename the column, or split the file there.",
    ),
    "no_numbers": ("{table}: no column holds numbers", "Name it with {option value_column}."),
    "no_condition": (
        "{option where} {condition:quoted} is not COLUMN=VALUE",
        "Write it as {option where=['Country=Kenya']}.",
    ),
    "no_column_of_labels": (
        "{file} has no column of labels {column:quoted} ({option where})",
        "Its columns are {names:quoted 20}.",
    ),
    "unclear_point": (
        "{table}: the point in numbers such as '{number}' may be the decimal mark or part the thousands",
        (
            "Add {option decimal_comma=True} and {option thousands='.'} if it parts the thousands, "
            "{option thousands=','} if it is the decimal mark."
        ),
    ),
}


def several_columns(role: str, columns: Sequence[str]) -> tuple[str, str]:
    """`columns`: their names."""
    hint = "Rename the others."
    if role in ("period", "value", "id"):
        hint = f"Choose one, such as {option(f'{role}_column', columns[0])}, or rename the others."
    return f"several columns could hold the {role}: {quoted(columns)}", hint


def no_such_column(file: str, column: str, asked: str, names: Sequence[str]) -> tuple[str, str]:
    """`asked`: the option that names it."""
    return f"{file} has no column {shown(column)} ({option(asked)})", f"Its columns are {quoted(names)}."


def no_column(role: str, columns: Sequence[str], odd: str, year: int | None, in_sheet: bool) -> tuple[str, str]:
    """`odd`: a column that most likely means a year. `in_sheet`: whether a range can name other cells."""
    hint = f"Name one '{'year' if role == 'period' else role}', or point to it with {option(f'{role}_column')}."
    if odd:
        hint = f"If the years run across, write each alone: {year} in place of {shown(odd)}."
    if in_sheet:
        hint += f" If the header is in another row, start there, such as with {option('range', 'A3')}."
    return f"no column holds the {role}; the columns are {quoted(columns)}", hint


def no_such_measure(file: str, measure: str, names: Sequence[str]) -> tuple[str, str]:
    """`names`: what the columns measure, where the years run across."""
    hint = f"It measures {quoted(names, 20)}."
    if not names:
        choices = f"{option('series_id')} or {option('where')}"
        hint = f"Its years run across, so a row is a series: choose one with {choices}."
    return f"{file} has no column {shown(measure)} ({option('value_column')})", hint
