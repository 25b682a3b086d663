"""A trial reading of a workbook in a process of its own.

On a damaged file the reading library can panic, or ask for so much memory that the process ends. A child
takes that blow; the workbook is then refused like any other file that cannot be read.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from rural_forecast.errors import InputError

MOST_SECONDS = 5
"""Of work; on a busy machine it may take `MOST_WAIT` by the clock."""
MOST_WAIT = 60
MOST_MEMORY = 768 * 1024**2

_CHILD = """
import io, sys
sys.path[:] = {path!r}
import python_calamine
try:
    import resource
except ImportError:
    pass
else:
    resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
    resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds} + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    workbook = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
except python_calamine.CalamineError:
    pass
"""


def try_reading(data: bytes, name: str) -> None:
    """Let a child read all sheets. What the library refuses in good order is left for the reader to tell.

    Raises InputError if the child did not come back whole.
    """
    if not sys.executable:
        return
    code = _CHILD.format(path=sys.path, memory=MOST_MEMORY, seconds=MOST_SECONDS)
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter, our own code; the file goes in as data
            [sys.executable, "-c", code], input=data, capture_output=True, timeout=MOST_WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_long(name) from None
    if child.returncode == -getattr(signal, "SIGXCPU", 0):
        raise _too_long(name)
    if child.returncode:
        raise InputError(f"{name} is damaged, too large, or no workbook", "Save it anew, or as CSV.")


def _too_long(name: str) -> InputError:
    return InputError(f"{name} takes more than {MOST_SECONDS} seconds to read", "Save it anew, or as CSV.")
