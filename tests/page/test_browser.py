"""The page in a real browser: nothing leaves it, its controls work, and axe finds nothing to complain of."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import rural_forecast as rf
from rural_forecast.cli.commands.pages import market
from rural_forecast.render.page.html import render
from rural_forecast.views.exhibit import page as exhibit
from tests.page.test_structure import page as made

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
VIEWS = {"phone": (375, 812, "phone"), "desktop": (1280, 900, "wide")}


class Opened(NamedTuple):
    """A page in the browser with all that it complained of and asked for."""

    page: Any
    said: list[str]
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
    path.write_text(render(made()), encoding="utf-8")
    return path


def opened(browser: Any, file: Path, view: str = "desktop", **options: Any) -> Opened:
    width, height, _ = VIEWS[view]
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    found = Opened(page, [], [])
    page.on("console", lambda message: found.said.append(message.text))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    page.on("request", lambda request: found.asked.append(request.url))
    page.goto(file.as_uri())
    return found


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(22, 22, 22)")])
def test_it_asks_for_nothing_fits_and_axe_finds_no_violation(
    browser: Any, file: Path, view: str, scheme: Any, paper: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = opened(browser, file, view, color_scheme=scheme)
    assert found.asked == [file.as_uri()]
    assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    drawings = found.page.locator("figure.picture").first.locator(".drawing > svg").all()
    assert [one.get_attribute("class") for one in drawings if one.is_visible()] == [VIEWS[view][2]]
    for folded in found.page.query_selector_all("summary"):
        folded.click()
    results = Axe().run(found.page)
    assert results.violations_count == 0, results.generate_report()
    assert found.said == []


def test_print_opens_what_is_folded(browser: Any, file: Path, tmp_path: Path) -> None:
    found = opened(browser, file)
    found.page.emulate_media(media="print")
    found.page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    found.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert found.page.locator("details").first.get_attribute("open") is not None
    found.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert found.page.locator("details").first.get_attribute("open") is None
    assert found.said == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_an_exhibit_of_the_catalogue_prints_on_one_page(browser: Any, paper: str, tmp_path: Path) -> None:
    path = tmp_path / "exhibit.html"
    fullest = market(rf.read("taobao_villages"), opinions=False)
    path.write_text(render(exhibit([fullest], appendix=False)), encoding="utf-8")
    printed = opened(browser, path).page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_every_control_can_be_reached_by_keyboard(browser: Any, file: Path) -> None:
    page = opened(browser, file).page
    missing = {"SUMMARY", "A"}
    for _ in range(60):
        page.keyboard.press("Tab")
        missing.discard(page.evaluate("document.activeElement.type || document.activeElement.tagName"))
        if not missing:
            return
    assert not missing
