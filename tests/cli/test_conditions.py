"""No option is ignored: each changes what comes out where it applies, and is refused where it
cannot apply.
"""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from rural_forecast.cli.surface import surface
from tests.inside import Cli, Outcome, typed

APPLIES = """
backtest mofcom --since 2022 [--detail]
backtest mofcom [--horizon 1]
batch gap.csv [--strict]
batch market.csv [--calibrate always] [--horizon 1]
batch signs.csv [--raw-text]
chart short.csv -f svg [--columns] [--log] [--note Mine] [--pixels 300 -f png] [--ratio 1:1] [--credit Mine]
chart short.csv -f svg [--headline Mine] [--subtitle Mine] [--theme dark] [--title Mine]
growth turnover users [--years all]
growth turnover [--base 2015]
growth turnover users -f table [--title Mine]
growth turnover mofcom -f markdown [--explain]
nowcast mofcom --until 2016 [--year 2018]
nowcast turnover --year 2017 [--partial 2017H1=500]
nowcast turnover --year 2017 --partial 2017H1=538 [--same-definition]
panel parts.csv [--method bottom-up] [--parents nosuch.csv] [--separator |]
precedents turnover [--count 3] [--kind macro]
project mofcom --currency usd [--rate 9]
project mofcom --basis levels [--break 2023]
project mofcom --real 2020 [--inflation 3]
project mofcom --inflation 3 [--real 2020]
project mofcom [--all-models] [--as-of 2017-06-30] [--basis chained] [--ceiling 4000..5000] [--currency usd]
project mofcom [--as-python]
project mofcom [--floor 3300] [--history] [--level 90] [--like online] [--model drift] [--prefer nosuch]
project mofcom [--since 2019] [--target 4000] [--until 2015]
project mofcom -f json [--within online]
project turnover --pool [--weight ours=0.9]
project turnover [--pool]
project turnover -f json [--keep records]
exhibit short.csv -f html [--appendix] [--author Ann] [--date 2026] [--log] [--note Mine] [--credit Mine]
exhibit short.csv -f html [--headline Mine] [--subtitle Mine] [--triangulate]
exhibit short.csv -f pptx [--credit Mine] [--headline Mine] [--subtitle Mine] [--title Mine] [--template nosuch.pptx]
project short.csv -f pptx [--title Mine]
exhibit short.csv -f png [--pixels 300] [--ratio 1:1] [--theme dark]
project turnover -f table --model naive [--chart] [--color always]
project ahead.csv -f json [--actuals-until 2040]
project book.xlsx [--sheet nosuch]
project gap.csv [--allow-gaps]
project market.csv -f json [--measure growth]
project market.csv [--decimal ,] [--encoding utf-16] [--id-column nosuch] [--period-column nosuch] [--series nosuch]
project market.csv [--value-column nosuch] [--where nosuch=1]
score told.csv [--with market.csv]
scenario turnover --growth 3 [--name mine] [--override 2017=4000 --reason because] [--shock 2018=-10]
scenario turnover --growth 3 -f markdown [--reason because]
scenario mofcom --growth 3 -f json [--within online]
scenario turnover [--from rural_online_retail] [--growth 5]
triangulate mofcom [--drivers rural_retailer]
triangulate short.csv [--definition mofcom]
size rural_retailer --draws 2000 [--seed 2]
spec project [--whole]
size rural_retailer [--draws 3000] [--print-model]
"""
"""Lines whose outcome each of the parts in brackets changes; where its value is a bad one, to an
error.
"""
ELSEWHERE = {
    "--format",
    "--output",
    "--quiet",
    "--verbose",
    "--help",
    "--workers",  # changes no result
    "--engine",  # takes a cluster; tests of the engines hold it
    "--refresh",  # takes a server; tests of addresses hold the three
    "--offline",
    "--allow-web",
}

