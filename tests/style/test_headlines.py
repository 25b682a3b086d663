"""House style, words: a headline of at most twelve words that names the series, with one number and one claim."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import rural_forecast as rf
from rural_forecast.scenarios.scenario import Scenario
from rural_forecast.text.wording import MOST_OF_NAME, MOST_WORDS, headline, short, words
from rural_forecast.views import backtest, chart, compare, growth, lookup, nowcast, precedents, project, scenario, size
from tests.inside import Cli

TURNOVER, MOFCOM = "turnover", "mofcom"
RATES = [Scenario(name, growth=rate, reason="why") for name, rate in (("a", 1), ("b", 9))]
Make = Callable[..., Any]
HEADED: dict[str, tuple[Make, Make, Make | None]] = {
    "project": (lambda: rf.forecast(TURNOVER, year=2018), project.document, chart.picture),
    "target": (
        lambda: rf.forecast(TURNOVER, year=2018),
        partial(project.document, targets=[800]),
        partial(chart.picture, targets=[800]),
    ),
    "model": (lambda: rf.forecast(MOFCOM, models=["linear"]), project.document, None),
    "nowcast": (lambda: rf.nowcast(TURNOVER, year=2017, partial=["2017H1=300"]), nowcast.document, nowcast.picture),
    "scenario": (
        lambda: rf.scenario(TURNOVER, Scenario("plan", override={2018: 700}, reason="why")),
        scenario.document,
        scenario.picture,
    ),
    "scenarios": (lambda: rf.scenario(TURNOVER, *RATES), scenario.document, None),
    "compare": (lambda: rf.compare(TURNOVER, year=2018, opinions=False), compare.document, compare.picture),
    "backtest": (lambda: rf.backtest(MOFCOM, models=["linear"]), backtest.document, backtest.picture),
    "precedents": (lambda: rf.precedents(TURNOVER, year=2018), precedents.document, precedents.picture),
    "growth": (lambda: rf.growth(MOFCOM, "online"), growth.document, growth.picture),
    "size": (lambda: rf.size("rural_online_retail", draws=2000), size.document, size.picture),
    "series": (lambda: rf.read(TURNOVER), lookup.everything, None),
}
"""Results with their document and, if they have one, their picture."""


@pytest.mark.parametrize("name", HEADED)
def test_a_headline_has_at_most_twelve_words_names_the_series_and_is_one_claim(name: str) -> None:
    make, document, picture = HEADED[name]
    result = make()
    made = document(result)
    assert words(made.title) <= MOST_WORDS
    assert name == "size" or made.title.startswith(("Rural online", "National online", "Mofcom", "Online"))
    assert not made.title.endswith(".")
    assert "." not in re.sub(r"\d\.\d", "", made.title)
    assert "rural_online" not in made.title
    numbers = re.findall(r"(?<![\d.,])\d[\d,.]*", re.sub(r"\b(?:19|20)\d\d\b", "", made.title))
    assert len(numbers) <= (2 if name in ("target", "scenarios", "precedents") else 1), made.title
    if name in ("project", "nowcast", "compare"):
        assert re.match(r"Four chances in five that it lies between [\d,]+ and [\d,]+ bn CNY\.$", made.summary[0])
    if name == "model":
        assert made.summary[0].startswith("Linear trend: four chances in five")
    if picture is not None:
        drawn = picture(result)
        assert drawn.title == made.title.replace("CNY", "yuan")
        if "tn" not in drawn.subtitle and name != "backtest":  # pictures scale their unit
            assert drawn.subtitle == made.summary[0].replace("CNY", "yuan").removesuffix(".")


def test_a_name_has_at_most_five_words_and_a_long_claim_shortens_it() -> None:
    names = {
        "Rural online retail sales (Ministry of Commerce)": "Rural online retail sales",
        "Sales of all the goods and services of the north": "Sales of all the goods",
        "electric_cars": "electric cars",
        "Sales: by region": "Sales",
        "(all)": "(all)",
        "农村网络零售额": "农村网络零售额",
    }
    assert {title: short(title) for title in names} == names
    assert all(len(name.split()) <= MOST_OF_NAME for name in names.values())
    made = headline("Disposable income of rural households", "about 31,000 CNY per person and year in 2030").text
    assert made == "Disposable income: about 31,000 CNY per person and year in 2030"
    assert words(made) <= MOST_WORDS


def test_the_title_of_a_file_is_not_its_path(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "my_market.csv"
    file.write_text("year,value\n2019,61\n2020,66\n2021,70\n2022,77\n2023,83\n")
    assert cli("project", str(file), "--format", "table").out.startswith("My market: about ")
