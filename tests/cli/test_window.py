"""Vintages, bases and currency, as users type them."""

import json
from pathlib import Path

import pytest

from tests.inside import Cli, rows

LATER = "trained on data from after this origin"


def test_as_of_uses_only_what_was_published(cli: Cli) -> None:
    """By the end of July 2017 the Ministry's year 2016 was out, and no later year."""
    done = cli("project", "mofcom", "--as-of", "2017-07-31", "--year", "2017", "--history", "--format", "json")
    document = json.loads(done.out)
    assert [(row["period"], row["value"]) for row in document["rows"] if row["kind"] == "actual"] == [(2016, 894.54)]
    notes = " ".join(note["text"] for note in document["notes"])
    assert LATER in notes
    assert "published by 2017-07-31" in notes
    assert "Published later and not used (bn CNY): 1,244.88 for 2017." in notes
    assert document["provenance"]["options"]["as_of"] == "2017-07-31"


def test_as_of_keeps_other_definitions_to_what_was_published(cli: Cli) -> None:
    """The article's 482 for 2016 was published in the second half of 2017, so surely known by its end only."""
    early = cli("project", "mofcom", "--as-of", "2017-07-31", "--year", "2018", "--format", "json")
    assert not any("Another definition" in note["text"] for note in json.loads(early.out)["notes"])
    late = cli("project", "mofcom", "--as-of", "2018-01-31", "--year", "2018", "--format", "json")
    assert any("Another definition" in note["text"] for note in json.loads(late.out)["notes"])


def test_undated_rows_of_a_file_are_left_out_and_said(cli: Cli) -> None:
    market = "year,value,published_on\n2019,10,2020-03-01\n2020,12,2021-03-01\n2021,13,\n"
    done = cli("project", "-", "--as-of", "2021-12-31", "--history", "--format", "json", stdin=market)
    document = json.loads(done.out)
    assert [row["period"] for row in document["rows"]] == [2019, 2020, 2021, 2022]
    assert any("1 undated" in note["text"] for note in document["notes"])


def test_precedents_of_a_vintage_do_not_rest_on_years_that_were_not_over(cli: Cli) -> None:
    rows = [f"{year},{10 + (year - 2012) ** 1.5:.1f},{min(year + 1, 2019)}-06-01" for year in range(2013, 2021)]
    market = "\n".join(("year,value,published_on", *rows))
    asked = ("-", "--as-of", "2019-12-30", "--format", "json")
    origins = [
        json.loads(cli(command, *asked, stdin=market).out)["provenance"]["origin"]
        for command in ("project", "precedents")
    ]
    assert origins == [2018, 2018]


@pytest.mark.parametrize("extra", [("--until", "2022"), ("--as-of", "2023-06-30")])
def test_a_hindcast_says_that_the_learned_numbers_date_from_later(cli: Cli, extra: tuple[str, ...]) -> None:
    assert LATER in cli("project", "mofcom", "--year", "2024", "--format", "markdown", *extra).out


def test_a_forecast_from_the_last_point_does_not_say_so(cli: Cli) -> None:
    assert LATER not in cli("project", "mofcom", "--year", "2027", "--format", "markdown").out


def test_chained_levels_follow_the_published_growth(cli: Cli) -> None:
    found = rows(cli("project", "mofcom", "--basis", "chained", "--year", "2026", "--history").out)
    actual = {row["period"]: float(row["value"]) for row in found if row["kind"] == "actual"}
    assert actual["2025"] == 3000
    assert actual["2018"] / actual["2017"] - 1 == pytest.approx(0.304)


@pytest.mark.parametrize(("basis", "other"), [("levels", "chained"), ("chained", "levels")])
def test_people_are_told_what_the_other_basis_gives(cli: Cli, basis: str, other: str) -> None:
    shown = cli("project", "mofcom", "--year", "2027", "--basis", basis, "--format", "markdown").out
    assert f"See it with --basis {other}" in shown


def test_dollars_are_yuan_divided_by_the_rate_of_the_year(cli: Cli) -> None:
    yuan, dollars = (
        rows(cli("project", "mofcom", "--year", "2027", "--history", *extra).out)
        for extra in ((), ("--currency", "usd", "--rate", "8"))
    )
    by_year = {
        row["period"]: float(row["value"]) / float(other["value"]) for row, other in zip(yuan, dollars, strict=True)
    }
    assert by_year["2017"] == pytest.approx(6.7569)
    assert by_year["2026"] == pytest.approx(8)
    assert {row["unit"] for row in dollars} == {"bn USD"}
    assert float(dollars[-1]["upper_95"]) == pytest.approx(float(yuan[-1]["upper_95"]) / 8)


def test_growth_names_each_currency(cli: Cli, tmp_path: Path) -> None:
    for name, unit in (("here", "bn CNY"), ("there", "bn EUR")):
        (tmp_path / f"{name}.csv").write_text(f"year,value ({unit})\n2020,10\n2021,12\n2022,15\n")
    files = (str(tmp_path / "here.csv"), str(tmp_path / "there.csv"))
    notes = [
        note["text"] for note in json.loads(cli("growth", *files, "--currency", "usd", "--format", "json").out)["notes"]
    ]
    assert [note.split()[0] for note in notes if "are converted" in note] == ["CNY", "EUR"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mofcom", "--rate", "7"), "--rate needs --currency."),
        (("mofcom", "--currency", "eurr"), "There are no exchange rates of 'EURR'"),
        (("mofcom", "--currency", "usd", "--rate", "0"), "The rate 0 is not a positive number"),
        (("mofcom", "--currency", "usd", "--rate", "6.8..7.4"), "--rate 6.8..7.4 is a range"),
        (("mofcom", "--until", "2020", "--year", "2022", "--currency", "usd", "--rate", "7"), "No year is after 2025"),
        (("users", "--currency", "usd"), "is not an amount of one currency"),
        (("mofcom", "--currency", "usd", "--as-of", "2017-07-31", "--rate", "nan"), "The rate nan is not"),
    ],
)
def test_what_cannot_be_converted_is_refused(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    done = cli("project", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_years_without_prices_may_be_left_out(cli: Cli) -> None:
    """The hint of the refusal leads on, in the commands that forecast and in `growth`."""
    for command in ("project mofcom --year 2027", "growth mofcom"):
        refused = cli(*command.split(), "--real", "2020")
        assert refused.code == 2
        assert "--until 2024" in refused.err
        assert cli(*command.split(), "--real", "2020", "--until", "2024").code == 0


def test_inflation_and_rates_are_a_number_or_a_file_or_a_country(cli: Cli, tmp_path: Path) -> None:
    rates, prices = tmp_path / "rates.csv", tmp_path / "prices.csv"
    rates.write_text("year,value (CNY per USD)\n" + "".join(f"{year},8\n" for year in range(2010, 2030)))
    prices.write_text(
        "year,value (index)\n" + "".join(f"{year},{2 ** (year - 2020)!r}\n" for year in range(2010, 2028))
    )
    shown = ("series", "show", "mofcom", "--format", "csv")

    def value(*more: str) -> float:
        return next(float(row["value"]) for row in rows(cli(*shown, *more).out) if row["period"] == "2025")

    assert value("--currency", "usd", "--rate", str(rates)) == 3000 / 8
    assert value("--real", "2020", "--inflation", str(prices)) == pytest.approx(3000 / 2**5)
    assert value("--real", "2020", "--inflation", "2") != value("--real", "2020", "--inflation", "3")
    germany = cli("growth", "mofcom", "--real", "2020", "--until", "2020", "--inflation", "germany", "--format", "json")
    assert "consumer prices of Germany" in germany.out
