"""Parquet files, through pyarrow (the extra `parquet`)."""

from __future__ import annotations

from io import BytesIO

from rural_forecast.errors import InputError
from rural_forecast.extras import need
from rural_forecast.series.readers.grid import Grid, check_width

MOST_ROWS = 20_000_000


def read_parquet(data: bytes, name: str) -> Grid:
    """Read a Parquet file; rows are counted from 1.

    Raises
    ------
    InputError : it is no Parquet file, or has no columns or rows
    UsageError : the extra is missing
    """
    if not data:
        raise InputError(f"{name} is empty", "Write a period and a value column.")
    pyarrow = need("pyarrow", "parquet", "Reading Parquet files")
    parquet = need("pyarrow.parquet", "parquet", "Reading Parquet files")
    try:
        file = parquet.ParquetFile(BytesIO(data))
        check_width(name, file.metadata.num_columns)
        if file.metadata.num_rows > MOST_ROWS:
            raise InputError(f"{name} has more than {MOST_ROWS:,} rows", "Split it into smaller files.")
        table = file.read()
        columns = [column.to_pylist() for column in table.itercolumns()]
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0].rstrip(".")
        raise InputError(f"{name} is not a Parquet file that can be read: {reason}", "Write it anew.") from None
    if not columns or not columns[0]:
        raise InputError(f"{name} has no rows", "Write one row to each period.")

    def place(row: int, _column: int) -> str:
        return f"{name} row {row + 1}" if row >= 0 else name

    return Grid(name, table.column_names, list(zip(*columns, strict=True)), place)
