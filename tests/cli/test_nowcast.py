"""`nowcast` as users type it."""

import json
import re

import pytest

from rural_forecast.schemas import schema
from tests.inside import Cli, rows

FOUNDING = ("nowcast", "mofcom", "--year", "2017", "--until", "2016", "--partial", "2017H1=537.62:38.1")
MARKET = "period,value\n2015,100\n2015H1,45\n2016,120\n2016H1,54\n2017H1,60\n"


def test_a_pipe_gets_the_combination_and_every_vote(cli: Cli) -> None:
    done = cli(*FOUNDING)
    assert done.code == 0
    found = rows(done.out)
    assert {(row["period"], row["kind"], row["unit"]) for row in found} == {("2017", "nowcast", "bn CNY")}
    assert [row["model"] for row in found] == ["combined", "share", "growth", "annual"]
    assert 1180 < float(found[0]["value"]) < 1300
    assert float(found[0]["lower_80"]) < 1244.88 < float(found[0]["upper_80"])


def test_people_are_told_the_founding_case(cli: Cli) -> None:
    told = cli(*FOUNDING, "--format", "table").out.replace("\n", " ")
    for text in (
        "first published as more than 310",
        "imply 389.3",
        "would have come out at 1,551",
        "The 600 published for 2017",
        "lies below what the first half alone implies, 1,235",
        "For its size, the interval is",
        "2017 became 1,245",
        "date from later than 2017",
    ):
        assert text in " ".join(told.split())


def test_the_restated_half_of_2018_is_explained(cli: Cli) -> None:
    told = " ".join(cli("nowcast", "mofcom", "--year", "2018", "--until", "2017", "--format", "markdown").out.split())
    assert "imply 470.4, 12.5 % below it" in told
    assert "1,464 (by share); if not, to 1,673 (by growth). Both vote, and the interval spans them" in told


def test_json_follows_its_schema(cli: Cli) -> None:
    import jsonschema

    document = json.loads(cli(*FOUNDING, "--format", "json", "--history", "--level", "90").out)
    jsonschema.validate(document, schema("document"))
    for row in document["rows"]:
        jsonschema.validate(row, schema("forecast"))
    assert {row["kind"] for row in document["rows"]} == {"actual", "nowcast"}
    assert document["provenance"]["options"]["known"] == {"2017H1": [537.62, 38.1]}


def test_a_file_is_read_and_the_year_is_found(cli: Cli) -> None:
    found = rows(cli("nowcast", "-", stdin=MARKET).out)
    assert found[0]["period"] == "2017"
    assert 120 < float(found[0]["value"]) < 140


def test_in_dollars_the_half_comes_near_80_billion(cli: Cli) -> None:
    told = cli(*FOUNDING[:-1], "2017H1=538", "--currency", "usd", "--format", "table").out
    assert "The first half brought 79.62" in told
    assert "yuan per dollar in 2017" in " ".join(told.split())


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("mofcom", "--year", "2017"), "The total of 2017 is known: 1,244.88 bn CNY", "--until 2016"),
        (("users", "--partial", "2020H1=3"), "is a stock, not a flow", "flow"),
        (("mofcom",), "no year of which only parts are known", "--partial"),
        (("mofcom", "--partial", "2026H1"), "has no '='", "2017H1=537.62"),
        (("mofcom", "--partial", "2026M01-M04=3", "--partial", "2026Q2=3"), "neither contains", "follow one another"),
        (("mofcom", "--year", "2017", "--until", "2016", "--partial", "2017H1=1300"), "its whole year", "one basis"),
        (("mofcom", "--year", "2017", "--as-of", "soon"), "is not a day", "2017-07-20"),
    ],
)
def test_usage_errors_say_what_to_type(cli: Cli, arguments: tuple[str, ...], message: str, hint: str) -> None:
    done = cli("nowcast", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert hint in done.err


def test_contradicting_parts_of_a_file_are_refused_with_their_place(cli: Cli) -> None:
    done = cli("nowcast", "-", stdin="period,value\n2016,100\n2017Q1,60\n2017H1,50\n")
    assert done.code == 3
    assert "60 for 2017Q1 is more than 50 for 2017H1" in done.err


YEARS = "year,value,unit\n2019,3.1,bn CNY\n2020,3.5,bn CNY\n2021,4.1,bn CNY\n2022,4.4,bn CNY\n"


@pytest.mark.parametrize(("value", "size"), [("2300", "1,000 times too large"), ("0.0023", "1,000 times too small")])
def test_a_part_in_another_unit_is_refused_with_the_unit_asked_for(cli: Cli, value: str, size: str) -> None:
    done = cli("nowcast", "-", "--year", "2023", "--partial", f"2023H1={value}", stdin=YEARS)
    assert done.code == 2
    assert f"is about {size} beside 4.4 bn CNY for 2022" in done.err
    assert "in the unit of the year, bn CNY" in done.err
    of_file = cli("nowcast", "-", "--format", "table", stdin=f"{YEARS}2023H1,{value},bn CNY\n")
    assert "Is it in the same unit and on the same definition?" in of_file.out


def test_a_part_far_off_is_asked_for_its_unit(cli: Cli) -> None:
    asked = ("nowcast", "-", "--year", "2023", "--format", "table", "--partial")
    assert "Is it in the same unit and on the same definition?" in cli(*asked, "2023H1=23", stdin=YEARS).out
    assert "Is it in the same unit" not in cli(*asked, "2023H1=2.9", stdin=YEARS).out


def test_every_note_is_a_sentence(cli: Cli) -> None:
    commands = (
        "nowcast mofcom --year 2017 --until 2016",
        "nowcast mofcom --year 2017 --until 2016 --currency usd",
        "nowcast mofcom --year 2018 --until 2017",
        "project centres --until 2018",
        "series show alibaba_rural_service_centres",
        "series show users",
        "project users",
        "project internet_penetration_rural",
        "growth income_national income_rural",
        "growth turnover mofcom",
        "size rural_online_retail",
        "size rural_retailer",
        "scenario --from rural_online_retail",
        "compare mofcom",
        "backtest mofcom",
    )
    for command in commands:
        done = cli(*command.split(), "--format", "json")
        for note in json.loads(done.out)["notes"] if done.out else ():
            command_last = re.search(r"rural-forecast \S+ \S+$", note)
            assert note.endswith(".") != bool(command_last), "a command that is copied has no full stop"
