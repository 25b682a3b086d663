"""The page in a real browser: it asks for nothing, its controls work, and axe finds no fault."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import rural_forecast as rf
from rural_forecast.cli.exhibited import exhibited_market
from rural_forecast.render.page.html import render
from rural_forecast.views.exhibit import page as exhibit
from tests.page.test_exhibit import PAGE

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"
)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


class Opened(NamedTuple):
    """A page in the browser with all that it complained of and asked for."""

    page: Any
    complaints: list[str]
    asked: list[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def opened(
    browser: Any, file: Path, width: int = 1280, height: int = 900, **options: Any
) -> Opened:
    page = browser.new_context(viewport={"width": width, "height": height}, **options).new_page()
    view = Opened(page, [], [])
    page.on("console", lambda message: view.complaints.append(message.text))
    page.on("pageerror", lambda error: view.complaints.append(str(error)))
    page.on("request", lambda request: view.asked.append(request.url))
    page.goto(file.as_uri())
    return view


@pytest.mark.parametrize(
    ("width", "height", "drawing", "scheme", "paper"),
    [
        (375, 812, "phone", "dark", "rgb(22, 22, 22)"),
        (1280, 900, "wide", "light", "rgb(255, 255, 255)"),
    ],
    ids=["phone in the dark", "desktop"],
)
def test_it_asks_for_nothing_fits_and_axe_finds_no_violation(
    browser: Any, file: Path, width: int, height: int, drawing: str, scheme: str, paper: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    view = opened(browser, file, width, height, color_scheme=scheme)
    assert view.asked == [file.as_uri()]
    assert view.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert view.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    drawings = view.page.locator("figure.picture").first.locator(".drawing > svg").all()
    assert [one.get_attribute("class") for one in drawings if one.is_visible()] == [drawing]
    for folded in view.page.query_selector_all("summary"):
        folded.click()
    results = Axe().run(view.page)
    assert results.violations_count == 0, results.generate_report()
    assert view.complaints == []


def test_every_control_is_reached_by_keyboard(browser: Any, file: Path) -> None:
    view = opened(browser, file)
    missing = {"SUMMARY", "A"}
    for _ in range(60):
        view.page.keyboard.press("Tab")
        missing.discard(
            view.page.evaluate("document.activeElement.type || document.activeElement.tagName")
        )
    assert not missing
    assert view.complaints == []


def test_print_opens_what_is_folded(browser: Any, file: Path) -> None:
    view = opened(browser, file)
    view.page.emulate_media(media="print")
    assert view.page.pdf(format="A4").startswith(b"%PDF")
    for event, is_open in (("beforeprint", True), ("afterprint", False)):
        view.page.evaluate(f"dispatchEvent(new Event('{event}'))")
        assert (view.page.locator("details").first.get_attribute("open") is not None) == is_open
    assert view.complaints == []


def test_an_exhibit_of_the_catalogue_prints_on_one_page(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "exhibit.html"
    fullest = exhibited_market(rf.read("taobao_villages"), opinions=False)
    path.write_text(render(exhibit([fullest], appendix=False)), encoding="utf-8")
    page = opened(browser, path).page
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1
