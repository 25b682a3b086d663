"""The gate: `python -m tests.gate` renders everything and measures it.

It ends with 1 and a line for each finding, or with 0.
Drawings are measured on their own coordinates, in both themes and in the sizes of page, phone and
paper. Then other programs read what we wrote, Chromium the pages, LibreOffice slides and workbooks,
poppler the pdf of all of them: words that cover each other, ink at the edge, pages too many. The
same input gives the same findings.
"""

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import rural_forecast as rf
from rural_forecast.cli.exhibited import exhibited_market
from rural_forecast.document.page import Page, Sheet
from rural_forecast.document.picture import Picture
from rural_forecast.question.question import Question
from rural_forecast.render import formats, native
from rural_forecast.render.canvas import Box
from rural_forecast.render.columns import prose
from rural_forecast.render.native_columns import SLIDE_ROOM
from rural_forecast.render.native_grid import TextSizes, charts_of
from rural_forecast.render.native_points import NativePoints
from rural_forecast.render.page import slides
from rural_forecast.render.page.decks import deck_of
from rural_forecast.text.style import MOST_WORDS, PHONE, PRINT, WIDE
from rural_forecast.text.wording import words
from rural_forecast.views.exhibit import ExhibitedMarket, page
from tests.gate.situations import (
    CASES,
    FORBIDDEN,
    MOFCOM,
    SITUATIONS,
    TURNOVER,
    case,
    grammar,
    judged,
    other_units,
)

Finding = str
FORECASTS = (
    "founding",
    "three points",
    "decline",
    "negative",
    "millionfold",
    "long title",
    "target",
    "Chinese",
)
"""Situations of one series whose pages other programs read."""
SLIDES = (
    "founding",
    "decline",
    "negative",
    "millionfold",
    "panel of regions",
    "scenario pair",
    "twelve series",
    "columns",
    "size",
    "compare",
    "backtest",
    "precedents",
    "growth",
    "nowcast",
    "side by side",
    "score",
    "revise",
    "triangulate",
)
WORKBOOKS = (
    "founding",
    "thirty smooth",
    "size",
    "panel of regions",
    "compare",
    "score",
    "triangulate",
    "precedents",
)
SEVERAL_UNITS = ("side by side",)
"""Situations whose pages show markets of different size, each in a unit of its own."""
MOST_PAGES = {"Data": 4}
"""Pages that a sheet of a workbook, by the first word of its name, may print on: one if not here."""
CHROMIUM = ("chromium", "--no-sandbox", "--disable-gpu")


def drawings() -> Iterator[Finding]:
    """Every picture as svg in the sizes of its media and in both themes, and what it says."""
    for name in CASES:
        for medium, theme in ((WIDE, "light"), (PHONE, "light"), (PRINT, "light"), (WIDE, "dark")):
            yield from (
                f"{name}, {medium.name}, {theme}: {what}"
                for what in judged(case(name), medium, theme)
            )


def edges(picture: Picture, name: str) -> Iterator[Finding]:
    """Ink in the outermost pixels of a png, where a text would be clipped."""
    from PIL import Image, ImageChops

    png = formats.render(picture, "png")
    assert isinstance(png, bytes)
    image = Image.open(BytesIO(png)).convert("RGB")
    ground = Image.new("RGB", image.size, "#ffffff")
    left, top, right, bottom = ImageChops.difference(image, ground).getbbox() or (9, 9, 9, 9)
    if min(left, top, image.width - right, image.height - bottom) < 6:
        yield f"{name}, png: ink at the edge"


def pages() -> Iterator[tuple[str, Page]]:
    """The exhibits of some situations, of two series side by side, and with an appendix."""
    for name in FORECASTS:
        result = case(name).forecast
        assert result is not None
        targets = (4500.0,) if name == "target" else ()
        exhibited = asked(result.history.series, result.target, targets)
        yield name, page([exhibited], appendix=False, author="A. Analyst", date="29 November 2026")
    both = [asked(rf.read(name), 2027) for name in (TURNOVER, MOFCOM)]
    yield "side by side", page(both, appendix=False, author="A. Analyst", date="29 November 2026")
    yield "appendix", page(both, appendix=True)


def asked(series: Any, year: int, targets: tuple[float, ...] = ()) -> ExhibitedMarket:
    return exhibited_market(series, Question(year=year), opinions=False, targets=targets)


