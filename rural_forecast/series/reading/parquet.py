"""Parquet files, through pyarrow (the extra `parquet`)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.grid import MOST_CELLS, Grid, check_size, check_width
from rural_forecast.system.extras import need

MOST_UNPACKED = 128 * 1024 * 1024


def read_parquet(data: bytes, name: str) -> Grid:
    """Read a Parquet file; rows are counted from 1.

    Raises
    ------
    InputError : it is no Parquet file, is too large, or has no columns or rows
    UsageError : the extra is missing
    """
    if not data:
        raise InputError(f"{name} is empty", "Write a period and a value column.")
    pyarrow = need("pyarrow", "parquet", "Reading Parquet files")
    parquet = need("pyarrow.parquet", "parquet", "Reading Parquet files")
    try:
        file = parquet.ParquetFile(BytesIO(data))
        _check_claims(file.metadata, name)
        # A text of every row is kept once: written out, it could be a million times the file.
        texts = [field.name for field in file.schema_arrow if pyarrow.types.is_string(field.type)]
        table = parquet.ParquetFile(BytesIO(data), read_dictionary=texts).read()
        columns = [_cells(column) for column in table.itercolumns()]
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise unreadable(name, error) from None
    if not columns or not columns[0]:
        raise InputError(f"{name} has no rows", "Write one row to each period.")

    def place(row: int, column: int) -> Place:
        text = f"{name} row {row + 1}" if row >= 0 else name
        return Place(text, name, max(row + 1, 0), column + 1)

    return Grid(name, table.column_names, list(zip(*columns, strict=True)), place)


def unreadable(name: str, error: Exception) -> InputError:
    """The refusal of a file that pyarrow cannot open or read."""
    return InputError(f"{name} is not a Parquet file that can be read: {first_line(error)}", "Write it anew.")


def first_line(error: Exception) -> str:
    """The first line of a message of pyarrow, without the point at its end."""
    return (str(error).splitlines() or [""])[0].rstrip(".")


def _check_claims(metadata: Any, name: str) -> None:
    """Refuse a file by what it says of its size, before anything is unpacked.

    Raises
    ------
    InputError : too many rows, columns or values, or too much to unpack
    """
    check_width(name, metadata.num_columns)
    check_size(name, metadata.num_rows, metadata.num_columns)
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    chunks = [group.column(place) for group in groups for place in range(group.num_columns)]
    if sum(chunk.num_values for chunk in chunks) > MOST_CELLS:  # lists within rows count as well
        raise InputError(f"{name} has more than {MOST_CELLS:,} values", "Keep the columns that are needed.")
    if sum(chunk.total_uncompressed_size for chunk in chunks) > MOST_UNPACKED:
        raise InputError(
            f"{name} unpacks to more than {MOST_UNPACKED // 1024**2} MB", "Keep the columns that are needed."
        )


def _cells(column: Any) -> list[Any]:
    """The cells of a column; a text that repeats is one object."""
    found: list[Any] = []
    for chunk in column.chunks:
        if hasattr(chunk, "dictionary"):
            words = [*chunk.dictionary.to_pylist(), None]
            found += [words[-1 if code is None else code] for code in chunk.indices.to_pylist()]
        else:
            found += chunk.to_pylist()
    return found
