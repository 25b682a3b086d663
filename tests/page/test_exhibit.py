"""The exhibit in each format, with no word that is not for a client, and the page as text."""

import re
import zlib
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

import rural_forecast as rf
from rural_forecast.cli.exhibited import exhibited_market
from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.picture import Look
from rural_forecast.document.table import Table
from rural_forecast.observed.catalogue import load
from rural_forecast.question.question import Question
from rural_forecast.render import formats
from rural_forecast.render.page import printed
from rural_forecast.render.page.html import render
from rural_forecast.views import chart, several
from rural_forecast.views.exhibit import ExhibitedMarket, page, readable
from tests.render.documents import FOUNDING, MARKUP, fan, has_chinese, ranges

NOT_FOR_CLIENTS = re.compile(
    r"--[a-z]|rural-forecast [a-z]|statsmodels|numpy|scipy|pandas|matplotlib|typst|jinja"
    r"|sMAPE\b.*--",
    re.IGNORECASE,
)
"""Options, commands and libraries."""


@pytest.fixture(scope="module")
def exhibited() -> ExhibitedMarket:
    return exhibited_market(rf.read("turnover"), Question(year=2018), opinions=False)


@pytest.fixture(scope="module")
def sheet_page(exhibited: ExhibitedMarket) -> Page:
    return page([exhibited], appendix=False, author="A. Analyst", date="May 2026")


def bounds(exhibited: ExhibitedMarket, level: int, between: str) -> str:
    """The ends of a range as a picture writes them."""
    ends = exhibited.forecast.best.ends(level)
    return between.join(chart.picture(exhibited.forecast).amounts.bounds(*ends))


def shown(html: str) -> str:
    """The words of a page."""
    return re.sub(
        r"<[^>]+>", " ", re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    )


def test_a_sheet_opens_with_the_headline_has_180_words_and_a_date_only_where_one_is_given(
    exhibited: ExhibitedMarket, sheet_page: Page
) -> None:
    (sheet,) = sheet_page.sheets
    assert sheet.heading == "Rural online shopping turnover: about 830 bn yuan in 2018"
    chances = f"Four chances in five that it lies between {bounds(exhibited, 0, ' and ')} bn yuan"
    kind = "Forecast as adoption of a technology, as stated; without that, 660 bn yuan"
    assert sheet.range == f"{chances}. {kind}"
    assert [figure.value for figure in sheet.figures] == [
        "+30.9 % a year",
        f"{bounds(exhibited, 1, ' to ')} bn yuan",
    ]
    words = [sheet.heading, sheet.range, *sheet.counted, *sheet.risks, *sheet.sources]
    words += [word for figure in sheet.figures for word in (figure.value, figure.remark)]
    assert sum(len(text.split()) for text in words) <= 180
    assert "Observed 2014 to 2016." in sheet.counted[-1]
    assert "A. Analyst, May 2026" in str(formats.render(sheet_page, "html"))
    assert not re.search(
        r"20(2[4-9]|3\d)", shown(str(formats.render(page([exhibited], appendix=False), "html")))
    )


def test_the_first_target_is_the_headline_and_the_second_a_fact(exhibited: ExhibitedMarket) -> None:
    (sheet,) = page([replace(exhibited, targets=(800.0, 900.0))], appendix=False).sheets
    assert re.fullmatch(
        r"Rural online: \d+ % chance of at least 800 bn yuan in 2018", sheet.heading
    )
    assert sheet.figures[1].remark == "is the chance of at least 900 bn yuan in 2018"
    assert not set(sheet.picture.notes) & set(sheet.risks) if sheet.picture else False


