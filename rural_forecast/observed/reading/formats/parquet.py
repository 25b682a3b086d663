"""Parquet files through pyarrow (the extra `parquet`).

`parquet_grid` reads a file at once; `blocks` reads a file of any size, or a folder of files as one
table, in blocks of rows.
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
from rural_forecast.observed.reading.child import run_in_child
from rural_forecast.observed.reading.grid import Grid, at_record
from rural_forecast.observed.reading.memory import coded_numbers, stacked
from rural_forecast.observed.reading.options import MOST_CELLS, MOST_ROWS, check_size, too_large
from rural_forecast.observed.reading.source import name_of
from rural_forecast.observed.reading.words import TEXT, Codes, Words, coded
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line, shown

MOST_UNPACKED = 128 * 1024 * 1024
BLOCK_ROWS = MOST_ROWS  # that are held at once; fewer of a wide table
_NO_PARQUET = "is not a Parquet file that can be read"
_ANEW = "Write it anew."
_IMPORTS = "import io\nimport pyarrow.parquet\n"
_COUNT_VALUES = """
metadata = pyarrow.parquet.read_metadata(io.BytesIO(sys.stdin.buffer.read()))
count = 0
for number in range(metadata.num_row_groups):
    group = metadata.row_group(number)
    count += sum(group.column(column).num_values for column in range(group.num_columns))
