"""The words of errors about the cells of a table: what is wrong is said behind the column and the cell."""

from __future__ import annotations

from rural_forecast.errors import Place, Problem, option
from rural_forecast.series.period import Period
from rural_forecast.text.cells import label, shown

_STATUSES = "Write actual, preliminary, estimate, forecast (a published forecast), expert or target (a plan)"

TEXTS = {
    "nested_text": ("is a list or an object where a text must be", "Write a text."),
    "not_a_qualifier": (
        "is not a qualifier",
        "Write = (or nothing), ~ for rounded, > for a floor or < for an upper figure.",
    ),
    "not_a_date": ("is not a date", "Write it as 2017-08-31, 2017-08 or 2017."),
    "range_of_no_forecast": ("is part of a range, and the row is no forecast", f"{_STATUSES}."),
    "range_in_part": ("is only a part of a range", "Give low and high, or neither."),
    "range_without_value": ("to {upper:g} is no range around {median:g}", "The value is the median."),
    "not_a_level": ("is no level", "Write whole percents from 30 to 99, such as 80."),
    "neither_yes_nor_no": ("is neither yes nor no", "Write yes, or leave the cell empty."),
    "not_a_kind_of_row": ("is not a kind of row", "Kinds are {kinds:joined}."),
    "empty_id": ("is empty where the id of a series must be", "Give every row the id of its series."),
    "differs_within_series": (
        "differs from {known:quoted} in the rows before of series {series:quoted}",
        "One series has one {role}; give the other rows an id of their own.",
    ),
    "unknown_market_kind": (
        "is no kind that changes a forecast",
        "There is a forecast for {kinds:joined}; leave the cell empty for all other markets.",
    ),
    "contradicts_status": (
        "contradicts the status {status:quoted} of its row",
        "Correct the status, or take the mark away.",
    ),
}


def cell(column: str | int, value: object, cause: Problem) -> tuple[str, str]:
    """`column`: its name, or its number from 1 where it has none. `cause`: what is wrong with the cell."""
    named = f"column {column if isinstance(column, int) else shown(column)}"
    return f"{named}: {shown(value)} {cause.problem}" if label(value) else f"{named} {cause.problem}", cause.hint


def not_a_status(of_kind: bool) -> tuple[str, str]:
    """`of_kind`: whether the column is named `kind`, which may say something else."""
    other = "; or rename the column where it says something else" if of_kind else ""
    return "is not a status", f"{_STATUSES}{other}."


def second_date(period: Period, series: str | None, first: Place) -> tuple[str, str]:
    """`first`: the place of the value of another date. `series`: where there are several."""
    hint = "Sum the values to one a year, or write the dates as periods: 2017Q1, 2017M03."
    return f"is the value of a second date of {period}{_within(series)}; the first is at {first}", hint


def second_value(period: Period, series: str | None, first: Place, source: str, spare: str) -> tuple[str, str]:
    """`source`: of both. `spare`: the name of a column that may tell series apart."""
    which = f"{period}{_within(series)}" + (f" from source {shown(source)}" if source else "")
    hint = "two values of a period need different sources, in a column named 'source'"
    if spare:
        hint = f"or, if a column tells series apart, name it: {option('id_column', spare)}"
    return f"is a second value of {which}; the first is at {first}", f"Remove one of them; {hint}."


def _within(series: str | None) -> str:
    return "" if series is None else f" in series {shown(series)}"