@pytest.mark.slow
def test_a_slide_is_headline_range_chart_and_source(
    exhibited: ExhibitedMarket, sheet_page: Page
) -> None:
    pptx = pytest.importorskip("pptx")
    (slide,) = pptx.Presentation(BytesIO(formats.render(sheet_page, "pptx"))).slides
    assert slide.shapes.title.text == sheet_page.sheets[0].heading
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    picture = sheet_page.sheets[0].picture
    assert picture is not None
    # Sources are named in full, and are not counted.
    counted = " ".join(texts).replace(picture.source, "")
    assert len(counted.split()) <= 60
    assert texts[1] == picture.subtitle
    assert any(picture.premise.rstrip(".") in text for text in texts)
    (drawn,) = (shape for shape in slide.shapes if shape.has_chart)
    assert (
        drawn._element.xpath(".//p:cNvPr")[0].get("descr")
        == sheet_page.sheets[0].picture.alternative
    )
    chart = drawn.chart
    areas, lines = ({one.name: list(one.values) for one in plot.series} for plot in chart.plots)
    assert list(chart.plots[0].categories) == ["2014", "2015", "2016", "2017", "2018"]
    assert lines["observed"][:3] == [180.0, 353.0, 482.0]
    best = exhibited.forecast.best
    assert lines["forecast"][3:] == best.values.tolist()
    assert lines["published"][3] == 600
    assert list(areas) == ["base", "80 %", "50 %"]
    heights = [list(one.values)[-1] for one in chart.plots[0].series]
    wide = exhibited.forecast.wide
    edges = [best.lower[0, -1], wide.lower[0, -1], wide.upper[0, -1], best.upper[0, -1]]
    assert np.cumsum(heights) == pytest.approx(edges), "bands lie on a base that is not seen"
    assert chart.plots[0].series[0].format.fill.type == pptx.enum.dml.MSO_FILL.BACKGROUND
    book = CalamineWorkbook.from_filelike(
        BytesIO(chart.part.chart_workbook.xlsx_part.blob)
    ).get_sheet_by_index(0)
    head, *_, last = book.to_python()
    assert dict(zip(head, last, strict=True))["forecast"] == best.values[-1], (
        "the numbers can be edited"
    )
    xml = chart.part.blob.decode()
    assert xml.count("<c:smooth") == xml.count('<c:smooth val="0"/>') > 0
    for shown in ("LegendKey", "CatName", "SerName", "Percent", "BubbleSize"):
        assert f'<c:show{shown} val="1"/>' not in xml
        assert f'<c:show{shown} val="0"/>' in xml
    assert f"Nineteen chances in twenty: {bounds(exhibited, 1, ' to ')} bn yuan" in texts[-1]
    assert chart.value_axis.maximum_scale < 1.5 * best.upper[0, -1], (
        "the axis is cut as that of the picture is"
    )


def leaves(page: Page) -> int:
    """The pages of a pdf."""
    pytest.importorskip("typst")
    return len(re.findall(rb"/Type\s*/Page\b", formats.render(page, "pdf")))


@pytest.mark.slow
def test_a_pdf_has_one_page_a_sheet_and_an_appendix_follows(
    exhibited: ExhibitedMarket, sheet_page: Page
) -> None:
    """A page that could not fit had its words in type of no size."""
    for title in ("Market", "Very long " * 40):
        sheets = (
            sheet_page.sheets[0],
            sheet_page.sheets[0]._replace(heading=title, risks=(title,)),
        )
        assert leaves(sheet_page._replace(title=title, sheets=sheets)) == 2
    tall = sheet_page.sheets[0]._replace(
        picture=several.several([exhibited.forecast] * 30), figures=()
    )
    assert leaves(sheet_page._replace(sheets=(tall,))) == 1
    assert leaves(page([exhibited], appendix=True)) > 3
    assert leaves(page([exhibited] * 12, appendix=True)) < 24


