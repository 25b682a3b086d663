"""`growth` and `backtest` as users type them."""

import json
from pathlib import Path

import pytest

from tests import schemas
from tests.inside import Cli, rows

THREE = ("consumption_national", "consumption_rural", "consumption_urban")


def test_rows_keep_their_contract_and_people_see_who_leads(cli: Cli) -> None:
    done = cli("growth", *THREE, "--until", "2016")
    assert done.out.splitlines()[0] == "series_id,period,value,growth_pct,index,derived,unit"
    assert [row["derived"] for row in rows(done.out) if row["period"] == "2015"] == ["false", "true", "true"]
    schemas.check(json.loads(cli("growth", *THREE, "turnover", "--years", "all", "--format", "json").out), "growth")
    shown = cli("growth", *THREE, "--until", "2016", "--format", "table").out
    assert shown.startswith("Rural: fastest growth, +10.6 % a year from 2014 to 2016\n")
    assert "Per-capita consumption expenditure: national +9.0 %; urban" in shown
    assert "Index, 2014 = 100" not in shown
    assert "Index, 2014 = 100" in cli("growth", *THREE, "--base", "2014", "--format", "table").out


def test_a_lone_year_says_that_no_growth_is_known(cli: Cli) -> None:
    shown = cli("growth", "-", "--format", "table", stdin="year,value\n2020,5\n")
    assert shown.code == 0
    assert "No growth is known of 2020" in shown.out
    assert "Growth on the year before" not in shown.out
    assert "series_id" not in shown.out, "nor the rows of the machine formats"


def test_each_currency_is_named(cli: Cli, tmp_path: Path) -> None:
    for name, unit in (("here", "bn CNY"), ("there", "bn EUR")):
        (tmp_path / f"{name}.csv").write_text(f"year,value ({unit})\n2020,10\n2021,12\n2022,15\n")
    files = tmp_path / "here.csv", tmp_path / "there.csv"
    told = json.loads(cli("growth", *files, "--currency", "usd", "--format", "json").out)
    converted = [note["text"] for note in told["notes"] if note["code"] == "currency_converted"]
    assert [text.split()[0] for text in converted] == ["CNY", "EUR"]


def test_a_backtest_calls_a_published_forecast_exact_and_names_a_model_that_never_answers(cli: Cli) -> None:
    told = cli("backtest", "turnover", "--format", "markdown").out
    line = next(line for line in told.splitlines() if line.startswith("| 2014 | 180 "))
    assert "| exact" in line
    assert "0.0 %" not in line
    assert "No answer from any" not in told
    told = cli("backtest", "turnover", "--model", "arima", "--model", "drift", "--format", "table").out
    assert "No answer from any of these origins: arima." in told


@pytest.mark.slow
def test_fewer_than_eight_forecasts_rank_nothing(cli: Cli) -> None:
    for forecasts in (7, 8):
        market = "year,value\n" + "".join(f"{2000 + step},{10 + step * step % 7}\n" for step in range(forecasts + 3))
        told = cli("backtest", "-", "--horizon", "1", "--format", "markdown", stdin=market).out
        assert f"on {forecasts} forecasts made from" in told
        assert ("too few past forecasts to judge" in told) == (forecasts < 8)
    for series in ("turnover", "mofcom"):
        told = cli("compare", series, "--format", "markdown").out
        assert ("fewer than 8 forecasts and rank nothing" in told) == (series == "turnover")
