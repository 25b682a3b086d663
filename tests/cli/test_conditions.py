"""Which option applies where: every option of every command is refused where it cannot apply, and used elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from docs.surface import surface
from tests.inside import Cli, Outcome, typed

COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in surface()["commands"]}
GIVEN = {
    "nowcast": "--year 2017 --until 2016",
    "scenario": "--growth 3",
    "size": "rural_retailer --draws 2000",
}
"""What a command needs beside its source."""
NO_SOURCE = {"size", "models", "series list"}
SAMPLES = {
    "--all-models": "",
    "--appendix": "",
    "--all-years": "",
    "--allow-gaps": "",
    "--as-of": "2017-06-30",
    "--author": "Ann",
    "--bands": "",
    "--base": "2018",
    "--basis": "chained",
    "--calibrate": "always",
    "--ceiling": "4000..5000",
    "--count": "3",
    "--chart": "--format table",
    "--color": "always --format table",
    "--currency": "usd",
    "--date": "2026",
    "--decimal-comma": "",
    "--detail": "",
    "--draws": "3000",
    "--encoding": "utf-16",
    "--engine": "dask",
    "--explain": "--format json",
    "--floor": "3300",
    "--from": "rural_online_retail",
    "--future-years": "history --format json",
    "--growth": "5",
    "--history": "",
    "--horizon": "1",
    "--id-column": "nosuch",
    "--inflation": "3 --real 2020",
    "--input-format": "json",
    "--kind": "adoption",
    "--level": "90",
    "--levels": "--format markdown",
    "--log": "--format svg",
    "--measure": "growth --format json",
    "--model": "drift",
    "--name": "mine",
    "--override": "2027=4000 --reason because",
    "--partial": "2017H1=500",
    "--period-column": "nosuch",
    "--pool": "",
    "--pool-weight": "ours=0.9 --pool",
    "--prefer": "nosuch",
    "--print-model": "",
    "--range": "nosuch",
    "--rate": "rates.csv --currency usd",
    "--raw-text": "",
    "--real": "2020 --inflation 3",
    "--reason": "because --format markdown",
    "--same-definition": "--partial 2017H1=538",
    "--seed": "2",
    "--series": "nosuch",
    "--sheet": "nosuch",
    "--shock": "2027=-10",
    "--since": "2019",
    "--strict": "",
    "--parents": "nosuch.csv",
    "--method": "bottom-up",
    "--separator": "|",
    "--target": "4000",
    "--targets": "",
    "--thousands": ".",
    "--title": "Mine --format svg",
    "--subtitle": "Mine --format svg",
    "--source": "Mine --format svg",
    "--note": "Mine --format svg",
    "--theme": "dark --format svg",
    "--ratio": "1:1 --format svg",
    "--pixels": "300 --format png",
    "--columns": "--format svg",
    "--until": "2015",
    "--value-column": "nosuch",
    "--where": "nosuch=1",
    "--workers": "2",
    "--year": "2030",
}
"""A value of each option, and what it needs beside it."""
ABOUT_THE_RUN = {"--format", "--output", "--quiet", "--verbose", "--help"}
SAME_RESULT = {"--workers"}
"""Options that may not change a result."""
ELSEWHERE = {"--engine"}
"""Options whose effect takes a cluster; tests of the engines hold them."""


def options(command: str) -> list[str]:
    names = (max(one["names"], key=len) for one in COMMANDS[command]["options"])
    return [name for name in names if name not in ABOUT_THE_RUN]


EVERY = [(command, option) for command in COMMANDS for option in options(command)]


def test_every_option_has_a_sample() -> None:
    assert set(SAMPLES) == {option for _, option in EVERY} - {"--color"} | {"--color"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a market as text, with a gap and as a workbook."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    folder = tmp_path_factory.mktemp("applies")
    values = {2015: 700.5, 2016: 900, 2017: 1245, 2018: 1370, 2019: 1700, 2020: 1790, 2021: 2050, 2022: 2170}
    rows = [f"{year},{value}" for year, value in values.items()]
    (folder / "market.csv").write_text("\n".join(("year,value", *rows)) + "\n")
    (folder / "short.csv").write_text("\n".join(("year,value", *rows[:4])) + "\n")
    (folder / "signs.csv").write_text("id,year,value\n-x,2020,5\n-x,2021,6\n")
    (folder / "rates.csv").write_text(
        "\n".join(("year,value (CNY per USD)", *(f"{year},9" for year in range(2010, 2030))))
    )
    leaves = ("North,A,5", "North,B,7", "South,A,2", "South,B,9")
    (folder / "parts.csv").write_text(
        "\n".join(
            (
                "region,kind,year,value (bn CNY)",
                *(f"{leaf[:8]}{year},{leaf[8:]}.{year}" for leaf in leaves for year in range(2019, 2023)),
            )
        )
    )
    (folder / "gap.csv").write_text("\n".join(("year,value", *rows[:1], *rows[2:])) + "\n")
    ahead = [f"{year},{year + 500}" for year in range(2023, datetime.now(UTC).year + 3)]
    (folder / "ahead.csv").write_text("\n".join(("year,value", *rows[-4:], *ahead)))
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        sheet = book.add_worksheet("Data")
        for line, row in enumerate((("year", "value"), *values.items())):
            sheet.write_row(line, 0, row)
    return folder


@pytest.fixture
def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


@cache
def without_the_option(*words: str) -> Outcome:
    """The outcome that each option of a command is compared with; commands write no files here."""
    return typed(*words)


def line(command: str, source: str, form: str) -> list[str]:
    source = "parts.csv" if command == "panel" else source
    source = "" if command in NO_SOURCE else source
    return [*command.split(), *source.split(), *GIVEN.get(command, "").split(), *form.split()]


def parts(command: str, option: str) -> tuple[list[str], list[str]]:
    """An option with its value, and what it needs beside it."""
    flag = next(one["flag"] for one in COMMANDS[command]["options"] if option in one["names"])
    words = SAMPLES[option].split()
    return ([option], words) if flag else ([option, words[0]], words[1:])


READING = [
    "--series", "--encoding", "--period-column", "--value-column", "--where", "--id-column", "--decimal-comma",
    "--thousands", "--allow-gaps", "--input-format", "--measure", "--future-years",
]  # fmt: skip
REFUSED = {
    # option: sources and formats with which it is refused
    **{option: [("mofcom", "")] for option in READING},
    "--sheet": [("mofcom", ""), ("market.csv", ""), ("-", "")],
    "--range": [("mofcom", ""), ("market.csv", ""), ("-", "")],
    "--raw-text": [("market.csv", "--format json"), ("market.csv", "--format ndjson")],
    "--log": [("mofcom", "--format csv"), ("market.csv", "--format json"), ("mofcom", "--format table")],
    **{
        option: [("mofcom", "--format csv"), ("market.csv", "--format json"), ("mofcom", "--format table")]
        for option in ("--title", "--subtitle", "--source", "--note")
    },
    "--theme": [("mofcom", "--format table")],
    "--ratio": [("mofcom", "--format table")],
    "--pixels": [("mofcom", "--format svg")],
    "--chart": [("mofcom", "--format csv"), ("mofcom", "--format markdown"), ("mofcom", "--format xlsx")],
    "--explain": [("mofcom", "--format csv"), ("mofcom", "--format svg"), ("mofcom", "--format ndjson")],
    "--rate": [("mofcom", "")],
    "--inflation": [("mofcom", "")],
    "--real": [("mofcom", "--basis chained")],
    "--color": [("mofcom", "--format csv"), ("mofcom", "--format json")],
    "--workers": [("market.csv", "--engine dask=tcp://a:1")],
    "--detail": [("mofcom", "--format svg")],
    "--same-definition": [("mofcom", "")],
    "--levels": [("mofcom", "--format svg")],
    "--horizon": [("mofcom", "--year 2030")],
    "--bands": [("mofcom", "--level 90")],
}  # fmt: skip
ALWAYS_DRAWN = {"chart", "exhibit"}
SLOW = {"exhibit", "compare", "backtest"}
MONEY = {"--currency", "--rate", "--real", "--inflation"}
"""Options that take a series of the catalogue to matter."""
SOURCES = {
    "--pool": "turnover",
    "--pool-weight": "turnover",
    "--allow-gaps": "gap.csv",
    "--all-years": "turnover users",
    "--future-years": "ahead.csv",
    "--sheet": "book.xlsx",
    "--range": "book.xlsx",
    "--same-definition": "turnover",
    "--strict": "gap.csv",
    "--raw-text": "signs.csv",
}
"""Sources with which these options matter."""
NOTHING_BESIDE = {
    ("scenario", "--growth"): "",
    ("nowcast", "--year"): "--until 2016",
    ("nowcast", "--until"): "--year 2017",
    ("size", "--draws"): "rural_retailer",
    ("size", "--print-model"): "rural_retailer",
}
KNOWN = {
    ("panel", "--inflation"),  # it is for years after the last known prices, and these have none
    ("nowcast", "--future-years"),  # the year under way has parts alone
    ("panel", "--allow-gaps"),  # no gap in these data
    ("panel", "--future-years"),  # no year to come in these data
}
"""Options without an effect on these data."""


def refused(command: str, option: str) -> list[tuple[str, str]]:
    """Sources and formats with which a command refuses an option."""
    if (command, option) in {("backtest", "--horizon"), ("series show", "--real")}:
        return []  # it has no year, and no basis
    pairs = REFUSED.get(option, [])
    if command in ALWAYS_DRAWN:
        pairs = [(source, form) for source, form in pairs if not form.startswith("--format")]
    if command in ("batch", "panel"):  # they read files alone
        kept = [pair for pair in pairs if pair[0] != "mofcom" or option in ("--color", "--horizon")]
        pairs = [(source.replace("mofcom", "market.csv"), form) for source, form in kept]
    return pairs


@pytest.mark.parametrize(("command", "option"), [one for one in EVERY if refused(*one)])
def test_an_option_that_cannot_apply_is_refused(command: str, option: str, place: Path, cli: Cli) -> None:
    for source, form in refused(command, option):
        done = cli(*line(command, source, form), *parts(command, option)[0])
        assert (done.code, done.out) == (2, ""), done.err
        assert option in done.err
        assert "hint" in done.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "option"), [one for one in EVERY if one[1] not in SAME_RESULT | ELSEWHERE and one not in KNOWN]
)
def test_an_option_that_applies_changes_what_comes_out(command: str, option: str, place: Path, cli: Cli) -> None:
    """With it, the outcome is another one; where a value is a bad one, that is an error."""
    source = SOURCES.get(option, "mofcom")
    if source == "mofcom" and command in SLOW and (command, option) != ("backtest", "--horizon"):
        source = "mofcom --since 2022" if option in MONEY else "short.csv"
    elif source == "mofcom" and (command == "batch" or option in READING):
        source = "market.csv"
    source = "parts.csv" if command == "panel" else source
    words, beside = parts(command, option)
    if command == "project" and "table" in beside:
        beside = [*beside, "--model", "naive"]  # without ARIMA and ETS
    given = NOTHING_BESIDE.get((command, option), GIVEN.get(command, ""))
    start = [*command.split(), *("" if command in NO_SOURCE else source).split(), *given.split()]
    start += [] if command in ALWAYS_DRAWN else beside
    done = cli(*start, *words)
    assert done != without_the_option(*start)
    assert "cannot apply" not in done.err
