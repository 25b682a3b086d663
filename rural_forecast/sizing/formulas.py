"""Units and formulas of a sizing model, which must fit each other.

A unit is a product of powers of nouns with a scale: `bn CNY`, `CNY per person and year`, `orders
per thousand households`, `share`. Every noun is a dimension of its own. `per year` changes nothing,
`per month` counts twelve times in a year. Values are computed in whole persons and yuan. Formulas
are read by Python's own parser, of whose tree only arithmetic is accepted, with its precedence;
nothing is run.

>>> users, spending = parse_unit("million persons"), parse_unit("CNY per person and year")
>>> product = users.times(spending)
>>> str(product), product.scale / parse_unit("bn CNY").scale
('CNY', 0.001)
>>> float(evaluate(parse("users * (1 - share) ** 2"), {"users": 1000.0, "share": 0.5}))
250.0
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.models.base import HUGE, Array
from rural_forecast.sizing.toml import Keys, TableError, cited, under
from rural_forecast.text.wording import listed

_NAMED_SCALES = {
    1e2: "hundred",
    1e3: "thousand k",
    1e6: "million mn m",
    1e9: "billion bn",
    1e12: "trillion tn",
}
SCALES = {name: scale for scale, names in _NAMED_SCALES.items() for name in names.split()}
_ONES = ("share", "fraction", "count", "number", "ratio", "factor", "times")
PLAIN = {"percent": 0.01, "%": 0.01} | dict.fromkeys(_ONES, 1.0)
"""Names of plain numbers, with their scale."""
TIMES_A_YEAR = {
    "year": 1.0,
    "half": 2.0,
    "quarter": 4.0,
    "month": 12.0,
    "week": 365 / 7,
    "day": 365.0,
}
_NAMES = {
    "person": "people head capita",
    "CNY": "yuan rmb cny",
    "USD": "usd dollar",
    "year": "annum",
    "half": "halve",
}
_SAME = {name: noun for noun, names in _NAMES.items() for name in names.split()}
_LARGEST = 1e24  # scales are below it
_NUMBER = re.compile(r"\d[\d_,]*(?:\.\d+)?", re.ASCII)
_WORD = re.compile(r"[^\W\d]\w*")


class Unit(NamedTuple):
    """Powers of nouns, sorted and none of them 0, and how many of them one is."""

    powers: tuple[tuple[str, int], ...]
    scale: float = 1.0

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """The product, or with -1 the quotient; with another number the product with that power."""
        powers = dict(self.powers)
        for noun, power in other.powers:
            powers[noun] = powers.get(noun, 0) + sign * power
        left = sorted((noun, power) for noun, power in powers.items() if power)
        return Unit(tuple(left), self.scale * other.scale**sign)

    def __str__(self) -> str:
        if not self.powers:
            return "a plain number"

        def written(noun: str, power: int, ending: str = "") -> str:
            word = noun if noun.isupper() or noun.endswith("s") else f"{noun}{ending}"
            return word if power == 1 else f"{word}**{power}"

        above = " times ".join(
            written(noun, power, "s") for noun, power in self.powers if power > 0
        )
        below = " and ".join(written(noun, -power) for noun, power in self.powers if power < 0)
        return f"{above or '1'} per {below}" if below else above


ONE = Unit(())


def parse_unit(text: str) -> Unit:
    """Read a unit. Raises TableError if it is not understood."""
    above, *below = re.split(r"(?:^|\s+)per\s+|\s*/\s*", text.strip())
    unit = _part(above, text) if above else ONE
    for part in below:
        for noun in re.split(r"\s+and\s+", part.strip()):
            unit = unit.times(_part(noun, text, below=True), -1)
    return unit


def _part(text: str, unit: str, *, below: bool = False) -> Unit:
    """One scaled noun, or plain number, of a unit; `below`: after `per`."""
    words = text.split()
    scale = 1.0
    while words and (_NUMBER.fullmatch(words[0]) or words[0].lower() in SCALES):
        word = words.pop(0)
        scale *= SCALES.get(word.lower()) or float(word.replace("_", "").replace(",", ""))
    first = words[0].lower() if words else ""
    if 0 < scale < _LARGEST:
        if not words and not below and scale != 1.0:
            return Unit((), scale)
        if first in PLAIN and (len(words) == 1 or words[1] in ("of", "growth", "change")):
            return Unit((), scale * PLAIN[first])
        if len(words) == 1 and _WORD.fullmatch(words[0]):
            noun = _singular(words[0])
            if noun in TIMES_A_YEAR:
                return Unit((), scale / TIMES_A_YEAR[noun])
            return Unit(((noun, 1),), scale)
    example = "_".join(words) or "persons"
    raise TableError(
        f"the unit '{unit}' does not name one thing that is counted, at a scale above 0.",
        f"Write one word, such as {example}, after a scale such as million.",
    )


def _singular(word: str) -> str:
    """The name under which a noun counts: singular, and in capitals only where all of it is."""
    lower = word.lower()
    if len(lower) > 3 and not lower.endswith(("ss", "us")):
        if lower.endswith("ies"):
            lower = re.sub(r"ies$", "y", lower)
        else:
            lower = re.sub(r"(?<=ss)es$|s$", "", lower)
    return _SAME.get(lower, word if word.isupper() else lower)


YEAR = "year"  # the name of the year in every formula
FUNCTIONS = ("min", "max")
HIGHEST_POWER = 9
LONGEST = 2_000  # characters
DEEPEST = 100
"""Levels of nesting, of which every sign of a sum is one: no text may exhaust the stack."""
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")


def _power(base: Array | float, exponent: Array | float) -> Array | float:
    """A power, NaN where one of the two is: NumPy's `NaN ** 0` and `1 ** NaN` are 1."""
    has_none = np.isnan(base) | np.isnan(exponent)
    power: Array = np.where(has_none, np.nan, np.power(base, exponent))
    return power[()]


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "min": np.minimum,
    "max": np.maximum,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": _power,  # NaN where Python's would give a complex number
}
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


