"""The standard streams: which are terminals, and which signs and colours these show."""

from __future__ import annotations

import os
import sys


def is_terminal(name: str) -> bool:
    """True if a standard stream (`stdin`, `stdout`, `stderr`) is a terminal, and not closed."""
    stream = getattr(sys, name)
    return stream is not None and not stream.closed and stream.isatty()


def use_color(wish: str, name: str = "stdout") -> bool:
    """True if a stream gets colour.

    The option wins, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, then the terminal.
    """
    environment = os.environ
    if wish != "auto" or environment.get("NO_COLOR"):
        return wish == "always"
    if environment.get("FORCE_COLOR") or environment.get("CLICOLOR_FORCE", "0") != "0":
        return True
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return False
    return is_terminal(name)


def has_signs() -> bool:
    """True if people see signs beyond ASCII.

    In the locale C, Python writes UTF-8 nevertheless (PEP 540). Somebody who names it in `LC_ALL`
    wants ASCII, if `PYTHONIOENCODING` does not say otherwise.
    """
    is_plain = os.environ.get("LC_ALL") in ("C", "POSIX")
    if is_plain and not os.environ.get("PYTHONIOENCODING"):
        return False
    return output_encoding() in {"utf8", "utf16", "utf32", "gb18030"}


def output_encoding() -> str:
    """Name the encoding of standard output, without signs between its parts."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").replace("_", "")
