"""The bytes of a file, a pipe or standard input, unpacked, and their text; and the names of files
in messages.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from gzip import GzipFile
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.reading.options import MOST_BYTES, at_line, too_large
from rural_forecast.series.source_names import STANDARD_INPUT, SUFFIXES, without_folders
from rural_forecast.system import inputs
from rural_forecast.text.cells import expression

MOST_FILES = 1000  # in an archive
# Characters of a path that messages give in full; no name of a file is longer than 255.
LONGEST_PATH = 300
_MEGABYTES = f"{MOST_BYTES // 1024**2} MB"
_known_as: dict[str, str] = {}


def name_of(path: str) -> str:
    """Name a file for messages: as it was given, without control characters."""
    path = _known_as.get(path, path)
    return STANDARD_INPUT if path == "-" else _safe(path)


@contextmanager
def known_as(path: str, name: str) -> Iterator[None]:
    """Within it, messages call a file by another name: that of the pipe whose data it keeps."""
    _known_as[path] = name
    try:
        yield
    finally:
        del _known_as[path]


def unnamed(name: str) -> bool:
    """True if a file, as messages call it, is standard input, or a pipe whose name has no suffix
    and says nothing.
    """
    return name == STANDARD_INPUT or (not _has_suffix(name) and is_pipe(name))


def _safe(name: str) -> str:
    if len(name) > LONGEST_PATH:
        name = f"{name[:60]}…{name[-60:]}"
    return "".join(
        sign if sign.isprintable() or "\udc80" <= sign <= "\udcff" else ascii(sign)[1:-1]
        for sign in name
    )


def _has_suffix(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122


def read_bytes(path: str, stdin: BinaryIO | None = None, first: int | None = None) -> bytes:
    """All bytes of a file, or of standard input for `-`; only the first ones where so many are
    enough.
    """
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
    with reading(path), open(path, "rb") as file:  # noqa: PTH123
        return limited(file)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise InputError("Standard input is closed.", "Pipe the data in, or name a file.")
    return sys.stdin.buffer


def status(path: str) -> os.stat_result:
    """The status of a path, for a file or a pipe that can be read."""
    with reading(path):
        state = os.stat(path)  # noqa: PTH116
    if stat.S_ISDIR(state.st_mode):
        raise InputError(f"{name_of(path)} is a folder, not a file.", "Name a file in it.")
    if not stat.S_ISREG(state.st_mode) and not stat.S_ISFIFO(state.st_mode):
        raise InputError(
            f"{name_of(path)} is a device, not a file.", "Name a file, or - for standard input."
        )
    return state


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Within it, what the system says against a file becomes an error of the input."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise missing(path) from None
    except PermissionError:
        raise InputError(
            f"{name_of(path)} may not be read: permission denied.", "Ask its owner, or copy it."
        ) from None
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "\0" not in path:
            raise
        cause = (
            (error.strerror or str(error))
            if isinstance(error, OSError)
            else "its name cannot be a file's"
        )
        raise InputError(f"'{_safe(path)}' cannot be read: {cause}.", "Check the name.") from None


def missing(path: str) -> InputError:
    """The refusal of a file that is not there, with the one that may be meant."""
    folder, wanted = os.path.split(path)
    hint = "Check the name."
    if "://" in path:
        hint = "Addresses are not read: curl -L ADDRESS | rural-forecast COMMAND -"
    elif path.startswith("~"):
        hint = "The shell opens ~ only outside of quotes; write the folder in full."
    elif os.path.islink(path):  # noqa: PTH114
        hint = "It is a link to a file that is not there."
    else:
        with suppress(OSError):
            there = sorted(filter(_has_suffix, os.listdir(folder or ".")))  # noqa: PTH208
            if close := get_close_matches(wanted, there, 1, 0.6):
                hint = f"Did you mean '{_safe(os.path.join(folder, close[0]))}'?"  # noqa: PTH118
            elif there:
                files = ", ".join(f"'{_safe(file)}'" for file in there[:5])
                hint = f"Check the name; files there are {files}."
    return InputError(f"There is no file '{_safe(path)}'.", hint, code="not_found")


def is_pipe(path: str) -> bool:
    """True if a path is a named pipe, whose content can be read once."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116 - pathlib raises where a name is too long
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
            yield from iter(lambda: _standard_input().read(1 << 20), b"")
            return
        with reading(self.path), open(self.path, "rb", buffering=0) as pipe:  # noqa: PTH123
            yield from iter(lambda: pipe.read(1 << 20), b"")

    def peek(self, size: int) -> bytes:
        """The next bytes, as many as are wanted unless there are no more; reading gives them again."""
        pieces = [self._next]
        count = len(self._next)
        while count < size and (piece := next(self._pieces, b"")):
            pieces.append(piece)
            count += len(piece)
        self._next = b"".join(pieces)
        return self._next[:size]

    def read(self, size: int) -> bytes:
        """The next bytes."""
        data = self.peek(size)
        self._next = self._next[size:]
        self.digest.update(data)
        return data