class Node(NamedTuple):
    """A number, a name, or a sign or function with its terms."""

    sign: str
    """`number`, `name`, a sign between two terms, `neg` for a minus before one, or a function."""
    text: str = ""  # as in the formula
    terms: tuple[Node, ...] = ()
    value: float = 0.0


class Formula(NamedTuple):
    """A driver or stage that is a formula of others; `resolve` fills the last three fields."""

    name: str
    text: str
    path: Keys  # keys of the formula in the file
    unit_text: str  # empty if the unit follows from the formula
    source: str = ""
    assumption: bool = False
    note: str = ""
    title: str = ""
    node: Node = Node("number")
    unit: Unit = ONE
    uses: frozenset[str] = frozenset()
    """drivers with values of their own that it rests on, in the end."""


def parse(text: str) -> Node:
    """Read a formula. Raises TableError if it is none, or too long."""
    if len(text) > LONGEST:
        raise TableError(
            f"the formula has more than {LONGEST:,} characters.", "Name parts of it in drivers."
        )
    start = len(text) - len(text.lstrip())
    # Names in place of words, so that none is a keyword of Python, and columns stay.
    plain = _NAME.sub(lambda word: "_" * len(word[0]), re.sub(r"\s", " ", text))
    try:
        with warnings.catch_warnings(action="error"):
            tree = ast.parse(plain.strip(), mode="eval")
    # ValueError: a number of too many digits.
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = start + (getattr(error, "offset", 0) or len(text) + 1 - start)
        raise TableError(
            f"{cited(text)} cannot be read from column {min(column, len(text) + 1)} on.",
            "A power is written **, and 60 % as 0.6.",
        ) from None
    if "#" in text:
        raise TableError(
            f"{cited(text)} has a #.", "Write remarks outside of the formula, or as its note."
        )
    return _node(tree.body, text, start, 1)


def _node(tree: ast.expr, text: str, start: int, depth: int) -> Node:
    """Python's tree as a formula; `start`: the index of its first character in the text."""

    def text_of(part: ast.expr) -> str:
        return text[start + part.col_offset : start + (part.end_col_offset or 0)]

    def nodes(*terms: ast.expr) -> tuple[Node, ...]:
        return tuple(_node(term, text, start, depth + 1) for term in terms)

    own = text_of(tree)
    if depth > DEEPEST:
        raise TableError(
            f"the formula has more than {DEEPEST} signs or levels.", "Name parts of it in drivers."
        )
    match tree:
        case ast.Constant(value=int() | float() as value) if value < HUGE and not isinstance(
            value, bool
        ):
            return Node("number", own, value=float(value))
        case ast.Name():
            return Node("name", own)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Node("neg", own, nodes(operand))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return nodes(operand)[0]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return Node(_OPERATORS[type(sign)], own, nodes(left, right))
        case ast.Call(func=ast.Name() as function, args=[_, _, *_] as terms, keywords=[]):
            if text_of(function) in FUNCTIONS:
                return Node(text_of(function), own, nodes(*terms))
    raise TableError(
        f"{cited(own)} is not arithmetic.",
        "Write numbers, names, + - * / **, and min and max of two terms or more; a power is **, "
        "and 60 % is 0.6.",
    )


