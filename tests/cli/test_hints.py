"""Hints lead on: the line that a hint advises is carried out."""

import shlex
from pathlib import Path

import pytest

from tests.inside import Cli

GOOD = "year,value\n2014,180\n2015,353\n2016,482\n"
FILES = {
    "market.csv": GOOD,
    "two.csv": "series_id,year,value\neast,2019,1\neast,2020,2\nwest,2019,3\nwest,2020,4\n",
    "gap.csv": "year,value\n2014,1\n2016,2\n",
    "last.csv": "year,value\n9997,1\n9998,4\n",
    "negative.csv": "year,value\n2019,-3\n2020,4\n",
}
LINES = """
project turnover --yeer 2018 => project turnover --year 2018
project turnover --year 2016 => project turnover --year 2017
project turnover --year 2016 => project turnover --year 2016 --until 2015
project turnover --year 2222 => project turnover --year 2116
project turnovr => project turnover
project turnovr => series list
project market => project market.csv
project markt.csv => project market.csv
project market.cvs => project market.csv
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
""".strip().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_a_hint_leads_on(line: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    typed, advised = map(shlex.split, line.split(" => "))
    refused = cli(*typed)
    assert (refused.code in (2, 3, 4), refused.out) == (True, "")
    assert all(word in refused.err for word in advised if word not in typed)
    done = cli(*advised)
    assert done.code == 0, done.err
