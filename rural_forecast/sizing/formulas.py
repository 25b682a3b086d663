"""The formulas of a model: read, put in the order in which they can be worked out, and their units checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.sizing.driver_table import Derived
from rural_forecast.sizing.expression import ExpressionError, Node, names, parse
from rural_forecast.sizing.units import ONE, Unit, parse_unit
from rural_forecast.toml.file import TomlFile
from rural_forecast.toml.table import at, refusing

HIGHEST_POWER = 9


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
            fields = {"term": other, "unit": unit, "first": first, "first_unit": terms[0], "sign": node.sign}
            raise ExpressionError("units_differ", term.span[0] + 1, **fields)
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
        raise ExpressionError("power_with_unit", term.span[0] + 1, term=written(term, text), unit=exponent)
    if base.is_plain:
        return ONE
    sign, inner = (-1, term.terms[0]) if term.sign == "neg" else (1, term)
    if inner.sign != "number" or inner.value != int(inner.value) or inner.value > HIGHEST_POWER:
        fields = {"term": written(node.terms[0], text), "unit": base, "most": HIGHEST_POWER}
        raise ExpressionError("power_not_whole", term.span[0] + 1, **fields)
    return base.power(sign * int(inner.value))


YEAR = "year"
"""The name of the year in every formula."""


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
    nodes = {}
    for name, formula in by_name.items():
        with _refusing(formula, file):
            nodes[name] = parse(formula.text)
    known = (*drivers, *by_name, YEAR)
    uses = {name: {used.name: used.span[0] + 1 for used in reversed([*names(node)])} for name, node in nodes.items()}
    for name, columns in uses.items():
        for used in sorted(columns.keys() - {*known}, key=columns.__getitem__):
            where = {"column": columns[used], "formula": by_name[name].text}
            raise file.refuse(by_name[name].path, Problem("no_such_driver", name=used, known=known, **where))
    units = {**drivers, YEAR: ONE}
    formulas: dict[str, Formula] = {}
    for name in _ordered(by_name, uses, file):
        rests_on = (formulas[used].uses if used in formulas else {used} & drivers.keys() for used in uses[name])
        units[name] = _checked(by_name[name], nodes[name], units, file)
        formulas[name] = Formula(by_name[name], nodes[name], units[name], frozenset[str]().union(*rests_on))
    return formulas


@contextmanager
def _refusing(formula: Derived, file: TomlFile) -> Iterator[None]:
    """Turn what is wrong with a formula into an error that names its place."""
    try:
        yield
    except ExpressionError as error:
        raise file.refuse(formula.path, "in_formula", cause=error, column=error.column, formula=formula.text) from None


def _ordered(by_name: Mapping[str, Derived], uses: Mapping[str, Iterable[str]], file: TomlFile) -> list[str]:
    """Names so that each comes after those it uses.

    Raises InputError if formulas use each other in a circle, which the message shows.
    """
    needs = {name: [used for used in used_names if used in by_name] for name, used_names in uses.items()}
    try:
        return [*TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = error.args[1][::-1]
        raise file.refuse(by_name[circle[0]].path, "formulas_in_circle", names=circle) from None


def _checked(formula: Derived, node: Node, units: Mapping[str, Unit], file: TomlFile) -> Unit:
    """The unit of a formula, which must be the stated one where there is one."""
    with _refusing(formula, file):
        unit = unit_of(node, formula.text, units)
    if not formula.unit_text:
        return unit
    with refusing(file), at(*formula.path[:-1], "unit"):
        wanted = parse_unit(formula.unit_text)
    if unit.powers != wanted.powers:
        terms = misfit(node, units, unit, wanted)
        problem = Problem("wrong_unit", formula=formula.text, unit=unit, wanted=formula.unit_text, terms=terms)
        raise file.refuse(formula.path, problem)
    return wanted
