"""The formats: bytes to grids. The content decides which it is; suffixes are for people.

Each module reads one family, imported when needed. A new one is a function, and a line in `grids`
or `_of_text`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.options import check_lines, parse_sheet
from rural_forecast.series.reading.source import decoded, is_workbook, unpacked
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import quoted, shown

_HEADER = "Write a header such as year,value, and one row to each year."


def grids(
    data: bytes, name: str, *, encoding: str | None = None, sheet: str | None = None
) -> list[Grid]:
    """Everything in a file that may be a table; `sheet`: the sheet, the cells, or both, as a person
    names them.
    """
    notes: tuple[Note, ...] = ()
    if data[:2] in (b"\x1f\x8b", b"PK") and (files := unpacked(data, name)):
        inner, data = files[0] if len(files) == 1 else _with_figures(name, files, encoding)
        what = (
            "the file" if len(files) == 1 else f"{len(files)} files, and one with a table of years:"
        )
        text = f"{without_folders(name)} holds {what} {shown(inner)}."
        notes = (Note("unpacked", text, warning=len(files) > 1),)
    if is_workbook(data):
        from rural_forecast.series.reading.formats.spreadsheet import sheet_grids

        return [replace(grid, notes=notes) for grid in sheet_grids(data, name, sheet)]
    if data.startswith(b"PAR1"):
        from rural_forecast.series.reading.formats.parquet import parquet_grid

        made = [parquet_grid(data, name)]
    else:
        text, found = decoded(data, name, encoding)
        notes += found
        if name.lower().endswith((".xls", ".xlsx", ".xlsm", ".ods")):
            said = f"{without_folders(name)} is a text and no workbook, whatever its name says."
            notes += (Note("no_workbook", said),)
        made = _of_text(text, name)
    filled = [
        replace(grid, notes=notes)
        for grid in (_area(each, sheet) for each in made)
        if grid.index.size
    ]
    if not filled:
        raise InputError(f"{name} holds no table.", _HEADER)
    return filled


def _area(grid: Grid, text: str | None) -> Grid:
    sheet, rows, columns = parse_sheet(text, [grid.sheet] if grid.sheet else [])
    if sheet and sheet == text and sheet != grid.sheet:
        raise UsageError(
            f"{grid.file} has no sheet {shown(sheet)}.", f"Name cells: {option('sheet', 'A1:C9')}."
        )
    return grid.cut(rows, columns) if text else grid


def _of_text(text: str, name: str) -> list[Grid]:
    content = text.lstrip()
    if not content:
        raise InputError(f"{name} is empty.", _HEADER)
    if content[0] in "{[":
        from rural_forecast.series.reading.formats.json_text import json_grids

        return json_grids(text, name)
    if content[0] == "<" or "|" in text:
        from rural_forecast.series.reading.formats import markup

        if content[0] == "<":
            return markup.html_grids(text, name)
        check_lines(name, text)
        if tables := markup.markdown_grids(text, name):
            return tables
    check_lines(name, text)
    if content.startswith(("CHARSET=", "AXIS-VERSION=")) and "DATA=" in text:
        raise InputError(
            f"{name} is a PC-Axis file, which is not read.",
            "Download it as CSV, Excel or JSON-stat.",
        )
    from rural_forecast.series.reading.formats.delimited import delimited, delimiter_of

    return [delimited(text, name, delimiter_of(text))]


def _with_figures(
    name: str, files: list[tuple[str, bytes]], encoding: str | None
) -> tuple[str, bytes]:
    from rural_forecast.series.reading.layout import tables_in

    def has_figures(inner: str, data: bytes) -> bool:
        try:
            return any(map(tables_in, grids(data, inner, encoding=encoding)))
        except (InputError, UsageError):
            return False

    fitting = list(islice((file for file in files if has_figures(*file)), 2))
    if len(fitting) == 1:
        return fitting[0]
    what = (
        "several files with a table of years"
        if fitting
        else f"{len(files)} files without a table of years"
    )
    problem = (
        f"{name} is a zip archive of {what}: {quoted([inner for inner, _ in fitting or files])}."
    )
    raise InputError(problem, "Unpack it, and name the file with the figures.")
