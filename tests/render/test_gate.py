"""The measures of the gate find pictures that are bad."""

import pytest

from rural_forecast.document.picture import MAIN, Course, Label, Line, Picture
from rural_forecast.render.drawing import svg
from tests.gate.situations import headline, undrawn
from tests.render.measured import Drawing, measured

LINE = Line("rural", (2020, 2021, 2022), (1.0, 2.0, 3.0), MAIN)


def drawn(*labels: Label, title: str = "Rural: fastest growth, +8.5 % a year") -> Picture:
    return Picture(Course((LINE,), labels=labels), title)


def of(picture: Picture) -> Drawing:
    return measured(svg(picture))


def label(name: str) -> Label:
    return Label(3.0, "+6.6 %", name, MAIN, strong=True)


def test_a_figure_of_the_headline_that_is_not_drawn_is_found() -> None:
    good = drawn(label("rural, average +8.5 %"))
    bad = drawn(label("rural"))
    assert list(undrawn(good, of(good))) == []
    assert list(undrawn(bad, of(bad))) == [f"8.5 % of {bad.title!r} is not drawn"]


def test_a_picture_without_texts_is_found() -> None:
    picture = drawn(label("rural, average +8.5 %"))
    blank = of(picture)._replace(texts=[])
    assert "no row, line or part has a text" in list(undrawn(picture, blank))


@pytest.mark.parametrize(
    ("name", "count"), [("rural, average +8.5 %", 0), ("urban, average +8.5 %", 1)]
)
def test_an_accent_on_another_line_than_the_headline_names_is_found(name: str, count: int) -> None:
    assert len(list(headline(drawn(label(name))))) == count
