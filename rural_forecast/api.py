"""Shared by results and functions of the Python API: checks of keyword arguments, and equality of
results.

The command line parses its own arguments. Results hold arrays, where `==` gives an array, and NaN
equals nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, signature, unwrap
from numbers import Integral, Real
from typing import Any, ClassVar, ParamSpec, TypeVar, get_args

import numpy as np

from rural_forecast.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")
Kind = TypeVar("Kind")


class ArgumentError(UsageError, TypeError):
    """An argument is unknown or of another kind; Python's own error for it, too."""


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind) and not isinstance(value, bool | datetime)


def _list_of(fits: Callable[[object], object]) -> Callable[[object], bool]:
    no_list = (str, bytes, Mapping)
    return lambda given: (
        isinstance(given, Collection) and not isinstance(given, no_list) and all(map(fits, given))
    )


def _is_model(value: object) -> bool:
    return isinstance(value, str) or (hasattr(value, "name") and hasattr(value, "fit"))


def _is_range(value: object) -> bool:
    return (
        isinstance(value, tuple | list)
        and len(value) == 2
        and all(isinstance(end, Real) for end in value)
    )


_KINDS = (
    ("year since until base horizon start draws seed workers", _is(Integral), "a whole number"),
    ("partial like", _list_of(lambda _: True), "a list"),
    ("as_of today", _is(date), "a day, such as datetime.date(2017, 8, 31)"),
    ("kind measure", _is(str), "a word"),
    (
        "models",
        _list_of(_is_model),
        "a list of names, such as ['linear', 'arima'], or models of your own",
    ),
    ("levels", _list_of(_is(Integral)), "a list of whole percents, such as [80, 95]"),
    ("ceiling", _is_range, "two numbers, such as (4000, 5000)"),
    ("floor", _is(Real), "a number"),
)
_KIND_OF = {name: (fits, what) for names, fits, what in _KINDS for name in names.split()}
"""The check of an argument by its name, and what it is."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The function with its keyword arguments checked by name and kind, and a result that nobody
    can write to.
    """
    whole = _with_every_keyword(function)

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in kwargs.items():
            if name not in whole.parameters:
                close = get_close_matches(name, sorted(whole.parameters), n=1)
                hint = f" Did you mean '{close[0]}'?" if close else ""
                raise ArgumentError(f"{function.__name__}() has no argument '{name}'.{hint}")
            fits, what = _KIND_OF.get(name, (None, ""))
            if fits and (value is not None or name in ("models", "levels")) and not fits(value):
                raise ArgumentError(f"{name} is {what}, not {value!r}.")
        result = function(*args, **kwargs)
        _freeze(result)
        return result

    vars(asked)["__signature__"] = whole
    return asked


def _with_every_keyword(function: Callable[..., object]) -> Signature:
    """A signature with every keyword argument by name, for help and completion, also those of a
    TypedDict.
    """
    whole = signature(function)
    named = dict[str, Parameter]()
    for name, one in whole.parameters.items():
        if one.kind is not Parameter.VAR_KEYWORD:
            named[name] = one
        elif str(one.annotation).startswith("Unpack["):
            (unpacked,) = get_args(eval(one.annotation, unwrap(function).__globals__))  # noqa: S307 - our own annotation
            for keyword, hint in unpacked.__annotations__.items():
                text = getattr(hint, "__forward_arg__", str(hint))
                default = False if text == "bool" else "levels" if text == "Basis" else None
                named[keyword] = Parameter(
                    keyword, Parameter.KEYWORD_ONLY, default=default, annotation=text
                )
    return whole.replace(parameters=[*named.values()])


class Comparable:
    """A dataclass (made with `eq=False`) that equals another of its kind with the same values."""

    __slots__ = ()
    __hash__: ClassVar[None]  # type: ignore[assignment] # arrays have none

    def __eq__(self, other: object) -> bool:
        return same(self, other) if type(self) is type(other) else NotImplemented


def comparable(kind: type[Kind]) -> type[Kind]:
    """A named tuple that equals another of its kind with the same values; it has no hash, as arrays
    have none.
    """
    methods = {
        "__eq__": same,
        "__ne__": lambda first, second: not same(first, second),
        "__hash__": None,
    }
    for name, method in methods.items():
        setattr(kind, name, method)
    return kind


def _parts(value: Any) -> Sequence[Any] | None:
    """The parts of a value; None for one without parts."""
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    return (
        [*value.values()]
        if isinstance(value, Mapping)
        else value
        if isinstance(value, tuple | list)
        else None
    )


def _freeze(result: object) -> None:
    """Keep everybody from writing to the arrays of a result from now on."""
    if isinstance(result, np.ndarray):
        result.flags.writeable = False
    elif isinstance(result, Comparable | tuple | Mapping):
        for part in _parts(result) or ():
            _freeze(part)


def same(first: Any, second: Any) -> bool:
    """Compare two values, arrays and frames by their content; NaN is the same as NaN."""
    if first is second:
        return True
    if type(first) is not type(second):
        return all(isinstance(one, str | int | float) for one in (first, second)) and bool(
            first == second
        )
    if hasattr(first, "dtype") and hasattr(first, "shape"):
        return bool(np.array_equal(first, second, equal_nan=first.dtype.kind == "f"))
    if hasattr(first, "equals"):  # a frame
        return bool(first.equals(second))
    if isinstance(first, Exception):
        return str(first) == str(second)
    if isinstance(first, Mapping):
        return first.keys() == second.keys() and all(
            same(value, second[key]) for key, value in first.items()
        )
    parts = _parts(first)
    others = _parts(second)
    if parts is not None and others is not None:
        return len(parts) == len(others) and all(map(same, parts, others))
    # NaN.
    return bool(first == second) or (
        isinstance(first, float) and first != first and second != second
    )
