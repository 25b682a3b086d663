"""Blocks of many records as csv, tsv, ndjson, Parquet tables or plain rows, with the bytes that documents give.

Texts are escaped once a word, not once a row. pyarrow joins the columns where it is installed; otherwise Python does,
with the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rural_forecast.document.table import Words
from rural_forecast.render.csv_format import field
from rural_forecast.render.json_text import encode, encoder
from rural_forecast.render.plain_text import encodable
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.table import Block, Cell, Column


def csv_header(columns: tuple[Column, ...], delimiter: str = ",") -> bytes:
    """The first line."""
    return (delimiter.join(field(column.key, delimiter) for column in columns) + "\n").encode()


def csv_rows(block: Block, delimiter: str = ",") -> bytes:
    """The records, each on a line."""
    return _lines(block, [""] + [delimiter] * (len(block.columns) - 1), "\n", lambda word: field(word, delimiter), "")


def ndjson_rows(block: Block) -> bytes:
    """The records as objects, each on a line."""
    return _objects(block, ":", ",", "\n")


def json_rows(block: Block) -> bytes:
    """The records as members of a list in a document: lines that each end in a comma."""
    return _objects(block, ": ", ", ", ",\n", "    ")


def _objects(block: Block, colon: str, comma: str, end: str, indent: str = "") -> bytes:
    writer = encoder()
    keys = [encode(writer, column.key) + colon for column in block.columns]
    before = [indent + "{" + keys[0], *(comma + key for key in keys[1:])]
    return _lines(block, before, "}" + end, lambda word: encode(writer, word), "null")


def _lines(block: Block, before: list[str], end: str, escape: Callable[[str], str], nothing: str) -> bytes:
    """Cells with a fixed text before each and one at the end of the row."""
    if not block.data or not _length(block.data[0]):
        return b""
    try:
        import pyarrow  # noqa: F401, ICN001 - only whether it is there
    except ImportError:
        return _plain_lines(block, before, end, escape, nothing)
    return _arrow_lines(block, before, end, escape, nothing)


def _length(data: Any) -> int:
    return len(data.codes if isinstance(data, Words) else data)


def _plain_lines(block: Block, before: list[str], end: str, escape: Callable[[str], str], nothing: str) -> bytes:
    columns = []
    for data, start in zip(block.data, before, strict=True):
        if isinstance(data, Words):
            texts = [start + escape(word) for word in data.words] + [start + nothing]
            columns.append([texts[code] for code in data.codes.tolist()])
        elif data.dtype.kind == "i":
            columns.append([f"{start}{cell}" for cell in data.tolist()])
        else:
            columns.append([start + (repr(cell) if cell == cell else nothing) for cell in data.tolist()])
    return (end.join(map("".join, zip(*columns, strict=True))) + end).encode()


def _arrow_lines(block: Block, before: list[str], end: str, escape: Callable[[str], str], nothing: str) -> bytes:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    pieces: list[Any] = []
    pending = ""
    last = len(block.data) - 1
    for place, (data, start) in enumerate(zip(block.data, before, strict=True)):
        after = end if place == last else ""
        if isinstance(data, Words):
            texts = [pending + start + escape(word) + after for word in data.words] + [
                pending + start + nothing + after
            ]
            codes = np.where(data.codes < 0, len(data.words), data.codes)
            pieces.append(pa.array(texts, pa.string()).take(pa.array(codes)))
            pending = ""
            continue
        if pending + start:
            pieces.append(pending + start)
        pending = after
        numbers = pc.cast(pa.array(data), pa.string()) if data.dtype.kind == "i" else number_texts(data)
        pieces.append(numbers.fill_null(nothing))
    if pending:
        pieces.append(pending)
    joined = pc.binary_join_element_wise(*pieces, "")
    _, offsets, text = joined.buffers()
    edges = np.frombuffer(offsets, dtype=np.int32)
    return bytes(memoryview(text)[edges[joined.offset] : edges[joined.offset + len(joined)]])


def number_texts(numbers: Any) -> Any:
    """Numbers as Python's `repr` writes them, as an array of pyarrow; NaN is null.

    pyarrow finds the same digits far sooner, but writes whole, tiny and huge numbers its own way.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    known = ~np.isnan(numbers)
    size = np.abs(numbers)
    odd = known & ((size < 1e-4) | (size >= 1e10) | (numbers == np.rint(numbers)))
    texts = pc.cast(pa.array(numbers, mask=~known), pa.string())
    if odd.any():
        texts = pc.replace_with_mask(
            texts, pa.array(odd), pa.array(list(map(repr, numbers[odd].tolist())), pa.string())
        )
    return texts


def arrow_table(block: Block) -> Any:
    """The records as a table of pyarrow with true types.

    Raises
    ------
    UsageError : pyarrow is not installed
    """
    arrow = need("pyarrow", "parquet", "The format parquet")
    arrays = []
    for data in block.data:
        if isinstance(data, Words):
            words = arrow.array([encodable(word) for word in data.words], arrow.string())
            arrays.append(words.take(arrow.array(data.codes, mask=data.codes < 0)))
        elif data.dtype.kind == "i":
            arrays.append(arrow.array(data, arrow.int64()))
        else:
            arrays.append(arrow.array(data, mask=data != data))
    return arrow.table(arrays, names=[column.key for column in block.columns])


def rows(block: Block) -> list[tuple[Cell, ...]]:
    """The records one by one, for formats that show few."""
    columns: list[list[Cell]] = []
    for data in block.data:
        if isinstance(data, Words):
            texts = [*data.words, None]
            columns.append([texts[code] for code in data.codes.tolist()])
        else:
            columns.append([cell if cell == cell else None for cell in data.tolist()])
    return list(zip(*columns, strict=True))
