"""What must hold on any input: only our own refusals, in words, within five seconds and one gibibyte."""

import atexit
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import FrameType
from typing import NoReturn

from rural_forecast.errors import DEFECT, RuralForecastError

MOST_SECONDS = 5.0
"""Of processor time, so that a busy machine breaks no promise."""
MOST_MEMORY = 1 << 30
_NOTICEABLE = 64 << 20
"""Growth in one case from which on the case is to blame, and not the libraries that are loaded by then."""


class BrokenPromiseError(BaseException):
    """A promise that an input broke. No `except Exception` on the way swallows it."""


def require(condition: object, said: str) -> None:
    """Break off where a promise does not hold."""
    if not condition:
        raise BrokenPromiseError(said)


@contextmanager
def refusals(*allowed: type[Exception]) -> Iterator[None]:
    """Let refusals pass that are told in words."""
    try:
        yield
    except RuralForecastError as error:
        require(error.exit_code != DEFECT, f"a defect is told: {error.message}")
        require(error.message.strip(), "a refusal says nothing")
        require("Traceback" not in error.message + error.hint, "a refusal holds a traceback")
        require(len(error.message) + len(error.hint) < 4000, "a refusal takes more than a page")
    except allowed:
        pass


def attempt(test: Callable[[bytes], None], data: bytes) -> None:
    """Run a target on one input within the limits.

    Raises
    ------
    BrokenPromiseError : too slow or too large; whatever else the target raises is a broken promise as well
    """
    before = _memory()
    earlier = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        test(data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)
    after = _memory()
    require(after <= MOST_MEMORY or after - before < _NOTICEABLE, f"memory grew to {after >> 20} MB")


def _too_slow(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise BrokenPromiseError(f"more than {MOST_SECONDS:g} seconds")


def _memory() -> int:
    """Most memory that this process, or one that it started, ever had, in bytes (Linux counts in KiB)."""
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return 1024 * max(resource.getrusage(one).ru_maxrss for one in whom)


@cache
def scratch() -> Path:
    """One folder for all that targets write, gone when the process ends."""
    made = mkdtemp(prefix="fuzz-")
    atexit.register(rmtree, made, ignore_errors=True)
    return Path(made)
