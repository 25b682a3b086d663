"""`score`: kept forecasts against what came."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from tests import schemas
from tests.inside import Cli, rows, typed

CAME = "year,value\n2015,10\n2016,12\n2017,14\n2018,17\n2019,19\n2020,22\n"
OURS = """series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,growth_pct,unit
shop,2018,forecast,consensus,16,14,18,12,20,,
shop,2019,forecast,consensus,18,16,18.5,14,22,,
shop,2020,published,Ann,25,,,,,,
"""


@pytest.fixture(autouse=True)
def place(here: Path) -> None:
    Path("came.csv").write_text(CAME)
    Path("ours.csv").write_text(OURS)


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
    assert [row["actual"] for row in found] == [2170, 2490, 2560, 3000]
    assert found[0]["error_pct"] == pytest.approx(100 * (found[0]["forecast"] / 2170 - 1))
    whole = told["figures"]["scores"][0]
    assert (whole["n"], whole["outcomes"], whole["coverage_80"], told["figures"]["to_come"]) == (4, 4, 1, 1)
    assert 0 < whole["crps"] < 1
    assert whole["standard_error_80"] == pytest.approx((0.8 * 0.2 / 4) ** 0.5)
    assert {note["code"] for note in told["notes"]} == {"to_come", "few_outcomes", "learned_later"}
    assert cli("score", record, "--format", "table").out.splitlines()[0] == "All four ranges held"


def test_forecasts_of_anyone_are_scored_by_author_whatever_the_names(cli: Cli) -> None:
    found = rows(cli("score", "ours.csv", "--with", "came.csv").out)
    assert [(row["author"], row["origin"], row["horizon"], row["held_80"], row["held_95"]) for row in found] == [
        ("consensus", "2017", "1", "true", "true"),
        ("consensus", "2017", "2", "false", "true"),
        ("Ann", "2017", "3", "", ""),
    ]
    Path("house.csv").write_text(OURS.replace("series_id,period,kind,model,", "id,Year,kind,author,"))
    assert rows(cli("score", "house.csv", "--with", "came.csv").out) == found, "a year may be called one"


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "json"])
def test_machine_formats_are_read_back(form: str, cli: Cli) -> None:
    assert cli("project", "mofcom", "--until", 2021, "--year", 2023, "-o", f"out.{form}").code == 0
    found = rf.score(f"out.{form}", actuals="mofcom").rows
    assert [(row.period, row.origin) for row in found] == [(2022, 2021), (2023, 2021)]


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
    lines = [(name, year, size * 1.1 ** (year - 2010)) for size, name in enumerate("abcdef", 1)
             for year in range(2010, 2021)]  # fmt: skip
    head = "series_id,year,value\n"
    Path("old.csv").write_text(head + "".join(f"{n},{y},{v}\n" for n, y, v in lines if y < 2016))
    Path("new.csv").write_text(head + "".join(f"{n},{y},{v}\n" for n, y, v in lines if n != "f"))
    record = kept(cli, "batch old.csv --horizon 5")
    scores = rf.score(record, actuals="new.csv")
    assert (len(scores.rows), scores.summaries[0].outcomes) == (25, 25)
    assert {note.code for note in scores.notes} == {"unmatched"}
    assert "Interval score" in cli("score", record, "--with", "new.csv", "--format", "markdown").out
    assert cli("score", record, "--with", "new.csv", "-o", "held.svg").code == 0


def test_a_restated_history_is_named_and_scored_twice_and_a_doubtful_figure_is_a_warning(cli: Cli) -> None:
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


REFUSED = """
gone.json => not_found
came.csv => input
compare.json => input
cut.json => damaged
other.json => input
earlier.json => input
chances.json => input
text.json => cell
good.json --with unit.csv => input
good.json --with turnover => input
good.json --with early.csv => input
ours.csv => input
good.json --with two.csv => choice_needed
"""


@pytest.fixture(scope="module")
def records() -> dict[str, str]:
    """A record, and others that are none or of something else."""
    line = ("project", "mofcom", "--until", 2021, "--format", "json")
    good = typed(*line).out
    told = json.loads(good)
    return {
        "good.json": good,
        "cut.json": good[: len(good) // 2],
        "compare.json": json.dumps({**told, "command": "compare"}),
        "other.json": '{"a": 1}',
        "earlier.json": json.dumps({**told, "schema_version": 2}),
        "chances.json": typed(*line, "--target", 3000).out,
        "text.json": json.dumps({**told, "rows": [{**told["rows"][0], "value": "many"}]}),
        "unit.csv": CAME.replace("value", "value (bn EUR)"),
        "early.csv": CAME,
        "two.csv": "series_id,year,value\na,2022,1\nb,2022,2\n",
    }


@pytest.mark.parametrize("row", REFUSED.strip().splitlines())
def test_each_refusal_has_one_sentence(row: str, cli: Cli, records: dict[str, str]) -> None:
    for name, text in records.items():
        Path(name).write_text(text)
    line, code = row.split(" => ")
    done = cli("score", *line.split(), "--format", "json")
    error = json.loads(done.err.splitlines()[-1])
    assert (done.code, error["code"]) == (3, code)
    assert error["message"]
    assert error["hint"]
