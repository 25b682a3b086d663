"""How a workbook shows the numbers that it holds in full."""

from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.render.xlsx import render


def styles(column: Column) -> str:
    table = Table((column,), ((24243.8912,), (0.5561,)))
    return ZipFile(BytesIO(render(Document("test", Table((), ()), sections=(table,))))).read("xl/styles.xml").decode()


def test_rows_with_units_of_their_own_have_digits_of_their_own() -> None:
    alone, alike = (styles(Column("value", "Value", "number", mixed=mixed)) for mixed in (True, False))
    assert '"#,##0.0000"' in alone
    assert 'formatCode="#,##0"' in alone
    assert '"#,##0.0000"' not in alike


SOURCES = ({"id": "a1", "publisher": "=cmd()", "title": "An article", "date": "2017", "url": "https://example.org/"},)


def test_sources_are_text_with_their_address_beside_the_page() -> None:
    table = Table((Column("period", "Year", "year"),), ((2015,),))
    document = Document("project", table, sections=(table,), series=({"id": "market", "sources": SOURCES},))
    rows = CalamineWorkbook.from_filelike(BytesIO(render(document))).get_sheet_by_name("Details").to_python()
    assert [cell for cell in rows[1] if cell] == ["=cmd(). Each one is below, where it is not printed."]
    assert [cell for cell in rows[4] if cell] == ["=cmd(), An article, 2017", "https://example.org/"]
    assert render(document) == render(document)
