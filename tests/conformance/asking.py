"""Answers of commands in a machine format, and when two of them are the same."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.inside import typed

Row = dict[str, Any]


def document(*arguments: object, stdin: str = "", code: int = 0) -> dict[str, Any]:
    """The json document of a command that ends with this exit code."""
    done = typed(*arguments, "--format", "json", stdin=stdin)
    assert done.code == code, done.err
    return json.loads(done.out)


def rows(*arguments: object, stdin: str = "", code: int = 0) -> list[Row]:
    return document(*arguments, stdin=stdin, code=code)["rows"]


def long_form(series: Mapping[str, Sequence[float]], first_year: int = 1901, unit: str = "") -> str:
    """Series as CSV in long form, every number to its last bit."""
    lines = ["series_id,year,value,unit"]
    for name, values in series.items():
        lines += [
            f'"{name}",{first_year + step},{float(value)!r},{unit}'
            for step, value in enumerate(values)
        ]
    return "\n".join(lines) + "\n"


def saved(folder: Path, text: str, name: str = "market.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def same_number(one: Any, other: Any, relative: float, size: float = 0.0) -> bool:
    """Return True if two cells are equal, numbers but for rounding of their own or of a given size."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= relative * max(abs(one), abs(other), size)
    return bool(one == other)


def differences(these: Iterable[Row], those: Iterable[Row], relative: float) -> list[str]:
    """List the differences of two lists of rows, as sentences; empty where there is none."""
    one = list(these)
    other = list(those)
    if len(one) != len(other):
        return [f"{len(one)} rows against {len(other)}"]
    return [
        f"row {place}, {name}: {a.get(name)!r} against {b.get(name)!r}"
        for place, (a, b) in enumerate(zip(one, other, strict=True))
        for name in a | b
        if (name in a) != (name in b) or not same_number(a[name], b[name], relative)
    ]
