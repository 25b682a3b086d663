"""Records by column, for the text formats: the cells of a document, or the arrays of a batch, with
the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.document.table import Block, Cell, Column, Document, Table, Words


class Layout(NamedTuple):
    """The texts around the cells of a record."""

    before: list[str]
    end: str
    escape: Callable[[str], str]
    nothing: str


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
        """The records of a batch."""
        layout = self.layout(block.columns)
        try:
            import pyarrow  # noqa: F401, ICN001 - only whether it is there
        except ImportError:
            return text(block, layout).encode()
        first = block.data[0]
        return (
            _joined(block, layout)
            if len(first.codes if isinstance(first, Words) else first)
            else b""
        )

    def stream(self, path: Path, columns: tuple[Column, ...]) -> _TextStream:
        """A file that is written piece by piece."""
        return _TextStream(path, self, columns)


class _TextStream:
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
    """The rows by column, as plain cells."""
    return Block(table.columns, tuple(zip(*table.rows, strict=True)) or ((),) * len(table.columns))


def text(block: Block, layout: Layout) -> str:
    """The records, joined in Python."""
    columns = []
    for data, start in zip(block.data, layout.before, strict=True):
        if isinstance(data, Words):  # each is escaped once
            words = [*(start + layout.escape(word) for word in data.words), start + layout.nothing]
            columns.append([words[code] for code in data.codes.tolist()])
        else:
            columns.append([start + _text(cell, layout) for cell in cells(data)])
    return "".join(map("".join, zip(*columns, repeat(layout.end), strict=False))) if columns else ""


def cells(data: Any) -> list[Cell]:
    """The cells of one column."""
    if isinstance(data, Words):
        texts = [*data.words, None]
        return [texts[code] for code in data.codes.tolist()]
    return (
        list(data)
        if isinstance(data, tuple)
        else [cell if cell == cell else None for cell in data.tolist()]
    )


def _text(cell: Cell, layout: Layout) -> str:
    if isinstance(cell, float):
        return float.__repr__(cell)  # a NumPy float would name its type
    if isinstance(cell, bool):
        return str(cell).lower()
    return (
        layout.nothing
        if cell is None
        else layout.escape(cell)
        if isinstance(cell, str)
        else int.__repr__(cell)
    )


def _joined(block: Block, layout: Layout) -> bytes:
    """The records, joined by pyarrow: its arrays are made of buffers, as it imports pandas to look
    at our objects.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def bits(flags: Any) -> Any:
        return pa.py_buffer(np.packbits(flags, bitorder="little"))

    def array(numbers: Any, kind: Any, known: Any = None) -> Any:
        valid = None if known is None else bits(known)
        return pa.Array.from_buffers(
            kind, len(numbers), [valid, pa.py_buffer(np.ascontiguousarray(numbers))]
        )

    def strings(texts: list[str]) -> Any:
        words = [text.encode() for text in texts]
        ends = np.cumsum([0, *map(len, words)]).astype(np.int32)
        return pa.StringArray.from_buffers(
            len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(words))
        )

    # As by `repr`: pyarrow writes whole, tiny and huge ones its own way.
    def written(numbers: Any) -> Any:
        known = ~np.isnan(numbers)
        size = np.abs(numbers)
        odd = known & ((size < 1e-4) | (size >= 1e10) | (numbers == np.rint(numbers)))
        texts = pc.cast(array(numbers, pa.float64(), known), pa.string())
        mask = pa.Array.from_buffers(pa.bool_(), len(odd), [None, bits(odd)])
        return (
            pc.replace_with_mask(texts, mask, strings([*map(repr, numbers[odd].tolist())]))
            if odd.any()
            else texts
        )

    pieces: list[Any] = []
    for data, start in zip(block.data, layout.before, strict=True):
        if isinstance(data, Words):
            texts = strings([*map(layout.escape, data.words), layout.nothing])
            cells = texts.take(
                array(np.where(data.codes < 0, len(data.words), data.codes), pa.int64())
            )
        elif data.dtype.kind == "i":
            cells = pc.cast(array(data.astype(np.int64), pa.int64()), pa.string())
        else:
            cells = pc.coalesce(written(data), strings([layout.nothing])[0])
        pieces += [strings([start])[0], cells]
    joined = pc.binary_join_element_wise(*pieces, strings([layout.end])[0], strings([""])[0])
    _, offsets, data_of = joined.buffers()
    edges = np.frombuffer(offsets, dtype=np.int32)
    return bytes(memoryview(data_of)[edges[joined.offset] : edges[joined.offset + len(joined)]])
