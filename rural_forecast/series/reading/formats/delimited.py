"""Text with cells apart by commas, semicolons, tabs, bars or spaces, lines of any length.

Large texts whose lines are alike, with the same number of cells and no quote that means something, are read by arrays:
distinct cells are found by their bytes, and plain numbers computed from their digits; a cell becomes an object of
Python when somebody asks for it. Any other text is read line by line, to the same grid.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.grid import TEXT, Codes, Grid, Words, grid_of_lines
from rural_forecast.series.reading.limits import at_line, check_size
from rural_forecast.series.reading.memory import Made, stacked
from rural_forecast.text.cells import MOST_SHOWN, shown
from rural_forecast.text.patterns import expression
from rural_forecast.text.wording import counted

LEAST = 50_000
"""Bytes of a text that arrays read."""
SAMPLE = 200_000
"""Characters that show which sign is between the cells."""
_REST_OF_NUMBER = expression(r"[0-9]{1,3}(\.[0-9]+)?|")
"""The digits that a comma within a number leaves in a cell of their own."""
_BOTH = expression(r"([^:\s]+): ?(\S.*)")


def delimiter_of(text: str) -> str:
    """The sign that fits the lines of a text best; a space where no sign does."""
    sample = text[:SAMPLE].rpartition("\n")[0] if len(text) > SAMPLE else text
    best, found = 0.0, " "
    for sign in (";", "\t", "|", ","):  # a comma may be within numbers, so it is last of equals
        reader = csv.reader(StringIO(sample, newline=""), delimiter=sign, skipinitialspace=sign != "\t")
        try:
            widths = [len(cells) for cells in reader if cells] if sign in sample else []
        except csv.Error:
            continue
        counts = Counter(width for width in widths if width > 1)
        if counts:
            usual, times = counts.most_common(1)[0]
            score = times * counts.total() / len(widths) * (1 + 0.02 * min(usual, 50))
            if score > best:
                best, found = score, sign
    return found


def delimited(text: str, name: str) -> Grid:
    """The cells of a text. Raises InputError if it is too wide, or a quote never closes."""
    sign = delimiter_of(text)
    if sign == " ":
        if text.count("\n") < 2:
            check_size(name, 1, max(map(text.count, ",;\t")))
        return _spaced(text, name)
    if len(text) > LEAST and ": " not in text[: text.find("\n")] and (made := regular(text.encode(), sign)):
        return Grid(name, *made, lambda row, column: at_line(name, row + 1, column + 1), delimiter=sign)
    rows = [(line, cells) for line, cells in rows_of(text, name, sign) if not is_blank(cells)]
    doubt = _split_number(name, rows) if sign == "," else None
    return grid_of_lines(name, _without_labels_in_codes(rows), delimiter=sign, doubt=doubt)


def is_blank(cells: Sequence[str]) -> bool:
    """True if a row holds nothing."""
    return not (cells and cells[0]) and not "".join(cells).strip()


def _without_labels_in_codes(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """SDMX-CSV with `GEO: Area` as head and `DE: Germany` as cell, each as two columns; other rows as they are."""
    if not rows or not any(cell.startswith("TIME_PERIOD:") for cell in rows[0][1]):
        return rows
    heads = rows[0][1]
    pairs = [(line, [_BOTH.fullmatch(cell) for cell in cells[: len(heads)]], cells) for line, cells in rows]
    both = [
        at
        for at in range(len(heads))
        if pairs[0][1][at] and any(at < len(found) and found[at] for _, found, _ in pairs[1:])
    ]
    made = []
    for line, found, cells in pairs:
        parted: list[str] = []
        for at, cell in enumerate(cells):
            match = found[at] if at < len(found) and (at in both or line == rows[0][0]) else None
            code, text = match.groups() if match else (cell, "")
            parted += [code, text] if at in both else [code]
        made.append((line, parted))
    return made


def rows_of(text: str, name: str, delimiter: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text, each with the number of its first line. Raises InputError for a quote out of place."""
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        problem, hint = "a quote is out of place.", "Quote the whole cell"
        if "unexpected end of data" in str(error):
            problem, hint = "a quote opens in this row and never closes.", "Close it"
        elif "field larger" in str(error):
            problem = f"a cell of this row is longer than {csv.field_size_limit():,} characters."
            hint = "Close the quote that opens there"
        else:
            line = first_line + reader.line_num - 1
        hint += '; write a quote within a cell twice ("").'
        raise InputError(problem, hint, place=at_line(name, line)) from None


def ragged_row(place: Place, cells: Sequence[str], width: int, delimiter: str) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    quotes = '; a comma within a cell needs quotes ("1,234")' if delimiter == "," else ""
    row = shown(delimiter.join(cells[:MOST_SHOWN]))
    problem = f"the row has {counted(len(cells), 'cell')}, and the header has {width}: {row}."
    return InputError(problem, f"Give each row one cell for each column{quotes}.", place=place)


def _split_number(name: str, rows: Sequence[tuple[int, list[str]]]) -> InputError | None:
    """The refusal of a row that commas within numbers make wider than the row of names above it."""
    header = 0
    for line, row in rows:
        width = len(row)
        while width > header and not row[width - 1].strip():
            width -= 1
        if width > header:
            if header > 1 and all(_REST_OF_NUMBER.fullmatch(cell.strip()) for cell in row[header:width]):
                return ragged_row(at_line(name, line), row, header, ",")
            header = width
    return None


