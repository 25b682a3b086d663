"""One file through every door: the same series, ids, values, units and warnings."""

import gzip
import json
import warnings
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read, read_one
from tests.inside import Cli, rows

FILES = {
    "labels": "country,product,year,value\n"
    "A,cars,2018,1\nA,cars,2019,2\nA,cars,2020,4\nB,cars,2018,4\nB,cars,2019,5\nB,cars,2020,7\n",
    "years across": "sex,age,geo,2018,2019,2020\n_T,,EU,1,2,3\n_T,Y15,EU,2,3,4\nM,,EU,3,4,5\n",
    "columns side by side": "year,cars,vans\n2018,100,10\n2019,110,12\n2020,120,14\n",
    "a column that never changes": "year,mean,error\n2018,100,0.1\n2019,110,0.1\n2020,120,0.1\n",
    "columns of one name": "year,sold,sold\n2018,100,10\n2019,110,12\n2020,120,14\n",
    "one of our names": "year,sales,profit\n2018,100,10\n2019,110,12\n2020,120,14\n",
    "a share in a label": "region,2018,2019,2020\nGrowth (2.5%),10,20,30\nSouth,4,5,6\n",
    "totals": "trade,kind,year,value\nExports,Total,2018,1\nExports,Total,2019,2\n"
    "Imports,Total,2018,4\nImports,Total,2019,5\nImports,Cars,2018,2\nImports,Cars,2019,3\n",
    "large numbers": 'market,2018,2019,2020\nNorth,"1,024","1,101","1,170"\nSouth,900,950,990\n',
}


def facts(series: Series) -> tuple[object, ...]:
    points = [(str(point.period), point.value) for point in series.observations]
    codes = {note.code for note in series.reading_notes if note.warning}
    return series.id, series.unit, points, codes


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "market.csv"
    path.write_text(FILES[request.param], encoding="utf-8")
    return path


def ids_of(file: Path) -> list[str]:
    return [series.id for series in read(str(file))]


def test_a_batch_has_the_series_that_are_read_at_once(file: Path) -> None:
    batch = rf.batch(file, horizon=1, models=["naive"], history=True)
    actual = batch.forecasts[batch.forecasts.kind == "actual"]
    of_batch = {name: part.value.tolist() for name, part in actual.groupby("series_id", sort=False)}
    read_series = read(str(file))
    assert of_batch == {
        series.id: [point.value for point in series.observations] for series in read_series
    }
    units = dict(zip(actual.series_id, actual.unit, strict=True))
    assert units == {series.id: series.unit for series in read_series}


def test_each_id_of_a_batch_names_its_series(file: Path) -> None:
    for series in read(str(file)):
        alone = read_one(str(file), ReadOptions(series_id=series.id))
        assert facts(alone)[:3] == facts(series)[:3]


def test_python_reads_a_series_as_the_command_line_does(file: Path, cli: Cli) -> None:
    name = ids_of(file)[0]
    done = cli("project", file, "--series", name, "--history", "--format", "json")
    history = [row for row in json.loads(done.out)["rows"] if row["kind"] == "actual"]
    for series in (rf.series(file, series_id=name), rf.read(file, ReadOptions(series_id=name))):
        assert [row["series_id"] for row in history] == [series.id] * len(history)
        assert [row["value"] for row in history] == [obs.value for obs in series.observations]


def test_what_the_command_line_warns_of_python_warns_of(file: Path, cli: Cli) -> None:
    name = ids_of(file)[0]
    done = cli("project", file, "--series", name, "--format", "csv")
    lines = [line for line in done.err.splitlines() if line.startswith("warning: ")]
    printed = [line.removeprefix("warning: ") for line in lines]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rf.forecast(rf.series(file, series_id=name))
    # Advice is spelt as it is typed at each door.
    raised = {str(warning.message).partition(". ")[0] for warning in caught}
    assert raised == {line.partition(". ")[0] for line in printed}


