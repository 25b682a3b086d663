"""The page as text: whole, escaped, and locked by its security policy."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

from rural_forecast.document.page import Chapter, Page, Section
from rural_forecast.render.page.html import render
from tests.page.pages import page


def test_the_policy_allows_the_one_style_sheet_and_the_one_script_and_nothing_else() -> None:
    text = render(page())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    said = policy[1].replace("&#39;", "'")
    assert said.startswith("default-src 'none'; ")
    assert "unsafe" not in said
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in said


def test_text_from_data_is_never_markup() -> None:
    text = render(page())
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert "\x1b" not in text
    assert not re.search(r"\sstyle=|\son\w+=", text)


def test_prose_has_minus_signs() -> None:
    section = Section("Again", ("between -0.2 and +61.7 %",))
    text = render(Page("Trial", (), (Chapter("Method", (section,)),)))
    assert "between −0.2 and +61.7\u00a0%" in text


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = re.sub(r"https?://www\.w3\.org\S*", "", render(page()))
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", text)
    assert not re.search(r"url\((?!#|data:font)", text)
    assert "@import" not in text


def test_headings_are_in_order_and_ids_are_unique() -> None:
    text = render(page())
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= set(ids)


def test_it_is_whole_without_its_script() -> None:
    text = re.sub(r"<script>.*?</script>", "", render(page()), flags=re.DOTALL)
    words = "about 786\u00a0bn\u00a0yuan", "542.4 – 1,140.0", "A fan chart.", "published by AliResearch", "Every value"
    assert all(part in text for part in words)
    assert text.count('<div class="drawing">') == 3
