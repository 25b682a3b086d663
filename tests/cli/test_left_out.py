"""Whatever a reader leaves out is named by every command that reads a file, in every format, and by Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.series.reading import ReadOptions
from tests.inside import Cli

SHEET = "Region,unit,2019,2020,2021,2022,2023,2024E,2O25,CAGR\n" + "".join(
    f"{name},bn CNY,{','.join(str(start + step) for step in range(5))},{start + 20},{start + 30},0.1\n"
    for name, start in (("North", 10), ("South", 30))
)
MODEL = """\
title = "A market"
unit = "bn CNY"
years = 2025
formula = "sales * factor"

[drivers.sales]
series = "market.csv"
series_id = "North"

[drivers.factor]
value = "0.5..0.8"
unit = "share"
assumption = true
"""
CODES = ["mistyped_year", "left_out", "published_forecast"]
COMMANDS = {
    "project": ("--series", "North"),
    "compare": ("--series", "North"),
    "backtest": ("--series", "North"),
    "growth": (),
    "nowcast": ("--series", "North", "--partial", "2024H1=8"),
    "scenario": ("--series", "North", "--growth", "5"),
    "series show": ("--series", "North"),
    "series check": ("--series", "North"),
    "batch": (),
    "size": (),
}
"""Every command that gives rows, with what it needs besides the file."""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "market.csv"
    path.write_text(SHEET, encoding="utf-8")
    (tmp_path / "model.toml").write_text(MODEL, encoding="utf-8")
    return path


def typed(command: str, sheet: Path) -> list[object]:
    """A command line on the sheet, or on the model whose driver it is."""
    file = sheet.parent / "model.toml" if command == "size" else sheet
    return [*command.split(), file, *COMMANDS[command]]


def check_warned(err: str) -> None:
    """Standard error names the mistyped year, the column that is no year, and the published forecast."""
    warned = [line for line in err.splitlines() if line.startswith("warning: ")]
    for name in ("'2O25' (not a year; 2025", "'CAGR' (not a year)", "'2024E' is a published forecast"):
        assert len([line for line in warned if name in line]) == 1, (name, err)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "table", "markdown"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_it_on_standard_error(command: str, form: str, sheet: Path, cli: Cli) -> None:
    done = cli(*typed(command, sheet), "--format", form)
    assert done.code == (3 if command == "series check" else 0), done.err
    check_warned(done.err)
    if form == "json":
        notes = " ".join(note["text"] for note in json.loads(done.out)["notes"])
        assert all(name in notes for name in ("'2O25'", "'CAGR'", "'2024E'"))
    if form in ("table", "markdown"):
        assert "CAGR" in done.out


@pytest.mark.parametrize(
    "line",
    [
        ("chart", "market.csv", "--series", "North"),
        ("chart", "market.csv"),
        ("exhibit", "market.csv", "--series", "North", "-o", "out.html"),
        ("project", "market.csv", "--series", "North", "-o", "out.svg"),
        ("project", "market.csv", "--series", "North", "-o", "out.xlsx"),
    ],
    ids=" ".join,
)
def test_pictures_and_pages_say_it_on_standard_error(
    line: tuple[str, ...], sheet: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sheet.parent)
    done = cli(*line)
    assert done.code == 0, done.err
    check_warned(done.err)
    if "out.html" in line:
        assert "2O25" in (sheet.parent / "out.html").read_text(encoding="utf-8")


def test_quiet_runs_say_nothing_and_keep_the_notes(sheet: Path, cli: Cli) -> None:
    done = cli(*typed("project", sheet), "-q", "--format", "json")
    assert done.err == ""
    assert "'2O25'" in " ".join(note["text"] for note in json.loads(done.out)["notes"])


def test_the_published_figure_is_shown_beside_the_forecast(sheet: Path, cli: Cli) -> None:
    rows = json.loads(cli(*typed("project", sheet), "--history", "--format", "json").out)["rows"]
    published = [(row["period"], row["value"], row["model"]) for row in rows if row["kind"] == "published"]
    assert published == [(2024, 30, "market.csv")]
    assert 2024 not in [row["period"] for row in rows if row["kind"] == "actual"]


def test_the_results_of_python_have_the_notes(sheet: Path) -> None:
    series = rf.read(sheet, ReadOptions(series_id="North"))
    stated = rf.Scenario(name="five", growth=5)
    results = [rf.forecast(series), rf.compare(series), rf.backtest(series), rf.growth(series)]
    results += [rf.scenario(series, stated), rf.batch(sheet)]
    for result in results:
        codes = [note.code for note in result.notes]
        assert [code for code in codes if code in CODES] == CODES, type(result)
    assert [note.code for note in series.reading_notes] == CODES
    assert all(note.warning for note in series.reading_notes)


@pytest.mark.parametrize("command", ["project", "growth", "compare"])
def test_parts_of_years_are_named_where_they_are_not_used(command: str, tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "parts.csv"
    path.write_text("year,value\n2021,12\n2022,13\n2023H1,7\n2022H1,6\n2021H1,5.5\n", encoding="utf-8")
    said = cli(command, path).err
    assert "2021H1 and 2022H1 are parts of a year and not used" in said
    assert "2023H1 is a part of an incomplete year and not history" in said
    assert f"rural-forecast nowcast {path} --year 2023" in said
    told = cli("nowcast", path)
    assert "not used" not in told.err + told.out


def test_a_catalogue_series_has_no_such_notes(cli: Cli) -> None:
    assert "warning" not in cli("project", "mofcom", "--year", "2027").err
