"""The words of errors about files that cannot be read: their bytes, their size, and what they are."""

from __future__ import annotations

TEXTS = {
    "table_too_large": (
        "{name} has more than {most:,} {of}, too many to be read at once",
        "Keep the series that is needed; 'batch' reads long CSV, TSV, NDJSON and Parquet of any size.",
    ),
    "table_too_wide": (
        "{name} has more than {most:,} columns, too many for a table of figures",
        "Give one row to each value: a period, a value and, where there are several series, an id.",
    ),
    "line_too_long": (
        "the line is longer than {most:,} characters",
        "A row of figures is far shorter; a quote may never close, or line ends may be missing.",
    ),
    "formula_not_saved": (
        "is a formula whose value was never saved",
        "Open the workbook in a spreadsheet and save it, so that it holds the values.",
    ),
    "spreadsheet_error": ("is an error of the spreadsheet", "Repair the formula, or leave the row out."),
}
