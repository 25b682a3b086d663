from __future__ import annotations

import time

import pytest

from rural_forecast.errors import InputError
from tests.series.reading.reading import from_text, points

EXPECTED = {"2014": 180, "2015": 353}


@pytest.mark.parametrize(
    "text",
    [
        "year,value\n2014,180\n2015,353\n",
        "year,value\r\n2014,180\r\n2015,353",
        "year,value\r2014,180\r2015,353\r",
        "\n\nyear,value\n\n2014,180\n,\n2015,353\n\n",
        '"year","value"\n"2014","180"\n2015,353\n',
        " year , value \n 2014 , 180 \n2015,353\n",
        "year;value\n2014;180\n2015;353\n",
        "year\tvalue\n2014\t180\n2015\t353\n",
        'year,value,note\n2014,180,"a, ""b"" and\nmore"\n2015,353,\n',
    ],
)
def test_dialects(text: str) -> None:
    assert points(from_text(text)[0]) == EXPECTED


def test_lines_are_counted_through_quoted_line_breaks_and_blank_lines() -> None:
    (series,) = from_text('year,value,note\n2014,180,"two\nlines"\n\n2015,353,\n')
    assert [one.place for one in series.observations] == ["standard input:2", "standard input:5"]


def test_a_tab_separated_file_may_hold_commas() -> None:
    (series,) = from_text("year\tvalue\n2014\t1,234\n", "tsv", decimal=".")
    assert points(series) == {"2014": 1234}


def test_a_wide_or_endless_file_is_refused_at_once() -> None:
    start = time.process_time()
    with pytest.raises(InputError, match="longer than 1,000,000"):
        from_text("," * 3_000_000)
    with pytest.raises(InputError, match=r":2: the line is longer than 1,000,000"):
        from_text("year,value\n2014," + "1" * 3_000_000)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "year,value\n2019,1,234\n2020,1,400\n",
        "FY,Revenue\nFY2019/20,€ 1.234,5\nFY2020/21,€ 1.334,5\n",
        "Region,2019,2020\nEurope,1,234,1,300\n",
        "Market size\nyear,value\n2019,1,234\n2020,1,400\n",
        "year,value,\n2019,1,234.5,\n2020,1,400.5,\n",
    ],
    ids=["long", "decimals", "wide", "titled", "with a comma at each end"],
)
def test_a_comma_within_a_number_never_splits_it(text: str) -> None:
    with pytest.raises(InputError, match="cells, and the header has"):
        from_text(text)


def test_a_note_next_to_a_number_may_have_no_head() -> None:
    (series,) = from_text("Source, ACME\nyear,value\n2019,120,e\n2020,140,\n")
    assert points(series) == {"2019": 120, "2020": 140}
