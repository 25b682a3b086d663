"""Large texts whose lines are alike, delimited or objects of JSON, read by arrays; bytes identify a
cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.series.reading.memory import LazyCells, stacked
from rural_forecast.series.reading.words import NUMBER, TEXT, Codes, Words
from rural_forecast.text.cells import expression

LEAST = 50_000  # bytes of a text that arrays read

# Bytes of a cell; as many NULs follow a text, so that each cell can be read as words of eight
# bytes.
_LONGEST = 64
_SAMPLE = 4000
_ODD = tuple(bytes([sign]) for sign in b'"\0\t\v\f\x1c\x1d\x1e\x1f')
# A key and its value.
_PAIR = expression(rb'("?[{,] ?"([^"\\{}:,]+)" ?: ?(")?)(?(3)[^"\n]*|[^",{}\n]*)')
# Signs that no text of JSON holds, in place of what is between the values.
_SIGNS = [*range(1, 10), *range(11, 32)]
_TENS = np.array([float(f"1e{power}") for power in range(17)])
Offsets = NDArray[np.int64]
Signs = NDArray[np.uint8]
Kinds = Sequence[type]


def regular(data: bytes, delimiter: str) -> tuple[Words, Codes] | None:
    """The cells of delimited text in UTF-8; None where its lines are not alike, or a sign may mean
    something else.
    """
    sign = delimiter.encode()
    returns = data.count(b"\r")
    spaced = data[:1] == b" " or sign + b" " in data or b"\n " in data
    if spaced or returns != data.count(b"\r\n") or any(odd in data for odd in _ODD if odd != sign):
        return None
    data, signs = _lines(data)
    marks = np.flatnonzero((signs == ord(delimiter)) | (signs == ord("\n")))
    width = 1 + data.count(sign, 0, data.index(b"\n"))
    if len(marks) % width or width < 2:
        return None
    starts, ends = _cells(marks, width)
    if (signs[ends] != np.array([ord(delimiter)] * (width - 1) + [ord("\n")], np.uint8)).any():
        return None
    if returns:
        ends[:, -1] -= signs[ends[:, -1] - 1] == ord("\r")
    heads = [
        data[start:end] for start, end in zip(starts[0].tolist(), ends[0].tolist(), strict=True)
    ]
    if len(set(heads)) < width or b"" in heads or not (ends > starts).any(axis=1).all():
        return None
    return _read(data, starts, ends, [str] * width)


def regular_objects(data: bytes) -> tuple[Words, Codes] | None:
    """The values of NDJSON under a row of its keys; None where its lines are not alike, or hold
    more than that.
    """
    if b"\\" in data or not data.startswith(b"{"):
        return None
    data += b"" if data.endswith(b"\n") else b"\n"
    first = data[: data.index(b"\n") + 1]
    pairs = list[re.Match[bytes]]()
    at = 0
    while pair := _PAIR.match(first, at):
        pairs.append(pair)
        at = pair.end()
    names = [pair[2].decode() for pair in pairs]
    quoted = [bool(pair[3]) for pair in pairs]
    end = first[at:]
    between = [pair[1] for pair in pairs[1:]]  # the values, such as `, "year": `
    if [text.startswith(b'"') for text in [*between, end]] != quoted or end.strip(b'"') != b"}\n":
        return None
    if len({*names}) < len(names) or len(names) > len(_SIGNS) or not data.endswith(end):
        return None
    count = data.count(b"\n")
    data = data[pairs[0].end(1) : -len(end)] + b"\n"
    signs_between = _SIGNS[: len(between)]
    for sign, text in [*zip(signs_between, between, strict=True), (ord("\n"), end + pairs[0][1])]:
        before = len(data)
        data = data.replace(text, bytes([sign]))
        if before - len(data) != (len(text) - 1) * (count - (sign == ord("\n"))):
            return None
    data, signs = _lines(data)
    marks = np.flatnonzero(signs < ord(" "))
    if b'"' in data or len(marks) != count * len(names):
        return None
    starts, ends = _cells(marks, len(names))
    if (signs[ends] != np.array([*signs_between, ord("\n")], np.uint8)).any():
        return None
    return _read(data, starts, ends, [str if text else float for text in quoted], names)


def _lines(data: bytes) -> tuple[bytes, Signs]:
    data += bytes(_LONGEST) if data.endswith(b"\n") else b"\n" + bytes(_LONGEST)
    return data, np.frombuffer(data, np.uint8)[:-_LONGEST]


def _cells(marks: Offsets, width: int) -> tuple[Offsets, Offsets]:
    """Where cells begin and end, by the places of the signs behind them, shape (rows, width)."""
    return np.concatenate([[0], marks[:-1] + 1]).reshape(-1, width), marks.reshape(-1, width)


def _read(
    data: bytes, starts: Offsets, ends: Offsets, kinds: Kinds, names: Sequence[str] = ()
) -> tuple[Words, Codes] | None:
    columns = list(_columns(data, starts, ends, kinds))
    return stacked(names, columns) if len(columns) == len(kinds) else None


def _columns(
    data: bytes, starts: Offsets, ends: Offsets, kinds: Kinds
) -> Iterator[tuple[Words, Codes]]:
    for start, end, kind in zip(starts.T, ends.T, kinds, strict=True):
        if int((end - start).max()) > _LONGEST - 8:
            return
        signs = _signs(data, start, end)
        values = None
        found = _distinct(signs[:_SAMPLE])
        if found is not None and len(found[0]) >= 0.9 * len(signs[:_SAMPLE]):
            values = _plain(signs, end - start)
        # Of many different numbers, none is looked up.
        if values is not None and np.isfinite(values[1:]).all():
            found = slice(None), np.arange(len(start))
        elif len(signs) > _SAMPLE:
            found = _distinct(signs)
        if found is None:
            return
        first, codes = found
        values = _plain(signs[first], (end - start)[first]) if values is None else values[first]
        start = start[first]
        end = end[first]
        signs = signs[first]
        if kind is not str:  # JSON knows no number that begins with a plus or a zero too many
            minus = signs[:, 0] == ord("-")
            head, second = (np.where(minus, signs[:, at + 1], signs[:, at]) for at in (0, 1))
            odd = (head == ord("+")) | ((head == ord("0")) & (second - ord("0") < 10))
            if (np.isnan(values) | odd).any():
                return
        seen = (signs[:, 0] > ord(" ")) & (signs[:, 0] < 127)
        filled = np.where(np.append(False, seen), TEXT if kind is str else NUMBER, 0).astype(
            np.uint8
        )
        cells = LazyCells(len(start), partial(_cells_at, data, start, end, kind))
        words = Words(cells, np.append(np.nan, values), filled)
        yield words, np.where(start == end, 0, np.arange(1, len(start) + 1))[codes].astype(np.int32)


def _cells_at(
    data: bytes, start: Offsets, end: Offsets, kind: type, at: Sequence[int]
) -> list[Any]:
    cells = [
        data[first:last] for first, last in zip(start[at].tolist(), end[at].tolist(), strict=True)
    ]
    texts = b"\n".join(cells).decode().split("\n") if cells else []
    return texts if kind is str else [float(text) if "." in text else int(text) for text in texts]


def _signs(data: bytes, starts: Offsets, ends: Offsets) -> Signs:
    lengths = ends - starts
    windows: NDArray[np.uint64] = np.ndarray((len(data) - 7,), "<u8", data, 0, (1,))
    masks = np.array([(1 << 8 * at) - 1 for at in range(9)], dtype=np.uint64)
    longest = range(0, max(int(lengths.max(initial=0)), 1) + 1, 8)
    words = [windows[starts + at] & masks[np.clip(lengths - at, 0, 8)] for at in longest]
    return np.ascontiguousarray(np.stack(words, axis=1)).view(np.uint8)


def _distinct(signs: Signs) -> tuple[Any, Offsets] | None:
    """The first place of each distinct cell, and which of them each cell is; None where their keys
    are not clear.
    """
    words = signs.view(np.uint64)
    key = words[:, 0].copy()
    for at in range(1, words.shape[1]):
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + words[:, at]
    # Most cells are that of the row above.
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    if len(begins) == 1 == words.shape[1]:
        return begins, np.zeros(len(key), np.int64)
    _, first, codes = np.unique(key[begins], return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    first = begins[first[order]]
    codes = np.repeat(rank[codes], np.diff(np.append(begins, len(key))))
    if words.shape[1] > 1 and (words[first][codes] != words).any():
        return None
    return first, codes


def _plain(signs: Signs, lengths: Offsets) -> NDArray[np.float64]:
    """The numbers in cells of digits and a point, as `float` reads them; NaN for any other."""
    # fifteen digits are exact as a float, and so is a power of ten up to the 22nd: their quotient
    # is rounded once
    # The same byte of all cells side by side, which arrays are quick with.
    by_place = np.ascontiguousarray(signs.T)
    digits = by_place - ord("0")
    is_digit = digits < 10
    is_point = by_place == ord(".")
    count, points = (
        found.sum(axis=0, dtype=np.int16).astype(np.int64) for found in (is_digit, is_point)
    )
    signed = (by_place[0] == ord("-")) | (by_place[0] == ord("+"))
    first, last = (
        is_digit[at, np.arange(len(signs))]
        for at in (signed.astype(np.int64), np.maximum(lengths - 1, 0))
    )
    good = first & last & (points < 2) & (count + points + signed == lengths)
    whole = np.zeros(len(signs), dtype=np.int64)
    for at in range(min(len(digits), 17) if good.any() else 0):
        whole = np.where(is_digit[at], whole * 10 + digits[at], whole)
    decimals = np.where(points > 0, lengths - 1 - is_point.argmax(axis=0), 0)
    values: NDArray[np.float64] = whole / _TENS[np.where(good & (count <= 15), decimals, 0)]
    values = np.where(good, np.where(by_place[0] == ord("-"), -values, values), np.nan)
    longer = np.flatnonzero(good & (count > 15))
    values[longer] = signs[longer].view(f"S{signs.shape[1]}")[:, 0].astype(np.float64)
    return values
