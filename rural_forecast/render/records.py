"""Records as text, by column: the cells of a document, or the arrays of a batch, in the same bytes.

A text format states its `Layout`, the texts around cells. `text` joins them in Python; `_joined`
does the same by pyarrow, several times as fast, where that is installed and there are arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.document.table import Block, Cell, CodedTexts, Column, Document, Table


class Layout(NamedTuple):
    """The texts around the cells of a record."""

    before: list[str]  # in front of each column's cell
    end: str  # behind the last one
    escape: Callable[[str], str]
    nothing: str  # in place of a cell that is not known


class Writer(NamedTuple):
    """A text format: it writes documents, and batches piece by piece."""

    layout: Callable[[tuple[Column, ...]], Layout]
    head: Callable[[Document], str] = lambda _: ""
    tail: Callable[[Document, bool], str] = lambda *_: ""
    """after the records, by whether there are any."""
    between: int = 0  # characters at the start of a record that part it from the one before it

    @property
    def traits(self) -> dict[str, Any]:
        """The fields of a format that is written by it."""
        return {
            "renderers": {"Document": self.render},
            "encode": self.encode,
            "stream": self.stream,
        }

    def render(self, document: Document, **_: Any) -> str:
        """Write a document."""
        rows = text(of_table(document.records), self.layout(document.records.columns))
        return self.head(document) + rows[self.between :] + self.tail(document, bool(rows))

    def encode(self, block: Block) -> bytes:
        """Write the records of a batch."""
        layout = self.layout(block.columns)
        try:
            import pyarrow  # noqa: F401, ICN001 - only whether it is there
        except ImportError:
            return text(block, layout).encode()
        first = block.data[0]
        cells_of_first = first.codes if isinstance(first, CodedTexts) else first
        return _joined(block, layout) if len(cells_of_first) else b""

    def stream(self, path: Path, columns: tuple[Column, ...]) -> _TextStream:
        """Open a file that is written piece by piece."""
        return _TextStream(path, self, columns)


class _TextStream:
    """A file of records in a text format: head, pieces, tail."""

    def __init__(self, path: Path, writer: Writer, columns: tuple[Column, ...]) -> None:
        self._writer = writer
        self._file = path.open("wb")
        self._rows = False
        self._file.write(writer.head(Document("batch", Table(columns, ()))).encode())

    def write(self, payload: bytes) -> None:
        self._file.write(payload if self._rows else payload[self._writer.between :])
        self._rows = self._rows or bool(payload)

    def finish(self, about: Document) -> None:
        self._file.write(self._writer.tail(about, self._rows).encode())

    def close(self) -> None:
        self._file.close()


def of_table(table: Table) -> Block:
    """Take rows apart into columns of plain cells."""
    data = tuple(zip(*table.rows, strict=True))
    return Block(table.columns, data or tuple(() for _ in table.columns))


def text(block: Block, layout: Layout) -> str:
    """Join the records in Python."""
    columns = []
    for data, start in zip(block.data, layout.before, strict=True):
        if isinstance(data, CodedTexts):  # each is escaped once
            words = [start + layout.escape(word) for word in data.words]
            words.append(start + layout.nothing)  # the last one, where a code is -1
            columns.append([words[code] for code in data.codes.tolist()])
        else:
            columns.append([start + _text(cell, layout) for cell in cells(data)])
    if not columns:
        return ""
    return "".join(map("".join, zip(*columns, repeat(layout.end), strict=False)))


def cells(data: Any) -> list[Cell]:
    """List the cells of one column; NaN, which equals nothing, is not known."""
    if isinstance(data, CodedTexts):
        texts = [*data.words, None]
        return [texts[code] for code in data.codes.tolist()]
    if isinstance(data, tuple):
        return list(data)
    return [cell if cell == cell else None for cell in data.tolist()]


def _text(cell: Cell, layout: Layout) -> str:
    if isinstance(cell, float):
        return float.__repr__(cell)  # a NumPy float would name its type
    if isinstance(cell, bool):
        return str(cell).lower()
    if cell is None:
        return layout.nothing
    if isinstance(cell, str):
        return layout.escape(cell)
    return int.__repr__(cell)


def _joined(block: Block, layout: Layout) -> bytes:
    """Join the records by pyarrow.

    Its arrays are made of buffers: to look at our objects, it would import pandas.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def bits(flags: Any) -> Any:
        return pa.py_buffer(np.packbits(flags, bitorder="little"))

    def array(numbers: Any, kind: Any, valid: Any = None) -> Any:
        mask = None if valid is None else bits(valid)
        data = pa.py_buffer(np.ascontiguousarray(numbers))
        return pa.Array.from_buffers(kind, len(numbers), [mask, data])

    def strings(texts: list[str]) -> Any:
        words = [text.encode() for text in texts]
        edges = np.cumsum([0, *map(len, words)]).astype(np.int32)
        return pa.StringArray.from_buffers(
            len(words), pa.py_buffer(edges), pa.py_buffer(b"".join(words))
        )

    def floats(numbers: Any) -> Any:
        # As Python writes them: pyarrow writes whole, tiny and huge ones in its own way.
        valid = ~np.isnan(numbers)
        size = np.abs(numbers)
        odd = valid & ((size < 1e-4) | (size >= 1e10) | (numbers == np.rint(numbers)))
        texts = pc.cast(array(numbers, pa.float64(), valid), pa.string())
        if not odd.any():
            return texts
        mask = pa.Array.from_buffers(pa.bool_(), len(odd), [None, bits(odd)])
        return pc.replace_with_mask(texts, mask, strings(list(map(repr, numbers[odd].tolist()))))

    pieces: list[Any] = []
    for data, start in zip(block.data, layout.before, strict=True):
        if isinstance(data, CodedTexts):
            texts = strings([*map(layout.escape, data.words), layout.nothing])
            rows = np.where(data.codes < 0, len(data.words), data.codes)
            cells = texts.take(array(rows, pa.int64()))
        elif data.dtype.kind == "i":
            cells = pc.cast(array(data.astype(np.int64), pa.int64()), pa.string())
        else:
            cells = pc.coalesce(floats(data), strings([layout.nothing])[0])
        pieces += [strings([start])[0], cells]
    joined = pc.binary_join_element_wise(*pieces, strings([layout.end])[0], strings([""])[0])
    # The records follow each other in the buffer of their array.
    _, offsets, content = joined.buffers()
    edges = np.frombuffer(offsets, dtype=np.int32)
    start = edges[joined.offset]
    end = edges[joined.offset + len(joined)]
    return bytes(memoryview(content)[start:end])
