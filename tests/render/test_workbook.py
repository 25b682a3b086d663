"""Workbooks: a forecast as values with a chart, a sizing as formulas that LibreOffice agrees on."""

import re
import shutil
import subprocess
import time
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

import rural_forecast as rf
from rural_forecast.document.picture import Course
from rural_forecast.document.table import Column, Document, Table
from rural_forecast.errors import OutputError
from rural_forecast.render import formats
from rural_forecast.render.workbook.book import render
from rural_forecast.render.workbook.numbers import number_formats, with_one_format
from rural_forecast.views import panel, project, size
from tests.gate.situations import case
from tests.inside import typed
from tests.render.documents import FOUNDING

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
    return render(size.document(rf.size("rural_online_retail", draws=2000, year=2028)))


def sheet(data: bytes, name: str) -> list[list[Any]]:
    return (
        CalamineWorkbook.from_filelike(BytesIO(data))
        .get_sheet_by_name(name)
        .to_python(skip_empty_area=False)
    )


def visible(data: bytes) -> list[str]:
    """Names of the sheets that a person sees."""
    sheets = CalamineWorkbook.from_filelike(BytesIO(data)).sheets_metadata
    return [about.name for about in sheets if about.visible == SheetVisibleEnum.Visible]


def part(data: bytes, name: str) -> str:
    with ZipFile(BytesIO(data)) as parts:
        files = [file for file in parts.namelist() if re.fullmatch(name, file)]
        return "".join(parts.read(file).decode() for file in files)


def converted(books: dict[str, bytes], folder: Path) -> list[bytes]:
    """Workbooks as LibreOffice writes them again, with every formula worked out."""
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(ALWAYS)
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / f"{name}.xlsx") for name in books]
    convert = [
        str(SOFFICE),
        "--headless",
        profile,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "out"),
        *files,
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    return [(folder / "out" / f"{name}.xlsx").read_bytes() for name in books]


@needs_libreoffice
@pytest.mark.slow
def test_result_headline_and_tornado_agree_after_a_driver_changes(
    sized: bytes, tmp_path: Path
) -> None:
    ours = sheet(sized, "Forecast")
    same, changed = converted({"same": sized, "changed": with_last_share(sized, 1.1)}, tmp_path)
    numbers = 0
    for our_row, their_row in zip(ours, sheet(same, "Forecast"), strict=True):
        for our, their in zip(our_row, their_row, strict=False):
            if isinstance(our, float):
                numbers += 1
                assert their == pytest.approx(our, rel=1e-9)
    assert numbers > 40
    theirs = sheet(changed, "Forecast")
    bars = sheet(changed, "Chart")
    last = ours[4].index("2028")
    before, after = ({str(row[0]): row for row in rows}["Market"] for rows in (ours, theirs))
    assert after[2:last] == pytest.approx(before[2:last]), "the other years stay"
    assert after[last] == pytest.approx(1.1 * before[last])
    # Its range follows: one driver alone was moved, with its ends left where they were.
    assert after[last + 1] == pytest.approx(before[last + 1], rel=0.1)
    assert after[last + 2] > before[last + 2]
    assert theirs[0][0].endswith(f": about {after[last]:.1f} tn yuan in 2028")
    for driver, (name, start, below, above, *_) in zip(theirs[5:10], bars, strict=False):
        low, high = sorted(driver[last + 3 : last + 5])
        assert name == driver[0]
        assert [start, start + below, start + below + above] == pytest.approx(
            [low, after[last], high], abs=1e-6
        ) or (high <= after[last] or low >= after[last])


def with_last_share(data: bytes, factor: float) -> bytes:
    """The workbook after a person has changed the first blue row in the last year."""
    workbook = BytesIO()
    with ZipFile(BytesIO(data)) as ours, ZipFile(workbook, "w") as changed:
        for name in ours.namelist():
            body = ours.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                body = re.sub(
                    r'(<c r="F6" s="\d+"><v>)([\d.]+)',
                    lambda cell: f"{cell[1]}{factor * float(cell[2])!r}",
                    body,
                )
            changed.writestr(name, body)
    return workbook.getvalue()


