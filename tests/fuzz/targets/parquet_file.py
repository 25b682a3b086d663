"""The reader of Parquet: damaged files, and sound files whose columns are made of the bytes."""

from __future__ import annotations

from io import BytesIO

from tests.fuzz.choices import Choices, hostile
from tests.fuzz.seeds import parquets
from tests.fuzz.targets.reading import try_reading

_NAMES = ("year", "value", "series_id", "period", "unit", "source", "status")
_DEEP = b"S"
"""First byte of an input that chooses columns and not a file's bytes."""

SEEDS = [*(b"W\0\0" + file for file in parquets()), b"S\0\0" + bytes(range(64))]


def test(data: bytes) -> None:
    """Read a Parquet file."""
    kind, options, content = data[:1], data[1:3], data[3:]
    try_reading(options + (_made(Choices(content)) if kind == _DEEP else content), "parquet")


def _made(choices: Choices) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = choices.below(6)
    columns = {}
    for _ in range(1 + choices.below(4)):
        name = choices.one(_NAMES) if choices.below(4) else _text(choices)
        columns[name] = _column(choices, rows)
    made = BytesIO()
    pq.write_table(pa.table(columns), made)
    return made.getvalue()


def _text(choices: Choices) -> str:
    return hostile(choices).encode("utf-8", "replace").decode()


def _column(choices: Choices, rows: int) -> object:
    import pyarrow as pa

    kind = choices.below(9)
    if kind == 0:
        return pa.array([2000 + i for i in range(rows)], pa.int32())
    if kind == 1:
        return pa.array([choices.number() for _ in range(rows)], pa.float64())
    if kind == 2:
        return pa.array([None if choices.chance(32) else _text(choices) for _ in range(rows)], pa.string())
    if kind == 3:
        return pa.array([choices.below(65536) - 9000 for _ in range(rows)], pa.date32())
    if kind == 4:
        unit = choices.one(("s", "ms", "us", "ns"))
        return pa.array([int.from_bytes(choices.take(6), "big", signed=True) for _ in range(rows)], pa.timestamp(unit))
    if kind == 5:
        return pa.array([choices.take(4) for _ in range(rows)], pa.binary())
    if kind == 6:
        return pa.array([[1.0] * choices.below(3) for _ in range(rows)], pa.list_(pa.float64()))
    if kind == 7:
        return pa.array([choices.chance(128) for _ in range(rows)], pa.bool_())
    return pa.array([_text(choices) for _ in range(rows)], pa.string()).dictionary_encode()
