"""Columns, rows and panels show the numbers of their documents' rows, and no text covers another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Document
from rural_forecast.render import svg_file
from rural_forecast.render.wrapping import width
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.sizing.effects import bridge as growth_bridge
from rural_forecast.sizing.effects import swings
from rural_forecast.views import backtest, growth, nowcast, panel, project, scenario
from rural_forecast.views import compare as compare_view
from rural_forecast.views import growth as growth_view
from rural_forecast.views import nowcast as nowcast_view
from rural_forecast.views import panel as panel_view
from rural_forecast.views import scenario as scenario_view
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import fan, several
from rural_forecast.views.pictures import size as size_picture
from tests.render.drawn import SVG, axis_across, boxes, kinds, panels, points, read_back, root_of, value_of, words

Row = dict[str, Any]


def rows(document: Document) -> list[Row]:
    keys = [column.key for column in document.records.columns]
    return [dict(zip(keys, row, strict=True)) for row in document.records.rows]


def heights(root: ET.Element) -> list[float]:
    return [height for *_, height in boxes(root, "column")]


def shares(numbers: list[float]) -> list[float]:
    return [number / max(numbers) for number in numbers]


@cache
def turnover(**options: Any) -> rf.Forecast:
    return rf.forecast(rf.read("turnover"), **{"year": 2018, **options})


@cache
def sized() -> Any:
    return rf.size("rural_online_retail", year=2028, draws=2000)


def test_columns_are_as_high_as_their_values_and_brackets_name_the_growth() -> None:
    result = turnover()
    root = root_of(fan.columns(result))
    values = [*result.history.values.tolist(), *result.best.values.tolist()]
    drawn = heights(root)[: len(values)]
    assert shares(drawn) == pytest.approx(shares(values), rel=2e-3)
    assert [value_of(text) for text in words(root, "value")] == pytest.approx(values, abs=0.5)
    lengths = [float(one.get("y1", "")) - float(one.get("y2", "")) for one in kinds(root, "line", "whisker")]
    widths = (result.best.upper[0] - result.best.lower[0]).tolist()
    assert lengths == pytest.approx([drawn[0] * width / values[0] for width in widths], rel=5e-3)
    rates = [100 * ((values[at + 2] / values[at]) ** 0.5 - 1) for at in (0, 2)]
    assert [t for t in words(root, "end") if "a year" in t] == [f"+{rate:.1f} % a year over 2 years" for rate in rates]


def test_a_sizing_is_a_distribution_a_tornado_and_a_bridge() -> None:
    result = sized()
    middle, found = swings(result)
    distribution, tornado, waterfall = panels(size_picture.picture(result))
    x = axis_across(tornado)
    ends = [sorted((middle, end)) for swing in found for end in (swing.low, swing.high)]
    for (left, _, wide, _), expected in zip(boxes(tornado, "bar"), ends, strict=True):
        assert [x(left), x(left + wide)] == pytest.approx(expected, abs=0.2 * (x(1) - x(0)))
    assert {one.get("class") for one in tornado.iter(f"{SVG}rect")} == {"bar fill1", "bar fill2"}
    assert shares(heights(distribution)) == pytest.approx(shares(list(result.histogram.shares)), abs=2e-3)
    low, high = result.main.estimates[-1].lower[0], result.main.estimates[-1].upper[0]
    dark = sum("faint" not in one.get("class", "") for one in distribution.iter(f"{SVG}rect"))
    assert dark == sum(low <= (a + b) / 2 <= high for a, b in pairwise(result.histogram.edges))
    steps = growth_bridge(result, result.main)
    assert steps is not None
    values = [steps.before, *(abs(one.effect) for one in steps.effects), steps.after]
    assert shares(heights(waterfall)) == pytest.approx(shares(values), abs=2e-3)


def test_every_model_has_its_number_its_ranges_and_a_bar_as_long_as_its_weight() -> None:
    result = rf.compare(rf.read("turnover"), year=2018, opinions=False)
    picture = compare_view.picture(result)
    assert isinstance(picture.plot, Ranges)
    for shown in (picture, svg_file.embedded(picture)[0]):
        found, slack = ranges(root_of(shown))
        for row, (value, ends) in zip(picture.plot.rows, found, strict=True):
            assert value == pytest.approx(row.value, abs=slack)
            assert sorted(ends) == pytest.approx(sorted(e for _, *pair in row.bounds for e in pair), abs=slack)
    weights = [row.weight for row in picture.plot.rows if row.weight is not None]
    members = [line.given.weight or 0 for line in result.lines if line.given.answers and line.status == "member"]
    assert sorted(weights) == pytest.approx(sorted(members))
    bars = [wide for _, _, wide, _ in boxes(root_of(picture), "weight")]
    assert shares(bars) == pytest.approx(shares(weights), abs=2e-3)


def ranges(root: ET.Element) -> tuple[list[tuple[float, list[float]]], float]:
    """The dot and the ends of the ranges of each row, from the top, and by how much a value may be off."""
    x = axis_across(root)
    dots = [(float(one.get("cy", "")), x(float(one.get("cx", "")))) for one in root.iter(f"{SVG}circle")]
    lines = [(float(one.get("y1", "")), one) for one in kinds(root, "line", "range")]
    return [
        (value, [x(float(line.get(f"x{end}", ""))) for at, line in lines if at == y for end in (1, 2)])
        for y, value in dots
    ], 0.2 * (x(1) - x(0))


def test_a_nowcast() -> None:
    result = rf.nowcast(rf.read("mofcom"), year=2017, as_of=date(2017, 8, 31))
    drawn, slack = ranges(root_of(nowcast_view.picture(result)))
    (row,) = [row for row in rows(nowcast.document(result)) if row["model"] == "combined"]
    value, ends = drawn[-1]
    assert value == pytest.approx(row["value"], abs=slack)
    bounds = [row[f"{end}_{level}"] for end in ("lower", "upper") for level in (80, 95)]
    assert sorted(ends) == pytest.approx(sorted(bounds), abs=slack)


def test_a_backtest_has_its_forecasts_and_its_errors_by_horizon() -> None:
    result = rf.backtest(rf.read("mofcom"), models=("naive",))
    paths, errors = panels(backtest_picture.picture(result))
    tried = [row for row in rows(backtest.document(result, detail=True)) if row["model"] == "consensus"]
    assert len(tried) == 18
    assert all(read_back(paths).has(row["period"], row["forecast"]) for row in tried)
    scores = {(score.model, score.horizon): score for score in result.scores}
    expected = [scores[name, at].smape for at in (1, 2, 3) for name in ("consensus", "naive")]
    assert [value_of(text.removesuffix(" %")) for text in words(errors, "value")] == pytest.approx(expected, abs=0.051)
    assert shares(heights(errors)) == pytest.approx(shares(expected), abs=2e-3)
    counts = [scores["consensus", at].n for at in (1, 2, 3)]
    assert all(f"({count} forecasts)" in name for count, name in zip(counts, words(errors, "tick"), strict=True))


def test_a_panel(tmp_path: Path) -> None:
    text = [f"{part},{2016 + at},{size * 1.1**at}" for part, size in (("a", 5), ("b", 9)) for at in range(8)]
    (tmp_path / "parts.csv").write_text("\n".join(["part,year,value", *text]))
    result = rf.panel(tmp_path / "parts.csv", horizon=2)
    stack, gains, *parts = panels(panel_view.picture(result))
    known = rows(panel.document(result))
    largest = sorted((row for row in known if row["period"] == 2025 and row["parent"]), key=lambda row: -row["value"])
    assert all(read_back(part).has(2025, row["value"]) for part, row in zip(parts, largest, strict=True))
    values = [row["value"] for row in sorted(known, key=lambda row: (row["period"], -row["value"])) if row["parent"]]
    assert shares(heights(stack)[-4:]) == pytest.approx(shares(values), rel=5e-3)
    gained = [values[2] - 9 * 1.1**7, values[3] - 5 * 1.1**7]
    assert shares([wide for _, _, wide, _ in boxes(gains, "bar")]) == pytest.approx(shares(gained), rel=5e-3)


def test_growth_scenarios_several_series_and_a_target_in_one_drawing() -> None:
    grown = rf.growth(rf.read("consumption_national"), rf.read("consumption_rural"))
    stated = rf.scenario(rf.read("mofcom"), Scenario("slow", growth=2.0), Scenario("fast", growth=20.0), year=2028)
    beside = [rf.forecast(rf.read(name), year=2027) for name in ("turnover", "mofcom")]
    for picture, known, key in (
        (growth_view.picture(grown), rows(growth.document(grown)), "growth_pct"),
        (scenario_view.picture(stated), rows(scenario.document(stated)), "value"),
        (several.picture(beside), [row for result in beside for row in rows(project.document(result))], "value"),
    ):
        drawn, shown = read_back(picture), [row for row in known if row[key] is not None]
        assert len(shown) > 5
        assert all(drawn.has(row["period"], row[key]) for row in shown)
    target = read_back(fan.picture(turnover(year=2020), targets=(1000,)))
    assert target.has(2014, 1000)
    assert target.has(2020, 1000)


def test_panels_draw_their_series_and_those_of_scenarios_have_one_axis() -> None:
    results = [rf.forecast(rf.read(name), year=2027) for name in ("turnover", "mofcom", "users")]
    for result, one in zip(results, map(read_back, panels(several.picture(results))), strict=True):
        assert all(map(one.has, result.years, result.best.values.tolist()))
        assert max(y for _, y in one.bands[80]) == pytest.approx(float(result.best.upper[0].max()), abs=one.slack)
    stated = rf.scenario(rf.read("mofcom"), *(Scenario(f"s{r}", growth=float(r)) for r in (1, 5, 20)), year=2028)
    drawn = [read_back(one) for one in panels(scenario_view.picture(stated))]
    assert len({(round(one.low), round(one.high)) for one in drawn}) == 1
    assert all(one.has(2028, float(made.path.values[-1])) for one, made in zip(drawn, stated.outcomes, strict=True))


CASES: dict[str, Callable[[], Picture]] = {
    "turnover": lambda: fan.picture(turnover()),
    "log": lambda: replace(fan.picture(turnover()), logarithmic=True),
    "long": lambda: fan.picture(rf.forecast(rf.read("mofcom"), year=2035, levels=(30, 60, 90))),
    "models": lambda: fan.picture(rf.forecast(rf.read("mofcom"), models=("drift", "theta", "naive", "cagr"))),
    "columns": lambda: fan.columns(rf.forecast(rf.read("mofcom"), year=2030)),
    "compare": lambda: compare_view.picture(rf.compare(rf.read("turnover"), year=2018, opinions=False)),
    "backtest": lambda: backtest_picture.picture(rf.backtest(rf.read("mofcom"))),
    "size": lambda: size_picture.picture(sized()),
    "many": lambda: several.picture([turnover()] * 30),
    "growth": lambda: growth_view.picture(rf.growth(rf.read("consumption_national"), rf.read("consumption_rural"))),
    "scenarios": lambda: scenario_view.picture(
        rf.scenario(rf.read("mofcom"), Scenario("slow", growth=2.0), Scenario("slower", growth=1.9), year=2027)
    ),
}
SIZES = {"title": 19.0, "claim": 15.0, "foot": 12.0, "tick": 12.5, "said": 12.5, "value": 12.5}


def texts(root: ET.Element, x: float = 0, y: float = 0) -> Iterator[tuple[str, float, float, float, float]]:
    """Every text with its left, right, top and bottom."""
    for one in root:
        if one.tag == f"{SVG}g":
            (place,) = points(one.get("transform", "")) or [(0.0, 0.0)]
            yield from texts(one, x + place[0], y + place[1])
        elif one.tag == f"{SVG}text" and (text := "".join(one.itertext())):
            size = SIZES.get(one.get("class", "").split()[0], 13.0)
            wide = width(text, size)
            start = x + float(one.get("x", "")) - {"end": 1, "middle": 0.5}.get(one.get("text-anchor", ""), 0) * wide
            base = y + float(one.get("y", ""))
            yield text, start, start + wide, base - 0.72 * size, base


@pytest.mark.parametrize("name", CASES)
def test_no_text_covers_another_or_leaves_the_picture(name: str) -> None:
    root = root_of(CASES[name]())
    found = list(texts(root))
    across, down = float(root.get("width", "")), float(root.get("height", ""))
    for place, (text, left, right, top, bottom) in enumerate(found):
        assert left >= 0 <= top, text
        assert right <= across, text
        assert bottom <= down, text
        for other, first, last, high, low in found[:place]:
            assert right <= first or last <= left or bottom <= high or low <= top, (text, other)
