"""Files packed by gzip or zip, within bounds whatever the archive says of itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from gzip import GzipFile
from io import BytesIO
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

from rural_forecast.errors import InputError
from rural_forecast.series.reading.source import MOST_BYTES
from rural_forecast.series.source_names import without_folders

MOST_FILES = 1000
_UNPACK = "Unpack it, and name the file with the figures."


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
    files: list[Packed] = []
    left = MOST_BYTES
    try:
        for inner, stream in _gunzipped(data, name) if gzip else _unzipped(data):
            content = stream.read(left + 1)
            left -= len(content)
            if left < 0 or len(files) == MOST_FILES:
                raise InputError(
                    f"{name} unpacks to more than {MOST_BYTES // 1024**2} MB or {MOST_FILES:,} files.", _UNPACK
                )
            files.append(Packed(inner, content))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        kind = "compressed by gzip" if gzip else "a zip archive or an Excel workbook"
        raise InputError(f"{name} is {kind}, and damaged or protected.", "Copy or download it anew.") from None
    if not files:
        raise InputError(f"{name} is a zip archive without files.", "Download it anew.")
    return files


def _gunzipped(data: bytes, name: str) -> Iterator[tuple[str, GzipFile]]:
    with GzipFile(fileobj=BytesIO(data)) as file:
        yield without_folders(name).removesuffix(".gz"), file


def _unzipped(data: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    with ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and "__MACOSX" not in entry.filename:
                with archive.open(entry) as file:
                    yield entry.filename.rpartition("/")[2], file


def is_workbook(data: bytes) -> bool:
    """True if bytes are those of a workbook: a zip with the parts of one, or the old binary form."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if not data.startswith(b"PK\x03\x04"):
        return False
    start = data[:4096]
    parts = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetypeapplication/vnd.oasis")
    return any(part in start for part in parts) or any(
        part in data[-65536:] for part in (b"xl/workbook", b"content.xml")
    )
