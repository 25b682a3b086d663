"""Widths of texts are those of the fonts that ship."""

import json

import pytest

from rural_forecast.render.wrapping import width
from tests.render.font_advances import FONTS, TABLE, WEIGHTS, advances


def test_the_table_holds_the_widths_of_the_fonts() -> None:
    pytest.importorskip("PIL")
    assert json.loads(TABLE.read_text(encoding="utf-8")) == advances()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_text_is_as_wide_as_it_is_drawn(weight: str) -> None:
    fonts = pytest.importorskip("PIL.ImageFont")
    # Kerning is left out: the table has characters alone.
    text = "3,536 bn CNY – high−low"
    font = fonts.truetype(str(FONTS / WEIGHTS[weight]), 1000)
    drawn = sum(map(font.getlength, text)) / 1000
    measured = width(text, 1.0, bold=weight == "semibold")
    assert measured == pytest.approx(drawn, abs=0.005 * len(text))
