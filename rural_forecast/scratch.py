"""Temporary folders and locks, which the next run clears away should this one be killed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from rural_forecast.cleanup import on_signal
from rural_forecast.errors import OutputError

locks: ModuleType | None
try:
    import fcntl as locks
except ImportError:  # Windows
    locks = None

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says of a write that finds no room."""
_PREFIX = "rural-forecast-"
_TRIES = 3


def seize(file: Path, flags: int = os.O_RDWR) -> int | None:
    """Lock a file or folder, which a killed process lets go of; None where another holds it, or nothing can be locked.

    Returns
    -------
    The number of the open file, which holds the lock until it is closed
    """
    if locks is None:
        return None
    try:
        held = os.open(file, flags)
    except OSError:
        return None
    try:
        locks.flock(held, locks.LOCK_EX | locks.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held


def release(held: int | None) -> None:
    """Let go of what was seized."""
    if held is not None:
        os.close(held)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder where the system keeps temporary files (`TMPDIR` names the place), gone after the block.

    Raises
    ------
    OutputError : there is no such place, or no room in it
    """
    from shutil import rmtree
    from tempfile import gettempdir

    try:
        place = Path(gettempdir())
    except FileNotFoundError:
        raise OutputError(
            "There is no folder for temporary files.", "Name one where you may write: TMPDIR=DIR."
        ) from None
    for left in _folders(place):
        if (abandoned := seize(left, os.O_RDONLY)) is not None:
            rmtree(left, ignore_errors=True)
            release(abandoned)
    folder = place / f"{_PREFIX}{os.urandom(8).hex()}"
    held = None

    def undo() -> None:
        rmtree(folder, ignore_errors=True)

    with on_signal(undo):
        try:
            for _ in range(_TRIES):
                folder.mkdir(mode=0o700, exist_ok=True)
                held = seize(folder, os.O_RDONLY)
                if folder.exists():
                    break
                release(held)  # another run took it for left behind before it was locked
            yield folder
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise OutputError(
                f"The folder for temporary files, {place}, is full.", "Make room there, or name another: TMPDIR=DIR."
            ) from error
        finally:
            undo()
            release(held)


def _folders(place: Path) -> list[Path]:
    """Folders of this user's runs; killed ones left theirs behind."""
    try:
        me = os.getuid()
        with os.scandir(place) as entries:
            ours = (entry for entry in entries if entry.name.startswith(_PREFIX))
            return [Path(entry.path) for entry in ours if entry.stat(follow_symlinks=False).st_uid == me]
    except (OSError, AttributeError):  # Windows has no users of that kind
        return []
