"""The site builds strictly, and reads offline: opened as files it loads nothing from elsewhere, and search works."""

import shutil
from pathlib import Path

import pytest

from docs.generator.links import faults
from docs.generator.site import SITE, build

CHROMIUM = shutil.which("chromium")


def test_site_builds_and_reads_offline() -> None:
    assert build() == []
    assert not [name for name in ("generator", "manual") if (SITE / name).exists()], "what makes pages is no page"
    if CHROMIUM is None:
        pytest.skip("needs chromium")
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((SITE / "reference" / "python.html").as_uri())
        page.keyboard.press("Control+k")
        page.get_by_placeholder("Search").last.press_sequentially("ceiling", delay=20)
        page.get_by_text("results").first.wait_for()
        page.goto((SITE / "gallery.html").as_uri())
        broken = page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)")
        page.goto((SITE / "how-to" / "nightly-batch.html").as_uri())
        block = page.locator(".highlight:has-text('cut -d') pre > code")
        block.evaluate("block => block.setAttribute('data-md-copying', '')")  # as the copy button of the theme does
        copied = block.inner_text()
        browser.close()
    assert broken == []
    assert copied.rstrip() == (
        'rural-forecast batch panel.csv --horizon 2 -o forecasts.csv; echo "exit code $?"\n'
        "cut -d, -f1-7 forecasts.csv\ncat forecasts.refused.csv"
    )
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_link_into_the_void_is_found(tmp_path: Path) -> None:
    links = ("b.html#there", "b.html#nowhere", "c.html", "https://elsewhere.example")
    script = '<script src="https://elsewhere.example/x.js"></script>'
    (tmp_path / "a.html").write_text("".join(f'<a href="{link}">x</a>' for link in links) + script)
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1>')
    found = faults(tmp_path)
    assert [next(part for part in ("#nowhere", "c.html", "x.js") if part in fault) for fault in found] == [
        "#nowhere", "c.html", "x.js",
    ]  # fmt: skip
