"""How a workbook shows the numbers that it holds in full."""

from io import BytesIO
from zipfile import ZipFile

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
