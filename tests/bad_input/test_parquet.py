"""Parquet files that are damaged, hostile or merely odd."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.bad_input.refusals import check_refusal, check_short, refuse, watched
from tests.inside import Cli

YEARS = [2014, 2015, 2016]
VALUES = [180.0, 353.0, 482.0]


def written(path: Path, columns: dict[str, Any]) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.parquet"


DAMAGES = {
    "nothing": lambda data: b"",
    "magic": lambda data: b"PAR1",
    "two magics": lambda data: b"PAR1PAR1",
    "half": lambda data: data[: len(data) // 2],
    "another magic": lambda data: data[:-4] + b"XXXX",
    "huge footer": lambda data: data[:-8] + b"\xff\xff\xff\x7fPAR1",
    "zeros in the footer": lambda data: data[:-200] + bytes(100) + data[-100:],
}


@pytest.mark.parametrize("command", ["project", "batch"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files(command: str, damage: str, path: Path, cli: Cli) -> None:
    whole = written(path, {"year": YEARS, "value": VALUES}).read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    check_refusal(cli(command, path), 3, "a.parquet is ")


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"year": [2014], "value": [[1.0]]}, "row 1: column 'value': '[1.0]' is a list"),
        ({"year": [2014], "value": [{"low": 1}]}, "is an object"),
        ({"year": [2014, 2015, 2016], "value": [1.0, None, 2.0]}, "2015"),
        ({"year": [2014, 2015], "value": [1.0, float("nan")]}, "row 2: column 'value': 'nan'"),
        ({"year": [2014], "value": [True]}, "is true or false"),
        ({"year": [2014], "value": [b"\xff\xfe"]}, "row 1"),
        ({"year": [2014], "value": ["\x1b]52;c;QQ==\x07"]}, "'\\x1b]52;c;QQ==\\x07'"),
        ({"year": pa.array([2**64 - 1], pa.uint64()), "value": [1.0]}, "row 1"),
        ({"year": pa.array([], pa.int64()), "value": pa.array([], pa.float64())}, "has no rows"),
        ({f"c{place}": [1] for place in range(10_001)}, "more than 10,000 columns"),
        ({"date": pa.array([2**62], pa.timestamp("us")), "value": [1.0]}, "date value out of range"),
    ],
    ids=["list", "object", "null", "nan", "boolean", "bytes", "escape", "year", "no rows", "wide", "time"],
)
@pytest.mark.slow
def test_cells_that_are_no_figures(columns: dict[str, Any], says: str, path: Path, cli: Cli) -> None:
    refuse(cli, written(path, columns), says)
    check_short(cli("batch", path), 3, 5)


@pytest.mark.parametrize(
    "columns",
    [
        {"year": pa.array(["2014", "2015", "2016"]).dictionary_encode(), "value": VALUES},
        {"year": pa.array(["2014", "2015", "2016"], pa.large_string()), "value": VALUES},
        {"year": YEARS, "value": pa.array([Decimal(180), Decimal(353), Decimal(482)], pa.decimal128(10, 2))},
        {"year": YEARS, "value": pa.array(VALUES, pa.float32())},
        {"date": [date(year, 12, 31) for year in YEARS], "value": VALUES},
        {"date": pa.array([datetime(year, 12, 31, tzinfo=UTC) for year in YEARS]), "value": VALUES},
        {"series_id": pa.array(["a", "a", "a"]).dictionary_encode(), "year": YEARS, "value": VALUES},
    ],
    ids=["categories", "large texts", "decimals", "short floats", "dates", "times", "ids of categories"],
)
def test_types_that_mean_a_figure_are_read(columns: dict[str, Any], path: Path, cli: Cli) -> None:
    written(path, columns)
    for command in ("project", "batch"):
        outcome = cli(command, path)
        assert outcome.code == 0, outcome.err
        assert ",2017,forecast,consensus,568.99" in outcome.out


@pytest.mark.slow
def test_what_would_unpack_to_terabytes_is_not_unpacked(path: Path) -> None:
    rows = 400_000
    note = pa.array(["x" * 1_000_000]).dictionary_encode().take(pa.array([0] * rows))
    written(path, {"year": [2014] * rows, "value": [1.0] * rows, "note": note})
    check_refusal(watched("project", str(path)), 3, "a.parquet row 2: column 'value'")
    lists = pa.array([[0] * 1_000_000] * 10, pa.list_(pa.int8()))
    written(path, {"year": [2014] * 10, "value": [1.0] * 10, "list": lists})
    check_refusal(watched("project", str(path)), 3, "a.parquet has more than 5,000,000 values")


def test_more_rows_than_are_read_at_once(path: Path, cli: Cli) -> None:
    rows = 500_001
    written(path, {"year": pa.repeat(2014, rows), "value": pa.repeat(1.0, rows)})
    refuse(cli, path, "a.parquet has more than 500,000 rows", "batch")
