"""The workbook's own chart and its sheet of sources, read back by others."""

from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.render.xlsx import render

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
COLUMNS = (
    Column("period", "Year", "year"),
    Column("value", "Value", "number"),
    Column("lower_80", "80 % interval", "number"),
    Column("upper_80", "", "number", ends_range=True),
)
ROWS = ((2015, 353.0, None, None), (2016, 482.0, None, None), (2017, 600.0, 500.0, 700.0))
SOURCES = ({"id": "a1", "publisher": "=cmd()", "title": "An article", "date": "2017", "url": "https://example.org/"},)


def workbook(title: str = "History and forecast", columns: tuple[Column, ...] = COLUMNS) -> bytes:
    section = Table(columns, ROWS, title=title)
    return render(Document("project", section, sections=(section,), series=({"id": "market", "sources": SOURCES},)))


def charts(data: bytes) -> list[ET.Element]:
    with ZipFile(BytesIO(data)) as parts:
        return [ET.fromstring(parts.read(name)) for name in parts.namelist() if name.startswith("xl/charts/chart")]


def test_values_and_bounds_are_drawn_from_their_cells() -> None:
    (chart,) = charts(workbook())
    references = [one.text for one in chart.iter(f"{CHART}f")]
    assert references.count("Summary!$A$3:$A$5") == 3
    assert "Summary!$B$3:$B$5" in references
    assert [one.text for one in chart.iter(f"{CHART}v")][:1] == ["Value"]


def test_a_table_without_numbers_by_year_gets_no_chart() -> None:
    by_name = (Column("model", "Model"), *COLUMNS[1:])
    assert charts(workbook(columns=by_name)) == []


def test_a_title_from_data_is_no_formula() -> None:
    (chart,) = charts(workbook(title="=SUM(A1)"))
    assert not [one for title in chart.iter(f"{CHART}title") for one in title.iter(f"{CHART}f")]


def test_sources_are_text_with_their_address_beside_the_page() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook()))
    rows = book.get_sheet_by_name("Details").to_python()
    assert [cell for cell in rows[1] if cell] == ["=cmd(). Each one is below, where it is not printed."]
    assert [cell for cell in rows[4] if cell] == ["=cmd(), An article, 2017", "https://example.org/"]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert workbook() == workbook()
