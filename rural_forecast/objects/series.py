"""A series of whatever a person has: a file, an id of the catalogue, a frame, or values with their
years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from inspect import unwrap
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

from rural_forecast.api import ArgumentError, checked, warn_of
from rural_forecast.errors import InputError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading.account import Noted
from rural_forecast.observed.reading.asking import ChoiceNeededError
from rural_forecast.observed.shares import measured
from rural_forecast.observed.stated_breaks import with_breaks
from rural_forecast.question.source import Source
from rural_forecast.question.source import read as read_source
from rural_forecast.system.addresses import ruled

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame, IntoSeries
    from numpy.typing import NDArray

    from rural_forecast.observed.reading import ReadOptions

    SeriesLike: TypeAlias = (
        Series
        | str
        | PathLike[str]
        | Mapping[int, float]
        | Sequence[tuple[int, float]]
        | Sequence[Mapping[str, object]]
        | IntoSeries
        | IntoDataFrame
    )
    """Data that `series` takes without a `start`, and every function in place of a series."""
    Values: TypeAlias = SeriesLike | Sequence[float] | NDArray[Any]


_UNNAMED = ("value", "the data", "the frame")  # names that a reader gives what has none


_OF_READING = (
    "series_id",
    "where",
    "period_column",
    "value_column",
    "id_column",
    "sheet",
    "decimal",
    "encoding",
    "actuals_until",
)
"""Arguments of `series` that functions which take a series do not have."""


@checked
def series(
    data: Values,
    *,
    id: str = "",  # noqa: A002 - the name of the field
    title: str = "",
    unit: str = "",
    start: int | None = None,
    series_id: str | None = None,
    where: Sequence[str] = (),
    period_column: str | None = None,
    value_column: str | None = None,
    id_column: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    measure: str | None = None,
    breaks: Sequence[int] = (),
    actuals_until: int | None = None,
    allow_gaps: bool = False,
    as_of: date | None = None,
    refresh: bool = False,
    offline: bool = False,
) -> Series:
    """Make a series of a file, an address, an id of the catalogue, a frame, or values with their
    years.

    A `DoubtfulDataWarning` says what was left out or taken for something else.

    Parameters
    ----------
    data : path, address or id; frame of pandas, polars or pyarrow, its years in a column, in the
        index, or across; pandas Series with years, dates or periods in its index; dict of values by
        year; pairs of year and value; rows as dicts; or values alone, with `start`
    id, title, unit : name, heading and unit, in place of what the data say
    start : year of the first value, where the data are values alone
    series_id : the series to read, by any unambiguous part of its label
    where : conditions `COLUMN=VALUE` on the labels of the rows that are read
    period_column, value_column, id_column : names of columns that are not recognised
    sheet : name of a sheet, its cells, or both: `Data`, `A3:D20`, `Data!B2`
    encoding, decimal : of a text, and the decimal mark; the other sign parts the thousands
    measure : `flow`, `stock`, `rate`, `growth` or `price`, whatever the names look like
    breaks : first years on a new basis, beside those that the data state
    actuals_until : the last year of history; later values are published figures
    allow_gaps : true accepts missing years; nothing is filled
    as_of : years that are not over by this day are published figures; today if left out
    refresh : fetch an address anew; without it once a day
    offline : use the copy of an address that is kept, however old

    Raises
    ------
    InputError : the data are refused; the message names the row, line or cell
    UsageError : the catalogue has no such series, or an option does not fit
    TypeError : no series can be made of such data

    >>> series({2014: 180, 2015: 353, 2016: 482}, id="sales", unit="bn CNY")
    <Series sales: 2014 to 2016, bn CNY>
    >>> series([180, 353, 482], start=2014).id
    'series'
    """
    from rural_forecast.observed.reading import ReadOptions

    options = ReadOptions(
        encoding=encoding,
        period_column=period_column,
        value_column=value_column,
        id_column=id_column,
        sheet=sheet,
        decimal=decimal,
        allow_gaps=allow_gaps,
        series_id=series_id,
        unit=unit or None,
        where=cast("tuple[str, ...]", where) if isinstance(where, str) else tuple(where),
        as_of=as_of,
        actuals_until=actuals_until,
        measure=measure,
    ).dated()
    if refresh and offline:
        raise ArgumentError("refresh contradicts offline.")
    if isinstance(data, Series):
        if start is not None:
            raise ArgumentError("start is for values alone, and a series has its own years.")
        read = data
    elif isinstance(data, str | PathLike):
        if start is not None:
            raise ArgumentError("start is for values alone, and a file has its own years.")
        named = data if isinstance(data, str) else Path(data)
        source = Source.parse(named)
        if (refresh or offline) and not source.is_address:
            raise ArgumentError("refresh and offline are for addresses.")
        stated = refresh or offline
        with ruled(refresh=refresh, offline=offline) if stated else nullcontext():
            read = source.read(options)
    else:
        read = _in_memory(data, start, options)
        if sheet is not None:
            raise ArgumentError("sheet is for files, and the data are in memory.")
        if refresh or offline:
            raise ArgumentError("refresh and offline are for addresses.")
        id = id or _name_of(data) or ("series" if read.id in _UNNAMED else read.id)  # noqa: A001 - a field
    if id or title or unit:
        read = replace(read, id=id or read.id, title=title or read.title, unit=unit or read.unit)
    if read is not data:
        read = _named_share(read, measure)
        warn_of(read.reading_notes)
    return with_breaks(read, breaks)


def _named_share(read: Series, measure: str | None) -> Series:
    """Read a series as a share where the name or unit that a person gives it says so."""
    if measure is not None or read.measure != "flow":
        return read
    named, whole = measured(read, stated=False, fractions=False, asked=None)
    if whole is None:
        return named
    noted = Noted(named.file or "the data")
    noted.name("read_as_rate", named.id, detail=f"{whole:g}")
    return replace(named, reading_notes=(*named.reading_notes, *noted.notes()))


def read(source: str | Path, options: ReadOptions | None = None) -> Series:
    """Read one series: a file, `FILE::SERIES`, '-' for standard input, or an id or alias of the
    catalogue.

    Years of a file that are not over by `options.as_of`, today if left out, are published figures.
    A `DoubtfulDataWarning` says what was left out or taken for something else.

    Parameters
    ----------
    source : the path, address, id or alias
    options : how a file is read, `ReadOptions`

    Raises
    ------
    UsageError : the catalogue has no such series, or an extra is missing
    InputError : the file was not found or is refused; the message names the line or cell
    TypeError : it is neither text nor a path

    >>> series = read("rural_online_shopping_turnover")
    >>> series.unit
    'bn CNY'
    """
    with calls_of_series(source):
        read_series = read_source(source, options)
    warn_of(read_series.reading_notes)
    return read_series


def _name_of(data: object) -> str:
    """The name of a Series of pandas or polars; empty for other data."""
    name = getattr(data, "name", None)
    return str(name) if isinstance(name, str | int) else ""


def as_series(data: Values, start: int | None = None) -> Series:
    """A series of what a function was given in place of one; `start` is the year of the first of
    values alone.
    """
    if isinstance(data, Series) and start is None:
        return data
    # As `series` is called, but for the hint, which is changed before anybody sees it.
    read: Callable[..., Series] = unwrap(series)
    with calls_of_series(data):
        return read(data, start=start)


@contextmanager
def calls_of_series(data: object) -> Iterator[None]:
    """Let hints of errors within the block advise calls of `series` about some data."""
    try:
        yield
    except InputError as error:
        if error.hint:
            error.hint = _by_series(error, data)
        raise


def _by_series(error: InputError, data: object) -> str:
    """Word a hint for a call that takes a series: arguments of reading are those of `series`."""
    named = [name for name in _OF_READING if f"{name}=" in error.hint]
    if not named:
        return error.hint
    about = repr(str(data)) if isinstance(data, str | PathLike) else "data"
    if isinstance(error, ChoiceNeededError):
        call = f"series({', '.join([about, *error.options])})"
        return error.hint.replace(" ".join(error.options), call)
    return f"{error.hint} They are arguments of series({about}, ...)."


def _in_memory(data: Any, start: int | None, options: ReadOptions) -> Series:
    from rural_forecast.observed.reading import memory, read_one

    framed = any(hasattr(type(data), name) for name in ("columns", "column_names"))
    columns, name = (
        (memory.opened(data)[0], memory.FRAME) if framed else (_columns(data, start), memory.DATA)
    )
    return read_one(memory.grid_of(columns, name), options)


def _columns(data: Any, start: int | None) -> list[tuple[str, list[Any]]]:
    from rural_forecast.observed.reading.memory import are_periods, kind_of

    index: Any = getattr(data, "index", None)
    if isinstance(data, Mapping):
        pairs = list(data.items())
    elif hasattr(index, "dtype") and start is None:  # a Series of pandas
        if not are_periods(index):
            raise ArgumentError(
                "The index of the Series holds no years: give the first one as start=2014."
            )
        pairs = list(zip(index, data, strict=True))
    elif not isinstance(data, Iterable) or isinstance(data, bytes):
        raise TypeError(
            "A series is made of a path or id, a frame, a Series of pandas, "
            f"a dict of values by year or a list, not of a {kind_of(data)}."
        )
    else:
        rows = list(data)
        if rows and all(isinstance(row, Mapping) for row in rows):
            heads = list(dict.fromkeys(str(head) for row in rows for head in row))
            return [(head, [row.get(head) for row in rows]) for head in heads]
        if rows and all(
            isinstance(row, Sequence) and not isinstance(row, str) and len(row) == 2 for row in rows
        ):
            pairs = rows
        elif start is None:
            raise ArgumentError("A list of values has no years: give the first one as start=2014.")
        else:
            pairs = list(zip(range(start, start + len(rows)), rows, strict=True))
    periods = [_plain(period) for period, _ in pairs]
    values = [_plain(value) for _, value in pairs]
    return [("period", periods), ("value", values)]


def _plain(cell: Any) -> Any:
    """Give the Python value of a NumPy scalar; anything else as it is."""
    return cell.item() if isinstance(cell, np.generic) else cell
