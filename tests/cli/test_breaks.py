"""Breaks as they are typed, marked in a column, or suspected."""

from pathlib import Path

import pytest

import rural_forecast as rf
from tests.inside import Cli, rows

YEARS = range(2010, 2018)
LEVELS = (100, 102, 104, 106, 180, 183, 187, 191)
SHARE = "year,share of households (%)\n2010,60\n2011,66\n2012,73\n2013,80\n2014,86\n2015,91\n"
LATER = "2016,95\n2017,104\n"


def table(header: str, marks: dict[int, str] | None = None, other: str = "") -> str:
    lines = [f"year,value,{header}" if header else "year,value"]
    for year, level in zip(YEARS, LEVELS, strict=True):
        mark = f",{(marks or {}).get(year, other)}" if header else ""
        lines.append(f"{year},{level}{mark}")
    return "\n".join([*lines, ""])


@pytest.fixture(autouse=True)
def place(here: Path) -> None:
    Path("leap.csv").write_text(table(""))


@pytest.mark.parametrize(
    ("header", "mark", "other"),
    [
        pytest.param("break in series", "x", "", id="a cross"),
        pytest.param("Break", "b", "", id="the letter of agencies"),
        pytest.param("series break", "yes", "no", id="words"),
        pytest.param("break_in_time_series", "1", "0", id="ones and zeros"),
    ],
)
@pytest.mark.parametrize("command", ["project", "batch"])
def test_a_column_of_marks_says_where_a_basis_begins(
    cli: Cli, command: str, header: str, mark: str, other: str
) -> None:
    Path("marked.csv").write_text(table(header, {2014: mark}, other))
    given = rows(cli(command, "marked.csv", "--horizon", "2", "-f", "csv").out)
    stated = rows(cli("project", "leap.csv", "--break", "2014", "--horizon", "2", "-f", "csv").out)
    assert [row["value"] for row in given] == [row["value"] for row in stated]


def test_a_column_of_other_words_is_no_column_of_marks(cli: Cli) -> None:
    Path("words.csv").write_text(table("break", {2014: "lunch"}, "tea"))
    done = cli("project", "words.csv", "--horizon", "1", "-f", "csv")
    assert "flags a break" not in done.err
    assert (
        rows(done.out)[0]["value"]
        == rows(cli("project", "leap.csv", "--horizon", "1").out)[0]["value"]
    )


def test_a_mark_in_a_wide_table_is_of_no_year(cli: Cli) -> None:
    Path("wide.csv").write_text("area,break,2015,2016,2017\nNorth,x,10,11,12\nSouth,,20,21,22\n")
    done = cli("project", "wide.csv", "--series", "North", "--horizon", "1")
    assert "flags a break" not in done.err


def test_a_break_that_is_typed_counts_where_series_are_listed_and_checked(cli: Cli) -> None:
    assert "suspected_break" in cli("series", "check", "leap.csv", "-f", "csv").out
    stated = cli("series", "check", "leap.csv", "--break", "2014", "-f", "csv").out
    assert "suspected_break" not in stated
    assert {
        row["breaks"] for row in rows(cli("series", "read", "leap.csv", "--break", "2014").out)
    } == {"2014"}


@pytest.mark.parametrize("command", ["show", "read", "check"])
@pytest.mark.parametrize("source", ["leap.csv", "mofcom"])
def test_a_break_outside_of_the_values_is_refused(cli: Cli, command: str, source: str) -> None:
    done = cli("series", command, source, "--break", "1999")
    assert done.code == 2
    assert "no values on both sides of a break in 1999" in done.err


def test_a_suspected_break_is_said_of_a_batch(cli: Cli) -> None:
    done = cli("batch", "leap.csv", "--horizon", "1")
    assert "2014: grows +70 % amid growth of about +2 % a year: a new basis?" in done.err
    assert "a new basis?" not in cli("batch", "leap.csv", "--break", "2014", "--horizon", "1").err


def test_a_batch_names_a_break_that_no_series_has(cli: Cli) -> None:
    done = cli("batch", "leap.csv", "--break", "1999", "--horizon", "1")
    assert "No series has values on both sides of a break in 1999." in done.err


def test_a_share_is_known_by_the_rows_up_to_the_last_year_used(cli: Cli) -> None:
    Path("whole.csv").write_text(SHARE + LATER)
    Path("cut.csv").write_text(SHARE)
    line = ("--year", "2018", "-f", "csv")
    hindcast = cli("project", "whole.csv", "--until", "2015", *line)
    assert hindcast.out == cli("project", "cut.csv", *line).out
    assert "Read by name and unit as a share of a whole" in hindcast.err
    assert "share of a whole" not in cli("project", "whole.csv", *line).err


def test_a_measure_that_is_stated_holds_in_a_hindcast(cli: Cli) -> None:
    Path("whole.csv").write_text(SHARE + LATER)
    done = cli("project", "whole.csv", "--until", "2015", "--measure", "flow", "--year", "2018")
    assert "share of a whole, a rate" not in done.err
    assert rf.forecast("whole.csv", until=2015).history.series.measure == "rate"
