"""No output takes the place of a file that the run reads, whoever named that file, nor of a record that is kept."""

import json
import os
from pathlib import Path

import pytest

from tests import schemas
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
PARTS = "".join(
    f"land / {part},{year},{year - 2000 + at}\n" for at, part in enumerate("ab") for year in range(2015, 2025)
)
FILES = {
    "market.csv": MARKET,
    "top.csv": MARKET,
    "model.toml": MODEL,
    "scenarios.toml": 'series = "market.csv"\n[scenarios.slow]\ngrowth = 2\n',
    "catalogue/series.csv": "series_id,title,measure,unit\nmine,Mine,flow,bn\n",
    "catalogue/sources.csv": "source_id\nme\n",
    "catalogue/observations.csv": "series_id,period,value,source_id\nmine,2020,4,me\nmine,2021,5,me\n",
}
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
def own(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of each kind, and its catalogue in place of ours."""
    Path("catalogue").mkdir()
    for name, text in FILES.items():
        Path(name).write_text(text)
    monkeypatch.setenv("RURAL_FORECAST_CATALOGUE", str(here / "catalogue"))
    return here


@pytest.mark.slow
@pytest.mark.parametrize("command", CASES)
def test_no_command_writes_over_a_file_it_reads(cli: Cli, own: Path, command: str) -> None:
    printed = "--print-model" in command
    form = "toml" if printed else {"exhibit": "html", "chart": "svg"}.get(command.split()[0], "csv")
    picked = [] if printed else ["--format", form]
    for name in CASES[command]:
        before = (own / name).read_bytes()
        link, hard = own / f"link.{form}", own / f"hard.{form}"
        link.symlink_to(name)
        hard.hardlink_to(own / name)
        for output in (link, hard) if name == CASES[command][0] else (hard,):
            done = cli(*command.split(), *picked, "-o", output)
            assert (done.code, done.raw) == (2, b""), (name, done)
            assert f"{output} is an input of this run." in done.err
            assert (own / name).read_bytes() == before
        link.unlink()
        hard.unlink()


@pytest.mark.parametrize("command", ["size model.toml", "scenario scenarios.toml", "batch market.csv"])
def test_standard_output_is_held_against_them_too(cli: Cli, own: Path, command: str) -> None:
    """As in `size model.toml >> market.csv`."""
    kept = os.dup(1)
    opened = os.open("market.csv", os.O_WRONLY | os.O_APPEND)
    os.dup2(opened, 1)
    try:
        done = cli(*command.split(), "--format", "csv")
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(opened)
    assert (done.code, done.raw) == (2, b"")
    assert "Standard output is an input of this run." in done.err
    assert Path("market.csv").read_text() == MARKET


@pytest.mark.usefixtures("own")
def test_the_list_of_refused_series_is_held_against_them_too(cli: Cli) -> None:
    Path("out.refused.csv").write_text("series_id,line,reason\n")
    Path("rows.csv").hardlink_to("out.refused.csv")
    done = cli("batch", "rows.csv", "-o", "out.csv")
    assert done.code == 2
    assert "out.refused.csv is an input of this run." in done.err
    assert not Path("out.csv").exists()


RECORDS = {
    "project mofcom --until 2021": "mofcom-2021-",
    "nowcast mofcom --year 2017 --until 2016": "mofcom-2016-",
    "scenario turnover --growth 2018=10": "turnover-2016-",
    "size rural_retailer --draws 2000": "rural_retailer-",
    "panel parts.csv": "parts-2024-",
    "batch parts.csv": "parts-2024-",
}


@pytest.mark.parametrize(("line", "name"), RECORDS.items())
@pytest.mark.slow
def test_a_record_has_what_it_rests_on_whatever_the_format(line: str, name: str, here: Path, cli: Cli) -> None:
    Path("parts.csv").write_text(f"series_id,year,value\n{PARTS}")
    plain = cli(*line.split())
    for form in ("csv", "json", "markdown"):
        done = cli(*line.split(), "--keep", "kept", "--date", "3 March 2026", "--format", form)
        assert done.code == 0
        assert form != "csv" or done.out == plain.out
    (path,) = Path("kept").iterdir()
    assert path.name.startswith(name)
    record = json.loads(path.read_text())
    schemas.check(record)
    assert record["provenance"]["date"] == "3 March 2026"
    inputs = record.get("inputs") or [row for row in record["rows"] if row["kind"] == "actual"]
    assert inputs
    assert all(row["value"] is not None or row.get("growth_pct") is not None for row in inputs)


def test_a_record_is_never_written_over(here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RURAL_FORECAST_KEEP", "kept")
    cli("project", "turnover")
    (path,) = Path("kept").iterdir()
    cli("project", "turnover", "--year", "2020")
    assert len(list(Path("kept").iterdir())) == 2
    path.write_text("mine")
    done = cli("project", "turnover")
    assert (done.code, path.read_text()) == (6, "mine")
    assert cli("project", "turnover", "--keep", path).code == 6
