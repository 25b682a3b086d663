"""One folder for all that targets write, gone when the process ends."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp


@cache
def scratch() -> Path:
    """The folder."""
    made = mkdtemp(prefix="fuzz-")
    atexit.register(rmtree, made, ignore_errors=True)
    return Path(made)
