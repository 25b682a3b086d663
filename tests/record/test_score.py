"""`score`, kept forecasts against what came, and `triangulate`, all arguments for one number."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests import schemas
from tests.inside import Cli, rows

CAME = "year,value\n2015,10\n2016,12\n2017,14\n2018,17\n2019,19\n2020,22\n"
OURS = """series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,growth_pct,unit
shop,2018,forecast,consensus,16,14,18,12,20,,
shop,2019,forecast,consensus,18,16,18.5,14,22,,
shop,2020,published,Ann,25,,,,,,
"""


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
    Path("came.csv").write_text(CAME)
    Path("ours.csv").write_text(OURS)
    Path("market.csv").write_text(MARKET)


def kept(cli: Cli, line: str) -> Path:
    """The record of a command line."""
    assert cli(*line.split(), "--keep", "kept", "-q").code == 0
    (path,) = Path("kept").glob("*")
    return path


def test_a_record_is_scored_against_the_catalogue(cli: Cli) -> None:
    record = kept(cli, "project mofcom --until 2021 --year 2026")
    told = json.loads(cli("score", record, "--format", "json").out)
    schemas.check(told)
    found = told["rows"]
    assert [(row["origin"], row["period"], row["horizon"], row["held_80"]) for row in found] == [
        (2021, 2021 + ahead, ahead, True) for ahead in range(1, 5)
    ]
    assert found[0]["actual"] == pytest.approx(2050 * 1.036)  # on the basis of 2021
    ratio = found[0]["forecast"] / found[0]["actual"]
    assert found[0]["error_pct"] == pytest.approx(100 * (ratio - 1))
    whole = told["figures"]["scores"][0]
    assert (whole["n"], whole["outcomes"], whole["coverage_80"], told["figures"]["to_come"]) == (
        4,
        4,
        1,
        1,
    )
    assert 0 < whole["crps"] < 1
    assert whole["standard_error_80"] == pytest.approx((0.8 * 0.2 / 4) ** 0.5)
    assert {note["code"] for note in told["notes"]} == {
        "basis_of_forecast",
        "to_come",
        "few_outcomes",
        "learned_later",
    }
    assert (
        cli("score", record, "--format", "table").out.splitlines()[0]
        == "Rural online retail sales: all four ranges held"
    )


def test_forecasts_of_anyone_are_scored_by_author_whatever_the_names(cli: Cli) -> None:
    found = rows(cli("score", "ours.csv", "--with", "came.csv").out)
    assert [
        (row["author"], row["origin"], row["horizon"], row["held_80"], row["held_95"])
        for row in found
    ] == [
        ("consensus", "2017", "1", "true", "true"),
        ("consensus", "2017", "2", "false", "true"),
        ("Ann", "2017", "3", "", ""),
    ]
    Path("house.csv").write_text(
        OURS.replace("series_id,period,kind,model,", "id,Year,kind,author,")
    )
    assert rows(cli("score", "house.csv", "--with", "came.csv").out) == found, (
        "a year may be called one"
    )


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "json"])
def test_machine_formats_are_read_back(form: str, cli: Cli) -> None:
    assert cli("project", "mofcom", "--until", 2021, "--year", 2023, "-o", f"out.{form}").code == 0
    found = rf.score(f"out.{form}", actuals="mofcom").rows
    assert [(row.period, row.origin) for row in found] == [(2022, 2021), (2023, 2021)]


def test_a_record_without_values_is_of_the_definition_that_it_states(cli: Cli) -> None:
    told = json.loads(cli("project", "mofcom", "--until", 2021, "-f", "json").out)
    Path("bare.json").write_text(json.dumps({**told, "inputs": []}))
    Path("other.csv").write_text(
        "year,value,unit,definition\n2022,20000,bn CNY,Parcels\n2023,21000,bn CNY,Parcels\n"
    )
    assert "Parcels" in cli("score", "bare.json", "--with", "other.csv").err


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("nowcast mofcom --year 2017 --until 2016", {"combined", "share", "growth", "annual"}),
        ("scenario mofcom --until 2020 --growth 5", {"consensus", "growth"}),
        ("triangulate mofcom --until 2020 --like online", {"trend", "nowcast", "together"}),
    ],
)
def test_other_records_are_scored(line: str, authors: set[str], cli: Cli) -> None:
    Path("made.json").write_text(cli(*line.split(), "-f", "json").out)
    assert {row["author"] for row in rows(cli("score", "made.json").out)} == authors


def test_a_batch_is_matched_by_name_and_its_table_is_of_scores(cli: Cli) -> None:
    lines = [
        (name, year, size * 1.1 ** (year - 2010))
        for size, name in enumerate("abcdef", 1)
        for year in range(2010, 2021)
    ]
    head = "series_id,year,value\n"
    Path("old.csv").write_text(head + "".join(f"{n},{y},{v}\n" for n, y, v in lines if y < 2016))
    Path("new.csv").write_text(head + "".join(f"{n},{y},{v}\n" for n, y, v in lines if n != "f"))
    record = kept(cli, "batch old.csv --horizon 5")
    scores = rf.score(record, actuals="new.csv")
    assert (len(scores.rows), scores.summaries[0].outcomes) == (25, 25)
    assert {note.code for note in scores.notes} == {"unmatched"}
    assert "Interval score" in cli("score", record, "--with", "new.csv", "--format", "markdown").out
    assert cli("score", record, "--with", "new.csv", "-o", "held.svg").code == 0


def test_names_that_differ_in_case_are_two_series(cli: Cli) -> None:
    lines = [f"a,{year},{year - 2005}\nA,{year},{3 * year - 5900}\n" for year in range(2010, 2016)]
    head = "series_id,year,value\n"
    Path("old.csv").write_text(head + "".join(lines[:4]))
    Path("new.csv").write_text(head + "".join(lines))
    scores = rf.score(kept(cli, "batch old.csv --horizon 2"), actuals="new.csv")
    actuals = {(row.series.id, row.period): row.actual for row in scores.rows}
    assert actuals == {("a", 2014): 9, ("a", 2015): 10, ("A", 2014): 142, ("A", 2015): 145}
    assert "restated" not in {note.code for note in scores.notes}


def test_a_restated_history_is_named_and_scored_twice_and_a_doubtful_figure_is_a_warning(
    cli: Cli,
) -> None:
    Path("old.csv").write_text(CAME.partition("2018")[0])
    Path("restated.csv").write_text(CAME.replace("2017,14", "2017,7"))
    Path("wrong.csv").write_text(CAME.replace("2019,19", "2019,19000"))
    record = kept(cli, "project old.csv --year 2022")
    scores = rf.score(record, actuals="restated.csv")
    plain, moved = scores.rows[:2]
    assert (plain.author, moved.author) == ("consensus", "consensus, rebased")
    assert moved.forecast == pytest.approx(plain.forecast / 2)
    assert "restated" in {note.code for note in scores.notes}
    for command in (["score", record, "--with", "wrong.csv"], ["revise", record, "wrong.csv"]):
        assert "19,000 does not fit" in cli(*command).err


def weights(cli: Cli, *line: str) -> dict[str, float]:
    done = cli("triangulate", *line)
    assert done.code == 0, done.err
    return {row["argument"]: float(row["weight"]) for row in rows(done.out)}


@pytest.mark.slow
def test_quantiles_of_arguments_are_averaged_by_their_weights(cli: Cli) -> None:
    told = json.loads(
        cli("triangulate", "mofcom", "--year", "2028", "--like", "online", "--format", "json").out
    )
    schemas.check(told, "triangulate")
    by_name = {row["argument"]: row for row in told["rows"]}
    assert list(by_name) == ["trend", "leading markets", "drivers", "together"]
    # The leader erred more than the trend on this series, so it counts as what it adds: 0.3.
    assert [by_name[name]["weight"] for name in by_name] == [1 / 1.3, 0.3 / 1.3, 0.0, 1.0]
    for column in ("value", "lower_80", "upper_80"):
        mean = (by_name["trend"][column] + 0.3 * by_name["leading markets"][column]) / 1.3
        assert by_name["together"][column] == pytest.approx(mean)
    assert (by_name["trend"]["held_80"], by_name["trend"]["n"]) == (18, 18)
    assert by_name["drivers"]["n"] is None
    for argument, more in (("trend", ()), ("leading markets", ("--like", "online"))):
        own = rows(cli("project", "mofcom", "--year", "2028", *more).out)[-1]
        for column in ("value", "lower_80", "upper_80"):
            assert by_name[argument][column] == float(own[column])
    assert "misses_observed" in {note["code"] for note in told["notes"]}
    page = cli("triangulate", "mofcom", "--year", "2028", "--format", "table").out.splitlines()
    assert page[0] == "Rural online retail sales: about 3,500 bn CNY in 2028"
    assert next(line for line in page if line.startswith("drivers")).split()[-1].startswith("━")
    assert cli("triangulate", "market.csv", "--year", "2018", "-o", "market.svg").code == 0


def test_weights_are_equal_or_stated_and_none_where_the_last_value_is_missed(cli: Cli) -> None:
    line = ("market.csv", "--year", "2018")
    assert weights(cli, *line) == {"trend": 0.5, "Ann": 0, "Li Wei": 0.5, "together": 1}
    assert weights(cli, *line, "--weight", "ann=0.5") == {
        "trend": 0.25,
        "Ann": 0.5,
        "Li Wei": 0.25,
        "together": 1,
    }
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
    widths = [
        np.log(float(row["upper_80"]) / float(row["lower_80"]))
        for row in (known["nowcast"], later["nowcast"])
    ]
    assert widths[1] > widths[0]


@pytest.mark.slow
def test_definitions_and_units_are_never_mixed_and_a_hindcast_has_no_drivers(cli: Cli) -> None:
    line = ("triangulate", "turnover", "--year", "2026", "--drivers", "rural_online_retail")
    drivers = next(row for row in rows(cli(*line).out) if row["argument"] == "drivers")
    assert drivers["weight"] == "0.0"
    assert cli(*line, "--weight", "drivers=0.5").code == 2
    assert (
        cli("triangulate", "users", "--drivers", "rural_online_retail", "--year", "2028").code == 2
    )
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
    for words in (
        "Leading markets",
        "held 18 of 18",
        "75 %",
        "no record",
        "Drivers: no weight",
        "What each rests on",
    ):
        assert words in text
    assert "lowest value is that of drivers" in text
    assert "--" not in text.partition("Appendix")[0].partition("What could make it wrong")[2]


def test_python_has_the_same(cli: Cli) -> None:
    result = rf.triangulate("market.csv", year=2018, weights={"Ann": 0.5})
    typed = rows(cli("triangulate", "market.csv", "--year", "2018", "--weight", "Ann=0.5").out)
    assert result.to_frame()["value"].tolist() == [float(row["value"]) for row in typed]
    with pytest.raises(UsageError, match="no argument"):
        rf.triangulate("market.csv", year=2018, weights={"nobody": 0.5})


POINTS = """\
year,value,unit,source,status,author,lower,upper
2020,1.2,bn USD,Bureau,actual,,,
2021,1.5,bn USD,Bureau,actual,,,
2022,1.8,bn USD,Bureau,actual,,,
2023,2.0,bn USD,Bureau,actual,,,
2024,2.2,bn USD,Bureau,actual,,,
2027,2.6,bn USD,Statista,forecast,House A,,
2027,4.55,bn USD,Mordor,expert,House B,3.3,5.5
"""


def test_a_published_point_has_no_range_under_its_name(cli: Cli) -> None:
    Path("points.csv").write_text(POINTS)
    line = ("triangulate", "points.csv", "--year", "2027")
    by_name = {row["argument"]: row for row in rows(cli(*line, "-f", "csv").out)}
    point = by_name["House A"]
    assert (point["value"], point["lower_80"], point["upper_80"]) == ("2.6", "", "")
    assert "the width of our trend, 1.9" in point["why"]
    assert by_name["House B"]["lower_80"] == "3.3"
    page = cli(*line, "-f", "table").out
    assert "House A is a point; the answer gives it the width of our trend." in page
    drawn = next(line for line in page.splitlines() if line.startswith("House A  "))
    assert drawn.split() == ["House", "A", "2.6", "33", "%", "◇"]
    exhibit = cli("exhibit", *line[1:], "--triangulate", "-f", "html").out
    assert "House A is a point" in exhibit.replace("\u00a0", " ")


def test_a_record_with_a_point_is_scored(cli: Cli) -> None:
    Path("points.csv").write_text(POINTS)
    later = zip((2025, 2026, 2027), (2.4, 2.7, 2.9), strict=True)
    came = "".join(f"{year},{value},bn USD,Bureau,actual,,,\n" for year, value in later)
    Path("came.csv").write_text(POINTS.partition("2027")[0] + came)
    Path("made.json").write_text(
        cli("triangulate", "points.csv", "--year", "2027", "-f", "json").out
    )
    scores = {
        row["author"]: row for row in rows(cli("score", "made.json", "--with", "came.csv").out)
    }
    assert scores["House A"]["held_80"] == ""
    assert scores["House B"]["held_80"] == "false"


@pytest.mark.parametrize("level", [30, 99])
def test_the_narrowest_and_the_widest_level_of_a_record_are_scored(cli: Cli, level: int) -> None:
    record = kept(cli, f"project came.csv --until 2018 --year 2020 --level {level}")
    for row in rf.score(record, actuals="came.csv").rows:
        assert row.naive is not None
        _, of_last_value = row.naive
        assert {*row.bounds} == {*of_last_value} == {level}


def test_levels_of_several_records_are_scored_in_order(cli: Cli) -> None:
    for levels in ("--level 90", "--level 95 --level 50"):
        assert cli(*f"project came.csv --until 2018 {levels} --keep kept -q".split()).code == 0
    head = cli("score", "kept", "--with", "came.csv", "-f", "csv").out.splitlines()[0]
    assert re.findall(r"held_(\d+)", head) == ["50", "90", "95"]


def test_one_year_alone_has_no_record_of_its_past() -> None:
    for argument in rf.triangulate({2016: 482}, year=2018).arguments:
        assert (argument.held, argument.n) == (None, 0)
