"""A file with one damaged cell is never misread in silence; large regular texts give the cells that
lines give.
"""

import json
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rural_forecast.errors import RuralForecastError
from rural_forecast.observed.reading import ReadOptions, read
from rural_forecast.observed.reading.amounts import Notation
from rural_forecast.observed.reading.formats.delimited import rows_of
from rural_forecast.observed.reading.formats.regular import regular, regular_objects
from tests.observed.reading.reading import points

OPTIONS = ReadOptions(as_of=date(2026, 1, 1))
YEARS = range(2012, 2020)
NAMES = ("North", "South", "West")
Rows = list[list[str]]


def value(series: int, year: int) -> str:
    trend = 100 + 37 * series + (year - 2012) * (3.7 + series)
    noise = (year * 7 + series * 13) % 11 / 10
    return f"{trend + noise:.1f}"


LAYOUTS: dict[str, Rows] = {
    "ours": [
        ["series_id", "year", "value"],
        *([n, str(y), value(i, y)] for i, n in enumerate(NAMES) for y in YEARS),
    ],
    "long": [
        ["Region", "Year", "Sales"],
        *([n, str(y), value(i, y)] for i, n in enumerate(NAMES) for y in YEARS),
    ],
    "across": [
        ["Region", *map(str, YEARS)],
        *([n, *(value(i, y) for y in YEARS)] for i, n in enumerate(NAMES)),
    ],
    "down": [["Year", *NAMES], *([str(y), *(value(i, y) for i in range(3))] for y in YEARS)],
    "one": [["year", "value"], *([str(y), value(0, y)] for y in YEARS)],
}


DAMAGES: dict[str, Callable[[str, int, str, str], list[str]]] = {
    "letter": lambda text, index, letter, _: [text[:index] + letter + text[index + 1 :]],
    "separator": lambda text, index, _, sign: [text[: index + 1] + sign + text[index + 1 :]],
    "parted": lambda text, index, *_: [text[:index], text[index:]],
    "lost": lambda *_: [],
}


def numbers(path: Path, rows: Rows) -> tuple[dict[tuple[str, str], float], set[str]]:
    path.write_text("\n".join(map(";".join, rows)) + "\n", encoding="utf-8")
    series = read(str(path), OPTIONS)
    notes = {str(note) for one in series for note in one.reading_notes}
    values: dict[tuple[str, str], float] = {}
    for one in series:
        values |= {(one.id, period): number for period, number in points(one).items()}
    return values, notes


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.slow
def test_damage_is_never_silent(
    layout: str, damage: str, tmp_path: Path, data: st.DataObject
) -> None:
    rows = [list(row) for row in LAYOUTS[layout]]
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    text = rows[row][column]
    if damage in ("letter", "separator") and not text[0].isdigit():
        return  # another label
    before, notes = numbers(tmp_path / "data.csv", rows)
    index, letter, sign = (
        data.draw(one)
        for one in (st.integers(0, len(text) - 1), st.sampled_from("oOlIxq"), st.sampled_from(".,"))
    )
    rows[row][column : column + 1] = DAMAGES[damage](text, index, letter, sign)
    try:
        after, others = numbers(tmp_path / "data.csv", rows)
    except RuralForecastError:
        return
    assert others != notes or after == before


def test_a_label_that_is_empty_in_few_rows_is_named(tmp_path: Path) -> None:
    series = product("AB", "XY", YEARS)
    lines = [f"{region},{sector},{year},{year - 2000}.5" for region, sector, year in series]
    lines[0] = lines[0].replace("X", "")
    (tmp_path / "data.csv").write_text(
        "\n".join(["Region,Sector,Year,Sales", *lines]), encoding="utf-8"
    )
    series = read(str(tmp_path / "data.csv"), OPTIONS)
    assert "blank_label" in {note.code for note in series[0].reading_notes}


