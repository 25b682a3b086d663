"""Equality of results, which hold arrays: `==` of NumPy gives an array, and NaN equals nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any


class Comparable:
    """A dataclass (made with `eq=False`) that equals another of its kind with the same values."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment] # arrays have none

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return _same_fields(self, other)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, arrays and frames by their content; NaN is the same as NaN."""
    if one is other:
        return True
    if type(one) is not type(other):
        return bool(one == other) if _plain(one) and _plain(other) else False
    if hasattr(one, "dtype") and hasattr(one, "shape"):
        import numpy as np

        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    if hasattr(one, "equals"):  # a frame
        return bool(one.equals(other))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if is_dataclass(one):
        return _same_fields(one, other)
    return bool(one == other) or (isinstance(one, float) and one != one and other != other)  # NaN


def _same_fields(one: Any, other: Any) -> bool:
    return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float)
