"""What the bytes of a file are, whatever its suffix says: packed, a workbook, or text in some encoding."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.notes import Note
from rural_forecast.series.reading.files import MOST_BYTES
from rural_forecast.series.reading.text import BYTE_ORDER_MARKS, decode, wide_without_mark
from rural_forecast.series.source_names import without_folders

ENCODINGS = ["gb18030", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "cp932", "cp949"]
"""What statistical offices and spreadsheets save text in, beside Unicode."""
_LOOKED_AT = 200_000
MOST_FILES = 1000


class Packed(NamedTuple):
    """A file within another."""

    name: str
    data: bytes


def unpacked(data: bytes, name: str) -> list[Packed]:
    """The files in one that is packed by gzip or zip; none where it is not packed.

    Raises
    ------
    InputError : it is damaged, or unpacks to more than 64 MB or 1,000 files
    """
    if data.startswith(b"\x1f\x8b"):
        return [Packed(without_folders(name).removesuffix(".gz"), _gunzipped(data, name))]
    return _unzipped(data, name) if data.startswith(b"PK\x03\x04") and not is_workbook(data) else []


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


def _gunzipped(data: bytes, name: str) -> bytes:
    try:
        unpacker = zlib.decompressobj(31)
        found = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error as error:
        raise InputError(f"{name} is compressed by gzip and damaged: {error}", "Copy or download it anew.") from None
    if len(found) > MOST_BYTES:
        raise _too_large(name)
    if not unpacker.eof:
        raise InputError(f"{name} is compressed by gzip and ends too early", "Copy or download it anew.")
    return found


def _unzipped(data: bytes, name: str) -> list[Packed]:
    from zipfile import BadZipFile, ZipFile

    found: list[Packed] = []
    left = MOST_BYTES
    try:
        with ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or "__MACOSX" in entry.filename:
                    continue
                if entry.file_size > left or len(found) == MOST_FILES:
                    raise _too_large(name)
                with archive.open(entry) as file:
                    content = file.read(left + 1)  # an archive may hold more than it says
                left -= len(content)
                if left < 0:
                    raise _too_large(name)
                found.append(Packed(entry.filename.rpartition("/")[2], content))
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, OSError):
        raise InputError(
            f"{name} is a zip archive or an Excel workbook, and damaged or protected", "Copy or download it anew."
        ) from None
    if not found:
        raise InputError(f"{name} is a zip archive without files", "Download it anew.")
    return found


def _too_large(name: str) -> InputError:
    return InputError(
        f"{name} unpacks to more than {MOST_BYTES // 1024**2} MB or {MOST_FILES:,} files",
        "Unpack it, and name the file with the figures.",
    )


def text_of(data: bytes, name: str, encoding: str | None) -> tuple[str, Sequence[Note]]:
    """The text of a file, and a note of its encoding where it is not UTF-8 and was not named.

    Raises
    ------
    InputError, UsageError : as in `decode`
    """
    try:
        return decode(data, name, encoding), ()
    except InputError as error:
        if encoding is not None or data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x1f\x8b", b"%PDF")):
            raise
        stated = _stated(data)
        found = stated or _guessed(data)
        if found is None:
            raise
        try:
            text = decode(data, name, found)
        except (InputError, UsageError):
            raise error from None
        return text, [Note("encoding", {"file": without_folders(name), "encoding": found}, warning=not stated)]


def _stated(data: bytes) -> str | None:
    """The encoding that a byte order mark, XML or HTML states."""
    if wide := next((wide for mark, wide in BYTE_ORDER_MARKS if data.startswith(mark)), None):
        return wide
    match = re.search(rb"""<[^<>]*\b(?:encoding|charset)\s*=\s*["']?([\w.:-]{1,40})""", data[:4000])
    if not data.lstrip().startswith(b"<") or match is None:
        return None
    name = match[1].decode("ascii", "replace").lower()
    return "gb18030" if name in ("gb2312", "gbk") else name


def _guessed(data: bytes) -> str | None:
    """The encoding of text that is not UTF-8, by its content; None where none fits."""
    if wide := wide_without_mark(data):
        return wide
    if b"\0" in data[:_LOOKED_AT]:
        return next((wide for wide in ("utf-16-le", "utf-16-be") if _is_wide(data, wide)), None)
    if _ends_within_utf8(data):
        return None
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_LOOKED_AT], cp_isolation=ENCODINGS, threshold=0.35)
    best = found.best()
    if (
        best is not None and best.encoding == "cp1250"
    ):  # alike in most letters: Western unless it looks Central European
        for other in found:
            alike = (other.encoding, other.chaos, other.coherence) == ("cp1252", best.chaos, best.coherence)
            if (alike or "cp1252" in best.could_be_from_charset) and not _CENTRAL.search(
                data.decode("cp1252", "replace")
            ):
                return "cp1252"
    return best.encoding if best is not None else None


_CENTRAL = re.compile(r"[^\W\d_](?:[¿³¹¼¾\ufffd])|[õþðøì]")
"""What Hungarian, Polish and Czech look like as Western text."""


def _is_wide(data: bytes, encoding: str) -> bool:
    """Whether bytes read in two-byte units are lines of printable cells, as Chinese text without a mark is."""
    try:
        text = data[: _LOOKED_AT - _LOOKED_AT % 2].decode(encoding)
    except UnicodeDecodeError:
        return False
    marks = "\n" in text and any(sign in text for sign in ",;\t")
    return marks and all(sign.isprintable() or sign in "\r\n\t" for sign in text)


def _ends_within_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 but for a character that is cut at the end: a damaged file, not another encoding."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and any(byte > 127 for byte in data[: error.start])
    return False
