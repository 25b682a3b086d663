"""Formulas of a sizing model: Python's own parser, of whose tree only arithmetic is accepted; nothing is run as code.

`+ - * / **`, a minus sign, parentheses, `min` and `max`, names, and numbers that may be written `1_000` or `1.5e3`.
Precedence is Python's: `-a ** 2` is `-(a ** 2)` and `a ** b ** c` is `a ** (b ** c)`.

>>> float(evaluate(parse("users * (1 - share) ** 2"), {"users": 1000.0, "share": 0.5}))
250.0
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from math import inf
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.models.base import Array
from rural_forecast.text.cells import shown

FUNCTIONS = ("min", "max")
LONGEST, MOST_SIGNS, DEEPEST = 10_000, 200, 50
"""A formula that people write has a handful of signs and levels of nesting, and no text may exhaust the stack."""
_TOO_LONG = f"the formula has more than {LONGEST:,} characters, {MOST_SIGNS} signs or {DEEPEST} levels of nesting"

_NUMBER_LIKE = re.compile(r"(?<![\w.])\.?\d(?:[eE][+-]|[\w.])*")
_NUMBER = re.compile(r"(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+)?", re.ASCII)
_SIGN = re.compile(r"\*\*|[-+*/]")
_FOREIGN = re.compile(r"[^\w\s+*/(),-]")
_SIGN_MISSING = re.compile(r"([\w.]+)\s+([\w.]+)")
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*")
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


class ExpressionError(ValueError):
    """A formula that cannot be read, without a full stop. `column`: where, counted from 1."""

    def __init__(self, problem: str, column: int, hint: str = "") -> None:
        super().__init__(problem)
        self.column, self.hint = column, hint


class Node(NamedTuple):
    """A number, a name, or a sign or function with its terms."""

    sign: str
    """`number`, `name`, a sign between two terms, the minus sign before one (`neg`), or a function of several."""
    span: tuple[int, int]
    """Where it starts and ends in the text, counted from 0."""
    terms: tuple[Node, ...] = ()
    value: float = 0.0
    name: str = ""


def parse(text: str) -> Node:
    """Read a formula. Raises ExpressionError with the column of what is wrong."""
    if len(text) > LONGEST:
        raise ExpressionError(_TOO_LONG, LONGEST + 1)
    _check_text(text)
    start = len(text) - len(text.lstrip())
    plain = _WORD.sub(lambda word: "_" * len(word[0]), re.sub(r"\s", " ", text))  # no word is Python's
    try:
        tree = ast.parse(plain.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:  # also a number of too many digits
        offset = getattr(error, "offset", 0)  # 0 is the end
        raise _misplaced(text, start + offset if offset else len(text) + 1) from None
    return _Reader(text, start).node(tree.body, 1)


def _check_text(text: str) -> None:
    """Refuse what is no arithmetic, and what could exhaust the parser, before it is parsed."""
    for match in _NUMBER_LIKE.finditer(text):
        if not _NUMBER.fullmatch(match[0]) or float(match[0]) == inf:
            raise ExpressionError(f"{shown(match[0])} is not a number, or too large", match.start() + 1)
    blanked = _NUMBER_LIKE.sub(lambda match: "0" * len(match[0]), text)
    if foreign := _FOREIGN.search(blanked):
        instead = {"^": "; a power is written **", "%": "; write 60 % as 0.6, or as a driver in percent"}
        problem = f"{foreign[0]!r} is not part of arithmetic{instead.get(foreign[0], '')}"
        raise ExpressionError(problem, foreign.start() + 1)
    signs = list(_SIGN.finditer(blanked))
    if len(signs) > MOST_SIGNS:
        raise ExpressionError(_TOO_LONG, signs[MOST_SIGNS].start() + 1)
    if missing := _SIGN_MISSING.search(text):
        problem = f"a sign is missing between '{missing[1]}' and '{missing[2]}'"
        raise ExpressionError(problem, missing.start(2) + 1)
    if (floor := text.find("//")) >= 0:
        raise _misplaced(text, floor + 2)


def _misplaced(text: str, column: int) -> ExpressionError:
    end = len(text.rstrip()) + 1
    problem = (
        f"{text[column - 1]!r} is not expected here, or not closed" if column < end else "the formula is not complete"
    )
    return ExpressionError(problem, min(column, end))


class _Reader(NamedTuple):
    """Turns Python's tree into a formula; `start` is the place of its first character in the text."""

    text: str
    start: int

    def node(self, tree: ast.expr, depth: int) -> Node:
        span = self._span(tree)
        if depth > DEEPEST:
            raise ExpressionError(_TOO_LONG, span[0] + 1)
        match tree:
            case ast.Constant(value=int() | float()) if not isinstance(tree.value, bool):
                return Node("number", span, value=float(self.text[slice(*span)]))
            case ast.Name():
                return Node("name", span, name=self.text[slice(*span)])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Node("neg", span, (self.node(operand, depth + 1),))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.node(operand, depth + 1)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
                deeper = depth + isinstance(sign, ast.Pow)
                terms = self.node(left, depth), self.node(right, deeper)
                return Node(_OPERATORS[type(sign)], span, terms)
            case ast.Call(func=ast.Name() as function, args=terms, keywords=[]):
                name = self.text[slice(*self._span(function))]
                if name in FUNCTIONS and len(terms) > 1:
                    return Node(name, span, tuple(self.node(term, depth + 1) for term in terms))
        problem = "only numbers, names, + - * / **, and min and max of two terms or more are arithmetic"
        raise ExpressionError(problem, span[0] + 1)

    def _span(self, tree: ast.expr) -> tuple[int, int]:
        assert tree.end_col_offset is not None
        return self.start + tree.col_offset, self.start + tree.end_col_offset


def names(node: Node) -> Iterator[Node]:
    """The names of a formula in the order of the text, each as often as it is used."""
    if node.sign == "name":
        yield node
    for term in node.terms:
        yield from names(term)


def evaluate(node: Node, values: Mapping[str, Array | float]) -> Array | float:
    """The value of a formula for values by name: numbers, or arrays of one shape.

    A division by zero gives an infinite number or NaN; the caller decides what that means.
    """
    if not node.terms:
        return values[node.name] if node.sign == "name" else node.value
    terms = [evaluate(term, values) for term in node.terms]
    if node.sign == "neg":
        return -terms[0]
    return reduce(_SIGNS[node.sign], terms)


def in_spreadsheets(node: Node, formulas: Mapping[str, Node]) -> str:
    """A formula as spreadsheets write it, with names in braces; those of `formulas` are replaced by theirs.

    Every sign has its parentheses: spreadsheets read `-a^2` as `(-a)^2`.

    >>> in_spreadsheets(parse("-a ** 2 + min(b, c)"), {"c": parse("a / 3")})
    '((-({a}^2))+MIN({b},({a}/3)))'
    """
    if node.sign == "number":
        return f"{node.value:.17g}"
    if node.sign == "name":
        return in_spreadsheets(formulas[node.name], formulas) if node.name in formulas else f"{{{node.name}}}"
    terms = [in_spreadsheets(term, formulas) for term in node.terms]
    if node.sign in FUNCTIONS:
        return f"{node.sign.upper()}({','.join(terms)})"
    if node.sign == "neg":
        return f"(-{terms[0]})"
    return f"({('^' if node.sign == '**' else node.sign).join(terms)})"


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
