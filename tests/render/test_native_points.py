"""Rows as a chart of points: past forecasts with what came, and the steps of a waterfall."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import pptx
import pytest

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.render import native
from rural_forecast.render.native_points import NativePoints
from rural_forecast.render.page import slides
from tests.gate.situations import case


def laid_out(picture: Picture) -> NativePoints:
    chart = native.chart_of(picture, 14)
    assert isinstance(chart, NativePoints)
    return chart


def rows_of(picture: Picture) -> Any:
    assert isinstance(picture.plot, Ranges)
    return picture.plot.rows


def lines(chart: NativePoints, *names: str) -> list[tuple[tuple[float, float], ...]]:
    """The lines of series by their names: each from its start to its end."""
    between = []
    for series in chart.series:
        if series.name not in names:
            continue
        for start, end in pairwise(series.points):
            if start is not None and end is not None:
                between.append((start, end))
    return between


@pytest.mark.parametrize("name", ["backtest", "revise", "score"])
def test_pairs_and_steps_are_one_chart_of_the_slide(name: str) -> None:
    picture = case(name).picture
    (slide,) = pptx.Presentation(BytesIO(slides.render(picture))).slides
    charts = [shape for shape in slide.shapes if shape.has_chart]
    images = [shape for shape in slide.shapes if hasattr(shape, "image")]
    assert len(charts) == 1
    assert not images


def test_ranges_of_past_forecasts_reach_from_bound_to_bound() -> None:
    picture = case("backtest").picture
    chart = laid_out(picture)
    pieces = lines(chart, "80 %")
    for row, y in zip(rows_of(picture), chart.heights, strict=True):
        of_row = [(start[0], end[0]) for start, end in pieces if start[1] == y]
        _, low, high = row.shown[-1]
        assert min(of_row)[0] == pytest.approx(low)
        assert max(of_row)[1] == pytest.approx(high)


def test_what_came_is_a_dot_at_the_height_of_its_forecast() -> None:
    picture = case("backtest").picture
    chart = laid_out(picture)
    dots = list[tuple[float, float] | None]()
    for series in chart.series:
        if series.name == "observed":
            dots += series.points
    for row, y in zip(rows_of(picture), chart.heights, strict=True):
        assert (row.other, y) in dots


def test_no_line_crosses_a_range_as_programs_differ_in_what_lies_on_top() -> None:
    for name in ("backtest", "revise"):
        picture = case(name).picture
        chart = laid_out(picture)
        for (tick, foot), (_, top) in lines(chart, "grid"):
            for row, y in zip(rows_of(picture), chart.heights, strict=True):
                ends = sorted(row.bar) if row.bar else row.shown[-1][1:]
                is_within = ends[0] <= tick <= ends[1]
                assert not (is_within and foot < y < top)


def test_the_steps_of_a_waterfall_are_joined_and_keep_the_range_of_its_ends() -> None:
    picture = case("revise").picture
    chart = laid_out(picture)
    rows = rows_of(picture)
    assert len(lines(chart, "joins")) == sum(row.joins is not None for row in rows)
    bounds = {row.shown[-1][1:] for row in rows if row.shown}
    drawn = {(start[0], end[0]) for start, end in lines(chart, "80 %")}
    assert bounds
    assert drawn == bounds


def test_every_row_has_its_name_and_texts_within_the_chart() -> None:
    for name in ("backtest", "revise", "score"):
        picture = case(name).picture
        chart = laid_out(picture)
        texts = [text for series in chart.series for text in series.texts]
        words = [text.words for text in texts]
        for row in rows_of(picture):
            assert row.name in words
        assert max(text.x for text in texts) <= chart.end * (1 + 1e-9)
