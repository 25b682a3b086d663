"""The form of the data decides nothing: file format, order, long or wide, file, pipe or frame,
alone or in a batch.
"""

import json
import random
import warnings
from collections.abc import Callable, Sequence
from functools import cache, partial
from operator import itemgetter
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
from tests.conformance.asking import Row, differences, long_form, rows
from tests.conformance.histories import HISTORIES
from tests.inside import typed

pytestmark = pytest.mark.slow
FIRST = 1901
NAMES = ("founding", "rounded", "negative", "long")
PANEL = [
    {"series_id": name, "year": FIRST + step, "value": value, "unit": "t"}
    for name in NAMES
    for step, value in enumerate(HISTORIES[name])
]
COMMANDS: dict[str, tuple[str, ...]] = {
    "project": ("--history",),
    "compare": (),
    "backtest": ("--horizon", "1"),
    "scenario": ("--growth", "4"),
    "growth": (),
    "nowcast": ("--partial", "1904H1=250"),
    "series show": (),
    "series check": (),
}


def _separated(sign: str, table: list[Row], path: Path) -> None:
    pd.DataFrame(table, dtype=object).to_csv(path, sep=sign, index=False)


def _objects(table: list[Row]) -> list[str]:
    return [
        json.dumps({name: cell for name, cell in row.items() if cell is not None}) for row in table
    ]


def _parquet(table: list[Row], path: Path) -> None:
    columns = {name: [row[name] for row in table] for name in table[0]}
    for name, cells in columns.items():
        if any(isinstance(cell, str) for cell in cells):  # a column has one type
            columns[name] = [None if cell is None else str(cell) for cell in cells]
    pyarrow.parquet.write_table(pa.table(columns), path)


