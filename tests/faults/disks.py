"""Disks with no room, as far as this machine lets a test make one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096


def _mount(*words: str | Path) -> bool:
    try:
        return not subprocess.run(
            ["mount", *map(str, words)], capture_output=True, check=False
        ).returncode
    except OSError:
        return False


@contextmanager
def tiny(folder: Path, *, free: int = 0) -> Iterator[bool]:
    """A file system of sixteen pages of which so many are free; false where it may not be mounted."""
    folder.mkdir(exist_ok=True)
    if not _mount("-t", "tmpfs", "-o", "size=64k", "none", folder):
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
    if not _mount("--bind", folder, folder):
        yield False
        return
    try:
        yield _mount("-o", "remount,ro,bind", folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
