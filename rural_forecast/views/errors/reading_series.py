"""The words of errors about the series of a table: which is meant, and what its values cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from rural_forecast.errors import option
from rural_forecast.text.cells import quoted, shown

TEXTS = {
    "rows_alike": (
        "{file} has {count} rows with these labels, at {places:quoted}",
        "Take out all but one, or add a column that distinguishes them.",
    ),
    "no_label": (
        "column {column:quoted} is empty where the label of a series must be",
        "Give every row its label.",
    ),
    "period_twice_in_header": (
        "{period} is in the header a second time; the first is at {first}",
        "Keep the columns of one measure, or write its name above each.",
    ),
    "several_sheets_of_years": (
        "{file} has several sheets: {sheets:quoted 12}, each with a table of years",
        "Choose one, such as {option sheet=sheet}.",
    ),
    "forecasts_alone": (
        "{table} holds forecasts only, and no actual values",
        "Make the file anew with {option history=True} to include actual values.",
    ),
    "row_without_values": ("the row of series {series:quoted} has no values", "Leave the row out."),
    "series_without_values": ("{table}: {series:quoted} has no values", "Choose another series."),
    "growth_alone": (
        "{file}: series {series:quoted} has no values, only growth",
        "Growth is evidence; give the values as well.",
    ),
    "too_many_values": (
        "series {series:quoted} has more than {most:,} values",
        "If a column distinguishes series, name it with {option id_column}.",
    ),
    "not_a_year": ("is not a year", "Leave the row out."),
    "other_span": ("the period spans several years, and other periods do not", "Leave it out."),
    "no_history": (
        "every period, such as {period:quoted}, is marked as a forecast, and none is history",
        "Choose another series, or write the periods without the mark.",
    ),
    "mixed_units": (
        "{number:quoted} is in another unit than the values before it",
        "Write all values of a series in one unit.",
    ),
    "lone_year": (
        "in series {series:quoted} {year} is alone, {later} years after {before}",
        (
            "Correct the year; or add {option future_years='published'} to take it as a published figure, or {option "
            "future_years='leave'} to leave it out."
        ),
    ),
    "begins_after_today": (
        "series {series:quoted} begins in {year}, far after today",
        (
            "Write years of the common era: 2562 of the Buddhist calendar is 2019. If the years are right, add "
            "{option future_years='history'}."
        ),
    ),
    "name_twice": (
        "In {table}, {columns:?{columns} columns are named {name:shown}|{name:shown} is there twice}",
        "Rename all but one of them.",
    ),
}
_MOST_SPELLED = 6
"""Years that are named one by one."""


def no_such_series(file: str, series: str, names: Sequence[str]) -> tuple[str, str]:
    """`names`: those of the series that are there."""
    return f"{file} has no series {shown(series)}", _meant(series, names)


def no_such_label(file: str, label: str, column: str, names: Sequence[str]) -> tuple[str, str]:
    """`names`: the labels of the column."""
    return f"{file} has no {shown(label)} in column {shown(column)}", _meant(label, names)


def _meant(wanted: str, names: Sequence[str]) -> str:
    """The names that hold a wanted one or are near it, or the first of them."""
    wanted = " ".join(wanted.split())
    names = list(dict.fromkeys(name for name in names if name))
    holding = [name for name in names if wanted.casefold() in name.casefold()]
    close = holding[:3] or get_close_matches(wanted, names, 1)
    return f"Did you mean {quoted(close)}?" if close else f"It has {quoted(names)}."


def name_in_columns(table: str, name: str, labels: Sequence[str], values: Sequence[str]) -> tuple[str, str]:
    """`labels`: columns that hold the name. `values`: columns of values that have it."""
    options = [option("where", [f"{column}={name}"]) for column in labels]
    options += [option("value_column", column) for column in values]
    return f"In {table}, {shown(name)} is in several columns", f"Choose one: {' or '.join(options)}."


def several_tables(file: str, places: Sequence[str], title: str | None, sheet: str) -> tuple[str, str]:
    """`title`: of the first table, where they have different ones. `sheet`: the name of their sheet."""
    hint = f"Choose a series by a label ({option('series_id')})."
    if title is not None:
        hint = f"Choose one, such as {option('where', [f'table={title}'])}."
    elif sheet:
        hint = f"Name one by its cells, such as {option('range', 'A10:H20')}."
    return f"{file} holds several tables, at {quoted(places)}", hint


_Varies = Sequence[tuple[str, Sequence[str], str]]
"""Columns whose labels vary: the name, the labels, and one of them."""


def several_series(file: str, count: int, varies: _Varies) -> tuple[str, str]:
    """`count`: number of series."""
    where = option("where", _conditions(varies))
    hint = f"Choose one with {where}, say."
    if len(varies) == 1:
        hint = f"Choose one with {option('series_id', varies[0][2])}, say, or with {where}."
    return f"{file} holds {count:,} series, and one is wanted; what varies: {_listed(varies)}", hint


def several_values(table: str, values: Sequence[str], varies: _Varies) -> tuple[str, str]:
    """`values`: columns of values, or measures."""
    problem = f"{table}: several columns could hold the value: {quoted(values, 20)}"
    hint = f"Choose one with {option('value_column', values[0])}"
    if varies:
        problem += f"; what varies: {_listed(varies)}"
        hint += f" {option('where', _conditions(varies))}"
    return problem, f"{hint}, say."


def _conditions(varies: _Varies) -> list[str]:
    return [f"{name}={label}" for name, _, label in varies]


def _listed(varies: _Varies) -> str:
    return "; ".join(f"{shown(name)} ({quoted(labels, 6)})" for name, labels, _ in varies)


def gap(series: str, before: int, after: int) -> tuple[str, str]:
    """`before`, `after`: the years around those that are missing."""
    missing = range(before + 1, after)
    names = ", ".join(map(str, missing)) if len(missing) <= _MOST_SPELLED else f"{missing[0]} to {missing[-1]}"
    are = "is" if len(missing) == 1 else "are"
    hint = f"Add the missing years, or use {option('allow_gaps', True)}: nothing is filled, only years after "
    problem = f"in series {shown(series)} the years jump from {before} to {after}; {names} {are} missing"
    return problem, f"{hint}the last gap count."