@pytest.mark.slow
def test_a_png_has_the_texts_of_its_picture_the_theme_and_the_width_asked_for(
    sheet_page: Page,
) -> None:
    image = pytest.importorskip("PIL.Image")
    pixels = np.asarray(image.open(BytesIO(formats.render(sheet_page, "png"))).convert("L"))
    high, wide = pixels.shape
    # Its ticks: 500 to 1,500.
    axis = pixels[int(0.25 * high) : int(0.7 * high), int(0.07 * wide) : int(0.11 * wide)]
    assert 3 * 20 < (axis < 128).sum() < 0.05 * axis.size
    light, again, dark = (
        formats.render(sheet_page._replace(look=Look(theme, pixels=500)), "png")
        for theme in ("light", "light", "dark")
    )
    assert light == again != dark
    assert int.from_bytes(light[16:20], "big") == 500


def test_texts_of_a_picture_are_in_a_png_wherever_it_is_placed() -> None:
    """A picture in a page of its own place has a `transform` in typst's svg."""
    image = '<image transform="translate(4 0)" xlink:href="data:image/svg+xml;base64,{}"'
    encoded = b64encode(b'<?xml?><svg viewBox="0 0 9 9" width="9" height="9">text</svg>').decode()
    whole = f'{image.format(encoded)} width="90" height="80" preserveAspectRatio="none"/>'
    drawn = printed._IMAGE.sub(printed._within, whole)
    assert drawn == (
        '<g transform="translate(4 0)"><svg viewBox="0 0 9 9" width="90" height="80">text</svg></g>'
    )


@pytest.mark.slow
def test_series_side_by_side_are_a_chart_each_on_a_slide_with_words_for_them() -> None:
    pptx = pytest.importorskip("pptx")
    both = [
        exhibited_market(rf.read(name), Question(year=2027), opinions=False)
        for name in ("online", "users")
    ]
    first, *others = pptx.Presentation(
        BytesIO(formats.render(page(both, appendix=False), "pptx"))
    ).slides
    charts = [shape for shape in first.shapes if shape.has_chart]
    for chart_of_one, one in zip(charts, both, strict=True):
        words = chart_of_one._element.xpath(".//p:cNvPr")[0].get("descr")
        picture_of_one = chart.picture(one.forecast)
        assert picture_of_one.title in words
        assert picture_of_one.subtitle in words
    assert [sum(shape.has_chart for shape in slide.shapes) for slide in (first, *others)] == [
        2,
        1,
        1,
    ]


