"""Sources as they are named, piped in or chosen; no output takes the place of one, nor of a record
that is kept.
"""

import json
import os
from pathlib import Path

import pytest

from tests import schemas
from tests.inside import Cli, rows
from tests.programs import shell

MARKET = "year,value\n2014,180\n2015,353\n2016,482\n"
TWO = "series_id,year,value\neast,2019,1\neast,2020,2\nwest,2019,3\nwest,2020,4\n"
NOTE = "note: no SOURCE given, using rural_online_shopping_turnover"
WAITING = "warning: there is data on standard input, and it is not read; give '-' to read it"
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are those of POSIX")


@pytest.fixture
def place(here: Path) -> Path:
    """A folder with a market, two in one file, a pipe, and a file of nothing."""
    for name, text in {"market.csv": MARKET, "two.csv": TWO, "empty": ""}.items():
        (here / name).write_text(text)
    os.mkfifo("fifo")
    return here


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
def test_the_series_used_is_named_and_data_left_unread_is_said(
    line: str, waits: bool | None, place: Path
) -> None:
    """None where a source is named, so that nothing is to be said."""
    done = shell(line, cwd=place)
    assert done.code == 0, done.err
    assert (NOTE in done.err) == (waits is not None)
    assert (WAITING in done.err) == (waits is True)
    if waits is None:
        assert done.err == ""


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("given", ["< market.csv", "< <(cat market.csv)"])
def test_input_that_is_not_read_is_left_to_the_next_program(given: str, place: Path) -> None:
    done = shell(f"(sleep 0.3; rf project -q > /dev/null; cat) {given}", cwd=place)
    assert (done.out.decode(), WAITING in done.err) == (MARKET, True)


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
        "rf chart /dev/stdin < market.csv",
    ],
)
def test_pipes_without_a_suffix_are_read_as_standard_input_is(
    line: str, place: Path, cli: Cli
) -> None:
    done = shell(line, cwd=place, fresh="<(" in line)
    command = line.partition("rf ")[2].split(maxsplit=1)[0]
    assert (done.code, done.out) == (0, cli(command, "-", stdin=MARKET).raw), done.err


@pytest.mark.slow
@POSIX
def test_models_scenarios_and_checks_read_from_pipes(place: Path, cli: Cli) -> None:
    assert shell("rf series check /dev/stdin < market.csv", cwd=place).code == 0
    (place / "model.toml").write_text(cli("size", "rural_retailer", "--print-model").out)
    (place / "mine.toml").write_text(
        'series = "turnover"\n[scenarios.slow]\ngrowth = 2\nreason = "because"\n'
    )
    done = shell("rf size /dev/stdin --draws 2000 < model.toml", cwd=place)
    assert (done.code, done.out) == (0, cli("size", "model.toml", "--draws", "2000").raw), done.err
    done = shell("rf scenario --from <(cat mine.toml)", cwd=place, fresh=True)
    assert (done.code, done.out) == (0, cli("scenario", "--from", "mine.toml").raw), done.err


def test_several_series_of_a_file_or_of_several_are_chosen(cli: Cli, place: Path) -> None:
    (place / "two.csv").write_text(TWO + "north,2019,x\n")  # which is not read
    chosen = ("--series", "west", "--series", "east")
    told = cli("growth", "two.csv", *chosen).out
    assert [row["series_id"] for row in rows(told)] == ["west"] * 2 + ["east"] * 2
    assert cli("growth", "-", *chosen, stdin=TWO).out == told
    drawn = cli("chart", "two.csv", *chosen)
    assert drawn.code == 0, drawn.err
    assert "● East, " in drawn.out
    assert "□ West, " in drawn.out
    assert "East" in cli("exhibit", "two.csv", *chosen, "--format", "html").out
    for name, text in {"two.csv": TWO, "other.csv": TWO.replace("west", "north")}.items():
        (place / name).write_text(text)
    asked = ("growth", "two.csv", "other.csv", "--series", "west", "--series", "north")
    assert {row["series_id"] for row in rows(cli(*asked).out)} == {"west", "north"}
    assert (
        "read east: 2 observations\nread west: 2 observations\n"
        in cli("growth", "two.csv", "-v").err
    )