def exhibits(folder: Path, shown_pages: dict[str, Page]) -> Iterator[Finding]:
    """Check the words of the exhibits; write them as html and pdf."""
    for name, shown in shown_pages.items():
        for sheet in shown.sheets:
            for fault in _faults_of_sheet(sheet, shown):
                yield f"{name}, exhibit: {fault}"
        stem = folder / f"exhibit {name}"
        stem.with_suffix(".html").write_text(str(formats.render(shown, "html")), encoding="utf-8")
        _write(stem.with_suffix(".pdf"), formats.render(shown, "pdf"))


def _faults_of_sheet(sheet: Sheet, shown: Page) -> Iterator[str]:
    texts = [sheet.heading, sheet.range, *sheet.counted, *sheet.risks, *sheet.sources]
    texts += [shown.byline, shown.credit]
    for figure in sheet.figures:
        texts += [figure.value, figure.remark]
    count = sum(map(words, texts))
    if count > MOST_WORDS["exhibit"]:
        yield f"{count} words"
    for text in texts:
        if FORBIDDEN.search(text):
            yield f"{text!r} is not for clients"
    drawn = [*texts, *(sheet.picture.notes if sheet.picture else ())]
    for text, times in Counter(drawn).items():
        if times > 1 and text:
            yield f"twice {text!r}"


def offices(folder: Path) -> Iterator[Finding]:
    """Write slides and workbooks, and let LibreOffice make a pdf of each."""
    for name in SLIDES:
        _write(folder / f"slide {name}.pptx", formats.render(case(name).picture, "pptx"))
        yield from (f"slide {name}: {what}" for what in _cut(case(name).picture))
    for name in WORKBOOKS:
        document = case(name).document._replace(picture=case(name).picture)
        _write(folder / f"workbook {name}.xlsx", formats.render(document, "xlsx"))
    files = sorted(map(str, [*folder.glob("*.pptx"), *folder.glob("*.xlsx")]))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(run, check=True, capture_output=True, timeout=240)
    for file in files:
        if not Path(file).with_suffix(".pdf").exists():
            yield f"{Path(file).name}: LibreOffice does not open it"


def _cut(picture: Picture) -> Iterator[Finding]:
    """Find values that the axis of a native chart cuts off, or ink at the edge of an image."""
    from PIL import Image

    chart = native.chart_of(picture, 14)
    if chart is None:
        image = Image.open(BytesIO(slides.image(picture, deck_of("")))).convert("RGBA")
        edge = image.crop((image.width - 3, 0, image.width, image.height))
        if edge.getextrema() != ((255, 255),) * 4:
            yield "a line at the edge"
        return
    if isinstance(chart, NativePoints):
        return
    areas = [series.values for series in chart.series if series.kind == "area"]
    tops = [sum(value or 0.0 for value in year) for year in zip(*areas, strict=True)]
    for series in chart.series:
        if series.kind != "area":
            tops += [value or 0.0 for value in series.values]
    if max(tops) * chart.factor > chart.scale.high * (1 + 1e-9):
        yield f"the axis ends at {chart.scale.high / chart.factor:g}, before {max(tops):g}"


def printed(folder: Path) -> Iterator[Finding]:
    """Read every pdf by poppler: words that cover each other or leave the page, pages too many."""
    for file in sorted(folder.glob("*.pdf")):
        html = subprocess.run(
            ["pdftotext", "-bbox", str(file), "-"],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        sheets = re.findall(
            r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', html, re.DOTALL
        )
        kind, _, name = file.stem.partition(" ")
        yield from (f"{file.name}: {what}" for what in _units(kind, name, html))
        yield from (f"{file.name}: {what}" for what in _lost(kind, name, html))
        if kind == "workbook":
            yield from (f"{file.name}: {what}" for what in _pages_of_sheets(sheets))
        elif len(sheets) > {"side by side": 3, "appendix": 20}.get(name, 1):
            yield f"{file.name}: {len(sheets)} pages"
        first = sheets[:1] if kind == "workbook" else sheets
        for width, height, body in first:
            yield from (
                f"{file.name}: {what}" for what in overlaps(float(width), float(height), body)
            )


_WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
)


