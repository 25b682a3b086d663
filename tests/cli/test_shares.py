"""Shares of a whole are read as rates in every format, and every output says so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests.inside import Cli, rows

NAME = "BEV share of new cars (%)"
VALUES = (20, 30, 45, 62, 75, 88)
YEARS = range(2019, 2025)


PAIRS = list(zip(YEARS, VALUES, strict=True))


def long(name: str, values: tuple[float, ...] = VALUES) -> str:
    return f"year,{name}\n" + "".join(f"{year},{value}\n" for year, value in zip(YEARS, values, strict=True))


def wide(name: str, values: tuple[float, ...] = VALUES) -> str:
    return f"name,{','.join(map(str, YEARS))}\n{name},{','.join(map(str, values))}\n"


def workbook(path: Path, form: str, head: str = "BEV share", values: tuple[float, ...] = VALUES) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(path) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": form})
        sheet.write_row(0, 0, ["year", head])
        for row, (year, value) in enumerate(zip(YEARS, values, strict=True), 1):
            sheet.write(row, 0, year)
            sheet.write(row, 1, value / 100, shown)
    return path


def frame() -> pd.DataFrame:
    return pd.DataFrame({"year": list(YEARS), NAME: [float(value) for value in VALUES]})


def _text(text: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(text) and None


FILES: dict[str, Callable[[Path], None]] = {
    "long.csv": _text(long(NAME)),
    "bev_share_pct.csv": _text(long("bev_share_pct")),
    "adoption.csv": _text(long("value (%)")),
    "unit.csv": _text("id,year,value,unit\n" + "".join(f"BEV share,{y},{v},%\n" for y, v in PAIRS)),
    "chinese.csv": _text(long("新能源汽车渗透率（%）")),
    "wide.csv": _text(wide(f'"{NAME}"')),
    "rows.json": _text(json.dumps([{"year": y, NAME: v} for y, v in PAIRS])),
    "rows.ndjson": _text("".join(json.dumps({"year": y, NAME: v}) + "\n" for y, v in PAIRS)),
    "rows.parquet": lambda path: frame().to_parquet(path, index=False),
    "plain.xlsx": lambda path: frame().to_excel(path, index=False, engine="xlsxwriter"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_share_in_percent_ends_at_a_hundred_in_every_format(cli: Cli, name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    done = cli("project", tmp_path / name, "--year", "2035", "--format", "json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert max(row["upper_95"] for row in told["rows"]) <= 100
    assert told["series"][0]["measure"] == "rate"
    assert sum("rate that ends at 100 (--measure flow overrules)" in note["text"] for note in told["notes"]) == 1
    assert done.err.count("rate that ends at 100") == 1


@pytest.mark.parametrize("form", ["0.0 %", "0%", "0.00%;[Red]-0.00%", '0.0"\u2009"%'])
def test_percent_cells_of_a_workbook_are_fractions_that_end_at_one(cli: Cli, form: str, tmp_path: Path) -> None:
    for head in ("BEV share", NAME):
        file = workbook(tmp_path / "a.xlsx", form, head)
        done = cli("project", file, "--year", "2035", "--format", "csv")
        assert done.code == 0, done.err
        assert max(float(row["upper_95"]) for row in rows(done.out)) <= 1
        assert {row["unit"] for row in rows(done.out)} == {"fraction"}
        assert "ends at 1 (" in done.err


@pytest.mark.parametrize("form", ["0.00", '0.0" % of sales"', r"0.0\%", "General"])
def test_other_cells_of_a_workbook_are_not(cli: Cli, form: str, tmp_path: Path) -> None:
    done = cli("project", workbook(tmp_path / "a.xlsx", form), "--year", "2035", "--format", "csv")
    assert max(float(row["upper_95"]) for row in rows(done.out)) > 1
    assert "ends at" not in done.err
    assert "The forecast passes 1, that is 100 %" in done.err


def test_a_margin_shown_in_percent_stays_unbounded_and_says_where_it_passes_one(cli: Cli, tmp_path: Path) -> None:
    done = cli("project", workbook(tmp_path / "a.xlsx", "0 %", "Margin"), "--year", "2035", "--format", "csv")
    assert max(float(row["value"]) for row in rows(done.out)) > 1
    assert "The forecast passes 1, that is 100 %" in done.err


@pytest.mark.parametrize("head", ["Operating margin (%)", "Debt (% of GDP)", "Interest (%)", "Growth of EV share (%)"])
def test_any_other_percent_stays_unbounded_and_says_where_it_passes_a_hundred(cli: Cli, head: str) -> None:
    done = cli("project", "-", "--year", "2035", "--format", "csv", stdin=long(f'"{head}"'))
    assert max(float(row["value"]) for row in rows(done.out)) > 100
    assert "The forecast passes 100 %" in done.err
    assert "--measure rate" in done.err


def test_what_passed_the_whole_is_no_share(cli: Cli) -> None:
    done = cli("project", "-", "--year", "2035", "--format", "csv", stdin=long(NAME, (20, 40, 60, 80, 95, 104)))
    assert max(float(row["value"]) for row in rows(done.out)) > 104
    assert done.err == ""


def test_measure_overrules(cli: Cli) -> None:
    free = cli("project", "-", "--year", "2035", "--measure", "flow", "--format", "csv", stdin=long(NAME))
    assert max(float(row["value"]) for row in rows(free.out)) > 100
    bound = cli("project", "-", "--year", "2035", "--measure", "rate", "--format", "csv", stdin=long("Margin (%)"))
    assert max(float(row["upper_95"]) for row in rows(bound.out)) <= 100
    assert bound.err == ""
    growth = cli("project", "-", "--measure", "growth", stdin=long("x"))
    assert growth.code == 2
    assert "not something to forecast" in growth.err
    stated = "series_id,year,value,measure\n" + "".join(f"EV share %,{y},{v},flow\n" for y, v in PAIRS)
    said = cli("project", "-", "--year", "2035", "--format", "csv", stdin=stated)
    assert max(float(row["value"]) for row in rows(said.out)) > 100
    assert "rate that" not in said.err


COMMANDS = {
    "project": (),
    "compare": (),
    "chart": (),
    "backtest": (),
    "growth": (),
    "exhibit": ("-o", "a.html"),
    "scenario": ("--shock", "2026=-2"),
    "series show": (),
    "series check": (),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_so(cli: Cli, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(long(NAME))
    done = cli(*command.split(), "a.csv", *COMMANDS[command])
    assert done.code == 0, done.err
    assert done.err.count("rate that ends at 100") == 1


def test_a_nowcast_refuses_a_share_by_name(cli: Cli) -> None:
    done = cli("nowcast", "-", "--partial", "2025H1=45", stdin=long(NAME))
    assert done.code == 2
    assert "is a rate, not a flow" in done.err
    assert "--measure flow" in done.err


def test_a_batch_says_it_in_one_line_and_matches_a_single_series(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    names = ("EV share (%)", "Margin (%)", "Sales", "Internet users (% of people)")
    table = [f'"{name}",{year},{value}' for name in names for year, value in PAIRS]
    file.write_text("id,year,value\n" + "\n".join(table) + "\n")
    done = cli("batch", file, "--year", "2035", "--format", "json")
    assert done.code == 0, done.err
    assert done.err.count("rates that end at 100") == 1
    assert done.err.count("passes 100 %") == 1
    told = json.loads(done.out)
    assert any("rates that end at 100" in note["text"] for note in told["notes"])
    assert any("passes 100 %" in note["text"] for note in told["notes"])
    for name in names:
        alone = json.loads(cli("project", file, "--series", name, "--year", "2035", "--format", "json").out)["rows"]
        mine = [row for row in told["rows"] if row["series_id"] == name]
        assert [row["unit"] for row in mine] == [row["unit"] for row in alone]
        assert [row["value"] for row in mine] == pytest.approx([row["value"] for row in alone], rel=1e-12)
        assert [row["upper_95"] for row in mine] == pytest.approx([row["upper_95"] for row in alone], rel=1e-12)
    free = cli("batch", file, "--year", "2035", "--measure", "flow", "--format", "csv")
    assert max(float(row["value"]) for row in csv.DictReader(io.StringIO(free.out))) > 100
    bound = cli("batch", file, "--year", "2035", "--measure", "rate", "--format", "csv")
    assert max(float(row["upper_95"]) for row in csv.DictReader(io.StringIO(bound.out))) <= 100


def test_a_batch_counts_the_growth_that_it_forecasts_as_amounts(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    table = [f'"{name}",{year},{value}' for name in ("GDP growth (%)", "Sales") for year, value in PAIRS]
    file.write_text("id,year,value\n" + "\n".join(table) + "\n")
    done = cli("batch", file, "--horizon", "1", "--format", "csv")
    assert done.err.count("is forecast as an amount in 1 series (such as 'GDP growth (%)')") == 1
    alone = cli("project", file, "--series", "GDP growth (%)", "--format", "csv")
    assert alone.err.count("Growth in percent (by name and unit) is forecast as an amount.") == 1


@pytest.mark.parametrize("name", FILES)
def test_a_batch_reads_a_share_in_every_format(cli: Cli, name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    done = cli("batch", tmp_path / name, "--year", "2035", "--format", "csv")
    assert done.code == 0, done.err
    assert max(float(row["upper_95"]) for row in rows(done.out)) <= 100
    assert done.err.count("rate that ends at 100") == 1


def test_a_frame_is_read_as_a_file_is_and_says_so_as_a_warning() -> None:
    table = frame().assign(id="north")[["id", "year", NAME]]
    with pytest.warns(UserWarning, match="rate that ends at 100"):
        bound = rf.forecast_frame(table, horizon=12)
    assert bound.upper_95.max() <= 100
    assert set(bound.unit) == {"%"}
    with pytest.warns(UserWarning, match="passes 100 %"):
        free = rf.forecast_frame(table, horizon=12, measure="stock")
    assert free.upper_95.max() > 100
    with pytest.raises(UsageError, match="'share' is not a measure"):
        rf.forecast_frame(table, measure="share")


class Kept(list):
    def write(self, payload: object) -> None:
        self.append(payload)


def test_a_batch_of_many_series_of_which_some_are_refused_knows_its_shares(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = ["gap (%) share,2019,50", "gap (%) share,2022,60"]
    rows += [f"EV share %,{year},{value}" for year, value in PAIRS]
    rows += [f"high share %,{year},{value + 20}" for year, value in PAIRS]
    file.write_text("id,year,value\n" + "\n".join(rows) + "\n")
    done = rf.batch(file, horizon=12)
    assert list(done.refused.series_id) == ["gap (%) share"]
    highest = done.forecasts.groupby("series_id").upper_95.max()
    assert highest["EV share %"] <= 100 < highest["high share %"]
    assert [note.code for note in done.notes] == ["read_as_rate"]
