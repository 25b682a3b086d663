"""The gate: `python -m tests.gate` renders everything, measures it, and ends with 1 and a line for each finding.

Drawings are measured on their own coordinates, in both themes and in the sizes of page, phone and paper. Then other
programs read what we wrote, Chromium the pages, LibreOffice slides and workbooks, poppler the pdf of all of them: words
that cover each other, ink at the edge, pages too many. The same input gives the same findings.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rural_forecast.cli.commands.exhibit import market
from rural_forecast.document.picture import Look, Picture
from rural_forecast.render import formats
from rural_forecast.render.drawing import svg
from rural_forecast.text.headline import words
from rural_forecast.text.style import MOST_WORDS, PHONE, PRINT, WIDE
from rural_forecast.views.exhibit import page
from rural_forecast.views.project import document
from tests.gate.situations import CASES, SITUATIONS, case
from tests.gate.words import FORBIDDEN, claims, headline, said
from tests.render.measured import findings, measured

Finding = str
FORECASTS = ("founding", "three points", "decline", "negative", "millionfold", "long title", "target", "Chinese")
"""Situations of one series whose pages other programs read."""
SLIDES = ("founding", "decline", "negative", "millionfold", "panel of regions", "scenario pair", "twelve series",
          "columns", "size", "compare", "backtest", "precedents", "growth", "nowcast", "side by side")  # fmt: skip
WORKBOOKS = ("founding", "thirty smooth")
CHROMIUM = ("chromium", "--no-sandbox", "--disable-gpu")


def drawings() -> Iterator[Finding]:
    """Every picture as svg in the sizes of its media and in both themes, and what it says."""
    for name in CASES:
        found = case(name)
        for theme in ("light", "dark"):
            for size in (WIDE, PHONE, PRINT):
                shown = replace(found.picture, look=Look(theme=theme))  # type: ignore[arg-type]
                drawing = measured(svg(shown, size), theme)
                yield from (f"{name}, svg, {size.name}, {theme}: {what}" for what in findings(drawing))
                if size is WIDE and theme == "light":
                    wrong = [*said(found, drawing), *claims(found), *headline(found.picture)]
                    yield from (f"{name}: {what}" for what in wrong)


def in_grey() -> Iterator[Finding]:
    """Pixels of a png in grey: bands and parts are told apart by lightness alone."""
    from PIL import Image

    for name, fewest in (("founding", 5), ("project", 5), ("panel of regions", 7)):
        png = formats.render(case(name).picture, "png")
        assert isinstance(png, bytes)
        shades = Counter(Image.open(BytesIO(png)).convert("L").tobytes())
        large = sorted(shade for shade, count in shades.items() if count > 2000)
        apart = [shade for place, shade in enumerate(large) if not place or shade - large[place - 1] >= 10]
        if len(apart) < fewest:
            yield f"{name}, png in grey: {len(apart)} shades, of {fewest}"


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


def pages() -> Iterator[tuple[str, Any]]:
    """The exhibits of some situations."""
    for name in FORECASTS:
        result = case(name).forecast
        assert result is not None
        source, asked = result.history.series, {"year": result.target}
        targets = (4500.0,) if name == "target" else ()
        made = market(source, asked, {"as_of": None}, opinions=False, targets=targets)
        yield name, page([made], appendix=False, author="A. Analyst", date="29 November 2026")


def exhibits(folder: Path, made: dict[str, Any]) -> Iterator[Finding]:
    """Words of the exhibits; writes them as html and pdf."""
    for name, shown in made.items():
        (sheet,) = shown.sheets
        texts = [sheet.heading, sheet.range, *sheet.counted, *sheet.risks, *sheet.sources, shown.byline, shown.credit]
        texts += [part for figure in sheet.figures for part in (figure.value, figure.remark)]
        if (count := sum(map(words, texts))) > MOST_WORDS["exhibit"]:
            yield f"{name}, exhibit: {count} words"
        yield from (f"{name}, exhibit: {text!r} is not for clients" for text in texts if FORBIDDEN.search(text))
        stem = folder / f"exhibit {name}"
        stem.with_suffix(".html").write_text(str(formats.render(shown, "html")), encoding="utf-8")
        _write(stem.with_suffix(".pdf"), formats.render(shown, "pdf"))


def offices(folder: Path) -> Iterator[Finding]:
    """Slides and workbooks, as LibreOffice shows them; writes them and their pdf."""
    for name in SLIDES:
        _write(folder / f"slide {name}.pptx", formats.render(case(name).picture, "pptx"))
    for name in WORKBOOKS:
        found = case(name)
        assert found.forecast is not None
        shown = replace(document(found.forecast, history=True), picture=found.picture)
        _write(folder / f"workbook {name}.xlsx", formats.render(shown, "xlsx"))
    files = sorted(map(str, [*folder.glob("*.pptx"), *folder.glob("*.xlsx")]))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(run, check=True, capture_output=True, timeout=240)
    for file in files:
        if not Path(file).with_suffix(".pdf").exists():
            yield f"{Path(file).name}: LibreOffice does not open it"


def printed(folder: Path) -> Iterator[Finding]:
    """Every pdf, as poppler reads it: words that cover each other or leave the page, pages too many."""
    for file in sorted(folder.glob("*.pdf")):
        html = subprocess.run(
            ["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True, text=True, timeout=60
        ).stdout
        sheets = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', html, re.DOTALL)
        most = 1 if file.stem.startswith(("slide", "exhibit")) else 4
        if len(sheets) > most:
            yield f"{file.name}: {len(sheets)} pages"
        first = sheets[:1] if file.stem.startswith("workbook") else sheets
        for width, height, body in first:
            yield from (f"{file.name}: {what}" for what in _words(float(width), float(height), body))


_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def _words(width: float, height: float, body: str) -> Iterator[Finding]:
    boxes = [(*map(float, found[:4]), found[4]) for found in _WORD.findall(body)]
    for at, (left, top, right, bottom, word) in enumerate(boxes):
        if left < 0 or top < 0 or right > width or bottom > height:
            yield f"{word!r} leaves the page"
        for other in boxes[:at]:
            across = min(right, other[2]) - max(left, other[0])
            down = min(bottom, other[3]) - max(top, other[1])
            if across > 1.5 and down > 0.45 * min(bottom - top, other[3] - other[1]):
                yield f"{word!r} covers {other[4]!r}"


LAYOUT = """() => {
  const boxes = [...document.querySelectorAll('figure svg text')].map((text) => [text, text.getBoundingClientRect()])
    .filter(([, box]) => box.width);
  const wrong = [];
  for (const [at, [text, box]] of boxes.entries()) {
    const frame = text.ownerSVGElement.getBoundingClientRect();
    if (box.right > frame.right + 1.5 || box.left < frame.left - 1.5) wrong.push(`clipped: ${text.textContent}`);
    for (const [other, place] of boxes.slice(0, at)) {
      if (other.ownerSVGElement !== text.ownerSVGElement) continue;
      const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
      const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
      if (across > 1 && down > 0.4 * box.height) wrong.push(`${text.textContent} covers ${other.textContent}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('wider than the screen');
  const small = boxes.filter(([, box]) => box.height < 12).map(([text]) => text.textContent);
  if (small.length) wrong.push(`smaller than 12 px: ${small[0]}`);
  const drawing = [...document.querySelectorAll('figure svg')].find((svg) => svg.getBoundingClientRect().width);
  return [wrong, drawing.getBoundingClientRect().bottom];
}"""


def screens(folder: Path) -> Iterator[Finding]:
    """Every exhibit in Chromium, on a desktop and on a phone: headline and whole chart within 375 x 812."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM[0]), args=list(CHROMIUM[1:]))
        for width, height in ((1280, 900), (375, 812)):
            view = browser.new_page(viewport={"width": width, "height": height})
            for file in sorted(folder.glob("*.html")):
                view.goto(file.as_uri())
                view.evaluate("document.fonts.ready")
                wrong, bottom = view.evaluate(LAYOUT)
                yield from (f"{file.name}, {width} px: {what}" for what in wrong)
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
    found: list[Finding] = []
    started = time.monotonic()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = dict(pages())
        checks: dict[str, Callable[[], Iterator[Finding]]] = {
            "drawings": drawings,
            "grey": in_grey,
            "edges": lambda: (what for name in SITUATIONS for what in edges(case(name).picture, name)),
            "exhibits": lambda: exhibits(folder, made),
            "LibreOffice": lambda: offices(folder),
            "pdf": lambda: printed(folder),
            "Chromium": lambda: screens(folder),
        }
        for name, check in checks.items():
            wrong = list(dict.fromkeys(check()))
            found += wrong
            sys.stdout.write(f"gate: {name}: {len(wrong)} findings, {time.monotonic() - started:.0f} s\n")
            sys.stdout.write("".join(f"  {what}\n" for what in wrong))
    sys.stdout.write(f"gate: {len(found)} findings in {len(CASES)} pictures\n")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
