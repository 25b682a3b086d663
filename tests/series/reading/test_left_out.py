"""Nothing that was read is dropped in silence: every cell with content is used, refused, or named as left out."""

import json
import re
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError
from rural_forecast.series.findings import check
from rural_forecast.series.growth import growth
from rural_forecast.series.reading import ReadOptions, read
from tests.series.reading.reading import from_text

NUMBERS = st.integers(1, 99).map(str)
NAMES = st.sampled_from(["North", "South", "see text"])
WIDE_HEADS = (
    *("2021", "2022", "2023", "2024", "2024E", "2025F", "2O24", "20245", "CAGR", "Rank", "Notes on method", ""),
    *("2024 growth", "同比", "unit", "note", "source"),
)
LONG_HEADS = ("growth_pct", "Comment", "Rank", "", "lower_80", "2024E", "units", "flag", "source", "note", "status")


@given(st.data())
def test_every_cell_of_a_wide_sheet_is_used_or_named(data: st.DataObject) -> None:
    heads = data.draw(st.lists(st.sampled_from(WIDE_HEADS), min_size=1, max_size=7, unique=True))
    count = data.draw(st.integers(1, 3))
    row = st.tuples(*(st.one_of(st.just(""), NUMBERS, NAMES if not head[:1].isdigit() else NUMBERS) for head in heads))
    rows = data.draw(st.lists(row, min_size=count, max_size=count))
    text = "\n".join([",".join(("Region", *heads)), *(",".join((f"r{i}", *cells)) for i, cells in enumerate(rows))])
    try:
        found = from_text(text, allow_gaps=True)
    except InputError:
        return  # refused, and so not dropped
    places = {seen.place: 0 for one in found for seen in one.observations}
    for one in found:
        for seen in one.observations:
            places[seen.place] += 1
    notes = [note for one in found for note in one.reading_notes]
    used = {"2021", "2022", "2023", "2024", "2024E", "2025F"}
    filled = sum(_has_values(heads, cells, used) for cells in rows)
    for index, cells in enumerate(rows):
        values = sum(bool(cell) for head, cell in zip(heads, cells, strict=True) if head in used)
        assert places.get(f"standard input:{index + 2}", 0) == values
    for place, head in enumerate(heads, 1):
        content = [cells[place - 1] for cells in rows if cells[place - 1] and _has_values(heads, cells, used)]
        known = head in used or (head in ("unit", "note", "source") and not all(cell.isdigit() for cell in content))
        if content and not known and not _in_remarks(found, head, content):
            texts = not any(cell.isdigit() for cell in content)
            if texts and len(rows) > 1 and len(set(content)) == 1 and len(content) in (len(rows), filled):
                continue  # a label that says the same of all rows
            assert not content[0].isdigit() or {"left_out", "mistyped_year"} & {note.code for note in notes}, (
                text,
                notes,
            )


def _has_values(heads: list[str], cells: tuple[str, ...], used: set[str]) -> bool:
    """Whether a row is no empty one, which is left out whole."""
    return any(cell and head in used for head, cell in zip(heads, cells, strict=True))


def _in_remarks(found: tuple[Any, ...], head: str, content: list[str]) -> bool:
    """Whether a column of remarks is found with the observations."""
    if head not in ("unit", "note", "source"):
        return False
    said = {one.unit for one in found} if head == "unit" else set()
    said |= {getattr(seen, head) for one in found for seen in one.observations} if head != "unit" else set()
    return set(content) <= said


@given(st.data())
def test_every_column_of_a_long_form_is_used_or_named(data: st.DataObject) -> None:
    heads = data.draw(st.lists(st.sampled_from(LONG_HEADS), min_size=1, max_size=5, unique=True))
    rows = data.draw(
        st.lists(st.tuples(*(st.one_of(st.just(""), NUMBERS, NAMES) for _ in heads)), min_size=1, max_size=3)
    )
    lines = [",".join((str(2020 + i), str(10 + i), *cells)) for i, cells in enumerate(rows)]
    text = "\n".join([",".join(("year", "value", *heads)), *lines])
    try:
        (series,) = from_text(text)
    except InputError:
        return
    assert len(series.observations) == len(rows)
    for place, head in enumerate(heads):
        content = [cells[place] for cells in rows if cells[place]]
        if not content or head in ("growth_pct", "source", "note", "status"):
            continue
        if len(rows) > 1 and len(set(content)) == 1 and len(content) == len(rows) and not content[0].isdigit():
            continue
        if head == "units" and set(content) == {series.unit}:
            continue
        assert "left_out" in {note.code for note in series.reading_notes}, (text, series.reading_notes)


