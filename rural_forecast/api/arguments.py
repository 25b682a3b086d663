"""Checks of keyword arguments for callers in Python; the command line parses its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, wraps
from inspect import Parameter, signature, unwrap
from numbers import Integral, Real
from typing import ParamSpec, TypeVar, Unpack, get_args, get_origin, get_type_hints

from rural_forecast.api.equality import frozen
from rural_forecast.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


def _are(kind: type, values: object) -> bool:
    if not isinstance(values, Collection) or isinstance(values, str | bytes | Mapping):
        return False
    return all(isinstance(value, kind) and not isinstance(value, bool) for value in values)


def _is_range(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(end, Real) for end in value)


_WHOLE = (lambda value: isinstance(value, Integral), "is a whole number, not {given}.")
_LIST = (_is_list, "is a list, not {given}: write {name}=[{given}].")
_DAY = (
    lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "is a day, such as datetime.date(2017, 8, 31), not {given}.",
)
_KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("year", "since", "until", "base", "horizon", "draws", "seed", "workers"), _WHOLE),
    "partial": _LIST,
    "models": (lambda value: _are(str, value), "is a list of names, such as ['linear', 'arima'], not {given}."),
    "levels": (lambda value: _are(Integral, value), "is a list of whole percents, such as [80, 95], not {given}."),
    **dict.fromkeys(("as_of", "today"), _DAY),
    "ceiling": (_is_range, "is two numbers, such as (4000, 5000), not {given}."),
    "floor": (lambda value: isinstance(value, Real), "is a number, not {given}."),
    "kind": (lambda value: isinstance(value, str), "is a word, such as 'adoption', not {given}."),
    "measure": (lambda value: isinstance(value, str), "is a word, such as 'cumulative', not {given}."),
}
"""The check of an argument by its name, and the message where it fails."""
_NEVER_NONE = ("models", "levels")


class ArgumentError(UsageError, TypeError):
    """An argument is unknown or of another kind; Python's own error for it, too."""


def checked(function: Callable[P, R], others: Iterable[Callable[..., object]] = ()) -> Callable[P, R]:
    """The function, with the names and kinds of its keyword arguments checked: years, lists, days and ceilings.

    `others`: functions that it passes further keyword arguments on to. Raises ArgumentError if there is no such
    argument, or it is of another kind; the message shows how to write it. Arrays of its result cannot be written to.
    """

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in kwargs.items():
            if name not in _named(function):
                _require_known(function, others, name)
            holds, problem = _KINDS.get(name, (None, ""))
            if (value is not None or name in _NEVER_NONE) and holds is not None and not holds(value):
                raise ArgumentError(f"{name} {problem.format(name=name, given=repr(value))}")
        return frozen(function(*args, **kwargs))

    return asked


def checked_as(*others: Callable[..., object]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`checked` for a function that passes further keyword arguments on to others."""
    return lambda function: checked(function, others)


@cache
def _named(function: Callable[..., object]) -> frozenset[str]:
    """The arguments in a function's signature."""
    kinds = {Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD}
    return frozenset(parameter.name for parameter in signature(function).parameters.values() if parameter.kind in kinds)


def _require_known(function: Callable[..., object], others: Iterable[Callable[..., object]], name: str) -> None:
    """Name the function that was called: Python would blame the inner one that the arguments are passed on to."""
    known = {argument for each in (function, *map(unwrap, others)) for argument in (*_named(each), *_unpacked(each))}
    if name in known:
        return
    close = get_close_matches(name, sorted(known), n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    raise ArgumentError(f"{function.__name__}() has no argument '{name}'.{hint}")


@cache
def _unpacked(function: Callable[..., object]) -> frozenset[str]:
    """The arguments of `**options: Unpack[...]`."""
    for hint in get_type_hints(function).values():
        if get_origin(hint) is Unpack:
            return frozenset(get_args(hint)[0].__annotations__)
    return frozenset()
