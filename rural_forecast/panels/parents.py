"""A table of children and their parents, as a csv file."""

from __future__ import annotations

import csv
from pathlib import Path

from rural_forecast.errors import InputError


def read(path: str | Path) -> dict[str, str]:
    """The parent of each child.

    Raises
    ------
    InputError : there is no such file, it lacks a column, or a child has two parents
    """
    parents: dict[str, str] = {}
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"child", "parent"} <= {*(rows.fieldnames or ())}:
                raise InputError(f"{path} has no columns child and parent.", "Name its two columns so.")
            for row in rows:
                child, parent = (row["child"] or "").strip(), (row["parent"] or "").strip()
                if parents.setdefault(child, parent) != parent:
                    raise InputError(f"{path}, line {rows.line_num}: {child} has two parents.", "Keep one of them.")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a csv file.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not text in utf-8.", "Save it as CSV UTF-8.") from None
    return parents
