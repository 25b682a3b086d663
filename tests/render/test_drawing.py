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
from tests.render.pictures import NASTY, fan, ranges

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = "农村网络零售额"


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the font that comes with the extra alone."""
    resvg_py = pytest.importorskip("resvg_py")
    whole = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **options: whole(skip_system_fonts=True, **options))


def texts(picture: Picture) -> list[str]:
    root = ET.fromstring(drawing.svg(picture).encode())
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def test_every_end_is_labelled_and_text_is_text() -> None:
    words = "Rural online shopping", "bn CNY", "Source: a trade article.", "2014", "2018", "published by AliResearch"
    assert {*words} <= {*texts(fan())}
    words = "consensus", "Random walk with drift", "Last value", "482", "bn CNY", "consensus, 786"
    assert {*words} <= {*texts(ranges())}
    root = ET.fromstring(drawing.svg(fan()).encode())
    said = root.get("role"), root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert said == ("img", "Rural online shopping", "A fan chart.")
    assert any(text.startswith("<script>alert(1)</script> &") and "$x^2$" in text for text in texts(fan(title=NASTY)))


@pytest.mark.slow
@pytest.mark.parametrize("picture", [fan(), ranges()], ids=["fan", "ranges"])
@pytest.mark.parametrize("form", PICTURES)
def test_the_same_picture_gives_the_same_bytes(picture: Picture, form: str) -> None:
    first = draw(picture, form)
    assert first == draw(picture, form)
    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK"}[form]
    assert (first.encode() if isinstance(first, str) else first).startswith(start)


def test_every_colour_is_literal_each_theme_has_its_own_and_a_png_is_as_wide_as_asked_for() -> None:
    light, dark = (drawing.svg(fan()._replace(look=Look(theme))) for theme in ("light", "dark"))
    for text, theme in ((light, "light"), (dark, "dark")):
        assert "var(" not in text
        assert THEMES[theme]["accent"] in text
    assert "#ffffff" not in dark
    assert int.from_bytes(drawing.render(fan()._replace(look=Look(pixels=321)), "png")[16:20], "big") == 321


@pytest.mark.slow
@pytest.mark.usefixtures("no_system_fonts")
def test_texts_are_drawn_without_fonts_of_the_system_and_characters_of_no_font_are_refused() -> None:
    assert drawing.render(fan(), "png") != drawing.render(fan(title="Other"), "png")
    assert CHINESE in drawing.svg(fan(title=CHINESE)), "an svg has text as text"
    for form in ("png", "pdf"):
        with pytest.raises(UsageError, match="No installed font has the characters 农") as refused:
            drawing.render(fan(title=CHINESE), form)
        assert "fonts-wqy-microhei" in refused.value.hint


@pytest.mark.filterwarnings("ignore:.*getdata:DeprecationWarning")  # in a library
def test_an_image_on_a_terminal_is_as_wide_as_asked_for_and_blocks_where_it_shows_none() -> None:
    lines = drawing.on_terminal(fan(), 40).splitlines()
    assert len(lines) > 8
    assert all(cell_len(Text.from_ansi(line).plain) == 40 for line in lines)
