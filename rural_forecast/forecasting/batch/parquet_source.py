"""Parquet files and folders of them, batch by batch and only the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import join
from pathlib import Path
from typing import Any

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.arrow_columns import cells
from rural_forecast.forecasting.batch.layout import Layout, layout, sample_grid, understood
from rural_forecast.forecasting.batch.panel import Raw
from rural_forecast.forecasting.batch.source import PIECE_ROWS, Source
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.files import name_of
from rural_forecast.series.reading.grid import shown
from rural_forecast.series.reading.values import Notation
from rural_forecast.system.extras import need

SAMPLE = 50


def open_parquet(path: str, options: ReadOptions) -> Source:
    """Open a Parquet file, or a folder whose files are one table, read in the order of their names.

    Raises
    ------
    InputError : no Parquet file, no rows, or no columns that fit
    UsageError : the extra is missing
    CareNeededError : the years stand across
    """
    arrow = need("pyarrow", "parquet", "Reading Parquet files")
    parquet = need("pyarrow.parquet", "parquet", "Reading Parquet files")
    name = name_of(path.rstrip("/"))
    header, rows, count = head_of(path)
    found = layout(sample_grid(name, header, rows, "row"), options, whole=count <= SAMPLE)
    for file in _others(path):
        found.account.leave_out(f"file {shown(file)}", "not Parquet")

    def pieces() -> Iterator[Raw]:
        yield from _pieces(path, found, options, arrow, parquet)

    return Source(name, pieces, count, lambda rows: [row + 1 if row >= 0 else -1 for row in rows], found.account)


def _others(path: str) -> list[str]:
    """Files of a folder that are read by no one: names that start with a dot or underscore are not meant to be."""
    root = Path(path)
    names = root.rglob("*") if root.is_dir() else ()
    found = sorted(file.relative_to(root) for file in names if file.is_file() and file.suffix != ".parquet")
    return [str(file) for file in found if not any(part.startswith((".", "_")) for part in file.parts)]


def head_of(path: str) -> tuple[list[str], list[tuple[Any, ...]], int]:
    """Names of the columns, the first rows, and how many rows there are, of a file or of the files of a folder.

    Raises
    ------
    InputError : no Parquet file, no rows, or files of different columns
    UsageError : the extra is missing
    """
    arrow = need("pyarrow", "parquet", "Reading Parquet files")
    parquet = need("pyarrow.parquet", "parquet", "Reading Parquet files")
    name, files = name_of(path.rstrip("/")), files_of(path)
    opened = [_open(file, _called(file, path), arrow, parquet) for file in files]
    count = sum(file.metadata.num_rows for file in opened)
    if not count:
        raise InputError(f"{name} has no rows", "Write one row to each year.")
    header = opened[0].schema_arrow.names
    for file, where in zip(opened, files, strict=True):
        if file.schema_arrow.names != header:
            other, first_file = _called(where, path), _called(files[0], path)
            raise InputError(f"{other} has other columns than {first_file}", "Give all files the same columns.")
    try:
        first = next(next(file.iter_batches(SAMPLE)) for file in opened if file.metadata.num_rows)
        rows = list(zip(*(column.to_pylist() for column in first.columns), strict=True))
    except (arrow.ArrowException, OSError, OverflowError, ValueError) as error:
        raise _damaged(name, error) from None
    for file in opened:
        file.close()
    return header, rows, count


def files_of(path: str) -> list[Path]:
    """The Parquet files of a path, in the order of their names; names that start with a dot or underscore are none.

    Raises
    ------
    InputError : a folder without such files
    """
    root = Path(path)
    if not root.is_dir():
        return [root]
    found = sorted(
        file
        for file in root.rglob("*.parquet")
        if not any(part.startswith((".", "_")) for part in file.relative_to(root).parts)
    )
    if not found:
        raise InputError(
            f"{name_of(path)} is a folder without Parquet files", "Name a file, or a folder of Parquet files."
        )
    return found


def _called(file: Path, path: str) -> str:
    """What messages call a file of a folder, or the file itself: as it was named."""
    root = Path(path)
    return name_of(path if file == root else join(path, file.relative_to(root)))  # noqa: PTH118 - Path drops ./


def _open(file: Path, name: str, arrow: Any, parquet: Any) -> Any:
    try:
        # pyarrow opens no name that is not UTF-8
        return parquet.ParquetFile(file if _in_utf8(file) else file.open("rb"))
    except (arrow.ArrowException, OSError) as error:
        reason = (str(error).splitlines() or [""])[0].rstrip(".")
        raise InputError(f"{name} is not a Parquet file that can be read: {reason}", "Write it anew.") from None


def _in_utf8(file: Path) -> bool:
    try:
        return bool(str(file).encode())
    except UnicodeEncodeError:
        return False


def _pieces(path: str, found: Layout, options: ReadOptions, arrow: Any, parquet: Any) -> Iterator[Raw]:
    done = 0
    found.account.recount()
    notation = Notation(options.decimal_comma, options.thousands)
    for where in files_of(path):
        name = _called(where, path)
        file = _open(where, name, arrow, parquet)
        names = file.schema_arrow.names
        roles = {role: names[place] for role, place in found.places.items()}
        try:
            for batch in file.iter_batches(PIECE_ROWS, columns=list(roles.values()), use_threads=False):
                columns = {role: batch.column(name) for role, name in roles.items()}
                numbers = np.arange(done, done + batch.num_rows)
                done += batch.num_rows
                yield understood(cells(columns, found.titles, numbers, notation), found)
        except (arrow.ArrowException, OSError, OverflowError, UnicodeDecodeError) as error:
            raise _damaged(name, error) from None
        finally:
            file.close()


def _damaged(name: str, error: Exception) -> InputError:
    reason = (str(error).splitlines() or [""])[0].rstrip(".")
    return InputError(f"{name} is damaged: {reason}", "Write it anew.")
