"""Columns, panels, tornado, weights and errors show the numbers of the document; read back from the drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from rural_forecast.document.picture import Course, Line, Picture, Ranges
from rural_forecast.forecasting.backtest import backtest
from rural_forecast.forecasting.compare import compare
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.render import svg_file
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.series.growth import growth
from rural_forecast.series.source import read
from rural_forecast.sizing.effects import swings
from rural_forecast.sizing.size import size
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import columns, comparison, fan, several
from rural_forecast.views.pictures import growth as growth_picture
from rural_forecast.views.pictures import scenario as scenario_picture
from rural_forecast.views.pictures import size as size_picture
from tests.render.drawn import SVG, axis_across, points, read_back, svg_of, value_of


def drawn(picture: Picture) -> ET.Element:
    return svg_of(svg_file.render(picture))


def panels(picture: Picture) -> list[ET.Element]:
    """The drawing of each panel."""
    whole = next(one for one in drawn(picture).iter(f"{SVG}g") if one.get("class") is None)
    return list(whole.findall(f"{SVG}g"))


def rects(root: ET.Element, kind: str) -> list[tuple[float, float, float, float]]:
    """x, y, width and height of the rectangles of a class."""
    return [
        tuple(float(one.get(name, "")) for name in ("x", "y", "width", "height"))  # type: ignore[misc]
        for one in root.iter(f"{SVG}rect")
        if one.get("class", "").split()[:1] == [kind]
    ]


def words(root: ET.Element, kind: str) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text") if one.get("class", "").split()[:1] == [kind]]


def test_columns_are_as_high_as_their_values_and_brackets_name_the_growth() -> None:
    result = forecast(read("turnover"), year=2018)
    root = drawn(columns.picture(result))
    values = [*result.history.values.tolist(), *result.best.values.tolist()]
    heights = [height for *_, height in rects(root, "column")][: len(values)]
    assert [height / heights[0] for height in heights] == pytest.approx([v / values[0] for v in values], rel=2e-3)
    assert [value_of(text) for text in words(root, "value")] == pytest.approx(values, abs=0.5)
    whiskers = [one for one in root.iter(f"{SVG}line") if one.get("class") == "whisker"]
    lengths = [float(one.get("y1", "")) - float(one.get("y2", "")) for one in whiskers]
    widths = (result.best.upper[0] - result.best.lower[0]).tolist()
    assert lengths == pytest.approx([heights[0] * width / values[0] for width in widths], rel=5e-3)
    first, last, target = values[0], values[2], values[4]
    rates = [100 * ((end / start) ** 0.5 - 1) for start, end in ((first, last), (last, target))]
    assert [text for text in words(root, "end") if "a year" in text] == [
        f"+{r:.1f} % a year over 2 years" for r in rates
    ]


def test_a_tornado_has_two_colours_from_the_middle_to_each_end() -> None:
    result = size("rural_online_retail", draws=2000)
    middle, found = swings(result)
    distribution, tornado, *_ = panels(size_picture.picture(result))
    x = axis_across(tornado)
    bars = [(x(left), x(left + wide)) for left, _, wide, _ in rects(tornado, "bar")]
    ends = [tuple(sorted((middle, end))) for swing in found for end in (swing.low, swing.high)]
    for bar, end in zip(bars, ends, strict=True):
        assert bar == pytest.approx(end, abs=0.2 * (x(1) - x(0)))
    assert {one.get("class") for one in tornado.iter(f"{SVG}rect")} == {"bar fill1", "bar fill2"}
    assert result.histogram is not None
    heights = [height for *_, height in rects(distribution, "column")]
    most = max(heights)
    assert heights == pytest.approx([most * s / max(result.histogram.shares) for s in result.histogram.shares], abs=0.1)
    low, high = result.main.estimates[-1].lower[0], result.main.estimates[-1].upper[0]
    dark = sum("faint" not in one.get("class", "") for one in distribution.iter(f"{SVG}rect"))
    edges = result.histogram.edges
    assert dark == sum(low <= (a + b) / 2 <= high for a, b in pairwise(edges))


def test_weights_are_bars_as_long_as_the_weights() -> None:
    result = compare(read("turnover"), year=2018, opinions=False)
    picture = comparison.picture(result)
    assert isinstance(picture.plot, Ranges)
    weights = [row.weight for row in picture.plot.rows if row.weight is not None]
    members = [line for line in result.lines if line.given.answers and line.status == "member"]
    assert sorted(weights) == pytest.approx(sorted(line.given.weight or 0 for line in members))
    bars = [wide for _, _, wide, _ in rects(drawn(picture), "weight")]
    assert [bar / max(bars) for bar in bars] == pytest.approx([w / max(weights) for w in weights], abs=2e-3)


def test_errors_by_horizon_are_those_of_the_backtest_and_say_on_how_many_they_rest() -> None:
    result = backtest(read("mofcom"), models=("naive",))
    _, errors = panels(backtest_picture.picture(result))
    scores = [s for s in result.scores if s.horizon]
    expected = [
        score.smape for at in (1, 2, 3) for name in ("consensus", "naive") for score in scores
        if (score.model, score.horizon) == (name, at)
    ]  # fmt: skip
    assert [value_of(text.removesuffix(" %")) for text in words(errors, "value")] == pytest.approx(expected, abs=0.051)
    heights = [height for *_, height in rects(errors, "column")]
    assert [h / max(heights) for h in heights] == pytest.approx([e / max(expected) for e in expected], abs=2e-3)
    counts = [score.n for at in (1, 2, 3) for score in scores if (score.model, score.horizon) == ("consensus", at)]
    assert [f"({count} forecasts)" in name for count, name in zip(counts, words(errors, "tick"), strict=True)]


def test_each_panel_draws_its_series() -> None:
    results = [forecast(read(name), year=2027) for name in ("turnover", "mofcom", "users")]
    picture = several.picture(results)
    for result, panel in zip(results, panels(picture), strict=True):
        shown = read_back(ET.tostring(panel, encoding="unicode"), logarithmic=False)
        values = {round(x): y for line in shown.lines for x, y in line}
        for year, value in zip(result.years, result.best.values.tolist(), strict=True):
            assert values[year] == pytest.approx(value, abs=shown.slack)
        assert max(y for _, y in shown.bands[80]) == pytest.approx(float(result.best.upper[0].max()), abs=shown.slack)


def test_panels_of_scenarios_have_one_axis() -> None:
    stated = [Scenario(f"s{rate}", growth=float(rate)) for rate in (1, 5, 20)]
    result = scenario(read("mofcom"), *stated, year=2028)
    found = panels(scenario_picture.picture(result))
    drawings = [read_back(ET.tostring(panel, encoding="unicode"), logarithmic=False) for panel in found]
    assert len({(round(one.low), round(one.high)) for one in drawings}) == 1
    for outcome, one in zip(result.outcomes, drawings, strict=True):
        assert any(
            y == pytest.approx(float(outcome.path.values[-1]), abs=one.slack) for line in one.lines for _, y in line
        )


def test_similar_histories_run_behind_the_fan_and_are_cut_at_the_axis() -> None:
    result = forecast(read("turnover"), year=2018)
    picture = fan.picture(result)
    assert isinstance(picture.plot, Course)
    last = picture.plot.lines[0].ys[-1]
    paths = [(last, last * 1.1, last * 1.2), (last, last * 0.9, last), (last, last * 8, 26316.0)]
    lines = tuple(
        Line("" if at else "what 3 did", (2016, 2017, 2018), ys, faint=True, dots=False) for at, ys in enumerate(paths)
    )
    picture = replace(picture, plot=replace(picture.plot, traces=lines))
    root = drawn(picture)
    plain = read_back(svg_file.render(replace(picture, plot=replace(picture.plot, traces=()))), logarithmic=False)
    shown = read_back(svg_file.render(picture), logarithmic=False)
    assert (shown.low, shown.high) == pytest.approx((plain.low, plain.high)), "they do not widen the axis"
    traces = [points(one.get("d", "")) for one in root.iter(f"{SVG}path") if one.get("class") == "trace ink0"]
    assert len(traces) == 3
    note = next(text for text in shown.texts if text.startswith("what 3 did"))
    assert note.endswith("1 of them beyond the axis, as far as 26,316")


CASES = {
    "turnover": lambda: fan.picture(forecast(read("turnover"), year=2018)),
    "log": lambda: replace(fan.picture(forecast(read("turnover"), year=2018)), logarithmic=True),
    "long": lambda: fan.picture(forecast(read("mofcom"), year=2035, levels=(30, 60, 90))),
    "models": lambda: fan.picture(forecast(read("mofcom"), models=("drift", "theta", "naive", "cagr"))),
    "columns": lambda: columns.picture(forecast(read("mofcom"), year=2030)),
    "compare": lambda: comparison.picture(compare(read("turnover"), year=2018, opinions=False)),
    "backtest": lambda: backtest_picture.picture(backtest(read("mofcom"))),
    "size": lambda: size_picture.picture(size("rural_online_retail", draws=2000)),
    "many": lambda: several.picture([forecast(read("turnover"), year=2018)] * 30),
    "growth": lambda: growth_picture.picture(growth(read("consumption_national"), read("consumption_rural"))),
    "scenarios": lambda: scenario_picture.picture(
        scenario(read("mofcom"), Scenario("slow", growth=2.0), Scenario("slower", growth=1.9), year=2027)
    ),
}


@cache
def case(name: str) -> Picture:
    return CASES[name]()


SIZES = {"title": 19.0, "claim": 15.0, "foot": 12.0, "tick": 12.5, "said": 12.5, "value": 12.5}


def boxes(root: ET.Element, x: float = 0, y: float = 0) -> Iterator[tuple[str, float, float, float, float]]:
    """Every text with its left, right, top and bottom."""
    from rural_forecast.render.wrapping import width

    for one in root:
        if one.tag == f"{SVG}g":
            (place,) = points(one.get("transform", "")) or [(0.0, 0.0)]
            yield from boxes(one, x + place[0], y + place[1])
        elif one.tag == f"{SVG}text":
            text, kind = "".join(one.itertext()), one.get("class", "").split()
            size = SIZES.get(kind[0], 13.0)
            wide = width(text, size)
            start = x + float(one.get("x", "")) - {"end": 1, "middle": 0.5}.get(one.get("text-anchor", ""), 0) * wide
            base = y + float(one.get("y", ""))
            yield text, start, start + wide, base - 0.72 * size, base


@pytest.mark.parametrize("name", CASES)
def test_no_text_covers_another_or_leaves_the_picture(name: str) -> None:
    root = drawn(case(name))
    found = [box for box in boxes(root) if box[0]]
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for place, (text, left, right, top, bottom) in enumerate(found):
        assert left >= 0 <= top, text
        assert right <= width >= bottom or bottom <= height, text
        for other, first, last, high, low in found[:place]:
            assert right <= first or last <= left or bottom <= high or low <= top, (text, other)
