"""Large regular texts are read by arrays, to what the readers of lines make of them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.series.reading.amounts import Notation
from rural_forecast.series.reading.formats.delimited import rows_of
from rural_forecast.series.reading.formats.regular import regular, regular_objects

_NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.floats(-1e9, 1e9, allow_nan=False).map(repr),
    st.decimals(-10_000, 10_000, places=3, allow_nan=False).map(str),
    st.sampled_from(["007", "+5", "-0", "12.", ".5", "1,5", "2014", "2014.5", "1e3", "", "-", "1.2.3"]),
)
_TEXTS = st.text("abc ä预.-9", max_size=20).map(str.strip)
_ROWS = st.lists(st.tuples(_TEXTS, _NUMBERS, st.sampled_from(["2014", "2015"])), min_size=1, max_size=30)


def cells_of(made: Any) -> list[list[Any]]:
    words, index = made
    return [[words.cells[code] for code in row] for row in index.tolist()]


@given(_ROWS, st.sampled_from([";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_delimited_text_has_the_cells_and_numbers_that_a_reader_of_lines_finds(
    rows: list[tuple[str, str, str]], sign: str, end: str
) -> None:
    text = end.join(sign.join(row) for row in [("name", "value", "year"), *rows])
    made = regular(text.encode(), sign)
    assert made is not None
    assert [[cell or "" for cell in row] for row in cells_of(made)] == [row for _, row in rows_of(text, "x", sign)]
    words, index = made
    values, _ = words.values(index, Notation())
    for code in set(index.flatten().tolist()):
        if words.numbers[code] == words.numbers[code]:
            assert repr(float(values[code])) == repr(float(words.cells[code]))
    assert len({words.cells[code] for code in index[1:, 0].tolist()}) == len(set(index[1:, 0].tolist()))


@given(st.lists(st.tuples(st.text("ab ä", max_size=12), st.integers(1, 9999), st.floats(-1e6, 1e6)), min_size=1))
def test_ndjson_has_the_values_that_json_finds(rows: list[tuple[str, int, float]]) -> None:
    text = "\n".join(json.dumps({"id": a, "year": b, "value": c}, ensure_ascii=False) for a, b, c in rows)
    made = regular_objects(text.encode())
    if made is None:  # an exponent
        assert "e" in text.replace("value", "").replace("year", "")
        return
    assert cells_of(made) == [["id", "year", "value"], *([a or None, b, c] for a, b, c in rows)]
    assert [type(row[2]) for row in cells_of(made)[1:]] == [float] * len(rows)


@pytest.mark.parametrize("text", [
    'a,b\n"1",2\n', "a,b\n1\n", "a,b\n1,2,3\n", "a,b\n1, 2\n", "a,b\n,\n", "a,a\n1,2\n", "a,b\r1,2\r", "a,b\n\n1,2\n",
    "a,b\n1\t,2\n", "a\n1\n",
])  # fmt: skip
def test_other_texts_are_left_to_the_reader_of_lines(text: str) -> None:
    assert regular(text.encode(), ",") is None


@pytest.mark.parametrize("line", [
    '{"a": "x", "b": 01}', '{"a": "x", "b": +1}', '{"a": "x", "b": null}', '{"a": "x", "b": "1"}', '{"a": 1, "b": 1}',
    '{"b": "x", "a": 1}', '{"a": "x", "b": 1, "c": 2}', '{"a": "x\\n", "b": 1}', '{"a": "x,y", "b": 1}', '{"a": "x"}',
    '{"a": "x", "b": 1 }', '{"a": "x", "b": 1]', '{"a": "x", "b": [1]}', '["a": "x", "b": 1}', '{"a": "x", "b": -01}',
])  # fmt: skip
def test_other_objects_are_left_to_the_reader_of_lines(line: str) -> None:
    assert regular_objects(('{"a": "x", "b": 1}\n' * 3 + line + "\n").encode()) is None
