"""CSV, TSV and NDJSON by pyarrow: fast and strict. What it refuses the plain reader reads again from the start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch import plain_text
from rural_forecast.forecasting.batch.arrow_columns import cells
from rural_forecast.forecasting.batch.layout import Layout, layout, sample_grid, understood
from rural_forecast.forecasting.batch.panel import Raw
from rural_forecast.forecasting.batch.source import RereadError, Source
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.delimited import delimiter_of
from rural_forecast.series.reading.files import name_of
from rural_forecast.series.reading.grid import label
from rural_forecast.series.reading.values import Notation

BLOCK_BYTES = 24 * 1024 * 1024
"""Text that is parsed at once, about a million rows. It depends on nothing but the input."""


def open_text(path: str, kind: str, options: ReadOptions) -> Source:
    """Open a CSV, TSV or NDJSON file in UTF-8.

    Raises
    ------
    InputError : no header, no rows, no columns that fit
    CareNeededError : the years stand across
    """
    name = name_of(path)
    header, lines = plain_text.read(path, kind, options)
    first = list(islice(lines, plain_text.SAMPLE + 1))
    whole, first = len(first) <= plain_text.SAMPLE, first[: plain_text.SAMPLE]
    if not first:
        raise InputError(f"{name} has a header and no rows", "Write one row to each year below it.")
    rows = [line.cells for line in first if len(line.cells) == len(header)]
    found = layout(sample_grid(name, header, rows, "line"), options, whole=whole)
    kinds = _kinds(found, rows)
    size = Path(path).stat().st_size
    spread = max(1, first[-1].number - first[0].number + 1)
    with Path(path).open("rb") as stream:
        average = max(1, sum(len(line) for line in islice(stream, spread)) / spread)
    skipped = first[0].number - 1
    delimiter = delimiter_of(plain_text.first_line(path, options), kind)

    def pieces() -> Iterator[Raw]:
        done = 0
        found.account.recount()
        batches = (
            _ndjson(path, header, found, kinds)
            if kind == "ndjson"
            else _csv(path, delimiter, len(header), skipped, found, kinds)
        )
        for batch in batches:
            if not batch.num_rows:
                continue
            columns = {role: batch.column(place) for place, role in enumerate(kinds)}
            _refuse_blank_rows(list(columns.values()))
            numbers = np.arange(done, done + batch.num_rows)
            done += batch.num_rows
            try:
                piece = cells(columns, found.titles, numbers, Notation())
            except UnicodeDecodeError as error:
                raise RereadError(str(error)) from None
            yield understood(piece, found)

    @lru_cache(maxsize=1)
    def exact() -> list[int]:
        _, lines = plain_text.read(path, kind, options)
        return [line.number for line in lines]

    def places(rows: Sequence[int]) -> list[int]:
        return [exact()[row] if row >= 0 else -1 for row in rows]

    return Source(name, pieces, int(size / average), places, found.account)


def _refuse_blank_rows(columns: Sequence[Any]) -> None:
    """Leave rows of empty cells, as spreadsheets export them, to the plain reader: it sees whether all are empty.

    Raises
    ------
    RereadError : there is such a row
    """
    import pyarrow.compute as pc

    if any(column.null_count == 0 for column in columns):
        return
    blank = columns[0].is_null()
    for column in columns[1:]:
        blank = pc.and_(blank, column.is_null())
    if pc.any(blank).as_py():
        raise RereadError("a row of empty cells")


def _kinds(found: Layout, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The type by which each column is read."""
    import pyarrow as pa

    kinds: dict[str, Any] = {}
    for role, place in found.places.items():
        years = role == "period" and all(label(row[place]).isdigit() for row in rows)
        numbers = role == "id" and all(isinstance(row[place], int) for row in rows)
        kinds[role] = pa.float64() if role == "value" else pa.int64() if years or numbers else pa.string()
    return kinds


def _csv(path: str, delimiter: str, width: int, skipped: int, found: Layout, kinds: dict[str, Any]) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import csv

    names = [str(place) for place in range(width)]
    wanted = [str(place) for place in found.places.values()]
    try:
        with csv.open_csv(
            path,
            csv.ReadOptions(block_size=BLOCK_BYTES, column_names=names, skip_rows=skipped),
            csv.ParseOptions(delimiter=delimiter),
            csv.ConvertOptions(
                include_columns=wanted,
                column_types={str(found.places[role]): type_ for role, type_ in kinds.items()},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        ) as reader:
            yield from reader
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:  # pyarrow opens no name that is not UTF-8
        raise RereadError(str(error)) from None


def _ndjson(path: str, header: Sequence[str], found: Layout, kinds: dict[str, Any]) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import json

    schema = pa.schema([(header[place], kinds[role]) for role, place in found.places.items()])
    wanted = schema.names
    try:
        with json.open_json(
            path,
            json.ReadOptions(block_size=BLOCK_BYTES),
            json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer"),
        ) as reader:
            for batch in reader:
                for key in set(batch.schema.names) - set(header):
                    plain_text.late_key(found.account, key)
                yield batch.select(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeEncodeError) as error:
        raise RereadError(str(error)) from None
