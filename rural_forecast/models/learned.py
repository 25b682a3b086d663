"""The learned numbers, which `training/build.py` makes.

They are one array of float32 and an index, read without pickle.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from rural_forecast.models.base import Array

_FOLDER = Path(__file__).parent


def use(folder: Path) -> None:
    """Take the learned numbers from another folder, such as a build without a set.

    For measuring, never for users.
    """
    global _FOLDER
    _FOLDER = folder
    for cached in (_index, _values, numbers, rows):
        cached.cache_clear()


@cache
def _index() -> dict[str, Any]:
    return dict(json.loads((_FOLDER / "learned.json").read_text(encoding="utf-8")))


@cache
def _values() -> Array:
    raw = (_FOLDER / "learned.npy").read_bytes()
    # A checksum finds a damaged file as a digest does, and saves the 5 ms that hashlib costs.
    if crc32(raw) != _index()["crc32"]:
        raise RuntimeError("learned.npy does not match its checksum; install the package again.")
    # `numpy.load` would read the file again. A .npy file of version 1.0 begins with 10 bytes, of
    # which the last two are the length of the header that follows.
    header = int.from_bytes(raw[8:10], "little")
    return np.frombuffer(raw, dtype="<f4", offset=10 + header)


@cache
def numbers(name: str) -> Array:
    """Read a learned array in float64; it is shared, so never written to."""
    offset, shape, _ = _index()["arrays"][name]
    flat = _values()[offset : offset + int(np.prod(shape))]
    array: Array = flat.astype(np.float64).reshape(shape)
    array.flags.writeable = False
    return array


@cache
def rows(name: str) -> tuple[str, ...]:
    """List the names of the rows of an array, in order.

    They run along the last axis of `weights`, and along the first of all others.
    """
    return tuple(_index()["rows"][name])