def test_several_sources_take_the_options_of_their_kind(cli: Cli, place: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    (place / "text.csv").write_bytes(TWO.encode("utf-16"))
    with xlsxwriter.Workbook(place / "book.xlsx") as workbook:
        for name in ("First", "Second"):
            sheet = workbook.add_worksheet(name)
            for line, row in enumerate((("year", name), (2019, 5), (2020, 6))):
                sheet.write_row(line, 0, row)
    more = ("--sheet", "Second", "--encoding", "utf-16", "--years", "all")
    done = cli("growth", "turnover", "book.xlsx", "text.csv", *more)
    assert done.code == 0, done.err
    assert {"Second", "east", "west"} < {row["series_id"] for row in rows(done.out)}


def test_a_series_of_a_file_is_named_after_two_colons(cli: Cli, place: Path) -> None:
    chosen = cli("project", "two.csv", "--series", "west").out
    assert cli("project", "two.csv::west").out == cli("project", "two.csv:: west ").out == chosen
    assert rows(cli("series", "read", "two.csv::wes").out)[0]["value"] == "3.0"
    for second in ("::west", "two.csv::west"):
        done = cli("growth", "two.csv::east", second, "turnover", "--years", "all")
        assert list(dict.fromkeys(row["series_id"] for row in rows(done.out)))[:2] == [
            "east",
            "west",
        ]
    rates = "series_id,year,value,unit\neast,2019,1,bn CNY\neast,2020,2,bn CNY\n"
    rates += "dollar,2019,7,CNY per USD\ndollar,2020,7,CNY per USD\n"
    line = (
        "project",
        "-",
        "--series",
        "east",
        "--currency",
        "USD",
        "--rate",
        "::dollar",
        "--history",
    )
    assert rows(cli(*line, stdin=rates).out)[1]["value"] == str(2 / 7)


YEARLY = "year,value\n" + "".join(f"{year},{year - 2000}\n" for year in range(2020, 2024))
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
    f"land / {part},{year},{year - 2000 + at}\n"
    for at, part in enumerate("ab")
    for year in range(2015, 2025)
)
FILES = {
    "market.csv": YEARLY,
    "top.csv": YEARLY,
    "model.toml": MODEL,
    "scenarios.toml": 'series = "market.csv"\n[scenarios.slow]\ngrowth = 2\n',
    "catalogue/series.csv": "series_id,title,measure,unit\nmine,Mine,flow,bn\n",
    "catalogue/sources.csv": "source_id\nme\n",
    "catalogue/observations.csv": "series_id,period,value,source_id\nmine,2020,4,me\nmine,2021,5,me\n",
}
CASES = {
    **{
        f"{command} market.csv": ("market.csv",)
        for command in (
            "project",
            "compare",
            "backtest",
            "growth",
            "exhibit",
            "batch",
            "series show",
            "series check",
            "scenario --growth 5",
        )
    },
    "nowcast market.csv --partial 2024H1=12": ("market.csv",),
    "chart market.csv": ("market.csv",),
    "growth market.csv top.csv": ("market.csv", "top.csv"),
    "size model.toml": ("market.csv", "top.csv", "model.toml"),
    "size model.toml --print-model": ("model.toml",),
    "scenario scenarios.toml": ("market.csv", "scenarios.toml"),
    "scenario top.csv --from scenarios.toml": ("top.csv", "market.csv", "scenarios.toml"),
    "project mine": ("catalogue/series.csv", "catalogue/observations.csv", "catalogue/sources.csv"),
    "project market.csv": ("market.csv", "catalogue/series.csv"),
}
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
        link = own / f"link.{form}"
        hard = own / f"hard.{form}"
        link.symlink_to(name)
        hard.hardlink_to(own / name)
        for output in (link, hard) if name == CASES[command][0] else (hard,):
            done = cli(*command.split(), *picked, "-o", output)
            assert (done.code, done.raw) == (2, b""), (name, done)
            assert f"{output} is an input of this run." in done.err
            assert (own / name).read_bytes() == before
        link.unlink()
        hard.unlink()


@pytest.mark.parametrize(
    "command", ["size model.toml", "scenario scenarios.toml", "batch market.csv"]
)
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
    assert Path("market.csv").read_text() == YEARLY


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
def test_a_record_has_what_it_rests_on_whatever_the_format(
    line: str, name: str, here: Path, cli: Cli
) -> None:
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


def test_a_record_is_never_written_over(
    here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RURAL_FORECAST_KEEP", "kept")
    cli("project", "turnover")
    (path,) = Path("kept").iterdir()
    cli("project", "turnover", "--year", "2020")
    assert len(list(Path("kept").iterdir())) == 2
    path.write_text("mine")
    done = cli("project", "turnover")
    assert (done.code, path.read_text()) == (6, "mine")
    assert cli("project", "turnover", "--keep", path).code == 6
