"""One table in every format, a series alone and in a batch: the same numbers, or both are refused."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import RuralForecastError
from tests.conformance.asking import differences
from tests.inside import typed

Row = dict[str, Any]
SERIES = ("North", "South share (%)", "\u200bWest", "'=x")
EXTRA = ("status", "flag", "unit", "measure", "definition", "source", "growth_pct", "qualifier", "published_on", "note")
SURPRISES: tuple[Row, ...] = (
    {"status": "forecast", "value": 900},
    {"status": "target"},
    {"status": "soon"},
    {"flag": "f", "value": 900},
    {"flag": "b"},
    {"flag": "see below"},
    {"unit": "%"},
    {"unit": "kt"},
    {"measure": "rate"},
    {"measure": "growth"},
    {"measure": "speed"},
    {"definition": "all"},
    {"source": "B"},
    {"growth_pct": 4.5},
    {"qualifier": "~"},
    {"qualifier": "?"},
    {"published_on": "2020-01-31"},
    {"published_on": "someday"},
    {"note": "revised"},
    {"value": None},
    {"value": "n/a"},
    {"value": "12 e"},
    {"value": "12 f"},
    {"value": "1,234"},
    {"value": "12,5"},
    {"value": "1.234"},
    {"value": "+7"},
    {"value": "nan"},
    {"value": "1e400"},
    {"value": " 8 "},
    {"year": "2031E"},
    {"year": "0x7de"},
    {"year": "10000"},
    {"year": "2030Q1"},
    {"year": "2030-06-30"},
    {"year": 2001},
    {"year": 2040},
    {"id": None},
    {"id": "'x"},
)
OPTIONS = (
    (),
    ("--allow-gaps",),
    ("--history",),
    ("--all-models",),
    ("--measure", "rate"),
    ("--thousands", ","),
    ("--model", "linear"),
)


def rows_of(lengths: Sequence[int], first: int) -> list[Row]:
    """Rows of some series below each other, without anything but values."""
    return [
        {"id": name, "year": first + step, "value": 20.0 + 3 * place + step}
        for place, (name, length) in enumerate(zip(SERIES, lengths, strict=False))
        for step in range(length)
    ]


def surprised(rows: list[Row], at: int, surprise: Row) -> list[Row]:
    """The rows with columns that say nothing but in one row."""
    columns = [name for name in EXTRA if name in surprise]
    return [row | dict.fromkeys(columns) | (surprise if place == at else {}) for place, row in enumerate(rows)]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _separated(sign: str) -> Callable[[list[Row], Path, int], None]:
    def write(rows: list[Row], path: Path, blank: int) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=sign, lineterminator="\n")
            writer.writerow(rows[0])
            for place, row in enumerate(rows):
                if place == blank:
                    file.write("\n" + sign * (len(row) - 1) + "\n")
                writer.writerow(map(_text, row.values()))

    return write


def _objects(rows: list[Row]) -> list[Row]:
    return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]


def _ndjson(rows: list[Row], path: Path, blank: int) -> None:
    lines = [json.dumps(row) + ("\n" if place == blank else "") for place, row in enumerate(_objects(rows))]
    path.write_text("\n".join(lines))


def _json(rows: list[Row], path: Path, _blank: int) -> None:
    path.write_text(json.dumps(_objects(rows)))


def _parquet(rows: list[Row], path: Path, _blank: int) -> None:
    pyarrow.parquet.write_table(pa.table({name: _alike([row[name] for row in rows]) for name in rows[0]}), path)


def _alike(cells: list[Any]) -> list[Any]:
    """Cells of one type, as columns of Parquet are."""
    texts = any(isinstance(cell, str) for cell in cells)
    return [_text(cell) if texts and cell is not None else cell for cell in cells]


def _xlsx(rows: list[Row], path: Path, _blank: int) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row.values()):
                if isinstance(cell, str):
                    sheet.write_string(place, column, cell)
                elif cell is not None:
                    sheet.write_number(place, column, cell)


WRITERS: dict[str, Callable[[list[Row], Path, int], None]] = {
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "semicolons.csv": _separated(";"),
    "ndjson": _ndjson,
    "json": _json,
    "parquet": _parquet,
    "xlsx": _xlsx,
}


def alone(path: Path, name: str, options: Sequence[str]) -> list[Row] | None:
    """The rows of a series alone; None where it is refused."""
    done = typed("project", path, "--series", name, *options, "--format", "json")
    assert done.code in (0, 2, 3, 4), done.err
    return list(json.loads(done.out)["rows"]) if done.code == 0 else None


def together(path: Path, options: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of each series of a batch."""
    done = typed("batch", path, *options, "--format", "json")
    assert done.code in (0, 3, 5), done.err
    found: dict[str, list[Row]] = {}
    for row in json.loads(done.out)["rows"] if done.code != 3 else ():
        found.setdefault(row["series_id"], []).append(row)
    return found


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(WRITERS)),
    lengths=st.lists(st.integers(1, 30), min_size=3, max_size=4),
    place=st.floats(0, 1),
    surprise=st.sampled_from(SURPRISES),
    options=st.sampled_from(OPTIONS),
    blank=st.integers(0, 90),
)
@example(kind="csv", lengths=[30, 30, 2], place=1.0, surprise={"status": "forecast", "value": 900}, options=(), blank=3)
@example(kind="xlsx", lengths=[30, 30, 2], place=1.0, surprise={"flag": "f", "value": 900}, options=(), blank=3)
@example(kind="parquet", lengths=[30, 30, 2], place=1.0, surprise={"measure": "rate"}, options=(), blank=3)
@example(kind="ndjson", lengths=[1, 1, 1], place=0.0, surprise={"value": "1,234"}, options=(), blank=0)
@example(kind="tsv", lengths=[30, 30, 2], place=1.0, surprise={"year": "0x7de"}, options=(), blank=3)
def test_a_series_of_a_batch_gets_what_it_gets_alone(
    kind: str, lengths: list[int], place: float, surprise: Row, options: Sequence[str], blank: int, tmp_path: Path
) -> None:
    rows = rows_of(lengths, 2000)
    at = min(int(place * len(rows)), len(rows) - 1)
    table = surprised(rows, at, surprise)
    path = tmp_path / f"market.{kind}"
    WRITERS[kind](table, path, blank)
    found = together(path, options)
    for name in dict.fromkeys([table[at]["id"], SERIES[0], SERIES[1]]):
        if name is None:
            continue
        told = alone(path, name, options)
        assert (told is None) == (name not in found), (name, told)
        if told is not None:
            assert differences([row for row in told if row["model"] not in ("arima", "ets")], found[name], 1e-12) == []


@pytest.mark.slow
@given(place=st.integers(0, 69), surprise=st.sampled_from(SURPRISES))
def test_a_frame_gets_what_its_file_gets(place: int, surprise: Row, tmp_path_factory: pytest.TempPathFactory) -> None:
    table = surprised(rows_of([25, 25, 20], 2000), place, surprise)
    path = tmp_path_factory.mktemp("frame") / "market.json"
    _json(table, path, 0)
    try:
        expected = rf.batch(path, horizon=2).forecasts
    except RuralForecastError:
        with pytest.raises(RuralForecastError):
            rf.forecast_frame(pd.DataFrame(table), horizon=2)
        return
    frame = pd.DataFrame(table).astype({"value": object})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = rf.forecast_frame(frame, horizon=2, refused="drop")
    pd.testing.assert_frame_equal(made.reset_index(drop=True), expected)
