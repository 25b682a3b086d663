"""`triangulate`: all arguments for one number."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests import schemas
from tests.inside import Cli, rows

MARKET = """year,value (bn CNY),status,low,high,source
2014,180,,,,
2015,353,,,,
2016,482,,,,
2016,300,expert,250,350,Ann
2018,720,expert,600,900,Li Wei
2018,900,expert,700,1300,Ann
"""


@pytest.fixture(autouse=True)
def place(here: Path) -> None:
    Path("market.csv").write_text(MARKET)


def weights(cli: Cli, *line: str) -> dict[str, float]:
    done = cli("triangulate", *line)
    assert done.code == 0, done.err
    return {row["argument"]: float(row["weight"]) for row in rows(done.out)}


@pytest.mark.slow
def test_arguments_stand_side_by_side_and_their_quantiles_are_averaged(cli: Cli) -> None:
    told = json.loads(cli("triangulate", "mofcom", "--year", "2028", "--like", "online", "--format", "json").out)
    schemas.check(told, "triangulate")
    by_name = {row["argument"]: row for row in told["rows"]}
    assert list(by_name) == ["trend", "leading markets", "drivers", "together"]
    assert [by_name[name]["weight"] for name in by_name] == [0.5, 0.5, 0.0, 1.0]
    for column in ("value", "lower_80", "upper_80"):
        mean = (by_name["trend"][column] + by_name["leading markets"][column]) / 2
        assert by_name["together"][column] == pytest.approx(mean)
    assert (by_name["trend"]["held_80"], by_name["trend"]["n"]) == (18, 18)
    assert by_name["drivers"]["n"] is None
    for argument, more in (("trend", ()), ("leading markets", ("--like", "online"))):
        own = rows(cli("project", "mofcom", "--year", "2028", *more).out)[-1]
        for column in ("value", "lower_80", "upper_80"):
            assert by_name[argument][column] == float(own[column])
    assert "misses_observed" in {note["code"] for note in told["notes"]}
    page = cli("triangulate", "mofcom", "--year", "2028", "--format", "table").out.splitlines()
    assert page[0] == "Rural online retail sales: about 3,800 bn CNY in 2028"
    assert next(line for line in page if line.startswith("drivers")).split()[-1].startswith("━")
    assert cli("triangulate", "market.csv", "--year", "2018", "-o", "market.svg").code == 0


def test_weights_are_equal_or_stated_and_none_where_the_last_value_is_missed(cli: Cli) -> None:
    line = ("market.csv", "--year", "2018")
    assert weights(cli, *line) == {"trend": 0.5, "Ann": 0, "Li Wei": 0.5, "together": 1}
    assert weights(cli, *line, "--weight", "ann=0.5") == {"trend": 0.25, "Ann": 0.5, "Li Wei": 0.25, "together": 1}
    assert weights(cli, *line, "--weight", "Li=1")["trend"] == 0
    ann = next(row for row in rows(cli("triangulate", *line).out) if row["argument"] == "Ann")
    assert (ann["held_80"], ann["n"]) == ("0", "1")


def test_a_year_partly_known_is_an_argument_and_the_trend_goes_on_from_it(cli: Cli) -> None:
    parts = ("--partial", "2017H1=260", "--year")
    known, later = (
        {row["argument"]: row for row in rows(cli("triangulate", "turnover", *parts, year).out)}
        for year in (2017, 2018)
    )
    estimate = rf.nowcast(rf.read("turnover"), year=2017, partial=["2017H1=260"])
    assert float(known["nowcast"]["value"]) == pytest.approx(estimate.value)
    assert float(later["nowcast"]["value"]) > float(known["nowcast"]["value"])
    widths = [np.log(float(row["upper_80"]) / float(row["lower_80"])) for row in (known["nowcast"], later["nowcast"])]
    assert widths[1] > widths[0]


@pytest.mark.slow
def test_definitions_and_units_are_never_mixed_and_a_hindcast_has_no_drivers(cli: Cli) -> None:
    line = ("triangulate", "turnover", "--year", "2026", "--drivers", "rural_online_retail")
    drivers = next(row for row in rows(cli(*line).out) if row["argument"] == "drivers")
    assert drivers["weight"] == "0.0"
    assert cli(*line, "--weight", "drivers=0.5").code == 2
    assert cli("triangulate", "users", "--drivers", "rural_online_retail", "--year", "2028").code == 2
    line = ("mofcom", "--until", "2022", "--year", "2025")
    assert "drivers" not in weights(cli, *line), "of a hindcast"
    assert cli("triangulate", *line, "--drivers", "rural_online_retail").code == 2


@pytest.mark.slow
def test_the_page_has_the_number_its_arguments_and_why_they_differ(cli: Cli) -> None:
    line = ("mofcom", "--year", "2028", "--like", "online", "--weight", "trend=0.75")
    page = cli("exhibit", *line, "--triangulate", "--appendix", "--format", "html").out
    text = re.sub(r"<[^>]*>", " ", page).replace("\u00a0", " ")
    together = float(rows(cli("triangulate", *line).out)[-1]["value"])
    assert f"Rural online retail sales: about {together / 1000:.1f} tn yuan in 2028" in text
    known = (
        "Leading markets",
        "held 18 of 18",
        "75 %",
        "lowest value is that of drivers",
        "Drivers: no weight",
        "no record",
    )
    assert all(words in text for words in known)
    assert "What each rests on" in text
    assert "--" not in text.partition("Appendix")[0].partition("What could make it wrong")[2]


def test_python_has_the_same(cli: Cli) -> None:
    result = rf.triangulate("market.csv", year=2018, weights={"Ann": 0.5})
    typed = rows(cli("triangulate", "market.csv", "--year", "2018", "--weight", "Ann=0.5").out)
    assert result.to_frame()["value"].tolist() == [float(row["value"]) for row in typed]
    with pytest.raises(UsageError, match="no argument"):
        rf.triangulate("market.csv", year=2018, weights={"nobody": 0.5})
