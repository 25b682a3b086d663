"""Doubtful or unused cells of a file are named by every command, in every format, and in Python."""

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.cli.surface import surface
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.render import formats
from tests.inside import Cli, rows

HEAD = "year,value\n2019,41\n2020,52\n"
WRONG = f"{HEAD}2021,60000\n2022,75\n2023,83\n"
SAID = "60,000 does not fit 52 (2020) and 75 (2022)"
MODEL = """unit = "items"
years = 2024
range_level = 80
[drivers.market]
series = "market.csv"
unit = "items"
[drivers.share]
value = "0.1..0.2"
unit = "share"
assumption = true
[stages]
sales = "market * share"
"""


@pytest.fixture
def market(here: Path) -> Path:
    Path("market.toml").write_text(MODEL)
    Path("market.csv").write_text(WRONG)
    return Path("market.csv")


def test_only_values_that_are_used_are_named_those_above_a_sizing_too_and_none_under_quiet(
    cli: Cli, market: Path
) -> None:
    assert SAID not in cli("project", market, "--since", "2022").err
    assert SAID not in cli("project", market, "--until", "2020").err
    assert cli("project", market, "-q").err == ""
    assert SAID in " ".join(cli("exhibit", market, "-f", "html").out.split())
    drivers = MODEL.replace('series = "market.csv"', 'value = "50..90"\nassumption = true')
    market.with_suffix(".toml").write_text(
        f'{drivers}\n[top_down]\nseries = "market.csv"\nstage = "sales"\n'
    )
    assert f"warning: market: 2021: {SAID}" in cli("size", "market.toml").err


def test_a_batch_has_one_line(cli: Cli, market: Path) -> None:
    lines = [f"s{place},{line}" for place in range(30) for line in WRONG.splitlines()[1:]]
    market.write_text("\n".join(["id,year,value", *lines, ""]))
    done = cli("batch", market, "--format", "json")
    first, *others = done.err.splitlines()
    assert first.startswith(
        "warning: 30 of 30 series need a look, first s0 2021: 60,000 does not fit"
    )
    assert others == ["30 series forecast"]
    assert done.out.count(f"2021: {SAID}") == 11  # the line, and the first ten


@pytest.mark.slow
def test_sources_and_growth_that_disagree_and_parts_that_are_not_used_are_named(
    cli: Cli, market: Path
) -> None:
    market.write_text(
        "year,value,source,growth_pct\n2019,41,a,\n2020,52,a,26.8\n2021,60,a,40\n2021,70,b,\n2022,75,a,25\n"
    )
    err = cli("project", market, "--format", "csv").err
    assert "warning: Sources differ in 2021: 60 (a); 70 (b)" in err
    assert "warning: 2021 is on a new basis: growth of 40 % is published, levels give 15 %" in err
    # Known of the catalogue, and in its notes.
    assert cli("project", "mofcom", "--format", "csv").err == ""
    market.write_text(
        "year,value\n2021,12\n2022,13\n2023H1,7\n2022H1,6\n2021H1,5.5\n", encoding="utf-8"
    )
    said = cli("growth", market).err
    assert "2021H1 and 2022H1 are parts of a year and not used" in said
    assert f"rural-forecast nowcast {market} --year 2023" in said
    for command in ("project", "compare"):
        said = cli(command, market).err
        assert "2023 is the nowcast from the first half" in said
        assert "not used" not in said
        assert (
            "2021H1 and 2022H1 are parts of a year and not used"
            in cli(command, market, "--until", 2022).err
        )
    told = cli("nowcast", market)
    assert "not used" not in told.err + told.out


SHEET = """Region,unit,2019,2020,2021,2022,2023,2024E,2O25,CAGR
North,bn CNY,41,52,60000,75,83,90,100,0.1
South,bn CNY,30,31,32,33,34,50,60,0.1
"""
CODES = ["mistyped_year", "left_out", "published_forecast"]
LEFT_OUT = ("'2O25' (not a year; 2025", "'CAGR' (not a year)", "'2024E'")
ONE = "sheet.csv --series North"
ADDED = {"nowcast": "--partial 2024H1=45", "scenario": "--growth 2024=4"}
COMMANDS = [
    one["name"]
    for one in surface()["commands"]
    if any("--until" in option["names"] for option in one["options"])
]
"""Those that forecast; tests of panels and of records hold those of their commands."""
LINES = [
    f"project {ONE} --format {form}" for form in formats.FORMATS if form not in ("parquet", "xlsx")
]
LINES += [
    f"{name} {ONE} {ADDED.get(name, '')} --format json"
    for name in COMMANDS
    if name not in ("chart", "exhibit")
]
LINES += [
    f"{line} --format json"
    for line in ("batch sheet.csv", "size market.toml --draws 2000", "growth sheet.csv")
]
LINES += [
    f"series show {ONE} --format json",
    f"series check {ONE} --format json",
    f"exhibit {ONE} -f html",
]
LINES += [
    "chart sheet.csv",
    f"chart {ONE} -f svg",
    *(f"project {ONE} -o a.{form}" for form in ("svg", "xlsx", "parquet")),
]


