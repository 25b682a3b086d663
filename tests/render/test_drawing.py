"""Pictures as files: their structure and their fonts, not their pixels."""

from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len
from rich.text import Text

from rural_forecast.document.picture import Look, Picture
from rural_forecast.errors import UsageError
from rural_forecast.render import drawing
from rural_forecast.render.formats import PICTURES
from rural_forecast.render.formats import render as draw
from rural_forecast.text.style import THEMES
from tests.render.pictures import NASTY, fan, ranges, without_system_fonts

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = "农村网络零售额"


def texts(picture: Picture) -> list[str]:
    root = ET.fromstring(drawing.svg(picture).encode())
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def test_every_end_is_labelled_and_text_is_text() -> None:
    found = texts(fan())
    words = "Rural online shopping", "bn CNY", "Source: a trade article.", "2014", "2018", "published by AliResearch"
    assert {*words} <= {*found}
    words = "consensus", "Random walk with drift", "Last value", "482", "bn CNY", "consensus, 786"
    assert {*words} <= {*texts(ranges())}
    root = ET.fromstring(drawing.svg(fan()).encode())
    said = root.get("role"), root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert said == ("img", "Rural online shopping", "A fan chart.")
    nasty = texts(fan(title=NASTY))
    assert any(text.startswith("<script>alert(1)</script> &") and "$x^2$" in text for text in nasty)


@pytest.mark.slow
@pytest.mark.parametrize("make", [fan, ranges])
@pytest.mark.parametrize("form", PICTURES)
def test_the_same_picture_gives_the_same_bytes(make, form: str) -> None:
    first = draw(make(), form)
    assert first == draw(make(), form)
    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK"}[form]
    assert (first.encode() if isinstance(first, str) else first).startswith(start)


def test_every_colour_is_literal_and_each_theme_has_its_own() -> None:
    light, dark = (drawing.svg(fan()._replace(look=Look(theme))) for theme in ("light", "dark"))
    for text, theme in ((light, "light"), (dark, "dark")):
        assert "var(" not in text
        assert THEMES[theme]["accent"] in text
    assert "#ffffff" not in dark


def test_a_png_is_as_wide_as_asked_for() -> None:
    data = drawing.render(fan()._replace(look=Look(pixels=321)), "png")
    assert int.from_bytes(data[16:20], "big") == 321


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_characters_of_no_font_are_refused_with_advice(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without_system_fonts(monkeypatch)
    assert CHINESE in drawing.svg(fan(title=CHINESE)), "an svg has text as text"
    with pytest.raises(UsageError, match="No installed font has the characters 农") as refused:
        drawing.render(fan(title=CHINESE), form)
    assert "fonts-wqy-microhei" in refused.value.hint


@pytest.mark.slow
def test_the_text_of_a_picture_is_drawn_where_the_system_has_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    without_system_fonts(monkeypatch)
    assert drawing.render(fan(), "png") != drawing.render(fan(title="Other"), "png")


@pytest.mark.filterwarnings("ignore:.*getdata:DeprecationWarning")  # in a library
def test_an_image_on_a_terminal_is_as_wide_as_asked_for_and_blocks_where_it_shows_none() -> None:
    lines = drawing.on_terminal(fan(), 40).splitlines()
    assert len(lines) > 8
    assert all(cell_len(Text.from_ansi(line).plain) == 40 for line in lines)
