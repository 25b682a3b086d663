"""Read records: of a file, a folder or text, and rows of forecasts in any format."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.errors import InputError, option
from rural_forecast.observed.reading.formats import grids
from rural_forecast.observed.reading.source import name_of, read_bytes
from rural_forecast.observed.source_names import is_folder, without_folders
from rural_forecast.question.source import Source
from rural_forecast.record.document import document_in, of_document
from rural_forecast.record.kept import Record
from rural_forecast.record.rows import kept_series, rows_of_grids
from rural_forecast.system import inputs


def read_record(path: str) -> Record:
    """Read a file of forecasts, standard input for `-`."""
    data = read_bytes(path)
    name = name_of(path)
    file = without_folders(name)
    if (document := document_in(data, file)) is not None:
        return of_document(document, file)
    return Record(file, kept_series(rows_of_grids(grids(data, name)), file))


def record_of(text: str, name: str = "the record") -> Record:
    """Read a record that is at hand as text. Raises InputError as `read_record` does."""
    return of_document(document_in(text.encode(), name) or {}, name)


def files_in(path: str) -> list[str]:
    """Name the records of a folder that `--keep` writes; a file is itself.

    Raises InputError for a folder without any.
    """
    if not is_folder(path):
        return [path]
    inputs.record(path)  # before anything about it becomes known
    files = sorted(str(file) for file in Path(path).glob("*.json") if file.is_file())
    if not files:
        hint = f"Keep a forecast in it: {option('keep', path)}."
        raise InputError(f"{path} is a folder without records.", hint)
    return files


def record_in(source: object) -> Record | None:
    """Return a record, as it is or of a file; None for any other file, id or data.

    Raises InputError for a record that is cut.
    """
    if isinstance(source, Record):
        return source
    if not isinstance(source, str | Path | Source):
        return None
    named = Source.parse(source)
    if not named.is_file or named.is_standard_input or named.series is not None:
        return None
    path = named.local
    file = without_folders(name_of(path))
    document = document_in(read_bytes(path), file)
    if document is None or "schema_version" not in document:
        return None
    return of_document(document, file)
