"""Leading markets as an argument of `triangulate`: what they count, and why."""

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.record.arguments.argument import LEADING, TREND, Argument
from rural_forecast.record.triangulation import Triangulation
from tests.inside import Cli, rows

YEARS = range(2008, 2020)
ENDS = range(1990, 2020)
HERE = {year: 10 * 1.1 ** (year - 2008) for year in YEARS}
# Ahead by eight years, and grows as ours does.
ALIKE = {year: 10 * 1.1 ** (year - 2000) for year in ENDS}
# Had our level too, and then trebled within a year, time and again.
WILD = {year: 3.0 ** (year - 2006) for year in ENDS}


@pytest.fixture(autouse=True)
def markets(here: Path) -> None:
    series = {"ours": HERE, "alike": ALIKE, "wild": WILD}
    lines = ["id,year,value"]
    for name, values in series.items():
        lines += [f"{name},{year},{value}" for year, value in values.items()]
    Path("markets.csv").write_text("\n".join([*lines, ""]))


def ask(leader: str, **question: object) -> Triangulation:
    source = "markets.csv::ours"
    return rf.triangulate(source, year=2022, like=[f"::{leader}"], kind="none", **question)


def argument(result: Triangulation, name: str) -> Argument:
    (one,) = (one for one in result.arguments if one.name == name)
    return one


def test_leaders_that_did_no_worse_count_as_the_trend_does() -> None:
    result = ask("alike")
    assert argument(result, LEADING).doubt == ""
    assert argument(result, LEADING).weight == argument(result, TREND).weight == 0.5


def test_leaders_that_erred_more_than_the_trend_count_by_what_they_add() -> None:
    result = ask("wild")
    led = argument(result, LEADING)
    assert led.record is not None
    assert led.against is not None
    assert led.record.n == led.against.n >= 8
    assert led.record.smape > led.against.smape
    assert led.leaders is not None
    assert led.weight == pytest.approx(led.leaders / (1 + led.leaders))


@pytest.mark.slow
def test_a_leader_that_contains_the_series_counts_by_what_it_adds() -> None:
    result = ask("alike", within="::alike")
    led = argument(result, LEADING)
    assert led.leaders is not None
    assert led.weight == pytest.approx(led.leaders / (1 + led.leaders))
    assert "contains" in led.doubt


def test_a_weight_that_is_stated_is_used_and_the_doubt_still_said(cli: Cli) -> None:
    line = "triangulate markets.csv --series ours --like ::wild --kind none --year 2022"
    every = rows(cli(*line.split(), "--weight", "leading markets=0.5").out)
    (led,) = (row for row in every if row["argument"] == LEADING)
    assert float(led["weight"]) == 0.5
    assert "erred more than the trend" in led["why"]
    assert "counts as" not in led["why"]


@pytest.mark.slow
def test_a_note_says_that_leaders_count_less(cli: Cli) -> None:
    line = "triangulate markets.csv --series ours --like ::wild --kind none --year 2022"
    told = cli(*line.split(), "-f", "table").out
    assert "Leading markets count as 0.3 of an argument: they erred more" in told
    codes = {note.code for note in ask("wild", weights={LEADING: 0.5}).notes}
    assert "leaders_doubted" not in codes


def test_the_row_says_what_leaders_count_and_why(cli: Cli) -> None:
    line = "triangulate markets.csv --series ours --like ::wild --kind none --year 2022"
    every = rows(cli(*line.split()).out)
    (led,) = (row for row in every if row["argument"] == LEADING)
    assert "30 % leaders, the rest trend" in led["why"]
    assert "counts as 0.3 of an argument: they erred more than the trend on" in led["why"]


def test_the_arithmetic_adds_up_to_the_answer(cli: Cli) -> None:
    line = "triangulate markets.csv --series ours --like ::wild --kind none --year 2022"
    text = cli(*line.split(), "--explain", "-f", "markdown").out
    table = text.partition("added up")[2].partition("\n\n")[2].partition("\n\n")[0]
    adds = [float(row.split("|")[-2].replace(",", "")) for row in table.splitlines()[2:]]
    *parts, answer = adds
    assert len(parts) == 2
    assert sum(parts) == pytest.approx(answer)


def test_python_explains_the_arithmetic_too() -> None:
    assert "How the answer follows" in str(ask("wild").explain())
