"""Atomic output: a result appears under its name whole or not at all.

It is written to a hidden file beside the target, `.NAME.a1b2c3d4.part`, which takes the target's place at the end. The
file is locked while its run lives, so that the next run of the same output can tell what a killed one left behind, on
this machine or another, and remove it.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from rural_forecast.cleanup import on_signal
from rural_forecast.cli import streams
from rural_forecast.cli.resources import SCARCE
from rural_forecast.errors import OutputError
from rural_forecast.scratch import FULL, locks, release, seize, temporary_folder

LONGEST_NAME = 224
"""Bytes of a target's name that its hidden file repeats; file systems allow 255 in all."""
PATIENCE = 0.5
"""Seconds to wait for another run that puts its files in place, which takes it a millisecond."""


@contextmanager
def replacing(output: Path | None) -> Iterator[Path]:
    """A path to write to; what is there at the end becomes the output, or goes to standard output.

    Raises
    ------
    OutputError : the output is a folder, or cannot be written
    """
    with replacing_both(output, None) as (part, _):
        yield part


@contextmanager
def replacing_both(output: Path | None, beside: Path | None) -> Iterator[tuple[Path, Path]]:
    """Paths for an output and for a file beside it; they appear together, also where two runs end at once.

    Where nothing is written into the second there is none, and an older one is deleted.

    Raises
    ------
    OutputError : one of the two is a folder, or cannot be written
    """
    try:
        if output is None or is_device(output):
            with temporary_folder() as folder:
                part = folder / "part"
                part.touch()
                yield part, folder / "beside"
                _copy(part, output)  # as named: /dev/stdout resolves to a pipe that has no path
            return
        with _making(output) as made:
            if beside is None:
                yield made.part, made.part
                made.settle()
                made.part.replace(made.target)
                return
            with _making(beside) as second:
                yield made.part, second.part
                _place(made, second)
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in SCARCE:
            raise
        raise unwritable(output, error) from error


def is_device(output: Path) -> bool:
    """Whether a path is there and neither a file nor a folder: a device or a named pipe, written as it stands."""
    return output.exists() and not output.is_file() and not output.is_dir()


class PartFile:
    """A file in the making, beside the one whose place it takes.

    Raises
    ------
    OutputError : the target is a folder, or a file that may not be written
    """

    def __init__(self, output: Path) -> None:
        self.target = Path(os.path.realpath(output))  # a link stays, and what it names is written
        self.part = self.target.with_name(f".{_short(self.target.name)}.{os.urandom(4).hex()}.part")
        self._held: int | None = None
        if self.target.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        self._before = self.target.stat() if self.target.exists() else None
        if self._before is None:
            return
        if stat.S_ISDIR(self._before.st_mode):
            raise OutputError(f"{output} is a folder.", "Name a file in it, such as -o out.csv.")
        if not os.access(self.target, os.W_OK):
            raise OutputError(f"{output} is write-protected.", "Allow writing, or name another file with -o.")

    def create(self) -> None:
        """Make the hidden file and lock it; again, should another run take it for left behind in between."""
        while True:
            self._held = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            if locks is None:
                return
            with suppress(OSError):  # not every file system locks
                locks.flock(self._held, locks.LOCK_EX)
            if self.part.exists():
                return
            self._let_go()

    def settle(self) -> None:
        """Bring the bytes to the disk, and give the file the mode and owner of the one it replaces."""
        with self.part.open("rb+") as file:
            os.fsync(file.fileno())
        if self._before is not None:
            with suppress(OSError, AttributeError):  # only a privileged user may; Windows has no owners
                os.chown(self.part, self._before.st_uid, self._before.st_gid)
            self.part.chmod(stat.S_IMODE(self._before.st_mode))
        if locks is None:
            self._let_go()  # Windows does not rename an open file

    def drop(self) -> None:
        """Remove the hidden file if it is still there."""
        with suppress(OSError):
            self.part.unlink(missing_ok=True)
        self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        release(held)


@contextmanager
def _making(output: Path) -> Iterator[PartFile]:
    made = PartFile(output)
    with on_signal(made.drop):
        try:
            made.create()
            yield made
        finally:
            made.drop()


def _place(made: PartFile, second: PartFile) -> None:
    """Let two files appear together."""
    made.settle()
    second.settle()
    with _alone_in(made.target.parent):
        if second.part.stat().st_size:
            second.part.replace(second.target)
        else:
            second.target.unlink(missing_ok=True)
        made.part.replace(made.target)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs from placing files in a folder meanwhile, where the system can lock one."""
    until = monotonic() + PATIENCE
    while (held := seize(folder, os.O_RDONLY)) is None and locks is not None and monotonic() < until:
        sleep(0.005)
    try:
        yield
    finally:
        release(held)


def _short(name: str) -> str:
    """As much of a name as leaves room for what is put around it."""
    return os.fsencode(name)[:LONGEST_NAME].decode(sys.getfilesystemencoding(), "ignore")


def _copy(part: Path, target: Path | None) -> None:
    with part.open("rb") as made:
        if target is None:
            streams.pour(iter(lambda: made.read(1 << 20), b""))
            return
        try:
            with target.open("wb") as device:
                shutil.copyfileobj(made, device)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable(target, error) from error


def unwritable(output: Path | None, error: OSError) -> OutputError:
    """What the system said of an output, and what helps."""
    if output is None:
        return OutputError(f"Standard output could not be written: {error.strerror or error}.")
    try:
        folder = Path(os.path.realpath(output)).parent
    except OSError:
        return OutputError(
            f"{output} could not be written: the working folder is gone.", "Change to one that is there."
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR) and not folder.is_dir():
        return OutputError(f"{output} could not be written: there is no folder {folder}.", "Make the folder first.")
    hint = ""
    if error.errno in FULL:
        hint = "Make room there, or name a file elsewhere with -o."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = "Name a file with -o in a folder where you may make files."
    return OutputError(f"{output} could not be written: {error.strerror or error}.", hint)


def remove_leftovers(output: Path) -> list[Path]:
    """Remove what killed runs of this output left beside it, and give what was removed."""
    if locks is None:
        return []
    with suppress(OSError):
        target = Path(os.path.realpath(output))
        pattern = re.compile(rf"\.{re.escape(_short(target.name))}\.[0-9a-f]{{8}}\.part")
        return [path for path in sorted(target.parent.iterdir()) if pattern.fullmatch(path.name) and _abandoned(path)]
    return []


def _abandoned(path: Path) -> bool:
    """Remove a hidden file whose run is gone; where that cannot be told, it stays."""
    held = seize(path)
    if held is None:
        return False
    try:
        path.unlink()
    except OSError:
        return False
    finally:
        release(held)
    return True
