"""Everything in a file that is refused, for the check; other readers stop at the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rural_forecast.errors import InputError
from rural_forecast.series.reading.number_forms import NO_VALUE, is_missing, is_number
from rural_forecast.text.cells import label

MOST = 1000
"""Faults that are kept; a file with more has one cause for most of them."""


class Fault(NamedTuple):
    """One thing that is refused."""

    series_id: str
    """Empty where the row could not be read far enough."""
    error: InputError
    missing: bool = False
    """Whether it is a marker of a missing value, such as `..`, which published files have."""
    lost: bool = False
    """Whether its value is a number in no notation, so that a search refuses it too."""


class Faults(list[Fault]):
    """The first faults of a file, in the order in which they were met."""

    def keep(self, error: InputError, series_id: str = "", *, missing: bool = False, lost: bool = False) -> None:
        """Keep a fault, unless there are too many."""
        if len(self) < MOST:
            self.append(Fault(series_id, error, missing, lost))


class _Raising(Faults):
    def keep(self, error: InputError, series_id: str = "", *, missing: bool = False, lost: bool = False) -> None:  # noqa: ARG002 - as the others
        raise error from None


RAISING = _Raising()
"""Keeps nothing: the first fault is an error."""


def refuse(error: InputError, faults: Faults | None) -> None:
    """Keep an error where faults are kept, and raise it elsewhere."""
    (RAISING if faults is None else faults).keep(error)


def is_lost(row: Sequence[object], values: Sequence[object]) -> bool:
    """Whether no notation makes a number of a value, and nothing else in the row says that it is missing."""
    numbers = [is_number(cell) for cell in values]
    unread = any(not read and not is_missing(cell) for cell, read in zip(values, numbers, strict=True))
    return unread and (len(values) == 1 or any(numbers)) and not any(label(cell).casefold() in NO_VALUE for cell in row)
