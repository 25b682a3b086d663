"""Everything in a file that is refused, for the check; other readers stop at the first."""

from __future__ import annotations

from typing import NamedTuple

from rural_forecast.errors import InputError

MOST = 1000
"""Faults that are kept; a file with more has one cause for most of them."""


class Fault(NamedTuple):
    """One thing that is refused."""

    series_id: str
    """Empty where the row could not be read far enough."""
    error: InputError
    missing: bool = False
    """Whether it is a marker of a missing value, such as `..`, which published files have."""


class Faults(list[Fault]):
    """The first faults of a file, in the order in which they were met."""

    def keep(self, error: InputError, series_id: str = "", *, missing: bool = False) -> None:
        """Keep a fault, unless there are too many."""
        if len(self) < MOST:
            self.append(Fault(series_id, error, missing))


def refuse(error: InputError, faults: Faults | None) -> None:
    """Keep an error where faults are kept, and raise it elsewhere."""
    if faults is None:
        raise error from None
    faults.keep(error)
