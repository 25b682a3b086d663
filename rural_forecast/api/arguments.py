"""Checks of keyword arguments for callers in Python; the command line parses its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache, wraps
from inspect import Parameter, signature, unwrap
from numbers import Integral, Real
from typing import ParamSpec, TypeVar, Unpack, get_args, get_origin, get_type_hints

P = ParamSpec("P")
R = TypeVar("R")

_WHOLE = frozenset({"year", "since", "until", "base", "horizon", "count", "draws", "seed", "workers"})
_LISTS = frozenset({"models", "levels", "partial"})
_DAYS = frozenset({"as_of", "today"})
_LIMITS = frozenset({"ceiling", "floor", "cumulative"})


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with the names and kinds of its keyword arguments checked: years, lists, days and ceilings.

    Raises
    ------
    TypeError : there is no such argument, or it is of another kind; the message shows how to write it
    """
    return checked_as()(function)


def checked_as(*others: Callable[..., object]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`checked` for a function that passes further keyword arguments on to others."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            for name, given in kwargs.items():
                if name not in _named(function):
                    _require_known(function, others, name)
                if given is not None:
                    _check(name, given)
            return function(*args, **kwargs)

        return asked

    return decorate


@cache
def _named(function: Callable[..., object]) -> frozenset[str]:
    """The arguments in a function's signature."""
    kinds = {Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD}
    return frozenset(one.name for one in signature(function).parameters.values() if one.kind in kinds)


def _require_known(function: Callable[..., object], others: Iterable[Callable[..., object]], name: str) -> None:
    """Name the function that was called: Python would blame the inner one that the arguments are passed on to."""
    known = {argument for one in (function, *map(unwrap, others)) for argument in (*_named(one), *_unpacked(one))}
    if name in known:
        return
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    raise TypeError(f"{function.__name__}() has no argument '{name}'.{hint}")


def _unpacked(function: Callable[..., object]) -> frozenset[str]:
    """The arguments of `**options: Unpack[...]`."""
    for hint in get_type_hints(function).values():
        if get_origin(hint) is Unpack:
            return frozenset(get_args(hint)[0].__annotations__)
    return frozenset()


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
    elif name in _LIMITS:
        _check_limit(name, given)


def _check_limit(name: str, given: object) -> None:
    if name == "floor":
        if not isinstance(given, Real):
            raise TypeError(f"floor is a number, not {given!r}.")
    elif name == "cumulative":
        if not isinstance(given, bool):
            raise TypeError(f"cumulative is True or False, not {given!r}.")
    else:
        low, high = given if isinstance(given, (tuple, list)) and len(given) == 2 else (None, None)
        if not isinstance(low, Real) or not isinstance(high, Real):
            raise TypeError(f"ceiling is two numbers, such as (4000, 5000), not {given!r}.")
