"""A file with one damaged cell is refused, read with a note, or gives the numbers that it gave before."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.reading import ReadOptions, read

OPTIONS = ReadOptions(as_of=date(2026, 1, 1))
YEARS, NAMES = range(2012, 2020), ("North", "South", "West")
Rows = list[list[str]]


def value(series: int, year: int) -> str:
    return f"{100 + 37 * series + (year - 2012) * (3.7 + series) + (year * 7 + series * 13) % 11 / 10:.1f}"


LAYOUTS: dict[str, Rows] = {
    "ours": [["series_id", "year", "value"], *([n, str(y), value(i, y)] for i, n in enumerate(NAMES) for y in YEARS)],
    "long": [["Region", "Year", "Sales"], *([n, str(y), value(i, y)] for i, n in enumerate(NAMES) for y in YEARS)],
    "across": [["Region", *map(str, YEARS)], *([n, *(value(i, y) for y in YEARS)] for i, n in enumerate(NAMES))],
    "down": [["Year", *NAMES], *([str(y), *(value(i, y) for i in range(3))] for y in YEARS)],
    "one": [["year", "value"], *([str(y), value(0, y)] for y in YEARS)],
}


def letter(text: str, draw: Callable[..., int]) -> list[str]:
    at = draw(st.integers(0, len(text) - 1))
    return [text[:at] + draw(st.sampled_from("oOlIxq")) + text[at + 1 :]]  # type: ignore[call-overload]


def separator(text: str, draw: Callable[..., int]) -> list[str]:
    at = draw(st.integers(1, len(text) - 1))
    return [text[:at] + draw(st.sampled_from([".", ","])) + text[at:]]  # type: ignore[call-overload]


def parted(text: str, draw: Callable[..., int]) -> list[str]:
    at = draw(st.integers(0, len(text)))
    return [text[:at], text[at:]]


def lost(text: str, draw: Callable[..., int]) -> list[str]:
    return []


def numbers(path: Path, rows: Rows) -> tuple[dict[tuple[str, str], float], set[str]]:
    path.write_text("\n".join(map(";".join, rows)) + "\n", encoding="utf-8")
    series = read(str(path), OPTIONS)
    notes = {str(note) for each in series for note in each.reading_notes}
    return {(each.id, str(seen.period)): seen.value for each in series for seen in each.observations}, notes


@pytest.mark.parametrize("damage", [letter, separator, parted, lost])
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.slow
def test_damage_is_never_silent(
    layout: str, damage: Callable[..., list[str]], tmp_path: Path, data: st.DataObject
) -> None:
    rows = [list(row) for row in LAYOUTS[layout]]
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    text = rows[row][column]
    if damage in (letter, separator) and not text[0].isdigit():
        return  # another label
    before, notes = numbers(tmp_path / "data.csv", rows)
    rows[row][column : column + 1] = damage(text, data.draw)
    try:
        after, others = numbers(tmp_path / "data.csv", rows)
    except RuralForecastError:
        return
    assert others != notes or after == before


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Year;South;West\n2018;1.5;2.5;3.5\n2019;1.6;2.6;3.6\n", "column 4 has figures and no name"),
        ("Year;No;rth;West\n2018;1.5;2.5\n2019;1.6;2.6\n", "header has 4 names"),
        ("Year;Sales\n2018;1.5\n2019;1.6\n1.7\n", "'1.7'"),
        ("Year;Sales\n1.4\n2018;1.5\n2019;1.6\n", "'1.4'"),
        ("year;value\n2018;1.5\n2019;1.6\n1.7\n", "'1.7'"),
    ],
)
def test_a_lost_or_split_cell_is_refused(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(RuralForecastError, match=message):
        numbers(tmp_path / "data.csv", [line.split(";") for line in rows.splitlines()])


def test_a_label_that_is_empty_in_few_rows_is_named(tmp_path: Path) -> None:
    lines = [f"{region},{sector},{year},{year - 2000}.5" for region in "AB" for sector in "XY" for year in YEARS]
    lines[0] = lines[0].replace("X", "")
    (tmp_path / "data.csv").write_text("\n".join(["Region,Sector,Year,Sales", *lines]), encoding="utf-8")
    series = read(str(tmp_path / "data.csv"), OPTIONS)
    assert "blank_label" in {note.code for note in series[0].reading_notes}
