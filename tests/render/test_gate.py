"""The measures of the gate find pictures that are bad."""

import pytest

from rural_forecast.document.picture import MAIN, Course, Label, Line, Picture
from rural_forecast.render.drawing import svg
from tests.gate.__main__ import overlaps
from tests.gate.situations import grammar, headline, other_units, undrawn
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


WORD = '<word xMin="{left}" yMin="10" xMax="{right}" yMax="22">{word}</word>'


@pytest.mark.parametrize(("left", "count"), [(62, 0), (40, 1), (190, 1)])
def test_a_label_on_another_or_off_the_slide_is_found(left: int, count: int) -> None:
    first = WORD.format(left=10, right=60, word="5.6")
    second = WORD.format(left=left, right=left + 30, word="31")
    assert len(list(overlaps(200.0, 100.0, first + second))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("about 3.8 tn yuan in 2030", 0),
        ("about 3,800 bn yuan in 2030", 1),
        ("Amounts in bn\nyuan", 1),
        ("2 bn parcels", 0),
    ],
)
def test_another_scale_than_that_of_the_picture_is_found(text: str, count: int) -> None:
    assert len(list(other_units("tn yuan", text))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1 years ahead: 7 of 7 inside", 1),
        ("3 year ahead", 1),
        ("7.34 yuan per dollars", 1),
        ("1 year ahead: 7 of 7 inside, 2.1 years later", 0),
        ("800 forecast in 2025", 0),
    ],
)
def test_a_count_that_does_not_agree_in_number_is_found(text: str, count: int) -> None:
    assert len(list(grammar([text]))) == count
