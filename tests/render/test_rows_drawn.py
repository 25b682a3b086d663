"""Pictures of growth, nowcasts, panels, scenarios and several series show the numbers of their documents' rows."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Document
from rural_forecast.render import svg_file
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.sizing.effects import bridge as growth_bridge
from rural_forecast.views import backtest, growth, nowcast, panel, project, scenario
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import fan, several
from rural_forecast.views.pictures import growth as growth_picture
from rural_forecast.views.pictures import nowcast as nowcast_picture
from rural_forecast.views.pictures import panel as panel_picture
from rural_forecast.views.pictures import scenario as scenario_picture
from rural_forecast.views.pictures import size as size_picture
from tests.render.drawn import SVG, axis_across, read_back, svg_of
from tests.render.test_forms import panels, rects

Rows = list[dict[str, Any]]


def rows(document: Document) -> Rows:
    keys = [column.key for column in document.records.columns]
    return [dict(zip(keys, row, strict=True)) for row in document.records.rows]


def points(picture: Picture | ET.Element) -> tuple[list[tuple[int, float]], float]:
    """Years with values of all lines drawn, and by how much a value may be off."""
    text = svg_file.render(picture) if isinstance(picture, Picture) else ET.tostring(picture, encoding="unicode")
    shown = read_back(text, logarithmic=False)
    return [(round(x), y) for line in shown.lines for x, y in line], shown.slack


def ranges(picture: Picture) -> tuple[list[tuple[float, list[float]]], float]:
    """The dot and the ends of the ranges of each row, from the top, and by how much a value may be off."""
    root = svg_of(svg_file.render(picture))
    x = axis_across(root)
    dots = [(float(one.get("cy", "")), x(float(one.get("cx", "")))) for one in root.iter(f"{SVG}circle")]
    lines = [one for one in root.iter(f"{SVG}line") if one.get("class", "").startswith("range")]
    ends = [(float(one.get("y1", "")), [x(float(one.get(f"x{end}", ""))) for end in (1, 2)]) for one in lines]
    return [(value, [end for at, pair in ends if at == y for end in pair]) for y, value in dots], x(1) - x(0)


def test_growth() -> None:
    result = rf.growth(rf.read("consumption_national"), rf.read("consumption_rural"))
    drawn, slack = points(growth_picture.picture(result))
    known = [row for row in rows(growth.document(result)) if row["growth_pct"] is not None]
    assert len(known) == len(drawn) > 10
    for row in known:
        assert any(year == row["period"] and abs(y - row["growth_pct"]) <= slack for year, y in drawn)


def test_a_nowcast() -> None:
    result = rf.nowcast(rf.read("mofcom"), year=2017, as_of=date(2017, 8, 31))
    drawn, slack = ranges(nowcast_picture.picture(result))
    (row,) = [row for row in rows(nowcast.document(result)) if row["model"] == "combined"]
    value, ends = drawn[-1]
    assert value == pytest.approx(row["value"], abs=slack)
    bounds = [row[f"{end}_{level}"] for end in ("lower", "upper") for level in (80, 95)]
    assert sorted(ends) == pytest.approx(sorted(bounds), abs=slack)


def test_a_panel(tmp_path: Any) -> None:
    text = [f"{part},{2016 + at},{size * 1.1**at}" for part, size in (("a", 5), ("b", 9)) for at in range(8)]
    (tmp_path / "parts.csv").write_text("\n".join(["part,year,value", *text]))
    result = rf.panel(tmp_path / "parts.csv", horizon=2)
    stack, growth, *parts = panels(panel_picture.picture(result))
    known = rows(panel.document(result))
    for part, row in zip(parts, sorted(known, key=lambda row: (-row["period"], -row["value"]))[1:3], strict=True):
        drawn, slack = points(part)
        assert any(year == row["period"] == 2025 and abs(y - row["value"]) <= slack for year, y in drawn)
    heights = [height for *_, height in rects(stack, "column")][-4:]
    values = [row["value"] for row in sorted(known, key=lambda row: (row["period"], -row["value"])) if row["parent"]]
    assert [height / heights[0] for height in heights] == pytest.approx([v / values[0] for v in values], rel=5e-3)
    gains = [wide for _, _, wide, _ in rects(growth, "bar")]
    last = {"a": 5 * 1.1**7, "b": 9 * 1.1**7}
    gained = [value - last[part] for value, part in zip(values[2:], "ba", strict=True)]
    assert gains[1] / gains[0] == pytest.approx(gained[1] / gained[0], rel=5e-3)


def test_a_bridge_of_growth() -> None:
    result = rf.size("rural_online_retail", year=2028, draws=2000)
    *_, bridge = panels(size_picture.picture(result))
    found = growth_bridge(result, result.main)
    assert found is not None
    heights = [height for *_, height in rects(bridge, "column")]
    values = [found.before, *(abs(one.effect) for one in found.effects), found.after]
    assert [height / heights[0] for height in heights] == pytest.approx([v / values[0] for v in values], abs=2e-3)


def test_scenarios_in_one_drawing() -> None:
    stated = [Scenario("slow", growth=2.0), Scenario("fast", growth=20.0)]
    result = rf.scenario(rf.read("mofcom"), *stated, year=2028)
    drawn, slack = points(scenario_picture.picture(result))
    for row in rows(scenario.document(result)):
        assert any(year == row["period"] and abs(y - row["value"]) <= slack for year, y in drawn)


def test_several_series_in_one_drawing() -> None:
    results = [rf.forecast(rf.read(name), year=2027) for name in ("turnover", "mofcom")]
    drawn, slack = points(several.picture(results))
    for row in (row for result in results for row in rows(project.document(result))):
        assert any(year == row["period"] and abs(y - row["value"]) <= slack for year, y in drawn)


def test_forecasts_of_a_backtest() -> None:
    result = rf.backtest(rf.read("mofcom"), models=("naive",))
    paths, _ = panels(backtest_picture.picture(result))
    drawn, slack = points(paths)
    tried = [row for row in rows(backtest.document(result, detail=True)) if row["model"] == "consensus"]
    assert len(tried) == 18
    for row in tried:
        assert any(year == row["period"] and abs(y - row["forecast"]) <= slack for year, y in drawn)


def test_a_target() -> None:
    drawn, slack = points(fan.picture(rf.forecast(rf.read("turnover"), year=2020), targets=(1000,)))
    assert {year for year, y in drawn if abs(y - 1000) <= slack} >= {2014, 2020}
