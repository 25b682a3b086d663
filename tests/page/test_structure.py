"""The page as text: whole, escaped, and locked by its security policy; tried on one with everything a page can hold."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.table import Column, Table
from rural_forecast.render.page.html import render
from tests.render.pictures import NASTY, fan, ranges

COLUMNS = (
    Column("period", "Year", "year"),
    Column("kind", ""),
    Column("value", "Value", "number"),
    Column("lower_80", "80 % interval", "number"),
    Column("upper_80", "", "number", ends_range=True),
)
ROWS = ((2015, "actual", 353.0, None, None), (2018, "forecast", 786.4, 542.4, 1140.0))


def section(title: str, table: str = "", **more: object) -> Section:
    tables = (Table(COLUMNS, ROWS, title=table, tones=("plain", "strong")),) if table else ()
    return Section(title, **{"tables": tables, **more})  # type: ignore[arg-type]


PAGE = render(
    Page(
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
                    section("The forecast", "Values", prose=("In words.",), picture=fan(10)),
                    section("Models", "Models", picture=ranges()),
                    section("Every value", "Values", folded=True),
                ),
            ),
            Chapter(NASTY, (section(NASTY, NASTY, prose=(NASTY,)),)),
            Chapter("Method", (section("Again", prose=("between -0.2 and +61.7 %",)),)),
        ),
        byline="A. Analyst, 2026",
        credit="Made with rural-forecast.",
    )
)


def test_the_policy_allows_the_one_style_sheet_and_the_one_script_and_nothing_from_elsewhere_is_loaded() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', PAGE)
    assert policy
    said = policy[1].replace("&#39;", "'")
    assert said.startswith("default-src 'none'; ")
    assert "unsafe" not in said
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in said
    text = re.sub(r"https?://www\.w3\.org\S*", "", PAGE)
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", text)
    assert not re.search(r"url\((?!#|data:font)", text)
    assert "@import" not in text


def test_text_from_data_is_never_markup_and_prose_has_minus_signs() -> None:
    assert "<script>alert" not in PAGE
    assert PAGE.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert "\x1b" not in PAGE
    assert not re.search(r"\sstyle=|\son\w+=", PAGE)
    assert "between −0.2 and +61.7\u00a0%" in PAGE, "prose has minus signs"


def test_headings_are_in_order_ids_are_unique_and_the_page_is_whole_without_its_script() -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", PAGE)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r' id="([^"]+)"', PAGE)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', PAGE)) <= set(ids)
    text = re.sub(r"<script>.*?</script>", "", PAGE, flags=re.DOTALL)
    words = "about 786\u00a0bn\u00a0yuan", "542.4 – 1,140.0", "A fan chart.", "published by AliResearch", "Every value"
    assert all(part in text for part in words)
    assert text.count('<div class="drawing">') == 3
