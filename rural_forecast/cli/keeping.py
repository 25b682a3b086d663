"""Records: the json document of a result in a folder, under a name of series, origin and digest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from rural_forecast.errors import OutputError
from rural_forecast.system.output import replacing, unwritable

LONGEST = 60
"""Characters of the name of a series that are kept."""


def keep(record: bytes | Path, folder: Path, name: str, origin: int | None) -> Path:
    """Write a record, or copy it from a file, into a folder, which is made if it is not there.

    The same record again is the same file. Raises OutputError if it cannot be written, or the file that has its name
    was changed.
    """
    digest = _digest(record)
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST] or "series"
    path = folder / f"{plain}-{'' if origin is None else f'{origin}-'}{digest[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and _digest(path) == digest:
            return path
    except FileExistsError:
        raise OutputError(f"{folder} is a file, and records go to a folder.", "Name a folder.") from None
    except OSError as error:
        raise unwritable(path, error) from error
    if path.exists():
        raise OutputError(f"{path} was changed after it was kept, and no record is written over.", "Move it away.")
    with replacing(path) as part, part.open("wb") as file:
        file.writelines(_pieces(record))
    return path


def _digest(record: bytes | Path) -> str:
    whole = sha256()
    for piece in _pieces(record):
        whole.update(piece)
    return whole.hexdigest()


def _pieces(record: bytes | Path) -> Iterator[bytes]:
    if isinstance(record, bytes):
        yield record
        return
    with record.open("rb") as file:
        while data := file.read(1 << 20):
            yield data
