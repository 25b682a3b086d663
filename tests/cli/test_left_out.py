"""Every command names what its reader left out, in every format, and so does Python."""

import json
from itertools import product
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.series.reading import ReadOptions
from tests.inside import Cli

SHEET = "Region,unit,2019,2020,2021,2022,2023,2024E,2O25,CAGR\n" + "".join(
    f"{name},bn CNY,{','.join(str(start + step) for step in range(5))},{start + 20},{start + 30},0.1\n"
    for name, start in (("North", 10), ("South", 30))
)
MODEL = """unit = "bn CNY"
years = 2025
formula = "sales * factor"
[drivers.sales]
series = "market.csv::North"
[drivers.factor]
value = "0.5..0.8"
unit = "share"
assumption = true
"""
CODES = ["mistyped_year", "left_out", "published_forecast"]
ONE = "market.csv --series North"
COMMANDS = [
    f"project {ONE}", "growth market.csv", f"nowcast {ONE} --partial 2024H1=8", f"series show {ONE}",
    f"series check {ONE}", "batch market.csv", "size model.toml",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("market.csv").write_text(SHEET, encoding="utf-8")
    Path("model.toml").write_text(MODEL, encoding="utf-8")
    return tmp_path


def check_warned(err: str) -> None:
    """Standard error names the mistyped year, the column that is no year, and the published forecast."""
    warned = [line for line in err.splitlines() if line.startswith("warning: ")]
    for name in ("'2O25' (not a year; 2025", "'CAGR' (not a year)", "'2024E'"):
        assert sum(name in line for line in warned) == 1, (name, err)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "form"),
    [*product(COMMANDS[:1], ("csv", "table", "markdown")), *product(COMMANDS, ("json",))],
)
def test_every_command_warns(command: str, form: str, folder: Path, cli: Cli) -> None:
    done = cli(*command.split(), "--format", form)
    assert done.code == (3 if command.startswith("series check") else 0), done.err
    check_warned(done.err)
    if form == "json":
        assert {*CODES} <= {note["code"] for note in json.loads(done.out)["notes"]}
    assert form not in ("table", "markdown") or "CAGR" in done.out


@pytest.mark.parametrize(
    "line",
    ["chart market.csv", f"exhibit {ONE} -o a.html", f"project {ONE} -o a.svg", f"project {ONE} -o a.xlsx"],
)
def test_pictures_and_pages_warn(line: str, folder: Path, cli: Cli) -> None:
    done = cli(*line.split())
    assert done.code == 0, done.err
    check_warned(done.err)
    assert "exhibit" not in line or "2O25" in Path("a.html").read_text(encoding="utf-8")


def test_quiet_runs_keep_the_notes_and_the_published_figure(folder: Path, cli: Cli) -> None:
    done = cli(*f"project {ONE} -q --history --format json".split())
    assert done.err == ""
    told = json.loads(done.out)
    assert {*CODES} <= {note["code"] for note in told["notes"]}
    published = [(row["period"], row["value"], row["model"]) for row in told["rows"] if row["kind"] == "published"]
    assert published == [(2024, 30, "market.csv")]
    assert 2024 not in [row["period"] for row in told["rows"] if row["kind"] == "actual"]


@pytest.mark.slow
def test_the_results_of_python_have_the_notes(folder: Path) -> None:
    series = rf.read("market.csv", ReadOptions(series_id="North"))
    results = [rf.forecast(series), rf.compare(series), rf.backtest(series), rf.growth(series)]
    results += [rf.scenario(series, rf.Scenario(name="five", growth=5)), rf.batch("market.csv")]
    for result in results:
        assert [note.code for note in result.notes if note.code in CODES] == CODES, type(result)
    assert [(note.code, note.warning) for note in series.reading_notes] == [(code, True) for code in CODES]


@pytest.mark.parametrize("command", ["project", "growth", "compare"])
def test_parts_of_years_are_named_where_they_are_not_used(command: str, tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "parts.csv"
    path.write_text("year,value\n2021,12\n2022,13\n2023H1,7\n2022H1,6\n2021H1,5.5\n", encoding="utf-8")
    said = cli(command, path).err
    assert "2021H1 and 2022H1 are parts of a year and not used" in said
    assert f"rural-forecast nowcast {path} --year 2023" in said
    told = cli("nowcast", path)
    assert "not used" not in told.err + told.out
