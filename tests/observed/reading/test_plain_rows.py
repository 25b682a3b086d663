"""Rows that state a value alone are read by a short way, and read the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read

YEARS = ("2014", "2015", "2016", "2017H1", "2018 (p)", "FY2019", "")
VALUES = ("180", "1,353.5", "-4", "~600", ">7", "", "n/a", "12 e", "0", "x")


def read_rows(path, rows, *, note):
    """Read rows with or without an empty column of notes, which takes the long way."""
    head = "id,year,value" + (",note" if note else "")
    lines = [f'{name},{year},"{value}"{"," * note}' for name, year, value in rows]
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    try:
        series = read(str(path), ReadOptions(allow_gaps=True))
    except InputError as error:
        return str(error)
    return [_without_cells(one) for one in series]


def _without_cells(series: Series) -> Series:
    """The series without the account, which counts the cells of the other column."""
    return replace(series, account=None)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("year", YEARS)
def test_a_row_reads_the_same_with_an_empty_column_of_notes(tmp_path, year, value):
    rows = [("a", "2012", "5"), ("a", "2013", "6"), ("a", year, value), ("b", "2013", "7")]
    path = tmp_path / "rows.csv"
    assert read_rows(path, rows, note=False) == read_rows(path, rows, note=True)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(2000, 2006)), min_size=1, max_size=9))
def test_values_of_a_period_are_refused_alike(tmp_path_factory, pairs):
    rows = [(name, str(year), "5") for name, year in pairs]
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    assert read_rows(path, rows, note=False) == read_rows(path, rows, note=True)
