"""Any bytes and any text, by every reader: an answer or a refusal in print, with one of the documented exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rural_forecast.errors import RuralForecastError
from rural_forecast.render.error import plain
from rural_forecast.series.reading import ReadOptions, read
from tests.bad_input.refusals import CODES, GOOD, check_text
from tests.bad_input.workbooks import book
from tests.inside import Cli

pytestmark = pytest.mark.slow

SUFFIXES = ("csv", "tsv", "json", "ndjson", "xlsx", "xls", "ods", "parquet")
TEXT_SUFFIXES = SUFFIXES[:4]
LEVELS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])

HEADERS = ["year", "value", "series_id", "unit", "source", "status", "note", "2014", "2015", "x"]
CELLS = (
    st.text(max_size=12)
    | st.floats().map(repr)
    | st.integers().map(str)
    | st.sampled_from(
        ["2014", "2015", "FY2016", "2014Q1", "2014-12-31", "1e308", "5e-324", "", "=1+1", "\x1b[31m", "１８０"]
    )
)
SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    SCALARS | st.sampled_from([2014, 2015.0, "2016"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["year", "value", "rows", "series", "2014", "2015", "id", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def read_bytes(data: bytes, suffix: str, options: ReadOptions) -> None:
    """Read a file of these bytes; a refusal must be fit to print."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{suffix}"
        path.write_bytes(data)
        try:
            found = read(str(path), options)
        except RuralForecastError as error:
            refused = error
        else:
            assert all(1 <= seen.period.year <= 9999 for one in found for seen in one.observations)
            return
    told = plain(refused.message, refused.hint)
    check_text(told)
    assert refused.exit_code in CODES
    assert refused.message
    assert all(len(line) < 1600 for line in told.splitlines())


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(st.binary(max_size=300), st.none() | st.sampled_from(["utf-8", "utf-16", "gb18030", "cp1252", "utf-7", "big5"]))
@settings(max_examples=25)
@example(b"", None)
@example(b"\xff\xfe", None)
@example(b"PK\x03\x04", None)
@example(b"\xd0\xcf\x11\xe0", None)
@example(b"PAR1PAR1", None)
@example(b"\0" * 100, None)
def test_any_bytes(suffix: str, data: bytes, encoding: str | None) -> None:
    read_bytes(data, suffix, ReadOptions(encoding=encoding))


@pytest.mark.parametrize("suffix", TEXT_SUFFIXES)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
@settings(max_examples=40)
def test_any_text(suffix: str, text: str) -> None:
    read_bytes(text.encode(), suffix, ReadOptions())


@given(
    st.lists(st.sampled_from(HEADERS), min_size=1, max_size=5),
    st.lists(st.lists(CELLS, max_size=5), max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_any_table(header: list[str], rows: list[list[str]], comma: bool, gaps: bool) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([header, *([*row, *[""] * 5][: len(header)] for row in rows)])
    options = ReadOptions(decimal="," if comma else None, allow_gaps=gaps)
    read_bytes(file.getvalue().encode("utf-8", "surrogatepass"), "csv", options)


@given(JSON, st.sampled_from(["json", "ndjson"]))
def test_any_json(document: Any, suffix: str) -> None:
    read_bytes(json.dumps(document).encode(), suffix, ReadOptions())


@given(st.binary(min_size=1, max_size=4), st.integers(0, 10_000), st.sampled_from(["xlsx", "parquet"]))
@settings(max_examples=20)
def test_a_damaged_file_of_parts(patch: bytes, place: int, suffix: str) -> None:
    data = whole(suffix)
    place %= len(data)
    read_bytes(data[:place] + patch + data[place + len(patch) :], suffix, ReadOptions())
    read_bytes(data[:place], suffix, ReadOptions())


def whole(suffix: str) -> bytes:
    if suffix == "xlsx":
        return book()
    file = io.BytesIO()
    parquet.write_table(pa.table({"year": [2014, 2015], "value": [180.0, 353.0]}), file)
    return file.getvalue()


@given(st.lists(st.tuples(st.sampled_from(["2014", "2015", "2016", "2017"]), CELLS), max_size=4))
@LEVELS
def test_any_values_through_the_command_line(cli: Cli, rows: list[tuple[str, str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([("year", "value"), *rows])
    data = file.getvalue().encode("utf-8", "surrogatepass")
    for command in ("project", "batch"):
        outcome = cli(command, "-", stdin=data)
        assert outcome.code in CODES, outcome.err
        assert "Traceback" not in outcome.err
        assert "Warning" not in outcome.err
        check_text(outcome.err)


OPTIONS = ("--year", "--level", "--model", "--since", "--until", "--basis", "--as-of", "--currency", "--format")


@given(st.lists(st.tuples(st.sampled_from(OPTIONS), st.text(max_size=8) | st.integers().map(str)), max_size=3))
@LEVELS
def test_any_options_through_the_command_line(cli: Cli, options: list[tuple[str, str]]) -> None:
    arguments = [part for option in options for part in option if "\0" not in part]
    outcome = cli("project", "-", *arguments, stdin=GOOD)
    assert outcome.code in CODES, outcome.err
    check_text(outcome.err)
