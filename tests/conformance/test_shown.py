"""What people are shown is what machines are given: charts, pages and tables hold the numbers of the rows."""

import html
import re

import pytest

from rural_forecast.text.numbers import range_amounts
from rural_forecast.views.answer import short_name
from tests.conformance.asking import rows
from tests.inside import typed

YEAR = 2018
TAG = re.compile(r"<[^>]+>")
LEVELS = (80, 95)


@pytest.fixture(scope="module")
def told() -> list[dict]:
    """The rows of the founding case."""
    return rows("project", "turnover", "--year", YEAR, "--history")


def said(row: dict) -> list[str]:
    """The value and bounds of a row as people see them: rounded by the width of the 80 % range."""
    write = range_amounts("bn CNY", row["value"], row["lower_80"], row["upper_80"])
    return [
        write(row[name]) for name in ("value", *(f"{side}_{level}" for level in LEVELS for side in ("lower", "upper")))
    ]


@pytest.mark.parametrize("line", ["project -f table", "project -f markdown", "chart -f table", "chart -f svg"])
def test_people_are_shown_the_numbers_of_the_rows(line: str, told: list[dict]) -> None:
    shown = typed(*line.split(), "turnover", "--year", YEAR).out
    assert all(number in shown for number in said(told[-1])[:3])


def test_a_page_says_the_numbers_of_every_command(told: list[dict]) -> None:
    page = typed("exhibit", "turnover", "--appendix", "--year", YEAR, "--format", "html").out
    shown = " ".join(html.unescape(TAG.sub(" ", page)).split())
    for text in said(told[-1]):
        assert text in shown
    for row in rows("compare", "turnover", "--year", YEAR):
        assert short_name(row["model"]) in shown
        if row["value"] is not None:
            assert f"{round(row['value'], -1):,.0f}" in shown
    for row in rows("backtest", "turnover"):
        assert f"{row['smape']:,.1f}" in shown