print(count)
"""
_HIDDEN = (".", "_")  # beginnings of names that are not meant to be read
_NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__"  # the value of a folder whose rows have none


def parquet_grid(data: bytes, name: str) -> Grid:
    """Read a Parquet file; rows are counted from 1."""
    with _opened(BytesIO(data), name) as file, _readable(name, _NO_PARQUET):
        _check_unpacked(data, file, name)
        table = file.read()
    if not table.num_columns or not table.num_rows:
        raise InputError(f"{name} has no rows.", "Write one row to each period.")
    return _grid(table, name)


def _check_unpacked(data: bytes, file: Any, name: str) -> None:
    """Raise InputError for more than is read at once, before it is unpacked.

    The library ends the process on damaged metadata of a column, so what groups of rows say is
    enough. Lists within rows alone have more values than rows: a child counts these.
    """
    metadata = file.metadata
    check_size(name, metadata.num_rows, metadata.num_columns)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > MOST_UNPACKED:
        raise too_large(name, f"{MOST_UNPACKED // 1024**2} MB")
    pa = _pyarrow()
    if not any(pa.types.is_nested(field.type) for field in file.schema_arrow):
        return
    counted = run_in_child(_IMPORTS, _COUNT_VALUES, data, name)
    if counted is None:
        raise InputError(f"{name} {_NO_PARQUET}: it is damaged.", _ANEW)
    if counted and int(counted) > MOST_CELLS:
        raise too_large(name, f"{MOST_CELLS:,} values")


def _grid(table: Any, name: str, before: int = 0) -> Grid:
    with _readable(name, "is damaged"):
        columns = [_coded(column) for column in table.itercolumns()]
    return Grid(name, *stacked(table.column_names, columns), at_record(name, before=before))


def _coded(column: Any) -> tuple[Words, Codes]:
    pa = _pyarrow()
    if column.type in (pa.float64(), pa.float32(), pa.int64(), pa.int32()):
        valid = column.is_valid().to_numpy(zero_copy_only=False)
        numbers = [chunk.fill_null(0).to_numpy() for chunk in column.chunks]
        return coded_numbers(np.concatenate(numbers), valid)
    try:
        return _coded_dictionary(column)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, TypeError):  # lists within rows
        return coded(column.to_pylist())


def _coded_dictionary(column: Any) -> tuple[Words, Codes]:
    """Read the distinct values that Arrow has found, and the index of each."""
    pa = _pyarrow()
    array = column.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    words, codes = coded(array.dictionary.to_pylist())
    indices = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    # Where its texts are distinct and none is null, the words are these, behind the empty cell.
    is_in_order = len(words.cells) == len(array.dictionary) + 1
    if is_in_order and pa.types.is_string(array.dictionary.type):
        lengths = pa.compute.utf8_length(pa.compute.utf8_trim_whitespace(array.dictionary))
        words.filled[1:] = np.where(lengths.to_numpy(zero_copy_only=False) > 0, TEXT, 0)
    # The last code, which the index -1 takes, is that of the empty cell.
    return words, np.append(codes, np.int32(0))[indices]


def files_of(path: str) -> list[Path]:
    """List the Parquet files of a path, in the order of their names.

    Those whose names start with a dot or underscore are left out.
    """
    root = Path(path)
    if not root.is_dir():
        return [root]
    files = [file for file in _within(root) if file.suffix == ".parquet"]
    if not files:
        raise InputError(
            f"{name_of(path)} is a folder without Parquet files.", "Name a file, or another folder."
        )
    return files


def _within(root: Path) -> list[Path]:
    files = (file for file in root.rglob("*") if file.is_file())
    return sorted(file for file in files if not _is_hidden(file.relative_to(root)))


def _is_hidden(file: Path) -> bool:
    return any(part.startswith(_HIDDEN) for part in file.parts)


def blocks(path: str) -> tuple[Iterator[Grid], int]:
    """Read the rows of a file, or of the files of a folder, in grids; and count the rows."""
    files = files_of(path)
    count = 0
    names = None
    for file in files:
        with _opened(file, _name_in(path, file)) as opened:
            count += opened.metadata.num_rows
            names = names or opened.schema_arrow.names
            if opened.schema_arrow.names != names:
                name = _name_in(path, file)
                first_name = _name_in(path, files[0])
                raise InputError(
                    f"{name} has other columns than {first_name}.",
                    "Give all files the same columns.",
                )
    if not count:
        raise InputError(f"{name_of(path.rstrip('/'))} has no rows.", "Write one row to each year.")
    return _blocks(path, files), count


def _blocks(path: str, files: Sequence[Path]) -> Iterator[Grid]:
    pa = _pyarrow()
    name = name_of(path.rstrip("/"))
    left_out = _other_files(path)
    waiting: list[Any] = []  # small batches, until they make a block
    rows_waiting = 0
    rows_before = 0
    for table, most in _batches(path, files):
        is_full = rows_waiting + len(table) > most
        if waiting and (is_full or table.schema != waiting[0].schema):
            grid = _grid(pa.concat_tables(waiting), name, rows_before)
            yield replace(grid, left_out=left_out)
            rows_before += rows_waiting
            rows_waiting = 0
            waiting = []
        waiting.append(table)
        rows_waiting += len(table)
    if waiting:
        grid = _grid(pa.concat_tables(waiting), name, rows_before)
        yield replace(grid, left_out=left_out)


def _batches(path: str, files: Sequence[Path]) -> Iterator[tuple[Any, int]]:
    """Read batches of rows as tables of Arrow, each with the most rows of a block."""
    pa = _pyarrow()
    columns_of_folders = _columns_of_folders(path, files)
    for file in files:  # one is open at a time
        name = _name_in(path, file)
        with _readable(name, "is damaged"), _opened(file, name) as opened:
            width = max(1, len(opened.schema_arrow.names))
            most = max(1, min(BLOCK_ROWS, 4 * MOST_CELLS // width))
            for batch in opened.iter_batches(most, use_threads=False):
                table = pa.Table.from_batches([batch])
                for key, texts in columns_of_folders.items():
                    cells = pa.array([texts[file]] * len(batch), pa.string())
                    table = table.append_column(key, cells)
                yield table, most


def _other_files(path: str) -> list[tuple[str, str]]:
    """List the files of a folder that are not Parquet, with that reason."""
    root = Path(path)
    if not root.is_dir():
        return []
    others = [file.relative_to(root) for file in _within(root) if file.suffix != ".parquet"]
    return [(f"file {shown(str(file))}", "not Parquet") for file in others]


def _columns_of_folders(path: str, files: Sequence[Path]) -> dict[str, dict[Path, str | None]]:
    """Read the columns that folders state, `region=North/2016.parquet`: by name and file."""
    root = Path(path)
    columns = dict[str, dict[Path, str | None]]()
    if not root.is_dir():
        return columns
    for file in files:
        for part in file.relative_to(root).parts[:-1]:
            name, sign, text = part.partition("=")
            if sign:
                column = columns.setdefault(name, dict.fromkeys(files))
                column[file] = None if text == _NULL_FOLDER else unquote(text)
    return columns


def _name_in(path: str, file: Path) -> str:
    return name_of(str(file) if Path(path).is_dir() else path)


def _pyarrow() -> Any:
    need("pyarrow.parquet", "parquet", "Reading Parquet files")
    return need("pyarrow", "parquet", "Reading Parquet files")


def _opened(source: Any, name: str) -> Any:
    """Open a Parquet file.

    A text of every row is kept once, as written out it could be a million times larger.
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
    """Turn what pyarrow says against a file into an error of the input."""
    try:
        yield
    except (_pyarrow().ArrowException, OSError, ValueError, OverflowError) as error:
        cause = one_line((str(error).splitlines() or [""])[0]).rstrip(".")
        raise InputError(f"{name} {problem}: {cause}.", _ANEW) from None
