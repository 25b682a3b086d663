"""One record of the past: the same counts, horizon and years in every view that says it."""

import re
from typing import NamedTuple

import pytest

import rural_forecast as rf
from rural_forecast.cli.exhibited import exhibited_market as exhibited
from rural_forecast.forecasting.backtest import with_record
from rural_forecast.forecasting.past_record import PastRecord, ahead
from rural_forecast.question.question import Question
from rural_forecast.views import backtest, compare, exhibit, triangulate
from tests.observed.build import market

AHEAD = 3
GROWING = [100 * 1.07**step * (1 + 0.03 * (-1) ** step) for step in range(14)]
SERIES = {
    "a catalogue series": rf.read("online"),
    "a file of fourteen years": market("long", GROWING, 2010, unit="m"),
    "a series that falls": market("falling", GROWING[::-1], 2010, unit="m"),
}


class Said(NamedTuple):
    """The record of the past in a view."""

    held: int
    n: int
    years: int


def said(text: str) -> Said:
    """Read a record of three years ahead in a sentence."""
    counts = re.search(r"(\d+) of (\d+)", text)
    years = re.search(r"in (\d+) years", text)
    assert counts
    assert years
    assert "one to three years ahead" in text
    return Said(int(counts[1]), int(counts[2]), int(years[1]))


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.slow
def test_every_view_says_the_same_record_for_one_horizon(name: str) -> None:
    series = SERIES[name]
    tested = rf.backtest(series, horizon=AHEAD)
    expected = said(backtest.held(tested))
    sheet = exhibit.sheet(exhibited(series, Question(horizon=AHEAD), opinions=False))
    (figure,) = (one for one in sheet.figures if "past forecasts held" in one.remark)
    assert said(f"{figure.value} {figure.remark}") == expected
    combined = triangulate.document(rf.triangulate(series, horizon=AHEAD))
    assert said(str(combined.sections[1].cells(1)[0])) == expected
    records = combined.records
    assert (records.rows[0][7], records.rows[0][8]) == expected[:2]
    summary = " ".join(compare.document(rf.compare(series, horizon=AHEAD)).summary)
    assert f"on {expected.n} forecasts" in summary or f"of {expected.n} forecasts" in summary
    assert f"one to three years ahead, in {expected.years} years" in summary


def test_errors_of_a_simpler_method_are_those_of_a_backtest_of_the_same_horizon() -> None:
    values = [100.0 + 7 * step for step in range(9)] + [150.0, 170.0, 172.0, 181.0]
    series = market("line", values, 2012, unit="m")
    result = with_record(rf.forecast(series, horizon=AHEAD))
    scores = {
        score.model: score.smape
        for score in rf.backtest(series, horizon=AHEAD).scores
        if score.horizon is None
    }
    assert result.past_record is not None
    assert result.past_record.closest is not None
    assert result.past_record.smape == pytest.approx(scores["consensus"])
    closest = result.past_record.closest
    assert closest.smape == pytest.approx(scores[closest.model])


def test_a_record_of_few_years_is_not_on_the_page_of_a_client() -> None:
    few = market("few", GROWING[:9], 2015, unit="m")
    sheet = exhibit.sheet(exhibited(few, Question(horizon=AHEAD), opinions=False))
    assert not any("held" in figure.remark for figure in sheet.figures)
    picture = triangulate.picture(rf.triangulate(few, horizon=AHEAD))
    assert not any("held" in row.about for row in picture.plot.rows)  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_record_of_another_model_is_not_that_of_the_answer() -> None:
    series = SERIES["a file of fourteen years"]
    asked = Question(horizon=AHEAD, models=("naive",))
    sheet = exhibit.sheet(exhibited(series, asked, opinions=False))
    assert not any("held" in figure.remark for figure in sheet.figures)


@pytest.mark.parametrize(
    ("horizon", "words"),
    [(1, "one year ahead"), (2, "one to two years ahead"), (6, "one to six years ahead")],
)
def test_horizons_are_said_in_words(horizon: int, words: str) -> None:
    assert ahead(horizon) == words


def test_a_record_counts_years_and_not_forecasts_as_its_evidence() -> None:
    record = PastRecord(horizon=3, first=2018, n=18, held=18, years=7, smape=4.0, crps=1.0)
    assert not record.is_enough
    assert record._replace(years=8).is_enough


@pytest.mark.parametrize(("least", "measure"), [(5.0, "sMAPE"), (-5.0, "MASE")])
def test_errors_of_values_below_zero_are_in_no_view_in_percent(least: float, measure: str) -> None:
    series = market("profit", [least, 3, 7, 4, 6, 9, 5, 7, 8, 12, 9, 14], 2010, unit="m")
    compared = compare.document(rf.compare(series, horizon=2))
    assert measure in [column.title for column in compared.sections[0].columns]
    assert measure in " ".join(compared.summary)
    assert measure in backtest.heading(rf.backtest(series, horizon=2)).range


def test_the_pages_of_many_series_are_in_the_order_of_their_panels() -> None:
    sizes = (20, 80, 40, 30, 50, 60, 70)
    markets = []
    for size in sizes:
        values = [size * 1.05**step for step in range(8)]
        series = market(f"region {size}", values, 2016, unit="m")
        markets.append(exhibited(series, Question(horizon=2), opinions=False))
    page = exhibit.page(markets, appendix=False)
    titles = [sheet.heading for sheet in page.sheets[1:]]
    in_order = [f"Region {size}" for size in sorted(sizes, reverse=True)]
    assert [title.partition(":")[0] for title in titles] == in_order
