"""Results hold arrays: `==` of NumPy gives an array, NaN equals nothing, and an array can be written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

Kind = TypeVar("Kind")


class Comparable:
    """A dataclass (made with `eq=False`) that equals another of its kind with the same values."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment] # arrays have none

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return _same_fields(self, other)


def comparable(kind: type[Kind]) -> type[Kind]:
    """A named tuple that equals another of its kind with the same values; it has no hash, as arrays have none."""
    for name, method in (
        ("__eq__", same),
        ("__ne__", lambda first, second: not same(first, second)),
        ("__hash__", None),
    ):
        setattr(kind, name, method)
    return kind


def frozen(result: Kind) -> Kind:
    """The result, whose arrays nobody can write to from now on."""
    if isinstance(result, np.ndarray):
        result.flags.writeable = False
    elif isinstance(result, Comparable):
        for field in fields(result):  # type: ignore[arg-type] # all are dataclasses
            frozen(getattr(result, field.name))
    elif isinstance(result, tuple):
        for part in result:
            frozen(part)
    elif isinstance(result, Mapping):
        for part in result.values():
            frozen(part)
    return result


def same(first: Any, second: Any) -> bool:
    """Compare two values, arrays and frames by their content; NaN is the same as NaN."""
    if first is second:
        return True
    if type(first) is not type(second):
        return bool(first == second) if _plain(first) and _plain(second) else False
    if hasattr(first, "dtype") and hasattr(first, "shape"):
        return bool(np.array_equal(first, second, equal_nan=first.dtype.kind == "f"))
    if hasattr(first, "equals"):  # a frame
        return bool(first.equals(second))
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, Mapping):
        return first.keys() == second.keys() and all(same(value, second[key]) for key, value in first.items())
    if isinstance(first, Exception):
        return str(first) == str(second)
    if is_dataclass(first):
        return _same_fields(first, second)
    return bool(first == second) or (isinstance(first, float) and first != first and second != second)  # NaN


def _same_fields(first: Any, second: Any) -> bool:
    return all(same(getattr(first, field.name), getattr(second, field.name)) for field in fields(first))


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float)
