"""Parquet files through pyarrow (the extra `parquet`): one at once, or of any size, and folders, in
blocks of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import Grid, at_record
from rural_forecast.series.reading.memory import coded_numbers, stacked
from rural_forecast.series.reading.options import MOST_CELLS, MOST_ROWS, check_size, too_large
from rural_forecast.series.reading.source import name_of
from rural_forecast.series.reading.words import TEXT, Codes, Words, coded
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line, shown

MOST_UNPACKED = 128 * 1024 * 1024
BLOCK_ROWS = MOST_ROWS  # that are held at once; fewer of a wide table
_NO_PARQUET = "is not a Parquet file that can be read"


def parquet_grid(data: bytes, name: str) -> Grid:
    """Read a Parquet file; rows are counted from 1."""
    with _opened(BytesIO(data), name) as file, _readable(name, _NO_PARQUET):
        check_size(name, file.metadata.num_rows, file.metadata.num_columns)
        groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
        chunks = [group.column(at) for group in groups for at in range(group.num_columns)]
        # Lists within rows count as well.
        if sum(chunk.num_values for chunk in chunks) > MOST_CELLS:
            raise too_large(name, f"{MOST_CELLS:,} values")
        if sum(chunk.total_uncompressed_size for chunk in chunks) > MOST_UNPACKED:
            raise too_large(name, f"{MOST_UNPACKED // 1024**2} MB")
        table = file.read()
    if not table.num_columns or not table.num_rows:
        raise InputError(f"{name} has no rows.", "Write one row to each period.")
    return _grid(table, name)


def _grid(table: Any, name: str, before: int = 0) -> Grid:
    with _readable(name, "is damaged"):
        columns = [_coded(column) for column in table.itercolumns()]
    return Grid(name, *stacked(table.column_names, columns), at_record(name, before=before))


def _coded(column: Any) -> tuple[Words, Codes]:
    pa = _pyarrow()
    if column.type in (pa.float64(), pa.float32(), pa.int64(), pa.int32()):
        valid = column.is_valid().to_numpy(zero_copy_only=False)
        return coded_numbers(
            np.concatenate([chunk.fill_null(0).to_numpy() for chunk in column.chunks]), valid
        )
    try:
        array = column.combine_chunks()
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        words, codes = coded(array.dictionary.to_pylist())
        indices = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        if (
            pa.types.is_string(array.dictionary.type)
            and len(words.cells) == len(array.dictionary) + 1
        ):
            lengths = pa.compute.utf8_length(pa.compute.utf8_trim_whitespace(array.dictionary))
            words.filled[1:] = np.where(lengths.to_numpy(zero_copy_only=False) > 0, TEXT, 0)
        return words, np.append(codes, np.int32(0))[indices]
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, TypeError):  # lists within rows
        return coded(column.to_pylist())


def files_of(path: str) -> list[Path]:
    """The Parquet files of a path, in the order of their names; names that start with a dot or
    underscore are none.
    """
    root = Path(path)
    files = (
        [file for file in _within(root) if file.suffix == ".parquet"] if root.is_dir() else [root]
    )
    if not files:
        raise InputError(
            f"{name_of(path)} is a folder without Parquet files.", "Name a file, or another folder."
        )
    return files


def _within(root: Path) -> list[Path]:
    hidden = (".", "_")  # which are not meant to be read
    found = (file for file in root.rglob("*") if file.is_file())
    return sorted(
        file
        for file in found
        if not any(part.startswith(hidden) for part in file.relative_to(root).parts)
    )


def blocks(path: str) -> tuple[Iterator[Grid], int]:
    """The rows of a file, or of the files of a folder as one table, in grids; and how many there
    are.
    """
    files = files_of(path)
    count = 0
    names = None
    for file in files:
        with _opened(file, _called(file, path)) as opened:
            count += opened.metadata.num_rows
            names = names or opened.schema_arrow.names
            if opened.schema_arrow.names != names:
                problem = f"{_called(file, path)} has other columns than {_called(files[0], path)}."
                raise InputError(problem, "Give all files the same columns.")
    if not count:
        raise InputError(f"{name_of(path.rstrip('/'))} has no rows.", "Write one row to each year.")
    return _blocks(path, files), count


def _blocks(path: str, files: Sequence[Path]) -> Iterator[Grid]:
    pa = _pyarrow()
    folders = _keys(path, files)
    name = name_of(path.rstrip("/"))
    root = Path(path)
    others = (
        (file.relative_to(root) for file in _within(root) if file.suffix != ".parquet")
        if root.is_dir()
        else ()
    )
    left_out = [(f"file {shown(str(file))}", "not Parquet") for file in others]
    waiting: list[Any] = []
    done = rows = 0
    for file in files:  # one is open at a time
        called = _called(file, path)
        with _readable(called, "is damaged"), _opened(file, called) as opened:
            most = max(1, min(BLOCK_ROWS, 4 * MOST_CELLS // max(1, len(opened.schema_arrow.names))))
            for batch in opened.iter_batches(most, use_threads=False):
                table = pa.Table.from_batches([batch])
                for key, texts in folders.items():
                    table = table.append_column(
                        key, pa.array([texts[file]] * len(batch), pa.string())
                    )
                if waiting and (rows + len(batch) > most or table.schema != waiting[0].schema):
                    yield replace(_grid(pa.concat_tables(waiting), name, done), left_out=left_out)
                    done = done + rows
                    rows = 0
                    waiting = []
                waiting.append(table)
                rows += len(batch)
    if waiting:
        yield replace(_grid(pa.concat_tables(waiting), name, done), left_out=left_out)


def _keys(path: str, files: Sequence[Path]) -> dict[str, dict[Path, str | None]]:
    root = Path(path)
    columns = dict[str, dict[Path, str | None]]()
    for file in files if root.is_dir() else ():
        for part in file.relative_to(root).parts[:-1]:
            name, sign, text = part.partition("=")
            if sign:
                null = text == "__HIVE_DEFAULT_PARTITION__"
                columns.setdefault(name, dict.fromkeys(files))[file] = (
                    None if null else unquote(text)
                )
    return columns


def _called(file: Path, path: str) -> str:
    return name_of(str(file) if Path(path).is_dir() else path)


def _pyarrow() -> Any:
    need("pyarrow.parquet", "parquet", "Reading Parquet files")
    return need("pyarrow", "parquet", "Reading Parquet files")


def _opened(source: Any, name: str) -> Any:
    """A Parquet file; a text of every row is kept once, as written out it could be a million times
    larger.
    """
    pa = _pyarrow()
    with _readable(name, _NO_PARQUET):
        # Pyarrow knows no name that is not UTF-8.
        if isinstance(source, Path) and not str(source).isprintable():
            source = source.open("rb")
        with pa.parquet.ParquetFile(source) as file:
            texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
        if hasattr(source, "seek"):
            source.seek(0)
        opened = pa.parquet.ParquetFile(source, read_dictionary=texts)
    check_size(name, 1, opened.metadata.num_columns)
    return opened


@contextmanager
def _readable(name: str, problem: str) -> Iterator[None]:
    try:
        yield
    except (_pyarrow().ArrowException, OSError, ValueError, OverflowError) as error:
        cause = one_line((str(error).splitlines() or [""])[0]).rstrip(".")
        raise InputError(f"{name} {problem}: {cause}.", "Write it anew.") from None
