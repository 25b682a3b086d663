"""Series identified by label columns are the same whether found column by column or row by row."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.forecasting.batch.inputs import Opened, opened, searched
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.stretches import of_batch, open_source

REGIONS, PARTS, YEARS = ("North", "South", "Far  East"), ("Food", "Toys"), (2019, 2020, 2021)
FULL = [(region, part, year) for region, part, year in product(REGIONS, PARTS, YEARS)]


def written(folder: Path, header: str, rows: list[str]) -> str:
    file = folder / "labels.csv"
    file.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return str(file)


def lines(*extra: str, rows: list[tuple[str, str, int]] = FULL) -> list[str]:
    return [",".join((region, part, str(year), str(10 + at), *extra)) for at, (region, part, year) in enumerate(rows)]


FAST = {
    "two columns": ("region,segment,year,value", lines()),
    "a column that never changes": ("region,segment,year,value,country", lines("China")),
    "a unit": ("region,segment,year,value,unit", lines("bn CNY")),
    "a unit in the header": ("region,segment,year,turnover (bn CNY)", lines()),
    "codes": ("region,segment,year,value", [line.upper() for line in lines()]),
    "an empty column": ("region,segment,year,value,note of us", lines("")),
    "rows by year": ("region,segment,year,value", lines(rows=sorted(FULL, key=lambda row: row[2]))),
    "a total of each": (
        "region,segment,year,value",
        lines(rows=[*FULL, *(("Total", "Total", year) for year in YEARS)]),
    ),
    "a part that ends early": ("region,segment,year,value", lines(rows=FULL[:-1])),
    "a gap": ("region,segment,year,value", lines(rows=[row for row in FULL if row != ("South", "Toys", 2020)])),
    "one column": ("region,year,value", [f"{region},{year},{year - 2000}" for region, year in product(REGIONS, YEARS)]),
}
CAREFUL = {
    "a label that follows": ("region,segment,year,value,side", [*lines("a")[:6], *lines("b")[6:]]),
    "twins": ("region,segment,year,value,name", [f"{line},{line.split(',')[1]}" for line in lines()]),
    "a remark": ("region,segment,year,value,comment", [f"{line},{'abc'[at % 3]}x" for at, line in enumerate(lines())]),
    "a value twice": ("region,segment,year,value", [*lines(), lines()[0]]),
    "a label left out": ("region,segment,year,value", [line.replace("Toys", "") for line in lines()]),
    "quarters": ("region,segment,year,value", [line.replace(",2021,", ",2021Q1,") for line in lines()]),
    "a value with a mark": ("region,segment,year,value", [*lines()[:-1], lines()[-1] + "*"]),
    "two columns of values": ("region,segment,year,value,shops", lines("7")),
    "a status": ("region,segment,year,value,status", lines("estimate")),
    "units that differ": ("region,segment,year,value,unit", [*lines("bn CNY")[:-3], *lines("m CNY")[-3:]]),
}


def seen(source: Opened) -> tuple[object, ...]:
    parts = [*source.parts]
    panels = [(part.panel.ids, part.panel.values.tolist(), part.panel.origins.tolist()) for part in parts]
    units = [list(part.panel.units) for part in parts]
    refused = [(refusal.series_id, refusal.reason) for part in parts for refusal in part.refusals]
    account = of_batch(source.account, source.table)
    counts = account.cells, account.used, account.missing, account.skipped
    return panels, units, refused, [str(note) for note in source.account.notes()], counts


@pytest.mark.parametrize("name", FAST)
def test_labels_found_by_columns_are_those_of_a_search(name: str, tmp_path: Path) -> None:
    path, options = written(tmp_path, *FAST[name]), ReadOptions()
    (stretch,) = open_source(path, options).stretches()
    assert stretch.labels
    assert seen(opened(path, options)) == seen(searched(path, options))


@pytest.mark.parametrize("name", CAREFUL)
def test_what_takes_care_is_left_to_the_search(name: str, tmp_path: Path) -> None:
    (stretch,) = open_source(written(tmp_path, *CAREFUL[name]), ReadOptions()).stretches()
    assert not stretch.labels


@pytest.mark.slow
def test_many_series_of_several_labels_are_read_by_column(tmp_path: Path) -> None:
    """More cells than a search takes on."""
    count, years = 60_000, np.arange(2016, 2022)
    rows = [f"R{place % 300},S{place // 300},{year},{place + 1}" for place in range(count) for year in years]
    path = written(tmp_path, "region,segment,year,value", rows)
    assert sum(len(part.panel.ids) for part in opened(path, ReadOptions()).parts) == count


def test_labels_are_found_in_files_of_a_folder_whose_types_differ(tmp_path: Path) -> None:
    for name, regions, kind in (("a", REGIONS[:2], "int64"), ("b", REGIONS[2:], "int32")):
        rows = [(*labels, 10.0 + at) for at, labels in enumerate(product(regions, PARTS, YEARS))]
        frame = pd.DataFrame(rows, columns=["region", "segment", "year", "value"]).astype({"year": kind})
        frame.to_parquet(tmp_path / f"{name}.parquet")
    assert rf.batch(tmp_path, horizon=1).forecasts["series_id"].tolist() == [
        f"{region} / {part}" for region, part in product(("North", "South", "Far East"), PARTS)
    ]
