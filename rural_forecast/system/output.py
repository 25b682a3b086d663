"""Output: files that appear complete or not at all, temporary folders, and standard output.

The output is written to a temporary file next to the target, `.NAME.a1b2c3d4.part`, which replaces
the target at the end. A run removes only its own temporary files; those of a killed run stay.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from rural_forecast.errors import OutputError, option
from rural_forecast.system import inputs
from rural_forecast.system.extras import need
from rural_forecast.system.process import SCARCE

# Not `rural-forecast-`: release 1.0 removes folders of that name, also those of later releases.
PREFIX = "rural_forecast-"
COMPRESSED = (".gz", ".zst")
"""Suffixes of files that are compressed when they are whole."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors of a write to a full disk or over a quota."""
# File systems allow names of 255 bytes.
REPEATED = 40
"""Characters of the target's name in that of its temporary file."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a temporary folder, in `TMPDIR` if that is set, and remove it at the end.

    Raises OutputError if it cannot be made, or is full.
    """
    # Here, as they load hashlib and few runs need them.
    from tempfile import TemporaryDirectory, gettempdir

    try:
        parent = gettempdir()
    except FileNotFoundError:
        hint = "Name one where you may write: TMPDIR=DIR."
        raise OutputError("There is no folder for temporary files.", hint) from None
    try:
        with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno not in FULL:
            raise
        hint = "Make room there, or name another: TMPDIR=DIR."
        raise OutputError(f"The folder for temporary files, {parent}, is full.", hint) from error


@contextmanager
def replacing(output: Path | None) -> Iterator[Path]:
    """Give a path to write to; the file then becomes the output, or goes to standard output."""
    with replacing_both(output) as (part, _):
        yield part


@contextmanager
def replacing_both(
    output: Path | None, companion: Path | None = None
) -> Iterator[tuple[Path, Path]]:
    """Give paths for an output and for a second file; an empty second file is not placed."""
    inputs.protect_from(inputs.STANDARD_OUTPUT if output is None else output)
    if companion is not None:
        inputs.protect_from(companion)
    try:
        if output is None or is_device(output):
            with temporary_folder() as folder:
                part = folder / "part"
                part.touch()
                yield part, folder / "beside"
                _copy(part, output)
            return
        with ExitStack() as ending:
            first = _PartFile(output, ending)
            second = _PartFile(companion, ending) if companion else first
            yield first.path, second.path
            first.compress()
            first.settle()  # before the second one appears: a full disk shows here
            if second is not first and second.path.stat().st_size:
                second.settle()
                second.path.replace(second.target)
            first.path.replace(first.target)
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.errno in SCARCE:
            raise
        raise unwritable(output, error) from error


def _copy(part: Path, output: Path | None) -> None:
    """Copy a file to a device, or to standard output.

    Raises OutputError where that takes no more: it is not the temporary folder that is full.
    """
    with part.open("rb") as finished:
        if output is None:
            pour(iter(lambda: finished.read(1 << 20), b""))
            return
        try:
            # As named: /dev/stdout resolves to a pipe that has no path.
            with output.open("wb") as device:
                shutil.copyfileobj(finished, device)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise unwritable(output, error) from error


def is_device(output: Path) -> bool:
    """Check for a device or a named pipe, which is written directly."""
    with suppress(OSError):
        mode = output.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


class _PartFile:
    """A file beside the output, which takes its place, or is removed at the end."""

    def __init__(self, output: Path, ending: ExitStack) -> None:
        # A link stays, and the file that it names is written.
        self.target = Path(os.path.realpath(output))
        name = f".{self.target.name[:REPEATED]}.{os.urandom(8).hex()}.part"
        self.path = self.target.with_name(name)
        # `realpath` gives a link back that leads in a circle.
        if self.target.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        self._before = self.target.stat() if self.target.exists() else None
        if self._before and stat.S_ISDIR(self._before.st_mode):
            hint = f"Name a file in it, such as {option('output', 'out.csv')}."
            raise OutputError(f"{output} is a folder.", hint)
        if self._before and not os.access(self.target, os.W_OK):
            hint = f"Allow writing, or name another file with {option('output')}."
            raise OutputError(f"{output} is write-protected.", hint)
        # Before the file is made, as a signal may come right after.
        ending.callback(self._remove)
        self.path.touch(exist_ok=False)

    def _remove(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def compress(self) -> None:
        """Compress the bytes as the suffix of the target says.

        They are the same for the same bytes: no name or time goes with them.
        """
        suffix = self.target.suffix.lower()
        if suffix not in COMPRESSED:
            return
        packed = self.path.with_name(f"{self.path.name}.packed")
        try:
            with self.path.open("rb") as plain, packed.open("wb") as file:
                if suffix == ".gz":
                    from gzip import GzipFile

                    with GzipFile("", "wb", fileobj=file, mtime=0) as packing:
                        shutil.copyfileobj(plain, packing, 1 << 20)
                else:
                    arrow = need("pyarrow", "parquet", "Compression by zstd")
                    with arrow.CompressedOutputStream(file, "zstd") as packing:
                        shutil.copyfileobj(plain, packing, 1 << 20)
            packed.replace(self.path)
        finally:
            packed.unlink(missing_ok=True)

    def settle(self) -> None:
        """Bring the bytes to the disk, with the mode and owner of the file it replaces."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        if self._before:
            # Only a privileged user may; Windows has no owners.
            with suppress(OSError, AttributeError):
                os.chown(self.path, self._before.st_uid, self._before.st_gid)
            self.path.chmod(stat.S_IMODE(self._before.st_mode))


def unwritable(output: Path | None, error: OSError) -> OutputError:
    """Make the error for an output that cannot be written, with a hint that helps."""
    why = error.strerror or str(error)
    hint = ""
    if output is None:
        silence(sys.stdout)  # closing it at exit then cannot fail a second time
        return OutputError(f"Standard output could not be written: {why}.")

    gone = error.errno in (errno.ENOENT, errno.ENOTDIR)
    folder = output.parent
    if gone and output.is_symlink():
        folder = Path(os.path.realpath(output)).parent
    if gone and not folder.is_dir():
        why = f"there is no folder {folder}"
        hint = "Make the folder first."
    elif error.errno in FULL and is_device(output):
        hint = f"Name a file with {option('output')}."
    elif error.errno in FULL:
        hint = f"Make room there, or name a file elsewhere with {option('output')}."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = f"Name a file with {option('output')} in a folder where you may make files."
    return OutputError(f"{output} could not be written: {why}.", hint)


def require_open() -> None:
    """Raise OutputError if standard output is closed."""
    if sys.stdout is None or sys.stdout.closed:
        hint = f"Open it, or name a file with {option('output')}."
        raise OutputError("Standard output is closed.", hint)


def pour(chunks: Iterable[bytes] = ()) -> None:
    """Write bytes to standard output and flush it."""
    require_open()
    try:
        sys.stdout.flush()
        for data in chunks:
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise unwritable(None, error) from error


def silence(stream: TextIO) -> None:
    """Point a stream at the null device."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
