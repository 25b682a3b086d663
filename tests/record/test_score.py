"""`score`: kept forecasts against what came."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from tests import schemas
from tests.inside import Cli, rows

CAME = "year,value\n2015,10\n2016,12\n2017,14\n2018,17\n2019,19\n2020,22\n"
OURS = """series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,growth_pct,unit
shop,2018,forecast,consensus,16,14,18,12,20,,
shop,2019,forecast,consensus,18,16,18.5,14,22,,
shop,2020,published,Ann,25,,,,,,
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "came.csv").write_text(CAME)
    (tmp_path / "ours.csv").write_text(OURS)
    return tmp_path


def kept(cli: Cli, *line: object) -> Path:
    """The record of a command line."""
    before = set(Path("kept").glob("*"))
    assert cli(*line, "--keep", "kept", "-q").code == 0
    (path,) = set(Path("kept").glob("*")) - before
    return path


def test_a_record_is_scored_against_the_catalogue(cli: Cli) -> None:
    record = kept(cli, "project", "mofcom", "--until", 2021, "--year", 2026)
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


def test_forecasts_of_anyone_are_scored_by_author_whatever_the_names(cli: Cli, place: Path) -> None:
    found = rows(cli("score", "ours.csv", "--with", "came.csv").out)
    assert [(row["author"], row["origin"], row["horizon"], row["held_80"], row["held_95"]) for row in found] == [
        ("consensus", "2017", "1", "true", "true"),
        ("consensus", "2017", "2", "false", "true"),
        ("Ann", "2017", "3", "", ""),
    ]
    renamed = OURS.replace("series_id,period,kind,model,", "id,Year,kind,author,")
    (place / "house.csv").write_text(renamed)
    assert rows(cli("score", "house.csv", "--with", "came.csv").out) == found, "a year may be called one"


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "json"])
def test_machine_formats_are_read_back(form: str, cli: Cli) -> None:
    output = f"out.{form}"
    assert cli("project", "mofcom", "--until", 2021, "--year", 2023, "-o", output).code == 0
    found = rf.score(output, actuals="mofcom").rows
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


def test_a_batch_is_matched_by_name_and_its_table_is_of_scores(cli: Cli, place: Path) -> None:
    lines = [(name, year, size * 1.1 ** (year - 2010)) for size, name in enumerate("abcdef", 1)
             for year in range(2010, 2021)]  # fmt: skip
    head = "series_id,year,value\n"
    (place / "old.csv").write_text(head + "".join(f"{n},{y},{v}\n" for n, y, v in lines if y < 2016))
    (place / "new.csv").write_text(head + "".join(f"{n},{y},{v}\n" for n, y, v in lines if n != "f"))
    record = kept(cli, "batch", "old.csv", "--horizon", 5)
    scores = rf.score(record, actuals="new.csv")
    assert (len(scores.rows), scores.summaries[0].outcomes) == (25, 25)
    assert {note.code for note in scores.notes} == {"unmatched"}
    page = cli("score", record, "--with", "new.csv", "--format", "markdown").out
    assert "Interval score" in page
    assert cli("score", record, "--with", "new.csv", "-o", "held.svg").code == 0


def test_a_restated_history_is_named_and_scored_twice(cli: Cli, place: Path) -> None:
    (place / "old.csv").write_text(CAME.partition("2018")[0])
    record = kept(cli, "project", "old.csv", "--year", 2019)
    (place / "restated.csv").write_text(CAME.replace("2017,14", "2017,7"))
    scores = rf.score(record, actuals="restated.csv")
    plain, moved = scores.rows[:2]
    assert (plain.author, moved.author) == ("consensus", "consensus, rebased")
    assert moved.forecast == pytest.approx(plain.forecast / 2)
    assert "restated" in {note.code for note in scores.notes}


REFUSED = {
    "nothing there": ("gone.json", None, "not_found"),
    "a table": ("came.csv", None, "input"),
    "the output of compare": ("compare.json", None, "input"),
    "cut in the middle": ("cut.json", None, "damaged"),
    "another JSON": ("other.json", None, "input"),
    "another release": ("earlier.json", None, "input"),
    "chances": ("chances.json", None, "input"),
    "no number": ("text.json", None, "cell"),
    "another unit": ("good.json", "unit.csv", "input"),
    "another definition": ("good.json", "turnover", "input"),
    "nothing has come": ("good.json", "early.csv", "input"),
    "no such series": ("ours.csv", None, "input"),
    "a choice": ("good.json", "two.csv", "choice_needed"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_each_refusal_has_one_sentence(why: str, cli: Cli, place: Path) -> None:
    good = cli("project", "mofcom", "--until", 2021, "--format", "json").out
    told = json.loads(good)
    files = {
        "good.json": good,
        "cut.json": good[: len(good) // 2],
        "compare.json": json.dumps({**told, "command": "compare"}),
        "other.json": '{"a": 1}',
        "earlier.json": json.dumps({**told, "schema_version": 2}),
        "chances.json": cli("project", "mofcom", "--until", 2021, "--target", 3000, "--format", "json").out,
        "text.json": json.dumps({**told, "rows": [{**told["rows"][0], "value": "many"}]}),
        "unit.csv": CAME.replace("value", "value (bn EUR)"),
        "early.csv": CAME,
        "two.csv": "series_id,year,value\na,2022,1\nb,2022,2\n",
    }
    for name, text in files.items():
        (place / name).write_text(text)
    record, came, kind = REFUSED[why]
    done = cli("score", record, *(["--with", came] if came else []), "--format", "json")
    error = json.loads(done.err.splitlines()[-1])
    assert (done.code, error["code"]) == (3, kind)
    assert error["message"]
    assert error["hint"]


def test_a_doubtful_figure_is_a_warning(cli: Cli, place: Path) -> None:
    record = kept(cli, "project", "came.csv", "--until", 2018, "--year", 2023)
    (place / "wrong.csv").write_text(CAME.replace("2019,19", "2019,19000"))
    for command in (["score", record, "--with", "wrong.csv"], ["revise", record, "wrong.csv"]):
        assert "19,000 does not fit" in cli(*command).err
