"""Large texts whose lines are alike, delimited or objects of JSON, read by arrays.

The separators of all lines are found in one pass, which gives the first and the last byte of each
cell. Cells of a column are then compared by their bytes, as words of eight, so that only distinct
ones become Python objects, and plain numbers are computed from their digits side by side. Texts
that this does not fit, or whose signs may mean something else, give None, and are read by the csv
or json module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.observed.reading.memory import LazyCells, stacked
from rural_forecast.observed.reading.words import NUMBER, TEXT, Codes, Words
from rural_forecast.text.cells import expression

LEAST = 50_000  # bytes of a text that arrays read

# Bytes of a cell; as many NULs follow a text, so that each cell can be read as words of eight
# bytes.
_LONGEST = 64
_SAMPLE = 4000  # cells that show if those of a column repeat

# A quote, a NUL, and bytes that Python strips off a text as space: a cell may not be what it seems.
_ODD = (b'"', b"\0", b"\t", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x1f")

# The signs between the value before and this one, with its key; then the value. A quote behind the
# colon makes it a text.
_PAIR = expression(
    rb'(?P<before>"?[{,] ?"(?P<key>[^"\\{}:,]+)" ?: ?(?P<quote>")?)'
    rb'(?(quote)[^"\n]*|[^",{}\n]*)'
)
# Signs that no text of JSON holds, in place of what is between the values.
_SIGNS = [*range(1, 10), *range(11, 32)]
_TENS = np.array([float(f"1e{power}") for power in range(17)])

Offsets = NDArray[np.int64]
Signs = NDArray[np.uint8]


class _Template(NamedTuple):
    """The parts of a line of NDJSON that all lines have in common."""

    names: list[str]
    is_text: list[bool]  # of each value
    before: bytes  # the first value
    between: list[bytes]  # the values, such as `, "year": `
    end: bytes  # of the line, with its line end


def regular(data: bytes, delimiter: str) -> tuple[Words, Codes] | None:
    """Read the cells of delimited text in UTF-8.

    None where its lines are not alike, or a sign may mean something else.
    """
    sign = delimiter.encode()
    returns = data.count(b"\r")
    if returns != data.count(b"\r\n"):
        return None
    if data[:1] == b" " or sign + b" " in data or b"\n " in data:
        return None
    if any(odd in data for odd in _ODD if odd != sign):
        return None

    data, signs = _padded(data)
    marks = np.flatnonzero((signs == ord(delimiter)) | (signs == ord("\n")))
    width = 1 + data.count(sign, 0, data.index(b"\n"))
    if len(marks) % width or width < 2:
        return None
    starts, ends = _cells_between(marks, width)
    marks_of_a_line = np.array([ord(delimiter)] * (width - 1) + [ord("\n")], np.uint8)
    if (signs[ends] != marks_of_a_line).any():
        return None
    if returns:
        ends[:, -1] -= signs[ends[:, -1] - 1] == ord("\r")

    first_line = zip(starts[0].tolist(), ends[0].tolist(), strict=True)
    heads = [data[start:end] for start, end in first_line]
    if len(set(heads)) < width or b"" in heads:
        return None
    has_empty_line = not (ends > starts).any(axis=1).all()
    if has_empty_line:
        return None
    return _read(data, starts, ends, [str] * width)


def regular_objects(data: bytes) -> tuple[Words, Codes] | None:
    """Read the values of NDJSON under a row of its keys.

    None where its lines are not alike, or hold more than that.
    """
    if b"\\" in data or not data.startswith(b"{"):
        return None
    if not data.endswith(b"\n"):
        data += b"\n"
    template = _template_of(data[: data.index(b"\n") + 1])
    if template is None or not data.endswith(template.end):
        return None
    count = data.count(b"\n")
    width = len(template.names)
    signs_between = _SIGNS[: width - 1]
    values = _values_apart(data, template, signs_between, count)
    if values is None or b'"' in values:
        return None

    values, signs = _padded(values)
    marks = np.flatnonzero(signs < ord(" "))
    if len(marks) != count * width:
        return None
    starts, ends = _cells_between(marks, width)
    if (signs[ends] != np.array([*signs_between, ord("\n")], np.uint8)).any():
        return None
    kinds = [str if is_text else float for is_text in template.is_text]
    return _read(values, starts, ends, kinds, template.names)


def _template_of(line: bytes) -> _Template | None:
    pairs = list[re.Match[bytes]]()
    end = 0
    while pair := _PAIR.match(line, end):
        pairs.append(pair)
        end = pair.end()
    names = [pair["key"].decode() for pair in pairs]
    if len({*names}) < len(names) or len(names) > len(_SIGNS):
        return None
    is_text = [bool(pair["quote"]) for pair in pairs]
    between = [pair["before"] for pair in pairs[1:]]
    rest = line[end:]
    # A text closes with the quote before what is between the values.
    if [signs.startswith(b'"') for signs in (*between, rest)] != is_text:
        return None
    if rest.strip(b'"') != b"}\n":
        return None
    return _Template(names, is_text, pairs[0]["before"], between, rest)


def _values_apart(
    data: bytes, template: _Template, signs_between: Sequence[int], count: int
) -> bytes | None:
    """Put one sign in place of what is between the values; None where a line differs."""
    data = data[len(template.before) : -len(template.end)] + b"\n"
    replacements = list(zip(signs_between, template.between, strict=True))
    for sign, signs in replacements:
        length = len(data)
        data = data.replace(signs, bytes([sign]))
        if length - len(data) != (len(signs) - 1) * count:
            return None
    line_end = template.end + template.before
    length = len(data)
    data = data.replace(line_end, b"\n")
    return data if length - len(data) == (len(line_end) - 1) * (count - 1) else None


def _padded(data: bytes) -> tuple[bytes, Signs]:
    """End data with a line end, and with NULs that no sign of it is; and give its signs."""
    if not data.endswith(b"\n"):
        data += b"\n"
    data += bytes(_LONGEST)
    return data, np.frombuffer(data, np.uint8)[:-_LONGEST]


def _cells_between(marks: Offsets, width: int) -> tuple[Offsets, Offsets]:
    """Find where cells begin and end, by the marks behind them; shape (rows, width)."""
    starts = np.concatenate([[0], marks[:-1] + 1])
    return starts.reshape(-1, width), marks.reshape(-1, width)


def _read(
    data: bytes,
    starts: Offsets,
    ends: Offsets,
    kinds: Sequence[type],
    names: Sequence[str] = (),
) -> tuple[Words, Codes] | None:
    columns = list[tuple[Words, Codes]]()
    for start, end, kind in zip(starts.T, ends.T, kinds, strict=True):
        column = _column(data, start, end, kind)
        if column is None:
            return None
        columns.append(column)
    return stacked(names, columns)


def _column(data: bytes, start: Offsets, end: Offsets, kind: type) -> tuple[Words, Codes] | None:
    """Read the cells of a column; None where one is too long, or no value of JSON."""
    if int((end - start).max()) > _LONGEST - 8:
        return None
    signs = _signs(data, start, end)
    values = None
    distinct = _distinct(signs[:_SAMPLE])
    if distinct is not None and len(distinct[0]) >= 0.9 * len(signs[:_SAMPLE]):
        values = _plain_numbers(signs, end - start)
    # Of many different numbers, none is looked up: each is a word. The first cell may be a name.
    if values is not None and np.isfinite(values[1:]).all():
        first = np.arange(len(start))
        codes = first
    else:
        if len(signs) > _SAMPLE:
            distinct = _distinct(signs)
        if distinct is None:
            return None
        first, codes = distinct
        start = start[first]
        end = end[first]
        signs = signs[first]
        values = _plain_numbers(signs, end - start) if values is None else values[first]

    if kind is not str and not _are_json_numbers(signs, values):
        return None
    is_visible = (signs[:, 0] > ord(" ")) & (signs[:, 0] < 127)
    filled = np.where(np.append(False, is_visible), TEXT if kind is str else NUMBER, 0)
    cells = LazyCells(len(start), partial(_cells_of, data, start, end, kind))
    words = Words(cells, np.append(np.nan, values), filled.astype(np.uint8))
    word_of = np.where(start == end, 0, np.arange(1, len(start) + 1))
    return words, word_of[codes].astype(np.int32)


def _are_json_numbers(signs: Signs, values: NDArray[np.float64]) -> bool:
    """Return true for plain numbers that begin with no plus and no zero too many, as JSON asks."""
    is_negative = signs[:, 0] == ord("-")
    head = np.where(is_negative, signs[:, 1], signs[:, 0])
    second = np.where(is_negative, signs[:, 2], signs[:, 1])
    is_odd = (head == ord("+")) | ((head == ord("0")) & (second - ord("0") < 10))
    return not (np.isnan(values) | is_odd).any()


def _cells_of(
    data: bytes, start: Offsets, end: Offsets, kind: type, indices: Sequence[int]
) -> list[Any]:
    """Make the cells of some indices: texts, or numbers of JSON."""
    spans = zip(start[indices].tolist(), end[indices].tolist(), strict=True)
    cells = [data[first:last] for first, last in spans]
    # One decoding of all is faster than one of each.
    texts = b"\n".join(cells).decode().split("\n") if cells else []
    if kind is str:
        return texts
    return [float(text) if "." in text else int(text) for text in texts]


def _signs(data: bytes, starts: Offsets, ends: Offsets) -> Signs:
    """Give the bytes of cells, shape (cells, bytes), with NULs behind shorter ones.

    They are read as words of eight bytes, of which the bytes behind the cell are masked.
    """
    lengths = ends - starts
    windows: NDArray[np.uint64] = np.ndarray((len(data) - 7,), "<u8", data, 0, (1,))
    masks = np.array([(1 << 8 * count) - 1 for count in range(9)], dtype=np.uint64)
    longest = max(int(lengths.max(initial=0)), 1)
    words = [
        windows[starts + offset] & masks[np.clip(lengths - offset, 0, 8)]
        for offset in range(0, longest + 1, 8)
    ]
    return np.ascontiguousarray(np.stack(words, axis=1)).view(np.uint8)


def _distinct(signs: Signs) -> tuple[Offsets, Offsets] | None:
    """Find the first index of each distinct cell, and which of them each cell is.

    Cells are compared by a key of their words; None where two of them have one key.
    """
    words = signs.view(np.uint64)
    key = words[:, 0].copy()
    for rank in range(1, words.shape[1]):
        # An odd number without a pattern, that of the golden ratio, spreads the bits.
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + words[:, rank]
    # Most cells are that of the row above.
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    if len(begins) == 1 == words.shape[1]:
        return begins, np.zeros(len(key), np.int64)
    _, first, codes = np.unique(key[begins], return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank_of = np.empty_like(order)
    rank_of[order] = np.arange(len(order))
    first = begins[first[order]]
    codes = np.repeat(rank_of[codes], np.diff(np.append(begins, len(key))))
    if words.shape[1] > 1 and (words[first][codes] != words).any():
        return None
    return first, codes


def _plain_numbers(signs: Signs, lengths: Offsets) -> NDArray[np.float64]:
    """Compute the numbers in cells of digits and a point, as `float` reads them; NaN for others.

    Fifteen digits are exact as a float, and so is a power of ten up to the 22nd: their quotient is
    rounded once. Numbers of more digits are left to NumPy, which reads them one by one.
    """
    # The same byte of all cells side by side, which arrays are quick with.
    by_place = np.ascontiguousarray(signs.T)
    digits = by_place - ord("0")
    is_digit = digits < 10
    is_point = by_place == ord(".")
    is_negative = by_place[0] == ord("-")
    is_signed = is_negative | (by_place[0] == ord("+"))

    count = is_digit.sum(axis=0, dtype=np.int16).astype(np.int64)
    points = is_point.sum(axis=0, dtype=np.int16).astype(np.int64)
    cells = np.arange(len(signs))
    begins_with_digit = is_digit[is_signed.astype(np.int64), cells]
    ends_with_digit = is_digit[np.maximum(lengths - 1, 0), cells]
    is_number = begins_with_digit & ends_with_digit & (points < 2)
    is_number &= count + points + is_signed == lengths

    whole = np.zeros(len(signs), dtype=np.int64)
    if is_number.any():
        for offset in range(min(len(digits), 17)):  # a sign, a point and fifteen digits
            whole = np.where(is_digit[offset], whole * 10 + digits[offset], whole)
    decimals = np.where(points > 0, lengths - 1 - is_point.argmax(axis=0), 0)
    values: NDArray[np.float64] = whole / _TENS[np.where(is_number & (count <= 15), decimals, 0)]
    values = np.where(is_number, np.where(is_negative, -values, values), np.nan)
    longer = np.flatnonzero(is_number & (count > 15))
    values[longer] = signs[longer].view(f"S{signs.shape[1]}")[:, 0].astype(np.float64)
    return values