def test_a_sizing_is_live_in_every_year(sized: bytes) -> None:
    result = rf.size("rural_online_retail", draws=2000, year=2028)
    rows = {str(row[0]): row for row in sheet(sized, "Forecast")}
    assert rows["Users"][2:6] == pytest.approx(
        [estimate.value for estimate in result.drivers["users"]]
    )
    assert rows["Market"][2:6] == pytest.approx(
        [estimate.value / 1000 for estimate in result.main.estimates]
    )
    xml = part(sized, "xl/worksheets/sheet1.xml")
    assert len(re.findall(r"<f>", xml)) == 1 + 4 + 2 + 2 * 5, (
        "the headline, four years, the range of the last, and two ends of five drivers"
    )


def test_the_tornado_of_a_sizing_covers_no_row(sized: bytes) -> None:
    assert "barChart" in part(sized, "xl/charts/chart1.xml")
    anchor = part(sized, "xl/drawings/drawing1.xml")
    first = int(re.findall(r"<xdr:from>.*?<xdr:row>(\d+)", anchor)[0])
    last_written = max(index for index, row in enumerate(sheet(sized, "Forecast")) if any(row))
    assert first > last_written


def pictured(name: str) -> Document:
    document: Document = case(name).document
    return document._replace(picture=case(name).picture)


@pytest.mark.parametrize("name", ["founding", "scenario pair", "panel of regions", "growth"])
def test_a_forecast_is_values_with_one_chart_of_the_workbook(name: str) -> None:
    document = pictured(name)
    data = render(document)
    assert "<f>" not in part(data, r"xl/worksheets/.*\.xml")
    charts = part(data, r"xl/charts/chart\d+\.xml")
    assert charts.count("<c:chartSpace") == 1
    assert ("areaChart" in charts) == (name != "growth")
    assert "smooth" not in charts.replace('<c:smooth val="0"/>', "")
    assert 'name="Chart" sheetId="2" state="hidden"' in part(data, "xl/workbook.xml")
    assert document.picture is not None
    assert sheet(data, "Forecast")[0][0] == document.picture.title


@pytest.mark.slow
def test_panels_are_charts_of_a_workbook_each_with_its_numbers_on_a_hidden_sheet() -> None:
    picture = case("twelve series").picture
    document = pictured("founding")._replace(picture=picture)
    data = render(document)
    charts = part(data, r"xl/charts/chart\d+\.xml")
    assert charts.count("<c:chartSpace") == 12
    for one in picture.plot.pictures:
        assert f"{one.title}. {one.about}" in charts
    assert part(data, "xl/workbook.xml").count('state="hidden"') >= 12


def test_the_areas_of_a_chart_are_the_ranges() -> None:
    result = case("founding").result
    rows = sheet(render(pictured("founding")), "Chart")
    assert rows[0][1:5] == ["base", "80 %", "50 %", "80 %"]
    best = result.best
    wide = result.wide
    edges = [best.lower[0, -1], wide.lower[0, -1], wide.upper[0, -1], best.upper[0, -1]]
    heights = rows[-1][1:5]
    assert list(accumulate(heights)) == pytest.approx(edges)
    assert rows[3][1:5] == [482, 0, 0, 0], "a range begins at the last value"


def test_a_workbook_has_the_forecast_the_data_and_sources_with_notes() -> None:
    data = render(FOUNDING)
    assert visible(data) == ["Forecast", "Data", "Sources and notes"]
    header, first, _ = sheet(data, "Rows")
    assert header == [column.key for column in FOUNDING.records.columns]
    assert first == list(FOUNDING.records.rows[0])
    assert sheet(data, "Forecast")[0][0] == FOUNDING.title
    notes = [row[0] for row in sheet(data, "Sources and notes")]
    assert [row for row in notes if row in ("Published estimates", "Notes")] == [
        "Notes",
        "Published estimates",
    ]


def test_the_data_has_the_history_with_units_and_sources_and_then_the_forecasts() -> None:
    result = case("founding").result
    document = project.document(result)
    header, *rows = sheet(render(document), "Data")
    assert header[:4] == ["Series", "Year", "Kind", "Value"]
    history = result.history.observations
    for row, observed in zip(rows, history, strict=False):
        assert row[1:4] == [observed.period.year, "observed", observed.value]
        assert row[header.index("Unit")] == "bn CNY"
        source = result.history.series.sources[observed.source]
        assert row[header.index("Source")].startswith(source.publisher)
    forecasts = rows[len(history) :]
    assert [row[2] for row in forecasts] == ["forecast"] * len(result.years)
    assert [row[3] for row in forecasts] == pytest.approx(result.best.values.tolist())


