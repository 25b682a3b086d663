"""The bytes of a file or of standard input, and which format they are in."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from rural_forecast.errors import InputError, Problem, UsageError
from rural_forecast.series.source_names import STANDARD_INPUT, SUFFIXES, is_folder
from rural_forecast.system import inputs

MOST_BYTES = 64 * 1024 * 1024
"""What is read at once; `batch` streams CSV, TSV, NDJSON and Parquet of any size."""
MOST_WAIT = 5.0
"""Seconds a named pipe may stay without a program that writes to it."""
LONGEST_PATH = 300
"""Characters of a path that messages give in full; no name of a file is longer than 255."""


def name_of(path: str) -> str:
    """What a file is called in messages: as it was named, without control characters."""
    path = _known_as.get(path, path)
    return STANDARD_INPUT if path == "-" else _safe(path)


_known_as: dict[str, str] = {}


@contextmanager
def known_as(path: str, name: str) -> Iterator[None]:
    """Within it, messages call a file by another name: that of the pipe whose data it keeps."""
    _known_as[path] = name
    try:
        yield
    finally:
        del _known_as[path]


def unnamed(name: str) -> bool:
    """Whether a file, as messages call it, is standard input, or a pipe whose name has no suffix and says nothing."""
    return name == STANDARD_INPUT or (os.path.splitext(name)[1].lower() not in SUFFIXES and is_pipe(name))  # noqa: PTH122


def _safe(name: str) -> str:
    """A name of readable length without control characters; bytes that are not UTF-8 stay, and print as typed."""
    if len(name) > LONGEST_PATH:
        name = f"{name[:60]}…{name[-60:]}"
    if name.isprintable():
        return name
    return "".join(sign if sign.isprintable() or "\udc80" <= sign <= "\udcff" else ascii(sign)[1:-1] for sign in name)


def format_of(path: str, input_format: str | None) -> str:
    """The format of a file: the one asked for, the suffix's, or CSV for standard input and pipes without one.

    Raises InputError if it is a folder or an address. Raises UsageError if the suffix says nothing known.
    """
    if input_format is not None:
        return input_format
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if path == "-" or is_pipe(path):
        return "csv"
    if not path or "://" in path or path.endswith(os.sep) or is_folder(path):
        status(path)
    raise UsageError.of("unknown_suffix", name=name_of(path), suffix=suffix)


def read_bytes(path: str, stdin: BinaryIO | None = None, first: int | None = None) -> bytes:
    """All bytes of a file, or of standard input for `-`; only the first ones where so many are enough.

    Raises InputError as in `status`, or it is larger than 64 MB.
    """
    inputs.record(inputs.STANDARD_INPUT if path == "-" else path)
    if path == "-":
        stream = stdin if stdin is not None else (sys.stdin.buffer if sys.stdin is not None else None)
        if stream is None:
            raise InputError.of("stdin_closed")
        return _limited(stream, STANDARD_INPUT, first)
    state = status(path)
    with reading(path):
        if stat.S_ISFIFO(state.st_mode):
            return b"".join(pieces_of_pipe(path, MOST_BYTES))
        with open(path, "rb") as file:  # noqa: PTH123
            return _limited(file, name_of(path), first)


def status(path: str) -> os.stat_result:
    """What a path is, for a file or a pipe that can be read.

    Raises InputError if it is not there, or a folder or a device.
    """
    with reading(path):
        state = os.stat(path)  # noqa: PTH116
    if stat.S_ISDIR(state.st_mode):
        raise InputError.of("folder", name=name_of(path), files=_readable(path))
    if stat.S_ISCHR(state.st_mode) or stat.S_ISBLK(state.st_mode) or stat.S_ISSOCK(state.st_mode):
        raise InputError.of("device", name=name_of(path))
    return state


def require_regular(path: str, name: str) -> None:
    """Refuse what is no plain file where a program reads unasked: reading must not block, and must end.

    Raises InputError if it is a folder, a device or a pipe.
    """
    with reading(path):
        mode = os.stat(path).st_mode  # noqa: PTH116
    if not stat.S_ISREG(mode):
        raise InputError.of("not_plain_file", name=name)


def is_pipe(path: str) -> bool:
    """Whether a path is a named pipe, whose content can be read once."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116 - pathlib raises where a name is too long
    except (OSError, ValueError):
        return False


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Within it, what the system says against a file becomes an error of the input."""
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "\0" not in path:
            raise
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError | ValueError) -> InputError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError.of(_missing(path), code="not_found")
    if isinstance(error, PermissionError):
        return InputError.of("permission_denied", name=name_of(path))
    cause = (error.strerror or str(error)) if isinstance(error, OSError) else ""
    return InputError.of("unreadable_file", path=path, cause=cause)


def pieces_of_pipe(path: str, most: int | None = None) -> Iterator[bytes]:
    """What a named pipe gives, piece by piece; the wait for a program that writes to it has an end.

    Raises InputError if nobody writes to it, or there is more than `most` bytes.
    """
    from select import POLLIN, poll

    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        waiting, first = poll(), b""
        waiting.register(pipe, POLLIN)
        if not waiting.poll(1000 * MOST_WAIT):  # neither data nor a writer that has gone
            with suppress(BlockingIOError):  # there is a writer, who takes his time
                first = os.read(pipe, 1)
                if not first:
                    raise InputError.of("nothing_writes", name=name_of(path))
        os.set_blocking(pipe, True)
        size = 0
        while piece := first or os.read(pipe, 1 << 20):
            first = b""
            size += len(piece)
            if most is not None and size > most:
                raise _too_large(name_of(path))
            yield piece
    finally:
        os.close(pipe)


def _limited(stream: BinaryIO, name: str, first: int | None) -> bytes:
    if first is not None:
        return stream.read(first)
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _too_large(name)
    return data


def _too_large(name: str) -> InputError:
    return InputError.of("file_too_large", name=name, most=MOST_BYTES // 1024**2)


def _readable(folder: str) -> list[str]:
    try:
        entries = sorted(os.listdir(folder or "."))  # noqa: PTH208
    except OSError:
        return []
    return [entry for entry in entries if os.path.splitext(entry)[1].lower() in SUFFIXES]  # noqa: PTH122


def ascii_name(name: str) -> str:
    """A file name that is safe to print, short enough to read, and in quotes where it would be misread."""
    safe = _safe(name)
    return safe if safe == name else f"'{safe}'"


def quoted(path: str) -> str:
    """A path in quotes, safe to print."""
    safe = ascii_name(path)
    return safe if safe.startswith(("'", '"')) else f"'{safe}'"


def _missing(path: str) -> Problem:
    """There is no file: what of the path may be the cause, or the files that may be meant."""
    from difflib import get_close_matches

    folder, wanted = os.path.split(path)
    if "://" in path:
        return Problem("no_file", path=path, because="address")
    if path.startswith("~"):
        return Problem("no_file", path=path, because="home")
    if os.path.islink(path):  # noqa: PTH114
        return Problem("no_file", path=path, because="link")
    if not wanted and os.path.isfile(folder):  # noqa: PTH113
        return Problem("no_file", path=path, because="slash", close=folder)
    names = _readable(folder)
    close = get_close_matches(wanted, names, 1, 0.6)
    if close:
        return Problem("no_file", path=path, close=os.path.join(folder, close[0]))  # noqa: PTH118
    return Problem("no_file", path=path, files=names)
