"""Write the learned numbers: one flat float32 array, and an index that names its arrays and their rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "rural_forecast" / "models"


def pack(
    arrays: Mapping[str, np.ndarray], rows: Mapping[str, Sequence[str]], corpus: Sequence[str], folder: Path = FOLDER
) -> None:
    """Write all arrays; those named `nowcast.*` keep the digits of float64, as the bits of two float32 each."""
    index, parts, offset = {}, [], 0
    for name, array in arrays.items():
        kind = "<f8" if name.startswith("nowcast.") else "<f4"
        part = np.ascontiguousarray(array, dtype=kind).ravel().view("<f4")
        index[name] = [offset, list(np.shape(array)), kind]
        parts.append(part)
        offset += part.size
    path = folder / "learned.npy"
    np.save(path, np.concatenate(parts), allow_pickle=False)
    digest = sha256(path.read_bytes()).hexdigest()
    whole = {"sha256": digest, "corpus": list(corpus), "rows": {name: list(row) for name, row in rows.items()}}
    text = json.dumps({**whole, "arrays": index}, separators=(",", ":"))
    (folder / "learned.json").write_text(text + "\n", encoding="utf-8")


def replace(
    arrays: Mapping[str, np.ndarray],
    rows: Mapping[str, Sequence[str]],
    corpus: Sequence[str] | None = None,
    *,
    keep: str = "",
    folder: Path = FOLDER,
) -> None:
    """Put arrays and the names of their rows in place of the known ones; others stay if they start with `keep`."""
    index = json.loads((FOLDER / "learned.json").read_text(encoding="utf-8"))
    flat = np.load(FOLDER / "learned.npy", allow_pickle=False)
    kept = {}
    for name, (offset, shape, kind) in index["arrays"].items():
        if name.startswith(keep):
            size = int(np.prod(shape)) * np.dtype(kind).itemsize // 4
            kept[name] = flat[offset : offset + size].view(kind).reshape(shape)
    named = {name: row for name, row in index["rows"].items() if name.startswith(keep)}
    pack(kept | dict(arrays), named | dict(rows), index["corpus"] if corpus is None else corpus, folder)
