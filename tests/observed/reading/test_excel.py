import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.reading import ReadOptions, read, read_one
from rural_forecast.observed.reading.formats import spreadsheet
from rural_forecast.system.extras import install_line
from tests.observed.reading.reading import points
from tests.programs import python

ROWS: list[list[Any]] = [["year", "value"], [2014, 180], [2015, 353], [2016, 482.5]]
EXPECTED = {"2014": 180, "2015": 353, "2016": 482.5}
OLD = Path(__file__).parent / "market.xls"

Fill = Callable[[Any, Any], None]


def rows(content: list[list[Any]], top: int = 0, left: int = 0) -> Fill:
    def fill(_book: Any, sheet: Any) -> None:
        for number, row in enumerate(content):
            sheet.write_row(top + number, left, row)

    return fill


def workbook(path: Path, **sheets: Fill) -> str:
    with xlsxwriter.Workbook(path) as book:
        for name, fill in sheets.items():
            fill(book, book.add_worksheet(name))
    return str(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.xlsx"


def test_a_sheet(path: Path) -> None:
    (series,) = read(workbook(path, Sheet1=rows(ROWS, 3, 1)))
    assert (series.id, series.file, points(series)) == ("market", str(path), EXPECTED)
    assert [one.place for one in series.observations][-1] == f"{path}!Sheet1!C7"


def test_dates_empty_rows_and_a_wide_sheet(path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["region", "", None])
        for column, year in enumerate((2014, 2015, 2016), 2):
            sheet.write_datetime(0, column, datetime(year, 12, 31), form)  # noqa: DTZ001
        sheet.write_row(2, 0, ["rural", None, 180, 353, 482.5])

    (series,) = read(workbook(path, Sheet1=fill))
    assert (series.id, points(series)) == ("rural", EXPECTED)
    assert series.observations[0].place == f"{path}!Sheet1!C3"


def test_one_filled_sheet_is_chosen_and_several_are_refused(path: Path) -> None:
    def nothing(_book: Any, _sheet: Any) -> None:
        pass

    assert (
        points(read_one(workbook(path, Empty=nothing, Data=rows(ROWS)), ReadOptions())) == EXPECTED
    )
    both = workbook(path, Data=rows(ROWS), Other=rows(ROWS))
    with pytest.raises(InputError, match="several sheets: 'Data', 'Other'") as caught:
        read(both)
    assert "sheet" in caught.value.hint
    assert points(read_one(both, ReadOptions(sheet="other"))) == EXPECTED
    with pytest.raises(UsageError, match="no sheet 'X'"):
        read(both, ReadOptions(sheet="X"))
    with pytest.raises(InputError, match="is empty"):
        read(workbook(path, Empty=nothing))
    sheets = {
        f"Part {number}": rows([["Region", "Sales"], ["North", number]]) for number in (1, 2, 3)
    }
    with pytest.raises(InputError, match="holds no table of years") as caught:
        read_one(workbook(path, **sheets))
    assert caught.value.code == "input"  # no cell of the first sheet is to blame


def test_a_sheet_without_figures_is_no_choice_beside_one_with_figures(path: Path) -> None:
    header = ["Region", 2019, 2020, 2021]
    plan = rows([header, ["North", "..", "..", ".."]])
    filled = rows([header, ["North", 1, 2, 3]])
    series = read_one(workbook(path, Plan=plan, Data=filled), ReadOptions())
    assert [*points(series).values()] == [1, 2, 3]
    with pytest.raises(InputError, match="has no values"):
        read_one(workbook(path, Plan=plan), ReadOptions())


def sheet_of(*sales: int, heads: Sequence[str] = ("Source", "Sales")) -> Fill:
    return rows([["Sales by source"], [*heads], ["Shops", sales[0]], ["Online", sales[1]]])


@pytest.mark.parametrize(
    ("names", "periods"),
    [(("2020", "2021"), ["2020", "2021"]), (("1998-1999", "1999-2000"), ["1998", "1999"])],
    ids=["years", "financial years"],
)
def test_sheets_named_by_years_with_the_same_heads_are_one_table(
    path: Path, names: Sequence[str], periods: Sequence[str]
) -> None:
    book = workbook(path, **dict(zip(names, [sheet_of(5, 7), sheet_of(6, 9)], strict=True)))
    series = read_one(book, ReadOptions(series_id="Online"))
    assert points(series) == dict(zip(periods, [7, 9], strict=True))
    assert series.observations[1].place == f"{path}!{names[1]}!B4"


def test_a_column_of_sums_without_a_name_is_no_damage_where_it_is_apart(path: Path) -> None:
    heads = ["Year", "Oil", "Gas", None, None]
    sums = [[2019, 5, 1, None, 6], [2020, 6, 2, None, 8], [2021, 7, 3, None, 10]]
    book = workbook(path, Data=rows([heads, *sums]))
    assert points(read_one(book, ReadOptions(series_id="Gas"))) == {"2019": 1, "2020": 2, "2021": 3}
    beside = [[*row[:3], row[4]] for row in [heads, *sums]]
    with pytest.raises(InputError, match="has figures and no name"):
        read_one(workbook(path, Data=rows(beside)), ReadOptions(series_id="Gas"))


def test_sheets_named_by_years_with_other_heads_are_refused(path: Path) -> None:
    other = sheet_of(6, 9, heads=("Source", "Profit"))
    with pytest.raises(InputError, match="holds no table of years"):
        read_one(workbook(path, **{"2020": sheet_of(5, 7), "2021": other}), ReadOptions())


def test_of_a_workbook_we_wrote_the_sheet_of_rows_is_chosen(path: Path) -> None:
    header = ["series_id", "period", "kind", "model", "value", "unit"]
    ours = rows(
        [header, *(["market", year, "actual", None, value, "bn CNY"] for year, value in ROWS[1:])]
    )
    assert (
        points(read_one(workbook(path, Notes=rows([["A note"]]), Records=ours), ReadOptions()))
        == EXPECTED
    )
    with pytest.raises(InputError, match="several sheets"):
        read(workbook(path, One=ours, Other=ours, Notes=rows([["A note"]])))


def test_hidden_sheets_are_not_chosen_sound_or_damaged(path: Path) -> None:
    def hidden(book: Any, sheet: Any) -> None:
        rows(ROWS)(book, sheet)
        sheet.hide()

    sound = Path(workbook(path, Data=rows(ROWS), Old=hidden)).read_bytes()
    with zipfile.ZipFile(BytesIO(sound)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet" if name.endswith("sheet2.xml") else old.read(name))
    damaged = path.read_bytes()
    for data in (sound, damaged):
        path.write_bytes(data)
        series = read_one(str(path), ReadOptions())
        assert points(series) == EXPECTED
        assert [*map(str, series.reading_notes)] == [
            "Left out of market.xlsx: sheet 'Old' (hidden)."
        ]


def test_ranges(path: Path) -> None:
    table = rows(
        [["Title of the table"], [], *[["x", *row, "y"] for row in ROWS], ["total", 1, 2, 3]]
    )
    file = workbook(path, Sheet1=table)
    for text in ("B3:C6", "$B$3:$C$6", "Sheet1!B3:C6"):
        assert points(read_one(file, ReadOptions(sheet=text))) == EXPECTED
    with pytest.raises(InputError, match="holds no cells"):
        read(file, ReadOptions(sheet="Z50"))
    for text in ("3", "C6:B3", "B0", "ABCD1"):
        with pytest.raises(UsageError):
            read(file, ReadOptions(sheet=text))


NEVER = "is a formula whose value was never saved"


@pytest.mark.parametrize(
    ("cell", "content", "says", "hint"),
    [
        ("B3", ("=NA()", None, "#N/A"), "2015 is missing", "allow_gaps"),
        ("A3", ("=A2+1",), f"A3: column 'year' {NEVER}", "save it"),
        ("C3", ("=B3-B2",), f"C3: column 'growth_pct' {NEVER}", "save it"),
        ("B3", "#DIV/0!", "B3: column 'value': '#DIV/0!'", "Repair"),
        ("B3", True, "B3: column 'value': 'True' is true or false", ""),
        ("A3", 42735, "A3: column 'year': '42735' is a year outside", "2016-12-31"),
        ("A3", 2014.5, "A3: column 'year': '2014.5' is not a period", ""),
    ],
)
def test_refusals_name_the_cell(path: Path, cell: str, content: Any, says: str, hint: str) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        rows(ROWS)(_book, sheet)
        if cell.startswith("C"):
            sheet.write("C1", "growth_pct")
        sheet.write_formula(cell, *content) if isinstance(content, tuple) else sheet.write(
            cell, content
        )

    with pytest.raises(InputError) as caught:
        read(workbook(path, Sheet1=fill))
    assert says in caught.value.message
    assert hint in caught.value.hint


def test_formulas_count_as_their_saved_values_and_a_column_never_saved_is_named_as_left_out(
    path: Path,
) -> None:
    def saved(book: Any, sheet: Any) -> None:
        rows(ROWS)(book, sheet)
        sheet.write_formula("B3", "=350+3", None, 353)

    assert points(read_one(workbook(path, Sheet1=saved), ReadOptions())) == EXPECTED

    def fill(book: Any, sheet: Any) -> None:
        rows([["A title"], [], ["Region", 2020, 2021, "CAGR"], ["North", 5, 6], ["South", 3, 4]])(
            book, sheet
        )
        for row in (4, 5):
            sheet.write_formula(f"D{row}", f"=C{row}/B{row}-1")

    north, _ = read(workbook(path, Sheet1=fill))
    assert "left_out" in {note.code for note in north.reading_notes}
    assert north.account is not None
    assert north.account.skipped["another column"] == 3


def test_the_old_kind_of_workbook_and_its_damage(tmp_path: Path) -> None:
    assert points(read_one(str(OLD), ReadOptions())) == EXPECTED
    for length in (700, 3000):
        damaged = tmp_path / "damaged.xls"
        damaged.write_bytes(OLD.read_bytes()[:length])
        with pytest.raises(
            InputError, match=r"damaged, or no workbook|cannot be read|that can be read"
        ):
            read(str(damaged))


def test_opendocument(tmp_path: Path) -> None:
    def cell(value: object) -> str:
        kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
        text = f"<text:p>{value}</text:p>"
        return f'<table:table-cell office:value-type="{kind}">{text}</table:table-cell>'

    cells = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in ROWS)
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet1">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    path = tmp_path / "market.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    assert points(read_one(str(path), ReadOptions())) == EXPECTED


@pytest.mark.slow
def test_a_missing_extra_gives_its_install_line(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules |= {'python_calamine': None, 'pyarrow': None}\n"
        "from rural_forecast.errors import UsageError\n"
        "from rural_forecast.observed.reading import read\n"
    )
    for suffix, start in (("xls", b"\xd0\xcf\x11\xe0"), ("parquet", b"PAR1")):
        path = tmp_path / f"market.{suffix}"
        path.write_bytes(start + b"anything")
        code += f"try: read({str(path)!r})\nexcept UsageError as error: print(error.hint)\n"
    for hint, extra in zip(python(code).splitlines(), ("excel", "parquet"), strict=True):
        assert hint.endswith(install_line(extra))


CELLS = {
    "number": '<c r="{}"><v>1.5</v></c>',
    "text": '<c r="{}" t="s"><v>0</v></c>',
    "percent": '<c r="{}" s="1"><v>0.5</v></c>',
    "empty": '<c r="{}" s="1"/>',
    "error": '<c r="{}" t="e"><v>#REF!</v></c>',
    "formula": '<c r="{}"><f>A1</f><v>2</v></c>',
    "formula of 0": '<c r="{}"><f>A1</f><v>0</v></c>',
    "formula without value": '<c r="{}" t="str"><f>A1</f></c>',
}
UNUSUAL = "<c t='n' r='{}'><v>1</v></c>"


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from([*CELLS])), max_size=3), max_size=5
    )
)
def test_cells_in_the_usual_form_are_read_together_as_one_by_one(
    content: list[list[tuple[int, str]]],
) -> None:
    lines = []
    for number, cells in enumerate(content, 1):
        inside = "".join(CELLS[kind].format(f"{'ABC'[column]}{number}") for column, kind in cells)
        lines.append(f'<row r="{number}" spans="1:3">{inside}</row>')
    xml = f"<sheetData>{''.join(lines)}</sheetData>".encode()
    assert spreadsheet._usual_cells(xml) is not None
    facts: list[object] = []
    for read_facts in (spreadsheet._facts_of, spreadsheet._facts_by_cell):
        try:
            facts.append(read_facts(xml, "a.xlsx!Data", frozenset([b"1"])))
        except InputError as error:
            facts.append(str(error))
    assert facts[0] == facts[1]


def test_a_cell_in_another_form_turns_all_cells_to_be_read_one_by_one() -> None:
    xml = f"<row>{UNUSUAL.format('A1')}{CELLS['number'].format('B1')}</row>".encode()
    assert spreadsheet._usual_cells(xml) is None


def test_sheets_that_span_too_much_together_are_refused_with_one_to_choose(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name in ("North", "South"):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([["year", "value"], [2020, 1], [2021, 2]]):
                sheet.write_row(row, 0, cells)
            sheet.write(9, 9, "note")  # each spans 100 cells
    monkeypatch.setattr(spreadsheet, "MOST_CELLS_OF_ALL", 150)
    with pytest.raises(InputError, match="spans more than 150 cells") as caught:
        read(str(path))
    assert "North" in caught.value.hint
    (series,) = read(str(path), ReadOptions(sheet="North"))
    assert len(series.observations) == 2
