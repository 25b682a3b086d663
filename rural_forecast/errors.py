"""Every error a user can meet, with its exit code and what to do about it.

Anything else that escapes is a defect of ours and exits with 1; an interrupt exits with 130.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from shlex import quote
from typing import ClassVar, NamedTuple, Self

DEFECT = 1
INTERRUPTED = 130


def _as_argument(name: str, value: object = None) -> str:
    return name if value is None else f"{name}={value!r}"


def _as_function(command: str, source: str, options: Mapping[str, object]) -> str:
    if " " in command:  # Python has no function of it
        return f"rural-forecast {command} {quote(source) if source else ''}".rstrip()
    function = "forecast" if command == "project" else command
    arguments = [repr(source)] if source else []
    arguments += [_as_argument(name, value) for name, value in options.items()]
    return f"{function}({', '.join(arguments)})"


class Spelling(NamedTuple):
    """How an option and a command are written for whoever asked."""

    option: Callable[[str, object], str]
    command: Callable[[str, str, Mapping[str, object]], str]


_IN_PYTHON = Spelling(_as_argument, _as_function)
spelling: ContextVar[Spelling] = ContextVar("spelling", default=_IN_PYTHON)
"""That of Python; the command line and the server for agents set their own."""


def option(name: str, value: object = None) -> str:
    """Write an option for hints as the user types it; by default as an argument in Python."""
    return spelling.get().option(name, value)


def command(name: str, source: str = "", **options: object) -> str:
    """Write a command for hints as the user types it; by default as a function in Python."""
    return spelling.get().command(name, source, options)


class Place(str):
    """A place in a file as messages write it, with its parts for programs.

    >>> place = Place("book.xlsx!Sheet1!B7", "book.xlsx", 7, 2)
    >>> str(place), place.path, place.line, place.column
    ('book.xlsx!Sheet1!B7', 'book.xlsx', 7, 2)
    """

    path: str
    line: int  # of a text, or row of a sheet or table, from 1; 0 if unknown
    column: int  # of the cell, from 1; 0 if unknown

    def __new__(cls, text: str = "", path: str = "", line: int = 0, column: int = 0) -> Self:
        """Make a place of its text, and of its parts as far as they are known."""
        self = super().__new__(cls, text)
        self.path = path
        self.line = line
        self.column = column
        return self


NOWHERE = Place()


CODES = {
    "usage": "The command as typed, or the call, cannot be carried out.",
    "unknown_name": (
        "There is no option, command, series, model, column, sheet or label of this name."
    ),
    "missing_extra": "A package is missing that an extra installs.",
    "input": "A file or catalogue is refused.",
    "not_found": "There is no such file, or nothing at an address.",
    "address": "An address could not be fetched.",
    "cell": "A line or cell of a file is refused.",
    "gap": "Years are missing within a series.",
    "choice_needed": (
        "A file has several series, tables, sheets or columns, and one must be chosen."
    ),
    "damaged": "The parts of a file contradict each other.",
    "too_large": "A file is larger than what is read.",
    "changed": "A file changed while it was read.",
    "model": "No model could answer.",
    "partial": "A batch is done, and some of its series were refused.",
    "output": "The result could not be written.",
    "resources": "There is too little memory, or too few files or processes are allowed.",
    "defect": "The program has a defect.",
}
"""The kinds of errors, for programs; none changes its meaning within a major version."""


class Problem:
    """A fault of a value, before its place is known."""

    def __init__(self, problem: str, hint: str = "", value: object = None) -> None:
        self.problem = problem
        self.hint = hint
        self.value = value

    def __str__(self) -> str:
        return self.problem


class RuralForecastError(Exception):
    """Base of all errors: `str(error)` is one sentence, and what programs need is in fields.

    Parameters
    ----------
    problem : what is wrong, without the place
    hint : what to do about it; empty where the problem says so already
    code : the kind of the error, one of `CODES`; that of the class if left out
    place : the file, line and column that are to blame, as far as they are known; the message
        begins with it
    value : what is refused there
    """

    exit_code: ClassVar[int] = DEFECT
    code: str = "defect"

    def __init_subclass__(cls, exit_code: int = 0, code: str = "") -> None:
        cls.exit_code = exit_code or cls.exit_code
        cls.code = code or cls.code

    def __init__(
        self,
        problem: str = "",
        hint: str = "",
        *,
        code: str = "",
        place: Place = NOWHERE,
        value: object = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.value = value
        self.place = place
        self.led_by: str = place  # the start of the message, which may name the place in words
        if code:
            self.code = code
        elif place.line and self.code == "input":
            self.code = "cell"

    @classmethod
    def of(cls, problem: Problem, *, code: str = "", place: Place = NOWHERE) -> Self:
        """Make an error of a problem, now that its place is known."""
        return cls(problem.problem, problem.hint, code=code, place=place, value=problem.value)

    @property
    def message(self) -> str:
        """The sentence, after the place if there is one."""
        return f"{self.led_by}: {self.problem}" if self.led_by else self.problem

    def __str__(self) -> str:
        return self.message


@contextmanager
def of_file(path: str) -> Iterator[None]:
    """Give errors that have no place the place of a file."""
    try:
        yield
    except RuralForecastError as error:
        error.place = error.place or Place(path, path)
        raise


class DoubtfulDataWarning(UserWarning):
    """Data were left out, taken for something else, or look wrong; see `series check`."""


def not_finite(message: str) -> RuralForecastError:
    """Make the error for a number that no format can hold, which no result may contain."""
    hint = "This is a defect of rural-forecast; please report it with the command and its input."
    return RuralForecastError(message, hint)


class UsageError(RuralForecastError, exit_code=2, code="usage"):
    """The command as typed cannot be carried out."""


class InputError(RuralForecastError, exit_code=3, code="input"):
    """A file or catalogue was not found, or what it holds was refused."""


class ModelError(RuralForecastError, exit_code=4, code="model"):
    """No model could answer."""


class PartialError(RuralForecastError, exit_code=5, code="partial"):
    """The command is done, and some series of its file were refused."""


class OutputError(RuralForecastError, exit_code=6, code="output"):
    """The result could not be written."""
