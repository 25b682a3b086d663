"""The chart of a batch in its workbook: the answers on one axis, or growth where units differ."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from rural_forecast.document.picture import Picture, Ranges, Row
from rural_forecast.document.table import Cell, Document, Table
from rural_forecast.views import batch
from tests.inside import Cli


def pictured(units: tuple[str, ...], models: tuple[str, ...] = ("consensus",)) -> Picture | None:
    """Draw a batch of one series a unit: each is 100 times its rank, and grows by 10 % a year."""
    rows = list[tuple[Cell, ...]]()
    for rank, unit in enumerate(units, 1):
        size = 100.0 * rank
        name = f"series {rank}"
        rows.append((name, 2024, "actual", "", size, *(None,) * 4, None, unit))
        for model in models:
            bounds = (size, 1.3 * size, 0.9 * size, 1.4 * size)
            rows.append((name, 2025, "forecast", model, 1.1 * size, *bounds, 10.0, unit))
    document = batch.document(rows, (80, 95), Document("batch", Table((), ())))
    return document.picture


def rows_of(picture: Picture | None) -> tuple[Row, ...]:
    assert picture is not None
    assert isinstance(picture.plot, Ranges)
    return picture.plot.rows


def test_answers_in_one_unit_are_drawn_with_their_ranges_the_largest_first() -> None:
    picture = pictured(("bn CNY",) * 3)
    rows = rows_of(picture)
    assert [row.value for row in rows] == pytest.approx([330.0, 220.0, 110.0])
    assert rows[0].bounds == ((80, 300.0, pytest.approx(390.0)),)
    assert rows[0].other == 300.0
    assert picture is not None
    assert picture.title == "3 series, forecast to 2025, in bn yuan"


def test_answers_in_several_units_are_drawn_by_their_growth() -> None:
    picture = pictured(("bn CNY", "m persons"))
    rows = rows_of(picture)
    assert [row.value for row in rows] == pytest.approx([10.0, 10.0])
    assert rows[0].bounds[0] == (80, pytest.approx(0.0), pytest.approx(30.0))
    assert picture is not None
    assert picture.unit == "%"


def test_of_many_series_the_largest_are_drawn_and_the_picture_says_so() -> None:
    picture = pictured(("bn CNY",) * 30)
    assert len(rows_of(picture)) == batch.MOST_DRAWN
    assert picture is not None
    assert f"The {batch.MOST_DRAWN} largest of them" in picture.about


def test_one_series_or_several_models_have_no_common_chart() -> None:
    assert pictured(("bn CNY",)) is None
    assert pictured(("bn CNY",) * 2, ("consensus", "linear")) is None


@pytest.mark.slow
def test_the_workbook_of_a_batch_has_the_chart(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "two.csv"
    head = "series_id,year,value,unit\n"
    rows = [
        f"{name},{year},{size * 1.05 ** (year - 2015):.2f},bn EUR\n"
        for name, size in (("north", 20), ("south", 30))
        for year in range(2015, 2025)
    ]
    source.write_text(head + "".join(rows))
    output = tmp_path / "two.xlsx"
    cli("batch", source, "--year", 2027, "--model", "naive", "-o", output)
    with ZipFile(BytesIO(output.read_bytes())) as book:
        assert "xl/charts/chart1.xml" in book.namelist()
        assert "scatterChart" in book.read("xl/charts/chart1.xml").decode()
