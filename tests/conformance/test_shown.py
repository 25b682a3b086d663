"""What people are shown is what machines are given: charts, pages, tables and Python hold the numbers of the rows."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Course
from rural_forecast.text.numbers import amounts
from rural_forecast.views.answer import short_name
from rural_forecast.views.pictures import fan
from tests.conformance.asking import long_form, rows, saved
from tests.conformance.histories import HISTORIES
from tests.inside import typed

YEAR = 2018
TAG = re.compile(r"<[^>]+>")
LEVELS = (80, 95)


@pytest.fixture(scope="module")
def told() -> list[dict]:
    """The rows of the founding case."""
    return rows("project", "turnover", "--year", YEAR, "--history")


def said(row: dict) -> list[str]:
    """The value and bounds of a row as people see them: rounded by the width of the narrowest interval."""
    write = amounts("bn CNY", [row["upper_95"]], (row["lower_80"], row["upper_80"]))
    return [
        write(row[name]) for name in ("value", *(f"{side}_{level}" for level in LEVELS for side in ("lower", "upper")))
    ]


def test_a_picture_draws_the_rows(told: list[dict]) -> None:
    drawn = fan.picture(rf.forecast(rf.read("turnover"), year=YEAR)).plot
    assert isinstance(drawn, Course)
    points = {(x, y) for line in drawn.lines for x, y in zip(line.xs, line.ys, strict=True)}
    marks = {(mark.x, mark.y) for mark in drawn.marks}
    bounds = {
        (band.level, *bound) for band in drawn.bands for bound in zip(band.xs, band.lower, band.upper, strict=True)
    }
    for row in told:
        if row["kind"] == "published":
            assert row["period"] <= drawn.origin or (row["period"], row["value"]) in marks
            continue
        assert (row["period"], row["value"]) in points
        if row["kind"] == "forecast":
            for level in LEVELS:
                assert (level, row["period"], row[f"lower_{level}"], row[f"upper_{level}"]) in bounds


@pytest.mark.parametrize("output", ["table", "svg"])
def test_a_chart_names_the_numbers_of_the_rows(output: str, told: list[dict]) -> None:
    shown = typed("chart", "turnover", "--year", YEAR, "--format", output).out
    value, low, high, *_ = said(told[-1])
    assert f"About {value} bn CNY in {YEAR}; four chances in five that it lies between {low} and {high}" in " ".join(
        shown.split()
    )


@pytest.mark.parametrize("output", ["table", "markdown"])
def test_a_table_says_the_numbers_of_the_rows(output: str, told: list[dict]) -> None:
    shown = typed("project", "turnover", "--year", YEAR, "--format", output).out
    value, low, high, lowest, highest = said(told[-1])
    text = " ".join(shown.split())
    assert f"About {value} bn CNY in {YEAR}; four chances in five that it lies between {low} and {high}" in text
    assert f"{lowest} – {highest}" in text


def test_a_page_says_the_numbers_of_every_command(told: list[dict]) -> None:
    page = typed("exhibit", "turnover", "--appendix", "--year", YEAR, "--format", "html").out
    shown = " ".join(html.unescape(TAG.sub(" ", page)).split())
    for text in said(told[-1]):
        assert text in shown
    for row in rows("compare", "turnover", "--year", YEAR):
        assert short_name(row["model"]) in shown
        if row["value"] is not None:
            assert f"{row['value']:,.0f}" in shown
    for row in rows("backtest", "turnover"):
        assert f"{row['smape']:,.1f}" in shown


def test_python_gives_what_the_command_line_gives(tmp_path: Path) -> None:
    mofcom = rf.read("mofcom")
    nowcast = rf.nowcast(mofcom, year=2017, until=2016)
    combined = rows("nowcast", "mofcom", "--year", 2017, "--until", 2016)[0]
    assert combined["model"] == "combined"
    assert [combined["value"], combined["lower_80"]] == [nowcast.value, nowcast.lower[0]]
    plan = rf.Scenario("plan", growth={2026: 4.0}, shock={2027: -10.0})
    stated = rf.scenario(mofcom, plan, year=2028).outcomes[0].path
    flags = ("--growth", "2026=4", "--shock", "2027=-10", "--name", "plan", "--year", 2028)
    found = [row["value"] for row in rows("scenario", "mofcom", *flags) if row["kind"] == "scenario"]
    assert found == stated.values.tolist()
    sizing = rf.size("rural_retailer", draws=2000)
    market = [row for row in rows("size", "rural_retailer", "--draws", 2000) if row["item"] == "result"]
    assert {row["value"] for row in market} == {one.value for stage in sizing.stages for one in stage.estimates}
    source = saved(tmp_path, long_form({"s": HISTORIES["line"]}))
    course = {point.year: point.growth_pct for point in rf.growth(rf.read(source)).lines[0].points}
    assert {row["period"]: row["growth_pct"] for row in rows("growth", source)} == course
