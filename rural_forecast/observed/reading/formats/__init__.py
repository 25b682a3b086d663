"""The formats: bytes to grids. The content decides which it is; suffixes are for people.

Each module reads one family, imported when needed. A new one is a function, and a line in `grids`
or `_of_text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.options import check_lines, parse_sheet
from rural_forecast.observed.reading.source import decoded, is_workbook, unpacked
from rural_forecast.observed.source_names import without_folders
from rural_forecast.text.cells import quoted, shown

_HEADER = "Write a header such as year,value, and one row to each year."
_WORKBOOKS = (".xls", ".xlsx", ".xlsm", ".ods")


def grids(
    data: bytes, name: str, *, encoding: str | None = None, sheet: str | None = None
) -> list[Grid]:
    """Read everything in a file that may be a table.

    `sheet`: the sheet, the cells, or both, as a person names them.
    """
    notes: tuple[Note, ...] = ()
    if data[:2] in (b"\x1f\x8b", b"\x28\xb5", b"PK"):
        files = unpacked(data, name)
        if files:
            member, data = files[0] if len(files) == 1 else _with_figures(name, files, encoding)
            notes = (_unpacked_note(name, member, len(files)),)
    if is_workbook(data):
        from rural_forecast.observed.reading.formats.spreadsheet import sheet_grids

        return [replace(grid, notes=notes) for grid in sheet_grids(data, name, sheet)]
    if data.startswith(b"PAR1"):
        from rural_forecast.observed.reading.formats.parquet import parquet_grid

        whole = [parquet_grid(data, name)]
    else:
        text, encoding_notes = decoded(data, name, encoding)
        notes += encoding_notes
        if name.lower().endswith(_WORKBOOKS):
            sentence = f"{without_folders(name)} is a text and no workbook, whatever its name says."
            notes += (Note("no_workbook", sentence),)
        whole = _of_text(text, name)

    areas = [_area(grid, sheet) for grid in whole]
    filled = [replace(grid, notes=notes) for grid in areas if grid.index.size]
    if not filled:
        raise InputError(f"{name} holds no table.", _HEADER)
    return filled


def _unpacked_note(name: str, member: str, count: int) -> Note:
    content = "the file"
    if count > 1:
        content = f"{count} files, and one with a table of years:"
    sentence = f"{without_folders(name)} holds {content} {shown(member)}."
    return Note("unpacked", sentence, warning=count > 1)


def _area(grid: Grid, text: str | None) -> Grid:
    """Cut the cells that a person names out of a grid."""
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
        from rural_forecast.observed.reading.formats.json_text import json_grids

        return json_grids(text, name)
    if content[0] == "<":
        from rural_forecast.observed.reading.formats.markup import html_grids, is_xml

        if is_xml(text):
            from rural_forecast.observed.reading.formats.xml_text import xml_grids

            return xml_grids(text, name)
        return html_grids(text, name)
    check_lines(name, text)
    if "|" in text:
        from rural_forecast.observed.reading.formats.markup import markdown_grids

        tables = markdown_grids(text, name)
        if tables:
            return tables
    if content.startswith(("CHARSET=", "AXIS-VERSION=")) and "DATA=" in text:
        raise InputError(
            f"{name} is a PC-Axis file, which is not read.",
            "Download it as CSV, Excel or JSON-stat.",
        )
    from rural_forecast.observed.reading.formats.delimited import delimited, delimiter_of

    return [delimited(text, name, delimiter_of(text))]


def _with_figures(
    name: str, files: Sequence[tuple[str, bytes]], encoding: str | None
) -> tuple[str, bytes]:
    """Find the one file of an archive with a table of years. Raises InputError for none or more."""
    has_figures = (file for file in files if _has_figures(*file, encoding))
    fitting = list(islice(has_figures, 2))
    if len(fitting) == 1:
        return fitting[0]
    content = "several files with a table of years"
    if not fitting:
        content = f"{len(files)} files without a table of years"
    names = quoted([member for member, _ in fitting or files])
    raise InputError(
        f"{name} is a zip archive of {content}: {names}.",
        "Unpack it, and name the file with the figures.",
    )


def _has_figures(name: str, data: bytes, encoding: str | None) -> bool:
    from rural_forecast.observed.reading.layout import tables_in

    try:
        return any(map(tables_in, grids(data, name, encoding=encoding)))
    except (InputError, UsageError):
        return False
