"""Write the record of an answer into a folder."""

from __future__ import annotations

import re
from hashlib import file_digest
from io import BufferedReader, BytesIO
from pathlib import Path
from shutil import copyfileobj

from rural_forecast.errors import OutputError
from rural_forecast.system.output import replacing, unwritable

LONGEST_NAME = 60  # characters of the name of a series in that of its record


def keep(record: bytes | Path, folder: Path, name: str, origin: int | None) -> Path:
    """Write a record, or copy it from a file, into a folder, and return its path.

    Its name ends in a digest: the same record again is the same file.
    """

    def opened() -> BytesIO | BufferedReader:
        return record.open("rb") if isinstance(record, Path) else BytesIO(record)

    with opened() as source:
        digest = file_digest(source, "sha256").hexdigest()
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST_NAME] or "series"
    path = folder / f"{plain}-{'' if origin is None else f'{origin}-'}{digest[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            with path.open("rb") as kept_before:
                if file_digest(kept_before, "sha256").hexdigest() == digest:
                    return path
            raise OutputError(
                f"{path} was changed after it was kept, and is not written over.", "Move it away."
            )
    except OSError as error:
        raise unwritable(path, error) from error
    with replacing(path) as part, opened() as source, part.open("wb") as target:
        copyfileobj(source, target)
    return path