def unpacked(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """The files in one that is packed by gzip or zip, each with its name; none where it is not
    packed.
    """
    is_gzip = data.startswith(b"\x1f\x8b")
    if not is_gzip and (not data.startswith(b"PK\x03\x04") or is_workbook(data)):
        return []
    files = list[tuple[str, bytes]]()
    left = MOST_BYTES
    try:
        inside: Iterable[tuple[str, Any]] = [
            (without_folders(name).removesuffix(".gz"), GzipFile(fileobj=BytesIO(data)))
        ]
        if not is_gzip:
            archive = ZipFile(BytesIO(data))
            entries = (
                one
                for one in archive.infolist()
                if not one.is_dir() and "__MACOSX" not in one.filename
            )
            inside = ((entry.filename.rpartition("/")[2], archive.open(entry)) for entry in entries)
        for inner, opened in inside:
            with opened as stream:
                content = stream.read(left + 1)
            left -= len(content)
            if left < 0 or len(files) == MOST_FILES:
                most = f"{_MEGABYTES} or {MOST_FILES:,} files"
                raise InputError(
                    f"{name} unpacks to more than {most}.", "Unpack it, and name one file."
                )
            files.append((inner, content))
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        kind = "compressed by gzip" if is_gzip else "a zip archive or an Excel workbook"
        raise InputError(
            f"{name} is {kind}, and damaged or protected.", "Copy or download it anew."
        ) from None
    if not files:
        raise InputError(f"{name} is a zip archive without files.", "Download it anew.")
    return files


def is_workbook(data: bytes) -> bool:
    """True if bytes are those of a workbook: a zip with the parts of one, or the old binary form."""
    if not data.startswith(b"PK\x03\x04"):
        return data.startswith(b"\xd0\xcf\x11\xe0")
    parts = (
        b"[Content_Types].xml",
        b"_rels/",
        b"xl/",
        b"docProps/",
        b"mimetypeapplication/vnd.oasis",
    )
    return any(part in data[:4096] for part in parts) or any(
        part in data[-65536:] for part in (b"xl/workbook", b"content.xml")
    )


ENCODINGS = ["gb18030", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "cp932", "cp949"]
"""Encodings in which statistical offices and spreadsheets save text, besides Unicode."""
_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python's that no file is saved in; `punycode` takes hours for a long one."""
_STATED = rb"""<[^<>]*\b(?:encoding|charset)\s*=\s*["']?([\w.:-]{1,40})"""  # in HTML
# Hungarian, Polish or Czech decoded as Western text.
_CENTRAL = expression(r"[^\W\d_](?:[¿³¹¼¾\ufffd])|[õþðøì]")
_LOOKED_AT = 200_000


class _CutError(InputError):
    """A file that ends within a character."""


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """The text in bytes, UTF-8 if left out, without a byte order mark."""
    if data.startswith(b"%PDF"):
        raise InputError(
            f"{name} is a PDF file, not a text file.", "Copy its table into a CSV file."
        )
    if encoding is not None:
        require_encoding(encoding)
    known = encoding or "UTF-8"
    try:
        text = data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeError as error:
        reason, start = (
            (error.reason, error.start) if isinstance(error, UnicodeDecodeError) else ("", 0)
        )
        place = at_line(name, data.count(b"\n", 0, start) + 1)
        if "unexpected end of data" in reason or reason.startswith("incomplete"):
            raise _CutError(
                f"the file ends within a character of {known}.", "Copy it anew.", place=place
            ) from None
        hint = f"Name its encoding: {option('encoding', 'gb18030')} if Chinese, {option('encoding', 'cp1252')} if Western."
        problem = f"byte {start + 1:,} of the file (0x{data[start]:02x}) is not {known}."
        raise InputError(problem, hint, place=place) from None
    if "\0" in text:
        place = at_line(name, text.count("\n", 0, text.index("\0")) + 1)
        raise InputError(
            "holds a NUL character, so it is not plain text.",
            "Save it as CSV in UTF-8.",
            place=place,
        )
    return text


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
    hint = (
        f"Did you mean {close[0]}?"
        if close
        else "Common ones are utf-8, utf-16, gb18030, big5 and cp1252."
    )
    raise UsageError(f"There is no text encoding '{encoding}'.", hint)


def decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, tuple[Note, ...]]:
    """The text of a file, and a note of its encoding where it is not UTF-8 and was not named."""
    try:
        return decode(data, name, encoding), ()
    except InputError as error:
        if encoding is not None or isinstance(error, _CutError) or data.startswith(b"%PDF"):
            raise
        stated = next(
            (wide for mark, wide in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None
        )
        if (
            not stated
            and data.lstrip().startswith(b"<")
            and (match := re.search(_STATED, data[:4000]))
        ):
            stated = match[1].decode("ascii", "replace").lower()
            stated = "gb18030" if stated in ("gb2312", "gbk") else stated
        try:
            fitting = stated or _guessed(data)
            text = decode(data, name, fitting)
        except (InputError, UsageError):
            raise error from None
    said = f"{without_folders(name)} is not in UTF-8 and was read as {fitting}."
    advice = f"If that is wrong, name another with {option('encoding')}."
    return text, (Note("encoding", said, warning=not stated, advice=advice),)


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    for wide in ("utf-16-le", "utf-16-be") if b"\0" in data[:_LOOKED_AT] else ():
        words = data[:_LOOKED_AT].decode(wide, "ignore").split()
        if len(words) > 1 and all(map(str.isprintable, words)):
            return wide
    best = from_bytes(data[:_LOOKED_AT], cp_isolation=ENCODINGS, threshold=0.35).best()
    if best is None:
        return None
    western = best.encoding == "cp1250" and not _CENTRAL.search(data.decode("cp1252", "replace"))
    return "cp1252" if western else best.encoding
