"""The bytes of a file, a pipe or standard input, unpacked, and their text; their names in messages.

`read_bytes` and `Pipe` read, `unpacked` opens what is packed by gzip or zip, and `decoded` finds
the encoding of a text: as it is asked for, UTF-8, as the file states it, or as it is guessed.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from gzip import GzipFile
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.reading.options import MOST_BYTES, at_line, too_large
from rural_forecast.observed.source_names import (
    STANDARD_INPUT,
    SUFFIXES,
    is_remote,
    without_folders,
)
from rural_forecast.system import inputs
from rural_forecast.system.extras import need
from rural_forecast.text.cells import expression

MOST_FILES = 1000  # in an archive

# Characters of a path that messages give in full; no name of a file is longer than 255.
LONGEST_PATH = 300
_SHOWN_AT_EACH_END = 60

_MEGABYTES = f"{MOST_BYTES // 1024**2} MB"
_PIECE = 1 << 20  # bytes of a pipe that are read at once

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


# Names in messages

_known_as: dict[str, str] = {}


def name_of(path: str) -> str:
    """Name a file for messages: as it was given, without control characters."""
    path = _known_as.get(path, path)
    return STANDARD_INPUT if path == "-" else _safe(path)


@contextmanager
def known_as(path: str, name: str) -> Iterator[None]:
    """Let messages call a file by another name: that of the pipe whose data it keeps."""
    _known_as[path] = name
    try:
        yield
    finally:
        del _known_as[path]


def call(path: str, name: str) -> None:
    """Let messages call a file by another name: the address of which it is a copy."""
    _known_as[path] = name


def unnamed(name: str) -> bool:
    """Return true if the name of a file in messages says nothing.

    That is standard input, or a pipe whose name has no suffix.
    """
    return name == STANDARD_INPUT or (not _has_suffix(name) and is_pipe(name))


def _safe(name: str) -> str:
    if len(name) > LONGEST_PATH:
        name = f"{name[:_SHOWN_AT_EACH_END]}…{name[-_SHOWN_AT_EACH_END:]}"
    return "".join(map(_safe_sign, name))


def _safe_sign(sign: str) -> str:
    # Python decodes the bytes of a name that are no UTF-8 to these surrogates.
    is_byte = "\udc80" <= sign <= "\udcff"
    return sign if sign.isprintable() or is_byte else ascii(sign)[1:-1]


def _has_suffix(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES


# Reading


def read_bytes(path: str, stdin: BinaryIO | None = None, first: int | None = None) -> bytes:
    """Read a file, or standard input for `-`; only the `first` bytes where these are enough."""
    inputs.record(inputs.STANDARD_INPUT if path == "-" else path)

    def limited(stream: BinaryIO) -> bytes:
        data = stream.read(MOST_BYTES + 1 if first is None else first)
        if len(data) > MOST_BYTES:
            raise too_large(name_of(path), _MEGABYTES)
        return data

    if path == "-":
        stream = stdin or _standard_input()
        return limited(stream) if first is not None else inputs.once(stream, limited)
    status(path)
    with reading(path), open(path, "rb") as file:
        return limited(file)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise InputError("Standard input is closed.", "Pipe the data in, or name a file.")
    return sys.stdin.buffer


def status(path: str) -> os.stat_result:
    """Give the status of a path; raises InputError unless it is a file or a pipe."""
    with reading(path):
        state = os.stat(path)
    if stat.S_ISDIR(state.st_mode):
        raise InputError(f"{name_of(path)} is a folder, not a file.", "Name a file in it.")
    if not stat.S_ISREG(state.st_mode) and not stat.S_ISFIFO(state.st_mode):
        raise InputError(
            f"{name_of(path)} is a device, not a file.", "Name a file, or - for standard input."
        )
    return state


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Turn what the system says against a file into an error of the input."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise missing(path) from None
    except PermissionError:
        raise InputError(
            f"{name_of(path)} may not be read: permission denied.", "Ask its owner, or copy it."
        ) from None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    except ValueError:
        inputs.require_name(path)
        raise  # not about the name


def _unreadable(path: str, cause: str) -> InputError:
    return InputError(f"'{_safe(path)}' cannot be read: {cause}.", "Check the name.")


def missing(path: str) -> InputError:
    """Refuse a file that is not there, with the one that may be meant."""
    hint = "Check the name."
    if is_remote(path):
        problem = f"'{_safe(path)}' is an address, and a file is wanted."
        return InputError(problem, "Download it, and name the file.", code="not_found")
    if path.startswith("~"):
        hint = "The shell opens ~ only outside of quotes; write the folder in full."
    elif os.path.islink(path):
        hint = "It is a link to a file that is not there."
    else:
        with suppress(OSError):
            hint = _files_near(path) or hint
    return InputError(f"There is no file '{_safe(path)}'.", hint, code="not_found")


def _files_near(path: str) -> str:
    folder, wanted = os.path.split(path)
    files = sorted(filter(_has_suffix, os.listdir(folder or ".")))
    if close := get_close_matches(wanted, files, 1, 0.6):
        return f"Did you mean '{_safe(os.path.join(folder, close[0]))}'?"
    if not files:
        return ""
    names = ", ".join(f"'{_safe(file)}'" for file in files[:5])
    return f"Check the name; files there are {names}."


def is_pipe(path: str) -> bool:
    """Return true if a path is a named pipe, whose content can be read once."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