@pytest.fixture
def sheet(market: Path) -> Path:
    Path("market.toml").write_text(
        MODEL.replace("market.csv", "sheet.csv::North").replace("items", "bn CNY")
    )
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    return Path("sheet.csv")


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_every_command_warns_of_what_is_doubtful_and_of_what_is_left_out(
    line: str, sheet: Path, cli: Cli
) -> None:
    """The jump, the mistyped year, the column that is no year, and the published forecast."""
    done = cli(*line.split())
    assert done.code == (3 if line.startswith("series check") else 0), done.err
    warned = [one for one in done.err.splitlines() if one.startswith("warning: ")]
    for name in LEFT_OUT if line.startswith("series") else (*LEFT_OUT, SAID):
        assert sum(name in one for one in warned) == 1, (name, done.err)
    if line.endswith(" json"):
        assert {*CODES} <= {note["code"] for note in json.loads(done.out)["notes"]}
    if line.endswith((" json", "table", "markdown", "html")):
        assert "2O25" in done.out
        shown = " ".join(done.out.split())
        # Of which a page has the gravest.
        assert SAID in shown or line.startswith(("series show", "exhibit"))


@pytest.mark.slow
def test_quiet_runs_and_results_of_python_keep_the_notes(sheet: Path, cli: Cli) -> None:
    done = cli(*f"project {ONE} -q --history --format json".split())
    assert done.err == ""
    told = json.loads(done.out)
    assert {*CODES} <= {note["code"] for note in told["notes"]}
    published = [
        (row["period"], row["value"], row["model"])
        for row in told["rows"]
        if row["kind"] == "published"
    ]
    assert published == [(2024, 90, "sheet.csv")]
    assert 2024 not in [row["period"] for row in told["rows"] if row["kind"] == "actual"]
    series = rf.read(sheet, ReadOptions(series_id="North"))
    results = [rf.forecast(series), rf.compare(series), rf.backtest(series), rf.growth(series)]
    results += [rf.scenario(series, rf.Scenario(name="five", growth=5)), rf.batch(sheet)]
    for result in results:
        assert [note.code for note in result.notes if note.code in CODES] == CODES, type(result)
    assert [(note.code, note.warning) for note in series.reading_notes] == [
        (code, True) for code in CODES
    ]


BAD = """id,year,value
north,2019,41
north,2020,52
north,2021,60000
north,2022,75
north,2023,83
south,20l9,41
south,2020,52
south,2021,sixty
south,2022,70,1
west,2019,10
west,2020,12
west,2021,4
west,2O22,y
"""
FOUND = [
    ("north", "jump", "4", "3"),
    ("south", "unreadable", "7", "2"),
    ("south", "unreadable", "9", "3"),
    ("south", "unreadable", "10", ""),
    ("west", "fall", "13", "3"),
    ("west", "unreadable", "14", "2"),
    ("west", "unreadable", "14", "3"),
]


def test_a_check_lists_equal_faults_of_a_series_once_and_hides_no_other(
    cli: Cli, market: Path
) -> None:
    closed = "".join(f"north,{year},closed\n" for year in range(800, 2020))
    market.write_text(f"id,year,value\n{closed}south,2019,1\nsouth,20l9,2\nsouth,2020,x y\n")
    found = rows(cli("series", "check", market, "--format", "csv").out)
    assert [(one["series_id"], one["line"]) for one in found] == [
        ("north", "2"),
        ("south", "1223"),
        ("south", "1224"),
    ]
    assert found[0]["text"].endswith("; 1,220 cells in all")


def test_a_check_counts_the_faults_that_it_does_not_list(cli: Cli, market: Path) -> None:
    odd = "".join(f"north,{year},closed {year}\n" for year in range(800, 2020))
    market.write_text(f"id,year,value\n{odd}")
    found = rows(cli("series", "check", market, "--format", "csv").out)
    assert len(found) == 1000
    assert found[-1]["text"].endswith("; 220 more cells of this series are refused as well")


def test_a_check_lists_all_faults_of_all_series_with_their_places(cli: Cli, market: Path) -> None:
    market.write_text(BAD)
    done = cli("series", "check", market, "--format", "table")
    assert done.code == 3
    *lines, last = done.out.splitlines()
    places = [f"market.csv:{line}:{column}{':' if column else ''}" for _, _, line, column in FOUND]
    assert [line.split(" ")[0] for line in lines] == places
    assert lines[1].startswith(
        "market.csv:7:2: error: south: Column 'year': '20l9' is not a period."
    )
    assert last == "3 series, 5 years, 2019 to 2023; 7 findings."
    done = cli("series", "check", market, "--format", "csv")
    assert done.code == 3
    keys = ("series_id", "code", "path", "line", "column")
    assert [tuple(one[key] for key in keys) for one in rows(done.out)] == [
        (*found[:2], "market.csv", *found[2:]) for found in FOUND
    ]
    document = json.loads(cli("series", "check", market, "--format", "json").out)
    assert [one["id"] for one in document["series"]] == ["north", "south", "west"]
    assert document["rows"][0]["line"] == 4


def test_cells_of_a_workbook_have_places_and_what_is_sound_says_so(
    cli: Cli, tmp_path: Path
) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["year", "value"], [2020, 5], [2021, "q"], ["y", 7], [2023, 8]]):
            sheet.write_row(at + 1, 1, row)
    done = cli("series", "check", tmp_path / "book.xlsx", "--format", "csv")
    assert [(one["line"], one["column"]) for one in rows(done.out)] == [("4", "3"), ("5", "2")]
    done = cli(
        "series",
        "check",
        "-",
        "--format",
        "table",
        stdin="id,year,value\na,2022,1\na,2023,2\nb,2023,1\n",
    )
    assert (done.code, done.out, done.err) == (
        0,
        "2 series, 2 years, 2022 and 2023; nothing found.\n",
        "",
    )
    done = cli("series", "check", "mofcom", "--format", "table")
    assert done.code == 3
    assert done.out.startswith("Check of Rural online retail sales")
    assert "Severity" in done.out
    assert {
        one["path"] for one in rows(cli("series", "check", "mofcom", "--format", "csv").out)
    } == {""}
