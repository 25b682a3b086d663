"""`nowcast` as users type it."""

import json

import pytest

from tests import schemas
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


def notes(cli: Cli, *arguments: str) -> dict[str, str]:
    document = json.loads(cli("nowcast", *arguments, "--format", "json").out)
    return {note["code"]: note["text"] for note in document["notes"]}


def test_notes_say_what_became_of_the_base(cli: Cli) -> None:
    weak = notes(cli, *FOUNDING[1:])["weak_base"]
    assert all(number in weak for number in ("more than 310", "implies 389.3"))
    restated = notes(cli, "mofcom", "--year", "2018", "--until", "2017")["restated_base"]
    assert all(number in restated for number in ("implies 470.4", "(-12.5 %)"))


def test_json_follows_its_schema(cli: Cli) -> None:
    document = json.loads(cli(*FOUNDING, "--format", "json", "--history", "--level", "90").out)
    schemas.check(document, "forecast")
    assert {row["kind"] for row in document["rows"]} == {"actual", "nowcast"}
    assert document["provenance"]["options"]["known"] == {"2017H1": [537.62, 38.1]}


def test_in_dollars_the_half_comes_near_80_billion(cli: Cli) -> None:
    told = cli(*FOUNDING[:-1], "2017H1=538", "--currency", "usd", "--format", "table").out
    assert "its first half: 79.6 " in told
    assert "CNY per USD in 2017" in " ".join(told.split())


YEARS = "year,value,unit\n2019,3.1,bn CNY\n2020,3.5,bn CNY\n2021,4.1,bn CNY\n2022,4.4,bn CNY\n"


@pytest.mark.parametrize(
    ("value", "why"),
    [("2.2", ""), ("0.2", "does not fit"), ("0.0023", "does not fit"), ("2300", "more than the whole")],
)
def test_a_part_that_does_not_fit_is_refused_and_overruled(value: str, why: str, cli: Cli) -> None:
    asked = ("nowcast", "-", "--year", "2023", "--format", "table", "--partial", f"2023H1={value}")
    done = cli(*asked, stdin=YEARS)
    assert done.code == (3 if why else 0)
    assert why in done.err
    if why:
        assert "add --same-definition" in done.err
        overruled = cli(*asked, "--same-definition", stdin=YEARS)
        assert overruled.code == 0
        assert why in overruled.err


FOUNDING_FILE = "year,value\n2014,180\n2015,353\n2016,482\n"
OTHER_DEFINITION = (
    ("nowcast turnover --partial 2017H1=537.62", ""),
    ("nowcast turnover --partial 2017H1=540", ""),
    ("nowcast turnover --partial 2017H1=250 --partial 2016H1=310", ""),
    ("nowcast turnover --as-of 2018-01-31 --partial 2017H1=538", ""),
    ("nowcast mofcom --year 2017 --until 2016 --partial 2017H1=328.64", ""),
    ("nowcast mofcom_narrow --partial 2016Q1=148", ""),
    ("nowcast - --partial 2017H1=538", FOUNDING_FILE),
    ("nowcast -", f"{FOUNDING_FILE}2016H1,310\n2017H1,250\n"),
)


@pytest.mark.parametrize(("line", "stdin"), OTHER_DEFINITION)
def test_a_part_on_another_definition_is_refused_with_what_overrules_it(line: str, stdin: str, cli: Cli) -> None:
    arguments = (*line.split(), "--format", "json")
    done = cli(*arguments, stdin=stdin or None)
    assert (done.code, done.out) == (3, "")
    assert "is on another definition: rural_online_retail_mofcom" in done.err
    assert "add --same-definition" in done.err
    assert cli(*arguments, "--same-definition", stdin=stdin or None).code == 0


def test_a_part_of_the_same_definition_is_taken(cli: Cli) -> None:
    ministry = "year,value\n2016,894.54\n"
    for arguments, stdin in (
        (("nowcast", "mofcom", "--year", "2017", "--until", "2016", "--partial", "2017H1=538"), None),
        (("nowcast", "-", "--partial", "2017H1=538"), ministry),
        (("nowcast", "-"), f"{ministry}2017H1,538\n"),
        (("nowcast", "-"), "year,value\n2015,400\n2016,430\n2017H1,538\n".replace("538", "238")),
    ):
        done = cli(*arguments, stdin=stdin)
        assert (done.code, done.err) == (0, "")
