"""The words of errors about what a file of a format holds: its cells, rows, sheets and parts."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.errors import option
from rural_forecast.text.cells import shown

_AS_CSV = "Save it anew, or as CSV."
_DOWNLOAD = "Download it anew, or as CSV."
_KEEP = "Keep the columns that are needed."
_SHAPES = 'Write a list of rows, [{"year": 2016, "value": 482}, ...], or an object {"2016": 482, ...}.'
_ROWS = _SHAPES.replace("{", "{{").replace("}", "}}")

TEXTS = {
    "no_range": ("{text:shown} is not a range of cells", "Write {option range='B2:D9'}, B2 (from there on) or B:D."),
    "backward_range": ("{text:shown} is not a range of cells", "Name the top left cell before the bottom right one."),
    # CSV
    "json_as_csv": ("{name} looks like JSON, not like CSV", "Add {option input_format='json'} (or ndjson)."),
    "quote_open": (
        "a quote opens in this row and never closes",
        'Close it, or write a quote within a cell twice ("").',
    ),
    "cell_too_long": (
        "a cell of this row is longer than {most:,} characters",
        "A quote that opens there may never close; figures and notes are shorter.",
    ),
    "quote_out_of_place": ("a quote is out of place", 'Quote the whole cell, and write a quote within it twice ("").'),
    # JSON
    "no_json": (
        "not valid JSON, {cause} (column {column})",
        "Repair it there; python -m json.tool FILE shows the same place.",
    ),
    "ndjson_as_json": (
        "not valid JSON, {cause} (column {column})",
        "If every line is an object of its own, add {option input_format='ndjson'}.",
    ),
    "not_finite": ("{number} is not a finite number", "Leave the row out if the value is not known."),
    "key_twice": ("the key {key:shown} stands twice in one object", "Leave one of the two."),
    "half_character": ("a text holds half of a character (a lone surrogate)", "Write it whole."),
    "no_json_so_deep": ("the JSON is nested too deeply to be a table of figures", _ROWS),
    "no_rows": ("{name} has no rows", _ROWS),
    "empty_object": ("the row holds nothing", _ROWS),
    "key_without_values": ("{name}: the series {series:shown} has no values", "Leave it out."),
    "key_no_period": ("{name}: the key {key:shown} is not a period; the keys are {keys:quoted}", _ROWS),
    "sdmx_parts": ("{name}: an SDMX-JSON observation does not fit the structure of its message", _DOWNLOAD),
    "cube_parts": ("is {form} whose dimensions, sizes and values do not fit each other", _DOWNLOAD),
    # XML
    "nested_too_deeply": ("{name}: the {form} is nested too deeply to be a table of figures", "Download it as CSV."),
    "document_type": (
        "{name} declares a document type, which can make its text grow without bound",
        "Take the <!DOCTYPE> out, or download the figures as CSV.",
    ),
    "no_xml": ("not valid XML, {cause}", "Download or export it anew."),
    # Workbooks
    "formula_not_saved": (
        "is a formula whose value was never saved",
        "Open the workbook in a spreadsheet and save it, so that it holds the values.",
    ),
    "spreadsheet_error": ("is an error of the spreadsheet", "Repair the formula, or leave the row out."),
    "no_cells_in_range": ("{name} holds no cells in this range", "Choose other cells with {option range}."),
    "merged_header": (
        "{name}!{start}: the header has merged cells, {start}:{end}",
        "Unmerge them, or start below them with {option range=below}.",
    ),
    "password": ("{name} is protected by a password", "Save it without one."),
    "no_workbook": ("{name} is not a workbook that can be read: {cause}", _AS_CSV),
    "damaged_workbook": ("{name} is damaged, too large, or no workbook", _AS_CSV),
    "slow_workbook": ("{name} takes more than {seconds} seconds to read", _AS_CSV),
    "missing_part": ("{name} is damaged: it holds no {part:shown}", _AS_CSV),
    "cell_twice": ("{name}!{address}: the sheet holds {count} cells of this address", "Save the workbook anew."),
    "sheet_too_large": (
        "{name} spans more than {most:,} cells",
        "A stray cell far away may be the cause; copy the table into a new sheet.",
    ),
    "workbook_too_large": ("{name} unpacks to more than {most} MB", "Keep only the sheet that is needed."),
    "no_sheet": ("{name} has no sheet {sheet:shown}", "Its sheets are {sheets:quoted}."),
    "several_sheets": (
        "{name} has several sheets: {sheets:quoted}",
        "Choose one with {option sheet}, such as {option sheet=first}.",
    ),
    # Parquet
    "parquet_without_rows": ("{name} has no rows", "Write one row to each period."),
    "folder_without_parquet": (
        "{name} is a folder without Parquet files",
        "Name a file, or a folder of Parquet files.",
    ),
    "other_columns": ("{name} has other columns than {first}", "Give all files the same columns."),
    "parquet_too_many_values": ("{name} has more than {most:,} values", _KEEP),
    "parquet_too_large": ("{name} unpacks to more than {most} MB", _KEEP),
    "no_parquet": ("{name} is not a Parquet file that can be read: {cause}", "Write it anew."),
    # Several series
    "wanted_one_series": (
        "{name} holds {ids:#|#} series, and one is wanted: {ids:quoted}",
        "Choose one with {option series_id}, such as {option series_id=shortest}.",
    ),
}


def row_width(count: int, width: int, row: str, delimiter: str, because: str = "") -> tuple[str, str]:
    """`because`: whether a wider row has the names of the columns, or commas that may be within numbers."""
    hint = "Give each row one cell for each column"
    hint += '; a comma within a cell needs quotes ("1,234").' if delimiter == "," else "."
    if because == "names":
        hint = f"If this row holds the names of the columns, take out the lines above it. {hint}"
    elif because == "commas":
        reads = f"{option('thousands', ',')} or {option('decimal_comma', True)}"
        hint = f'Put a cell with a comma between quotes ("1,234"); then {reads} reads it.'
    cells = f"{count:,} cell{'s' if count != 1 else ''}"
    return f"the row has {cells}, and the header has {width}: {shown(row)}", hint


_HOW = {
    "csv": "Write a header such as year,value, and one row to each year.",
    "batch": "Write a header such as series_id,year,value, and one row to each year.",
    "json": _SHAPES,
    "ndjson": 'Write one row a line, {"year": 2016, "value": 482}.',
    "excel": "Write a header such as year and value, and one row to each year.",
    "sheets": "Its sheets hold no cells.",
    "parquet": "Write a period and a value column.",
}


def empty(name: str, kind: str) -> tuple[str, str]:
    """`kind`: what the file is; `sheet` for a sheet of a workbook, `sheets` where all of them are empty."""
    return f"{name} is empty", f"Choose another sheet with {option('sheet')}." if kind == "sheet" else _HOW[kind]


def not_rows(name: str, found: type) -> tuple[str, str]:
    """`found`: what the JSON is."""
    return f"{name} holds {_KINDS.get(found, 'a number')} instead of rows", _SHAPES


def not_a_row(row: object) -> tuple[str, str]:
    """`row`: what is there in its place."""
    return f"{_KINDS.get(type(row), 'a number')} where a row must be: {shown(row)}", _SHAPES


_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}


def unknown_choice(option_name: str, given: str, known: Sequence[str]) -> tuple[str, str]:
    """An option of reading with a value that it cannot have."""
    what = {
        "input_format": "a format that can be read",
        "measure": "a measure",
        "future_years": "a way to take years to come",
        "thousands": "a thousands separator",
    }[option_name]
    names = ", ".join(map(repr, known) if option_name == "thousands" else known)
    return f"'{given}' is not {what}", f"Use one of {names}."


def one_sign_for_two(sign: str) -> tuple[str, str]:
    """The same sign for thousands and decimals."""
    with_comma = f"With {option('decimal_comma', True)} the thousands separator is '.', ' ' or \"'\""
    hint = f"{with_comma}; without it ',', ' ' or \"'\"."
    return f"'{sign}' cannot separate both the thousands and the decimals", hint
