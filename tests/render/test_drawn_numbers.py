"""Every form of picture shows the numbers of the document: read back from the drawing and compared with its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import exp, log
from typing import Any, NamedTuple

import pytest

from rural_forecast.document.page import Chapter, Page, Section
from rural_forecast.document.picture import Course, Picture, Ranges
from rural_forecast.document.table import Document
from rural_forecast.forecasting.compare import compare
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.render import svg_file, terminal
from rural_forecast.render.page.html import render
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.source import read
from rural_forecast.text.numbers import rounded
from rural_forecast.views import project
from rural_forecast.views.pictures import comparison, fan
from tests.render.drawn import SVG, Drawn, Place, axis_across, read_back, svg_of

MARKETS: dict[str, Sequence[float]] = {
    "农村网络零售额": (180, 353, 482),
    "explosive": (2, 8, 40, 190),
    "falling": (900, 700, 480, 300, 140, 60, 20),
    "negative": (-2, -8, -40, -190),
    "crossing": (50, 20, 5, -10, -30),
    "flat": (100, 100.2, 99.9, 100.1, 100),
    "ten": tuple(10 * 1.2**year for year in range(10)),
    "thirty": tuple(5 + year + 2 * (year % 3) for year in range(30)),
    "one": (42.0,),
}


def page(place: int) -> Callable[[Picture], Drawn]:
    @cache
    def drawn(picture: Picture) -> Drawn:
        text = svg_file.embedded(picture)[place]
        return read_back(text, logarithmic=picture.logarithmic and picture.positive)

    return drawn


@cache
def static(picture: Picture) -> Drawn:
    return read_back(svg_file.render(picture), logarithmic=picture.logarithmic and picture.positive)


def on_terminal(picture: Picture) -> list[str]:
    return terminal.render(picture, width=100, head=False).splitlines()


FORMS = {"page": page(0), "phone": page(1), "file": static}


class Case(NamedTuple):
    result: Forecast
    picture: Picture
    document: Document


@pytest.fixture(scope="module", params=MARKETS)
def case(request: pytest.FixtureRequest) -> Case:
    values = MARKETS[request.param]
    first = 2025 - len(values)
    seen = tuple(Observation(Period(first + at), float(value)) for at, value in enumerate(values))
    result = forecast(Series(request.param, observations=seen), horizon=3, levels=(50, 80, 95))
    return Case(result, fan.picture(result), project.document(result, history=True))


@pytest.fixture(params=[False, True], ids=["linear", "log"])
def drawn_case(request: pytest.FixtureRequest, case: Case) -> Case:
    """Asked for a logarithmic axis, values of zero or less are still drawn, on a linear one."""
    return case._replace(picture=replace(case.picture, logarithmic=request.param))


def rows(document: Document, kind: str) -> list[dict[str, Any]]:
    keys = [column.key for column in document.records.columns]
    found = [dict(zip(keys, row, strict=True)) for row in document.records.rows]
    return [row for row in found if row["kind"] == kind]


def close(drawn: Drawn, shown: float, value: float) -> bool:
    """Whether a value is drawn where it belongs, up to the rounding of coordinates."""
    if drawn.logarithmic:
        return abs(log(shown) - log(value)) <= drawn.slack
    return abs(shown - value) <= drawn.slack


def clipped(drawn: Drawn, value: float) -> float:
    return min(max(value, drawn.low), drawn.high)


@pytest.mark.parametrize("form", FORMS)
def test_lines_and_bands_are_those_of_the_document(drawn_case: Case, form: str) -> None:
    _, picture, document = drawn_case
    drawn = FORMS[form](picture)
    actual, ahead = rows(document, "actual"), rows(document, "forecast")
    last = actual[-1]
    shown = {round(x): y for line in drawn.lines for x, y in line}
    for row in actual[1 if len(actual) == 1 else 0 :] + ahead:
        assert close(drawn, shown[row["period"]], row["value"])
    assert set(drawn.bands) == {50, 80, 95}
    for level, outline in drawn.bands.items():
        for row in ahead:
            bounds = sorted(y for x, y in outline if abs(x - row["period"]) < 0.02)
            assert close(drawn, bounds[0], clipped(drawn, row[f"lower_{level}"]))
            assert close(drawn, bounds[-1], clipped(drawn, row[f"upper_{level}"]))
        assert any(abs(x - last["period"]) < 0.02 and close(drawn, y, last["value"]) for x, y in outline)


@pytest.mark.parametrize("form", FORMS)
def test_a_band_is_clipped_where_it_leaves_the_drawing_and_nowhere_else(drawn_case: Case, form: str) -> None:
    """Between two years as well: a bound moved to the end of the axis would bend the edge at a false place."""
    _, picture, document = drawn_case
    drawn = FORMS[form](picture)
    actual, ahead = rows(document, "actual")[-1], rows(document, "forecast")
    for level, outline in drawn.bands.items():
        upper, lower = sides(outline)
        for bound, corners in (("upper", upper), ("lower", lower)):
            true = [
                (float(actual["period"]), actual["value"]),
                *((float(r["period"]), r[f"{bound}_{level}"]) for r in ahead),
            ]
            for step in range(61):
                x = true[0][0] + step / 20
                expected = clipped(drawn, between(true, x, logarithmic=drawn.logarithmic))
                steep = max(abs(b[1] - a[1]) for a, b in pairwise(true))
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


def beyond(drawn: Drawn, document: Document) -> Iterator[tuple[int, float]]:
    for level in (50, 80, 95):
        for row in rows(document, "forecast"):
            for bound in (row[f"upper_{level}"], row[f"lower_{level}"]):
                if not close(drawn, clipped(drawn, bound), bound):
                    yield level, bound


@pytest.mark.parametrize("form", FORMS)
def test_each_cut_is_marked_and_its_label_says_where_the_band_goes(drawn_case: Case, form: str) -> None:
    _, picture, document = drawn_case
    drawn = FORMS[form](picture)
    outside = list(beyond(drawn, document))
    assert set(drawn.cuts) == {level for level, _ in outside}
    for level, bound in outside:
        for first, last, height in drawn.cuts[level]:
            assert last > first
            assert close(drawn, height, clipped(drawn, bound))
    last = rows(document, "forecast")[-1]
    for level, bound in outside:
        if bound == last[f"upper_{level}"]:
            words = f"↑ {rounded(bound)}" + ("" if form == "phone" else f" ({level} %)")
            assert words in drawn.texts


def made(values: Sequence[float], **options: Any) -> Forecast:
    seen = tuple(Observation(Period(2025 - len(values) + at), float(value)) for at, value in enumerate(values))
    return forecast(Series("market", observations=seen), horizon=2, **options)


@pytest.fixture(scope="module")
def explosive() -> Forecast:
    return made(MARKETS["explosive"])


@pytest.mark.parametrize("form", FORMS)
def test_the_band_of_an_explosive_market_leaves_the_drawing(explosive: Forecast, form: str) -> None:
    """Without a cut, the tests above would say nothing."""
    assert set(FORMS[form](fan.picture(explosive)).cuts) == {95}


def test_a_market_below_zero_is_cut_below(explosive: Forecast) -> None:
    drop = made([-value for value in MARKETS["explosive"]])
    picture = fan.picture(drop)
    assert isinstance(picture.plot, Course)
    edge = (0.0, -1000.0, -90000.0)
    deep = replace(
        picture, plot=replace(picture.plot, bands=(replace(picture.plot.bands[0], lower=edge), *picture.plot.bands[1:]))
    )
    for draw in FORMS.values():
        drawn = draw(deep)
        assert [height for _, _, height in drawn.cuts[95]] == pytest.approx([drawn.low], abs=drawn.slack)
        assert drawn.low > -90000


def test_the_key_of_each_form_says_where_the_band_goes(explosive: Forecast) -> None:
    bound = rounded(float(explosive.best.upper[1, -1]))
    words = f"95 % interval cut off here, it goes on to {bound} in 2026"
    picture = fan.picture(explosive)
    assert words in static(picture).texts
    assert f"↑ {words}" in on_terminal(picture)
    page = render(Page("Trial", (), (Chapter("Market", (Section(picture=picture),)),)))
    assert page.count(words) == 2, "once in each size of the one drawing that cuts it"


@pytest.mark.parametrize("unicode", [True, False])
def test_a_terminal_marks_the_cut_with_a_row_of_arrows(explosive: Forecast, unicode: bool) -> None:
    lines = terminal.render(fan.picture(explosive), width=80, head=False, unicode=unicode).splitlines()
    sign, shade = ("↑", "░") if unicode else ("/", "'")
    bound = rounded(float(explosive.best.upper[1, -1]))
    assert lines[0].endswith(f"{sign * 3} {sign} {bound} (95 %)")
    shown = [len(line) - len(line.lstrip(" │┤|+0123456789,")) for line in lines[:2]]
    top = lines[0].count(sign) + lines[0].count(shade)
    assert top >= len(lines[1].rstrip()) - shown[1], "with what of the band is not cut, as wide as the band below it"


def test_a_terminal_draws_no_arrow_where_nothing_is_cut() -> None:
    assert not any("↑" in line or "↓" in line for line in on_terminal(fan.picture(made(MARKETS["flat"]))))


def test_rows_and_their_bounds_are_where_the_axis_says() -> None:
    result = compare(read("turnover"), year=2018, opinions=False)
    picture = comparison.picture(result)
    plot = picture.plot
    assert isinstance(plot, Ranges)
    for place, row in enumerate(plot.rows):
        for text in (svg_file.embedded(picture)[0], svg_file.render(picture)):
            shown, slack = range_of(text, place)
            true = [edge for _, lower, upper in row.bounds for edge in (lower, upper)]
            assert sorted(shown) == pytest.approx(sorted(true), abs=slack)


def range_of(text: str, place: int) -> tuple[list[float], float]:
    drawn = svg_of(text)
    bars = [one for one in drawn.iter(f"{SVG}line") if one.get("class", "").startswith("range")]
    height = sorted({float(one.get("y1", "")) for one in bars})[place]
    x = axis_across(drawn)
    edges = [x(float(one.get(end, ""))) for one in bars if float(one.get("y1", "")) == height for end in ("x1", "x2")]
    return edges, 0.2 * (x(1) - x(0))
