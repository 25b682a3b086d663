"""Texts of published figures: none covers another, a sign or a dot, and none is lost."""

from dataclasses import replace

import pytest

from rural_forecast.document.page import Chapter, Page, Section
from rural_forecast.document.picture import Course, Mark, Picture
from rural_forecast.render import scale as scales
from rural_forecast.render import svg_file
from rural_forecast.render.key import places
from rural_forecast.render.page import html as pages
from tests.render.pictures import fan


def crowded(count: int = 6) -> Picture:
    picture = fan(6)
    assert isinstance(picture.plot, Course)
    marks = tuple(
        Mark(2017 + place % 2, 1000.0 + 5 * place, f"{1000 + 5 * place} House {place}") for place in range(count)
    )
    return replace(picture, plot=replace(picture.plot, marks=marks))


def course(picture: Picture) -> Course:
    assert isinstance(picture.plot, Course)
    return picture.plot


def test_of_texts_that_would_cover_each_other_one_is_shown() -> None:
    picture = crowded()
    shown = [place.shown for place in places(course(picture), scales.of(picture, 7))]
    assert any(shown)
    assert not all(shown)


def test_two_texts_with_room_are_both_shown() -> None:
    picture = fan()
    assert all(place.shown for place in places(course(picture), scales.of(picture, 7)))


@pytest.mark.parametrize("form", ["page", "file"])
def test_each_text_is_in_the_drawing_or_in_the_key_and_not_in_both(form: str) -> None:
    picture = crowded()
    if form == "file":
        text = svg_file.render(picture)
        drawn = text
    else:
        text = pages.render(Page("Trial", (), (Chapter("Market", (Section(picture=picture),)),)))
        drawn = svg_file.embedded(picture)[0]
    for mark, shown, *_ in places(course(picture), scales.of(picture, 7)):
        assert (f">{mark.text}<" in drawn) == shown
        if not shown:
            assert f"{mark.x:.0f}: {mark.text}" in text