REFUSED = """
project market.csv [--offline] [--refresh]
batch market.csv --engine dask=tcp://a:1 [--workers 2]
batch market.csv -f parquet [--raw-text]
batch market.csv --year 2030 [--horizon 2]
backtest mofcom -f svg [--detail]
chart mofcom -f svg [--pixels 300]
growth mofcom -f svg [--explain]
nowcast mofcom [--same-definition]
panel parts.csv --parents parts.csv [--separator |]
project - [--sheet Data]
project mofcom -f csv [--chart] [--color always] [--explain]
size rural_retailer [--inflation 2]
size rural_retailer -f csv [--log] [--title Mine]
scenario turnover --growth 3 -f markdown [--note Mine]
project mofcom -f svg [--all-models] [--history]
project mofcom -f table [--theme dark]
chart short.csv -f pptx [--log]
project mofcom --basis chained [--real 2020]
project mofcom --year 2030 [--horizon 2]
exhibit mofcom -f html [--theme dark] [--drivers rural_retailer]
exhibit mofcom -f html --level 90 [--triangulate]
exhibit mofcom -f png [--appendix] [--template nosuch.pptx]
exhibit mofcom -f pptx [--note Mine] [--pixels 300]
growth mofcom [--measure cumulative]
project mofcom [--date 2026] [--allow-gaps] [--encoding utf-8] [--inflation 2] [--measure rate] [--weight ours=1]
project mofcom [--rate 7] [--series one]
scenario plan.toml [--sheet Data]
size rural_retailer --year 2026 [--print-model]
"""
"""Lines that are refused for each of the options in brackets."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a market as text, with a gap and as a workbook."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    folder = tmp_path_factory.mktemp("applies")
    values = {
        2015: 700.5,
        2016: 900,
        2017: 1245,
        2018: 1370,
        2019: 1700,
        2020: 1790,
        2021: 2050,
        2022: 2170,
    }
    rows = [f"{year},{value}" for year, value in values.items()]
    leaves = [("North", "A", 5), ("North", "B", 7), ("South", "A", 2), ("South", "B", 9)]
    files = {
        "market": ["year,value", *rows],
        "short": ["year,value", *rows[:4]],
        "gap": ["year,value", *rows[:1], *rows[2:]],
        "ahead": [
            "year,value",
            *rows[-4:],
            *(f"{year},{year}" for year in range(2023, datetime.now(UTC).year + 3)),
        ],
        "told": ["year,value,kind", "2021,2000,actual", "2022,2200,forecast"],
        "signs": ["id,year,value", "-x,2020,5", "-x,2021,6"],
        "rates": ["year,value (CNY per USD)", *(f"{year},9" for year in range(2010, 2030))],
        "parts": [
            "region,kind,year,value (bn CNY)",
            *(
                f"{region},{kind},{year},{size}.{year}"
                for region, kind, size in leaves
                for year in range(2019, 2023)
            ),
        ],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
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
def without(line: str) -> Outcome:
    """Run the part that many lines share once."""
    return typed(*line.split())


def each(table: str) -> list[tuple[str, str]]:
    """Every line of a table with one of its parts in brackets."""
    lines = (line.partition(" [") for line in table.strip().splitlines())
    return [
        (before, option.rstrip("]"))
        for before, _, options in lines
        for option in options.split("] [")
    ]


def test_every_option_has_a_line() -> None:
    options = {
        max(one["names"], key=len)
        for command in surface()["commands"]
        for one in command["options"]
    }
    listed = set(re.findall(r"\[(--[a-z-]+)", APPLIES))
    missing = sorted(options - ELSEWHERE - listed)
    assert not missing, f"add a line of APPLIES in which {missing} change what comes out"
    assert listed == options - ELSEWHERE


@pytest.mark.slow
@pytest.mark.parametrize(("line", "option"), each(APPLIES))
def test_an_option_that_applies_changes_what_comes_out(
    line: str, option: str, place: Path, cli: Cli
) -> None:
    done = cli(*line.split(), *option.split())
    assert done != without(line)
    assert done.code != 1


@pytest.mark.parametrize(("line", "option"), each(REFUSED))
def test_an_option_that_cannot_apply_is_refused(
    line: str, option: str, place: Path, cli: Cli
) -> None:
    done = cli(*line.split(), *option.split())
    assert (done.code, done.out) == (2, "")
    assert re.search(f"error: .*{option.split()[0]}", done.err)
    assert "hint: " in done.err
