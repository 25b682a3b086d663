"""The bytes of a file, unpacked, and what they are; the grid of a plain file, or everything that may be a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.notes import Note
from rural_forecast.series.reading.faults import Faults
from rural_forecast.series.reading.files import format_of, name_of, read_bytes
from rural_forecast.series.reading.grid import Grid, check_lines
from rural_forecast.series.reading.options import ReadOptions, check
from rural_forecast.series.reading.text import decode, text_of
from rural_forecast.series.source_names import SUFFIXES, TEXTS, without_folders

if TYPE_CHECKING:
    from rural_forecast.series.reading.table import Table
    from rural_forecast.series.reading.unpack import Packed


class Input(NamedTuple):
    """The bytes of a file, and what they are."""

    name: str
    kind: str
    data: bytes
    notes: tuple[Note, ...] = ()
    """What was found out about the bytes."""


def input_of(path: str, options: ReadOptions, stdin: BinaryIO | None = None) -> Input:
    """The bytes of a file, unpacked, and what they are; their beginning counts more than the suffix.

    Raises InputError if the file is not there, is too large, or is an archive that is damaged or of several such files.
    Raises UsageError if the options contradict each other or do not fit the file.
    """
    check(options)
    kind = _kind(path, options.input_format)
    name = name_of(path)
    data = read_bytes(path, stdin)
    notes: tuple[Note, ...] = ()
    if data[:2] in (b"\x1f\x8b", b"PK", b"\xd0\xcf") and kind in ("csv", "tsv", "json", "ndjson"):
        from rural_forecast.series.reading.unpack import is_workbook, unpacked

        files = unpacked(data, name)
        if files:
            inner, data = _file_of_figures(name, files, options)
            fields = {"file": without_folders(name), "inner": inner, "files": len(files)}
            notes = (Note("unpacked", fields, warning=len(files) > 1),)
            kind = _kind(inner, options.input_format) if path.lower().endswith(".zip") else kind
        if is_workbook(data):
            kind = "excel"
    elif kind == "excel" and not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and _looks_like_text(data):
        kind, notes = "csv", (Note("no_workbook", {"file": without_folders(name)}),)
    if kind in ("csv", "tsv") and _is_markup(data):
        kind = "markup"
    check_kind(kind, name, options)
    return Input(name, kind, data, notes)


def _file_of_figures(name: str, files: Sequence[Packed], options: ReadOptions) -> Packed:
    """The only file of an archive, or the one that holds a table of years.

    Raises InputError if none of them does, or several.
    """
    if len(files) == 1:
        return files[0]
    fitting = list(islice((file for file in files if _has_figures(name, file, options)), 2))
    if len(fitting) == 1:
        return fitting[0]
    reason = "archive_of_several" if fitting else "archive_without_years"
    raise InputError.of(reason, name=name, files=tuple(file.name for file in fitting or files))


def _has_figures(name: str, file: Packed, options: ReadOptions) -> bool:
    """Whether a file of an archive holds a table of years."""
    from rural_forecast.series.reading.find import panels

    kind = SUFFIXES.get(f".{file.name.lower().rpartition('.')[2]}", "csv")
    try:
        tables = tables_of(Input(name, kind, file.data), options)
    except (InputError, UsageError):
        return False
    return any(panels(table, options.period_column) for table in tables)


def _looks_like_text(data: bytes) -> bool:
    """Whether bytes with the suffix of a workbook are lines of cells, or a page."""
    start = data[:4000]
    lines = any(end in start for end in (b"\n", b"\r")) and any(sign in start for sign in (b"\t", b",", b";", b"|"))
    return lines or _is_markup(data)


def _is_markup(data: bytes) -> bool:
    """Whether bytes are HTML or XML, in whatever encoding."""
    return data[:100].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").startswith(b"<")


def _kind(path: str, input_format: str | None) -> str:
    """The format of a file; what is packed, or a page or a text of another kind, is looked at as text first."""
    lower = path.lower()
    bare = path[:-3] if lower.endswith(".gz") else path
    return "csv" if input_format is None and lower.endswith(TEXTS) else format_of(bare, input_format)


def grid_of(source: Input, options: ReadOptions, faults: Faults | None = None) -> Grid:
    """The grid of a plain file; heavier formats are imported when one is read."""
    name, kind, data = source.name, source.kind, source.data
    if kind == "excel":
        from rural_forecast.series.reading.excel import read_excel

        return read_excel(data, name, options.sheet, options.range)
    if kind == "parquet":
        from rural_forecast.series.reading.parquet import read_parquet

        return read_parquet(data, name)
    if kind == "markup":
        raise InputError.of("not_in_plain_layout", name=name)
    text = decode(data, name, options.encoding)
    if kind in ("csv", "tsv"):
        from rural_forecast.series.reading.delimited import read_delimited

        return read_delimited(text, name, kind, faults)
    from rural_forecast.series.reading import json_rows

    return json_rows.read_json(text, name) if kind == "json" else json_rows.read_ndjson(text, name, faults)


def tables_of(source: Input, options: ReadOptions) -> list[Table]:
    """Everything in a file that may be a table, with notes of how its bytes were read."""
    from rural_forecast.series.reading.table import table_of_grid

    notes = source.notes
    if source.kind == "excel":
        from rural_forecast.series.reading.excel import excel_tables

        tables = excel_tables(source.data, source.name, options.sheet, options.range)
    elif source.kind == "parquet":
        tables = [table_of_grid(grid_of(source, options))]
    else:
        text, encoding = text_of(source.data, source.name, options.encoding)
        notes = (*notes, *encoding)
        if source.kind in ("json", "ndjson") or text.lstrip()[:1] in ("{", "["):
            from rural_forecast.series.reading import json_rows
            from rural_forecast.series.reading.nested import json_tables

            if source.kind == "ndjson":
                tables = [table_of_grid(json_rows.read_ndjson(text, source.name))]
            else:
                tables = json_tables(text, source.name) or [table_of_grid(json_rows.read_json(text, source.name))]
        else:
            from rural_forecast.series.reading.sdmx import without_labels_in_codes

            tables = list(map(without_labels_in_codes, _text_tables(text, source.name, source.kind)))
    return [table._replace(notes=notes) for table in tables if table.rows]


def _text_tables(text: str, name: str, kind: str) -> list[Table]:
    """The tables of a text that is no JSON.

    Raises InputError if it is too large, a quote never closes, or it is XML that is not valid.
    """
    from rural_forecast.series.reading.markup import MARKDOWN_RULE, html_tables, is_xml, markdown_tables

    if text.lstrip()[:1] == "<":
        if not is_xml(text):
            return html_tables(text, name)
        from rural_forecast.series.reading.xml_tables import xml_tables

        return xml_tables(text, name)
    check_lines(name, text)
    from rural_forecast.series.reading.statistics import is_px, px_table

    if is_px(text):
        return [px_table(text, name)]
    lines = text.splitlines()
    if any("|" in line and MARKDOWN_RULE.fullmatch(line) for line in lines):
        return markdown_tables(lines, name)
    from rural_forecast.series.reading.delimited import table_of_text

    return [table_of_text(text, name, kind)]


def check_kind(kind: str, name: str, options: ReadOptions) -> None:
    """Raise UsageError for options that a kind of file has no use for, such as a sheet of a text."""
    if kind != "excel" and (options.sheet is not None or options.range is not None):
        raise UsageError.of("no_sheets", name=name)
