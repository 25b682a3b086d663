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


MEALS = """\
unit = "bn CNY"
years = "2018..2020"
range_level = 80
formula = "users * spending"

[drivers.users]
series = "users.csv"

[drivers.spending]
value = "100..120"
unit = "CNY per person"
assumption = true
"""


@pytest.fixture
def meals(place: None) -> None:
    text = table("unit", other="million persons")
    Path("users.csv").write_text(text)
    Path("meals.toml").write_text(MEALS)


@pytest.mark.usefixtures("meals")
def test_a_driver_that_is_a_series_takes_breaks_as_the_series_alone_does(cli: Cli) -> None:
    alone = rows(cli("project", "users.csv", "--break", "2014", "--year", "2020").out)
    sized = rows(cli("size", "meals.toml", "--break", "2014", "-f", "csv").out)
    drivers = [float(row["value"]) for row in sized if row["item"] == "users"]
    assert drivers == pytest.approx([float(row["value"]) for row in alone])


@pytest.mark.usefixtures("meals")
def test_a_model_states_the_breaks_of_a_driver(cli: Cli) -> None:
    typed = cli("size", "meals.toml", "--break", "2014", "-f", "csv").out
    for written in ("2014", "[2014]"):
        key = f'series = "users.csv"\nbreaks = {written}'
        Path("own.toml").write_text(MEALS.replace('series = "users.csv"', key))
        assert cli("size", "own.toml", "-f", "csv").out == typed


@pytest.mark.usefixtures("meals")
def test_a_warning_of_a_driver_names_an_option_that_works(cli: Cli) -> None:
    doubtful = cli("size", "meals.toml", "-f", "csv").err
    assert "Add --break 2014" in doubtful
    assert "a new basis?" not in cli("size", "meals.toml", "--break", "2014", "-f", "csv").err


@pytest.mark.usefixtures("meals")
@pytest.mark.parametrize(
    ("old", "new", "typed", "words"),
    [
        pytest.param(
            '"users.csv"', '"users.csv"\nbreaks = 2030', (), "drivers.users.breaks", id="no side"
        ),
        pytest.param(
            '"users.csv"', '"users.csv"\nbreaks = "2014"', (), "drivers.users.breaks", id="a text"
        ),
        pytest.param(
            '"100..120"', '"100..120"\nbreaks = 2014', (), "drivers.spending.breaks", id="a range"
        ),
        pytest.param("", "", ("--break", "2030"), "no values on both sides", id="typed"),
        pytest.param(
            'series = "users.csv"',
            'value = 200\nunit = "million persons"',
            ("--break", "2014"),
            "No driver of market.toml is a series",
            id="no series",
        ),
    ],
)
def test_a_break_that_no_driver_can_have_is_refused(
    cli: Cli, old: str, new: str, typed: tuple[str, ...], words: str
) -> None:
    Path("market.toml").write_text(MEALS.replace(old, new) if old else MEALS)
    done = cli("size", "market.toml", *typed)
    assert done.code in (2, 3)
    assert words in done.err


def test_parts_of_a_panel_have_breaks_of_their_own(cli: Cli) -> None:
    levels = {
        "x / a": (100, 102, 104, 180, 183, 187, 191),
        "x / b": (50, 51, 53, 54, 55, 90, 92),
    }
    marks = {("x / a", 2013): "b", ("x / b", 2015): "b"}
    lines = ["series,year,value,flag"]
    for name, values in levels.items():
        for year, value in enumerate(values, 2010):
            lines.append(f"{name},{year},{value},{marks.get((name, year), '')}")
    Path("parts.csv").write_text("\n".join([*lines, ""]))
    forecast = rows(cli("panel", "parts.csv", "--horizon", "1", "-f", "csv").out)
    whole, first, second = forecast
    # Each grows about 2 % within a basis, and 70 % into a new one.
    for row in forecast:
        assert 0 < float(row["growth_pct"]) < 4
    assert float(whole["value"]) == pytest.approx(float(first["value"]) + float(second["value"]))
    # Growth of the whole is known on all bases: with its two last years alone, four times as wide.
    assert float(whole["upper_80"]) - float(whole["lower_80"]) < 0.06 * float(whole["value"])
    for name, row in (("x / a", first), ("x / b", second)):
        alone = rows(cli("project", "parts.csv", "--series", name, "--horizon", "1").out)[0]
        assert row["base_value"] == alone["value"]