def test_a_short_series_with_all_of_its_labels_is_not_named_for_the_empty_label_of_others(
    tmp_path: Path,
) -> None:
    rows = [("A", "X", 8), ("B", "X", 8), ("A", "", 8), ("B", "Y", 2)]
    lines = [
        f"{region},{sector},{2000 + year},{year}.5"
        for region, sector, years in rows
        for year in range(years)
    ]
    (tmp_path / "data.csv").write_text(
        "\n".join(["Region,Sector,Year,Sales", *lines]), encoding="utf-8"
    )
    series = read(str(tmp_path / "data.csv"), OPTIONS)
    assert "blank_label" not in {note.code for note in series[0].reading_notes}


_NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.floats(-1e9, 1e9, allow_nan=False).map(repr),
    st.decimals(-10_000, 10_000, places=3, allow_nan=False).map(str),
    st.sampled_from(
        ["007", "+5", "-0", "12.", ".5", "1,5", "2014", "2014.5", "1e3", "", "-", "1.2.3"]
    ),
)
_TEXTS = st.text("abc ä预.-9", max_size=20).map(str.strip)
_ROWS = st.lists(
    st.tuples(_TEXTS, _NUMBERS, st.sampled_from(["2014", "2015"])), min_size=1, max_size=30
)


def cells_of(arrays: Any) -> list[list[Any]]:
    words, index = arrays
    return [[words.cells[code] for code in row] for row in index.tolist()]


@given(_ROWS, st.sampled_from([";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_delimited_text_has_the_cells_and_numbers_that_a_reader_of_lines_finds(
    rows: list[tuple[str, str, str]], sign: str, end: str
) -> None:
    text = end.join(sign.join(row) for row in [("name", "value", "year"), *rows])
    arrays = regular(text.encode(), sign)
    assert arrays is not None
    assert [[cell or "" for cell in row] for row in cells_of(arrays)] == [
        row for _, row in rows_of(text, "x", sign)
    ]
    words, index = arrays
    values, _ = words.values(index, Notation())
    for code in set(index.flatten().tolist()):
        if words.numbers[code] == words.numbers[code]:
            assert repr(float(values[code])) == repr(float(words.cells[code]))
    assert len({words.cells[code] for code in index[1:, 0].tolist()}) == len(
        set(index[1:, 0].tolist())
    )


@given(
    st.lists(
        st.tuples(st.text("ab ä,:{}", max_size=12), st.integers(1, 9999), st.floats(-1e6, 1e6)),
        min_size=1,
    )
)
def test_ndjson_has_the_values_that_json_finds(rows: list[tuple[str, int, float]]) -> None:
    text = "\n".join(
        json.dumps({"id": a, "year": b, "value": c}, ensure_ascii=False) for a, b, c in rows
    )
    arrays = regular_objects(text.encode())
    if arrays is None:  # an exponent
        assert "e" in text.replace("value", "").replace("year", "")
        return
    assert cells_of(arrays) == [["id", "year", "value"], *([a or None, b, c] for a, b, c in rows)]
    assert [type(row[2]) for row in cells_of(arrays)[1:]] == [float] * len(rows)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1",2\n',
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        "a,b\n1, 2\n",
        "a,b\n,\n",
        "a,a\n1,2\n",
        "a,b\r1,2\r",
        "a,b\n\n1,2\n",
        "a,b\n1\t,2\n",
        "a\n1\n",
    ],
)
def test_other_texts_are_left_to_the_reader_of_lines(text: str) -> None:
    assert regular(text.encode(), ",") is None


@pytest.mark.parametrize(
    "line",
    [
        '{"a": "x", "b": 01}',
        '{"a": "x", "b": +1}',
        '{"a": "x", "b": null}',
        '{"a": "x", "b": "1"}',
        '{"a": 1, "b": 1}',
        '{"b": "x", "a": 1}',
        '{"a": "x", "b": 1, "c": 2}',
        '{"a": "x\\n", "b": 1}',
        '{"a": "x"}',
        '{"a": "x", "b": 1 }',
        '{"a": "x", "b": 1]',
        '{"a": "x", "b": [1]}',
        '["a": "x", "b": 1}',
        '{"a": "x", "b": -01}',
    ],
)
def test_other_objects_are_left_to_the_reader_of_lines(line: str) -> None:
    assert regular_objects(('{"a": "x", "b": 1}\n' * 3 + line + "\n").encode()) is None