def _xlsx(table: list[Row], path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([[*table[0]], *(row.values() for row in table)]):
            for column, cell in enumerate(row):
                (sheet.write_string if isinstance(cell, str) else sheet.write)(place, column, cell)


WRITERS: dict[str, Callable[[list[Row], Path], object]] = {
    **{
        kind: partial(_separated, sign)
        for kind, sign in (("csv", ","), ("tsv", "\t"), ("semicolons.csv", ";"))
    },
    "ndjson": lambda table, path: path.write_text("\n".join(_objects(table))),
    "json": lambda table, path: path.write_text(f"[{','.join(_objects(table))}]"),
    "parquet": _parquet,
    "xlsx": _xlsx,
}
TEXTS = ("csv", "tsv", "json", "ndjson")


def written(table: list[Row], folder: Path, kind: str, name: str = "market") -> str:
    path = folder / f"{name}.{kind}"
    WRITERS[kind](table, path)
    return str(path)


def stirred(table: list[Row]) -> list[Row]:
    """The same rows and columns in another order."""
    order = random.Random(5)
    columns = order.sample(list(table[0]), k=len(table[0]))
    return [{name: row[name] for name in columns} for row in order.sample(table, k=len(table))]


@pytest.mark.parametrize("kind", WRITERS)
def test_the_format_and_the_order_of_a_file_are_nothing_and_a_pipe_is_a_file(
    kind: str, tmp_path: Path
) -> None:
    source = written(stirred(PANEL), tmp_path, kind)
    for name in NAMES:
        asked: tuple[str | int, ...] = ("--series", name, "--history", "--model", "naive")
        assert rows("project", source, *asked) == sound("project", *asked)
    if kind not in ("json", "xlsx"):  # a batch is streamed, as neither can be
        asked = ("--horizon", 4, "--history", "--model", "naive")
        found = sorted(rows("batch", source, *asked), key=itemgetter("series_id"))
        assert found == sorted(sound("batch", *asked), key=itemgetter("series_id"))
    if kind in TEXTS:
        for name, *pick in (
            ("project", "--series", "rounded"),
            *([("batch",)] if kind != "json" else []),
        ):
            assert rows(name, "-", *pick, stdin=Path(source).read_text()) == rows(
                name, source, *pick
            )


@cache
def sound(command: str, *asked: str | int) -> list[Row]:
    return rows(
        command, "-", *asked, stdin=long_form({name: HISTORIES[name] for name in NAMES}, FIRST, "t")
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_seven_years_later_and_in_another_order_is_the_same(command: str, tmp_path: Path) -> None:
    """Years are names: nothing but the periods moves with them."""
    later = ("--partial", "1911H1=250") if command == "nowcast" else COMMANDS[command]
    for name in (
        ("founding",) if command in {"scenario", "nowcast"} else ("founding", "rounded", "negative")
    ):
        history = [row for row in PANEL if row["series_id"] == name]
        source = written(stirred(history), tmp_path, "csv")
        moved = written(
            [row | {"year": row["year"] + 7} for row in history], tmp_path, "csv", "moved"
        )
        again = rows(*command.split(), moved, *later)
        for row in again:
            for column in ("period", "origin"):
                if row.get(column):
                    row[column] = type(row[column])(int(row[column]) - 7)
        assert again == rows(*command.split(), source, *COMMANDS[command])


SERIES = ("North", "South share (%)", "\u200bWest", "'=x")
EXTRA = (
    "status",
    "flag",
    "unit",
    "measure",
    "definition",
    "source",
    "growth_pct",
    "qualifier",
    "published_on",
    "note",
)
VALUES = (None, "n/a", "12 e", "12 f", "1,234", "12,5", "1.234", "+7", "nan", "1e400", " 8 ")
YEARS = ("2031E", "0x7de", "10000", "2030Q1", "2030-06-30", 2001, 2040)
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
    *({"value": value} for value in VALUES),
    *({"year": year} for year in YEARS),
    {"id": None},
    {"id": "'x"},
)
OPTIONS = ((), ("--allow-gaps",), ("--history",), ("--measure", "rate"), ("--model", "consensus"))


def surprised(lengths: Sequence[int], place: float, surprise: Row) -> tuple[list[Row], Any]:
    """Some series below each other, with columns that say nothing but in one row; and the name in
    that row.
    """
    table: list[Row] = [
        {"id": name, "year": 2000 + step, "value": 20.0 + 3 * at + step}
        for at, (name, length) in enumerate(zip(SERIES, lengths, strict=False))
        for step in range(length)
    ]
    at = min(int(place * len(table)), len(table) - 1)
    columns = [name for name in EXTRA if name in surprise]
    table = [
        row | dict.fromkeys(columns) | (surprise if number == at else {})
        for number, row in enumerate(table)
    ]
    return table, table[at]["id"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(WRITERS)),
    st.lists(st.integers(1, 30), min_size=3, max_size=4),
    st.floats(0, 1),
    st.sampled_from(SURPRISES),
    st.sampled_from(OPTIONS),
)
@example("csv", [30, 30, 2], 1.0, {"status": "forecast", "value": 900}, ())
@example("xlsx", [30, 30, 2], 1.0, {"flag": "f", "value": 900}, ())
@example("parquet", [30, 30, 2], 1.0, {"measure": "rate"}, ())
@example("ndjson", [1, 1, 1], 0.0, {"value": "1,234"}, ())
@example("tsv", [30, 30, 2], 1.0, {"year": "0x7de"}, ())
def test_a_series_of_a_batch_gets_what_it_gets_alone(
    tmp_path: Path,
    kind: str,
    lengths: list[int],
    place: float,
    surprise: Row,
    options: Sequence[str],
) -> None:
    table, odd = surprised(lengths, place, surprise)
    path = written(table, tmp_path, kind)
    # Models are quick; the numbers of the consensus are for test_agreement.py.
    options = ("--model", "naive", *options)
    done = typed("batch", path, *options, "--format", "json")
    assert done.code in (0, 3, 5), done.err
    together = json.loads(done.out)["rows"] if done.code != 3 else []
    for name in filter(None, dict.fromkeys([odd, *SERIES[:2]])):
        mine = [row for row in together if row["series_id"] == name]
        done = typed("project", path, "--series", name, *options, "--format", "json")
        assert done.code in ((0,) if mine else (2, 3, 4)), (name, done.err)
        told = json.loads(done.out)["rows"] if mine else []
        assert differences(told, mine, 1e-12) == []


@given(st.floats(0, 1), st.sampled_from(SURPRISES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_frame_gets_what_its_file_gets(tmp_path: Path, place: float, surprise: Row) -> None:
    table, _ = surprised([25, 25, 20], place, surprise)
    path = written(table, tmp_path, "json")
    try:
        expected = rf.batch(path, horizon=2, models=["naive"]).forecasts
    except RuralForecastError:
        with pytest.raises(RuralForecastError):
            rf.forecast_frame(pd.DataFrame(table), horizon=2, models=["naive"])
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = pd.DataFrame(table).astype({"value": object})
        made = rf.forecast_frame(given, horizon=2, models=["naive"], refused="drop")
    pd.testing.assert_frame_equal(made.reset_index(drop=True), expected)