@pytest.mark.parametrize("name", ["founding", "panel of regions", "scenario pair", "compare"])
def test_clients_see_no_option_no_digest_and_no_key_of_a_program(name: str) -> None:
    data = render(pictured(name))
    words = set[str]()
    for name_of_sheet in visible(data):
        for row in sheet(data, name_of_sheet):
            words.update(map(str, row))
    kept = [word for word in words if re.search(r"digest|seed:|options|^[a-z]+(_[a-z\d]+)+$", word)]
    assert not kept
    assert "Rows" not in visible(data)
    provenance = [str(row[0]) for row in sheet(data, "Provenance")]
    assert any(line.startswith("version: ") for line in provenance)


@pytest.mark.parametrize("name", ["founding", "panel of regions", "scenario pair", "compare"])
def test_all_amounts_of_a_table_have_one_format(name: str) -> None:
    document = pictured(name)
    table = with_one_format(document.sections[0])
    amounts = [index for index, column in enumerate(table.columns) if column.amount]
    formats = set()
    for index in amounts:
        formats.update(number_formats(table.columns[index], table.cells(index)))
    assert len(amounts) > 1
    assert len(formats) == 1


def test_a_panel_names_its_unit_once_and_keeps_all_digits(tmp_path: Path) -> None:
    rows = "".join(f"{name},{2015 + k},{k + 5},bn EUR\n" for name in "ab" for k in range(4))
    source = tmp_path / "many.csv"
    source.write_text("series_id,year,value,unit\n" + rows)
    result = rf.panel(source, year=2020)
    document = panel.document(result)._replace(picture=panel.picture(result))
    rows_of_sheet = sheet(render(document), "Forecast")
    texts = [str(cell) for row in rows_of_sheet[2:] for cell in row]
    assert [text for text in texts if "bn" in text] == ["In bn euros."]
    printed = {row[0]: row[1] for row in rows_of_sheet if isinstance(row[1], float)}
    for name, values in zip(result.tree.names, result.values, strict=True):
        assert printed[name] == pytest.approx(float(values[-1]), rel=1e-14)


def test_a_batch_opens_with_a_row_a_series(tmp_path: Path) -> None:
    rows = "".join(f"{name},{2015 + k},{k + 5}\n" for name in "ab" for k in range(4))
    source = tmp_path / "many.csv"
    source.write_text("series_id,year,value\n" + rows)
    assert typed("batch", source, "--horizon", 2, "-o", tmp_path / "out.xlsx").code == 0
    data = (tmp_path / "out.xlsx").read_bytes()
    names = [str(row[0]) for row in sheet(data, "Forecast") if row[0] in ("a", "b")]
    assert names == ["a", "b"]
    kinds = [row[2] for row in sheet(data, "Data")[1:]]
    assert kinds.count("observed") == 8
    assert kinds.count("forecast") == 4


def test_a_text_that_no_cell_holds_is_refused() -> None:
    document = Document("test", Table((Column("note"),), (("x" * 32_768,),)))
    with pytest.raises(OutputError, match="Column note has a text of 32,768 characters"):
        render(document)


def number_styles(*, mixed: bool) -> str:
    column = Column("value", "Value", "number", mixed=mixed)
    table = Table((column,), ((24243.8912,), (0.5561,)))
    return part(render(Document("test", Table((), ()), sections=(table,))), "xl/styles.xml")


def test_rows_with_units_of_their_own_have_digits_of_their_own() -> None:
    styles = number_styles(mixed=True)
    assert '"#,##0.0000"' in styles
    assert 'formatCode="#,##0"' in styles
    assert '"#,##0.0000"' not in number_styles(mixed=False)


def test_a_source_is_text_with_its_address_beside_it() -> None:
    source = {
        "id": "a1",
        "publisher": "=cmd()",
        "title": "An article",
        "date": "2017",
        "url": "https://example.org/",
    }
    table = Table((Column("period", "Year", "year"),), ((2015,),))
    document = Document(
        "project", table, sections=(table,), series=({"id": "market", "sources": (source,)},)
    )
    rows = sheet(render(document), "Sources and notes")
    assert [cell for cell in rows[1] if cell] == [
        "=cmd(), An article, 2017",
        "https://example.org/",
    ]