def names(node: Node) -> Iterator[str]:
    """The names of a formula in the order of the text, each as often as it is used."""
    if node.sign == "name":
        yield node.text
    for term in node.terms:
        yield from names(term)


def evaluate(node: Node, values: Mapping[str, Array | float]) -> Array | float:
    """The value of a formula for numbers or arrays by name.

    A step that gives no finite number, such as a division by zero, gives NaN and no error. So does
    the whole formula: no later step, such as `min`, may hide it.
    """
    try:
        # The processor says for nothing that a step failed; a look at every value takes its time.
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            return _evaluated(node, values)
    except FloatingPointError:
        with np.errstate(all="ignore"):
            return _evaluated(node, values, look=True)


def _evaluated(
    node: Node, values: Mapping[str, Array | float], *, look: bool = False
) -> Array | float:
    """As `evaluate`; with `look` every step is looked at for values that are not finite."""
    if not node.terms:
        return values[node.text] if node.sign == "name" else node.value
    terms = [_evaluated(term, values, look=look) for term in node.terms]
    if node.sign == "neg":
        return -terms[0]
    value: Array | float = reduce(_SIGNS[node.sign], terms)
    if look:
        value = np.where(np.isfinite(value), value, np.nan)[()]
    return value


class FailedStep(NamedTuple):
    """A step of a formula that gives no finite number, though its terms do."""

    node: Node
    why: str  # a verb and its object
    hint: str
    draws: int  # in which it fails


def failed_step(node: Node, values: Mapping[str, Array | float]) -> FailedStep | None:
    """The first step of a formula, in the order of its text, that gives no finite number."""
    for term in node.terms:
        step = failed_step(term, values)
        if step is not None:
            return step
    failed = np.isnan(evaluate(node, values))
    if not np.any(failed):
        return None
    why = "is too large"
    hint = "Write it in a larger unit."
    if node.sign in ("/", "**"):
        first, second = node.terms
        divisor = first if node.sign == "**" else second
        is_zero = failed & np.equal(evaluate(divisor, values), 0)
        if np.any(is_zero):
            why = "divides by zero"
            hint = f"Choose drivers that keep {cited(divisor.text)} from 0."
            failed = is_zero
        elif node.sign == "**" and np.any(np.less(evaluate(first, values), 0)):
            why = "raises a negative number to a fraction"
            hint = f"Choose drivers that keep {cited(first.text)} from going below 0."
    return FailedStep(node, why, hint, int(np.sum(failed)))


def in_spreadsheets(node: Node, formulas: Mapping[str, Node]) -> str:
    """A formula as spreadsheets write it, with names in braces, or the formulas of these names.

    Signs have parentheses: spreadsheets read -a^2 as (-a)^2.

    >>> in_spreadsheets(parse("-a ** 2 + min(b, c)"), {"c": parse("a / 3")})
    '((-({a}^2))+MIN({b},({a}/3)))'
    """
    if node.sign == "number":
        return f"{node.value:.17g}"
    if node.sign == "name":
        if node.text in formulas:
            return in_spreadsheets(formulas[node.text], formulas)
        return f"{{{node.text}}}"
    terms = [in_spreadsheets(term, formulas) for term in node.terms]
    if node.sign in FUNCTIONS:
        return f"{node.sign.upper()}({','.join(terms)})"
    if node.sign == "neg":
        return f"(-{terms[0]})"
    sign = "^" if node.sign == "**" else node.sign
    return f"({sign.join(terms)})"


