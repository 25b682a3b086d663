"""The files that a run reads, so that no output overwrites one.

Whatever opens an input records it here, whoever named it: the command line, a TOML file or an
environment variable. Files are compared by device and inode, so links and other spellings of a name
make no difference.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import BinaryIO, NamedTuple

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.system.process import holding

STANDARD_INPUT = 0
STANDARD_OUTPUT = 1
File = str | os.PathLike[str] | int
Key = tuple[int, int]


class _Inputs(NamedTuple):
    """The inputs of one run."""

    files: set[Key]
    piped: dict[int, bytes]  # by the identity of the stream
    folders: tuple[str, ...] | None  # the only ones that may be read; None for no limit
    admitted: set[str]  # files outside them that the program made itself


_inputs: ContextVar[_Inputs | None] = ContextVar("inputs", default=None)


@contextmanager
def recorded(within: Iterable[str | os.PathLike[str]] | None = None) -> Iterator[None]:
    """Record inputs within the block; the Python API, which writes no files, records none.

    `within`: refuse to read a file outside these folders, through links as well, or standard input.
    """
    folders = None if within is None else tuple(os.path.realpath(folder) for folder in within)
    with holding(_inputs, _Inputs(set(), {}, folders, set())):
        yield


def once(stream: BinaryIO, read: Callable[[BinaryIO], bytes]) -> bytes:
    """Read a stream, or give its bytes again: a run may ask for another series in it."""
    run = _inputs.get()
    if run is None:
        return read(stream)
    if id(stream) not in run.piped:
        run.piped[id(stream)] = read(stream)
    return run.piped[id(stream)]


def admit(file: str) -> None:
    """Let a file be read that lies outside the folders: a copy that the program fetched."""
    run = _inputs.get()
    if run is not None:
        run.admitted.add(os.path.realpath(file))


def record(file: File) -> None:
    """Record that a file is read.

    Raises UsageError if it must not be, see `recorded`, and InputError if no file has such a name.
    """
    require_name(file)
    run = _inputs.get()
    if run is None:
        return
    if run.folders is not None:
        _require_within(file, run)
    key = _key(file)
    if key:
        run.files.add(key)


def require_name(file: File) -> None:
    """Refuse a NUL, and half a surrogate pair that stands for no byte: the system takes neither."""
    if isinstance(file, int):
        return
    try:
        is_possible = b"\0" not in os.fsencode(file)
    except UnicodeEncodeError:
        is_possible = False
    if not is_possible:
        problem = f"{str(file)!r} cannot be read: its name cannot be a file's."
        raise InputError(problem, "Check the name.")


def _require_within(file: File, run: _Inputs) -> None:
    if isinstance(file, int):
        problem = "Standard input cannot be read here."
        raise UsageError(problem, "Name a file or a series of the catalogue.")
    path = os.path.realpath(file)
    if path in run.admitted:
        return
    for folder in run.folders or ():
        # With the separator: `/data-old` is not in `/data`.
        if path == folder or path.startswith(folder.rstrip(os.sep) + os.sep):
            return
    problem = f"{file} is in none of the folders that may be read."
    raise UsageError(problem, "Name a file in one of them.")


def protect_from(output: File) -> None:
    """Raise UsageError for an output that is one of the files read so far."""
    run = _inputs.get()
    if run is not None and _key(output) in run.files:
        name = "Standard output" if output == STANDARD_OUTPUT else output
        hint = f"Name another file with {option('output')}."
        raise UsageError(f"{name} is an input of this run.", hint)


def _key(file: File) -> Key | None:
    """The device and inode of a plain file; None for anything else, and if there is no file."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
