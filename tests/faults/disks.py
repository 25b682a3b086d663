"""Disks with no room, as far as this machine lets a test make one."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096


@contextmanager
def tiny(folder: Path, *, free: int = 0) -> Iterator[bool]:
    """A file system of sixteen pages of which so many are free; false where it may not be mounted."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        yield False
        return
    if done.returncode:
        yield False
        return
    try:
        (folder / "fill").write_bytes(b"\0" * PAGE * (16 - free))
        yield True
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[bool]:
    """A folder that may not be written, even by root; false where that cannot be arranged."""
    bound = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
    if bound.returncode:
        yield False
        return
    try:
        again = ["mount", "-o", "remount,ro,bind", str(folder)]
        yield not subprocess.run(again, capture_output=True, check=False).returncode
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def no_file_larger_than(count: int) -> None:
    """To be called in the new process: the system then refuses to write past so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, count))
