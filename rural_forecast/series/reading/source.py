"""The bytes of a file, a pipe or standard input, and what messages call it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from hashlib import sha256
from typing import BinaryIO

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import TooLargeError
from rural_forecast.series.source_names import STANDARD_INPUT, SUFFIXES
from rural_forecast.system import inputs

MOST_BYTES = 64 * 1024 * 1024
"""The most that is read at once; `batch` streams CSV, TSV, NDJSON and Parquet of any size."""
MOST_WAIT = 5.0
"""Seconds a named pipe may stay without a program that writes to it."""
LONGEST_PATH = 300
"""Characters of a path that messages give in full; no name of a file is longer than 255."""


def name_of(path: str) -> str:
    """Name a file for messages: as it was given, without control characters."""
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
    """True if a file, as messages call it, is standard input, or a pipe whose name has no suffix and says nothing."""
    return name == STANDARD_INPUT or (os.path.splitext(name)[1].lower() not in SUFFIXES and is_pipe(name))  # noqa: PTH122


def _safe(name: str) -> str:
    """A name of readable length without control characters; bytes that are not UTF-8 stay, and print as typed."""
    if len(name) > LONGEST_PATH:
        name = f"{name[:60]}…{name[-60:]}"
    if name.isprintable():
        return name
    return "".join(sign if sign.isprintable() or "\udc80" <= sign <= "\udcff" else ascii(sign)[1:-1] for sign in name)


def read_bytes(path: str, stdin: BinaryIO | None = None, first: int | None = None) -> bytes:
    """All bytes of a file, or of standard input for `-`; only the first ones where so many are enough.

    Raises InputError as in `status`, or it is larger than 64 MB.
    """
    inputs.record(inputs.STANDARD_INPUT if path == "-" else path)
    if path == "-":
        stream = stdin if stdin is not None else (sys.stdin.buffer if sys.stdin is not None else None)
        if stream is None:
            raise InputError("Standard input is closed.", "Pipe the data in, or name a file.")
        if first is not None:
            return _limited(stream, STANDARD_INPUT, first)
        return inputs.once(stream, lambda stream: _limited(stream, STANDARD_INPUT, None))
    state = status(path)
    with reading(path):
        if stat.S_ISFIFO(state.st_mode):
            return b"".join(pieces_of_pipe(path, MOST_BYTES))
        with open(path, "rb") as file:  # noqa: PTH123
            return _limited(file, name_of(path), first)


def status(path: str) -> os.stat_result:
    """The status of a path, for a file or a pipe that can be read.

    Raises InputError if it is not there, or a folder or a device.
    """
    with reading(path):
        state = os.stat(path)  # noqa: PTH116
    if stat.S_ISDIR(state.st_mode):
        files = _readable(path)
        hint = f"Name a file in it: {_files(files)}." if files else "Name a file."
        raise InputError(f"{name_of(path)} is a folder, not a file.", hint)
    if stat.S_ISCHR(state.st_mode) or stat.S_ISBLK(state.st_mode) or stat.S_ISSOCK(state.st_mode):
        raise InputError(f"{name_of(path)} is a device, not a file.", "Name a file, or - for standard input.")
    return state


class Pipe:
    """Standard input or a named pipe, which is read once; its beginning can be looked at before."""

    def __init__(self, path: str) -> None:
        self.path, self.digest = path, sha256()
        self._pieces = _pieces_of_input() if path == "-" else pieces_of_pipe(path)
        self._next = b""

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


def _pieces_of_input() -> Iterator[bytes]:
    """Read standard input. Raises InputError if it is closed."""
    if sys.stdin is None:
        raise InputError("Standard input is closed", "Pipe the data in, or name a file.")
    while piece := sys.stdin.buffer.read(1 << 20):
        yield piece


def is_pipe(path: str) -> bool:
    """True if a path is a named pipe, whose content can be read once."""
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
        return _missing(path)
    if isinstance(error, PermissionError):
        return InputError(f"{name_of(path)} may not be read: permission denied.", "Ask its owner, or copy it.")
    cause = (error.strerror or str(error)) if isinstance(error, OSError) else "its name cannot be a file's"
    return InputError(f"{quoted(path)} cannot be read: {cause}.", "Check the name.")


def pieces_of_pipe(path: str, most: int | None = None) -> Iterator[bytes]:
    """Read a named pipe, piece by piece; the wait for a program that writes to it has an end.

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
                    raise InputError(
                        f"Nothing writes to the pipe {name_of(path)}.", "Start the program that writes to it first."
                    )
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
    return TooLargeError(
        f"{name} is larger than {MOST_BYTES // 1024**2} MB.",
        "Keep the series that is needed; 'batch' reads CSV, TSV, NDJSON and Parquet of any size.",
    )


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


def _missing(path: str) -> InputError:
    """There is no file: what of the path may be the cause, or the files that may be meant."""
    folder, wanted = os.path.split(path)
    names = _readable(folder)
    if "://" in path:
        hint = "Addresses are not read: curl -L ADDRESS | rural-forecast COMMAND -"
    elif path.startswith("~"):
        hint = "The shell opens ~ only outside of quotes; write the folder in full."
    elif os.path.islink(path):  # noqa: PTH114
        hint = "It is a link to a file that is not there."
    elif not wanted and os.path.isfile(folder):  # noqa: PTH113
        hint = f"Did you mean {ascii_name(folder)}? It is a file, so no / follows."
    elif close := get_close_matches(wanted, names, 1, 0.6):
        hint = f"Did you mean {ascii_name(os.path.join(folder, close[0]))}?"  # noqa: PTH118
    else:
        hint = f"Files there: {_files(names)}." if names else "Check the name and the folder."
    return InputError(f"There is no file {quoted(path)}.", hint, code="not_found")


def _files(names: list[str]) -> str:
    return ", ".join(map(ascii_name, names[:5]))
