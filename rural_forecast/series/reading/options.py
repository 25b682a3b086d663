"""How a file is to be read, as a user may say it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, get_args

from rural_forecast.errors import UsageError
from rural_forecast.series.observation import Measure
from rural_forecast.series.reading.values import Notation

FORMATS = ("csv", "tsv", "json", "ndjson", "excel", "parquet")
MEASURES: tuple[str, ...] = get_args(Measure)
FUTURE = ("published", "history", "leave")
THOUSANDS = (",", ".", " ", "'")


class ReadOptions(NamedTuple):
    """What the file does not say of itself. None means 'recognise it', or that the file has none."""

    input_format: str | None = None
    """One of `FORMATS`; without it the suffix decides, and standard input is CSV."""
    encoding: str | None = None
    """Name of a text encoding; without it UTF-8, with or without a byte order mark."""
    period_column: str | None = None
    """Name of the column of periods; likewise of values and ids."""
    value_column: str | None = None
    id_column: str | None = None
    sheet: str | None = None
    """Name of a sheet; without it the only visible one that holds anything, or the one with rows we wrote."""
    range: str | None = None
    """Cells of a sheet, such as `B2:D9`, `B2` (from there on) or `B:D`."""
    decimal_comma: bool = False
    """Numbers are written 12,5."""
    thousands: str | None = None
    """One of `THOUSANDS`; a space means non-breaking spaces too."""
    allow_gaps: bool = False
    """Accept missing years. Nothing is filled."""
    series_id: str | None = None
    """Read this series alone; the values of others are not looked at."""
    unit: str | None = None
    """Unit of series whose file gives none."""
    where: tuple[str, ...] = ()
    """Conditions `COLUMN=VALUE` on the labels of the rows that are read."""
    as_of: date | None = None
    """Years that are not over by this day are published figures; without it every year may be history."""
    future_years: str | None = None
    """One of `FUTURE`: what the years that are not over are taken for."""
    measure: str | None = None
    """`flow`, `stock`, `rate`, `growth` or `price`, whatever the file says or its names look like."""


def check(options: ReadOptions) -> None:
    """Refuse options that contradict each other.

    Raises UsageError for an unknown name, or one sign for both the decimals and the thousands.
    """
    choices = {"input_format": FORMATS, "measure": MEASURES, "future_years": FUTURE, "thousands": THOUSANDS}
    for name, known in choices.items():
        given = getattr(options, name)
        if given is not None and given not in known:
            raise UsageError.of("unknown_choice", option_name=name, given=given, known=known)
    if options.thousands == ("," if options.decimal_comma else "."):
        raise UsageError.of("one_sign_for_two", sign=options.thousands)


def stated_notation(options: ReadOptions) -> Notation:
    """The signs within numbers, as the user states them."""
    return Notation(options.decimal_comma, options.thousands)


def given_options(options: ReadOptions) -> tuple[tuple[str, object], ...]:
    """The options that say how to find the series, a list as one entry a value."""
    stated = [(name, value) for name, value in options._asdict().items() if value and name != "as_of"]
    return tuple((name, entry) for name, value in stated for entry in (value if isinstance(value, tuple) else (value,)))
