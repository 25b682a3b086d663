"""What a caller in Python may mistake in an argument is told before anything is computed; the command line parses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from numbers import Integral, Real
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_WHOLE = frozenset({"year", "since", "until", "base", "horizon", "draws", "seed", "workers"})
_LISTS = frozenset({"models", "levels", "partial"})
_DAYS = frozenset({"as_of", "today"})


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with its named arguments checked for their kind: years, lists, days and ceilings.

    Raises
    ------
    TypeError : an argument is of another kind; the message names it and shows how to write it
    """

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, given in kwargs.items():
            if given is not None:
                _check(name, given)
        return function(*args, **kwargs)

    return asked


def _check(name: str, given: object) -> None:
    if name in _WHOLE:
        if not isinstance(given, Integral):
            raise TypeError(f"{name} is a whole number, not {given!r}.")
    elif name in _LISTS:
        if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
            raise TypeError(f"{name} is a list, not {given!r}: write {name}=[{given!r}].")
    elif name in _DAYS:
        if not isinstance(given, date) or isinstance(given, datetime):
            raise TypeError(f"{name} is a day, such as datetime.date(2017, 8, 31), not {given!r}.")
    elif name == "ceiling":
        low, high = given if isinstance(given, (tuple, list)) and len(given) == 2 else (None, None)
        if not isinstance(low, Real) or not isinstance(high, Real):
            raise TypeError(f"ceiling is two numbers, such as (4000, 5000), not {given!r}.")
