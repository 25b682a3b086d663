"""Refusals: the exit code, the name that was typed, what is wrong; and a hint that leads on: what
it says is done.
"""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest

from rural_forecast.cli import withdrawn
from rural_forecast.errors import UsageError
from rural_forecast.system import extras
from tests.inside import Cli
from tests.programs import shell

GOOD = "year,value\n2014,180\n2015,353\n2016,482\n"
GAP = "year,value\n2014,1\n2016,2\n"
FILES = {
    "market.csv": GOOD,
    "plain": GOOD,
    "sales.csv": "year,value\n2020,640\n2021,700\n2022,735\n",
    "two.csv": "series_id,year,value\neast,2019,1\neast,2020,2\nwest,2019,3\nwest,2020,4\n",
    "third.csv": "series_id,year,value\neast,2019,1\neast,2020,2\nnorth,2019,3\nnorth,2020,4\n",
    "gap.csv": GAP,
    "bad.csv": "year,value\n2014,many\n",
    "last.csv": "year,value\n9997,1\n9998,4\n",
    "negative.csv": "year,value\n2019,-3\n2020,4\n",
    "views.csv": "year,value (bn CNY),status,low,high,source\n2016,482,,,,\n2018,720,expert,600,900,Ann\n",
}
REFUSED = """
growth mofcom_narrow mofcom | 2 | No year to show is common
growth turnover --base 2030 | 2 | 2030 is no base year
growth --years x | 2 | --years x is not a year or a span of years. & Write it as --years 2014..2020.
project mofcom --currency eurr | 2 | no exchange rates of 'EURR'
project mofcom --currency usd --rate 0 | 2 | The rate 0 is not a positive number
project mofcom --until 2020 --year 2022 --currency usd --rate 7 | 2 | No year is after 2025
project mofcom --as-of 2018 | 2 | --as-of 2018 is not a day
project negative.csv --model cagr | 4 | cagr needs positive values
project --year next | 2 | --year next is not a whole number. & --year 2030
project --floor x | 2 | --floor x is not a number. & --floor 12.5
project --basis x | 2 | --basis x is not one of comparable, levels, chained. & --basis comparable
project --level 80,x | 2 | --level 80,x is not a whole number, or several. & Write it as --level 50,80,95.
project turnover mofcom | 2 | Unexpected argument: mofcom. & 'growth' sets several side by side.
project two.csv --series east --series west | 2 | --series is given twice. & 'chart' and 'growth'
project turnover --year 2018 --year 2019 | 2 | --year is given twice.
project turnover -f csv --format csv | 2 | --format is given twice.
project plain | 2 | Did you mean the file ./plain?
project market.cvs | 3 | error: There is no file 'market.cvs'. & hint: Did you mean 'market.csv'?
spec projct | 2 | Did you mean project?
series turnover | 2 | No such command: turnover. & Commands are list, show, read, check.
series --version | 2 | No such option: --version. & hint: See
project two.csv::none -f json | 2 | "code": "unknown_name"
project two.csv:: -f json | 2 | "code": "usage"
project ::west -f json | 2 | "code": "usage"
project two.csv::west --series east -f json | 2 | "code": "usage"
project mofcom::west -f json | 2 | "code": "unknown_name"
project none.csv::west -f json | 3 | "code": "not_found"
batch two.csv::west | 2 | hint:
growth mofcom mofcom | 2 | rural_online_retail_mofcom is named twice.
chart two.csv two.csv::west -o c.svg | 2 | two.csv::west is named twice.
growth two.csv third.csv --series west --series north --series south | 2 | No file has a series 'south'
batch two.csv -o . | 2 | suffix
batch two.csv --calibrate always | 3 | 50 or more series
batch two.csv --engine ray | 2 | dask=URL
batch two.csv --year 10000 | 2 | 10000
batch two.csv --year 2020 | 5 | not after it
batch two.csv --sheet A1 | 2 | Excel
batch two.csv --workers 0 | 2 | --workers 0 is not a whole number from 1. & --workers 1
batch - --engine dask | 2 | standard input
batch - --format html | 2 | --format html is not one of table, json
panel two.csv --model theta,drift | 2 | A panel takes one model, and there are 2. & Keep --model theta, say.
panel two.csv --separator= | 2 | No separator is given. & such as --separator '/'.
models -o x.svg | 2 | svg is no format of this command
project -o x.html | 2 | html is no format of this command
chart --format csv | 2 | --format csv is not one of table, svg, png, pdf, pptx. & hint:
chart turnover users --columns | 2 | --columns is for one series, and there are 2.
chart --ratio 9:1 --format svg | 2 | --ratio 9:1 is not width to height
chart --pixels 5 --format png | 2 | --pixels 5 is not a whole number from 200
exhibit -o x.csv | 2 | csv is no format of this command
exhibit --format html -o x.svg | 2 | --format html does not fit x.svg
exhibit mofcom users -o page.html --triangulate | 2 | hint:
scenario turnover [--reason why] [--growth 2017=5,2017=6] [--shock 2017] [--growth 2016=5] | 2 | hint:
triangulate views.csv --year 2018 [--weight none=1] [--weight trend=2] [--weight together=1] | 2 | hint:
triangulate views.csv --year 2018 --weight trend=0.5 --weight Ann=0.6 | 2 | hint:
exhibit mofcom -o page.html [--triangulate --pool] [--weight a=1] | 2 | hint:
project turnover --weight Ann=1 | 2 | --weight needs --pool.
project turnover --pool --year 2017 [--weight Ann] [--weight ours=0.2 --weight ours=0.3] | 2 | a voice, named once
scenario turnover --from nowhere.toml | 3 | hint:
scenario sales.csv --growth -5 --measure cumulative | 2 | below 735, the limit of the series
scenario sales.csv --shock 2023=-30 --measure cumulative | 2 | below 735, the limit of the series
scenario sales.csv --override 2023=600 --reason x --floor 700 | 2 | below 700
project sales.csv --ceiling 600 | 2 | 735 in 2022 is above the ceiling of 600
compare sales.csv --floor 736 | 2 | 735 in 2022, is below the floor of 736
chart sales.csv --floor 900 --ceiling 900 | 2 | The floor of 900 is not below the ceiling of 900
exhibit sales.csv -o page.html --floor nan | 2 | is not a finite number
backtest sales.csv --ceiling 735 --measure cumulative | 2 | has reached 735
size | 2 | such as volume_price
size nowhere.toml | 3 | named 'nowhere.toml'
size rural_retailer --print-model -o model.xlsx | 2 | xlsx
size rural_online_retail --year 2010 | 3 | 2010
size rural_online_retail --year 2300 | 2 | 101 years
size rural_online_retail --year 2124 | 3 | --year 2123
size rural_online_retail --real 2020 | 2 | --inflation 2 states later ones
size rural_online_retail --rate 7 | 2 | --currency
nowcast mofcom --year 2017 | 2 | --until 2016
nowcast users --partial 2020H1=3 | 2 | flow
nowcast mofcom | 2 | --partial
nowcast mofcom --partial 2026H1 | 2 | 2017H1=537.62
nowcast mofcom --partial 2026M01-M04=3 --partial 2026Q2=3 | 2 | overlap
nowcast mofcom --year 2017 --until 2016 --partial 2017H1=1300 | 2 | one basis
nowcast mofcom --year 2026 --partial 2026H1=5e-324 | 3 | does not fit the years
"""
ADVISED = """
project turnover --yeer 2018 => project turnover --year 2018
project turnover --year 2016 => project turnover --year 2017
project turnover --year 2016 => project turnover --year 2016 --until 2015
project turnover --year 2222 => project turnover --year 2116
project turnovr => project turnover
project turnovr => series list
project market => project market.csv
project markt.csv => project market.csv
project market.csv/ => project market.csv
project two.csv => project two.csv --series east
project two.csv --series eastt => project two.csv --series east
project gap.csv => project gap.csv --allow-gaps
project last.csv --actuals-until 9998 --horizon 5 => project last.csv --actuals-until 9998 --year 9999
project turnover --level 20 => project turnover --level 90
project turnover --model teta => project turnover --model theta
project turnover --ceiling 9..3 => project turnover --ceiling 800..1200
project turnover --horizon 0 => project turnover --horizon 3
project turnover --since 2050 => project turnover --since 2016
project turnover --as-of soon => project turnover --as-of 2017-07-20
project turnover --format xlxs => project turnover --format xlsx
project turnover --chart => project turnover --chart --format table
project turnover --title Mine => project turnover --title Mine -o market.svg
project turnover --explain => project turnover --explain --format table
project turnover -o out.what => project turnover -o out.what --format csv
project market.csv --encoding utf-9 => project market.csv --encoding utf-8
project negative.csv --model cagr => project negative.csv
projekt turnover => project turnover
models teta => models theta
nowcast turnover --partial 2017H1=538 => nowcast turnover --partial 2017H1=538 --same-definition
nowcast mofcom --until 2016 --history -f table => nowcast mofcom --until 2016 --history --format csv
scenario turnover => scenario turnover --growth 5
scenario turnover --growth much => scenario turnover --growth 5
scenario --from rural_online_retal => scenario --from rural_online_retail
size rural_retailr => size rural_retailer
backtest turnover --detail --format svg => backtest turnover --detail --format table
batch markt.csv => batch market.csv
batch market.csv --horizon 3 --year 2020 => batch market.csv --year 2020
series show turnovr => series show turnover
"""


