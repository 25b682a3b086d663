"""The three standard streams. Only this file writes to standard output, so that it is data only."""

from __future__ import annotations

import os
import re
import stat
import sys
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from rural_forecast.render import formats
from rural_forecast.system import inputs
from rural_forecast.system.background import is_light
from rural_forecast.system.output import is_device, pour, replacing, silence
from rural_forecast.system.terminal import (
    has_signs,
    is_terminal,
    output_encoding,
    use_color,
)
from rural_forecast.text.cells import NARROW, plain_signs

UNKNOWN_WIDTH = 80
MANY = 256  # colours from which a picture has shades
NARROWEST = 20  # columns of a terminal; a narrower one breaks our lines itself
_LABEL = re.compile("(?:\x1b\\[[0-9;]*m)?(?P<word>[a-z]+:)(?:\x1b\\[[0-9;]*m)? ")
STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""Names of it; opened as a file, the device would start a redirected one anew."""


def terminal(color: str, *, to_file: bool) -> dict[str, Any]:
    """The abilities of standard output or a file, as formats take them.

    They are the width, the number of colours, and signs beyond ASCII.
    """
    environment = os.environ
    colours = 0
    if use_color(color) and (not to_file or color == "always"):
        many = environment.get("COLORTERM") or "256" in environment.get("TERM", "")
        colours = 256 if many else 16
    return {
        "width": None if to_file else width(),
        "color": colours,
        "unicode": to_file or has_signs(),
    }


def background(abilities: Mapping[str, Any]) -> bool | None:
    """True if the terminal is light, False if dark; None if it does not say or has few colours."""
    few = abilities["color"] < MANY or not abilities["unicode"]
    return None if few or not is_terminal("stdout") else is_light()


def width() -> int | None:
    """Columns of the terminal, or None if standard output is not a terminal."""
    return get_terminal_size((UNKNOWN_WIDTH, 0)).columns if is_terminal("stdout") else None


def data_waits() -> bool:
    """True if standard input has data ready.

    It reads none of them: they may be for others, as in a loop of a shell.
    """
    try:
        number = sys.stdin.fileno()
        about = os.fstat(number)
        if stat.S_ISREG(about.st_mode):
            return os.lseek(number, 0, os.SEEK_CUR) < about.st_size
        if not (stat.S_ISFIFO(about.st_mode) or stat.S_ISSOCK(about.st_mode)):
            return False
        import fcntl  # Windows has none
        import termios

        size = array("i", [0])
        fcntl.ioctl(number, termios.FIONREAD, size)
        return size[0] > 0
    except (AttributeError, OSError, ValueError, ImportError):
        return False


def say(text: str) -> None:
    """Write one message to standard error, on a terminal broken between words.

    If that is closed or full, the message is lost and the exit code stays.
    """
    if sys.stderr is None or sys.stderr.closed:
        return
    if is_terminal("stderr"):
        columns = get_terminal_size((UNKNOWN_WIDTH, 0)).columns
        text = "\n".join(_broken(line, columns) for line in text.split("\n"))
    if not has_signs():
        text = plain_signs(text)
    try:  # bytes of file names that are not UTF-8 as they were typed
        data = f"{text}\n".encode(sys.stderr.encoding or "utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = f"{text}\n".encode(sys.stderr.encoding or "utf-8", "backslashreplace")
    try:
        sys.stderr.flush()
        sys.stderr.buffer.write(data)
        sys.stderr.buffer.flush()  # an interrupted progress bar of rich flushes only its own buffer
    except OSError:
        silence(sys.stderr)


def _broken(line: str, columns: int) -> str:
    """Break a message behind its label, which may be coloured: `error: `, `warning: `.

    One with a longer word, such as a path, is left to the terminal: it can be copied from there.
    """
    label = _LABEL.match(line)
    fits = len(line) <= columns and line.isascii()  # other signs may take two cells
    if not label or fits or columns < NARROWEST:
        return line
    from rural_forecast.render.wrapping import widest_piece, wrap  # they load rich

    text = line[label.end() :]
    hang = " " * (len(label["word"]) + 1)
    if widest_piece(text) > columns - len(hang):
        return line
    lines = wrap(text, columns - len(hang))
    return label[0] + f"\n{hang}".join(lines)


def write(payload: str | bytes, output: Path | None, *, exact: bool = False) -> None:
    """Write the payload to standard output, or whole or not at all to a file."""
    data = payload.encode() if isinstance(payload, str) else payload
    if output is not None:
        with replacing(output) as part:
            part.write_bytes(data)
        return
    inputs.protect_from(inputs.STANDARD_OUTPUT)
    encoding = output_encoding()
    if isinstance(payload, str) and not exact and encoding != "utf8":
        shown = payload.translate(NARROW) if encoding == "gb18030" else payload
        data = shown.encode(encoding, errors="replace")
    pour([data])


def format_of(named: str | None, output: Path | None, offered: Sequence[str]) -> str:
    """The format of a result: as named, by the suffix, or the usual one of a command."""
    suggested = formats.from_suffix(output) if output else None
    if named or suggested:
        return str(named or suggested)
    to_device = output is not None and is_device(output)
    if "csv" in offered and (to_device or not is_terminal("stdout")):
        return "csv"
    return offered[0]


def written_to(output: Path | None) -> Path | None:
    """The file to write; None for standard output."""
    return None if output is None or str(output) in STANDARD_OUTPUT else output
