"""The site builds strictly, and reads offline: opened as files it loads nothing from elsewhere, and search works."""

import shutil
from pathlib import Path

import pytest

from docs.generator import mirror
from docs.generator.links import faults
from docs.generator.mirror import BrokenLinkError
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
    (tmp_path / "a.html").write_text(
        '<a href="b.html#there">1</a><a href="b.html#nowhere">2</a><a href="c.html">3</a>'
        '<script src="https://elsewhere.example/x.js"></script><a href="https://elsewhere.example">4</a>'
    )
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1>')
    assert faults(tmp_path) == [
        "a.html links to b.html#nowhere, and there is no such anchor.",
        "a.html links to c.html, which is not there.",
        "a.html loads https://elsewhere.example/x.js.",
    ]


def test_links_lead_where_pages_stand_in_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    monkeypatch.setattr(mirror, "ROOT", tmp_path)
    monkeypatch.setattr(mirror, "DOCS", docs)
    monkeypatch.setattr(mirror, "PLACES", {"README.md": "index.md", "data/README.md": "reference/catalogue.md"})
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "README.md").write_text("[home](../README.md#top) [model](model.toml)\n")
    (tmp_path / "data" / "model.toml").write_text("x = 1\n")
    (tmp_path / "README.md").write_text("# T\n\nFirst, [data](data/README.md).\n\n## Second\n\nMore.\n\n## Third\n")
    (docs / "index.md").write_text(
        "# T\n\n<!-- from README.md: introduction -->\n\n<!-- from README.md: ## Second -->\n"
    )
    mirror.gather(tmp_path / "site")
    assert (tmp_path / "site" / "index.md").read_text() == (
        "# T\n\nFirst, [data](reference/catalogue.md).\n\n## Second\n\nMore.\n"
    )
    catalogue = (tmp_path / "site" / "reference" / "catalogue.md").read_text()
    assert catalogue == "[home](../index.md#top) [model](../files/data/model.toml)\n"
    assert (tmp_path / "site" / "files" / "data" / "model.toml").read_text() == "x = 1\n"
    (docs / "index.md").write_text("[gone](gone.md)\n")
    with pytest.raises(BrokenLinkError, match=r"docs/index.md: gone.md is not there"):
        mirror.gather(tmp_path / "site")
