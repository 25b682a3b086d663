"""Records: the json document of a result in a folder, under a name of series, origin and digest."""

from __future__ import annotations

import re
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import copyfile

from rural_forecast.errors import OutputError
from rural_forecast.system.output import replacing, unwritable

LONGEST = 60


def keep(record: bytes | Path, folder: Path, name: str, origin: int | None) -> Path:
    """Write a record, or copy it from a file, into a folder; the same record again is the same file."""
    digest = _digest(record)
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST] or "series"
    path = folder / f"{plain}-{'' if origin is None else f'{origin}-'}{digest[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and _digest(path) == digest:
            return path
    except OSError as error:
        raise unwritable(path, error) from error
    if path.exists():
        raise OutputError(f"{path} was changed after it was kept, and no record is written over.", "Move it away.")
    with replacing(path) as part:
        if isinstance(record, bytes):
            part.write_bytes(record)
        else:
            copyfile(record, part)
    return path


def _digest(record: bytes | Path) -> str:
    if isinstance(record, bytes):
        return sha256(record).hexdigest()
    with record.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