@pytest.mark.parametrize("form", ["xlsx", "pptx"])
def test_a_file_of_an_office_holds_no_clock_time(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zip entries, properties and the workbook behind a chart have one fixed time."""
    document = pictured("founding")
    shown = document if form == "xlsx" else document.picture
    assert shown is not None
    first = formats.render(shown, form)
    local = time.localtime
    later = 90_000_000
    monkeypatch.setattr(time, "time", lambda: 1_900_000_000.0)
    monkeypatch.setattr(
        time, "localtime", lambda seconds=None: local(later if seconds is None else seconds)
    )
    again = formats.render(shown, form)
    assert isinstance(again, bytes)
    assert again == first
    with ZipFile(BytesIO(again)) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
        properties = parts.read("docProps/core.xml").decode()
        embedded = [parts.read(name) for name in parts.namelist() if name.endswith(".xlsx")]
    assert set(re.findall(r">(\d{4})-\d\d-\d\dT", properties)) == {"1980"}
    for workbook in embedded:
        with ZipFile(BytesIO(workbook)) as parts:
            assert {entry.date_time[0] for entry in parts.infolist()} == {1980}


def test_a_workbook_of_scores_has_the_values_that_came_and_the_kept_forecasts() -> None:
    rows = sheet(render(case("score").document), "Data")
    head = rows[0]
    kinds = {row[head.index("Kind")] for row in rows[1:]}
    assert {"observed", "kept forecast"} <= kinds
    document = case("score").document
    kept = [row for row in rows[1:] if row[head.index("Kind")] == "kept forecast"]
    assert len(kept) == len(document.records.rows)
    assert {row[head.index("Unit")] for row in kept} == {"bn CNY"}


def test_a_workbook_of_a_revision_has_the_values_of_the_newer_answer() -> None:
    revision = case("revise").result
    rows = sheet(render(case("revise").document), "Data")
    years = [row[rows[0].index("Year")] for row in rows[1:]]
    assert max(years) == revision.origins[1]


def test_the_steps_of_a_revision_are_in_the_unit_of_its_headline_and_chart() -> None:
    document = pictured("revise")
    assert document.picture is not None
    assert document.picture.unit == "tn yuan"
    rows = sheet(render(document), "Forecast")
    steps = next(index for index, row in enumerate(rows) if row[0] == "Step")
    assert rows[steps] == ["Step", "Change", "2028"]
    revised = case("revise").result.steps
    assert [row[2] for row in rows[steps + 1 :]] == pytest.approx(
        [step.value / 1000 for step in revised]
    )
    assert rows[steps + 3][0] == "2023 came 2.49, not 2.32"
    assert ["In tn yuan.", "", ""] in rows


def test_a_workbook_of_scenarios_states_what_each_assumes() -> None:
    document = pictured("scenario pair")
    assert document.picture is not None
    assert isinstance(document.picture.plot, Course)
    texts = [str(row[0]) for row in sheet(render(document), "Forecast")]
    assert document.picture.plot.keys
    for key in document.picture.plot.keys:
        assert any(text.casefold() == f"{key.name}: {key.text}.".casefold() for text in texts)


def test_the_chart_of_a_panel_has_the_range_of_its_total_and_its_last_observed_year(
    tmp_path: Path,
) -> None:
    file = tmp_path / "parts.csv"
    file.write_text("Year,Asia,Europe\n2020,30,20\n2021,44,30\n2022,52,36\n")
    result = rf.panel(str(file))
    document = panel.document(result)._replace(picture=panel.picture(result))
    chart = part(render(document), "xl/charts/chart1.xml")
    ranges, divide = re.findall(r"<c:errBars>.*?</c:errBars>", chart, re.DOTALL)

    def lengths(bars: str, side: str) -> list[float]:
        cache = re.search(rf"<c:{side}>.*?</c:{side}>", bars, re.DOTALL)
        assert cache is not None
        return [float(text) for text in re.findall(r"<c:v>(.*?)</c:v>", cache[0])]

    whole = result.tree.names.index("total")
    index = result.levels.index(80)
    above = result.upper[index, whole, -1] - result.values[whole, -1]
    assert lengths(ranges, "plus")[-1] == pytest.approx(above)
    assert lengths(ranges, "plus")[:-1] == [0.0] * (len(lengths(ranges, "plus")) - 1)
    assert lengths(divide, "minus")[2] == pytest.approx(52 + 36)