class Pipe:
    """Standard input or a named pipe, which is read once; its beginning can be looked at before."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.digest = sha256()
        self._pieces = self._read_pieces()
        self._next = b""

    def _read_pieces(self) -> Iterator[bytes]:
        if self.path == "-":
            yield from iter(lambda: _standard_input().read(_PIECE), b"")
            return
        with reading(self.path), open(self.path, "rb", buffering=0) as pipe:
            yield from iter(lambda: pipe.read(_PIECE), b"")

    def peek(self, size: int) -> bytes:
        """Give the next bytes, unless there are no more; reading gives them again."""
        pieces = [self._next]
        count = len(self._next)
        while count < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            pieces.append(piece)
            count += len(piece)
        self._next = b"".join(pieces)
        return self._next[:size]

    def read(self, size: int) -> bytes:
        """Read the next bytes."""
        data = self.peek(size)
        self._next = self._next[size:]
        self.digest.update(data)
        return data


# Unpacking


def unpacked(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """Unpack the files in one that is packed by gzip, zstd or zip, each with its name.

    None where it is not packed.
    """
    if data.startswith(_GZIP):
        kind = "compressed by gzip"
        members = _in_gzip(data, name)
    elif data.startswith(_ZSTD):
        kind = "compressed by zstd"
        members = _in_zstd(data, name)
    elif data.startswith(_ZIP) and not is_workbook(data):
        kind = "a zip archive or an Excel workbook"
        members = _in_zip(data)
    else:
        return []
    try:
        files = _read_members(members, name)
    # The errors of Python's modules for a damaged or protected archive.
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        raise InputError(
            f"{name} is {kind}, and damaged or protected.", "Copy or download it anew."
        ) from None
    if not files:
        raise InputError(f"{name} is a zip archive without files.", "Download it anew.")
    return files


def _in_gzip(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    yield without_folders(name).removesuffix(".gz"), GzipFile(fileobj=BytesIO(data))


def _in_zstd(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    arrow = need("pyarrow", "parquet", "A file that is compressed by zstd")
    stream = arrow.CompressedInputStream(arrow.BufferReader(data), "zstd")
    yield without_folders(name).removesuffix(".zst"), stream


def _in_zip(data: bytes) -> Iterator[tuple[str, Any]]:
    archive = ZipFile(BytesIO(data))
    for entry in archive.infolist():
        # macOS adds a second file to each, of what its Finder knows of it.
        if not entry.is_dir() and "__MACOSX" not in entry.filename:
            yield entry.filename.rpartition("/")[2], archive.open(entry)


def _read_members(members: Iterator[tuple[str, Any]], name: str) -> list[tuple[str, bytes]]:
    files = list[tuple[str, bytes]]()
    left = MOST_BYTES
    for member, opened in members:
        with opened as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0 or len(files) == MOST_FILES:
            most = f"{_MEGABYTES} or {MOST_FILES:,} files"
            raise InputError(
                f"{name} unpacks to more than {most}.", "Unpack it, and name one file."
            )
        files.append((member, content))
    return files


def is_workbook(data: bytes) -> bool:
    """Return true for a workbook: a zip with the parts of one, or the old binary form."""
    if not data.startswith(_ZIP):
        return data.startswith(_OLD_EXCEL)
    # The first file in a zip has its name at the beginning; the list of all is at the end.
    beginning = data[:4096]
    end = data[-65536:]
    first_parts = (
        b"[Content_Types].xml",
        b"_rels/",
        b"xl/",
        b"docProps/",
        b"mimetypeapplication/vnd.oasis",
    )
    if any(part in beginning for part in first_parts):
        return True
    return b"xl/workbook" in end or b"content.xml" in end


# Encodings

# Those in which statistical offices and spreadsheets save text, besides Unicode.
ENCODINGS = ["gb18030", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "cp932", "cp949"]
# UTF-32 first, as its mark of little-endian text begins like that of UTF-16.
_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# Codecs of Python's that no file is saved in; `punycode` takes hours for a long one.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_STATED_IN_HTML = rb"""<[^<>]*\b(?:encoding|charset)\s*=\s*["']?([\w.:-]{1,40})"""
# Hungarian, Polish or Czech decoded as Western text.
_CENTRAL = expression(r"[^\W\d_](?:[¿³¹¼¾\ufffd])|[õþðøì]")
_LOOKED_AT = 200_000  # bytes by which an encoding is guessed


class _CutError(InputError):
    """A file that ends within a character."""


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """Decode bytes, as UTF-8 unless an encoding is named; a byte order mark is left away."""
    if data.startswith(b"%PDF"):
        raise InputError(
            f"{name} is a PDF file, not a text file.", "Copy its table into a CSV file."
        )
    if encoding is not None:
        require_encoding(encoding)
    try:
        text = data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeError as error:
        raise _undecodable(data, name, encoding or "UTF-8", error) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            "holds a NUL character, so it is not plain text.",
            "Save it as CSV in UTF-8.",
            place=at_line(name, line),
        )
    return text


