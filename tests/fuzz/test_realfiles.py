"""Small files in the forms of publishers, damaged: a changed cell is read or refused, and no other number changes."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.promises import BrokenPromiseError
from tests.fuzz.realfiles import Damage, damages, judge, reading, seed_of, tried

CASES = 60

FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "bank.csv": (
        (
            '"Data Source","Office",\n\n"Updated","2024-10-16",\n\n"Country Name","Code","Topic",'
            '"2018","2019","2020","2021","2022",\n'
            '"North","NOR","Rents (% of GDP)","","1.5","1.75","12.25","13.5",\n'
            '"South","SOU","Rents (% of GDP)","..","2.5","..","3","4",\n'
        ),
        ("--series", "North"),
    ),
    "keys.tsv": (
        (
            "freq,unit,geo\\TIME_PERIOD\t2018 \t2019 \t2020 \t2021 \n"
            "A,T,DE\t10 \t21 e\t32 \t: \n"
            "A,T,FR\t3.5 \t4.25 b\t5.5 p\t6.5 \n"
        ),
        ("--where", "geo=FR"),
    ),
    "yearbook.csv": (
        (
            "数据库：年度数据\n时间：最近5年\n指标,2023年,2022年,2021年,2020年\n人口(万人),140967,141175,141260,141212\n"
            "总额(亿元),471495,439733,440823,391981\n数据来源：国家统计局\n"
        ),
        ("--series", "总额(亿元)"),
    ),
    "headers.csv": (
        "A summary\nYear;Total;;Part;\n;In;Out;In;Out\n2018;5;6;1;2\n2019;7,5;8;3;4\n2020;9;10;5;6\n* A note.;;;;\n",
        ("--series", "Total In"),
    ),
    "series.csv": (
        "observation_date,SHOPS\n2018-01-01,402.5\n2019-01-01,431.1\n2020-01-01,470.2\n2021-01-01,488\n",
        (),
    ),
    "bank.json": (
        (
            '[{"page": 1, "total": 3},\n[{"country": {"id": "N", "value": "North"}, "date": "2020", "value": 31.5},\n'
            '{"country": {"id": "N", "value": "North"}, "date": "2019", "value": 22.25},\n'
            '{"country": {"id": "N", "value": "North"}, "date": "2018", "value": 11}]]\n'
        ),
        (),
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_damaged_files(name: str) -> None:
    text, options = FORMS[name]
    seed = seed_of(name, text.encode(), options)
    assert seed is not None
    sound = reading(seed)
    assert sound
    outcomes = [tried(seed, sound, number) for number in range(CASES)]
    assert {"same", "refused"} <= set(outcomes)


def test_a_number_that_changes_elsewhere_is_found() -> None:
    seed = seed_of("series.csv", FORMS["series.csv"][0].encode(), ())
    assert seed is not None
    rows = [list(row) for row in seed.rows]
    rows[2][1], rows[3][1] = rows[3][1], rows[2][1]
    with pytest.raises(BrokenPromiseError, match="lost 2"):
        judge(seed, reading(seed) or {}, Damage("flipped digit", rows, None, "2", "3", 1, 1))
    assert damages(Random(1), seed).what == damages(Random(1), seed).what
