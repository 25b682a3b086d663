"""First lines that say what moved a forecast, and credits that name every source."""

from dataclasses import replace
from typing import Any

import pytest

import rural_forecast as rf
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.observed.money.exchange import conversion
from rural_forecast.observed.observation import Series
from rural_forecast.question.question import Question
from rural_forecast.record.triangulation import Triangulation
from rural_forecast.views import attribution, chart, premises, project, triangulate
from rural_forecast.views.lines import write_of
from tests.inside import Cli
from tests.observed.build import market, observed, series
from tests.views.forecasts import forecast_of

OURS = [100.0, 112.0, 126.0, 141.0, 160.0, 178.0]


def leader() -> Series:
    """Give a market that passed the last level of ours ten years ago."""
    ahead = market("ahead", [100 * 1.12**step for step in range(18)], 2006, publisher="Leaders Ltd")
    return replace(ahead, title="Market ahead")


def premise_of(result: Forecast) -> str:
    return " ".join(premises.of_forecast(result, write_of(result)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param({"like": [leader()]}, "Market ahead passed this level in", id="leader"),
        pytest.param({"ceiling": (200.0, 300.0)}, "Assumes a ceiling of 200 to 300.", id="range"),
        pytest.param({"ceiling": (200.0, 200.0)}, "Assumes a ceiling of 200.", id="ceiling"),
        pytest.param({"floor": 150.0}, "Assumes a floor of 150.", id="floor"),
        pytest.param({"measure": "cumulative"}, "Read as a running total", id="total"),
        pytest.param({"kind": "adoption"}, "Forecast as adoption of a technology", id="kind"),
    ],
)
def test_what_moved_a_forecast_is_below_the_headline_of_table_and_picture(
    options: dict[str, Any], sentence: str
) -> None:
    result = forecast_of(OURS, **options)
    assert sentence in premise_of(result)
    assert sentence.rstrip(".") in chart.picture(result).lead
    if "kind" not in options:  # a table says it with the option that leaves it out
        assert any(text.startswith(sentence) for text in project.document(result).summary)


def test_a_forecast_that_nothing_moved_has_no_premise() -> None:
    assert premise_of(forecast_of(OURS)) == ""


def test_a_whole_that_cuts_a_forecast_is_named() -> None:
    whole = market("whole", [180.0, 185.0, 190.0, 192.0, 195.0, 198.0], 2019, title="All of it")
    assert "Never above All of it" in premise_of(forecast_of(OURS, within=whole))


def test_of_several_forecasts_those_that_something_moved_are_named() -> None:
    plain = forecast_of(OURS)
    moved = forecast_of(OURS, kind="adoption")
    sentences = [*premises.of_several([plain, moved], ["One", "Other"])]
    assert sentences == ["Other: forecast as adoption of a technology."]


def test_credits_name_leaders_published_figures_and_each_source_once() -> None:
    ours = series({str(2019 + step): value for step, value in enumerate(OURS)}, publisher="Us Inc")
    figure = observed("2026", 210.0, status="forecast", author="House A", source="House A")
    ours = replace(ours, observations=(*ours.observations, figure))
    result = rf.forecast(ours, year=2026, like=[leader()])
    assert [*attribution.of_forecasts(result)] == ["Us Inc", "a", "Leaders Ltd", "House A"]
    assert chart.picture(result).source.startswith("Sources: Us Inc; a; Leaders Ltd; House A.")


def test_credits_of_several_arguments_name_those_of_drivers() -> None:
    result = rf.triangulate("mofcom", year=2028)
    assert "CNNIC" in triangulate.picture(result).source


def test_stated_weights_are_said_by_the_whole_name_of_their_argument() -> None:
    result = rf.triangulate("mofcom", year=2028, weights={"driv": 0.2})
    assert isinstance(result, Triangulation)
    assert "Weights as stated: drivers 20 %" in triangulate.picture(result).lead


def test_what_a_subject_changes_is_said_in_the_currency_of_the_page() -> None:
    euros = in_currency(rf.forecast("turnover", year=2018), conversion("bn CNY", to="EUR"))
    assert euros.subject is not None
    assert 50 < euros.subject.without.last < 150


@pytest.mark.parametrize("limit", [{"floor": 2900.0}, {"ceiling": (4000.0, 5000.0)}], ids=str)
def test_a_chance_with_a_limit_is_the_same_in_another_currency(limit: dict[str, Any]) -> None:
    own = rf.forecast("mofcom", year=2028, **limit)
    dollars = in_currency(own, conversion("bn CNY", to="USD"))
    assert dollars.exchange is not None
    rate = dollars.exchange.rate(2028)
    expected = own.chance(500 * rate).chances[-1]
    assert dollars.chance(500).chances[-1] == pytest.approx(expected, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["html", "md", "svg"])
def test_every_format_says_that_a_page_follows_a_leading_market(
    cli: Cli, tmp_path: Any, suffix: str
) -> None:
    command = {"html": "exhibit", "md": "project", "svg": "chart"}[suffix]
    file = tmp_path / f"page.{suffix}"
    assert cli(command, "mofcom", "--year", 2030, "--like", "online", "-o", file).code == 0
    text = file.read_text(encoding="utf-8").replace("\xa0", " ")
    assert "National online retail sales passed" in text
    assert "Bureau of Statistics" in text
    assert "past values alone" not in text


def test_a_question_without_premises_reads_past_values_alone() -> None:
    from rural_forecast.cli.exhibited import exhibited_market as exhibited
    from rural_forecast.views.exhibit import sheet

    shown = sheet(exhibited(rf.read("parcels"), Question(year=2026, kind="none"), opinions=False))
    assert any("past values alone" in risk for risk in shown.risks)
