"""The own charts of slides and workbooks, which a client can edit, and the files that hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rural_forecast.document.picture import Picture
from rural_forecast.render import native_chart, native_points
from rural_forecast.render.native_chart import NativeChart
from rural_forecast.render.native_columns import SLIDE_ROOM
from rural_forecast.render.native_look import APART, COLOURS, Colours
from rural_forecast.render.native_points import NativePoints
from rural_forecast.system.extras import need

Native = NativeChart | NativePoints

EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as these files hold it


def chart_of(
    picture: Picture,
    points: float,
    colours: Colours = COLOURS,
    room: tuple[float, float] = SLIDE_ROOM,
) -> Native | None:
    """Lay out the chart of a picture, with texts of so many `points`; None if none suits it.

    `room`: the width and height of the chart, in points.
    """
    if native_points.suits(picture):
        return NativePoints(picture, colours, points, room)
    if native_chart.suits(picture):
        return NativeChart(picture, colours, points, room)
    return None


# xlsxwriter has no offset of a label, in shares of the chart.
_LABEL_APART = re.compile(rf"<c:layout/>(<c:tx><c:rich>(?:(?!<a:t>).)*<a:t>){APART}")
_OFFSET = (
    r'<c:layout><c:manualLayout><c:x val="0.012"/><c:y val="0"/></c:manualLayout></c:layout>\1'
)

_NO_LEADERS = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"'
    ' xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)

_LABEL_PARTS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")


def _mended(xml: bytes) -> bytes:
    """Write what the file format leaves to programs, as they choose differently.

    Lines are not smooth, and have no round ends; labels show their value alone and do not wrap.
    """
    text = re.sub(r"<c:smooth [^>]*/>", "", xml.decode())
    text = text.replace("<a:bodyPr/>", '<a:bodyPr wrap="none"/>')
    text = _LABEL_APART.sub(_OFFSET, text)
    text = text.replace("</c:dLbls>", f"{_NO_LEADERS}</c:dLbls>")
    if "<c:scatterChart>" in text:  # its lines are bars, which end where they end
        text = text.replace("<a:ln w=", '<a:ln cap="flat" w=')
        text = text.replace("</a:ln>", '<a:miter lim="800000"/></a:ln>')
    head, tag, lines = text.partition("<c:lineChart>")
    lines, end, tail = lines.partition("</c:lineChart>")
    lines = lines.replace("</c:ser>", '<c:smooth val="0"/></c:ser>')
    text = "".join((head, tag, lines, end, tail))

    value_alone = "".join(f'<c:show{part} val="{int(part == "Val")}"/>' for part in _LABEL_PARTS)
    parts = "|".join(_LABEL_PARTS)
    return re.sub(rf'(?:<c:show(?:{parts}) val="\d"/>)+', value_alone, text).encode()


def repacked(content: bytes) -> bytes:
    """Mend the charts of an Office file, and make it the same bytes for the same content."""
    mended = BytesIO()
    with ZipFile(BytesIO(content)) as written, ZipFile(mended, "w", ZIP_DEFLATED) as file:
        for name in written.namelist():
            body = written.read(name)
            if name.startswith("xl/charts/chart"):
                body = _mended(body)
            entry = ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, body)
    return mended.getvalue()


def add_to(slide: Any, chart: Native, box: Sequence[Any]) -> None:
    """Put a chart on a slide, with the workbook behind it. `box`: left, top, width and height."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart

    package = slide.part.package
    with ZipFile(BytesIO(_workbook(chart, drawn=True))) as drawn:
        xml = _mended(drawn.read("xl/charts/chart1.xml"))
    # Not in the file, as it is Excel's default; PowerPoint does not take it for granted.
    visible = b'<c:plotVisOnly val="1"/>'
    xml = xml.replace(visible, visible + b'<c:dispBlanksAs val="gap"/>')
    part = ChartPart.load(
        package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, xml
    )
    part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    related = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    slide.shapes._add_chart_graphicFrame(related, *box)


def _workbook(chart: Native, *, drawn: bool = False) -> bytes:
    """Write the sheet behind a chart, and the chart itself if it is `drawn`."""
    file = BytesIO()
    book = need("xlsxwriter", "exhibit", "The format pptx").Workbook(file, {"in_memory": True})
    book.set_properties({"created": EPOCH})
    sheet = book.add_worksheet("Sheet1")
    native = chart.write(book, sheet)
    if drawn:
        native.set_plotarea({"layout": dict(chart.layout)})
        sheet.insert_chart(0, 0, native)
    book.close()
    return file.getvalue()
