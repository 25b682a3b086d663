"""The words of errors about files that cannot be read: where they are, how large, their bytes and their text."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from rural_forecast.errors import option
from rural_forecast.series.reading.files import ascii_name, quoted
from rural_forecast.series.reading.text import ENCODINGS
from rural_forecast.series.source_names import SUFFIXES
from rural_forecast.text.cells import shown

_PIPED = "| rural-forecast COMMAND -"
_UNPACK = "Unpack it, and name the file with the figures."
_ENCODINGS = (
    "Name the encoding the file was saved in, such as {option encoding='gb18030'} (Chinese) or "
    "{option encoding='cp1252'} (Western)."
)

TEXTS = {
    "stdin_closed": ("Standard input is closed", "Pipe the data in, or name a file."),
    "device": ("{name} is a device, not a file", "Name a file, or - for standard input."),
    "not_plain_file": ("{name} is not a plain file.", "Put a file there."),
    "permission_denied": ("{name} may not be read: permission denied", "Ask its owner, or copy it."),
    "nothing_writes": ("Nothing writes to the pipe {name}", "Start the program that writes to it first."),
    "file_too_large": (
        "{name} is larger than {most} MB",
        "Keep the series that is needed; 'batch' reads CSV, TSV, NDJSON and Parquet of any size.",
    ),
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
    "page_too_long": ("{name} is longer than {most:,} characters", "Keep the table that is needed."),
    "json_too_long": (
        "{name} is longer than {most:,} characters",
        "Keep the series that is needed; 'batch' reads NDJSON, one row a line, of any size.",
    ),
    "archive_too_large": ("{name} unpacks to more than {most} MB or {files:,} files", _UNPACK),
    "archive_empty": ("{name} is a zip archive without files", "Download it anew."),
    "archive_of_several": ("{name} is a zip archive of several files with a table of years: {files:quoted}", _UNPACK),
    "archive_without_years": (
        "{name} is a zip archive of {files:# file|# files} without a table of years: {files:quoted}",
        _UNPACK,
    ),
    "damaged_file": ("{name} is damaged: {cause}", "Write it anew."),
    "other_unicode": ("{name} is not in UTF-8: its byte order mark says {encoding}", "Add {option encoding=encoding}."),
    "not_in_encoding": ("{name} is not text in the encoding {encoding}", "Name the encoding it was saved in."),
    "nul_character": (
        "holds a NUL character, so it is not plain text",
        "Save it as CSV in UTF-8, or name its {option encoding}.",
    ),
    "nul_of_utf_16": (
        "holds a NUL character, so it is not plain text",
        "It looks like UTF-16: add {option encoding=encoding}.",
    ),
    "ends_within_character": ("the file ends within a character of {encoding}", "Copy or export it anew."),
    "not_decodable": ("byte {number:,} of the file (0x{byte:02x}) is not {encoding}", _ENCODINGS),
    "no_sheets": ("{name} has no sheets or cell ranges", "Leave {option sheet} and {option range} to Excel files."),
    "not_in_plain_layout": (
        "{name} is XML or HTML, not a table in a plain layout",
        "Choose its series with 'series read'.",
    ),
    "header_only": ("{name} has a header and no rows", "Write one row to each year below it."),
}


def no_file(path: str, because: str = "", close: str = "", files: Sequence[str] = ()) -> tuple[str, str]:
    """`because`: what of the path is the cause. `close`: a file that may be meant. `files`: those in the folder."""
    causes = {
        "address": f"Addresses are not read: curl -L ADDRESS {_PIPED}",
        "home": "The shell opens ~ only where it stands without quotes; write the folder in full.",
        "link": "It is a link to a file that is not there.",
        "slash": f"Did you mean {ascii_name(close)}? It is a file, so no / follows.",
    }
    there = f"Files there: {_files(files)}." if files else "Check the name and the folder."
    hint = causes.get(because) or (f"Did you mean {ascii_name(close)}?" if close else there)
    return f"There is no file {quoted(path)}", hint


def unreadable_file(path: str, cause: str) -> tuple[str, str]:
    """`cause`: what the system says; empty where its name has a character that names cannot have."""
    cause = cause or "its name cannot be a file's"
    return f"{quoted(path)} cannot be read: {cause}", "Check the name."


def folder(name: str, files: Sequence[str]) -> tuple[str, str]:
    """`files`: those in it that can be read."""
    hint = f"Name a file in it: {_files(files)}." if files else "Name a file."
    return f"{name} is a folder, not a file", hint


def _files(names: Sequence[str]) -> str:
    return ", ".join(map(ascii_name, names[:5]))


def unknown_suffix(name: str, suffix: str) -> tuple[str, str]:
    """`suffix`: empty where there is none."""
    problem = f"'{suffix}' of {name} is not a known suffix" if suffix else f"{name} has no suffix"
    known = ", ".join(SUFFIXES)
    hint = f"Add {option('input_format', 'csv')} (or tsv, json, ndjson), or rename it; known are {known}."
    if suffix in (".gz", ".bz2", ".xz", ".zst", ".zip"):
        hint = f"Decompress it first, and read it from standard input: gunzip -c FILE {_PIPED}"
    return f"{problem}, so its format is not known", hint


_KINDS = {
    "zip": ("a zip archive or an Excel workbook", "If it is a workbook, give it the suffix .xlsx or .ods."),
    "old workbook": ("an Excel workbook of the old kind", "Give it the suffix .xls."),
    "parquet": ("a Parquet file", "Give it the suffix .parquet."),
    "gzip": ("compressed by gzip", f"Decompress it first: gunzip -c FILE {_PIPED}"),
    "pdf": ("a PDF file", "Copy its table into a CSV file."),
}


def no_text_file(name: str, kind: str) -> tuple[str, str]:
    """`kind`: what its first bytes say that it is."""
    called, hint = _KINDS[kind]
    return f"{name} is {called}, not a text file", hint


def archive_damaged(name: str, kind: str) -> tuple[str, str]:
    """`kind`: zip or gzip."""
    return f"{name} is {_KINDS[kind][0]}, and damaged or protected", "Copy or download it anew."


def no_encoding(encoding: str) -> tuple[str, str]:
    """The hint names one that is written nearly so."""
    known = ("utf-8", "utf-16", "gbk", "gb2312", "latin-1", "shift_jis", "euc-kr", *ENCODINGS)
    close = get_close_matches(encoding.lower(), known, 1)
    hint = f"Did you mean {close[0]}?" if close else "Common ones are utf-8, utf-16, gb18030, big5 and cp1252."
    return f"There is no text encoding {shown(encoding)}", hint
