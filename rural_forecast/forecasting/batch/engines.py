"""The shared part of the engines: the columns of a file that they read, and the way of their frames to a sink."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.batch import plain_text
from rural_forecast.forecasting.batch.doubts import Doubts
from rural_forecast.forecasting.batch.endings import Ending, endings, notes
from rural_forecast.forecasting.batch.frame import split
from rural_forecast.forecasting.batch.layout import layout, sample_grid
from rural_forecast.forecasting.batch.panel import CareNeededError, Refusal
from rural_forecast.forecasting.batch.parquet_source import SAMPLE, head_of
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.batch.run import Finish, Sink, Summary, strict_error
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.column_names import normalised
from rural_forecast.series.reading.delimited import delimiter_of
from rural_forecast.series.reading.files import format_of, name_of, status
from rural_forecast.series.shares import kind_of_name, percent, says_percent

ID = "series_id"
PLAIN = ReadOptions()


_VALUE = {"share": "share", "other": "growth"}
"""New names of the column of values, which keep the meaning of its own name."""


class Table(NamedTuple):
    """A file as engines read it: the columns that are needed, under the names the pure function knows."""

    path: str
    kind: str
    """`parquet`, `csv` or `tsv`."""
    delimiter: str
    names: dict[str, str]
    """Name in the file: name for the pure function."""
    options: ReadOptions
    """The unit and the measure of all rows, which the renamed columns do not show."""
    notes: tuple[Note, ...]
    """Parts of the file that are left out, judged by its first rows."""


def table(path: str, options: ReadOptions) -> Table:
    """Recognise the columns of a CSV, TSV or Parquet file, or of a folder of Parquet files.

    Raises
    ------
    InputError : it is not there, damaged, or without rows
    UsageError : another format, no id column, or notations and columns that only the local engine reads
    """
    if options.encoding or options.decimal_comma or options.thousands:
        raise UsageError(
            "Engines read UTF-8 and plain numbers.", f"Leave {option('engine')} out, or convert the file first."
        )
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name too long
        kind = "parquet"
    else:
        kind = format_of(path, options.input_format)
        status(path)
    if kind not in ("parquet", "csv", "tsv"):
        raise UsageError(
            f"Engines read CSV, TSV and Parquet, and {name_of(path)} is {kind}.", f"Leave {option('engine')} out."
        )
    rows: Sequence[Sequence[Any]]
    if kind == "parquet":
        header, rows, count = head_of(path)
        whole = count <= SAMPLE
        delimiter = ""
    else:
        header, lines = plain_text.read(path, kind, options)
        first = list(islice(lines, SAMPLE + 1))
        whole, first = len(first) <= SAMPLE, first[:SAMPLE]
        if not first:
            raise InputError(f"{name_of(path)} has a header and no rows", "Write one row to each year below it.")
        rows = [line.cells for line in first if len(line.cells) == len(header)]
        delimiter = delimiter_of(plain_text.first_line(path, options), kind)
    try:
        found = layout(sample_grid(name_of(path), header, rows, "row"), options, whole=whole)
    except CareNeededError as care:
        raise UsageError(f"Engines cannot read a file with {care}.", f"Leave {option('engine')} out.") from None
    if "growth_pct" in found.places:
        raise UsageError("Engines cannot read a file with published growth.", f"Leave {option('engine')} out.")
    if "id" not in found.places:
        raise UsageError(
            f"{name_of(path)} has no id column to share series out by.", f"Name it with {option('id_column')}."
        )
    value = header[found.places["value"]]
    names = {header[place]: ID if role == "id" else role for role, place in found.places.items()}
    names[value] = _VALUE.get(kind_of_name(value), "value")
    if "kind" in found.places:  # rows we wrote: the pure function knows them by all their columns
        names |= {name: "model" for name in header if normalised(name) == "model"}
    unit = found.unit or ("%" if percent((value,), "") else None)
    known = ReadOptions(unit=unit, value_column=names[value], measure=options.measure)
    return Table(path, kind, delimiter, names, known, found.account.notes())


def into_sink(
    frames: Callable[[], Iterator[Any]],
    asked: Request,
    sink: Sink,
    finish: Finish,
    *,
    strict: bool,
    table: Table,
) -> Summary:
    """Write an engine's frames of forecasts; refused series come back as rows of their own."""
    account = Account(name_of(table.path))
    sink.restart()
    refused: list[Refusal] = []
    series, found = 0, Doubts()
    ended: list[Ending] = []
    for frame in frames():
        part = split(frame, asked)
        found = found.joined(part.doubts)
        ended += endings(part.rows, asked)
        refused += part.refusals
        series += len(part.rows.series.words)
        if table.options.measure is None:
            _count_shares(part.rows, table.options.value_column or "", account)
        sink.write(finish(part.rows))
    if strict and refused:
        raise strict_error(refused[0])
    return Summary(series, tuple(refused), (*table.notes, *account.notes(), *notes(ended)), found)


def _count_shares(rows: Rows, head: str, account: Account) -> None:
    """Take note of what was read as a rate: it has the name of a share, and is in percent without passing the whole."""
    if not says_percent("\n".join(rows.unit.words)):
        return
    highest = np.full(len(rows.series.words), -np.inf)
    np.maximum.at(highest, rows.series.codes, rows.upper.max(axis=0))
    for code, unit in dict(zip(rows.series.codes.tolist(), rows.unit.codes.tolist(), strict=True)).items():
        name = rows.series.words[code]
        found = percent((name, head), rows.unit.words[unit])
        if found is not None and found.holds(0.0, float(highest[code])):
            account.share(name, found.whole)
