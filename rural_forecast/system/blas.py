"""Threads of BLAS, the library behind matrix products.

Our products are small: a pool of threads gains nothing on them and waits in turns, which on a busy
machine takes ten times as long. A command asks for one thread before NumPy loads. In a notebook
NumPy is there already, with a pool that other work may want: it is set aside while we compute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Variables by which a user sets a number of threads, which then holds."""
_FOLDERS = ("../{}.libs", ".dylibs")
"""Where wheels of a package keep their libraries, beside or within it."""
_NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")
"""Names of functions of OpenBLAS in wheels, for integers of 64 and of 32 bits, and elsewhere."""


class _ThreadPool(NamedTuple):
    """The pool of threads of a library that is loaded."""

    size: Callable[[], int]
    resize: Callable[[int], object]


_lock = Lock()
_pools_by_package: dict[str, list[_ThreadPool]] = {}
_sizes: list[tuple[_ThreadPool, int]] = []
_users = 0  # blocks that are under way, in all threads


def pin_blas() -> None:
    """Ask for one BLAS thread, unless the user set a number. To be called before NumPy loads."""
    for name in VARIABLES:
        os.environ.setdefault(name, "1")


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Compute with one BLAS thread within the block, unless the user set a number.

    It does what it can: a library that is not that of wheels keeps its pool.
    """
    if any(name in os.environ for name in VARIABLES):
        yield
        return
    _set_aside()
    try:
        yield
    finally:
        _give_back()


def _set_aside() -> None:
    global _users
    with _lock:
        _users += 1
        aside = {id(pool) for pool, _ in _sizes}
        for package in ("numpy", "scipy"):
            for pool in _pools_of(package):
                if id(pool) not in aside:
                    _sizes.append((pool, pool.size()))
                    pool.resize(1)


def _give_back() -> None:
    global _users
    with _lock:
        _users -= 1
        if _users:
            return
        for pool, size in _sizes:
            pool.resize(size)
        _sizes.clear()


def _pools_of(package: str) -> list[_ThreadPool]:
    """Find the pools of a package that is loaded; SciPy may load later than NumPy."""
    from pathlib import Path  # every start of a command imports this file

    if package not in _pools_by_package:
        file = getattr(sys.modules.get(package), "__file__", None)
        if file is None:
            return []
        pools = []
        for folder in _FOLDERS:
            libraries = Path(file).parent.joinpath(folder.format(package))
            pools += [_pool_of(library) for library in libraries.glob("*openblas*")]
        _pools_by_package[package] = [pool for pool in pools if pool is not None]
    return _pools_by_package[package]


def _pool_of(library: Path) -> _ThreadPool | None:
    """Open a library that is loaded already; None if it is not, or is another one."""
    import ctypes

    with suppress(OSError):
        loaded = ctypes.CDLL(str(library), mode=getattr(os, "RTLD_NOLOAD", 0))
        for name in _NAMES:
            with suppress(AttributeError):
                return _ThreadPool(
                    getattr(loaded, name.format("get_num_threads")),
                    getattr(loaded, name.format("set_num_threads")),
                )
    return None
