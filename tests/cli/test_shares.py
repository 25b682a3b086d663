"""Shares of a whole are read as rates in every format, and every output says so."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests.inside import Cli, Outcome, rows

NAME = "BEV share of new cars (%)"
VALUES = (20, 30, 45, 62, 75, 88)
PAIRS = list(zip(range(2019, 2025), VALUES, strict=True))


def long(name: str, values: tuple[float, ...] = VALUES) -> str:
    return f"year,{name}\n" + "".join(
        f"{year},{value}\n" for year, value in zip(range(2019, 2025), values, strict=True)
    )


def many(*names: str) -> str:
    return "id,year,value\n" + "".join(f'"{name}",{year},{value}\n' for name in names for year, value in PAIRS)


def frame() -> pd.DataFrame:
    return pd.DataFrame(PAIRS, columns=["year", NAME], dtype=float).astype({"year": int})


def workbook(path: Path, form: str, head: str = "BEV share") -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(path) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": form})
        sheet.write_row(0, 0, ["year", head])
        for row, (year, value) in enumerate(PAIRS, 1):
            sheet.write(row, 0, year)
            sheet.write(row, 1, value / 100, shown)
    return path


def highest(done: Outcome, column: str = "upper_95") -> float:
    return max(float(row[column]) for row in rows(done.out))


FILES: dict[str, str | Callable[[Path], None]] = {
    "long.csv": long(NAME),
    "bev_share_pct.csv": long("bev_share_pct"),
    "adoption.csv": long("value (%)"),
    "unit.csv": "id,year,value,unit\n" + "".join(f"BEV share,{y},{v},%\n" for y, v in PAIRS),
    "chinese.csv": long("新能源汽车渗透率（%）"),
    "wide.csv": f'name,{",".join(str(y) for y, _ in PAIRS)}\n"{NAME}",{",".join(map(str, VALUES))}\n',
    "rows.ndjson": "".join(json.dumps({"year": y, NAME: v}) + "\n" for y, v in PAIRS),
    "rows.parquet": lambda path: frame().to_parquet(path, index=False),
    "plain.xlsx": lambda path: frame().to_excel(path, index=False, engine="xlsxwriter"),
}


@pytest.mark.parametrize("command", ["project", "batch"])
@pytest.mark.parametrize("name", FILES)
def test_a_share_in_percent_ends_at_a_hundred(cli: Cli, command: str, name: str, tmp_path: Path) -> None:
    file, text = tmp_path / name, FILES[name]
    file.write_text(text) if isinstance(text, str) else text(file)
    done = cli(command, file, "--year", "2035", "--format", "json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert max(row["upper_95"] for row in told["rows"]) <= 100
    assert [note["code"] for note in told["notes"]].count("read_as_rate") == 1
    assert done.err.count("rate that ends at 100") == 1
    assert command == "batch" or told["series"][0]["measure"] == "rate"


@pytest.mark.parametrize("head", ["BEV share", NAME])
@pytest.mark.parametrize("form", ["0.0 %", "0.00%;[Red]-0.00%", '0.0"\u2009"%'])
def test_percent_cells_of_a_workbook_are_fractions_that_end_at_one(
    cli: Cli, form: str, head: str, tmp_path: Path
) -> None:
    done = cli("project", workbook(tmp_path / "a.xlsx", form, head), "--year", "2035", "--format", "csv")
    assert highest(done) <= 1
    assert {row["unit"] for row in rows(done.out)} == {"fraction"}
    assert "ends at 1:" in done.err


@pytest.mark.parametrize(
    ("form", "head"),
    [("0.00", "BEV share"), ('0.0" % of sales"', "BEV share"), (r"0.0\%", "BEV share"), ("0 %", "Margin")],
)
def test_other_cells_of_a_workbook_are_not(cli: Cli, form: str, head: str, tmp_path: Path) -> None:
    done = cli("project", workbook(tmp_path / "a.xlsx", form, head), "--year", "2035", "--format", "csv")
    assert highest(done, "value" if head == "Margin" else "upper_95") > 1
    assert "ends at" not in done.err
    assert "The forecast passes 1, that is 100 %" in done.err


@pytest.mark.parametrize("head", ["Operating margin (%)", "Debt (% of GDP)", "Interest (%)", "Growth of EV share (%)"])
def test_any_other_percent_stays_unbounded_and_says_where_it_passes_a_hundred(cli: Cli, head: str) -> None:
    done = cli("project", "-", "--year", "2035", "--format", "csv", stdin=long(f'"{head}"'))
    assert highest(done, "value") > 100
    assert "The forecast passes 100 %" in done.err


def test_what_passed_the_whole_is_no_share(cli: Cli) -> None:
    done = cli("project", "-", "--year", "2035", "--format", "csv", stdin=long(NAME, (20, 40, 60, 80, 95, 104)))
    assert highest(done, "value") > 104
    assert done.err == ""


def test_measure_overrules(cli: Cli) -> None:
    asked = ("project", "-", "--year", "2035", "--format", "csv", "--measure")
    assert highest(cli(*asked, "flow", stdin=long(NAME)), "value") > 100
    bound = cli(*asked, "rate", stdin=long("Margin (%)"))
    assert (highest(bound) <= 100, bound.err) == (True, "")
    assert cli(*asked, "growth", stdin=long("x")).code == 2
    stated = "series_id,year,value,measure\n" + "".join(f"EV share %,{y},{v},flow\n" for y, v in PAIRS)
    assert highest(cli(*asked[:-1], stdin=stated), "value") > 100


def test_a_nowcast_refuses_a_share(cli: Cli) -> None:
    done = cli("nowcast", "-", "--partial", "2025H1=45", stdin=long(NAME))
    assert done.code == 2
    assert "--measure flow" in done.err


def test_a_batch_has_one_line_and_matches_a_single_series(cli: Cli, tmp_path: Path) -> None:
    file, names = tmp_path / "many.csv", ("EV share (%)", "Margin (%)", "Sales", "Internet users (% of people)")
    file.write_text(many(*names))
    asked = (file, "--year", "2035", "--format")
    done = cli("batch", *asked, "json")
    assert done.err.count("rate that ends at 100") == done.err.count("passes 100 %") == 1
    together = json.loads(done.out)["rows"]
    for name in names:
        alone = json.loads(cli("project", *asked, "json", "--series", name).out)["rows"]
        mine = [row for row in together if row["series_id"] == name]
        assert [row["unit"] for row in mine] == [row["unit"] for row in alone]
        for column in ("value", "upper_95"):
            assert [row[column] for row in mine] == pytest.approx([row[column] for row in alone], rel=1e-12)
    assert highest(cli("batch", *asked, "csv", "--measure", "flow")) > 100
    assert highest(cli("batch", *asked, "csv", "--measure", "rate")) <= 100


def test_a_frame_is_read_as_a_file_is() -> None:
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


def test_a_batch_of_which_some_are_refused_knows_its_shares(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    refused = "gap (%) share,2019,50\ngap (%) share,2022,60\n"
    above = "".join(f"high share %,{year},{value + 20}\n" for year, value in PAIRS)
    file.write_text(many("EV share %") + refused + above)
    done = rf.batch(file, horizon=12)
    assert list(done.refused.series_id) == ["gap (%) share"]
    top = done.forecasts.groupby("series_id").upper_95.max()
    assert top["EV share %"] <= 100 < top["high share %"]
    assert [note.code for note in done.notes] == ["read_as_rate"]