@pytest.fixture
def folder(here: Path) -> None:
    for name, text in FILES.items():
        (here / name).write_text(text)


@pytest.mark.parametrize("row", REFUSED.strip().splitlines())
@pytest.mark.usefixtures("folder")
def test_a_refusal_has_a_code_and_says_what_is_wrong(row: str, cli: Cli) -> None:
    line, code, words = row.split(" | ")
    line, *options = line.replace("]", "").split("[")
    for option in options or [""]:  # each of those in brackets
        done = cli(*line.split(), *option.split())
        assert (done.code, done.out == "" or code == "5") == (int(code), True)
        assert all(part.strip() in done.err for part in words.split(" & ")), done.err
        assert "Traceback" not in done.err


@pytest.mark.slow
@pytest.mark.parametrize("line", ADVISED.strip().splitlines())
@pytest.mark.usefixtures("folder")
def test_a_hint_leads_on(line: str, cli: Cli) -> None:
    typed, advised = map(shlex.split, line.split(" => "))
    refused = cli(*typed)
    assert (refused.code in (2, 3, 4), refused.out) == (True, "")
    assert all(word in refused.err for word in advised if word not in typed)
    done = cli(*advised)
    assert done.code == 0, done.err


@pytest.mark.parametrize("typed", [*withdrawn.OPTIONS, *withdrawn.COMMANDS])
def test_what_was_withdrawn_names_its_replacement(cli: Cli, typed: str) -> None:
    command, _, option = typed.partition("--")
    words = [*(command.split() or ["models"]), *([f"--{option}"] if option else ["x"])]
    refused = json.loads(cli(*words, "--format", "json").err)
    hint = (withdrawn.OPTIONS | withdrawn.COMMANDS)[typed]
    assert (refused["code"], refused["exit_code"], refused["hint"]) == ("unknown_name", 2, hint)


