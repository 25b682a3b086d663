"""What is said of errors and findings that no file of these tests leads to: their fields are as where they are made."""

from __future__ import annotations

import pytest

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.notes import Note

ERRORS: list[tuple[str, dict[str, object], str, str]] = [
    # Files
    (
        "permission_denied",
        {"name": "a b.csv"},
        "a b.csv may not be read: permission denied",
        "Ask its owner, or copy it.",
    ),
    (
        "page_too_long",
        {"name": "a.html", "most": 64_000_000},
        "a.html is longer than 64,000,000 characters",
        "Keep the table that is needed.",
    ),
    (
        "json_too_long",
        {"name": "a.json", "most": 64_000_000},
        "a.json is longer than 64,000,000 characters",
        "Keep the series that is needed; 'batch' reads NDJSON, one row a line, of any size.",
    ),
    ("archive_empty", {"name": "a.zip"}, "a.zip is a zip archive without files", "Download it anew."),
    (
        "damaged_file",
        {"name": "a.parquet", "cause": "unexpected {end} of stream"},
        "a.parquet is damaged: unexpected {end} of stream",
        "Write it anew.",
    ),
    (
        "not_in_encoding",
        {"name": "a.csv", "encoding": "utf-16"},
        "a.csv is not text in the encoding utf-16",
        "Name the encoding it was saved in.",
    ),
    (
        "not_in_plain_layout",
        {"name": "a.csv"},
        "a.csv is XML or HTML, not a table in a plain layout",
        "Choose its series with 'series read'.",
    ),
    ("header_only", {"name": "a.csv"}, "a.csv has a header and no rows", "Write one row to each year below it."),
    # Formats
    (
        "backward_range",
        {"text": "D9:B2"},
        "'D9:B2' is not a range of cells",
        "Name the top left cell before the bottom right one.",
    ),
    (
        "merged_header",
        {"name": "a.xlsx!S 1", "start": "B1", "end": "C1", "below": "A2:C7"},
        "a.xlsx!S 1!B1: the header has merged cells, B1:C1",
        "Unmerge them, or start below them with range='A2:C7'.",
    ),
    (
        "slow_workbook",
        {"name": "a.xls", "seconds": 5},
        "a.xls takes more than 5 seconds to read",
        "Save it anew, or as CSV.",
    ),
    (
        "several_sheets",
        {"name": "a.xlsx", "sheets": ("B 2", "it's"), "first": "B 2"},
        "a.xlsx has several sheets: 'B 2', \"it's\"",
        "Choose one with sheet, such as sheet='B 2'.",
    ),
    (
        "folder_without_parquet",
        {"name": "parts"},
        "parts is a folder without Parquet files",
        "Name a file, or a folder of Parquet files.",
    ),
    (
        "other_columns",
        {"name": "parts/b.parquet", "first": "parts/a.parquet"},
        "parts/b.parquet has other columns than parts/a.parquet",
        "Give all files the same columns.",
    ),
    (
        "parquet_too_many_values",
        {"name": "a.parquet", "most": 5_000_000},
        "a.parquet has more than 5,000,000 values",
        "Keep the columns that are needed.",
    ),
    (
        "parquet_too_large",
        {"name": "a.parquet", "most": 512},
        "a.parquet unpacks to more than 512 MB",
        "Keep the columns that are needed.",
    ),
    # Series
    (
        "series_without_values",
        {"table": "a.csv:1", "series": "Chad"},
        "a.csv:1: 'Chad' has no values",
        "Choose another series.",
    ),
    (
        "name_twice",
        {"table": "a.csv:1", "name": "Sales", "columns": 2},
        "In a.csv:1, 2 columns are named 'Sales'",
        "Rename all but one of them.",
    ),
    (
        "name_twice",
        {"table": "a.csv:1", "name": "Sales", "columns": 0},
        "In a.csv:1, 'Sales' is there twice",
        "Rename all but one of them.",
    ),
    # Tables
    (
        "columns_of_one_name",
        {"file": "a.csv", "count": 2, "column": "Sales"},
        "a.csv has 2 columns named 'Sales'",
        "Rename all but one of them.",
    ),
    (
        "no_condition",
        {"condition": "={Kenya}"},
        "where '={Kenya}' is not COLUMN=VALUE",
        "Write it as where=['Country=Kenya'].",
    ),
    (
        "no_such_measure",
        {"file": "a.csv", "measure": "Foo", "names": ["Export", "Import"]},
        "a.csv has no column 'Foo' (value_column)",
        "It measures 'Export', 'Import'.",
    ),
    (
        "no_such_measure",
        {"file": "a.csv", "measure": "Foo", "names": []},
        "a.csv has no column 'Foo' (value_column)",
        "Its years run across, so a row is a series: choose one with series_id or where.",
    ),
]


@pytest.mark.parametrize(("reason", "fields", "problem", "hint"), ERRORS)
def test_what_is_wrong_with_a_file_is_said(reason: str, fields: dict[str, object], problem: str, hint: str) -> None:
    found = Problem(reason, **fields)
    assert (str(found), found.hint) == (problem, hint)


@pytest.mark.parametrize(
    ("reason", "fields", "problem", "hint"),
    [
        (
            "cell_too_long",
            {"most": 131_072},
            "a cell of this row is longer than 131,072 characters",
            "A quote that opens there may never close; figures and notes are shorter.",
        ),
        (
            "too_many_values",
            {"series": "it's", "most": 100_000},
            'series "it\'s" has more than 100,000 values',
            "If a column distinguishes series, name it with id_column.",
        ),
        ("other_span", {}, "the period spans several years, and other periods do not", "Leave it out."),
        (
            "no_history",
            {"period": "2010F"},
            "every period, such as '2010F', is marked as a forecast, and none is history",
            "Choose another series, or write the periods without the mark.",
        ),
        (
            "begins_after_today",
            {"series": "market", "year": 2553},
            "series 'market' begins in 2553, far after today",
            (
                "Write years of the common era: 2562 of the Buddhist calendar is 2019. If the years are right, add "
                "future_years='history'."
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_said_behind_its_place(
    reason: str, fields: dict[str, object], problem: str, hint: str
) -> None:
    error = InputError.of(reason, place=Place("a.csv:3", "a.csv", 3), **fields)
    assert (str(error), error.hint, error.code) == (f"a.csv:3: {problem}", hint, "cell")


@pytest.mark.parametrize(
    ("code", "fields", "sentence"),
    [
        # Reading
        ("no_workbook", {"file": "a.xlsx"}, "a.xlsx is a text and no workbook, whatever its name says."),
        (
            "year_spans",
            {"file": "a.csv", "years": 3, "middle": 2011},
            (
                "In a.csv, each period spans 3 years and is dated by the middle one, such as 2011; the periods "
                "overlap, so their changes are smoothed."
            ),
        ),
        (
            "missing_by_flag",
            {"file": "a.csv", "count": 1},
            "1 value of a.csv has a flag for 'not available': missing.",
        ),
        (
            "missing_by_flag",
            {"file": "a.csv", "count": 1200},
            "1,200 values of a.csv have a flag for 'not available': missing.",
        ),
    ],
)
def test_a_rare_finding_is_said(code: str, fields: dict[str, object], sentence: str) -> None:
    assert str(Note(code, fields)) == sentence