@pytest.mark.parametrize("form", ["pipe", "gzip", "xlsx"])
def test_the_same_cells_in_another_form_are_the_same_series(form: str, file: Path) -> None:
    name = ids_of(file)[0]
    options = ReadOptions(series_id=name)
    if form == "pipe":
        other = read_one("-", options, BytesIO(file.read_bytes()))
    else:
        copy = file.with_suffix(".csv.gz" if form == "gzip" else ".xlsx")
        if form == "gzip":
            copy.write_bytes(gzip.compress(file.read_bytes()))
        else:
            _as_workbook(file, copy)
        other = read_one(str(copy), options)
    assert facts(other) == facts(read_one(str(file), options))


def _as_workbook(file: Path, path: Path) -> None:
    frame = pd.read_csv(file, header=None, dtype=object, keep_default_na=False)
    cells = frame.map(lambda cell: float(cell) if cell.replace(".", "", 1).isdigit() else cell)
    cells.to_excel(path, header=False, index=False, engine="xlsxwriter")


@pytest.mark.parametrize("command", ["project", "batch", "growth"])
def test_a_column_that_nobody_asked_about_is_named_as_left_out(
    command: str, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "market.csv"
    file.write_text(FILES["one of our names"])
    assert "Left out of market.csv: column 'profit'" in cli(command, file).err
    if command != "growth":
        assert "profit" not in cli(command, file, "--value-column", "sales").err


def test_two_measures_of_one_market_do_not_add_up(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_text(FILES["columns side by side"].replace("cars,vans", "revenue,turnover"))
    assert len(rows(cli("batch", file, "--horizon", "1", "--format", "csv").out)) == 2
    refused = cli("panel", file)
    assert (refused.code, "--value-column revenue" in refused.err) == (3, True)
    file.write_text(FILES["columns side by side"])
    assert cli("panel", file, "--horizon", "1").code == 0


NAMED = {
    "a label in another case": (ReadOptions(series_id="exports"), "Exports"),
    "a condition in another case": (ReadOptions(where=("Trade=exports",)), "Exports"),
    "parts in another case": (ReadOptions(series_id="imports / CARS"), "Imports / Cars"),
    "an empty condition": (ReadOptions(where=("trade=Exports", "kind=")), "Exports"),
}


@pytest.mark.parametrize("form", NAMED)
def test_a_name_is_written_as_in_the_file_and_without_empty_labels(
    form: str, tmp_path: Path
) -> None:
    file = tmp_path / "market.csv"
    file.write_text(
        "trade,kind,year,value\nExports,,2018,1\nExports,,2019,2\nImports,Cars,2018,4\n"
    )
    options, name = NAMED[form]
    assert read_one(str(file), options).id == name


@pytest.mark.parametrize("command", ["project", "batch", "panel"])
def test_a_series_in_two_units_is_refused_beside_columns_of_others(
    command: str, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "market.csv"
    file.write_text("year,unit,value,extra\n2018,t,10,a\n2019,t,12,b\n2020,kg,14,c\n2021,kg,15,d\n")
    done = cli(command, file)
    assert (done.code, "'kg' differs from 't'" in done.err) == (
        5 if command == "batch" else 3,
        True,
    )
    if command != "panel":
        assert cli(command, file, "--where", "unit=t").code == 0


def test_a_unit_may_be_written_in_two_cases_beside_columns_of_others(tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_text("year,unit,value,extra\n2018,Number,10,a\n2019,number,12,b\n2020,,14,c\n")
    assert [series.unit for series in read(str(file))] == ["Number"]


@pytest.mark.parametrize("command", ["project", "batch"])
def test_a_column_of_values_that_a_part_of_its_name_chose_is_named(
    command: str, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "market.csv"
    file.write_text("year,Staff (heads),Profit,Sales\n2018,1,2,3\n2019,2,3,4\n2020,3,4,5\n")
    by_part = cli(command, file, "--value-column", "prof", "--horizon", "1")
    assert "those of column 'Profit'" in by_part.err
    assert {row["series_id"] for row in rows(by_part.out)} == {"Profit"}
    assert "those of column" not in cli(command, file, "--value-column", "staff").err