def _spaced(text: str, name: str) -> Grid:
    """Columns apart by spaces; lines that begin with # are remarks, but for one with a word for each column."""
    rows: list[list[str]] = []
    for line in map(str.strip, text.splitlines()):
        wide = re.split(r"\s{2,}|\t", line)
        rows.append([line] if line.startswith("#") else wide if len(wide) > 1 else line.split())
    usual = Counter(len(row) for row in rows if row and not row[0].startswith("#")).most_common(1)
    for at, row in enumerate(rows):
        words = row[0].strip("# ").split() if row and row[0].startswith("#") else []
        if usual and len(words) == usual[0][0] > 1:
            rows[at] = words
    return grid_of_lines(name, enumerate(rows, 1), delimiter=" ")


# Large texts whose lines are alike

_LONGEST = 64
"""Bytes of a cell; as many NULs follow a text, so that each cell can be read as words of eight bytes."""
_SAMPLE = 4000
_ODD = tuple(bytes([sign]) for sign in b'"\0\t\v\f\x1c\x1d\x1e\x1f')
_TENS = np.array([float(f"1e{power}") for power in range(17)])
Offsets = NDArray[np.int64]
Signs = NDArray[np.uint8]


def regular(data: bytes, delimiter: str) -> tuple[Words, Codes] | None:
    """The cells of delimited text in UTF-8; None where its lines are not alike, or a sign may mean something else."""
    sign, returns = delimiter.encode(), data.count(b"\r")
    spaced = data[:1] == b" " or sign + b" " in data or b"\n " in data
    if spaced or returns != data.count(b"\r\n") or any(odd in data for odd in _ODD if odd != sign):
        return None
    data += bytes(_LONGEST) if data.endswith(b"\n") else b"\n" + bytes(_LONGEST)
    signs = np.frombuffer(data, np.uint8)[:-_LONGEST]
    marks = np.flatnonzero((signs == ord(delimiter)) | (signs == ord("\n")))
    width = 1 + data.count(sign, 0, data.index(b"\n"))
    if len(marks) % width or width < 2:
        return None
    starts, ends = np.concatenate([[0], marks[:-1] + 1]).reshape(-1, width), marks.reshape(-1, width)
    if (signs[ends] != np.array([ord(delimiter)] * (width - 1) + [ord("\n")], np.uint8)).any():
        return None
    if returns:
        ends[:, -1] -= signs[ends[:, -1] - 1] == ord("\r")
    heads = [data[start:end] for start, end in zip(starts[0].tolist(), ends[0].tolist(), strict=True)]
    if len(set(heads)) < width or b"" in heads or not (ends > starts).any(axis=1).all():
        return None
    columns = list(_columns(data, starts, ends))
    return stacked((), columns) if len(columns) == width else None


def _columns(data: bytes, starts: Offsets, ends: Offsets) -> Iterator[tuple[Words, Codes]]:
    """The words of each column and the code of each cell, up to a column that arrays cannot read."""
    for start, end in zip(starts.T, ends.T, strict=True):
        if int((end - start).max()) > _LONGEST - 8:
            return
        signs = _signs(data, start, end)
        values = None
        found = _distinct(signs[:_SAMPLE])
        if found is not None and len(found[0]) >= 0.9 * len(signs[:_SAMPLE]):
            values = _plain(signs, end - start)
        if values is not None and np.isfinite(values[1:]).all():  # of many different numbers, none is looked up
            found = slice(None), np.arange(len(start))
        elif len(signs) > _SAMPLE:
            found = _distinct(signs)
        if found is None:
            return
        first, codes = found
        values = _plain(signs[first], (end - start)[first]) if values is None else values[first]
        start, end, signs = start[first], end[first], signs[first]
        seen = (signs[:, 0] > ord(" ")) & (signs[:, 0] < 127)
        filled = np.where(np.append(False, seen), TEXT, 0).astype(np.uint8)
        words = Words(_made(data, start, end), np.append(np.nan, values), filled)
        yield words, np.where(start == end, 0, np.arange(1, len(start) + 1))[codes].astype(np.int32)


def _made(data: bytes, start: Offsets, end: Offsets) -> Made:
    def make(at: Sequence[int]) -> list[Any]:
        cells = [data[first:last] for first, last in zip(start[at].tolist(), end[at].tolist(), strict=True)]
        return b"\n".join(cells).decode().split("\n") if cells else []

    return Made(len(start), make)


def _signs(data: bytes, starts: Offsets, ends: Offsets) -> Signs:
    """The bytes of cells, NULs behind each."""
    lengths = ends - starts
    windows: NDArray[np.uint64] = np.ndarray((len(data) - 7,), "<u8", data, 0, (1,))
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
    by_place = np.ascontiguousarray(signs.T)  # the same byte of all cells side by side, which arrays are quick with
    digits = by_place - ord("0")
    is_digit, is_point = digits < 10, by_place == ord(".")
    count, points = (found.sum(axis=0, dtype=np.int16).astype(np.int64) for found in (is_digit, is_point))
    signed = (by_place[0] == ord("-")) | (by_place[0] == ord("+"))
    first, last = (is_digit[at, np.arange(len(signs))] for at in (signed.astype(np.int64), np.maximum(lengths - 1, 0)))
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
