"""The formulas of a model, read by Python's own parser, of whose tree only arithmetic is accepted; nothing is run.

`+ - * / **`, a minus sign, parentheses, `min` and `max`, names, and numbers that may be written `1_000` or `1.5e3`.
Precedence is Python's: `-a ** 2` is `-(a ** 2)` and `a ** b ** c` is `a ** (b ** c)`.

>>> float(evaluate(parse("users * (1 - share) ** 2"), {"users": 1000.0, "share": 0.5}))
250.0
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import Problem
from rural_forecast.models.base import HUGE, Array
from rural_forecast.sizing.toml import Keys, TomlFile, at, cited, refusing
from rural_forecast.sizing.units import ONE, Unit, parse_unit
from rural_forecast.text.wording import listed

FUNCTIONS = ("min", "max")
YEAR = "year"
"""The name of the year in every formula."""
HIGHEST_POWER = 9
LONGEST, MOST_SIGNS, DEEPEST = 10_000, 200, 50
"""A formula that people write has a handful of signs and levels of nesting, and no text may exhaust the stack."""
_TOO_LONG = f"the formula has more than {LONGEST:,} characters, {MOST_SIGNS} signs or {DEEPEST} levels of nesting"
_SIGN = re.compile(r"\*\*|[-+*/]")
_FOREIGN = re.compile(r"[^\w\s+*/(),.-]|(?<!\d)\.(?!\d)|(?<=/)/")
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


class Formula(NamedTuple):
    """A driver or stage that is a formula of others; `resolve` fills the last three fields."""

    name: str
    text: str
    path: Keys
    """Place of the formula in the file."""
    unit_text: str
    """Empty if the unit follows from the formula."""
    source: str = ""
    assumption: bool = False
    note: str = ""
    node: Node = Node("number", (0, 0))
    unit: Unit = ONE
    uses: frozenset[str] = frozenset()
    """Drivers with values of their own that it rests on, directly or through other formulas."""


def parse(text: str) -> Node:
    """Read a formula. Raises ExpressionError with the column of what is wrong."""
    signs = [*islice(_SIGN.finditer(text), MOST_SIGNS + 1)]
    if len(text) > LONGEST or len(signs) > MOST_SIGNS:
        raise ExpressionError(_TOO_LONG, LONGEST + 1 if len(text) > LONGEST else signs[-1].start() + 1)
    if foreign := _FOREIGN.search(text):
        raise _misplaced(text, foreign.start() + 1)
    start = len(text) - len(text.lstrip())
    plain = _WORD.sub(lambda word: "_" * len(word[0]), re.sub(r"\s", " ", text))  # no word is Python's
    try:
        with warnings.catch_warnings(action="error"):
            tree = ast.parse(plain.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:  # also a number of too many digits
        offset = getattr(error, "offset", 0)  # 0 is the end
        raise _misplaced(text, start + offset if offset else len(text) + 1) from None
    return _node(tree.body, text, start, 1)


def _misplaced(text: str, column: int) -> ExpressionError:
    end = len(text.rstrip()) + 1
    if column >= end:
        return ExpressionError("the formula is not complete", end)
    hint = "A power is written **, and 60 % as 0.6, or as a driver in percent."
    return ExpressionError(f"{text[column - 1]!r} is not expected here, or not closed", column, hint)


def _node(tree: ast.expr, text: str, start: int, depth: int) -> Node:
    """Python's tree as a formula; `start` is the place of its first character in the text."""

    def span_of(part: ast.expr) -> tuple[int, int]:
        return start + part.col_offset, start + (part.end_col_offset or 0)

    def nodes(*terms: ast.expr, deeper: int = 1) -> tuple[Node, ...]:
        return tuple(_node(term, text, start, depth + deeper) for term in terms)

    span = span_of(tree)
    if depth > DEEPEST:
        raise ExpressionError(_TOO_LONG, span[0] + 1)
    match tree:
        case ast.Constant(value=int() | float() as value) if value < HUGE:
            return Node("number", span, value=float(value))
        case ast.Name():
            return Node("name", span, name=text[slice(*span)])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Node("neg", span, nodes(operand))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return nodes(operand)[0]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            terms = (*nodes(left, deeper=0), *nodes(right, deeper=int(isinstance(sign, ast.Pow))))
            return Node(_OPERATORS[type(sign)], span, terms)
        case ast.Call(func=ast.Name() as function, args=[_, _, *_] as terms, keywords=[]):
            if (name := text[slice(*span_of(function))]) in FUNCTIONS:
                return Node(name, span, nodes(*terms))
    problem = "only numbers, names, + - * / **, and min and max of two terms or more are arithmetic"
    raise ExpressionError(problem, span[0] + 1)


def names(node: Node) -> Iterator[Node]:
    """The names of a formula in the order of the text, each as often as it is used."""
    if node.sign == "name":
        yield node
    for term in node.terms:
        yield from names(term)


def written(node: Node, text: str) -> str:
    """A term as in the text."""
    return text[slice(*node.span)]