def test_errors_are_json_where_the_output_is(cli: Cli) -> None:
    for line in (
        "nosuch --format json",
        "--yeer 2018 --format=ndjson",
        "nosuch -fjson",
        "nosuch -qf json",
        "nosuch -vocurve.jsonl",
    ):
        error = json.loads(cli("project", *line.split()).err)
        assert set(error) >= {"code", "message", "hint", "exit_code"}
        assert error["exit_code"] == 2


NAMED = """
project [./bad.csv]
project [../sub/bad.csv]
project [deeper/../bad.csv]
project [../odd!name/bad.csv]
batch [../odd!name/bad.csv]
growth [../odd!name/bad.csv]
series check [../odd!name/bad.csv]
project [../sub/none.csv]
batch [../sub/none.csv]
project [../sub/no.json]
batch [../sub/no.json]
project [../sub/no.xlsx]
batch [../sub/no.xlsx]
project [../sub/x.csv]
batch [../sub/x.csv]
size [../sub/model.toml]
scenario --from [../sub/model.toml]
project [../sub/gap.csv]
project [../empty.csv]
project ../sub/market.csv -o [../nowhere]/out.csv
project ../sub/market.csv -o [../sub/deeper] -f csv
project ../sub/market.csv -o [../sub/out]
project [../sub/market.csv] --series other
project [../sub/market.csv] --value-column other
"""
"""Lines that are refused, and the path that the refusal names."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with good and bad files in folders of it."""
    files = {
        "none.csv": "",
        "model.toml": "years = 2027\n",
        "no.xlsx": "PK\x03\x04rest",
        "no.json": "{",
    }
    for name in ("sub/deeper", "odd!name", "empty.csv"):
        (tmp_path / name).mkdir(parents=True)
    for name, text in (FILES | files).items():
        for folder in ("sub", "odd!name"):
            (tmp_path / folder / name).write_text(text)
    monkeypatch.chdir(tmp_path / "sub")
    return tmp_path


