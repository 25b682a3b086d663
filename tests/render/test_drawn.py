"""Pictures show the numbers of their results where they belong, and no text covers another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Look, Picture, Ranges
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.render import drawing
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.sizing.effects import swings
from rural_forecast.text.style import PHONE, PRINT, WIDE
from rural_forecast.views import (
    backtest,
    chart,
    compare,
    growth,
    nowcast,
    panel,
    precedents,
    scenario,
    size,
)
from tests.render.measured import axes, findings, measured

MARKETS: dict[str, tuple[float, ...]] = {
    "农村网络零售额": (180, 353, 482),
    "explosive": (2, 8, 40, 190),
    "falling": (900, 700, 480, 300, 140, 60, 20),
    "negative": (-2, -8, -40, -190),
    "crossing": (50, 20, 5, -10, -30),
    "thirty": tuple(5 + year + 2 * (year % 3) for year in range(30)),
    "millionfold": tuple(10.0**power for power in range(-2, 5)),
    "one": (42.0,),
}


def made(name: str) -> rf.Forecast:
    values = MARKETS[name]
    seen = tuple(Observation(Period(2025 - len(values) + at), float(value)) for at, value in enumerate(values))
    return forecast(Series(name, observations=seen), horizon=3)


@cache
def read(name: str) -> Any:
    return rf.read(name)


@cache
def turnover() -> rf.Forecast:
    return rf.forecast(read("turnover"), year=2018)


@cache
def parts(folder: str) -> Any:
    lines = [f"{part},{2016 + at},{size * 1.1**at}" for part, size in PARTS for at in range(8)]
    path = Path(folder) / "parts.csv"
    path.write_text("\n".join(["part,year,value", *lines]))
    return rf.panel(path, horizon=2)


PARTS = (("a", 5), ("b", 9), ("c", 3), ("d", 3.3), ("e", 2.4), ("f", 1.1), ("g", 0.4))
CASES: dict[str, Callable[[], Picture]] = {
    **{name: (lambda name=name: chart.picture(made(name))) for name in MARKETS},  # type: ignore[misc]
    "turnover": lambda: chart.picture(turnover()),
    "log": lambda: replace(chart.picture(turnover()), logarithmic=True),
    "target": lambda: chart.picture(turnover(), targets=(1000,)),
    "levels": lambda: chart.picture(rf.forecast(read("mofcom"), year=2035, levels=(30, 60, 90))),
    "models": lambda: chart.picture(rf.forecast(read("mofcom"), models=("drift", "theta", "naive", "cagr"))),
    "columns": lambda: chart.columns(rf.forecast(read("mofcom"), year=2030)),
    "compare": lambda: compare.picture(rf.compare(read("turnover"), year=2018, opinions=False)),
    "backtest": lambda: backtest.picture(rf.backtest(read("mofcom"), models=("naive",))),
    "precedents": lambda: precedents.picture(rf.precedents(read("mofcom"), year=2030)),
    "size": lambda: size.picture(rf.size("rural_online_retail", year=2028, draws=2000)),
    "many": lambda: chart.several([turnover()] * 12),
    "beside": lambda: chart.several([rf.forecast(read(name), year=2027) for name in ("turnover", "mofcom")]),
    "growth": lambda: growth.picture(rf.growth(read("consumption_national"), read("consumption_rural"))),
    "nowcast": lambda: nowcast.picture(rf.nowcast(read("mofcom"), year=2017, as_of=date(2017, 8, 31))),
    "scenarios": lambda: scenario.picture(
        rf.scenario(read("mofcom"), rf.Scenario("slow", growth=2.0), rf.Scenario("slower", growth=1.9), year=2027)
    ),
}


@pytest.mark.parametrize("size", [WIDE, PHONE, PRINT], ids=lambda size: size.name)
@pytest.mark.parametrize("name", CASES)
def test_no_text_is_clipped_covered_or_unreadable(name: str, size: Any) -> None:
    assert list(findings(measured(drawing.svg(CASES[name](), size)))) == []


@pytest.mark.parametrize("ratio", [16 / 9, 1.0])
def test_a_picture_of_any_ratio_has_it(ratio: float) -> None:
    for name in ("turnover", "size", "columns"):
        drawn = measured(drawing.svg(replace(CASES[name](), look=Look(ratio=ratio))))
        assert drawn.width / drawn.height == pytest.approx(ratio, rel=0.03)
        assert list(findings(drawn)) == []


@pytest.mark.parametrize(
    "name", [name for name in MARKETS if name not in ("millionfold", "explosive", "falling", "one")]
)
def test_a_fan_is_drawn_where_its_values_belong(name: str) -> None:
    result = made(name)
    drawn = measured(drawing.svg(chart.picture(result)))
    x, y = axes(drawn)
    slack = abs(y(0) - y(1.5))
    factor = chart.picture(result).amounts.factor
    (seen,) = (line for line in drawn.of("line", "ink") if len(line.points) == len(result.history.years) > 2)
    expected = result.history.values / factor
    assert [y(at) for _, at in seen.points] == pytest.approx(expected.tolist(), abs=slack)
    assert [x(at) for at, _ in seen.points] == pytest.approx(list(result.history.years), abs=0.05)
    ahead = drawn.of("line", "accent")[0]
    assert [y(at) for _, at in ahead.points][1:] == pytest.approx((result.best.values / factor).tolist(), abs=slack)
    band = drawn.of("area", "band80")[0]
    last = [y(at) for across, at in band.points if abs(x(across) - result.target) < 0.05]
    low, high = result.best.ends(0)
    assert [min(last), max(last)] == pytest.approx([low / factor, high / factor], abs=slack)


def test_the_axis_follows_history_and_80_percent_and_the_wider_band_fades_with_its_bound_as_text() -> None:
    drawn = measured(drawing.svg(chart.picture(turnover())))
    assert len(drawn.of("fade")) == 1
    assert any(words.endswith("↑") for words in drawn.words)
    top = max(
        float(text.words.replace(",", ""))
        for text in drawn.texts
        if text.anchor == "end" and text.colour == "quiet" and text.words[0].isdigit()
    )
    assert top <= 1.3 * turnover().best.ends(0)[1]
    assert not measured(drawing.svg(chart.picture(made("falling")))).of("fade")


def test_a_wide_span_has_a_logarithmic_axis_that_says_so() -> None:
    assert any("logarithmic axis" in words for words in measured(drawing.svg(CASES["millionfold"]())).words)
    assert not any("e-" in words or "e+" in words for words in measured(drawing.svg(CASES["millionfold"]())).words)


def test_bands_have_their_names_inside_or_in_one_row() -> None:
    for medium, key in ((WIDE, False), (PHONE, True)):
        drawn = measured(drawing.svg(chart.picture(turnover()), medium))
        names = [text for text in drawn.texts if text.words in ("50 %", "80 %", "95 %")]
        assert len(names) == 3
        assert (len({text.y for text in names}) == 1) == key


def test_published_figures_are_drawn_last_with_their_text() -> None:
    drawn = measured(drawing.svg(chart.picture(turnover())))
    (mark,) = drawn.of("published")
    assert mark.order == max(shape.order for shape in drawn.shapes)
    assert "600 published" in drawn.words


def test_every_year_has_a_tick_and_the_first_last_observed_and_last_are_in_full() -> None:
    result = rf.forecast(read("mofcom"), year=2030)
    drawn = measured(drawing.svg(chart.picture(result)))
    foot = max(text.y for text in drawn.texts if text.anchor == "middle")
    years = [text.words for text in drawn.texts if text.anchor == "middle" and text.y == foot]
    assert sorted(int(year) % 100 for year in years) == list(range(16, 31))
    assert {year for year in years if len(year) == 4} == {"2016", "2025", "2030"}


def test_columns_start_at_zero_and_each_label_is_nearest_to_its_own_bar() -> None:
    drawn = measured(drawing.svg(CASES["columns"]()))
    bars = [rect.box for rect in drawn.of("rect") if rect.colour in ("total", "band50")]
    assert len({round(bar.bottom) for bar in bars}) == 1
    values = rf.forecast(read("mofcom"), year=2030)
    expected = [*values.history.values.tolist(), *values.best.values.tolist()]
    heights = [bar.bottom - bar.top for bar in bars]
    assert [height / max(heights) for height in heights] == pytest.approx(
        [v / max(expected) for v in expected], abs=0.01
    )
    for bar in bars:
        assert any(text.anchor == "middle" and abs(text.x - (bar.left + bar.right) / 2) < 1 for text in drawn.texts)


def test_a_sizing_has_ranges_a_tornado_and_a_waterfall_around_the_answer() -> None:
    result = rf.size("rural_online_retail", year=2028, draws=2000)
    picture = size.picture(result)
    assert isinstance(picture.plot, Ranges)
    middle, found = swings(result)
    assert picture.plot.reference == middle == result.main.estimates[-1].value
    bars = [row.bar for row in picture.plot.rows if all(row.ends)]
    assert bars == [(swing.low, swing.high) for swing in found]
    steps = [row for row in picture.plot.rows if row.joins is not None]
    assert steps[0].bar is not None
    assert steps[0].bar[0] == 0
    for before, after in zip(steps, picture.plot.rows[picture.plot.rows.index(steps[0]) + 1 :], strict=False):
        assert after.bar is not None
        assert before.joins == pytest.approx(after.bar[1] if after.bar[0] == 0 else after.bar[0])


def test_parts_are_five_and_the_rest_and_add_up_as_printed(tmp_path: Any) -> None:
    picture = panel.picture(parts(str(tmp_path)))
    drawn = measured(drawing.svg(picture))
    assert list(findings(drawn)) == []
    stack = picture.plot
    assert [part.name for part in stack.parts] == ["b", "a", "d", "c", "e", "other"]  # type: ignore[union-attr]
    printed = [float(part.texts[0]) for part in stack.parts]  # type: ignore[union-attr]
    assert sum(printed) == pytest.approx(float(stack.whole.texts[0]))  # type: ignore[union-attr]


def test_words_of_pictures_are_few_and_no_number_is_there_three_times() -> None:
    for name in ("turnover", "columns", "growth", "beside", "nowcast", "scenarios"):
        picture = CASES[name]()
        said = [picture.title, picture.subtitle, picture.about, picture.unit, *picture.notes]
        assert sum(len(text.split()) for text in said) <= 60, name
        assert len(picture.title.split()) <= 14, name
        assert len(picture.alternative.split()) <= 50, name
