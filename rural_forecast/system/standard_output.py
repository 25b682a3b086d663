"""Standard output: bytes go out whole, and a closed or full one is an error of its own kind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from rural_forecast.errors import OutputError


def pour(chunks: Iterable[bytes]) -> None:
    """Write bytes to standard output.

    Raises
    ------
    OutputError : it is closed, or cannot be written
    BrokenPipeError : its reader has gone
    """
    if sys.stdout is None or sys.stdout.closed:
        raise OutputError("Standard output is closed.", "Name a file with -o, or do not close standard output.")
    with suppress(OSError, ValueError):
        os.set_blocking(sys.stdout.fileno(), True)  # whoever shares the pipe may have it refuse to wait
    try:
        sys.stdout.flush()
        for data in chunks:
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_stdout()
        raise OutputError(f"Standard output could not be written: {error.strerror}.") from error


def silence_stdout() -> None:
    """Point standard output at nothing, so that closing it at exit cannot fail a second time."""
    silence(sys.stdout)


def silence(stream: TextIO) -> None:
    """Point a stream at nothing."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
