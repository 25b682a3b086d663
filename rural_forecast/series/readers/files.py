"""The bytes of a file or of standard input, and which format they are in."""

from __future__ import annotations

import os
import stat
import sys
from typing import BinaryIO

from rural_forecast.errors import InputError, UsageError

MOST_BYTES = 512 * 1024 * 1024
STANDARD_INPUT = "standard input"

SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".parquet": "parquet",
}


def name_of(path: str) -> str:
    """What a file is called in messages: its last part, without control characters."""
    if path == "-":
        return STANDARD_INPUT
    name = os.path.basename(path) or path  # noqa: PTH119 - pathlib would cost the start more than the whole read
    return name if name.isprintable() else ascii(name)[1:-1]


def format_of(path: str, input_format: str | None) -> str:
    """The format of a file: the one asked for, the suffix's, or CSV for standard input.

    Raises
    ------
    InputError : it is a folder
    UsageError : the suffix says nothing known
    """
    if input_format is not None:
        return input_format
    if path == "-":
        return "csv"
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if os.path.isdir(path):  # noqa: PTH112
        raise _folder(path)
    known = ", ".join(SUFFIXES)
    packed = suffix in (".gz", ".bz2", ".xz", ".zst", ".zip")
    said = f"'{suffix}' of {name_of(path)} is not a known suffix" if suffix else f"{name_of(path)} has no suffix"
    raise UsageError(
        f"{said}, so its format is not known",
        "Decompress it first, and read it from standard input: gunzip -c FILE | rural-forecast project -"
        if packed
        else f"Add --input-format csv, tsv, json or ndjson, or rename it; known are {known}.",
    )


def read_bytes(path: str, stdin: BinaryIO | None = None) -> bytes:
    """All bytes of a file, or of standard input for `-`.

    Raises
    ------
    InputError : it does not exist, may not be read, is a folder or a device, or is larger than 512 MB
    """
    if path == "-":
        stream = stdin if stdin is not None else (sys.stdin.buffer if sys.stdin is not None else None)
        if stream is None:
            raise InputError("standard input is closed", "Pipe the data in, or name a file.")
        return _limited(stream, STANDARD_INPUT)
    name = name_of(path)
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
        if stat.S_ISDIR(mode):
            raise _folder(path)
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
            raise InputError(f"{name} is a device, not a file", "Name a file, or - for standard input.")
        with open(path, "rb") as file:  # noqa: PTH123
            return _limited(file, name)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"there is no file {path!r}", _missing_hint(path)) from None
    except PermissionError:
        raise InputError(f"{name} may not be read: permission denied", "Ask its owner, or copy it.") from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "its name cannot be a file's"
        raise InputError(f"{path!r} cannot be read: {reason}", "Check the name.") from None


def _limited(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES // 1024**2} MB", "Split it into smaller files.")
    return data


def _readable(folder: str) -> list[str]:
    try:
        entries = sorted(os.listdir(folder or "."))  # noqa: PTH208
    except OSError:
        return []
    return [entry for entry in entries if os.path.splitext(entry)[1].lower() in SUFFIXES]  # noqa: PTH122


def _folder(path: str) -> InputError:
    names = _readable(path)
    hint = f"Name a file in it: {', '.join(map(ascii_name, names[:5]))}." if names else "Name a file."
    return InputError(f"{name_of(path)} is a folder, not a file", hint)


def ascii_name(name: str) -> str:
    """A file name that is safe to print."""
    return name if name.isprintable() else ascii(name)


def _missing_hint(path: str) -> str:
    from difflib import get_close_matches

    folder, wanted = os.path.split(path)
    names = _readable(folder)
    close = get_close_matches(wanted, names, 1, 0.6)
    if close:
        return f"Did you mean {ascii_name(os.path.join(folder, close[0]))}?"  # noqa: PTH118
    if names:
        return f"Files there: {', '.join(map(ascii_name, names[:5]))}."
    return "Check the name and the folder."
