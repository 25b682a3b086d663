"""The formulas of a model: read, put in the order in which they can be worked out, and their units checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.sizing.expression import ExpressionError, Node, names, parse
from rural_forecast.sizing.toml import Keys, TomlFile, at, cited, refusing
from rural_forecast.sizing.units import ONE, Unit, parse_unit

HIGHEST_POWER = 9
YEAR = "year"
"""The name of the year in every formula."""


class Derived(NamedTuple):
    """A driver or stage that is a formula of others."""

    name: str
    text: str
    path: Keys
    """Place of the formula in the file."""
    unit_text: str
    """Empty if the unit follows from the formula."""
    source: str = ""
    assumption: bool = False
    note: str = ""


def unit_of(node: Node, text: str, units: Mapping[str, Unit]) -> Unit:
    """The unit of a formula's value, at scale 1: values are computed in whole persons and yuan.

    `text`: the formula as written, to name the term that does not fit. `units`: by name; every name of the formula is
    there. Raises ExpressionError where terms of a sum differ, or a power has a unit.
    """
    if node.sign == "number":
        return ONE
    if node.sign == "name":
        return units[node.name]._replace(scale=1.0)
    terms = [unit_of(term, text, units) for term in node.terms]
    if node.sign == "neg":
        return terms[0]
    if node.sign == "**":
        return _power(node, text, *terms)
    if node.sign in ("*", "/"):
        return terms[0].times(terms[1], 1 if node.sign == "*" else -1)
    for term, unit in zip(node.terms[1:], terms[1:], strict=True):
        if unit.powers != terms[0].powers:
            first, other = written(node.terms[0], text), written(term, text)
            doing = f"in one {node.sign}" if node.sign.isalpha() else f"on both sides of '{node.sign}'"
            problem = f"'{other}' is {unit} and '{first}' is {terms[0]}, which cannot be {doing}"
            raise ExpressionError(problem, term.span[0] + 1)
    return terms[0]


def written(node: Node, text: str) -> str:
    """A term as in the text."""
    return text[node.span[0] : node.span[1]]


def misfit(node: Node, units: Mapping[str, Unit], actual: Unit, wanted: Unit) -> dict[str, Unit]:
    """The names that bring what a result has too much, or lack what it has too little, with their units."""
    over = dict(actual.times(wanted, -1).powers)
    used = {name.name: units[name.name] for name in names(node)}
    return {
        name: unit for name, unit in used.items() if any(power * over.get(noun, 0) > 0 for noun, power in unit.powers)
    }


def _power(node: Node, text: str, base: Unit, exponent: Unit) -> Unit:
    term = node.terms[1]
    if not exponent.is_plain:
        problem = f"the power '{written(term, text)}' is {exponent}, not a plain number"
        raise ExpressionError(problem, term.span[0] + 1)
    if base.is_plain:
        return ONE
    sign, inner = (-1, term.terms[0]) if term.sign == "neg" else (1, term)
    if inner.sign != "number" or inner.value != int(inner.value) or inner.value > HIGHEST_POWER:
        limit = f"only a whole power up to {HIGHEST_POWER} can raise"
        raise ExpressionError(f"'{written(node.terms[0], text)}' is {base}, which {limit}", term.span[0] + 1)
    return base.power(sign * int(inner.value))


class Formula(NamedTuple):
    """One formula with its unit."""

    derived: Derived
    node: Node
    unit: Unit
    uses: frozenset[str]
    """Drivers with values of their own that it rests on, directly or through other formulas."""

    @property
    def name(self) -> str:
        """The driver or stage it gives."""
        return self.derived.name


def resolve(derived: Iterable[Derived], drivers: Mapping[str, Unit], file: TomlFile) -> dict[str, Formula]:
    """Formulas by name, each after those that it uses.

    `drivers`: units of the drivers that have values of their own. Raises InputError if a formula cannot be read, names
    something that is not there, goes in a circle or its units do not fit.
    """
    by_name = {formula.name: formula for formula in derived}
    known, nodes = (*drivers, *by_name, YEAR), {}
    for name, formula in by_name.items():
        with _refusing(formula, file):
            nodes[name] = parse(formula.text)
            for used in names(nodes[name]):
                if used.name not in known:
                    close = get_close_matches(used.name, known, n=1, cutoff=0.6)
                    hint = f"Did you mean {close[0]}?" if close else f"Add a table [drivers.{used.name}]."
                    raise ExpressionError(f"there is no driver '{used.name}'", used.span[0] + 1, hint)
    uses = {name: {used.name: None for used in names(node)} for name, node in nodes.items()}
    try:
        order = [
            *TopologicalSorter({name: [used for used in uses[name] if used in by_name] for name in uses}).static_order()
        ]
    except CycleError as error:
        circle = error.args[1][::-1]
        problem = Problem(
            f"the formulas go in a circle: {' needs '.join(circle)}.", "Give one of them a value of its own."
        )
        raise file.refuse(by_name[circle[0]].path, problem) from None
    units = {**drivers, YEAR: ONE}
    formulas: dict[str, Formula] = {}
    for name in order:
        rests_on = (formulas[used].uses if used in formulas else {used} & drivers.keys() for used in uses[name])
        units[name] = _checked(by_name[name], nodes[name], units, file)
        formulas[name] = Formula(by_name[name], nodes[name], units[name], frozenset[str]().union(*rests_on))
    return formulas


@contextmanager
def _refusing(formula: Derived, file: TomlFile) -> Iterator[None]:
    try:
        yield
    except ExpressionError as error:
        problem = f"{error} (column {error.column} of {cited(formula.text)})."
        raise file.refuse(formula.path, Problem(problem, error.hint)) from None


def _checked(formula: Derived, node: Node, units: Mapping[str, Unit], file: TomlFile) -> Unit:
    """The unit of a formula, which must be the stated one where there is one."""
    with _refusing(formula, file):
        unit = unit_of(node, formula.text, units)
    if not formula.unit_text:
        return unit
    with refusing(file), at(*formula.path[:-1], "unit"):
        wanted = parse_unit(formula.unit_text)
    if unit.powers != wanted.powers:
        terms = " and ".join(f"'{name}' is in {own}" for name, own in misfit(node, units, unit, wanted).items())
        problem = f"{cited(formula.text)} gives {unit}, not {formula.unit_text}{terms and ': '}{terms}."
        hint = "Change the unit of that driver, or add a driver that bridges the two, such as persons per household."
        raise file.refuse(formula.path, Problem(problem, hint))
    return wanted
