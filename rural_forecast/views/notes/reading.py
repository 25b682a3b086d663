"""What a reader left out or read in a special way, in words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date

from rural_forecast.text.cells import shown
from rural_forecast.text.wording import advice, shortened
from rural_forecast.views.phrases import first

TEXTS = {
    "published_forecast": (
        "In {file}, {heads:quoted 20} {heads:is a published forecast|are published forecasts}: used to compare with, "
        "not as history."
    ),
    "total_row": (
        "In {file}, {names:quoted 20} {names:has the name of a sum of others, and is|have names of sums of others, and "
        "are} read as one more series."
    ),
    "read_as_rate": (
        "By name and unit, {names:quoted 5} {names:is a share of a whole and a rate that ends|are shares of a whole "
        "and rates that end} at {whole:g}[ (--measure flow overrules)]."
    ),
    "mistyped_year": "Left out of {file}: {items:listed 20}.",
    "sheets_of_years": (
        "The year of each row of {file} is the name of its sheet: {count} sheets, {sheets[0]:shown} to "
        "{sheets[1]:shown}."
    ),
    "encoding": "{file} is not in UTF-8 and was read as {encoding}[; --encoding overrides].",
    "unpacked": "{file} holds {files:the file|# files, and one with a table of years:} {inner:shown}.",
    "no_workbook": "{file} is a text and no workbook, whatever its name says.",
    "table_found": "The table was found at {where}.",
    "era_years": "In {file}, years are counted as those of an era: {text} is {year}.",
    "year_spans": (
        "In {file}, each period spans {years} years and is dated by the middle one, such as {middle}; the periods "
        "overlap, so their changes are smoothed."
    ),
    "starred": "In {file}, {heads:quoted} carry a star, whose meaning the table does not say: read as forecasts.",
    "notation": "In the numbers of {file}, {why}.",
    "missing": "{count:1 value|# values} of {file} {count:is|are} missing.",
    "flagged_breaks": (
        "{file} flags a break in the series in {years:spans}: the years before may be on another basis[ (--since)]."
    ),
    "negative": "{count:1 value|# values} of {file} {count:is|are} negative by brackets or a minus behind.",
    "empty_series": "Series of {file} without any value are left out: {names:quoted}.",
    "missing_by_flag": "{count:1 value|# values} of {file} {count:has|have} a flag for 'not available': missing.",
    "rows_without_year": "Rows of {file} whose period is no year are left out: {names:quoted}.",
}


def left_out(file: str, items: Sequence[str], counts: Sequence[str] = ()) -> str:
    """`items`: columns, sheets, keys and files; `counts`: how many rows and flags of each kind."""
    return f"Left out of {file}: {', '.join(filter(None, (first(items), *counts)))}."


def future_years(file: str, years: tuple[int, int], as_of: date, left: bool) -> str:
    """`years`: the first and the last; `left`: whether they are left out."""
    named = f"{years[0]} to {years[1]} are" if years[0] < years[1] else f"{years[0]} is"
    taken = (
        "left out"
        if left
        else f"read as published forecasts, not as history{advice(' (--future-years history overrules)')}"
    )
    return (
        f"In {file}, {named} not over by {as_of.year}: {taken}. Years before may hold estimates that are not marked"
        + advice("; --until YEAR leaves them out")
        + "."
    )


def split_years(file: str, year: int) -> str:
    return f"In {file}, a year that spans two is dated by the first: {year}/{(year + 1) % 100:02d} is {year}."


def whole_years(file: str, how: str) -> str:
    words = {"sum": "the sum of its parts", "mean": "the mean of its parts", "end": "its last part"}
    return f"In {file}, a year whose parts are all known is {words[how]}."


def open_year(parts: Sequence[str], source: str, options: Sequence[tuple[str, object]]) -> str:
    """`options`: name and value of those that were given to read the file, and the year."""
    are = "is a part" if len(parts) == 1 else "are parts"
    words = ["rural-forecast", "nowcast", source]
    for name, value in options:
        words.append("--series" if name == "series_id" else f"--{name.replace('_', '-')}")
        words += [] if value is True else [str(value)]
    see = advice(f"; see {shlex.join(words)}") or "."
    return f"{shortened(parts)} {are} of an incomplete year and not history{see}"


def marks(file: str, marks: Sequence[tuple[str, int]]) -> str:
    return f"Marks next to values of {file} are not used: {', '.join(f'{shown(m)} ({n:,})' for m, n in marks)}."
