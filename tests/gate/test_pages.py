"""The gate fails on a page in whose drawing or text labels cover each other, or leave the page."""

import re
import shutil

import pytest

from tests.gate.__main__ import screens
from tests.page.test_exhibit import PAGE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("chromium") is None,
        reason="chromium is not installed (apt-get install chromium)",
    ),
]
_TEXT = re.compile(r'(<text[^>]*?\bx=")([-\d.]+)("[^>]*?\by=")([-\d.]+)(")')


def with_last_text_at(html: str, x: str, y: str) -> str:
    """Move the last text of every drawing."""
    moved = []
    for part in re.split(r"(<svg.*?</svg>)", html, flags=re.DOTALL):
        texts = [*_TEXT.finditer(part)] if part.startswith("<svg") else []
        if texts:
            start, end = texts[-1].span()
            place = _TEXT.sub(rf"\g<1>{x}\g<3>{y}\g<5>", part[start:end])
            moved.append(part[:start] + place + part[end:])
        else:
            moved.append(part)
    return "".join(moved)


def with_style(style: str) -> str:
    """The page with a rule of style, which its policy would forbid."""
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", PAGE)
    return free.replace("</head>", f"<style>{style}</style></head>")


def with_a_label_on_another_one() -> str:
    """The page whose last labels stand where its first one does."""
    (first, *_) = _TEXT.findall(PAGE[PAGE.index("<svg") :])
    return with_last_text_at(PAGE, first[1], first[3])


PAGES = {
    "as written": PAGE,
    "label on label": with_a_label_on_another_one(),
    "label right of its drawing": with_last_text_at(PAGE, "2000", "60"),
    "label above its drawing": with_last_text_at(PAGE, "60", "-40"),
    "headline over the range": with_style("h1 { position: relative; top: 60px }"),
    "headline off the page": with_style("h1 { position: relative; left: -400px }"),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Findings of the gate on each page, all of which one browser opens."""
    folder = tmp_path_factory.mktemp("pages")
    for name, html in PAGES.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    by_page: dict[str, list[str]] = {name: [] for name in PAGES}
    for finding in screens(folder):
        file, _, fault = finding.partition(".html")
        by_page[file].append(fault.partition(": ")[2])
    return by_page


def test_a_page_as_we_write_it_has_no_fault(findings: dict[str, list[str]]) -> None:
    assert findings["as written"] == []


@pytest.mark.parametrize("page", ["label right of its drawing", "label above its drawing"])
def test_a_label_beyond_its_drawing_fails(page: str, findings: dict[str, list[str]]) -> None:
    assert any(finding.startswith("clipped: ") for finding in findings[page])


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("label on label", " covers "),
        ("headline over the range", " covers "),
        ("headline off the page", "leaves the page: "),
    ],
)
def test_a_text_on_another_one_or_off_the_page_fails(
    page: str, fault: str, findings: dict[str, list[str]]
) -> None:
    assert any(fault in finding for finding in findings[page])
