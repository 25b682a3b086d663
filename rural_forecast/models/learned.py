"""The learned numbers: one flat float32 array beside an index of names, checked by digest, read without pickle.

They are made by `training/` from the corpus that docs/model-card.md credits, and by nothing at run time.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from rural_forecast.models.base import Array

_NUMBERS = Path(__file__).with_name("learned.npy")
_INDEX = Path(__file__).with_name("learned.json")


def use(folder: Path) -> None:
    """Take the learned numbers from another folder, such as a build without a set: for measuring, never for users."""
    global _NUMBERS, _INDEX
    _NUMBERS, _INDEX = folder / "learned.npy", folder / "learned.json"
    _load.cache_clear()
    numbers.cache_clear()


class DamagedNumbersError(RuntimeError):
    """The file of learned numbers is not the one its index describes: the installation is damaged."""


@cache
def _load() -> tuple[dict[str, tuple[int, tuple[int, ...]]], Array, str]:
    index = json.loads(_INDEX.read_text(encoding="utf-8"))
    raw = _NUMBERS.read_bytes()
    if sha256(raw).hexdigest() != index["sha256"]:
        raise DamagedNumbersError(f"{_NUMBERS.name} does not match its digest; install the package again.")
    # The header of a version 1.0 .npy file states its own length; numpy.load from a path would read the file again.
    start = 10 + int.from_bytes(raw[8:10], "little")
    flat = np.frombuffer(raw, dtype="<f4", offset=start)
    places = {name: (int(offset), tuple(shape)) for name, (offset, shape) in index["arrays"].items()}
    return places, flat, index["sha256"]


@cache
def numbers(name: str) -> Array:
    """The learned array of that name in float64; shared, so never written to."""
    places, flat, _ = _load()
    offset, shape = places[name]
    size = int(np.prod(shape))
    array: Array = flat[offset : offset + size].astype(np.float64).reshape(shape)
    array.flags.writeable = False
    return array


def digest() -> str:
    """The SHA-256 of the file of learned numbers, for provenance."""
    return _load()[2]
