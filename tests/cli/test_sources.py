"""Sources as they are named, left out, piped in or chosen from a file of several."""

import os
from pathlib import Path

import pytest

from rural_forecast.series.source import read
from rural_forecast.series.source_names import split
from tests.inside import Cli, rows
from tests.programs import shell

MARKET = "year,value\n2014,180\n2015,353\n2016,482\n"
TWO = "series_id,year,value\neast,2019,1\neast,2020,2\nwest,2019,3\nwest,2020,4\n"
NOTE = "note: no SOURCE given, using rural_online_shopping_turnover"
WAITING = "warning: there is data on standard input, and it is not read; give '-' to read it"
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are those of POSIX")


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize(
    ("line", "waits"),
    [
        ("cat market.csv | (sleep 0.3; rf project -q)", True),
        ("rf project -q < market.csv", True),
        ("rf growth < market.csv", True),
        ("rf project -q < /dev/null", False),
        ("rf project -q < empty", False),
        ("rf project -q <&-", False),
        ("true | rf project -q", False),
        ("cat market.csv | (sleep 0.3; rf project -q turnover)", None),
        ("rf project -q turnover < market.csv", None),
    ],
)
def test_the_series_used_is_named_and_data_left_unread_is_said(line: str, waits: bool | None, tmp_path: Path) -> None:
    """None where a source is named, so that nothing is to be said."""
    (tmp_path / "market.csv").write_text(MARKET)
    (tmp_path / "empty").write_text("")
    done = shell(line, cwd=tmp_path)
    assert done.code == 0, done.err
    assert (NOTE in done.err) == (waits is not None)
    assert (WAITING in done.err) == (waits is True)
    if waits is None:
        assert done.err == ""


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize(
    "line",
    [
        "rf project <(sleep 0.3; cat market.csv)",
        "cat market.csv | rf project /dev/stdin",
        "cat market.csv | rf project /dev/fd/0",
        "rf project /dev/stdin < market.csv",
        "(cat market.csv > fifo) & rf project ./fifo; wait",
        'rf project <(echo \'{"2014": 180, "2015": 353, "2016": 482}\')',
        "rf batch <(cat market.csv)",
        "cat market.csv | rf batch /dev/stdin",
        "rf growth /dev/stdin < market.csv",
        "rf chart /dev/stdin --format table < market.csv",
        "rf series check /dev/stdin < market.csv",
    ],
)
def test_pipes_without_a_suffix_are_read_as_standard_input_is(line: str, tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text(MARKET)
    os.mkfifo(tmp_path / "fifo")
    done = shell(line, cwd=tmp_path, fresh="<(" in line)
    like = shell(
        f"cat market.csv | rf {line.partition('rf ')[2].split(maxsplit=1)[0]} - {_options(line)}", cwd=tmp_path
    )
    if "series check" not in line:
        assert (done.code, done.out) == (0, like.out), done.err
    assert done.code == 0, done.err


def _options(line: str) -> str:
    return "--format table" if "--format table" in line else ""


@pytest.mark.slow
@POSIX
def test_models_and_scenarios_are_read_from_pipes(tmp_path: Path) -> None:
    made = shell("rf size rural_retailer --print-model > model.toml", cwd=tmp_path)
    assert made.code == 0
    plain = shell("rf size model.toml --draws 2000", cwd=tmp_path)
    done = shell("rf size /dev/stdin --draws 2000 < model.toml", cwd=tmp_path)
    assert (done.code, done.out) == (0, plain.out), done.err
    (tmp_path / "mine.toml").write_text('series = "turnover"\n[scenarios.slow]\ngrowth = 2\nreason = "because"\n')
    plain = shell("rf scenario --from mine.toml", cwd=tmp_path)
    done = shell("rf scenario --from <(cat mine.toml)", cwd=tmp_path, fresh=True)
    assert (done.code, done.out) == (0, plain.out), done.err


def test_several_series_of_a_file_are_chosen(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text(TWO + "north,2019,x\n")
    chosen = ("--series", "west", "--series", "east")
    assert [row["series_id"] for row in rows(cli("growth", file, *chosen).out)] == ["west"] * 2 + ["east"] * 2
    drawn = cli("chart", file, *chosen)
    assert drawn.code == 0, drawn.err
    assert "● East   □ West" in drawn.out
    page = tmp_path / "page.html"
    assert cli("exhibit", file, *chosen, "-o", page).code == 0
    assert "East" in page.read_text()
    piped = cli("growth", "-", *chosen, stdin=file.read_text())
    assert piped.out == cli("growth", file, *chosen).out


def test_series_of_several_files(cli: Cli, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(TWO)
    second.write_text(TWO.replace("west", "north"))
    asked = ("growth", first, second, "--series", "west", "--series", "north")
    assert {row["series_id"] for row in rows(cli(*asked).out)} == {"west", "north"}
    lost = cli(*asked, "--series", "south")
    assert lost.code == 2
    assert "No file has a series 'south'" in lost.err
    none = cli("growth", first, "--series", "eastt")
    assert none.code == 2
    assert "Did you mean 'east'?" in none.err


def test_several_sources_take_the_options_of_their_kind(cli: Cli, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book, text = tmp_path / "book.xlsx", tmp_path / "text.csv"
    text.write_bytes(TWO.encode("utf-16"))
    with xlsxwriter.Workbook(book) as workbook:
        for name in ("First", "Second"):
            sheet = workbook.add_worksheet(name)
            for line, row in enumerate((("year", name), (2019, 5), (2020, 6))):
                sheet.write_row(line, 0, row)
    done = cli("growth", "turnover", book, text, "--sheet", "Second", "--encoding", "utf-16", "--years", "all")
    assert done.code == 0, done.err
    assert {"Second", "east", "west"} < {row["series_id"] for row in rows(done.out)}


@pytest.fixture
def two(tmp_path: Path) -> str:
    """A file of two series."""
    (tmp_path / "two.csv").write_text(TWO)
    return str(tmp_path / "two.csv")


def test_a_series_of_a_file_is_named_after_two_colons(two: str, cli: Cli) -> None:
    chosen = cli("project", two, "--series", "west").out
    assert cli("project", f"{two}::west").out == chosen
    assert cli("project", f"{two}:: west ").out == chosen
    assert rows(cli("series", "read", f"{two}::wes").out)[0]["value"] == "3.0"


@pytest.mark.parametrize("second", ["::west", "{two}::west"])
def test_a_second_series_is_of_the_file_before_it(two: str, second: str, cli: Cli) -> None:
    done = cli("growth", f"{two}::east", second.format(two=two), "turnover", "--years", "all")
    assert list(dict.fromkeys(row["series_id"] for row in rows(done.out)))[:2] == ["east", "west"]


def test_standard_input_gives_a_second_series_too(cli: Cli) -> None:
    rates = "series_id,year,value,unit\neast,2019,1,bn CNY\neast,2020,2,bn CNY\n"
    rates += "dollar,2019,7,CNY per USD\ndollar,2020,7,CNY per USD\n"
    line = ("project", "-", "--series", "east", "--currency", "USD", "--rate", "::dollar", "--history")
    done = cli(*line, stdin=rates)
    assert rows(done.out)[1]["value"] == str(2 / 7)


@pytest.mark.parametrize("name", ["C:\\data\\two.csv", "mofcom", "a::b", "--", "two.csv:west"])
def test_other_sources_stay_as_they_are(name: str) -> None:
    assert split(name) == (name, None)


@POSIX
def test_a_file_with_colons_in_its_name_stays_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv::b").write_text(MARKET)
    assert len(read(tmp_path / "a.csv::b").observations) == 3