def unit_of(node: Node, units: Mapping[str, Unit]) -> Unit:
    """The unit of a formula's value, at scale 1. Raises TableError where units do not fit."""
    if not node.terms:
        return ONE if node.sign == "number" else units[node.text]._replace(scale=1.0)
    first, *others = (unit_of(term, units) for term in node.terms)
    if node.sign == "neg":
        return first
    if node.sign in ("*", "/"):
        return first.times(others[0], 1 if node.sign == "*" else -1)
    if node.sign == "**":
        return _unit_of_power(node, first, others[0])
    for term, unit in zip(node.terms[1:], others, strict=True):
        if unit.powers != first.powers:
            problem = f"'{term.text}' is {unit} and '{node.terms[0].text}' is {first}"
            raise TableError(f"{problem}, which no '{node.sign}' can join.")
    return first


def _unit_of_power(node: Node, base: Unit, exponent: Unit) -> Unit:
    """The unit of a power. Raises TableError unless it is a whole one, or has no units at all."""
    term, power = node.terms
    sign = 1
    whole = power
    if power.sign == "neg":
        sign = -1
        whole = power.terms[0]
    if not base.powers and not exponent.powers:
        return ONE
    if whole.sign == "number" and whole.value == int(whole.value) <= HIGHEST_POWER:
        return ONE.times(base, sign * int(whole.value))
    raise TableError(
        f"'{term.text}' is {base}, and the power '{power.text}' is {exponent}.",
        f"Raise what has a unit to a whole power up to {HIGHEST_POWER}.",
    )


def resolve(formulas: Iterable[Formula], drivers: Mapping[str, Unit]) -> dict[str, Formula]:
    """Formulas by name, each after those that it uses, with their nodes, units and uses.

    `drivers`: the units of those with values of their own. Raises TableError for a formula that
    cannot be read, uses an unknown name, rests on itself, or joins units that do not fit.
    """
    by_name = {formula.name: formula for formula in formulas}
    names_in_file = (*drivers, *by_name, YEAR)
    used_names = dict[str, list[str]]()
    for name, formula in by_name.items():
        with under(*formula.path):
            by_name[name] = formula._replace(node=parse(formula.text))
            used_names[name] = [*dict.fromkeys(names(by_name[name].node))]
            _require_names(formula, used_names[name], names_in_file)

    units = {**drivers, YEAR: ONE}
    resolved = dict[str, Formula]()
    for name in _in_order(by_name, used_names):
        uses = set[str]()
        for used in used_names[name]:
            if used in resolved:
                uses |= resolved[used].uses
            elif used in drivers:
                uses.add(used)
        units[name] = _checked_unit(by_name[name], units)
        resolved[name] = by_name[name]._replace(unit=units[name], uses=frozenset(uses))
    return resolved


def _require_names(formula: Formula, used: Iterable[str], names_in_file: Sequence[str]) -> None:
    for name in used:
        if name not in names_in_file:
            close = get_close_matches(name, names_in_file, n=1, cutoff=0.6)
            hint = f"Did you mean {close[0]}?" if close else f"Add a table [drivers.{name}]."
            raise TableError(f"{cited(formula.text)}: there is no driver '{name}'.", hint)


def _in_order(by_name: Mapping[str, Formula], used_names: Mapping[str, list[str]]) -> list[str]:
    """The names of formulas, each after those that it uses. Raises TableError for a circle."""
    links = {}
    for name, used in used_names.items():
        links[name] = [other for other in used if other in by_name]
    try:
        return [*TopologicalSorter(links).static_order()]
    except CycleError as error:
        circle = error.args[1][::-1]
        raise TableError(
            f"the formulas go in a circle: {' needs '.join(circle)}.",
            "Give one of them a value of its own.",
            by_name[circle[0]].path,
        ) from None


def _checked_unit(formula: Formula, units: Mapping[str, Unit]) -> Unit:
    """The unit of a formula, which must be the stated one where there is one."""
    with under(*formula.path):
        unit = unit_of(formula.node, units)
    if not formula.unit_text:
        return unit
    with under(*formula.path[:-1], "unit"):
        wanted = parse_unit(formula.unit_text)
    if unit.powers == wanted.powers:
        return wanted
    with_unit = [name for name in dict.fromkeys(names(formula.node)) if units[name].powers]
    terms = listed(f"'{name}' is in {units[name]}" for name in with_unit)
    because = f": {terms}" if terms else ""
    raise TableError(
        f"{cited(formula.text)} gives {unit}, not {formula.unit_text}{because}.",
        "Add a driver that bridges the two, such as persons per household.",
        formula.path,
    )
