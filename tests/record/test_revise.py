"""`revise`: why the answer for a year moved."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from tests import schemas
from tests.inside import Cli, rows


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def record(cli: Cli, name: str, *line: object) -> str:
    """A json document in a file."""
    done = cli(*line, "--format", "json")
    assert done.code == 0, done.err
    Path(name).write_text(done.out)
    return name


def answer(cli: Cli, *line: object) -> float:
    """The last value of a forecast."""
    return float(rows(cli(*line).out)[-1]["value"])


def test_steps_are_run_and_add_up(cli: Cli) -> None:
    old = record(cli, "old.json", "project", "mofcom", "--until", 2022, "--year", 2028)
    told = json.loads(cli("revise", old, "mofcom", "--format", "json").out)
    schemas.check(told)
    found = told["rows"]
    assert [row["step"] for row in found] == ["kept", "2023", "2024", "2025"]
    for row, until in zip(found, range(2022, 2026), strict=True):
        assert row["value"] == answer(cli, "project", "mofcom", "--until", until, "--year", 2028)
    assert sum(row["change"] for row in found) == pytest.approx(found[-1]["value"] - found[0]["value"], rel=1e-12)
    assert found[1]["detail"] == "came 2,490, not 2,340"
    page = cli("revise", old, "mofcom", "--format", "table").out.splitlines()
    assert page[0] == "The answer for 2028 rose by 550 bn CNY"
    assert page[1] == "2023 and 2025 came higher than forecast, 2024 lower; nothing else changed."
    assert cli("revise", old, "mofcom", "-o", "why.svg").code == 0


OPTIONS = {
    "ceiling": ["--ceiling", "4000..5000"],
    "floor": ["--floor", 2500],
    "models": ["--model", "linear"],
    "measure": ["--measure", "cumulative"],
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_changed_option_is_a_step(name: str, cli: Cli) -> None:
    line = ["project", "mofcom", "--until", 2024, "--year", 2030]
    old, new = record(cli, "old.json", *line), record(cli, "new.json", *line, *OPTIONS[name])
    result = rf.revise(old, new)
    assert [step.name for step in result.steps] == ["kept", name]
    assert result.steps[-1].value == answer(cli, *line, *OPTIONS[name])


def test_restated_years_a_new_point_and_another_release_are_steps(cli: Cli, place: Path) -> None:
    (place / "old.csv").write_text("year,value\n2019,10\n2020,12\n2021,14\n2022,17\n")
    (place / "new.csv").write_text("year,value\n2018,8\n2019,10\n2020,12\n2021,15\n2022,18\n2023,20\n")
    old = record(cli, "old.json", "project", "old.csv", "--year", 2026)
    told = json.loads(Path(old).read_text())
    told["rows"][-1]["value"] += 1
    told["provenance"]["version"] = "2.3.0"
    Path(old).write_text(json.dumps(told))
    result = rf.revise(old, "new.csv")
    assert [step.name for step in result.steps] == ["kept", "release", "history", "2023"]
    assert result.steps[1].change == pytest.approx(-1)
    assert result.steps[2].detail == "2021 is 15, not 14 and 2022 is 18, not 17; 2018 added"
    assert result.steps[-1].value == answer(cli, "project", "new.csv", "--year", 2026)
    assert result.change == pytest.approx(sum(step.change for step in result.steps))


def test_a_pool_and_a_batch_are_redone(cli: Cli, place: Path) -> None:
    old = record(cli, "pool.json", "project", "turnover", "--year", 2018, "--pool")
    assert [step.name for step in rf.revise(old, "turnover").steps] == ["kept"]
    head, years = "series_id,year,value\n", range(2015, 2022)
    lines = [f"{name},{year},{size * 1.1 ** (year - 2015)}\n" for name, size in (("a", 5), ("b", 9)) for year in years]
    (place / "old.csv").write_text(head + "".join(line for line in lines if ",2021," not in line))
    (place / "new.csv").write_text(head + "".join(lines))
    cli("batch", "old.csv", "--year", 2024, "--keep", "kept")
    (kept,) = (place / "kept").iterdir()
    found = rows(cli("revise", kept, "new.csv", "--series", "b").out)
    assert [row["step"] for row in found] == ["kept", "2021"]
    assert cli("revise", kept, "new.csv").code in (2, 3)


REFUSED = {
    "a scenario": ("scenario.json", "mofcom", 3),
    "another currency": ("euro.json", "mofcom", 3),
    "rows": ("rows.csv", "mofcom", 3),
    "another definition": ("good.json", "turnover", 3),
    "the wrong way round": ("good.json", "early.json", 2),
    "a year that has come": ("good.json --year 2024", "mofcom", 2),
    "a year that was not forecast": ("good.json --year 2040", "mofcom", 2),
    "nothing": ("gone.json", "mofcom", 3),
    "an impossible option": ("odd.json", "mofcom", 3),
}


@pytest.mark.parametrize("why", REFUSED)
def test_each_refusal_has_one_sentence(why: str, cli: Cli, place: Path) -> None:
    line = ["project", "mofcom", "--until", 2022, "--year", 2027]
    record(cli, "good.json", *line)
    record(cli, "early.json", "project", "mofcom", "--until", 2020, "--year", 2027)
    record(cli, "euro.json", *line, "--currency", "EUR")
    record(cli, "scenario.json", "scenario", *line[1:], "--growth", 5)
    (place / "rows.csv").write_text(cli(*line, "--history").out)
    told = json.loads(Path("good.json").read_text())
    told["provenance"]["options"]["ceiling"] = "high"
    Path("odd.json").write_text(json.dumps(told))
    old, new, code = REFUSED[why]
    name, *more = old.split()
    done = cli("revise", name, new, *more, "--format", "json")
    error = json.loads(done.err.splitlines()[-1])
    assert done.code == code, done.err
    assert error["message"]
    assert error["hint"]


def test_a_forecast_that_rests_on_other_series_is_not_redone(cli: Cli) -> None:
    like = record(cli, "like.json", "project", "mofcom", "--until", 2024, "--like", "online")
    bound = record(cli, "bound.json", "project", "users", "--until", 2022, "--year", 2030)
    free = record(cli, "free.json", "project", "users", "--until", 2022, "--year", 2024)
    assert [cli("revise", old, "mofcom", "--format", "json").code for old in (like, bound)] == [3, 3]
    steps = rows(cli("revise", free, "users").out)
    assert [step["step"] for step in steps] == ["kept", "2023"]


@pytest.mark.parametrize(
    "options",
    ["--basis chained", "--prefer median", "--since 2019", "--as-of 2021-06-30", "--level 90",
     "--real 2020 --until 2023",
     "--model linear --model consensus", "--until 2023 --measure cumulative"],
)  # fmt: skip
def test_a_record_gives_the_same_number_again(options: str, cli: Cli) -> None:
    old = record(cli, "old.json", "project", "mofcom", "--year", 2030, *options.split())
    assert [step.name for step in rf.revise(old, old).steps] == ["kept"]