def evaluate(node: Node, values: Mapping[str, Array | float]) -> Array | float:
    """The value of a formula for values by name: numbers, or arrays of one shape.

    A division by zero gives an infinite number or NaN; the caller decides what that means.
    """
    if not node.terms:
        return values[node.name] if node.sign == "name" else node.value
    terms = [evaluate(term, values) for term in node.terms]
    return -terms[0] if node.sign == "neg" else reduce(_SIGNS[node.sign], terms)


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


def unit_of(node: Node, text: str, units: Mapping[str, Unit]) -> Unit:
    """The unit of a formula's value, at scale 1: values are computed in whole persons and yuan.

    `text`: the formula as written, to name the term that does not fit. `units`: by name; every name of the formula is
    there. Raises ExpressionError where terms of a sum differ, or a power has a unit.
    """
    if not node.terms:
        return ONE if node.sign == "number" else units[node.name]._replace(scale=1.0)
    first, *others = (unit_of(term, text, units) for term in node.terms)
    if node.sign == "neg":
        return first
    if node.sign in ("*", "/"):
        return first.times(others[0], 1 if node.sign == "*" else -1)
    if node.sign == "**":
        term = node.terms[1]
        sign, inner = (-1, term.terms[0]) if term.sign == "neg" else (1, term)
        if first.is_plain and others[0].is_plain:
            return ONE
        if inner.sign == "number" and inner.value == int(inner.value) <= HIGHEST_POWER:
            return first.power(sign * int(inner.value))
        problem = f"'{written(node.terms[0], text)}' is {first}, and the power '{written(term, text)}' is {others[0]}"
        hint = f"A whole power up to {HIGHEST_POWER} can raise what has a unit, and only a plain number be the power."
        raise ExpressionError(problem, term.span[0] + 1, hint)
    for term, unit in zip(node.terms[1:], others, strict=True):
        if unit.powers != first.powers:
            problem = f"'{written(term, text)}' is {unit} and '{written(node.terms[0], text)}' is {first}"
            raise ExpressionError(f"{problem}, which no '{node.sign}' can join", term.span[0] + 1)
    return first


def resolve(formulas: Iterable[Formula], drivers: Mapping[str, Unit], file: TomlFile) -> dict[str, Formula]:
    """Formulas by name, each after those that it uses.

    `drivers`: units of the drivers that have values of their own. Raises InputError if a formula cannot be read, names
    something that is not there, goes in a circle or its units do not fit.
    """
    by_name = {formula.name: formula for formula in formulas}
    known, nodes = (*drivers, *by_name, YEAR), {}
    for name, formula in by_name.items():
        with _refusing(formula, file):
            nodes[name] = parse(formula.text)
            for used in names(nodes[name]):
                if used.name not in known:
                    close = get_close_matches(used.name, known, n=1, cutoff=0.6)
                    hint = f"Did you mean {close[0]}?" if close else f"Add a table [drivers.{used.name}]."
                    raise ExpressionError(f"there is no driver '{used.name}'", used.span[0] + 1, hint)
    uses = {name: [*dict.fromkeys(used.name for used in names(node))] for name, node in nodes.items()}
    sorter = TopologicalSorter({name: [each for each in used if each in by_name] for name, used in uses.items()})
    try:
        order = [*sorter.static_order()]
    except CycleError as error:
        circle = error.args[1][::-1]
        problem = f"the formulas go in a circle: {' needs '.join(circle)}."
        hint = "Give one of them a value of its own."
        raise file.refuse(by_name[circle[0]].path, Problem(problem, hint)) from None
    units, found = {**drivers, YEAR: ONE}, dict[str, Formula]()
    for name in order:
        rests_on = (found[used].uses if used in found else {used} & drivers.keys() for used in uses[name])
        units[name] = _unit(by_name[name], nodes[name], units, file)
        uses_all = frozenset[str]().union(*rests_on)
        found[name] = by_name[name]._replace(node=nodes[name], unit=units[name], uses=uses_all)
    return found


@contextmanager
def _refusing(formula: Formula, file: TomlFile) -> Iterator[None]:
    try:
        yield
    except ExpressionError as error:
        problem = f"{error} (column {error.column} of {cited(formula.text)})."
        raise file.refuse(formula.path, Problem(problem, error.hint)) from None


def _unit(formula: Formula, node: Node, units: Mapping[str, Unit], file: TomlFile) -> Unit:
    """The unit of a formula, which must be the stated one where there is one."""
    with _refusing(formula, file):
        unit = unit_of(node, formula.text, units)
    if not formula.unit_text:
        return unit
    with refusing(file), at(*formula.path[:-1], "unit"):
        wanted = parse_unit(formula.unit_text)
    if unit.powers != wanted.powers:
        own = {name.name: units[name.name] for name in names(node)}
        terms = listed(f"'{name}' is in {each}" for name, each in own.items() if not each.is_plain)
        problem = f"{cited(formula.text)} gives {unit}, not {formula.unit_text}{terms and ': '}{terms}."
        hint = "Change the unit of a driver, or add one that bridges the two, such as persons per household."
        raise file.refuse(formula.path, Problem(problem, hint))
    return wanted
