"""The live formulas of workbooks: what LibreOffice works out is what we say, and changing a cell moves the path."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

import rural_forecast as rf
from rural_forecast.render import formats
from rural_forecast.views import project, size

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
Rows = list[list[object]]


def book(what: str) -> bytes:
    if what == "size":
        shown = size.document(rf.size("rural_online_retail", draws=2000))
    else:
        shown = project.document(rf.forecast(rf.read(what), horizon=3))
    data = formats.render(shown, "xlsx")
    assert isinstance(data, bytes)
    return data


def summary(data: bytes) -> Rows:
    found = CalamineWorkbook.from_filelike(BytesIO(data))
    assert found.sheet_names[0] == "Summary"
    assert found.sheet_names[-1] == "Records"
    return found.get_sheet_by_name("Summary").to_python(skip_empty_area=False)


def recalculated(data: bytes, folder: Path) -> Rows:
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(ALWAYS)
    return summary(converted(data, "xlsx", folder))


def converted(data: bytes, form: str, folder: Path) -> bytes:
    (folder / "book.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", form, "--outdir", str(folder / "out"), str(folder / "book.xlsx")]
    subprocess.run([str(SOFFICE), profile, *convert], check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"book.{form}").read_bytes()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("live")
    zero = folder / "zero.csv"
    zero.write_text("year,value\n2019,-5\n2020,0\n2021,12\n2022,7\n2023,3\n")
    return {"turnover": "turnover", "zero": str(zero), "size": "size"}


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("name", ["turnover", "zero", "size"])
def test_libreoffice_works_out_the_same_numbers(name: str, files: dict[str, str], tmp_path: Path) -> None:
    data = book(files[name])
    ours, theirs = summary(data), recalculated(data, tmp_path)
    numbers = 0
    for our_row, their_row in zip(ours, theirs, strict=True):
        for our, their in zip(our_row, their_row, strict=False):
            if isinstance(our, float):
                assert their == pytest.approx(our, rel=1e-9, abs=1e-9)
                numbers += 1
    assert numbers > 20


@needs_libreoffice
@pytest.mark.slow
def test_a_path_moves_with_a_growth_that_is_changed(tmp_path: Path) -> None:
    rows = summary(book("turnover"))
    line = next(place for place, row in enumerate(rows) if row[0] == 2017.0)
    data = changed(book("turnover"), f"D{line + 1}", 0.5)
    moved = recalculated(data, tmp_path)
    assert moved[line][2] == pytest.approx(482 * 1.5)
    assert moved[line + 1][2] == pytest.approx(482 * 1.5 * (1 + float(str(rows[line + 1][3]))))
    assert moved[line][4] == pytest.approx(float(str(rows[line][4])) * 482 * 1.5 / float(str(rows[line][2])))


@needs_libreoffice
@pytest.mark.slow
def test_a_sizing_prints_on_two_pages(tmp_path: Path) -> None:
    pages = re.findall(rb"/Type\s*/Page\b", converted(book("size"), "pdf", tmp_path))
    assert len(pages) == 2


def test_a_workbook_prints_its_summary_and_details_on_a_page_each_and_no_records() -> None:
    with ZipFile(BytesIO(book("turnover"))) as parts:
        areas = dict(re.findall(r"Print_Area\"[^>]*>(\w+)!([^<]+)", parts.read("xl/workbook.xml").decode()))
        sheets = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
    assert list(areas) == ["Details", "Records", "Summary"]
    assert all("fitToPage" in sheet for sheet in sheets[:2])
    assert not any("fitTo" in found for sheet in sheets[:2] for found in re.findall(r"<pageSetup[^>]*>", sheet)), (
        "1 x 1"
    )
    column, row = re.findall(r"\$(\w+)\$(\d+)", areas["Records"])[0]
    assert f'r="{column}{row}"' not in sheets[2], "the area is an empty cell"
    assert "do not print" in sheets[2]


def changed(data: bytes, cell: str, value: float) -> bytes:
    """The workbook with another number in a cell of its first sheet."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(file, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text, count = re.subn(rf'(<c r="{cell}"[^>]*><v>)[^<]*', rf"\g<1>{value}", content.decode())
                assert count == 1
                content = text.encode()
            after.writestr(name, content)
    return file.getvalue()


def test_the_summary_holds_our_numbers_and_formulas() -> None:
    result = rf.forecast(rf.read("turnover"), year=2018)
    data = formats.render(project.document(result), "xlsx")
    assert isinstance(data, bytes)
    rows = {row[0]: row for row in summary(data)}
    assert rows[2018.0][2] == pytest.approx(float(result.best.values[1]), rel=1e-12)
    assert rows[2018.0][4:6] == pytest.approx(
        [float(result.best.lower[0, 1]), float(result.best.upper[0, 1])], rel=1e-12
    )
    assert rows["CAGR of the history"][2] == pytest.approx((482 / 180) ** 0.5 - 1)
    with ZipFile(BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert re.search(r"<f>C\d+\*\(1\+D\d+\)</f>", sheet)
        assert "forecast_2018" in parts.read("xl/workbook.xml").decode()
        assert b"areaChart" in parts.read("xl/charts/chart1.xml")


def test_a_sizing_is_a_live_model_with_a_tornado() -> None:
    result = rf.size("rural_online_retail", draws=2000)
    data = formats.render(size.document(result), "xlsx")
    assert isinstance(data, bytes)
    rows = {str(row[0]): row for row in summary(data)}
    assert rows["users"][3] == pytest.approx(result.drivers["users"][-1].value)
    assert float(str(rows["market"][2])) < float(str(rows["market"][3])) < float(str(rows["market"][4]))
    with ZipFile(BytesIO(data)) as parts:
        assert re.search(r"<f>\(\(\(?MIN\(", parts.read("xl/worksheets/sheet1.xml").decode())
        tornado = parts.read("xl/charts/chart1.xml").decode()
        assert "barChart" in tornado
        assert {"D9A680", "0067A5"} <= set(re.findall(r'srgbClr val="(\w+)"', tornado)), "one colour for each end"
        assert "driver_users" in parts.read("xl/workbook.xml").decode()
