"""pptx: one slide a sheet, with a chart and a table of PowerPoint's own, so that a reader can edit both."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import PLAIN, Course
from rural_forecast.render.palette import GREY, ink
from rural_forecast.render.reading import prose, read_columns
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.page import Page, Sheet
    from rural_forecast.document.table import Table

_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - no clock time, as in workbooks
_LEFT, _RIGHT, _WIDTH = 0.5, 8.75, 4.1
"""Inches: where the two columns begin, and how wide the right one is."""
_BRIEF = ("Definition", "Unit", "Basis", "Years used")
"""What the foot of a slide says of the basis; the notes say all."""


def render(page: Page, **_: Any) -> bytes:
    """Write the slides.

    Raises
    ------
    UsageError : python-pptx is not installed
    """
    need("pptx", "exhibit", "The format pptx")
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    show.core_properties.title, show.core_properties.author = prose(page.title), prose(page.byline)
    show.core_properties.created = show.core_properties.modified = _EPOCH
    for sheet in page.sheets:
        _Slide(show.slides.add_slide(show.slide_layouts[5]), page, sheet).draw()
    file = BytesIO()
    show.save(file)
    return file.getvalue()


class _Slide:
    def __init__(self, slide: Any, page: Page, sheet: Sheet) -> None:
        self.slide, self.page, self.sheet = slide, page, sheet

    def draw(self) -> None:
        """The finding on top, the chart at the left, numbers, estimates and risks at the right, sources at the foot."""
        page, sheet = self.page, self.sheet
        name = page.title if len(page.sheets) == 1 else sheet.heading
        self._title(" ".join(sheet.finding[:1]))
        self._text([f"{name}{f' · {page.byline}' if page.byline else ''}"], _LEFT, 1.25, 12.3, 0.35, size=12, grey=True)
        bottom = 1.65
        if sheet.picture and isinstance(sheet.picture.plot, Course):
            self._chart(sheet.picture.plot, prose(sheet.picture.unit))
        bottom = self._table(
            [(prose(one.name), prose(one.value), prose(one.remark)) for one in sheet.figures], bottom, (1.6, 1.2, 1.3)
        )
        if sheet.published:
            bottom = self._table(_rows(sheet.published), bottom + 0.1, heading=True)
        warned = [f"• {text}" for text in (*sheet.finding[1:], *sheet.risks)]
        self._text(warned, _RIGHT, bottom + 0.1, _WIDTH, 1.5, size=10)
        facts = [f"{key}: {value}" for key, value in sheet.basis if key in _BRIEF]
        foot = [" · ".join(facts), f"Sources: {'; '.join(sheet.sources)}. {page.credit}"]
        self._text(foot, _LEFT, 6.35, 12.3, 0.9, size=9, grey=True)
        notes = [f"{key}: {value}" for key, value in sheet.basis] + [f"Source: {text}" for text in sheet.sources]
        self.slide.notes_slide.notes_text_frame.text = prose("\n".join(notes))

    def _title(self, text: str) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Inches, Pt

        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = (Inches(each) for each in (_LEFT, 0.3, 12.3, 0.95))
        frame = title.text_frame
        frame.text, frame.word_wrap, frame.vertical_anchor = prose(text), True, MSO_ANCHOR.MIDDLE
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(22), True

    def _text(
        self, lines: list[str], left: float, top: float, width: float, height: float, *, size: int, grey: bool = False
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Inches, Pt

        frame = self.slide.shapes.add_textbox(*map(Inches, (left, top, width, height))).text_frame
        frame.word_wrap = True
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.text, paragraph.font.size, paragraph.space_after = prose(line), Pt(size), Pt(3)
            if grey:
                paragraph.font.color.rgb = RGBColor.from_string(GREY[1:])

    def _table(
        self, rows: list[tuple[str, ...]], top: float, widths: tuple[float, ...] = (), *, heading: bool = False
    ) -> float:
        """A table in the right column; gives where it ends."""
        from pptx.util import Inches, Pt

        if not rows:
            return top
        columns, height = len(rows[0]), 0.3
        place = map(Inches, (_RIGHT, top, _WIDTH, height * len(rows)))
        table = self.slide.shapes.add_table(len(rows), columns, *place).table
        table.first_row, table.horz_banding = heading, False
        for column in range(columns):
            table.columns[column].width = Inches(widths[column] if widths else _WIDTH / columns)
        for line, row in enumerate(rows):
            table.rows[line].height = Inches(height)
            for column, text in enumerate(row):
                cell = table.cell(line, column)
                cell.text, cell.margin_top, cell.margin_bottom = text, Pt(2), Pt(2)
                cell.fill.background()
                cell.margin_left = cell.margin_right = Pt(4)
                cell.text_frame.paragraphs[0].font.size = Pt(10)
        return top + sum(0.3 if all(len(text) < 22 for text in row) else 0.45 for row in rows)

    def _chart(self, plot: Course, unit: str) -> None:
        """Lines over years with the bounds of the intervals, from numbers that the slide holds."""
        from pptx.chart.data import CategoryChartData
        from pptx.dml.color import RGBColor
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
        from pptx.enum.dml import MSO_LINE
        from pptx.util import Inches, Pt

        data = CategoryChartData(number_format="#,##0.##")
        data.categories = [f"{year:g}" for year in plot.years]
        drawn: list[tuple[int, float, bool]] = []
        for line in plot.lines:
            data.add_series(prose(line.name), _along(plot, line.xs, line.ys))
            drawn.append((line.tone, 2.5, line.tone != PLAIN))
        for band in plot.bands:
            for name, edge in (("to", band.upper), ("from", band.lower)):
                data.add_series(f"{band.name}, {name}", _along(plot, band.xs, edge))
                drawn.append((band.tone, 0.75 + (100 - band.level) / 40, False))
        place = map(Inches, (_LEFT, 1.65, 8.0, 4.65))
        chart = self.slide.shapes.add_chart(XL_CHART_TYPE.LINE, *place, data).chart
        chart.font.size, chart.has_legend, chart.has_title = Pt(11), True, True
        chart.chart_title.text_frame.text = unit
        chart.chart_title.text_frame.paragraphs[0].font.size = Pt(11)
        chart.chart_title.include_in_layout = False
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("DDDDDD")
        for series, (tone, width, dashed) in zip(chart.plots[0].series, drawn, strict=True):
            series.smooth = False
            series.format.line.color.rgb = RGBColor.from_string(ink(tone)[1:].upper())
            series.format.line.width = Pt(width)
            if dashed:
                series.format.line.dash_style = MSO_LINE.DASH


def _along(plot: Course, xs: tuple[float, ...], ys: tuple[float, ...]) -> list[float | None]:
    """The values of a line for every year of the picture."""
    known = dict(zip(xs, ys, strict=True))
    return [known.get(year) for year in plot.years]


def _rows(table: Table) -> list[tuple[str, ...]]:
    columns = read_columns(table)
    shown = [column for column in columns if column.title != "Dated"]
    return [tuple(column.title for column in shown), *zip(*(column.cells for column in shown), strict=True)]
