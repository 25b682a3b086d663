"""What a reader left out or read in a special way, in words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date

from rural_forecast.series.reading.grid import listed, shown
from rural_forecast.text.wording import advice, counted, shortened, spans

MOST_SHARES = 5
"""Series that the note on shares names."""
MOST_NAMED = 20
"""Columns, marks and series that one note names."""


def _some(items: Sequence[str]) -> str:
    """The first items, and how many more there are."""
    more = [f"and {len(items) - MOST_NAMED:,} more"] if len(items) > MOST_NAMED else []
    return ", ".join([*items[:MOST_NAMED], *more])


def left_out(file: str, items: Sequence[str], counts: Sequence[str] = ()) -> str:
    """`items`: columns, sheets, keys and files; `counts`: how many rows and flags of each kind."""
    return f"Left out of {file}: {', '.join(filter(None, (_some(items), *counts)))}."


def mistyped_year(file: str, items: Sequence[str]) -> str:
    return left_out(file, items)


def published_forecast(file: str, heads: Sequence[str]) -> str:
    are = "is a published forecast" if len(heads) == 1 else "are published forecasts"
    return f"In {file}, {listed(heads, MOST_NAMED)} {are}: used to compare with, not as history."


def total_row(file: str, names: Sequence[str]) -> str:
    are = "is" if len(names) == 1 else "are"
    return (
        f"In {file}, the series {listed(names, MOST_NAMED)} {are} about the sum of the others, and read as one more "
        "series."
    )


def read_as_rate(names: Sequence[str], whole: float) -> str:
    are = (
        "is a share of a whole and a rate that ends" if len(names) == 1 else "are shares of a whole and rates that end"
    )
    return f"By name and unit, {listed(names, MOST_SHARES)} {are} at {whole:g}{advice(' (--measure flow overrules)')}."


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


def encoding(file: str, encoding: str) -> str:
    return f"{file} is not in UTF-8 and was read as {encoding}{advice('; --encoding overrules')}."


def unpacked(file: str, inner: str, files: int) -> str:
    which = "the file" if files == 1 else f"{files} files, and one with a table of years:"
    return f"{file} holds {which} {shown(inner)}."


def sheets_of_years(file: str, sheets: tuple[str, str], count: int) -> str:
    first, last = map(shown, sheets)
    return f"The year of each row of {file} is the name of its sheet: {count} sheets, {first} to {last}."


def no_workbook(file: str) -> str:
    return f"{file} is a text and no workbook, whatever its name says."


def table_found(where: str) -> str:
    return f"The table was found at {where}."


def split_years(file: str, year: int) -> str:
    return f"In {file}, a year that spans two is dated by the first: {year}/{(year + 1) % 100:02d} is {year}."


def era_years(file: str, text: str, year: int) -> str:
    return f"In {file}, years are counted as those of an era: {text} is {year}."


def year_spans(file: str, years: int, middle: int) -> str:
    return (
        f"In {file}, each period spans {years} years and is dated by the middle one, such as {middle}; the periods "
        "overlap, so their changes are smoothed."
    )


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


def starred(file: str, heads: Sequence[str]) -> str:
    return f"In {file}, {listed(heads)} carry a star, whose meaning the table does not say: read as forecasts."


def notation(file: str, why: str) -> str:
    return f"In the numbers of {file}, {why}."


def missing(file: str, count: int) -> str:
    return f"{counted(count, 'value')} of {file} {'is' if count == 1 else 'are'} missing."


def marks(file: str, marks: Sequence[tuple[str, int]]) -> str:
    return f"Marks next to values of {file} are not used: {', '.join(f'{shown(m)} ({n:,})' for m, n in marks)}."


def flagged_breaks(file: str, years: Sequence[int]) -> str:
    since = advice(" (--since)")
    return f"{file} flags a break in the series in {spans(years)}: the years before may be on another basis{since}."


def negative(file: str, count: int) -> str:
    are = "is" if count == 1 else "are"
    return f"{counted(count, 'value')} of {file} {are} negative by brackets or a minus behind."


def empty_series(file: str, names: Sequence[str]) -> str:
    return f"Series of {file} without any value are left out: {listed(names)}."


def missing_by_flag(file: str, count: int) -> str:
    have = "has" if count == 1 else "have"
    return f"{counted(count, 'value')} of {file} {have} a flag for 'not available': missing."


def rows_without_year(file: str, names: Sequence[str]) -> str:
    return f"Rows of {file} whose period is no year are left out: {listed(names)}."
