from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rural_forecast.errors import InputError
from rural_forecast.series.reading import ReadOptions, read, read_one
from tests.series.reading.reading import points


def parquet(path: Path, columns: dict[str, Any]) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.parquet"


@pytest.mark.parametrize(
    ("periods", "values"),
    [
        ([2014, 2015], [180.0, 353.5]),
        (["2014", "2015"], [Decimal("180.0"), Decimal("353.5")]),
        ([date(2014, 12, 31), date(2015, 12, 31)], [180.0, 353.5]),
        (pa.array([1420000000_000, 1450000000_000], pa.timestamp("ms", "UTC")), [180.0, 353.5]),
        ([2014.0, 2015.0], pa.array(["180", "353.5"]).dictionary_encode()),
    ],
)
def test_column_types(path: Path, periods: Any, values: Any) -> None:
    series = read_one(parquet(path, {"year": periods, "value": values}), ReadOptions())
    assert points(series) == {"2014": 180, "2015": 353.5}
    assert series.observations[1].place == f"{path} row 2"


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"year": [2014, 2014], "value": [1.0, 2.0]}, "row 2: column 'value': '2' is a second value of 2014"),
        ({"year": [2014], "value": [[1.0]]}, "is a list where one value must be"),
        ({"year": pa.array([], pa.int64()), "value": pa.array([], pa.float64())}, "has no rows"),
        ({"a": [1], "b": [2], "c": [3]}, "holds no table of years"),
        ({"year": pa.array([2**20 * 8], pa.date32()), "value": [1.0]}, "date value out of range"),
    ],
)
def test_refusals(path: Path, columns: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as caught:
        read(parquet(path, columns))
    assert says in caught.value.message


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\0" * 50 + b"PAR1", b"year,value\n"])
def test_what_is_no_parquet_file_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(InputError):
        read(str(path))
