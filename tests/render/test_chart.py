"""Static pictures by matplotlib: their structure, not their pixels."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from rural_forecast.document.picture import Picture
from rural_forecast.errors import UsageError
from rural_forecast.render import fonts
from rural_forecast.render.chart import render
from rural_forecast.render.formats import PICTURES
from tests.render.pictures import NASTY, fan, ranges

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = "农村网络零售额"


def texts(picture: Picture) -> list[str]:
    root = ET.fromstring(render(picture, "svg"))
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def test_every_end_is_labelled_and_text_is_text() -> None:
    found = texts(fan())
    for text in (
        "Rural online shopping",
        "bn CNY",
        "Source: a trade article.",
        "2014",
        "2018",
        "published by AliResearch",
    ):
        assert text in found
    assert any(text.endswith("consensus") for text in found)
    assert sum(text.endswith("(80 %)") for text in found) == 2
    assert sum(text.endswith("(95 %)") for text in found) == 2


def test_there_is_no_legend_and_the_svg_says_what_it_shows() -> None:
    root = ET.fromstring(render(fan(), "svg"))
    assert not [group for group in root.iter(f"{SVG}g") if group.get("id", "").startswith("legend")]
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Rural online shopping"
    assert root.findtext(f"{SVG}desc") == "A fan chart."


@pytest.mark.slow
@pytest.mark.parametrize("make", [fan, ranges])
@pytest.mark.parametrize("form", PICTURES)
def test_the_same_picture_gives_the_same_bytes(make, form: str) -> None:
    first = render(make(), form)
    assert first == render(make(), form)
    assert first.startswith({"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[form])


@pytest.mark.parametrize("form", PICTURES)
def test_no_release_of_a_library_shows_in_a_byte(form: str) -> None:
    assert mpl.__version__.encode() not in render(fan(), form)


def test_rows_are_named_and_numbered() -> None:
    found = texts(ranges())
    for text in ("consensus", "Random walk with drift", "Last value", "482", "bn CNY, 2018", "consensus, 786"):
        assert text in found


@pytest.mark.slow
@pytest.mark.parametrize("points", [1, 3, 10, 30])
@pytest.mark.parametrize("ratio", [0.6, 1.0, 2.5])
def test_any_market_is_drawn(points: int, ratio: float) -> None:
    for log in (False, True):
        assert "2018" in texts(replace(fan(points, ratio=ratio), logarithmic=log))


def test_text_from_data_is_neither_markup_nor_mathematics() -> None:
    found = texts(fan(title=NASTY))
    assert any(text.startswith("<script>alert(1)</script> &") and "$x^2$" in text for text in found)


def test_chinese_titles_are_drawn_with_a_font_that_has_them(capfd: pytest.CaptureFixture[str]) -> None:
    try:
        families = fonts.families([CHINESE])
    except UsageError:
        pytest.skip("no font with Chinese characters is installed")
    assert len(families) == 2
    assert render(fan(title=CHINESE), "png") != render(fan(title="x"), "png")
    assert CHINESE in texts(fan(title=CHINESE))
    assert capfd.readouterr().err == ""


def test_characters_of_no_font_are_refused_with_advice() -> None:
    with pytest.raises(UsageError, match="No installed font has the characters \u0378") as refused:
        render(fan(title="\u0378"), "svg")
    assert "fonts-wqy-microhei" in refused.value.hint
