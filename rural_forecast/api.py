"""Shared by results and functions of the Python API: checks of keyword arguments, equality of
results, and warnings of what the command line prints on standard error.

The command line parses its own arguments. Results hold arrays, where `==` gives an array, and NaN
equals nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, signature
from numbers import Integral, Real
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar
from warnings import warn

import numpy as np

from rural_forecast.errors import DoubtfulDataWarning, RuralForecastError, UsageError
from rural_forecast.notes import Note

P = ParamSpec("P")
A = TypeVar("A")
Q = TypeVar("Q")
R = TypeVar("R")
Kind = TypeVar("Kind")
_PACKAGE = __name__.partition(".")[0]


class ArgumentError(UsageError, TypeError):
    """An argument is unknown or of another kind; Python's own error for it, too."""


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind) and not isinstance(value, bool | datetime)


def _is_list(value: object) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping)


def _is_list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: _is_list(value) and all(map(fits, value))  # type: ignore[call-overload] # it is one


def _are_words(value: object) -> bool:
    return isinstance(value, str) or (_is_list_of(_is(str))(value) and bool(value))


def _is_model(value: object) -> bool:
    return isinstance(value, str) or (hasattr(value, "name") and hasattr(value, "fit"))


def _is_range(value: object) -> bool:
    ends = value if isinstance(value, tuple | list) else ()
    return len(ends) == 2 and all(isinstance(end, Real) for end in ends)


_MODELS = "a list of names, such as ['linear', 'arima'], or models of your own"
_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "int": (_is(Integral), "a whole number"),
    "float": (_is(Real), "a number"),
    "str": (_is(str), "a word"),
    "date": (_is(date), "a day, such as datetime.date(2017, 8, 31)"),
    "Ceiling": (_is_range, "two numbers, such as (4000, 5000)"),
    "Sequence[int]": (
        _is_list_of(_is(Integral)),
        "a list of whole percents, such as [80, 95]",
    ),
    "Years": (_is_list_of(_is(Integral)), "a list of years, such as [2020]"),
    "Sequence[str | NamedModel]": (_is_list_of(_is_model), _MODELS),
    "Sequence[Any]": (_is_list, "a list"),
    "Sequence[float]": (_is_list_of(_is(Real)), "a list of numbers"),
    "str | Sequence[str]": (_are_words, "a word, or a list of words"),
    "Mapping[str, Any]": (_is(Mapping), "a table by name"),
}
"""The check of a value by its annotation, and what it is; others are checked later."""


def kind_wanted(annotation: str, value: object) -> str:
    """The kind of value that an annotation asks for, in words; empty if the value is one."""
    kind = annotation.removesuffix(" | None")
    if kind not in _KINDS or (value is None and kind != annotation):
        return ""
    fits, what = _KINDS[kind]
    return "" if fits(value) else what


def require_choice(name: str, value: object, choices: Collection[object]) -> None:
    """Refuse a value that is none of the choices of an argument. Raises ArgumentError."""
    if value not in choices:
        listed = ", ".join(map(repr, choices))
        raise ArgumentError(f"{name} is {value!r}.", f"Use one of {listed}.")


# What other forecasting libraries call an argument, by what it may be called here.
_ELSEWHERE = {
    "h": ("horizon",),
    "horizon": ("h",),  # of `cross_validation`
    "fh": ("horizon",),
    "steps": ("horizon",),
    "periods": ("horizon",),
    "prediction_length": ("horizon",),
    "level": ("levels",),
    "quantile_levels": ("levels",),
    "interval_width": ("levels",),
    "n_windows": ("windows",),
    "step_size": ("step",),
    "id_col": ("id_column",),
    "time_col": ("period_column",),
    "target_col": ("value_column",),
    "num_samples": ("paths",),
    "cap": ("ceiling",),
}


def _closest(name: str, parameters: Collection[str]) -> str | None:
    """Find the argument that an unknown name means; None if it is like none."""
    for ours in _ELSEWHERE.get(name, ()):
        if ours in parameters:
            return ours
    close = get_close_matches(name, sorted(parameters), n=1)
    return close[0] if close else None


def require_arguments(
    caller: str, function: Callable[..., Any], given: Collection[str], *more: str
) -> None:
    """Refuse keyword arguments that a function, to which `caller` hands them on, has not; `more`
    are its own. Raises ArgumentError.
    """
    parameters = signature(function).parameters.values()
    names = [*more, *(one.name for one in parameters if one.kind is one.KEYWORD_ONLY)]
    for name in given:
        if name not in names:
            raise _no_argument(caller, name, names)


def _no_argument(caller: str, name: str, parameters: Collection[str]) -> ArgumentError:
    close = _closest(name, parameters)
    hint = f" Did you mean '{close}'?" if close else ""
    return ArgumentError(f"{caller}() has no argument '{name}'.{hint}")


def checked(function: Callable[P, R], question: Any = None) -> Callable[P, R]:
    """The function with its keyword arguments checked by name and kind, and a result that nobody
    can write to. `question`: whose fields it takes as keyword arguments.
    """
    whole = with_fields(signature(function), question)

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in kwargs.items():
            if name not in whole.parameters:
                raise _no_argument(function.__name__, name, whole.parameters)
            if what := kind_wanted(str(whole.parameters[name].annotation), value):
                raise ArgumentError(f"{name} is {what}, not {value!r}.")
        try:
            result = function(*args, **kwargs)
        except RuralForecastError as error:
            _show_hint(error)
            raise
        _freeze(result)
        return result

    vars(asked)["__signature__"] = whole
    return asked


def _show_hint(error: RuralForecastError) -> None:
    """Let a traceback end with the hint of an error, once."""
    note = f"hint: {error.hint}"
    if error.hint and note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def asks(
    question: Callable[P, Q],
) -> Callable[[Callable[[A, Q], R]], Callable[Concatenate[A, P], R]]:
    """Let a function of something and a question take the fields of the question as keyword
    arguments, which are checked.
    """

    def asking(function: Callable[[A, Q], R]) -> Callable[Concatenate[A, P], R]:
        first = next(iter(signature(function).parameters))

        @wraps(function)
        def call(*args: Any, **asked: Any) -> R:
            about, *more = args or (asked.pop(first, None),)
            return function(about, question(*more, **asked))

        return checked(call, question)

    return asking


def with_fields(own: Signature, question: Any) -> Signature:
    """A signature with the fields of a question as keyword arguments by name, for help and
    completion.
    """
    if question is None:
        return own
    named = [one for name, one in own.parameters.items() if name != "question"]
    named += [
        Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default, annotation=one.type)
        for one in fields(question)
    ]
    return own.replace(parameters=named)


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
    if isinstance(value, Mapping):
        return [*value.values()]
    return value if isinstance(value, tuple | list) else None


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


def warn_of(notes: Iterable[Note], *, before: Collection[Note] = ()) -> None:
    """Warn of each note that is a warning, at the line that called this package.

    `before` has the notes that were warned of when the data were read.
    """
    for note in dict.fromkeys(notes):
        if note.warning and note not in before:
            warn(str(note), DoubtfulDataWarning, stacklevel=_level_of_caller())


def _level_of_caller() -> int:
    """Count the frames up to the first one that is not of this package, for `warn_of`."""
    level = 1
    frame = sys._getframe(1)  # that of `warn_of`
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
        level += 1
    return level


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == _PACKAGE
