"""The form of the data decides nothing: order of rows and columns, file format, long or wide, file or pipe."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conformance.asking import document, long_form, rows, saved
from tests.conformance.histories import HISTORIES
from tests.inside import typed

pytestmark = pytest.mark.slow

FIRST = 1901
NAMES = ("founding", "rounded", "negative", "long")
PANEL = {name: HISTORIES[name] for name in NAMES}
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


def table() -> pd.DataFrame:
    return pd.read_csv(io.StringIO(long_form(PANEL, FIRST, unit="t")), keep_default_na=False)


def wide() -> pd.DataFrame:
    return table().pivot(index="series_id", columns="year", values="value").reset_index()


WRITERS: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    ".csv": lambda frame, path: frame.to_csv(path, index=False),
    ".tsv": lambda frame, path: frame.to_csv(path, index=False, sep="\t"),
    ".json": lambda frame, path: path.write_text(json.dumps(frame.to_dict("records"))),
    ".ndjson": lambda frame, path: path.write_text("".join(f"{json.dumps(row)}\n" for row in frame.to_dict("records"))),
    ".xlsx": lambda frame, path: frame.to_excel(path, index=False, engine="xlsxwriter"),
    ".parquet": lambda frame, path: frame.to_parquet(path, index=False),
}
BY_BATCH = (".csv", ".tsv", ".ndjson", ".parquet")


def written(frame: pd.DataFrame, folder: Path, suffix: str, name: str = "market") -> str:
    path = folder / f"{name}{suffix}"
    WRITERS[suffix](frame, path)
    return str(path)


def stirred(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows and columns in another order."""
    order = random.Random(5)
    columns = order.sample(list(frame.columns), k=frame.shape[1])
    return frame.iloc[order.sample(range(len(frame)), k=len(frame))][columns]


def by_series(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one series together, as they came; series in the order of their names."""
    return sorted(found, key=lambda row: row["series_id"])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_order_of_rows_and_columns_is_nothing(command: str, tmp_path: Path) -> None:
    one = table()[lambda frame: frame["series_id"] == "founding"]
    here, there = written(one, tmp_path, ".csv", "here"), written(stirred(one), tmp_path, ".csv", "there")
    told, again = (document(*command.split(), source, *COMMANDS[command]) for source in (here, there))
    assert told["rows"] == again["rows"]
    assert told.get("notes") == again.get("notes")
    assert told["provenance"] | {"reading": []} == again["provenance"] | {"reading": []}  # it names the file


def test_the_order_of_a_batch_is_nothing(tmp_path: Path) -> None:
    here = rows("batch", written(table(), tmp_path, ".csv", "here"), "--all-models", "--history")
    for suffix in BY_BATCH:
        there = rows("batch", written(stirred(table()), tmp_path, suffix, "there"), "--all-models", "--history")
        assert by_series(there) == by_series(here)


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_the_format_of_a_file_is_nothing(name: str, suffix: str, tmp_path: Path) -> None:
    told = rows("project", "-", "--series", name, "--history", stdin=long_form(PANEL, FIRST, unit="t"))
    assert rows("project", written(stirred(table()), tmp_path, suffix), "--series", name, "--history") == told


@pytest.mark.parametrize("suffix", WRITERS)
def test_wide_is_long(suffix: str, tmp_path: Path) -> None:
    sheet = wide()
    sheet.columns = [str(name) for name in sheet.columns]
    ragged = sheet[sheet["series_id"] == "long"]
    told = rows("project", "-", "--series", "long", stdin=long_form(PANEL, FIRST))
    assert rows("project", written(ragged, tmp_path, suffix), "--series", "long") == told


@pytest.mark.parametrize("suffix", BY_BATCH)
def test_the_format_of_a_batch_is_nothing(suffix: str, tmp_path: Path) -> None:
    told = rows("batch", "-", "--horizon", 4, "--history", stdin=long_form(PANEL, FIRST, unit="t"))
    assert rows("batch", written(table(), tmp_path, suffix), "--horizon", 4, "--history") == told


@pytest.mark.parametrize(
    ("command", "suffix"),
    [
        *(("project", suffix) for suffix in (".csv", ".tsv", ".json", ".ndjson")),
        *(("batch", suffix) for suffix in (".csv", ".tsv", ".ndjson")),  # it is streamed, as no JSON array can be
    ],
)
def test_a_pipe_is_a_file(command: str, suffix: str, tmp_path: Path) -> None:
    source = Path(written(table(), tmp_path, suffix))
    pick = ("--series", "rounded") if command == "project" else ()
    piped = ("-", "--input-format", suffix[1:])
    assert rows(command, *piped, *pick, stdin=source.read_text()) == rows(command, str(source), *pick)


@pytest.mark.parametrize("command", COMMANDS)
def test_seven_years_later_is_the_same(command: str, tmp_path: Path) -> None:
    """Years are names: nothing but the periods, and what is said of them, moves with them."""
    later = ("--partial", "1911H1=250") if command == "nowcast" else COMMANDS[command]
    for name in ("founding", "rounded", "negative"):
        if command in {"scenario", "nowcast"} and name != "founding":
            continue
        source = saved(tmp_path, long_form({name: HISTORIES[name]}, FIRST))
        moved = saved(tmp_path, long_form({name: HISTORIES[name]}, FIRST + 7), "moved.csv")
        told = rows(*command.split(), source, *COMMANDS[command])
        again = rows(*command.split(), moved, *later)
        for row in again:
            for column in ("period", "origin"):
                if isinstance(row.get(column), int):
                    row[column] -= 7
                elif row.get(column):
                    row[column] = str(int(row[column]) - 7)
        assert again == told


def test_without_a_unit_column_nothing_but_the_unit_is_missing(tmp_path: Path) -> None:
    bare = table().drop(columns="unit")
    told = rows("batch", written(table(), tmp_path, ".csv"))
    assert rows("batch", written(bare, tmp_path, ".csv")) == [row | {"unit": ""} for row in told]
    assert typed("batch", written(bare, tmp_path, ".csv")).code == 0