def decompressed(pdf: bytes) -> bytes:
    """A pdf with its streams as plain text."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


def test_a_pdf_embeds_its_fonts_and_draws_chinese(
    exhibited: ExhibitedMarket, sheet_page: Page
) -> None:
    pytest.importorskip("typst")
    if not has_chinese():
        pytest.skip("no font with Chinese characters is installed")
    title = "农村网络零售额"
    picture = chart.picture(exhibited.forecast)._replace(title=title)
    for pdf in (
        formats.render(sheet_page._replace(title=title), "pdf"),
        formats.render(picture, "pdf"),
    ):
        text = decompressed(pdf)
        fonts = set(re.findall(rb"/FontName\s*/(\w+)\+([\w-]+)", text))
        assert len(fonts) == len(re.findall(rb"/FontFile[23]?\b", text)) >= 3, (
            "each is embedded, as a subset"
        )
        assert any(b"FiraSans" in name for _, name in fonts)
        assert all(f"{ord(sign):04X}".encode() in text.upper() for sign in title), (
            "as text that can be copied"
        )


INSIDE = re.compile(
    r"\b(?:consensus|members?|leaves|origins?|backtests?|smape|crps|msis|owa|mase)\b"
    r"|\b(?:numpy|pandas|statsmodels)\b|--[a-z]+",
    re.IGNORECASE,
)
"""Words of the trade, which an appendix may have."""
PLACED = re.compile(r"\.(csv|tsv|toml|xlsx|parquet|json)\b|\b[a-z0-9]+(_[a-z0-9]+)+\b")
"""Names of files and identifiers."""


def test_no_text_of_the_catalogue_is_an_identifier_or_a_word_for_programmers() -> None:
    catalogue = load()
    for series in map(catalogue.get, catalogue.ids()):
        texts = [
            series.title,
            series.definition,
            series.unit,
            series.publisher,
            readable(series.caveat),
        ]
        for source in series.sources.values():
            texts += [source.publisher, source.title, source.dated]
        texts += [observation.author for observation in series.observations]
        for text in texts:
            assert not NOT_FOR_CLIENTS.search(text), text
            assert not PLACED.search(text), text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mofcom", "turnover", "my_market.csv"])
def test_no_word_of_options_or_libraries_and_no_file_reaches_a_client(
    name: str, here: Path
) -> None:
    (here / "my_market.csv").write_text(
        "year,share (%)\n2019,60\n2020,75\n2021,90\n2022,97\n2023,99\n2024,120\n"
    )
    result = exhibited_market(rf.read(name), Question(horizon=3), opinions=name == "my_market.csv")
    sheet = page([result], appendix=False)
    pages = page([result], appendix=True)
    alone, whole = (str(formats.render(shown_page, "html")) for shown_page in (sheet, pages))
    assert not INSIDE.findall(re.sub(r"(?s)<(style|script|metadata).*?</\1>|<[^>]*>", " ", alone))
    text = re.sub(r"https?://\S+|\S+\.html", "", shown(whole))  # addresses of sources
    assert not [line for line in text.splitlines() if NOT_FOR_CLIENTS.search(line)]
    ids = "|".join(load().ids())
    assert not re.findall(rf"\b(?:{ids}|theta_log|damped_\w+)\b", text)
    if name == "my_market.csv":
        assert sheet.sheets[0].sources == ("data as supplied",)
        assert "my_market" not in shown(alone) + str(
            formats.render(chart.picture(result.forecast), "svg")
        )


COLUMNS = FOUNDING.sections[0].columns[:5]
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
                (
                    Figure("+17.9 % a year", "from 2016 to 2018"),
                    Figure("446 to 1,388", "is the wider range"),
                ),
                ("What is counted.", "Amounts in bn yuan."),
                ("A risk.", MARKUP),
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
            Chapter(MARKUP, (section(MARKUP, MARKUP, prose=(MARKUP,)),)),
            Chapter("Method", (section("Again", prose=("between -0.2 and +61.7 %",)),)),
        ),
        byline="A. Analyst, 2026",
        credit="Made with rural-forecast.",
    )
)


def test_the_policy_allows_the_one_style_sheet_and_the_one_script() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', PAGE)
    assert policy
    rules = policy[1].replace("&#39;", "'")
    assert rules.startswith("default-src 'none'; ")
    assert "unsafe" not in rules
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in rules


def test_nothing_from_elsewhere_is_loaded() -> None:
    text = re.sub(r"https?://www\.w3\.org\S*", "", PAGE)
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", text)
    assert not re.search(r"url\((?!#|data:font)", text)
    assert "@import" not in text


def test_text_from_data_is_never_markup() -> None:
    assert "<script>alert" not in PAGE
    assert PAGE.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert "\x1b" not in PAGE
    assert not re.search(r"\sstyle=|\son\w+=", PAGE)


def test_prose_has_minus_signs() -> None:
    assert "between −0.2 and +61.7\u00a0%" in PAGE


def test_headings_are_in_order() -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", PAGE)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique() -> None:
    ids = re.findall(r' id="([^"]+)"', PAGE)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', PAGE)) <= set(ids)


def test_the_page_is_whole_without_its_script() -> None:
    text = re.sub(r"<script>.*?</script>", "", PAGE, flags=re.DOTALL)
    words = (
        "about 786\u00a0bn\u00a0yuan",
        "542.4 – 1,140.0",
        "A fan chart.",
        "published by AliResearch",
        "Every value",
    )
    assert all(part in text for part in words)
    assert text.count('<div class="drawing">') == 3
