"""The page as text: whole, escaped, and locked by its security policy; tried on one with everything a page can hold."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.table import Column, Table
from rural_forecast.render.page.html import render
from tests.render.pictures import NASTY, fan, ranges


def table(title: str) -> Table:
    columns = (
        Column("period", "Year", "year"),
        Column("kind", ""),
        Column("value", "Value", "number"),
        Column("lower_80", "80 % interval", "number"),
        Column("upper_80", "", "number", ends_range=True),
    )
    rows = ((2015, "actual", 353.0, None, None), (2018, "forecast", 786.4, 542.4, 1140.0))
    return Table(columns, rows, title=title, tones=("plain", "strong"))


def page() -> Page:
    return Page(
        title="Rural online shopping",
        sheets=(
            Sheet(
                "Rural online shopping: about 786 bn yuan in 2018",
                "Four chances in five that it lies between 542 and 1,140 bn yuan",
                fan(10),
                (Figure("+17.9 % a year", "from 2016 to 2018"), Figure("446 to 1,388", "is the wider range")),
                ("What is counted.", "Amounts in bn yuan."),
                ("A risk.", NASTY),
                ("A source, 2017",),
            ),
        ),
        chapters=(
            Chapter(
                "The finding",
                (
                    Section("The forecast", ("In words.",), picture=fan(10), tables=(table("Values"),)),
                    Section("Models", picture=ranges(), tables=(table("Models"),)),
                    Section("Every value", tables=(table("Values"),), folded=True),
                ),
            ),
            Chapter(NASTY, (Section(NASTY, (NASTY,), tables=(table(NASTY),)),)),
            Chapter("Method", (Section("Again", ("between -0.2 and +61.7 %",)),)),
        ),
        byline="A. Analyst, 2026",
        credit="Made with rural-forecast.",
    )


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


def test_text_from_data_is_never_markup_and_prose_has_minus_signs() -> None:
    text = render(page())
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert "\x1b" not in text
    assert not re.search(r"\sstyle=|\son\w+=", text)
    assert "between −0.2 and +61.7\u00a0%" in text, "prose has minus signs"


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
