"""A large result written piece by piece that appears under its name whole or not at all.

The pieces go to a hidden file beside the target, `.NAME.PID.part`, which takes the target's place at the end. A process
that is killed leaves that file and nothing else; the next run of the same output says what to delete.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from rural_forecast.cli import streams
from rural_forecast.errors import OutputError


@contextmanager
def whole(output: Path | None) -> Iterator[Path]:
    """A path to write to; what is there at the end becomes the output, or goes to standard output.

    Raises
    ------
    OutputError : the output is a folder, or cannot be written
    """
    try:
        existing = output.stat() if output is not None and output.exists() else None
        if output is None or (existing is not None and not stat.S_ISREG(existing.st_mode)):
            if existing is not None and stat.S_ISDIR(existing.st_mode):
                raise OutputError(f"{output} is a folder.", "Name a file in it, such as -o out.csv.")
            with TemporaryDirectory(prefix="rural-forecast-") as folder:
                part = Path(folder) / "part"
                part.touch()
                yield part
                _copy(part, output)  # as named: /dev/stdout resolves to a pipe that has no path
            return
        target = output.resolve()
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            part.touch(exist_ok=False)
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            if existing is not None:
                part.chmod(stat.S_IMODE(existing.st_mode))
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except BrokenPipeError:
        raise
    except OSError as error:
        where = output or "Standard output"
        raise OutputError(f"{where} could not be written: {error.strerror or error}.") from error


def _copy(part: Path, target: Path | None) -> None:
    with part.open("rb") as made:
        if target is not None:
            with target.open("wb") as device:
                shutil.copyfileobj(made, device)
            return
        if sys.stdout is None or sys.stdout.closed:
            raise OutputError("Standard output is closed.", "Name a file with -o, or do not close standard output.")
        sys.stdout.flush()
        try:
            shutil.copyfileobj(made, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError:
            streams.silence_stdout()
            raise


def leftovers(output: Path | None) -> list[Path]:
    """What killed runs of this output left beside it."""
    if output is None:
        return []
    folder, name = output.resolve().parent, output.name
    pattern = re.compile(rf"\.{re.escape(name)}\.(\d+)\.part")
    found = []
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            match = pattern.fullmatch(path.name)
            if match and not _runs(int(match[1])):
                found.append(path)
    return found


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