def _pages_of_sheets(pages: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    """Find sheets that print on too many pages: each page has the name of its sheet in its foot."""
    printed_on = Counter[str]()
    for _, height, body in pages:
        foot = [
            word for _, top, *_, word in _WORD.findall(body) if float(top) > 0.9 * float(height)
        ]
        printed_on[foot[0] if foot else ""] += 1
    for sheet, count in printed_on.items():
        if count > MOST_PAGES.get(sheet, 1):
            yield f"{count} pages of {sheet!r}"


def _units(kind: str, name: str, html: str) -> Iterator[Finding]:
    """Find amounts of a slide, workbook or page in another scale than those of its picture."""
    if kind not in ("slide", "workbook", "exhibit") or name not in CASES or name in SEVERAL_UNITS:
        return
    words = [word for *_, word in _WORD.findall(html)]
    yield from other_units(case(name).picture.unit, unescape(" ".join(words)))
    yield from grammar([unescape(" ".join(words))])


def _lost(kind: str, name: str, html: str) -> Iterator[Finding]:
    """Find texts of a chart of a slide or workbook that the program does not show."""
    if kind not in ("slide", "workbook") or name not in CASES:
        return
    if kind == "workbook" and case(name).document.live:
        return
    shown = {unescape(word) for *_, word in _WORD.findall(html)}
    for placed in charts_of(case(name).picture, TextSizes(14, 10), SLIDE_ROOM):
        texts = placed.chart.words
        if placed.head:
            texts = [placed.head.name, placed.head.remark, *texts]
        for text in texts:
            lost = [word for word in prose(text).split() if word not in shown]
            if lost:
                yield f"{text!r} is lost"


def overlaps(width: float, height: float, body: str) -> Iterator[Finding]:
    boxes = [(word, Box(*map(float, ends))) for *ends, word in _WORD.findall(body)]
    for index, (word, box) in enumerate(boxes):
        if box.left < 0 or box.top < 0 or box.right > width or box.bottom > height:
            yield f"{word!r} leaves the page"
        for other_word, other in boxes[:index]:
            across = min(box.right, other.right) - max(box.left, other.left)
            down = min(box.bottom, other.bottom) - max(box.top, other.top)
            lower = min(box.bottom - box.top, other.bottom - other.top)
            if across > 1.5 and down > 0.45 * lower:
                yield f"{word!r} covers {other_word!r}"


LAYOUT = Path(__file__).with_name("layout.js").read_text()


def screens(folder: Path) -> Iterator[Finding]:
    """Open every exhibit in Chromium, light and dark: on a phone, the chart ends within 812 px."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(CHROMIUM[0]), args=list(CHROMIUM[1:])
        )
        for width, height, scheme in (
            (1280, 900, "light"),
            (375, 812, "light"),
            (375, 812, "dark"),
        ):
            screen = {"width": width, "height": height}
            view = browser.new_page(viewport=screen, color_scheme=scheme)  # type: ignore[arg-type]
            for file in sorted(folder.glob("*.html")):
                view.goto(file.as_uri())
                view.evaluate("document.fonts.ready")
                wrong, bottom = view.evaluate(LAYOUT)
                yield from (f"{file.name}, {width} px, {scheme}: {what}" for what in wrong)
                if width == 375 and bottom > height and "long title" not in file.name:
                    yield f"{file.name}: the chart ends at {bottom:.0f} of {height} px"
        browser.close()


def _write(file: Path, content: str | bytes) -> None:
    assert isinstance(content, bytes)
    file.write_bytes(content)


def main() -> int:
    """Run every check; print a line for each finding."""
    programs = ("soffice", "pdftotext", CHROMIUM[0])
    if absent := [name for name in programs if shutil.which(name) is None]:
        sys.stdout.write(f"gate: {', '.join(absent)} not installed; .ci/run names the packages\n")
        return 1
    findings: list[Finding] = []
    started = time.monotonic()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shown_pages = dict(pages())
        checks: dict[str, Callable[[], Iterator[Finding]]] = {
            "drawings": drawings,
            "edges": lambda: (
                what for name in SITUATIONS for what in edges(case(name).picture, name)
            ),
            "exhibits": lambda: exhibits(folder, shown_pages),
            "LibreOffice": lambda: offices(folder),
            "pdf": lambda: printed(folder),
            "Chromium": lambda: screens(folder),
        }
        for name, check in checks.items():
            wrong = list(dict.fromkeys(check()))
            findings += wrong
            sys.stdout.write(
                f"gate: {name}: {len(wrong)} findings, {time.monotonic() - started:.0f} s\n"
            )
            sys.stdout.write("".join(f"  {what}\n" for what in wrong))
    sys.stdout.write(f"gate: {len(findings)} findings in {len(CASES)} pictures\n")
    return min(len(findings), 1)


if __name__ == "__main__":
    sys.exit(main())