@pytest.mark.parametrize("line", NAMED.strip().splitlines())
def test_a_refusal_names_the_path_as_it_was_typed(line: str, cli: Cli, place: Path) -> None:
    done = cli(*line.replace("[", "").replace("]", "").split())
    assert done.code in (2, 3, 5, 6), done.err
    assert line[line.index("[") + 1 : line.index("]")] in done.out + done.err
    assert str(place) not in done.err + done.out


def test_results_hold_no_folder(cli: Cli, place: Path) -> None:
    for form in ("csv", "json", "table", "markdown", "svg"):
        done = cli("project", "../odd!name/market.csv", "--format", form)
        assert done.code == 0, done.err
        assert "odd!name" not in done.out
    one = cli("project", "../odd!name/market.csv").out
    assert one.splitlines()[1].startswith("market,2017")
    assert cli("batch", "../odd!name/market.csv").out == one


POSIX = pytest.mark.skipif(
    os.name != "posix", reason="names in bytes and full devices are those of POSIX"
)


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("command", ["project", "batch", "size", "scenario --from"])
def test_a_name_that_is_no_utf_8_prints_as_typed(command: str, tmp_path: Path) -> None:
    name = b"\xc5\xa9\xb4\xe5 \xff" + (b".toml" if command[0] == "s" else b".csv")
    Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(FILES["bad.csv"])
    line = f"rf {command} {shlex.quote(os.fsdecode(name))} 2> told; code=$?; cat told; exit $code"
    done = shell(line, cwd=tmp_path)
    assert done.code in (2, 3, 5)
    assert name in done.out


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("full", ["2> /dev/full", "2>&-"])
@pytest.mark.usefixtures("folder")
def test_a_standard_error_that_takes_nothing_changes_no_exit_code(
    full: str, tmp_path: Path
) -> None:
    codes = {
        "project turnover -v": 0,
        "project -q": 0,
        "batch market.csv": 0,
        "project nosuch": 2,
        "project nosuch --format json > out": 2,
        "project bad.csv": 3,
        "--nosuch": 2,
        "series check gap.csv": 3,
    }
    told = shell(
        "; ".join(f"rf {command} {full} > /dev/null; echo $?" for command in codes), cwd=tmp_path
    )
    assert told.out.split() == [str(code).encode() for code in codes.values()]


def test_the_install_line_is_of_the_interpreter_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as caught:
        extras.need("no_such_module", "excel", "Reading Excel files")
    assert shlex.quote(sys.executable) in caught.value.hint
    assert caught.value.hint.endswith("'rural-forecast[excel]'")
    monkeypatch.setattr(sys, "executable", "/opt/my tools/python")
    assert shlex.split(extras.install_line("chart"))[-1] == "rural-forecast[chart]"
    assert "'/opt/my tools/python'" in extras.install_line("chart")


@pytest.mark.parametrize("command", ["panel", "size"])
@pytest.mark.parametrize("option", ["--ceiling", "--floor"])
def test_a_limit_without_a_meaning_is_refused_with_what_has_one(
    cli: Cli, command: str, option: str
) -> None:
    done = cli(command, "x.csv", option, "5")
    assert done.code == 2
    assert f"takes no {option}." in done.err
    assert "--series NAME" in done.err or "in the formula" in done.err
