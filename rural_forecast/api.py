"""Shared by results and functions of the Python API: checks of keyword arguments, and equality of results.

The command line parses its own arguments. Results hold arrays, where `==` gives an array, and NaN equals nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, wraps
from inspect import Parameter, Signature, signature, unwrap
from numbers import Integral, Real
from typing import Any, ClassVar, ParamSpec, TypeVar, get_args

import numpy as np

from rural_forecast.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")


def _list_of(fits: Callable[[object], object]) -> Callable[[object], bool]:
    def are(values: object) -> bool:
        return isinstance(values, Collection) and not isinstance(values, _NO_LISTS) and all(map(fits, values))

    return are


def _of(*kinds: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kinds) and not isinstance(value, bool | datetime)


def _names_model(value: object) -> bool:
    return isinstance(value, str) or (hasattr(value, "name") and hasattr(value, "fit"))


def _is_range(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(end, Real) for end in value)


_NO_LISTS = (str, bytes, Mapping)
_WHOLE, _WORD = (_of(Integral), "a whole number"), (_of(str), "a word")
_DAY, _LIST = (_of(date), "a day, such as datetime.date(2017, 8, 31)"), (_list_of(lambda _: True), "a list")
_KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("year", "since", "until", "base", "horizon", "start", "draws", "seed", "workers"), _WHOLE),
    **dict.fromkeys(("partial", "like"), _LIST),
    **dict.fromkeys(("as_of", "today"), _DAY),
    **dict.fromkeys(("kind", "measure"), _WORD),
    "models": (_list_of(_names_model), "a list of names, such as ['linear', 'arima'], or models of your own"),
    "levels": (_list_of(_of(Integral)), "a list of whole percents, such as [80, 95]"),
    "ceiling": (_is_range, "two numbers, such as (4000, 5000)"),
    "floor": (_of(Real), "a number"),
}
"""The check of an argument by its name, and what it is."""
_NEVER_NONE = ("models", "levels")


class ArgumentError(UsageError, TypeError):
    """An argument is unknown or of another kind; Python's own error for it, too."""


def checked(function: Callable[P, R], others: Iterable[Callable[..., object]] = ()) -> Callable[P, R]:
    """The function, with the names and kinds of its keyword arguments checked, also those passed on to `others`."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in kwargs.items():
            if name not in _named(function):
                _require_known(function, others, name)
            if name in _KINDS and (value is not None or name in _NEVER_NONE) and not _KINDS[name][0](value):
                raise ArgumentError(f"{name} is {_KINDS[name][1]}, not {value!r}.")
        return frozen(function(*args, **kwargs))

    return asked


def checked_as(*others: Callable[..., object]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`checked` for a function that passes further keyword arguments on to others."""
    return lambda function: checked(function, others)


@cache
def _named(function: Callable[..., object]) -> frozenset[str]:
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
def _unpacked(function: Callable[..., object]) -> Mapping[str, Any]:
    for parameter in signature(function).parameters.values():
        if parameter.kind is Parameter.VAR_KEYWORD and str(parameter.annotation).startswith("Unpack["):
            hint = eval(str(parameter.annotation), unwrap(function).__globals__)  # noqa: S307 - our own annotation
            return dict(get_args(hint)[0].__annotations__)
    return {}


def shown(function: Callable[..., object], others: Iterable[Callable[..., object]] = ()) -> Signature:
    """The signature of a function with every keyword argument by name, for help and completion."""
    own = signature(function)
    named = {name: one for name, one in own.parameters.items() if one.kind is not Parameter.VAR_KEYWORD}
    for each in (function, *map(unwrap, others)):
        for name, one in signature(each).parameters.items():
            if one.kind is Parameter.KEYWORD_ONLY:
                named.setdefault(name, one)
        for name, hint in _unpacked(each).items():
            text = getattr(hint, "__forward_arg__", str(hint))
            default = False if text == "bool" else "levels" if text == "Basis" else None
            named.setdefault(name, Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=text))
    return own.replace(parameters=[*named.values()])


Kind = TypeVar("Kind")


class Comparable:
    """A dataclass (made with `eq=False`) that equals another of its kind with the same values."""

    __slots__ = ()
    __hash__: ClassVar[None]  # type: ignore[assignment] # arrays have none

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
