"""pptx: one slide a sheet, with a chart and a table of PowerPoint's own, so that a reader can edit both."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from rural_forecast.document.page import Page, Sheet
from rural_forecast.document.picture import Course, Picture
from rural_forecast.document.table import Table
from rural_forecast.render import images, native_chart
from rural_forecast.render.columns import prose, read_columns
from rural_forecast.render.palette import GREY, ink
from rural_forecast.system.extras import need

_LEFT, _RIGHT, _WIDTH = 0.5, 7.85, 5.0
"""Inches: where the two columns begin, and how wide the right one is."""
_SHORT, _LONGEST = 9, 26
"""Characters of the narrowest and the widest column of a table."""
_HIGH = 4.65
_ROW, _SIGNS = 0.28, 12.0
"""Inches of a row, and characters of text to an inch."""
_LONG = 120
"""Characters from which a title is smaller."""
_BRIEF = ("Definition", "Unit", "Basis", "Years used")
"""The part of the basis at the foot of a slide; the notes hold all."""


def render(page: Page, **_: Any) -> bytes:
    """Write the slides. Raises UsageError if python-pptx is not installed."""
    show = need("pptx", "exhibit", "The format pptx").Presentation()
    inches = need("pptx.util", "exhibit", "The format pptx").Inches
    show.slide_width, show.slide_height = inches(13.333), inches(7.5)
    show.core_properties.title, show.core_properties.author = prose(page.title), prose(page.byline)
    show.core_properties.created = show.core_properties.modified = native_chart.EPOCH
    for sheet in page.sheets:
        _Slide(show.slides.add_slide(show.slide_layouts[5])).draw(page, sheet)
    file = BytesIO()
    show.save(file)
    return file.getvalue()


class _Slide:
    def __init__(self, slide: Any) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Inches, Pt

        self.slide, self.inches, self.points = slide, Inches, Pt
        self.grey, self.ink = (RGBColor.from_string(colour[1:]) for colour in (GREY, ink(0)))

    def draw(self, page: Page, sheet: Sheet) -> None:
        """The finding on top, the chart at the left, numbers, estimates and risks at the right, sources at the foot."""
        name = page.title if len(page.sheets) == 1 else sheet.heading
        self._title(" ".join(sheet.finding[:1]))
        self._text([f"{name}{f' · {page.byline}' if page.byline else ''}"], _LEFT, 1.25, 12.3, 0.35, size=12, grey=True)
        if sheet.picture:
            self._picture(sheet.picture, 7.2 if sheet.figures else 12.3)
        figures = [tuple(map(prose, (figure.name, figure.value, figure.remark))) for figure in sheet.figures]
        bottom = self._table(figures, 1.65)
        if sheet.published:
            bottom = self._table(_rows(sheet.published), bottom + 0.1, heading=True)
        warned = [f"• {text}" for text in (*sheet.finding[1:], *sheet.risks)]
        self._text(warned, _RIGHT, bottom + 0.05, _WIDTH, 1.4, size=10)
        facts = " · ".join(f"{key}: {value}" for key, value in sheet.basis if key in _BRIEF)
        sources = f"Sources: {'; '.join(sheet.sources)}. " if sheet.sources else ""
        self._text([facts, f"{sources}{page.credit}"], _LEFT, 6.35, 12.3, 0.9, size=9, grey=True)
        notes = [f"{key}: {value}" for key, value in (*sheet.basis, *(("Source", text) for text in sheet.sources))]
        self.slide.notes_slide.notes_text_frame.text = prose("\n".join(notes))

    def _picture(self, picture: Picture, room: float) -> None:
        """A chart of PowerPoint's own for a course, the picture for all else."""
        if isinstance(picture.plot, Course):
            places = picture.amounts.places
            code = "#,##0.###" if places is None else f"#,##0{'.' * bool(places)}{'0' * places}"
            chart = native_chart.Chart(picture.plot, code, picture.amounts.factor)
            native_chart.add_to(self.slide, chart, picture.unit, (_LEFT, 1.65, room, _HIGH))
        else:
            shaped = replace(picture, look=replace(picture.look, ratio=room / _HIGH))
            place = map(self.inches, (_LEFT, 1.65, room, _HIGH))
            self.slide.shapes.add_picture(BytesIO(images.render(shaped, "png")), *place)
        *_, drawn = self.slide.shapes
        drawn._element.xpath(".//p:cNvPr")[0].set("descr", prose(picture.alternative))

    def _title(self, text: str) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = map(self.inches, (_LEFT, 0.3, 12.3, 0.95))
        frame = title.text_frame
        frame.text, frame.word_wrap, frame.vertical_anchor = prose(text), True, MSO_ANCHOR.MIDDLE
        frame.paragraphs[0].alignment, font = PP_ALIGN.LEFT, frame.paragraphs[0].font
        font.size, font.bold = self.points(22 if len(text) < _LONG else 17), True

    def _text(
        self, lines: list[str], left: float, top: float, width: float, height: float, *, size: int, grey: bool = False
    ) -> None:
        frame = self.slide.shapes.add_textbox(*map(self.inches, (left, top, width, height))).text_frame
        frame.word_wrap = True
        for place, line in enumerate(lines):
            paragraph = frame.add_paragraph() if place else frame.paragraphs[0]
            paragraph.text, paragraph.font.size, paragraph.space_after = prose(line), self.points(size), self.points(3)
            if grey:
                paragraph.font.color.rgb = self.grey

    def _table(self, rows: list[tuple[str, ...]], top: float, *, heading: bool = False) -> float:
        """A table in the right column; gives where it ends."""
        if not rows:
            return top
        widths = _widths(rows)
        place = map(self.inches, (_RIGHT, top, _WIDTH, _ROW * len(rows)))
        table = self.slide.shapes.add_table(len(rows), len(widths), *place).table
        table.first_row, table.horz_banding = heading, False
        for column, width in enumerate(widths):
            table.columns[column].width = self.inches(width)
        for line, row in enumerate(rows):
            lines = max(-(-len(text) // int(width * _SIGNS)) for text, width in zip(row, widths, strict=True))
            height = _ROW + 0.16 * max(lines - 1, 0)
            table.rows[line].height = self.inches(height)
            top += height
            for column, text in enumerate(row):
                self._cell(table.cell(line, column), text, bold=heading and not line)
        return top

    def _cell(self, cell: Any, text: str, *, bold: bool) -> None:
        cell.text, cell.margin_top, cell.margin_bottom = text, self.points(2), self.points(2)
        cell.fill.background()
        cell.margin_left = cell.margin_right = self.points(3)
        font = cell.text_frame.paragraphs[0].font
        font.size, font.bold, font.color.rgb = self.points(10), bold, self.ink


def _widths(rows: list[tuple[str, ...]]) -> list[float]:
    """Inches of columns: in proportion to their longest text, long ones wrap."""
    longest = [max(_SHORT, min(max(map(len, column)), _LONGEST)) for column in zip(*rows, strict=True)]
    return [_WIDTH * size / sum(longest) for size in longest]


def _rows(table: Table) -> list[tuple[str, ...]]:
    shown = [column for column in read_columns(table) if column.title != "Dated"]
    return [*zip(*((column.title, *column.cells) for column in shown), strict=True)]
