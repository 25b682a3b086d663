"""Input that is odd and clearly meant, and how it is read."""

from pathlib import Path

import pytest

from tests.bad_input.refusals import GOOD
from tests.inside import Cli, rows

ODD: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "byte order mark": ("a.csv", GOOD.encode("utf-8-sig"), ()),
    "byte order mark and its encoding": ("a.csv", GOOD.encode("utf-8-sig"), ("--encoding", "utf-8")),
    "utf-16, told": ("a.csv", GOOD.encode("utf-16"), ("--encoding", "utf-16")),
    "utf-16 without a mark, told": ("a.csv", GOOD.encode("utf-16-le"), ("--encoding", "utf-16-le")),
    "gb18030, told": ("a.csv", GOOD.replace("year", "年份").encode("gb18030"), ("--encoding", "gb18030")),
    "line ends of Windows": ("a.csv", GOOD.replace("\n", "\r\n").encode(), ()),
    "line ends of old Macs": ("a.csv", GOOD.replace("\n", "\r").encode(), ()),
    "no line end at the end": ("a.csv", GOOD.rstrip().encode(), ()),
    "blank lines": ("a.csv", GOOD.replace("\n", "\n\n").encode() + b"\n , \n,,\n", ()),
    "space around cells": ("a.csv", GOOD.replace(",", " , ").encode(), ()),
    "semicolons": ("a.csv", GOOD.replace(",", ";").encode(), ()),
    "tabs": ("a.csv", GOOD.replace(",", "\t").encode(), ()),
    "quotes": ("a.csv", b'"year","value"\n"2014","180"\n"2015","353"\n"2016","482"\n', ()),
    "full-width digits": ("a.csv", GOOD.replace("180", "１８０．０").replace("2015", "２０１５").encode(), ()),
    "Arabic and Persian digits": ("a.csv", GOOD.replace("180", "١٨٠٫٠").replace("2015,353", "۲۰۱۵,۳۵۳").encode(), ()),
    "plus sign and exponent": ("a.csv", GOOD.replace("180", "+1.8e2").encode(), ()),
    "newest first": ("a.csv", b"year,value\n2016,482\n2015,353\n2014,180\n", ()),
    "json with a mark": ("a.json", b'\xef\xbb\xbf{"2014": 180, "2015": 353, "2016": 482}', ()),
    "ndjson with blank lines of Windows": (
        "a.ndjson",
        b'\r\n{"year": 2014, "value": 180}\r\n\r\n{"year": 2015, "value": 353}\r\n{"year": 2016, "value": 482}\r\n\n',
        (),
    ),
    "a note of 100,000 characters": (
        "a.csv",
        b"year,value,note\n2014,180,\n2015,353,\n2016,482," + b"x" * 100_000 + b"\n",
        (),
    ),
    "minus sign of typography": ("negative.csv", GOOD.replace("180", "−180").encode(), ()),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_clearly_meant_is_read(case: str, cli: Cli, tmp_path: Path) -> None:
    name, data, options = ODD[case]
    path = tmp_path / name
    path.write_bytes(data)
    outcome = cli("project", str(path), "--history", *options)
    assert (outcome.code, outcome.err) == (0, "")
    actual = {row["period"]: float(row["value"]) for row in rows(outcome.out) if row["kind"] == "actual"}
    assert actual == {"2014": -180 if name == "negative.csv" else 180, "2015": 353, "2016": 482}
