"""Standard output: write bytes whole; a closed or full one is an `OutputError`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from rural_forecast.errors import OutputError, option


def is_open() -> bool:
    """Whether there is a standard output to write to."""
    return sys.stdout is not None and not sys.stdout.closed


def require_open() -> None:
    """Fail if standard output is closed.

    Raises
    ------
    OutputError : it is closed
    """
    if not is_open():
        raise OutputError(
            "Standard output is closed.", f"Name a file with {option('output')}, or do not close standard output."
        )


def unwritable(error: OSError) -> OutputError:
    """The error to raise for a failed write; closing standard output at exit then cannot fail a second time."""
    silence(sys.stdout)
    return OutputError(f"Standard output could not be written: {error.strerror or error}.")


def pour(chunks: Iterable[bytes] = ()) -> None:
    """Write bytes to standard output and flush it.

    Raises
    ------
    OutputError : it is closed, or cannot be written
    BrokenPipeError : its reader closed the pipe
    """
    require_open()
    with suppress(OSError, ValueError):
        os.set_blocking(sys.stdout.fileno(), True)  # another process may have made the shared pipe non-blocking
    try:
        sys.stdout.flush()
        for data in chunks:
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error) from error


def silence(stream: TextIO) -> None:
    """Point a stream at the null device."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
