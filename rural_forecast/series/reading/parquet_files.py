"""Parquet files of any size, and folders of them, in pieces of rows by column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.arrays import Column
from rural_forecast.series.reading.blocks import Piece
from rural_forecast.series.reading.files import name_of
from rural_forecast.series.reading.grid import MOST_CELLS, MOST_ROWS, check_width, shown
from rural_forecast.series.reading.parquet import first_line, unreadable
from rural_forecast.system.extras import need

PIECE_ROWS = MOST_ROWS
"""Rows that are held at once: as many as a file may have that other commands read."""


def files_of(path: str) -> list[Path]:
    """The Parquet files of a path, in the order of their names; names that start with a dot or underscore are none.

    Raises
    ------
    InputError : a folder without such files
    """
    root = Path(path)
    if not root.is_dir():
        return [root]
    found = [file for file in _within(root) if file.suffix == ".parquet"]
    if not found:
        raise InputError(
            f"{name_of(path)} is a folder without Parquet files", "Name a file, or a folder of Parquet files."
        )
    return found


def _within(root: Path) -> list[Path]:
    """The files of a folder but those whose names start with a dot or underscore, which are not meant to be read."""
    return sorted(
        file
        for file in root.rglob("*")
        if file.is_file() and not any(part.startswith((".", "_")) for part in file.relative_to(root).parts)
    )


def others(path: str) -> list[tuple[str, str]]:
    """Files of a folder that are not read, each with the reason."""
    root = Path(path)
    found = _within(root) if root.is_dir() else []
    return [
        (f"file {shown(str(file.relative_to(root)))}", "not Parquet") for file in found if file.suffix != ".parquet"
    ]


def keys(path: str) -> dict[str, dict[Path, str | None]]:
    """The columns in the names of folders, such as `region=North`: the text of each file, by name."""
    root, found = Path(path), dict[str, dict[Path, str | None]]()
    files = files_of(path)
    for file in files if root.is_dir() else ():
        for part in file.relative_to(root).parts[:-1]:
            name, sign, text = part.partition("=")
            if sign:
                null = text == "__HIVE_DEFAULT_PARTITION__"
                found.setdefault(name, dict.fromkeys(files))[file] = None if null else unquote(text)
    return found


def rows_of(path: str) -> int:
    """How many rows a file, or the files of a folder, have.

    Raises
    ------
    InputError : no Parquet file, no rows, or files of different columns
    UsageError : the extra is missing
    """
    files, header, count = files_of(path), None, 0
    for file in files:
        with _opened(file, path) as opened:
            count += opened.metadata.num_rows
            names = opened.schema_arrow.names
        if header is not None and names != header:
            other, first = called(file, path), called(files[0], path)
            raise InputError(f"{other} has other columns than {first}", "Give all files the same columns.")
        header = names
    if not count:
        raise InputError(f"{name_of(path.rstrip('/'))} has no rows", "Write one row to each year.")
    return count


def pieces(path: str) -> Iterator[Piece]:
    """The rows of a file, or of the files of a folder as one table; one file is open at a time.

    Raises
    ------
    InputError : no Parquet file, or a damaged one
    UsageError : the extra is missing
    """
    pa = need("pyarrow", "parquet", "Reading Parquet files")
    folders = keys(path)
    waiting: list[Any] = []
    done = rows = 0
    for file in files_of(path):
        with _opened(file, path) as opened:
            most = max(1, min(PIECE_ROWS, 4 * MOST_CELLS // max(1, len(opened.schema_arrow.names))))
            try:
                for batch in opened.iter_batches(most, use_threads=False):
                    table = pa.Table.from_batches([batch])
                    for name, texts in folders.items():
                        table = table.append_column(name, pa.array([texts[file]] * len(batch), pa.string()))
                    if waiting and (rows + len(batch) > most or table.schema != waiting[0].schema):
                        yield _piece(pa.concat_tables(waiting), done)
                        done, rows, waiting = done + rows, 0, []
                    waiting.append(table)
                    rows += len(batch)
            except (pa.ArrowException, OSError, OverflowError, UnicodeDecodeError) as error:
                raise _damaged(called(file, path), error) from None
    if waiting:
        try:
            yield _piece(pa.concat_tables(waiting), done)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise _damaged(name_of(path), error) from None


def _piece(table: Any, done: int) -> Piece:
    numbers = np.arange(done + 1, done + 1 + len(table))
    return Piece(table.column_names, [Column(column.combine_chunks()) for column in table.columns], numbers)


def called(file: Path, path: str) -> str:
    """What messages call a file of a folder, or the file itself: as it was named."""
    return name_of(str(file) if Path(path).is_dir() else path)


def _opened(file: Path, path: str) -> Any:
    """A Parquet file; a text of every row is kept once, as written out it could be a million times larger.

    Raises
    ------
    InputError : it is none
    UsageError : the extra is missing
    """
    pa = need("pyarrow", "parquet", "Reading Parquet files")
    parquet = need("pyarrow.parquet", "parquet", "Reading Parquet files")
    try:
        with parquet.ParquetFile(_source(file)) as found:
            check_width(called(file, path), found.metadata.num_columns)
            texts = [field.name for field in found.schema_arrow if pa.types.is_string(field.type)]
        return parquet.ParquetFile(_source(file), read_dictionary=texts)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(called(file, path), error) from None


def _source(file: Path) -> Any:
    """What pyarrow opens: it knows no name that is not UTF-8."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        return file.open("rb")
    return file


def _damaged(name: str, error: Exception) -> InputError:
    return InputError(f"{name} is damaged: {first_line(error)}", "Write it anew.")
