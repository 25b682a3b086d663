"""Large texts whose lines are alike, read by arrays: the same number of cells a line, no quote that means something.

Distinct cells are found by their bytes, and plain numbers computed from their digits; a cell becomes an object of
Python when somebody asks for it. Any other text is read line by line, to the same grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.series.reading.grid import NUMBER, TEXT, Chained, Codes, Words
from rural_forecast.text.patterns import expression

LEAST = 50_000
"""Bytes of a text that is worth it."""
_LONGEST = 64
"""Bytes of a cell."""
_ODD = expression(rb'["\0\t\v\f\x1c-\x1f]')
_KEY = expression(rb'"([^"\\{}:,]+)" ?: ?("?)')
_TENS = np.array([float(f"1e{power}") for power in range(17)])
_SAMPLE = 4000
Offsets = NDArray[np.int64]
Signs = NDArray[np.uint8]


class _Text(NamedTuple):
    data: bytes
    """With a margin of NULs behind it."""
    signs: NDArray[np.uint8]


class _Cells(Sequence[Any]):
    """Distinct cells of a column, each made when it is asked for."""

    def __init__(self, data: bytes, starts: Offsets, ends: Offsets, read: Callable[[str], Any]) -> None:
        self._data, self._starts, self._ends, self._read = data, starts, ends, read

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, code: Any) -> Any:
        return self._read(self._data[self._starts[code] : self._ends[code]].decode())


def regular(data: bytes, delimiter: str) -> tuple[Words, Codes] | None:
    """The cells of delimited text in UTF-8; None where its lines are not alike, or a sign may mean something else."""
    sign, ends_so = delimiter.encode(), data.count(b"\r")
    spaced = data[:1] == b" " or sign + b" " in data or b"\n " in data
    if spaced or ends_so != data.count(b"\r\n") or _ODD.search(data.replace(b"\t", b"") if sign == b"\t" else data):
        return None
    if not data.endswith(b"\n"):
        data += b"\n"
    text = _with_margin(data)
    marks = np.flatnonzero((text.signs == ord(delimiter)) | (text.signs == ord("\n")))
    width = 1 + data.count(sign, 0, data.index(b"\n"))
    if len(marks) % width or width < 2:
        return None
    ends = marks.reshape(-1, width)
    if (text.signs[ends] != np.array([ord(delimiter)] * (width - 1) + [ord("\n")], np.uint8)).any():
        return None
    starts = np.concatenate([[0], marks[:-1] + 1]).reshape(-1, width)
    if ends_so:
        ends[:, -1] -= text.signs[ends[:, -1] - 1] == ord("\r")
    filled = ends > starts
    heads = [data[start:end] for start, end in zip(starts[0].tolist(), ends[0].tolist(), strict=True)]
    if len(set(heads)) < width or b"" in heads or not filled.any(axis=1).all():
        return None
    return _columns(text, starts, ends, [str] * width, [])


def regular_objects(data: bytes) -> tuple[Words, Codes] | None:
    """The values of NDJSON under a row of its keys; None where its lines are not alike, or hold more than that."""
    if b"\\" in data or b"\r" in data or b"\t" in data or not data.startswith(b"{"):
        return None
    if not data.endswith(b"\n"):
        data += b"\n"
    first = data[: data.index(b"\n")]
    keys = list(_KEY.finditer(first))
    names = [key[1].decode() for key in keys]
    if not keys or len(set(names)) < len(names):
        return None
    text = _with_margin(data)
    found = _between_keys(text, [bool(key[2]) for key in keys])
    if found is None or data.count(b'"') != len(found[0]) * sum(4 if key[2] else 2 for key in keys):
        return None
    return _columns(text, *found, [str if key[2] else _number for key in keys], names)


def _between_keys(text: _Text, quoted: Sequence[bool]) -> tuple[Offsets, Offsets] | None:
    """Where the values of objects begin and end; None where the text around them is not that of the first line."""
    signs, width = text.signs, 2 * len(quoted)
    marks = np.flatnonzero((signs == ord(",")) | (signs == ord(":")) | (signs == ord("\n")))
    if len(marks) % width:
        return None
    at, begins = marks.reshape(-1, width), np.concatenate([[0], marks[:-1] + 1]).reshape(-1, width)
    wanted = np.array([ord(":"), ord(",")] * len(quoted), np.uint8)
    wanted[-1] = ord("\n")
    starts, ends = begins[:, 1::2] + (signs[begins[:, 1::2]] == ord(" ")), at[:, 1::2].copy()
    ends[:, -1] -= 1  # the brace
    if (signs[at] != wanted).any() or (signs[ends[:, -1]] != ord("}")).any():
        return None
    for column, is_text in enumerate(quoted):
        before, length = begins[:, 2 * column], int(at[0, 2 * column] - begins[0, 2 * column])
        if (at[:, 2 * column] - before != length).any() or length > _LONGEST - 8:
            return None
        keys = _signs(text, before, before + length)
        if (keys != keys[0]).any():
            return None
        if is_text:
            starts[:, column] += 1
            ends[:, column] -= 1
            quotes = signs[starts[:, column] - 1], signs[ends[:, column]]
            if (ends[:, column] < starts[:, column]).any() or any((each != ord('"')).any() for each in quotes):
                return None
    return starts, ends


def _number(text: str) -> Any:
    return float(text) if "." in text else int(text)


def _with_margin(data: bytes) -> _Text:
    data += bytes(_LONGEST)
    return _Text(data, np.frombuffer(data, np.uint8)[:-_LONGEST])


def _columns(
    text: _Text, starts: Offsets, ends: Offsets, kinds: Sequence[Callable[[str], Any]], names: Sequence[str]
) -> tuple[Words, Codes] | None:
    """The cells between offsets, one column each, under `names` where the text has none."""
    parts: list[Sequence[Any]] = [[None, *names]]
    numbers, filled = [np.full(1 + len(names), np.nan)], [np.zeros(1 + len(names), dtype=np.uint8)]
    index: Codes = np.empty((len(starts) + bool(names), starts.shape[1]), dtype=np.int32)
    if names:
        index[0] = np.arange(len(names)) + 1
    before = 1 + len(names)
    for column, kind in enumerate(kinds):
        start, end = starts[:, column], ends[:, column]
        if int((end - start).max()) > _LONGEST - 8:
            return None
        signs = _signs(text, start, end)
        values = None
        found = _distinct(signs[:_SAMPLE])
        if found is not None and len(found[0]) >= 0.9 * len(signs[:_SAMPLE]):
            values = _plain(signs, end - start)
        if values is not None and np.isfinite(values[1:]).all():  # of many different numbers, none is looked up
            found = slice(None), np.arange(len(start))
        elif len(signs) > _SAMPLE:
            found = _distinct(signs)
        if found is None:
            return None
        first, codes = found
        values = _plain(signs[first], (end - start)[first]) if values is None else values[first]
        start, end, signs = start[first], end[first], signs[first]
        if kind is not str and (np.isnan(values) | _is_odd_json(signs)).any():
            return None
        index[bool(names) :, column] = np.where(start == end, 0, np.arange(before, before + len(start)))[codes]
        parts.append(_Cells(text.data, start, end, kind))
        numbers.append(values)
        seen = (signs[:, 0] > ord(" ")) & (signs[:, 0] < 127)
        filled.append(np.where(seen, TEXT if kind is str else NUMBER, 0).astype(np.uint8))
        before += len(start)
    return Words(Chained(parts), np.concatenate(numbers), np.concatenate(filled)), index


def _is_odd_json(signs: Signs) -> NDArray[np.bool_]:
    """Which numbers JSON does not know: those that begin with a plus or a zero too many."""
    minus = signs[:, 0] == ord("-")
    first, second = (np.where(minus, signs[:, at + 1], signs[:, at]) for at in (0, 1))
    odd: NDArray[np.bool_] = (first == ord("+")) | ((first == ord("0")) & (second - ord("0") < 10))
    return odd


def _signs(text: _Text, starts: Offsets, ends: Offsets) -> Signs:
    """The bytes of cells, NULs behind each."""
    lengths = ends - starts
    windows: NDArray[np.uint64] = np.ndarray((len(text.data) - 7,), "<u8", text.data, 0, (1,))
    masks = np.array([(1 << 8 * at) - 1 for at in range(9)], dtype=np.uint64)
    longest = range(0, max(int(lengths.max(initial=0)), 1) + 1, 8)
    words = [windows[starts + at] & masks[np.clip(lengths - at, 0, 8)] for at in longest]
    return np.ascontiguousarray(np.stack(words, axis=1)).view(np.uint8)


def _distinct(signs: Signs) -> tuple[Any, Offsets] | None:
    """The first place of each distinct cell, and which of them each cell is; None where their keys are not clear."""
    words = signs.view(np.uint64)
    key = words[:, 0].copy()
    for at in range(1, words.shape[1]):
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + words[:, at]
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))  # most cells are that of the row above
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
    """The numbers in cells of digits and a point, as `float` reads them; NaN for any other.

    Fifteen digits are exact as a float, and so is a power of ten up to the 22nd; so their quotient is rounded once.
    """
    digits = signs - ord("0")
    is_digit, is_point = digits < 10, signs == ord(".")
    count, points = is_digit.sum(axis=1), is_point.sum(axis=1)
    signed = (signs[:, 0] == ord("-")) | (signs[:, 0] == ord("+"))
    first, last = (is_digit[np.arange(len(signs)), at] for at in (signed.astype(np.int64), np.maximum(lengths - 1, 0)))
    good = first & last & (points < 2) & (count + points + signed == lengths)
    whole = np.zeros(len(signs), dtype=np.int64)
    for at in range(min(signs.shape[1], 17) if good.any() else 0):
        whole = np.where(is_digit[:, at], whole * 10 + digits[:, at], whole)
    decimals = np.where(points > 0, lengths - 1 - is_point.argmax(axis=1), 0)
    values: NDArray[np.float64] = whole / _TENS[np.where(good & (count <= 15), decimals, 0)]
    values = np.where(good, np.where(signs[:, 0] == ord("-"), -values, values), np.nan)
    longer = np.flatnonzero(good & (count > 15))
    values[longer] = signs[longer].view(f"S{signs.shape[1]}")[:, 0].astype(np.float64)
    return values
