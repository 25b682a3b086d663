"""`series check`: all faults of all series of a file at once."""

import json
from pathlib import Path

import pytest

from tests.inside import Cli, rows

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


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("market.csv")
    path.write_text(BAD)
    return path


def test_people_get_a_line_a_finding(cli: Cli, bad: Path) -> None:
    done = cli("series", "check", bad, "--format", "table")
    assert done.code == 3
    lines = done.out.splitlines()
    assert [line.split(" ")[0] for line in lines[:-1]] == [
        "market.csv:4:3:",
        "market.csv:7:2:",
        "market.csv:9:3:",
        "market.csv:10:",
        "market.csv:13:3:",
        "market.csv:14:2:",
        "market.csv:14:3:",
    ]
    assert lines[1].startswith("market.csv:7:2: error: south: Column 'year': '20l9' is not a period.")
    assert lines[-1] == "3 series, 5 years, 2019 to 2023; 7 findings."


def test_machine_rows_end_with_the_place(cli: Cli, bad: Path) -> None:
    done = cli("series", "check", bad, "--format", "csv")
    assert done.code == 3
    found = [(one["series_id"], one["code"], one["path"], one["line"], one["column"]) for one in rows(done.out)]
    assert found == [
        ("north", "jump", "market.csv", "4", "3"),
        ("south", "unreadable", "market.csv", "7", "2"),
        ("south", "unreadable", "market.csv", "9", "3"),
        ("south", "unreadable", "market.csv", "10", ""),
        ("west", "fall", "market.csv", "13", "3"),
        ("west", "unreadable", "market.csv", "14", "2"),
        ("west", "unreadable", "market.csv", "14", "3"),
    ]
    document = json.loads(cli("series", "check", bad, "--format", "json").out)
    assert [one["id"] for one in document["series"]] == ["north", "south", "west"]
    assert document["rows"][0]["line"] == 4


def test_cells_of_a_workbook(cli: Cli, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["year", "value"], [2020, 5], [2021, "q"], ["y", 7], [2023, 8]]):
            sheet.write_row(at + 1, 1, row)
    done = cli("series", "check", tmp_path / "book.xlsx", "--format", "csv")
    assert [(one["line"], one["column"]) for one in rows(done.out)] == [("4", "3"), ("5", "2")]


def test_nothing_to_mend(cli: Cli) -> None:
    done = cli("series", "check", "-", "--format", "table", stdin="id,year,value\na,2022,1\na,2023,2\nb,2023,1\n")
    assert (done.code, done.out, done.err) == (0, "2 series, 2 years, 2022 and 2023; nothing found.\n", "")


def test_a_series_of_the_catalogue_is_a_table(cli: Cli) -> None:
    done = cli("series", "check", "mofcom", "--format", "table")
    assert done.code == 3
    assert done.out.startswith("Check of Rural online retail sales")
    assert "Severity" in done.out
    assert {one["path"] for one in rows(cli("series", "check", "mofcom", "--format", "csv").out)} == {""}
