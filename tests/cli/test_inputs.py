"""No output takes the place of a file that the run reads, whoever named that file."""

import os
from pathlib import Path

import pytest

from tests.inside import Cli

MARKET = "year,value\n" + "".join(f"{year},{year - 2000}\n" for year in range(2020, 2024))
MODEL = """
title = "Shops"
unit = "million CNY"
years = [2025]
top_down = "top.csv"
[stages]
all = "shops * price"
[drivers.shops]
series = "market.csv"
unit = "million"
[drivers.price]
value = "3..5"
unit = "CNY"
"""
SCENARIOS = 'series = "market.csv"\n[scenarios.slow]\ngrowth = 2\n'
CASES = {
    **{f"{command} market.csv": ("market.csv",) for command in (
        "project", "compare", "backtest", "growth", "exhibit", "batch", "series show", "series check",
        "scenario --growth 5",
    )},
    "nowcast market.csv --partial 2024H1=12": ("market.csv",),
    "chart market.csv": ("market.csv",),
    "growth market.csv top.csv": ("market.csv", "top.csv"),
    "size model.toml": ("market.csv", "top.csv", "model.toml"),
    "size model.toml --print-model": ("model.toml",),
    "scenario scenarios.toml": ("market.csv", "scenarios.toml"),
    "scenario top.csv --from scenarios.toml": ("top.csv", "market.csv", "scenarios.toml"),
    "project mine": ("catalogue/series.csv", "catalogue/observations.csv", "catalogue/sources.csv"),
    "project market.csv": ("market.csv", "catalogue/series.csv"),
}  # fmt: skip
"""A command, and the files that it reads."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of each kind."""
    (tmp_path / "catalogue").mkdir()
    files = {
        "market.csv": MARKET,
        "top.csv": MARKET,
        "model.toml": MODEL,
        "scenarios.toml": SCENARIOS,
        "catalogue/series.csv": "series_id,title,measure,unit\nmine,Mine,flow,bn\n",
        "catalogue/sources.csv": "source_id\nme\n",
        "catalogue/observations.csv": "series_id,period,value,source_id\nmine,2020,4,me\nmine,2021,5,me\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RURAL_FORECAST_CATALOGUE", str(tmp_path / "catalogue"))
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("command", CASES)
def test_no_command_writes_over_a_file_it_reads(cli: Cli, here: Path, command: str) -> None:
    printed = "--print-model" in command
    form = "toml" if printed else {"exhibit": "html", "chart": "svg"}.get(command.split()[0], "csv")
    picked = [] if printed else ["--format", form]
    for name in CASES[command]:
        before = (here / name).read_bytes()
        link = here / f"link.{form}"
        link.symlink_to(name)
        hard = here / f"hard.{form}"
        hard.hardlink_to(here / name)
        for output in (link, hard) if name == CASES[command][0] else (hard,):
            done = cli(*command.split(), *picked, "-o", output)
            assert (done.code, done.raw) == (2, b""), (name, done)
            assert f"{output} is an input of this run." in done.err
            assert (here / name).read_bytes() == before
        link.unlink()
        hard.unlink()


@pytest.mark.parametrize("command", ["size model.toml", "scenario scenarios.toml", "batch market.csv"])
def test_standard_output_is_held_against_them_too(cli: Cli, here: Path, command: str) -> None:
    """As in `size model.toml >> market.csv`."""
    kept = os.dup(1)
    opened = os.open(here / "market.csv", os.O_WRONLY | os.O_APPEND)
    os.dup2(opened, 1)
    try:
        done = cli(*command.split(), "--format", "csv")
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(opened)
    assert (done.code, done.raw) == (2, b"")
    assert "Standard output is an input of this run." in done.err
    assert (here / "market.csv").read_text() == MARKET


def test_the_list_of_refused_series_is_held_against_them_too(cli: Cli, here: Path) -> None:
    (here / "out.refused.csv").write_text("series_id,line,reason\n")
    (here / "rows.csv").hardlink_to(here / "out.refused.csv")
    done = cli("batch", "rows.csv", "-o", "out.csv")
    assert done.code == 2
    assert "out.refused.csv is an input of this run." in done.err
    assert not (here / "out.csv").exists()
