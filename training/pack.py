"""Write the learned numbers: one flat float32 array, and an index that names its arrays and their
rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

FOLDER = Path(__file__).parents[1] / "rural_forecast" / "models"


def pack(
    arrays: Mapping[str, np.ndarray],
    rows: Mapping[str, Sequence[str]],
    corpus: Sequence[str],
    folder: Path = FOLDER,
) -> None:
    """Write all arrays, with the names of their rows and of the sets that they were learned from."""
    index = {}
    parts = []
    offset = 0
    for name, array in arrays.items():
        part = np.ascontiguousarray(array, dtype="<f4").ravel()
        index[name] = [offset, list(np.shape(array)), "<f4"]
        parts.append(part)
        offset += part.size
    path = folder / "learned.npy"
    np.save(path, np.concatenate(parts), allow_pickle=False)
    whole = {
        "crc32": crc32(path.read_bytes()),
        "corpus": list(corpus),
        "rows": {name: list(row) for name, row in rows.items()},
    }
    text = json.dumps({**whole, "arrays": index}, separators=(",", ":"))
    (folder / "learned.json").write_text(text + "\n", encoding="utf-8")
