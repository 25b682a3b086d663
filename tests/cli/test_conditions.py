"""No option is ignored: each changes what comes out where it applies, and is refused where it cannot apply."""

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
batch market.csv [--calibrate always]
batch market.csv [--horizon 1]
batch signs.csv [--raw-text]
chart short.csv -f svg [--columns]
chart short.csv -f svg [--log]
chart short.csv -f svg [--note Mine]
chart short.csv -f svg [--pixels 300 -f png]
chart short.csv -f svg [--ratio 1:1]
chart short.csv -f svg [--credit Mine]
chart short.csv -f svg [--headline Mine]
chart short.csv -f svg [--subtitle Mine]
chart short.csv -f svg [--theme dark]
chart short.csv -f svg [--title Mine]
growth turnover users [--years all]
growth turnover [--base 2015]
growth turnover mofcom -f markdown [--explain]
nowcast mofcom --until 2016 [--year 2018]
nowcast turnover --year 2017 [--partial 2017H1=500]
nowcast turnover --year 2017 --partial 2017H1=538 [--same-definition]
panel parts.csv [--method bottom-up]
panel parts.csv [--parents nosuch.csv]
panel parts.csv [--separator |]
precedents turnover [--count 3]
precedents turnover [--kind adoption]
project mofcom --currency usd [--rate 9]
project mofcom --real 2020 [--inflation 3]
project mofcom --inflation 3 [--real 2020]
project mofcom [--all-models]
project mofcom [--as-of 2017-06-30]
project mofcom [--basis chained]
project mofcom [--ceiling 4000..5000]
project mofcom [--currency usd]
project mofcom [--floor 3300]
project mofcom [--history]
project mofcom [--level 90]
project mofcom [--like online]
project mofcom -f json [--within online]
project mofcom [--model drift]
project mofcom [--prefer nosuch]
project mofcom [--since 2019]
project mofcom [--target 4000]
project mofcom [--until 2015]
project turnover --pool [--weight ours=0.9]
project turnover [--pool]
project turnover -f json [--keep records]
exhibit short.csv -f html [--appendix]
exhibit short.csv -f html [--author Ann]
exhibit short.csv -f html [--date 2026]
exhibit short.csv -f html [--log]
exhibit short.csv -f html [--note Mine]
exhibit short.csv -f html [--credit Mine]
exhibit short.csv -f html [--headline Mine]
exhibit short.csv -f html [--subtitle Mine]
exhibit short.csv -f html [--triangulate]
exhibit short.csv -f png [--pixels 300]
exhibit short.csv -f png [--ratio 1:1]
exhibit short.csv -f png [--theme dark]
project turnover -f table --model naive [--chart]
project turnover -f table --model naive [--color always]
project ahead.csv -f json [--actuals-until 2040]
project book.xlsx [--sheet nosuch]
project gap.csv [--allow-gaps]
project market.csv -f json [--measure growth]
project market.csv [--decimal ,]
project market.csv [--encoding utf-16]
project market.csv [--id-column nosuch]
project market.csv [--period-column nosuch]
project market.csv [--series nosuch]
project market.csv [--value-column nosuch]
project market.csv [--where nosuch=1]
score told.csv [--with market.csv]
scenario turnover --growth 3 [--name mine]
scenario turnover --growth 3 [--override 2017=4000 --reason because]
scenario turnover --growth 3 [--shock 2018=-10]
scenario turnover --growth 3 -f markdown [--reason because]
scenario turnover [--from rural_online_retail]
scenario turnover [--growth 5]
triangulate mofcom [--drivers rural_retailer]
size rural_retailer --draws 2000 [--seed 2]
size rural_retailer [--draws 3000]
size rural_retailer [--print-model]
"""
"""Lines whose outcome the part in brackets changes; where its value is a bad one, to an error."""
ELSEWHERE = {
    "--format", "--output", "--quiet", "--verbose", "--help",
    "--workers",  # changes no result
    "--engine",  # takes a cluster; tests of the engines hold it
}  # fmt: skip

REFUSED = """
batch market.csv --engine dask=tcp://a:1 [--workers 2]
batch market.csv -f parquet [--raw-text]
batch market.csv --year 2030 [--horizon 2]
backtest mofcom -f svg [--detail]
chart mofcom -f svg [--pixels 300]
growth mofcom -f svg [--explain]
nowcast mofcom [--same-definition]
panel parts.csv --parents parts.csv [--separator |]
project - [--sheet Data]
project mofcom -f csv [--chart]
size rural_retailer [--inflation 2]
project mofcom -f csv [--color always]
project mofcom -f csv [--explain]
size rural_retailer -f csv [--log]
size rural_retailer -f table [--title Mine]
scenario turnover --growth 3 -f markdown [--note Mine]
project mofcom -f svg [--all-models]
project mofcom -f svg [--history]
project mofcom -f table [--theme dark]
project mofcom -f table [--title Mine]
project mofcom --basis chained [--real 2020]
project mofcom --year 2030 [--horizon 2]
exhibit mofcom -f html [--theme dark]
exhibit mofcom -f html [--drivers rural_retailer]
exhibit mofcom -f html --level 90 [--triangulate]
exhibit mofcom -f png [--appendix]
exhibit mofcom -f pptx [--note Mine]
exhibit mofcom -f pptx [--pixels 300]
growth mofcom [--measure cumulative]
project mofcom [--date 2026]
project mofcom [--allow-gaps]
project mofcom [--encoding utf-8]
project mofcom [--inflation 2]
project mofcom [--measure rate]
project mofcom [--weight ours=1]
project mofcom [--rate 7]
project mofcom [--series one]
scenario plan.toml [--sheet Data]
size rural_retailer --year 2026 [--print-model]
"""
"""Lines that are refused for the option in brackets."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a market as text, with a gap and as a workbook."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    folder = tmp_path_factory.mktemp("applies")
    values = {2015: 700.5, 2016: 900, 2017: 1245, 2018: 1370, 2019: 1700, 2020: 1790, 2021: 2050, 2022: 2170}
    rows = [f"{year},{value}" for year, value in values.items()]
    leaves = [("North", "A", 5), ("North", "B", 7), ("South", "A", 2), ("South", "B", 9)]
    files = {
        "market": ["year,value", *rows],
        "short": ["year,value", *rows[:4]],
        "gap": ["year,value", *rows[:1], *rows[2:]],
        "ahead": ["year,value", *rows[-4:], *(f"{year},{year}" for year in range(2023, datetime.now(UTC).year + 3))],
        "told": ["year,value,kind", "2021,2000,actual", "2022,2200,forecast"],
        "signs": ["id,year,value", "-x,2020,5", "-x,2021,6"],
        "rates": ["year,value (CNY per USD)", *(f"{year},9" for year in range(2010, 2030))],
        "parts": [
            "region,kind,year,value (bn CNY)",
            *(f"{region},{kind},{year},{size}.{year}" for region, kind, size in leaves for year in range(2019, 2023)),
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


def test_every_option_has_a_line() -> None:
    options = {max(one["names"], key=len) for command in surface()["commands"] for one in command["options"]}
    assert set(re.findall(r"\[(--[a-z-]+)", APPLIES)) == options - ELSEWHERE


@pytest.mark.slow
@pytest.mark.parametrize("line", APPLIES.strip().splitlines())
def test_an_option_that_applies_changes_what_comes_out(line: str, place: Path, cli: Cli) -> None:
    before, _, option = line.rstrip("]").partition("[")
    done = cli(*before.split(), *option.split())
    assert done != without(before)
    assert done.code != 1


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_an_option_that_cannot_apply_is_refused(line: str, place: Path, cli: Cli) -> None:
    done = cli(*line.replace("[", "").replace("]", "").split())
    assert (done.code, done.out) == (2, "")
    assert re.search(rf"error: .*{re.search(r'.(--[a-z-]+)', line[line.index('[') :])[1]}", done.err)
    assert "hint: " in done.err
