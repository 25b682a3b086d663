"""Workbooks: values and a chart of forecasts, a live model of a sizing that LibreOffice works out as we do."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

import rural_forecast as rf
from rural_forecast.document.table import Column, Document, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.workbook import render
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.views import panel, project, scenario, size
from tests.render.documents import FOUNDING, NASTY

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (apt-get install libreoffice-calc)"
)
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop>
</item>
</oor:items>
"""
"""Settings with which LibreOffice works out every formula when it opens a file."""


@pytest.fixture(scope="module")
def sized() -> bytes:
    return render(size.document(rf.size("rural_online_retail", draws=2000)))


def sheet(data: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def part(data: bytes, name: str) -> str:
    with ZipFile(BytesIO(data)) as parts:
        return "".join(parts.read(each).decode() for each in parts.namelist() if re.fullmatch(name, each))


def converted(data: bytes, form: str, folder: Path) -> bytes:
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(ALWAYS)
    (folder / "book.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", form, "--outdir", str(folder / "out"), str(folder / "book.xlsx")]
    subprocess.run([str(SOFFICE), profile, *convert], check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"book.{form}").read_bytes()


@needs_libreoffice
@pytest.mark.slow
def test_libreoffice_works_out_the_same_numbers(sized: bytes, tmp_path: Path) -> None:
    theirs = sheet(converted(sized, "xlsx", tmp_path), "Summary")
    pairs = [
        (our, their)
        for row, other in zip(sheet(sized, "Summary"), theirs, strict=True)
        for our, their in zip(row, other, strict=False)
        if isinstance(our, float)
    ]
    assert len(pairs) > 20
    for our, their in pairs:
        assert their == pytest.approx(our, rel=1e-9, abs=1e-9)


@needs_libreoffice
@pytest.mark.slow
def test_a_sizing_prints_on_two_pages(sized: bytes, tmp_path: Path) -> None:
    assert len(re.findall(rb"/Type\s*/Page\b", converted(sized, "pdf", tmp_path))) == 2


def test_a_sizing_is_a_live_model_with_a_tornado(sized: bytes) -> None:
    result = rf.size("rural_online_retail", draws=2000)
    rows = {str(row[0]): row for row in sheet(sized, "Summary")}
    assert rows["users"][3] == pytest.approx(result.drivers["users"][-1].value)
    low, base, high = rows["market"][2:5]
    assert low < base < high
    assert re.search(r"<f>\(\(\(?MIN\(", part(sized, "xl/worksheets/sheet1.xml"))
    tornado = part(sized, "xl/charts/chart1.xml")
    assert "barChart" in tornado
    assert {"D9A680", "0067A5"} <= set(re.findall(r'srgbClr val="(\w+)"', tornado)), "one colour for each end"
    assert "driver_users" in part(sized, "xl/workbook.xml")


def forecasts(folder: Path) -> dict[str, tuple[Document, list[float]]]:
    """Documents over years, each with the last values that its chart draws."""
    file = folder / "parts.csv"
    rows = [f"{name},{2016 + at},{size + at}" for name, size in (("a", 5), ("b", 9)) for at in range(8)]
    file.write_text("\n".join(("part,year,value", *rows)))
    parts = rf.panel(file, horizon=2)
    turnover = rf.forecast(rf.read("turnover"), year=2018)
    stated = rf.scenario(rf.read("mofcom"), Scenario("slow", growth=2.0), year=2028)
    order = [0, *sorted((1, 2), key=lambda node: -parts.values[node, -1])]
    return {
        "project": (project.document(turnover), [float(turnover.best.values[-1])]),
        "scenario": (
            scenario.document(stated),
            [float(stated.baseline.best.values[-1]), float(stated.outcomes[0].path.values[-1])],
        ),
        "panel": (panel.document(parts), [float(parts.values[node, -1]) for node in order]),
    }


@pytest.mark.parametrize("command", ["project", "scenario", "panel"])
def test_a_forecast_is_values_with_one_chart_of_the_workbook(command: str, tmp_path: Path) -> None:
    document, last = forecasts(tmp_path)[command]
    data = render(document)
    assert "<f>" not in part(data, r"xl/worksheets/.*\.xml")
    charts = part(data, r"xl/charts/chart\d+\.xml")
    assert charts.count("<c:chartSpace") == 1
    assert ("areaChart" in charts) == (command == "project")
    assert sheet(data, "Chart")[-1][1 : 1 + len(last)] == pytest.approx(last, rel=1e-12)
    assert 'name="Chart" sheetId="2" state="hidden"' in part(data, "xl/workbook.xml")


def test_the_areas_of_a_chart_are_the_intervals() -> None:
    result = rf.forecast(rf.read("turnover"), year=2018)
    rows = sheet(render(project.document(result)), "Chart")
    assert rows[0] == ["", "bn CNY", "base", "95 % range", "80 % range", "95 % range"]
    best = result.best
    edges = [best.lower[1, -1], best.lower[0, -1], best.upper[0, -1], best.upper[1, -1]]
    heights = rows[-1][2:]
    assert [sum(heights[: place + 1]) for place in range(4)] == pytest.approx(edges)
    assert rows[3][1:] == [482, 482, 0, 0, 0], "an interval begins at the last value"


def test_a_workbook_has_a_summary_details_and_the_records_last_which_do_not_print() -> None:
    data = render(FOUNDING)
    assert CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names == ["Summary", "Chart", "Details", "Records"]
    header, first, _ = sheet(data, "Records")
    assert header == [column.key for column in FOUNDING.records.columns]
    assert first == list(FOUNDING.records.rows[0])
    assert sheet(data, "Summary")[0][0] == FOUNDING.title
    details = [row[0] for row in sheet(data, "Details")]
    assert [row for row in details if row in ("Published estimates", "What other models say of 2018", "Notes")] == [
        "Published estimates", "What other models say of 2018", "Notes",
    ]  # fmt: skip
    areas = dict(re.findall(r"Print_Area\"[^>]*>(\w+)!([^<]+)", part(data, "xl/workbook.xml")))
    assert list(areas) == ["Details", "Records", "Summary"]
    column, row = re.findall(r"\$(\w+)\$(\d+)", areas["Records"])[0]
    records = part(data, "xl/worksheets/sheet4.xml")
    assert f'r="{column}{row}"' not in records, "the area is an empty cell"
    assert "do not print" in records


def test_text_is_never_a_formula_or_a_link() -> None:
    xml = part(render(NASTY), r".*sheet.*")
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert sheet(render(NASTY), "Records")[1][0] == "=cmd|' /C calc'!A0"


def test_a_text_that_no_cell_holds_is_refused() -> None:
    document = Document("test", Table((Column("note"),), (("x" * 32_768,),)))
    with pytest.raises(OutputError, match="Column note has a text of 32,768 characters"):
        render(document)


def test_rows_with_units_of_their_own_have_digits_of_their_own() -> None:
    def styles(*, mixed: bool) -> str:
        column = Column("value", "Value", "number", mixed=mixed)
        table = Table((column,), ((24243.8912,), (0.5561,)))
        return part(render(Document("test", Table((), ()), sections=(table,))), "xl/styles.xml")

    assert '"#,##0.0000"' in styles(mixed=True)
    assert 'formatCode="#,##0"' in styles(mixed=True)
    assert '"#,##0.0000"' not in styles(mixed=False)


def test_sources_are_text_with_their_address_beside_the_page() -> None:
    source = {"id": "a1", "publisher": "=cmd()", "title": "An article", "date": "2017", "url": "https://example.org/"}
    table = Table((Column("period", "Year", "year"),), ((2015,),))
    document = Document("project", table, sections=(table,), series=({"id": "market", "sources": (source,)},))
    rows = sheet(render(document), "Details")
    assert [cell for cell in rows[1] if cell] == ["=cmd(). Each one is below, where it is not printed."]
    assert [cell for cell in rows[4] if cell] == ["=cmd(), An article, 2017", "https://example.org/"]
