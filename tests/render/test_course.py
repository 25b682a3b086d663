"""A fan shows the numbers of the document in every form: read back from the drawing and compared with its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import exp, log
from typing import Any, NamedTuple

import pytest

from rural_forecast.document.page import Chapter, Page, Section
from rural_forecast.document.picture import Course, Line, Mark, Picture
from rural_forecast.document.table import Document
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.render import scale as scales
from rural_forecast.render import svg_file, terminal
from rural_forecast.render.key import places
from rural_forecast.render.page.html import render
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.text.numbers import rounded
from rural_forecast.views import project
from rural_forecast.views.pictures import fan
from tests.render import pictures
from tests.render.drawn import Drawn, Place, kinds, read_back, root_of

MARKETS: dict[str, Sequence[float]] = {
    "农村网络零售额": (180, 353, 482),
    "explosive": (2, 8, 40, 190),
    "falling": (900, 700, 480, 300, 140, 60, 20),
    "negative": (-2, -8, -40, -190),
    "crossing": (50, 20, 5, -10, -30),
    "flat": (100, 100.2, 99.9, 100.1, 100),
    "thirty": tuple(5 + year + 2 * (year % 3) for year in range(30)),
    "one": (42.0,),
}


def form(draw: Callable[[Picture], str]) -> Callable[[Picture], Drawn]:
    return cache(lambda picture: read_back(draw(picture), logarithmic=picture.logarithmic and picture.positive))


FORMS = {
    "file": form(svg_file.render),
    "page": form(lambda picture: svg_file.embedded(picture)[0]),
    "phone": form(lambda picture: svg_file.embedded(picture)[1]),
}


class Case(NamedTuple):
    result: Forecast
    picture: Picture
    document: Document


def made(values: Sequence[float], name: str = "market", **options: Any) -> Forecast:
    seen = tuple(Observation(Period(2025 - len(values) + at), float(value)) for at, value in enumerate(values))
    return forecast(Series(name, observations=seen), **{"horizon": 2, **options})


@pytest.fixture(scope="module", params=MARKETS)
def market(request: pytest.FixtureRequest) -> Case:
    result = made(MARKETS[request.param], request.param, horizon=3, levels=(50, 80, 95))
    return Case(result, fan.picture(result), project.document(result, history=True))


@pytest.fixture(params=[False, True], ids=["linear", "log"])
def case(request: pytest.FixtureRequest, market: Case) -> Case:
    """Asked for a logarithmic axis, values of zero or less are still drawn, on a linear one."""
    return market._replace(picture=replace(market.picture, logarithmic=request.param))


def rows(document: Document, kind: str) -> list[dict[str, Any]]:
    keys = [column.key for column in document.records.columns]
    found = [dict(zip(keys, row, strict=True)) for row in document.records.rows]
    return [row for row in found if row["kind"] == kind]


@pytest.mark.parametrize("form", FORMS)
def test_lines_and_bands_are_those_of_the_document_and_each_cut_is_marked(case: Case, form: str) -> None:
    drawn = FORMS[form](case.picture)
    actual, ahead = rows(case.document, "actual"), rows(case.document, "forecast")
    for row in actual[1 if len(actual) == 1 else 0 :] + ahead:
        assert drawn.has(row["period"], row["value"])
    assert set(drawn.bands) == {50, 80, 95}
    outside = []
    for level, outline in drawn.bands.items():
        assert any(abs(x - actual[-1]["period"]) < 0.02 and drawn.close(y, actual[-1]["value"]) for x, y in outline)
        for row in ahead:
            bounds = sorted(y for x, y in outline if abs(x - row["period"]) < 0.01)
            for shown, bound in ((bounds[0], row[f"lower_{level}"]), (bounds[-1], row[f"upper_{level}"])):
                assert drawn.close(shown, drawn.clipped(bound))
                outside += [(level, bound)] if not drawn.close(drawn.clipped(bound), bound) else []
    assert set(drawn.cuts) == {level for level, _ in outside}
    for level, bound in outside:
        assert all(last > first and drawn.close(at, drawn.clipped(bound)) for first, last, at in drawn.cuts[level])
        if bound == ahead[-1][f"upper_{level}"]:
            assert f"↑ {rounded(bound)}" + ("" if form == "phone" else f" ({level} %)") in drawn.texts


@pytest.mark.parametrize("form", FORMS)
def test_a_band_is_clipped_where_it_leaves_the_drawing_and_nowhere_else(case: Case, form: str) -> None:
    """Between two years as well: a bound moved to the end of the axis would bend the edge at a false place."""
    drawn = FORMS[form](case.picture)
    start, ahead = rows(case.document, "actual")[-1], rows(case.document, "forecast")
    for level, outline in drawn.bands.items():
        for bound, corners in zip(("upper", "lower"), sides(outline), strict=True):
            true = [(float(row["period"]), row[f"{bound}_{level}"]) for row in ahead]
            true.insert(0, (float(start["period"]), start["value"]))
            steep = max(abs(b[1] - a[1]) for a, b in pairwise(true))
            for x in (true[0][0] + step / 20 for step in range(61)):
                expected = drawn.clipped(between(true, x, logarithmic=drawn.logarithmic))
                at = between(corners, x, logarithmic=drawn.logarithmic)
                if drawn.logarithmic:
                    assert abs(log(at / expected)) <= 6 * drawn.slack
                else:
                    assert abs(at - expected) <= 3 * drawn.slack + 0.002 * steep


def sides(outline: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """The upper edge and the lower one, both from left to right."""
    turn = max(range(len(outline) - 1), key=lambda at: (outline[at][0] + outline[at + 1][0], -at))
    upper, lower = outline[: turn + 1], [*outline[turn + 1 :], outline[0]]  # a band begins in one point
    return sorted(upper), sorted(lower)


def between(edge: Sequence[Place], x: float, *, logarithmic: bool) -> float:
    for (x0, y0), (x1, y1) in pairwise(edge):
        if x <= x1 and x1 > x0:
            share = max(x - x0, 0) / (x1 - x0)
            return exp(log(y0) + share * (log(y1) - log(y0))) if logarithmic else y0 + share * (y1 - y0)
    return edge[-1][1]


def test_an_explosive_market_is_cut_and_the_key_of_each_form_says_where_it_goes() -> None:
    """Without a cut, the tests above would say nothing."""
    result = made(MARKETS["explosive"])
    picture, bound = fan.picture(result), rounded(float(result.best.upper[1, -1]))
    words = f"95 % interval cut off here, it goes on to {bound} in 2026"
    for draw in FORMS.values():
        assert set(draw(picture).cuts) == {95}
    assert words in FORMS["file"](picture).texts
    assert render(Page("Trial", (), (Chapter("Market", (Section(picture=picture),)),))).count(words) == 2
    for unicode, sign in ((True, "↑"), (False, "/")):
        lines = terminal.render(picture, width=100, head=False, unicode=unicode).splitlines()
        assert lines[0].endswith(f"{sign * 3} {sign} {bound} (95 %)")
        assert f"{sign} {words}" in lines
    assert "↑" not in terminal.render(fan.picture(made(MARKETS["flat"])), width=100)


def test_a_market_below_zero_is_cut_below() -> None:
    plot = course(fan.picture(made([-value for value in MARKETS["explosive"]])))
    deep = replace(plot.bands[0], lower=(0.0, -1000.0, -90000.0))
    picture = Picture(replace(plot, bands=(deep, *plot.bands[1:])), "deep")
    for draw in FORMS.values():
        drawn = draw(picture)
        assert [height for _, _, height in drawn.cuts[95]] == pytest.approx([drawn.low], abs=drawn.slack)
        assert drawn.low > -90000


def course(picture: Picture) -> Course:
    assert isinstance(picture.plot, Course)
    return picture.plot


def test_similar_histories_run_behind_the_fan_and_are_cut_at_the_axis() -> None:
    picture = fan.picture(made(MARKETS["农村网络零售额"]))
    paths = [(482.0, 482 * 1.1, 482 * 1.2), (482.0, 482 * 0.9, 482.0), (482.0, 482 * 8, 26316.0)]
    lines = tuple(
        Line("" if at else "what 3 did", (2024, 2025, 2026), ys, faint=True, dots=False) for at, ys in enumerate(paths)
    )
    with_them, without = (replace(picture, plot=replace(course(picture), traces=traces)) for traces in (lines, ()))
    shown, plain = read_back(with_them), read_back(without)
    assert (shown.low, shown.high) == pytest.approx((plain.low, plain.high)), "they do not widen the axis"
    assert len(kinds(root_of(with_them), "path", "trace")) == 3
    note = next(text for text in shown.texts if text.startswith("what 3 did"))
    assert note.endswith("1 of them beyond the axis, as far as 26,316")


@pytest.mark.parametrize("form", ["page", "file"])
def test_a_text_that_would_cover_another_is_in_the_key(form: str) -> None:
    picture = pictures.fan(6)
    assert all(place.shown for place in places(course(pictures.fan()), scales.of(pictures.fan(), 7)))
    marks = tuple(Mark(2017 + at % 2, 1000.0 + 5 * at, f"{1000 + 5 * at} House {at}") for at in range(6))
    picture = replace(picture, plot=replace(course(picture), marks=marks))
    found = places(course(picture), scales.of(picture, 7))
    assert 0 < sum(place.shown for place in found) < len(found)
    text = svg_file.render(picture) if form == "file" else svg_file.embedded(picture)[0]
    for mark, shown, *_ in found:
        assert (f">{mark.text}<" in text) == shown
        assert shown or f"{mark.x:.0f}: {mark.text}" in text
