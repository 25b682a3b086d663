"""The bytes of a file, a pipe or standard input, unpacked, and what messages call it."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from gzip import GzipFile
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from rural_forecast.errors import InputError
from rural_forecast.series.reading.limits import MOST_BYTES, too_large
from rural_forecast.series.source_names import STANDARD_INPUT, SUFFIXES, without_folders
from rural_forecast.system import inputs

MOST_FILES = 1000
"""In an archive."""
LONGEST_PATH = 300
"""Characters of a path that messages give in full; no name of a file is longer than 255."""
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
    """True if a file, as messages call it, is standard input, or a pipe whose name has no suffix and says nothing."""
    return name == STANDARD_INPUT or (not _is_readable(name) and is_pipe(name))


def _safe(name: str) -> str:
    if len(name) > LONGEST_PATH:
        name = f"{name[:60]}…{name[-60:]}"
    return "".join(sign if sign.isprintable() or "\udc80" <= sign <= "\udcff" else ascii(sign)[1:-1] for sign in name)


def _is_readable(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122


def read_bytes(path: str, stdin: BinaryIO | None = None, first: int | None = None) -> bytes:
    """All bytes of a file, or of standard input for `-`; only the first ones where so many are enough."""
    inputs.record(inputs.STANDARD_INPUT if path == "-" else path)

    def limited(stream: BinaryIO) -> bytes:
        data = stream.read(MOST_BYTES + 1 if first is None else first)
        if len(data) > MOST_BYTES:
            raise too_large(name_of(path), _MEGABYTES)
        return data

    if path == "-":
        stream = stdin if stdin is not None else _standard_input()
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
        raise InputError(f"{name_of(path)} is a folder, not a file.", f"Name a file{_files_in(path)}.")
    if not stat.S_ISREG(state.st_mode) and not stat.S_ISFIFO(state.st_mode):
        raise InputError(f"{name_of(path)} is a device, not a file.", "Name a file, or - for standard input.")
    return state


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Within it, what the system says against a file becomes an error of the input."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise missing(path) from None
    except PermissionError:
        raise InputError(f"{name_of(path)} may not be read: permission denied.", "Ask its owner, or copy it.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "\0" not in path:
            raise
        cause = (error.strerror or str(error)) if isinstance(error, OSError) else "its name cannot be a file's"
        raise InputError(f"'{_safe(path)}' cannot be read: {cause}.", "Check the name.") from None


def missing(path: str) -> InputError:
    """The refusal of a file that is not there, with the files that may be meant."""
    folder, wanted = os.path.split(path)
    if "://" in path:
        hint = "Addresses are not read: curl -L ADDRESS | rural-forecast COMMAND -"
    elif path.startswith("~"):
        hint = "The shell opens ~ only outside of quotes; write the folder in full."
    elif os.path.islink(path):  # noqa: PTH114
        hint = "It is a link to a file that is not there."
    elif close := get_close_matches(wanted, _readable(folder), 1, 0.6):
        hint = f"Did you mean '{_safe(os.path.join(folder, close[0]))}'?"  # noqa: PTH118
    else:
        hint = f"Check the name{_files_in(folder)}."
    return InputError(f"There is no file '{_safe(path)}'.", hint, code="not_found")


def _readable(folder: str) -> list[str]:
    try:
        return sorted(filter(_is_readable, os.listdir(folder or ".")))  # noqa: PTH208
    except OSError:
        return []


def _files_in(folder: str) -> str:
    files = ", ".join(f"'{_safe(file)}'" for file in _readable(folder)[:5])
    return f"; files there are {files}" if files else ""


def is_pipe(path: str) -> bool:
    """True if a path is a named pipe, whose content can be read once."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116 - pathlib raises where a name is too long
    except (OSError, ValueError):
        return False


class Pipe:
    """Standard input or a named pipe, which is read once; its beginning can be looked at before."""

    def __init__(self, path: str) -> None:
        self.path, self.digest = path, sha256()
        self._pieces = _pieces_of_pipe(path) if path != "-" else iter(lambda: _standard_input().read(1 << 20), b"")
        self._next = b""

    def peek(self, size: int) -> bytes:
        """The next bytes, as many as are wanted unless there are no more; reading gives them again."""
        pieces, count = [self._next], len(self._next)
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


def _pieces_of_pipe(path: str) -> Iterator[bytes]:
    with reading(path), open(path, "rb", buffering=0) as pipe:  # noqa: PTH123
        while piece := pipe.read(1 << 20):
            yield piece


# Archives


class Packed(NamedTuple):
    """A file within another."""

    name: str
    data: bytes


def unpacked(data: bytes, name: str) -> list[Packed]:
    """The files in one that is packed by gzip or zip; none where it is not packed."""
    is_gzip = data.startswith(b"\x1f\x8b")
    if not is_gzip and (not data.startswith(b"PK\x03\x04") or is_workbook(data)):
        return []
    files: list[Packed] = []
    left = MOST_BYTES
    try:
        for inner, opened in _packed(data, name, is_gzip=is_gzip):
            with opened as stream:
                content = stream.read(left + 1)
            left -= len(content)
            if left < 0 or len(files) == MOST_FILES:
                problem = f"{name} unpacks to more than {_MEGABYTES} or {MOST_FILES:,} files."
                raise InputError(problem, "Unpack it, and name the file with the figures.")
            files.append(Packed(inner, content))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        kind = "compressed by gzip" if is_gzip else "a zip archive or an Excel workbook"
        raise InputError(f"{name} is {kind}, and damaged or protected.", "Copy or download it anew.") from None
    if not files:
        raise InputError(f"{name} is a zip archive without files.", "Download it anew.")
    return files


def _packed(data: bytes, name: str, *, is_gzip: bool) -> Iterator[tuple[str, Any]]:
    if is_gzip:
        yield without_folders(name).removesuffix(".gz"), GzipFile(fileobj=BytesIO(data))
        return
    with ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and "__MACOSX" not in entry.filename:
                yield entry.filename.rpartition("/")[2], archive.open(entry)


def is_workbook(data: bytes) -> bool:
    """True if bytes are those of a workbook: a zip with the parts of one, or the old binary form."""
    if not data.startswith(b"PK\x03\x04"):
        return data.startswith(b"\xd0\xcf\x11\xe0")
    parts = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetypeapplication/vnd.oasis")
    return any(part in data[:4096] for part in parts) or any(
        part in data[-65536:] for part in (b"xl/workbook", b"content.xml")
    )
