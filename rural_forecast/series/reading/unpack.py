"""Files packed by gzip or zip, within bounds whatever the archive says of itself."""

from __future__ import annotations

import zlib
from gzip import GzipFile
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from rural_forecast.errors import InputError
from rural_forecast.series.reading.files import MOST_BYTES
from rural_forecast.series.source_names import without_folders

MOST_FILES = 1000


class Packed(NamedTuple):
    """A file within another."""

    name: str
    data: bytes


def unpacked(data: bytes, name: str) -> list[Packed]:
    """The files in one that is packed by gzip or zip; none where it is not packed.

    Raises InputError if it is damaged, or unpacks to more than 64 MB or 1,000 files.
    """
    gzip = data.startswith(b"\x1f\x8b")
    if not gzip and (not data.startswith(b"PK\x03\x04") or is_workbook(data)):
        return []
    try:
        files = _gunzipped(data, name) if gzip else _unzipped(data)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        raise InputError.of("archive_damaged", name=name, kind="gzip" if gzip else "zip") from None
    if files is None:
        raise InputError.of("archive_too_large", name=name, most=MOST_BYTES // 1024**2, files=MOST_FILES)
    if not files:
        raise InputError.of("archive_empty", name=name)
    return files


def _gunzipped(data: bytes, name: str) -> list[Packed] | None:
    """The one file in it; None where it is too large."""
    with GzipFile(fileobj=BytesIO(data)) as file:
        content = file.read(MOST_BYTES + 1)
    inner = without_folders(name).removesuffix(".gz")
    return [Packed(inner, content)] if len(content) <= MOST_BYTES else None


def _unzipped(data: bytes) -> list[Packed] | None:
    """The files in it; None where they are too many or too large."""
    files: list[Packed] = []
    left = MOST_BYTES
    with ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or "__MACOSX" in entry.filename:
                continue
            with archive.open(entry) as file:
                content = file.read(left + 1)
            left -= len(content)
            if left < 0 or len(files) == MOST_FILES:
                return None
            files.append(Packed(entry.filename.rpartition("/")[2], content))
    return files


def is_workbook(data: bytes) -> bool:
    """Whether bytes are those of a workbook: a zip with the parts of one, or the old binary form."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if not data.startswith(b"PK\x03\x04"):
        return False
    start = data[:4096]
    parts = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetypeapplication/vnd.oasis")
    return any(part in start for part in parts) or any(
        part in data[-65536:] for part in (b"xl/workbook", b"content.xml")
    )
