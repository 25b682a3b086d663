"""House style, words: a headline of at most twelve words that names the series, with one number and one claim."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.document.table import Document
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.text.headline import MOST_OF_NAME, MOST_WORDS, headline, short, words
from rural_forecast.views import backtest, chart, compare, growth, lookup, nowcast, precedents, project, scenario, size
from tests.inside import Cli

TURNOVER, MOFCOM = "turnover", "mofcom"
HEADED: dict[str, Callable[[], Document]] = {
    "project": lambda: project.document(rf.forecast(rf.read(TURNOVER), year=2018)),
    "target": lambda: project.document(rf.forecast(rf.read(TURNOVER), year=2018), targets=[1000]),
    "model": lambda: project.document(rf.forecast(rf.read(MOFCOM), models=["linear"])),
    "nowcast": lambda: nowcast.document(rf.nowcast(rf.read(TURNOVER), year=2017, partial=["2017H1=300"])),
    "scenario": lambda: scenario.document(
        rf.scenario(rf.read(TURNOVER), Scenario("plan", override={2018: 700}, reason="why"))
    ),
    "scenarios": lambda: scenario.document(
        rf.scenario(
            rf.read(TURNOVER), *(Scenario(name, growth=rate, reason="why") for name, rate in (("a", 1), ("b", 9)))
        )
    ),
    "compare": lambda: compare.document(rf.compare(rf.read(TURNOVER), year=2018, opinions=False)),
    "backtest": lambda: backtest.document(rf.backtest(rf.read(TURNOVER), models=["linear"])),
    "precedents": lambda: precedents.document(rf.precedents(rf.read(TURNOVER), year=2018)),
    "growth": lambda: growth.document(rf.growth(rf.read(MOFCOM), rf.read("online"))),
    "series": lambda: lookup.everything(rf.read(TURNOVER)),
}


@pytest.mark.parametrize("name", HEADED)
def test_a_headline_has_at_most_twelve_words_names_the_series_and_is_one_claim(name: str) -> None:
    title = HEADED[name]().title
    assert words(title) <= MOST_WORDS
    assert title.startswith(("Rural online", "National online", "Mofcom", "Online"))
    assert not title.endswith(".")
    assert "." not in re.sub(r"\d\.\d", "", title)
    assert "rural_online" not in title
    numbers = re.findall(r"(?<![\d.,])\d[\d,.]*", re.sub(r"\b(?:19|20)\d\d\b", "", title))
    assert len(numbers) <= (2 if name in ("target", "scenarios", "precedents") else 1), title


def test_the_range_is_the_subtitle_in_words() -> None:
    for made in (HEADED["project"], HEADED["nowcast"], HEADED["compare"]):
        assert re.match(r"Four chances in five that it lies between [\d,]+ and [\d,]+ bn CNY\.$", made().summary[0])
    assert HEADED["model"]().summary[0].startswith("Linear trend: four chances in five")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Rural online retail sales (Ministry of Commerce)", "Rural online retail sales"),
        ("Sales of all the goods and services of the north", "Sales of all the goods"),
        ("electric_cars", "electric cars"),
        ("Sales: by region", "Sales"),
        ("(all)", "(all)"),
        ("农村网络零售额", "农村网络零售额"),
    ],
)
def test_a_name_has_at_most_five_words(title: str, name: str) -> None:
    assert short(title) == name
    assert len(name.split()) <= MOST_OF_NAME


def test_a_long_claim_shortens_the_name() -> None:
    made = headline("Disposable income of rural households", "about 31,000 CNY per person and year in 2030").text
    assert made == "Disposable income: about 31,000 CNY per person and year in 2030"
    assert words(made) <= MOST_WORDS


def test_the_title_of_a_file_is_not_its_path(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "my_market.csv"
    file.write_text("year,value\n2019,61\n2020,66\n2021,70\n2022,77\n2023,83\n")
    assert cli("project", str(file), "--format", "table").out.startswith("My market: about ")


def test_a_picture_has_the_headline_of_its_table() -> None:
    result = rf.forecast(rf.read(TURNOVER), year=2018)
    nowcast_of = rf.nowcast(rf.read(TURNOVER), year=2017, partial=["2017H1=300"])
    planned = rf.scenario(rf.read(TURNOVER), Scenario("plan", override={2018: 700}, reason="why"))
    sized = rf.size("rural_online_retail", draws=2000)
    tested, alike = rf.backtest(rf.read(MOFCOM), models=["linear"]), rf.precedents(rf.read(TURNOVER), year=2018)
    compared, grown = rf.compare(rf.read(TURNOVER), opinions=False), rf.growth(rf.read(MOFCOM), rf.read("online"))
    for document, picture in (
        (project.document(result), chart.picture(result)),
        (project.document(result, targets=[800]), chart.picture(result, targets=[800])),
        (nowcast.document(nowcast_of), nowcast.picture(nowcast_of)),
        (scenario.document(planned), scenario.picture(planned)),
        (size.document(sized), size.picture(sized)),
        (backtest.document(tested), backtest.picture(tested)),
        (precedents.document(alike), precedents.picture(alike)),
        (compare.document(compared), compare.picture(compared)),
        (growth.document(grown), growth.picture(grown)),
    ):
        assert picture.title == document.title.replace("CNY", "yuan")
        if "tn" not in picture.subtitle and document.command != "backtest":  # pictures scale their unit
            assert picture.subtitle == document.summary[0].replace("CNY", "yuan").removesuffix(".")


INSIDE = re.compile(
    r"\b(?:consensus|members?|leaves|origins?|backtests?|smape|crps|msis|owa|mase|numpy|pandas|statsmodels)\b|--[a-z]+",
    re.IGNORECASE,
)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["mofcom --year 2030", "turnover --year 2018"])
def test_client_pages_have_no_words_of_the_trade(line: str, cli: Cli) -> None:
    """Tests of the gate hold that of pictures."""
    page = cli("exhibit", *line.split(), "--format", "html").out
    assert not INSIDE.findall(re.sub(r"(?s)<(style|script|metadata).*?</\1>|<[^>]*>", " ", page))