def _undecodable(data: bytes, name: str, encoding: str, error: UnicodeError) -> InputError:
    reason = ""
    start = 0
    if isinstance(error, UnicodeDecodeError):
        reason = error.reason
        start = error.start
    position = at_line(name, data.count(b"\n", 0, start) + 1)
    if "unexpected end of data" in reason or reason.startswith("incomplete"):
        return _CutError(
            f"the file ends within a character of {encoding}.", "Copy it anew.", place=position
        )
    chinese = option("encoding", "gb18030")
    western = option("encoding", "cp1252")
    return InputError(
        f"byte {start + 1:,} of the file (0x{data[start]:02x}) is not {encoding}.",
        f"Name its encoding: {chinese} if Chinese, {western} if Western.",
        place=position,
    )


def require_encoding(encoding: str) -> None:
    """Raise UsageError if there is no such encoding."""
    try:
        "a".encode(encoding)
        if encoding.lower().replace("-", "_") not in _NO_CHARSETS:
            return
    except (LookupError, ValueError):
        pass
    names = ("utf-8", "utf-16", "gbk", "gb2312", "latin-1", "shift_jis", "euc-kr", *ENCODINGS)
    close = get_close_matches(encoding.lower(), names, 1)
    hint = "Common ones are utf-8, utf-16, gb18030, big5 and cp1252."
    if close:
        hint = f"Did you mean {close[0]}?"
    raise UsageError(f"There is no text encoding '{encoding}'.", hint)


def decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, tuple[Note, ...]]:
    """Decode a file, with a note of its encoding where it is not UTF-8 and was not named."""
    try:
        return decode(data, name, encoding), ()
    except InputError as error:
        if encoding is not None or isinstance(error, _CutError) or data.startswith(b"%PDF"):
            raise
        stated = _stated_in(data)
        try:
            fitting = stated or _guessed(data)
            text = decode(data, name, fitting)
        except (InputError, UsageError):
            raise error from None
    sentence = f"{without_folders(name)} is not in UTF-8 and was read as {fitting}."
    advice = f"If that is wrong, name another with {option('encoding')}."
    return text, (Note("encoding", sentence, warning=not stated, advice=advice),)


def _stated_in(data: bytes) -> str | None:
    """Find the encoding that a file states by its byte order mark or, in HTML, by a tag."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return encoding
    if not data.lstrip().startswith(b"<"):
        return None
    match = re.search(_STATED_IN_HTML, data[:4000])
    if match is None:
        return None
    encoding = match[1].decode("ascii", "replace").lower()
    # It extends both, so that it reads every text in them.
    return "gb18030" if encoding in ("gb2312", "gbk") else encoding


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    sample = data[:_LOOKED_AT]
    if b"\0" in sample:
        for encoding in ("utf-16-le", "utf-16-be"):
            words = sample.decode(encoding, "ignore").split()
            if len(words) > 1 and all(map(str.isprintable, words)):
                return encoding
    if sample.isascii():
        # Only other letters show an encoding, and the first may be far down: `Côte d'Ivoire`.
        lines = (line for line in data.splitlines(keepends=True) if not line.isascii())
        sample = b"".join(lines)[:_LOOKED_AT]
    best = from_bytes(sample, cp_isolation=ENCODINGS, threshold=0.35).best()
    if best is None:
        return None
    # The two differ in few letters; only those of Central Europe show that it is that one.
    is_western = best.encoding == "cp1250" and not _CENTRAL.search(data.decode("cp1252", "replace"))
    return "cp1252" if is_western else best.encoding
