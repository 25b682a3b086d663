"""The growth of another definition of a market, as an argument of `triangulate`."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests.inside import Cli, rows

TWO = "year,sales,stock\n2014,180,90\n2015,353,200\n2016,482,250\n2017,,300\n2018,,380\n2019,,400\n"
LINE = ("triangulate", "two.csv", "--series", "sales", "--definition", "::stock")


@pytest.fixture(autouse=True)
def place(here: Path) -> None:
    Path("two.csv").write_text(TWO)


def by_argument(text: str) -> dict[str, dict[str, str]]:
    return {row["argument"]: row for row in rows(text)}


def test_the_definition_of_the_catalogue_is_an_argument(cli: Cli) -> None:
    every = by_argument(cli("triangulate", "turnover", "--year", "2017").out)
    grown = 482 * 1244.88 / 894.54
    assert float(every["definition"]["value"]) == pytest.approx(grown)
    assert every["definition"]["weight"] == every["trend"]["weight"]


def test_a_definition_that_is_stated_multiplies_the_last_value(cli: Cli) -> None:
    definition = by_argument(cli(*LINE, "--year", "2018").out)["definition"]
    assert float(definition["value"]) == pytest.approx(482 * 380 / 250)
    assert float(definition["lower_80"]) < 482 * 380 / 250 < float(definition["upper_80"])


def test_its_trend_goes_on_after_its_last_year(cli: Cli) -> None:
    last = by_argument(cli(*LINE, "--year", "2019").out)["definition"]
    later = by_argument(cli(*LINE, "--year", "2020").out)["definition"]
    trend = rf.forecast(
        {2014: 90, 2015: 200, 2016: 250, 2017: 300, 2018: 380, 2019: 400}, year=2020
    )
    growth = trend.best.last / 400
    assert float(later["value"]) == pytest.approx(float(last["value"]) * growth)
    width = [float(row["upper_80"]) / float(row["value"]) for row in (last, later)]
    assert width[1] > width[0]


def test_without_a_definition_there_is_no_such_argument(cli: Cli) -> None:
    every = by_argument(cli(*LINE[:4], "--year", "2018").out)
    assert "definition" not in every


def test_a_hindcast_knows_no_later_growth(cli: Cli) -> None:
    every = by_argument(cli("triangulate", "turnover", "--until", "2015", "--year", "2017").out)
    assert "definition" not in every
    assert cli(*LINE, "--until", "2015", "--year", "2018").code == 2


def test_a_vintage_uses_growth_published_by_then(cli: Cli) -> None:
    line = ("triangulate", "turnover", "--year", "2018", "--as-of")
    early = by_argument(cli(*line, "2018-03-01").out)["definition"]
    late = by_argument(cli(*line, "2019-12-31").out)["definition"]
    assert early["value"] != late["value"]


@pytest.mark.parametrize("other", ["urbanisation", "users", "two.csv::sales"])
def test_a_definition_whose_growth_is_not_known_is_refused(cli: Cli, other: str) -> None:
    done = cli(*LINE[:4], "--definition", other, "--year", "2018")
    assert done.code == 2
    assert "is not known" in done.err


def test_a_file_of_several_series_is_no_definition(cli: Cli) -> None:
    lines = [f"{name},{year},{year}" for name in ("one", "other") for year in range(2016, 2019)]
    Path("other.csv").write_text("\n".join(["series_id,year,value", *lines, ""]))
    done = cli(*LINE[:4], "--definition", "other.csv", "--year", "2018")
    assert done.code == 2
    assert "--definition other.csv has 2 series" in done.err


def test_python_and_the_command_line_agree(cli: Cli) -> None:
    typed = by_argument(cli(*LINE, "--year", "2018").out)["together"]
    result = rf.triangulate("two.csv::sales", year=2018, definition="::stock")
    assert float(typed["value"]) == pytest.approx(result.together.value)
    with pytest.raises(UsageError, match="hindcast"):
        rf.triangulate("two.csv::sales", year=2018, until=2015, definition="::stock")


def test_a_record_names_it_and_keeps_its_rows(cli: Cli) -> None:
    record = json.loads(cli(*LINE, "--year", "2018", "-f", "json").out)
    assert record["provenance"]["options"]["definition"] == "stock"
    assert {row["series_id"] for row in record["inputs"]} == {"sales", "stock"}


def test_an_exhibit_takes_it_with_all_arguments(cli: Cli) -> None:
    line = ("exhibit", *LINE[1:], "--year", "2018", "-f", "html")
    assert "Definition" in cli(*line, "--triangulate").out
    assert cli(*line).code == 2


def test_the_note_says_what_its_growth_makes_of_ours(cli: Cli) -> None:
    page = cli("project", "turnover", "--year", "2017", "-f", "markdown").out
    assert "its growth since would make ours 671 bn CNY in 2017" in page
    hindcast = cli("project", "turnover", "--until", "2015", "--year", "2017", "-f", "markdown")
    assert "its growth since" not in hindcast.out
