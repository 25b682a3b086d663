"""Ask a terminal whether its background is light, as shades over it have to know.

Few terminals set `COLORFGBG`. Most answer the question for their background (OSC 11), and all of
them say what they are (DA1): the second question ends the wait where the first has no answer.
"""

import os
import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager

_QUESTIONS = b"\x1b]11;?\x1b\\\x1b[c"
_COLOUR = re.compile(rb"rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
_END = re.compile(rb"\x1b\[\?[0-9;]*c")
_PATIENCE = 0.3  # seconds: an answer over a slow line takes less, and nobody waits longer gladly
_MIDDLE = 0.5
_WEIGHTS = (0.30, 0.59, 0.11)  # of red, green and blue in brightness
_LIGHT_COLOURS = ("7", "15")  # of the sixteen


def is_light() -> bool | None:
    """True if the background of the terminal is light, False if dark, None if it does not say."""
    stated = os.environ.get("COLORFGBG", "")
    if stated:
        return stated.rpartition(";")[2] in _LIGHT_COLOURS
    colour = _COLOUR.search(_answer())
    if not colour:
        return None
    brightness = 0.0
    for digits, weight in zip(colour.groups(), _WEIGHTS, strict=True):
        brightness += weight * int(digits, 16) / (16 ** len(digits) - 1)
    return brightness > _MIDDLE


def _answer() -> bytes:
    """Read what the terminal answers, up to the end of the second answer."""
    answer = b""
    # Windows has no such terminal, and a job without one cannot ask.
    try:
        with _raw_terminal() as terminal:
            if terminal is None:
                return b""
            os.write(terminal, _QUESTIONS)
            end = time.monotonic() + _PATIENCE
            while not _END.search(answer):
                left = end - time.monotonic()
                if left <= 0 or not select.select([terminal], [], [], left)[0]:
                    break
                answer += os.read(terminal, 1024)
    except (ImportError, OSError, ValueError):
        return b""
    return answer


@contextmanager
def _raw_terminal() -> Iterator[int | None]:
    """Open the terminal without echo; None where asking would disturb somebody.

    A job in the background would be stopped, and what was typed ahead would be lost.
    """
    import termios
    import tty

    terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    try:
        if os.tcgetpgrp(terminal) != os.getpgrp() or select.select([terminal], [], [], 0)[0]:
            yield None
            return
        before = termios.tcgetattr(terminal)
        try:
            tty.setcbreak(terminal, termios.TCSANOW)
            yield terminal
        finally:
            termios.tcsetattr(terminal, termios.TCSANOW, before)
    except termios.error:
        yield None
    finally:
        os.close(terminal)
