"""The gate fails on a page in whose drawing or text labels cover each other, or leave the page."""

import re
import shutil
from pathlib import Path

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


def found(folder: Path, html: str) -> list[str]:
    """Findings of the gate on a page, without the name of its file."""
    (folder / "page.html").write_text(html, encoding="utf-8")
    return [finding.partition(": ")[2] for finding in screens(folder)]


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


def test_a_page_as_we_write_it_has_no_fault(tmp_path: Path) -> None:
    assert found(tmp_path, PAGE) == []


def test_a_label_on_another_one_fails(tmp_path: Path) -> None:
    (first, *_) = _TEXT.findall(PAGE[PAGE.index("<svg") :])
    findings = found(tmp_path, with_last_text_at(PAGE, first[1], first[3]))
    assert any(" covers " in finding for finding in findings)


@pytest.mark.parametrize(("x", "y"), [("2000", "60"), ("60", "-40")], ids=["right", "above"])
def test_a_label_beyond_its_drawing_fails(tmp_path: Path, x: str, y: str) -> None:
    findings = found(tmp_path, with_last_text_at(PAGE, x, y))
    assert any(finding.startswith("clipped: ") for finding in findings)


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("h1 { position: relative; top: 60px }", " covers "),
        ("h1 { position: relative; left: -400px }", "leaves the page: "),
    ],
    ids=["over the range", "off the page"],
)
def test_a_headline_that_was_moved_fails(tmp_path: Path, style: str, fault: str) -> None:
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", PAGE)
    html = free.replace("</head>", f"<style>{style}</style></head>")
    assert any(fault in finding for finding in found(tmp_path, html))
