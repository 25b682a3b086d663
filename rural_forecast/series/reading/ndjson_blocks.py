"""NDJSON block by block: pyarrow reads one where it surely reads what Python would, else Python does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.arrays import Column
from rural_forecast.series.reading.blocks import Block, Piece, starts_of
from rural_forecast.series.reading.column_names import VALUE_NAMES, normalised
from rural_forecast.series.reading.grid import check_width
from rural_forecast.series.reading.json_rows import objects
from rural_forecast.series.reading.text import decode


def ndjson(lines: Iterator[Block], name: str) -> Iterator[Piece]:
    """The rows of NDJSON; a piece may have more columns than those before it.

    Raises InputError if a line is not a JSON object, or there is none.
    """
    keys: dict[str, Any] = {}
    for data, line in lines:
        yield _fast_objects(data, line, keys) or _careful_objects(data, line, name, keys)
    if not keys:
        raise InputError.of("empty", name=name, kind="ndjson")


def _careful_objects(data: bytes, line: int, name: str, keys: dict[str, Any]) -> Piece:
    rows, lines = [], []
    for number, row in objects(decode(data, name), name, line):
        if not row.keys() <= keys.keys():
            keys |= {key: None for key in row if key not in keys}
            check_width(name, len(keys))
        rows.append(row)
        lines.append(number)
    columns = [Column([row.get(key) for row in rows]) for key in keys]
    return Piece(list(keys), columns, np.array(lines, dtype=np.int64))


def _fast_objects(data: bytes, line: int, keys: dict[str, Any]) -> Piece | None:
    """Objects by pyarrow, their types by the first one; None where it may read them in another way than Python.

    `keys`: the keys so far with their types, None where only Python knows; new ones are added.
    """
    try:
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import json
    except ImportError:
        return None
    lying = starts_of(data)
    if lying is None or not len(lying[0]) or b"\\u" in data:
        return None
    starts, lines = lying[0], lying[1] + line
    if (np.frombuffer(data, np.uint8)[starts] != ord("{")).any():
        return None
    types = keys or _types(data[starts[0] : data.find(b"\n", starts[0]) + 1 or None])
    if not types or None in types.values():
        return None
    try:
        table = json.read_json(
            pa.py_buffer(data),
            json.ReadOptions(block_size=1 << 22),
            json.ParseOptions(explicit_schema=pa.schema(types)),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    known = {pa.string(), pa.int64(), pa.float64()}
    if table.num_rows != len(starts) or not known.issuperset(table.schema.types):
        return None
    floats = [column for column in table.columns if column.type == pa.float64()]
    if any(pc.any(pc.invert(pc.is_finite(column))).as_py() for column in floats):
        return None
    keys |= dict(zip(table.schema.names, table.schema.types, strict=True))
    return Piece(list(keys), [Column(table.column(key).combine_chunks()) for key in keys], lines)


def _types(line: bytes) -> dict[str, Any]:
    """The types of pyarrow for the cells of an object; None for what it does not read as Python does."""
    import json

    import pyarrow as pa

    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(row, dict):
        return {}
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    return {
        key: pa.float64() if type(cell) is int and normalised(key) in VALUE_NAMES else kinds.get(type(cell))
        for key, cell in row.items()
    }
