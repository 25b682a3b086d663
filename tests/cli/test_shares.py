"""Shares of a whole are read as rates in every format, and every output says so; they follow
markets that are ahead.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests import schemas
from tests.inside import Cli, Outcome, rows

NAME = "BEV share of new cars (%)"
VALUES = (20, 30, 45, 62, 75, 88)
PAIRS = list(zip(range(2019, 2025), VALUES, strict=True))
FRAME = pd.DataFrame(PAIRS, columns=["year", NAME], dtype=float).astype({"year": int})


def long(name: str, values: tuple[float, ...] = VALUES) -> str:
    lines = (f"{year},{value}\n" for year, value in zip(range(2019, 2025), values, strict=True))
    return f"year,{name}\n" + "".join(lines)


def many(*names: str) -> str:
    return "id,year,value\n" + "".join(
        f'"{name}",{year},{value}\n' for name in names for year, value in PAIRS
    )


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
    "rows.parquet": lambda path: FRAME.to_parquet(path, index=False),
    "plain.xlsx": lambda path: FRAME.to_excel(path, index=False, engine="xlsxwriter"),
}


@pytest.mark.parametrize("command", ["project", "batch"])
@pytest.mark.parametrize("name", FILES)
def test_a_share_in_percent_ends_at_a_hundred(
    cli: Cli, command: str, name: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    text = FILES[name]
    file.write_text(text) if isinstance(text, str) else text(file)
    done = cli(command, file, "--year", "2035", "--format", "json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert max(row["upper_95"] for row in told["rows"]) <= 100
    assert [note["code"] for note in told["notes"]].count("read_as_rate") == 1
    assert done.err.count("rate that ends at 100") == 1
    assert command == "batch" or told["series"][0]["measure"] == "rate"


CELLS = [
    (form, head, True)
    for form in ("0.0 %", "0.00%;[Red]-0.00%", '0.0"\u2009"%')
    for head in ("BEV share", NAME)
]
CELLS += [(form, "BEV share", False) for form in ("0.00", '0.0" % of sales"', r"0.0\%")] + [
    ("0 %", "Margin", False)
]


@pytest.mark.parametrize(("form", "head", "bound"), CELLS)
def test_percent_cells_of_a_workbook_are_fractions_that_end_at_one_and_others_are_not(
    cli: Cli, form: str, head: str, bound: bool, tmp_path: Path
) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        shown = book.add_format({"num_format": form})
        sheet.write_row(0, 0, ["year", head])
        for row, (year, value) in enumerate(PAIRS, 1):
            sheet.write(row, 0, year)
            sheet.write(row, 1, value / 100, shown)
    done = cli("project", tmp_path / "a.xlsx", "--year", "2035", "--format", "csv")
    if bound:
        assert highest(done) <= 1
        assert {row["unit"] for row in rows(done.out)} == {"fraction"}
        assert "ends at 1:" in done.err
    else:
        assert highest(done, "value" if head == "Margin" else "upper_95") > 1
        assert "ends at" not in done.err
        assert "The forecast passes 1, that is 100 %" in done.err


ASKED = ("project", "-", "--year", "2035", "--format", "csv")


@pytest.mark.parametrize(
    "head", ["Operating margin (%)", "Debt (% of GDP)", "Interest (%)", "Growth of EV share (%)"]
)
def test_any_other_percent_stays_unbounded_and_says_where_it_passes_a_hundred(
    cli: Cli, head: str
) -> None:
    done = cli(*ASKED, stdin=long(f'"{head}"'))
    assert highest(done, "value") > 100
    assert "The forecast passes 100 %" in done.err


def test_what_passed_the_whole_is_no_share_and_a_measure_overrules(cli: Cli) -> None:
    done = cli(*ASKED, stdin=long(NAME, (20, 40, 60, 80, 95, 104)))
    assert highest(done, "value") > 104
    assert done.err == ""
    assert highest(cli(*ASKED, "--measure", "flow", stdin=long(NAME)), "value") > 100
    bound = cli(*ASKED, "--measure", "rate", stdin=long("Margin (%)"))
    assert (highest(bound) <= 100, bound.err) == (True, "")
    assert cli(*ASKED, "--measure", "growth", stdin=long("x")).code == 2
    stated = "series_id,year,value,measure\n" + "".join(
        f"EV share %,{y},{v},flow\n" for y, v in PAIRS
    )
    assert highest(cli(*ASKED, stdin=stated), "value") > 100
    done = cli("nowcast", "-", "--partial", "2025H1=45", stdin=long(NAME))
    assert (done.code, "--measure flow" in done.err) == (2, True)


def test_a_batch_has_one_line_and_matches_a_single_series(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    names = ("EV share (%)", "Margin (%)", "Sales", "Internet users (% of people)")
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
            assert [row[column] for row in mine] == pytest.approx(
                [row[column] for row in alone], rel=1e-12
            )
    assert highest(cli("batch", *asked, "csv", "--measure", "flow")) > 100
    assert highest(cli("batch", *asked, "csv", "--measure", "rate")) <= 100


def test_a_frame_is_read_as_a_file_is_and_a_batch_of_which_some_are_refused_knows_its_shares(
    tmp_path: Path,
) -> None:
    table = FRAME.assign(id="north")[["id", "year", NAME]]
    with pytest.warns(UserWarning, match="rate that ends at 100"):
        bound = rf.forecast_frame(table, horizon=12)
    assert bound.upper_95.max() <= 100
    assert set(bound.unit) == {"%"}
    with pytest.warns(UserWarning, match="passes 100 %"):
        free = rf.forecast_frame(table, horizon=12, measure="stock")
    assert free.upper_95.max() > 100
    with pytest.raises(UsageError, match="'share' is not a measure"):
        rf.forecast_frame(table, measure="share")
    file = tmp_path / "a.csv"
    refused = "gap (%) share,2019,50\ngap (%) share,2022,60\n"
    above = "".join(f"high share %,{year},{value + 20}\n" for year, value in PAIRS)
    file.write_text(many("EV share %") + refused + above)
    done = rf.batch(file, horizon=12)
    assert list(done.refused.series_id) == ["gap (%) share"]
    top = done.forecasts.groupby("series_id").upper_95.max()
    assert top["EV share %"] <= 100 < top["high share %"]
    assert [note.code for note in done.notes] == ["read_as_rate", "subject_read"]


INDICATOR = "Internet users (% of population)"
YEARS_ACROSS = "2019,2020,2021,2022,2023,2024"
VALUES_ACROSS = ",".join(map(str, VALUES))


def of_countries(line: str) -> str:
    return "".join(line.replace("COUNTRY", country) for country in ("Kenya", "Ghana"))


def with_indicator(name: str) -> str:
    lines = [f"COUNTRY,{name},{year},{value}\n" for year, value in PAIRS]
    return "country,indicator,year,value\n" + "".join(map(of_countries, lines))


NAMED_BESIDE = {
    "in a column": with_indicator(INDICATOR),
    "in a title": f"{INDICATOR}\n\ncountry,{YEARS_ACROSS}\n"
    + of_countries(f"COUNTRY,{VALUES_ACROSS}\n"),
    "below a preamble": "Data Source,World Development Indicators,\n\n"
    f"Country Name,Indicator Name,{YEARS_ACROSS}\n"
    + of_countries(f"COUNTRY,{INDICATOR},{VALUES_ACROSS}\n"),
}


@pytest.mark.parametrize("form", NAMED_BESIDE)
def test_a_share_that_a_label_or_title_names_is_one_through_every_door(
    form: str, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "wdi.csv"
    file.write_text(NAMED_BESIDE[form])
    lines = ("--year", "2035", "--format", "csv")
    alone = rows(cli("project", file, "--series", "Kenya", *lines).out)
    assert max(float(row["upper_95"]) for row in alone) <= 100
    together = rows(cli("batch", file, *lines).out)
    assert [row for row in together if row["series_id"] == "Kenya"] == alone
    refused = cli("panel", file)
    assert (refused.code, "do not add up" in refused.err) == (3, True)


def test_a_share_that_a_column_of_a_frame_names_is_one() -> None:
    frame = pd.DataFrame(PAIRS, columns=["year", "value"]).assign(
        country="Kenya", indicator=INDICATOR
    )
    result = rf.forecast_frame(frame, horizon=12)
    assert result.upper_95.max() <= 100


def test_growth_that_a_label_names_is_no_share_in_a_batch(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "growth.csv"
    file.write_text(with_indicator("Growth of internet users (%)"))
    done = cli("batch", file, "--year", "2035", "--format", "csv")
    assert highest(done) > 100
    assert "rate that ends at" not in done.err


SHARES = {
    "Norway": (1, 3, 9, 22, 45, 70, 82),
    "Sweden": (0.2, 1, 3, 8, 20, 41, 60),
    "Chad": (0, 0, 0.1, 0.1, 0.2, 0.2, 0.3),
    "Germany": (0.1, 0.3, 0.9, 2.5, 6, 12, 19),
}
GERMANY = "cars.csv::Germany"


@pytest.fixture
def cars(here: Path) -> None:
    """A file of shares of four countries."""
    lines = [
        f"{name},{2015 + at},{value}"
        for name, shares in SHARES.items()
        for at, value in enumerate(shares)
    ]
    Path("cars.csv").write_text("\n".join(["country,year,share of sales (%)", *lines]) + "\n")


@pytest.mark.usefixtures("cars")
def test_leaders_are_named_or_a_whole_file_and_one_that_is_not_ahead_is_a_warning(cli: Cli) -> None:
    for line, names in (
        ("--like ::Norway --like cars.csv::Sweden", ["Norway", "Sweden"]),
        ("--like cars.csv", ["Norway", "Sweden"]),
        ("--like cars.csv --until 2017", ["Sweden"]),
        ("--like ::Chad", []),
    ):
        told = json.loads(cli("project", GERMANY, *line.split(), "--format", "json").out)
        schemas.check(told, "forecast")
        assert [leader["name"] for leader in told.get("figures", {}).get("leaders", [])] == names
    alone, with_chad = (cli("project", GERMANY, *more) for more in ((), ("--like", "::Chad")))
    assert rows(alone.out) == rows(with_chad.out)
    assert "warning: No leading market" in with_chad.err
    for line in ("--like turnover", "--like ::none", "--like ::Norway --model drift"):
        assert cli("project", GERMANY, *line.split()).code == 2
    result = rf.forecast(GERMANY, like=["::Norway", "cars.csv::Sweden"])
    assert [lead.name for lead in result.leads] == ["Norway", "Sweden"]
    typed = rows(cli("project", GERMANY, "--like", "::Norway", "--like", "::Sweden").out)
    assert [float(row["value"]) for row in typed] == result.best.values.tolist()


@pytest.mark.parametrize("command", ["project --explain", "compare", "precedents"])
@pytest.mark.slow
@pytest.mark.usefixtures("cars")
def test_every_command_names_them(command: str, cli: Cli) -> None:
    line = (*command.split(), GERMANY, "--like", "::Norway", "--horizon", "2")
    assert "Leading markets" in cli(*line, "--format", "markdown").out
    told = json.loads(cli(*line, "--format", "json").out)
    assert "led" in {note["code"] for note in told["notes"]}


@pytest.mark.usefixtures("cars")
def test_a_part_has_the_shares_of_its_total(cli: Cli) -> None:
    line = ("project", GERMANY, "--horizon", "2")
    told = json.loads(cli(*line, "--within", "::Norway", "--format", "json").out)
    assert [year["period"] for year in told["figures"]["within"]["shares"]] == [2022, 2023]
    assert told["figures"]["within"]["total"] == "Norway"
    assert (
        "Share of " in cli(*line, "--within", "::Norway", "--explain", "--format", "markdown").out
    )
    assert cli(*line, "--within", "cars.csv").code == 2
    assert cli(*line, "--within", "::Chad").code == 2
