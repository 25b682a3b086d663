"""What the bytes of a file are, whatever its suffix says: packed, a workbook, or text in some encoding."""

from __future__ import annotations

import zlib
from io import BytesIO

from rural_forecast.errors import InputError
from rural_forecast.series.reading.files import MOST_BYTES
from rural_forecast.series.reading.grid import listed, shown
from rural_forecast.series.reading.text import decode, wide_without_mark

ENCODINGS = ["gb18030", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "shift_jis", "euc_kr"]
"""What statistical offices and spreadsheets save text in, beside Unicode."""
_LOOKED_AT = 200_000


def unpacked(data: bytes, name: str) -> tuple[bytes, str]:
    """The bytes of a file packed by gzip or in a zip of one file, and its name; other bytes as they are.

    Raises
    ------
    InputError : it is damaged, holds several files, or unpacks to more than 64 MB
    """
    if data.startswith(b"\x1f\x8b"):
        return _gunzipped(data, name), name.removesuffix(".gz")
    if data.startswith(b"PK\x03\x04") and not is_workbook(data):
        return _unzipped(data, name)
    return data, name


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


def _unzipped(data: bytes, name: str) -> tuple[bytes, str]:
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(BytesIO(data)) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
            if len(files) != 1:
                names = listed([entry.filename for entry in files])
                raise InputError(
                    f"{name} is a zip archive of {len(files)} files" + (f": {names}" if files else ""),
                    "Unpack it, and name the file with the figures.",
                )
            if files[0].file_size > MOST_BYTES:
                raise _too_large(name)
            with archive.open(files[0]) as file:
                found = file.read(MOST_BYTES + 1)
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, OSError):
        raise InputError(
            f"{name} is a zip archive or an Excel workbook, not a text file",
            "If it is a workbook, give it the suffix .xlsx or .ods.",
        ) from None
    if len(found) > MOST_BYTES:
        raise _too_large(name)
    return found, files[0].filename.rpartition("/")[2]


def _too_large(name: str) -> InputError:
    return InputError(f"{name} unpacks to more than {MOST_BYTES // 1024**2} MB", "Keep the series that is needed.")


def text_of(data: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """The text of a file, and what was found out about its encoding; empty where it is UTF-8 or was named.

    Raises
    ------
    InputError, UsageError : as in `decode`
    """
    try:
        return decode(data, name, encoding), ""
    except InputError as error:
        if encoding is not None or data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x1f\x8b", b"%PDF")):
            raise
        found = _encoding_of(data)
        if found is None:
            raise
        try:
            text = decode(data, name, found)
        except InputError:
            raise error from None
        return text, f"{name} is not in UTF-8; read as {found} (--encoding overrules)."


def _encoding_of(data: bytes) -> str | None:
    """The encoding of text that is not UTF-8; None where none fits."""
    for mark, wide in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return wide
    if wide := wide_without_mark(data):
        return wide
    if b"\0" in data[:_LOOKED_AT]:
        return next((wide for wide in ("utf-16-le", "utf-16-be") if _is_wide(data, wide)), None)
    if _ends_within_utf8(data):
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_LOOKED_AT], cp_isolation=ENCODINGS, threshold=0.35).best()
    return best.encoding if best is not None else None


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


def described(name: str, inner: str) -> str:
    """What was unpacked, for the account."""
    return f"{name} holds the file {shown(inner)}."
