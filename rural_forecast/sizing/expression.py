"""Formulas of a sizing model: a small parser of arithmetic, so that no text from a file is ever run as code.

`+ - * / **`, a minus sign, parentheses, `min` and `max`, names, and numbers that may be written `1_000` or `1.5e3`.
Precedence is Python's: `-a ** 2` is `-(a ** 2)` and `a ** b ** c` is `a ** (b ** c)`.

>>> float(evaluate(parse("users * (1 - share) ** 2"), {"users": 1000.0, "share": 0.5}))
250.0
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from rural_forecast.models.base import Array

FUNCTIONS = ("min", "max")
LONGEST = 10_000
DEEPEST = 50
MOST_SIGNS = 200
"""Levels of nesting, and signs; a formula that people write has a handful, and no text may exhaust the stack."""

_MOST_SHOWN = 60

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\.?\d(?:[eE][+-]|[\w.])*)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/(),]))",
)
_NUMBER = re.compile(r"(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+)?", re.ASCII)


class ExpressionError(ValueError):
    """A formula that cannot be read.

    Parameters
    ----------
    message : what is wrong, without the place
    column : where, counted from 1
    """

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.message = message
        self.column = column


class Number(NamedTuple):
    """A plain number."""

    value: float
    span: tuple[int, int]


class Name(NamedTuple):
    """A driver or stage."""

    name: str
    span: tuple[int, int]


class Operation(NamedTuple):
    """A sign between two terms, the minus sign before one (`neg`), or a function of several."""

    sign: str
    terms: tuple[Node, ...]
    span: tuple[int, int]
    """Where it starts and ends in the text, counted from 0."""


Node: TypeAlias = Number | Name | Operation


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """Read a formula.

    Raises
    ------
    ExpressionError : with the column of the first thing that is wrong
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the formula is longer than {LONGEST:,} characters", LONGEST + 1)
    return _Parser(text).whole()


def names(node: Node) -> Iterator[Name]:
    """The names of a formula in the order of the text, each as often as it is used."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Operation):
        for term in node.terms:
            yield from names(term)


def evaluate(node: Node, values: Mapping[str, Array | float]) -> Array | float:
    """The value of a formula for values by name: numbers, or arrays of one shape.

    A division by zero gives an infinite number or NaN; the caller decides what that means.
    """
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    terms = [evaluate(term, values) for term in node.terms]
    if node.sign == "neg":
        return -terms[0]
    found = terms[0]
    for term in terms[1:]:
        found = _SIGNS[node.sign](found, term)
    return found


def _power(base: Array | float, exponent: Array | float) -> Array | float:
    """NumPy's power, which gives NaN where Python's would give a complex number."""
    return np.power(np.asarray(base, dtype=np.float64), exponent)[()]


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "min": np.minimum,
    "max": np.maximum,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": _power,
}


class _Parser:
    """Recursive descent over the tokens; `_position` is the next one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        signs = [token for token in self._tokens if token.kind == "sign" and token.text not in "(),"]
        if len(signs) > MOST_SIGNS:
            raise ExpressionError(f"the formula has more than {MOST_SIGNS} signs", signs[MOST_SIGNS].start + 1)
        self._position = 0
        self._depth = 0

    def whole(self) -> Node:
        if self._next.kind == "end":
            raise ExpressionError("the formula is empty", 1)
        node = self._sum()
        if self._next.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _next(self) -> _Token:
        return self._tokens[self._position]

    def _take(self, *signs: str) -> str:
        """The sign that comes next if it is one of these, else nothing."""
        if self._next.kind == "sign" and self._next.text in signs:
            self._position += 1
            return self._tokens[self._position - 1].text
        return ""

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"the formula is nested more than {DEEPEST} levels deep", self._next.start + 1)

    def _sum(self) -> Node:
        self._deeper()
        node = self._product()
        while sign := self._take("+", "-"):
            node = _joined(sign, node, self._product())
        self._depth -= 1
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._take("*", "/"):
            node = _joined(sign, node, self._signed())
        return node

    def _signed(self) -> Node:
        start = self._next.start
        if not (sign := self._take("-", "+")):
            return self._powered()
        self._deeper()
        term = self._signed()
        self._depth -= 1
        return Operation("neg", (term,), (start, term.span[1])) if sign == "-" else term

    def _powered(self) -> Node:
        base = self._atom()
        if not self._take("**"):
            return base
        self._deeper()
        exponent = self._signed()
        self._depth -= 1
        return _joined("**", base, exponent)

    def _atom(self) -> Node:
        token = self._next
        if token.kind == "number":
            self._position += 1
            return Number(_number(token), (token.start, token.end))
        if token.kind == "name":
            self._position += 1
            return self._call(token) if self._take("(") else Name(token.text, (token.start, token.end))
        if self._take("("):
            node = self._sum()
            self._close(token)
            return node
        raise self._unexpected()

    def _call(self, function: _Token) -> Node:
        if function.text not in FUNCTIONS:
            raise ExpressionError(
                f"there is no function '{function.text}'; there are {' and '.join(FUNCTIONS)}", function.start + 1
            )
        terms = [self._sum()]
        while self._take(","):
            terms.append(self._sum())
        end = self._close(function)
        if len(terms) < 2:
            raise ExpressionError(f"{function.text} needs two terms or more", function.start + 1)
        return Operation(function.text, tuple(terms), (function.start, end))

    def _close(self, opened: _Token) -> int:
        if not self._take(")"):
            if self._next.kind == "end":
                raise ExpressionError("a parenthesis is not closed", opened.start + 1)
            raise self._unexpected()
        return self._tokens[self._position - 1].end

    def _unexpected(self) -> ExpressionError:
        token = self._next
        if token.kind == "end":
            return ExpressionError("the formula ends where a number or name should be", token.start + 1)
        if token.text == ")" and not self._depth > 1:
            return ExpressionError("a parenthesis is closed that was not opened", token.start + 1)
        before = self._tokens[self._position - 1] if self._position else None
        if before is not None and before.kind in ("number", "name") and token.kind in ("number", "name"):
            return ExpressionError(f"a sign is missing between '{before.text}' and '{token.text}'", token.start + 1)
        return ExpressionError(f"'{token.text}' is not expected here", token.start + 1)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…")


def _joined(sign: str, left: Node, right: Node) -> Operation:
    return Operation(sign, (left, right), (left.span[0], right.span[1]))


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if not match or not match.lastgroup:
            place = position + len(text[position:]) - len(text[position:].lstrip())
            hint = "; a power is written **" if text[place] == "^" else ""
            hint = "; write 60 % as 0.6, or as a driver in percent" if text[place] == "%" else hint
            raise ExpressionError(f"{_quoted(text[place])} is not part of arithmetic{hint}", place + 1)
        kind = match.lastgroup
        yield _Token(kind, match[kind], match.start(kind), match.end(kind))
        position = match.end()
    end = len(text.rstrip())
    yield _Token("end", "", end, end)


def _number(token: _Token) -> float:
    if not _NUMBER.fullmatch(token.text):
        raise ExpressionError(f"{_quoted(token.text)} is not a number", token.start + 1)
    value = float(token.text)
    if value == float("inf"):
        raise ExpressionError(f"{_quoted(token.text)} is too large", token.start + 1)
    return value