def test_the_reasons() -> None:
    (series,) = from_text("Region,2021,2022,CAGR,同比,,Remark\nNorth,12,13,0.1,8.3,7,restated\n")
    (note,) = series.reading_notes
    assert str(note) == (
        "Left out of standard input: column 'CAGR', column '同比', column 6 without a name at standard input:2 and "
        "1 more (not a year)."
    )
    (series,) = from_text("year,value,other,comment\n2021,12,5,a\n2022,13,6,b\n")
    (note,) = series.reading_notes
    assert "column 'other' (not the value column); column 'comment' (not used)." in str(note)


def test_labels_need_no_line() -> None:
    (series,) = from_text("year,value,country\n2021,12,China\n2022,13,China\n")
    assert series.reading_notes == ()
    found = from_text("id,year,value,country\na,2021,12,China\na,2022,12,China\nb,2021,12,India\nb,2022,13,India\n")
    assert [one.reading_notes for one in found] == [(), ()]
    found = from_text("Country,Indicator,2021,2022\nChina,GDP,1,2\nIndia,GDP,1,2\n")
    assert [one.reading_notes for one in found] == [(), ()]


def test_many_columns_are_named_and_the_rest_counted() -> None:
    heads = [f"x{i}" for i in range(30)]
    (series,) = from_text(f"Region,2021,{','.join(heads)}\nNorth,12,{','.join('1' * 30)}\n")
    assert "column 'x2' and 27 more (not a year)." in str(series.reading_notes[0])


TOTALS = ("Total", "合计", "Sum", "World", "Grand total", "总计", "全国", "Grand Total (bn CNY)")


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_among_regions_is_named(name: str) -> None:
    text = f"Region,2021,2022\nNorth,12,13\nSouth,10,11\n{name},22,24.2\n"
    found = from_text(text)
    assert [one.reading_notes[0].code for one in found] == ["total_row"] * 3
    assert repr(name) in str(found[0].reading_notes[0])
    assert any("with the name of a sum of others" in str(note) for note in growth(*found).notes)
    assert from_text(text, series_id=name)[0].reading_notes == ()
    assert from_text(text.replace(name, "East"))[0].reading_notes == ()
    assert from_text(f"Region,2021,2022\n{name},22,24.2\n")[0].reading_notes == ()


def test_keys_of_a_document_and_hidden_sheets_are_named(tmp_path: Any) -> None:
    rows = [{"year": 2021, "value": 12}]
    (series,) = from_text(json.dumps({"rows": rows, "notes": [], "extra": {"2022": 5}}))
    assert [*map(str, series.reading_notes)] == ["Left out of standard input: key 'extra' (only its 'rows' are read)."]
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        for name, year in (("Main", 2021), ("More", 2022)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["year", "value"])
            sheet.write_row(1, 0, [year, 12])
        sheet.hide()
    (series,) = read(str(tmp_path / "book.xlsx"), ReadOptions())
    assert [*map(str, series.reading_notes)] == ["Left out of book.xlsx: sheet 'More' (hidden)."]


def test_the_check_finds_a_mistyped_year() -> None:
    (series,) = from_text("Region,2021,2022,2023,2O24,CAGR\nNorth,12,13,15,30,1\n")
    (found,) = check(series)
    assert (found.code, found.severity) == ("reading", "warning")
    assert re.search("2O24.*2024", str(found.note))
    assert "CAGR" in str(series.reading_notes[1])


@pytest.mark.parametrize("header", ["year,units", "year,unit", "units,year", "region_name,year,units"])
def test_a_column_of_numbers_named_units_is_the_value(header: str) -> None:
    cells = {"year": "2021", "units": "12", "unit": "12", "region_name": "North"}
    row = ",".join(cells[name] for name in header.split(","))
    (series,) = from_text(f"{header}\n{row}\n")
    assert [seen.value for seen in series.observations] == [12]


def test_a_unit_of_text_stays_a_unit_beside_units_of_numbers() -> None:
    (series,) = from_text("year,units,unit\n2021,12,cars\n2022,13,cars\n")
    assert ([seen.value for seen in series.observations], series.unit) == ([12, 13], "cars")
    (series,) = from_text("year,volume,units\n2021,12,cars\n2022,13,cars\n")
    assert series.unit == "cars"


def test_a_column_of_text_is_never_proposed_as_the_value() -> None:
    (series,) = from_text("year,region,volume\n2021,North,12\n2022,North,13\n")
    assert [seen.value for seen in series.observations] == [12, 13]
    text = "year,region,rural,urban\n2021,North,12,1\n2022,North,13,2\n"
    assert [one.id for one in from_text(text)] == ["rural", "urban"]
    with pytest.raises(InputError, match="holds no table of years"):
        from_text("year,region\n2021,North\n")
