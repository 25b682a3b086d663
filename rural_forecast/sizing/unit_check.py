"""Whether the units of a formula fit, and which term does not."""

from __future__ import annotations

from collections.abc import Mapping

from rural_forecast.sizing.expression import FUNCTIONS, ExpressionError, Name, Node, Number, Operation, names
from rural_forecast.sizing.units import ONE, Unit

HIGHEST_POWER = 9


def unit_of(node: Node, text: str, units: Mapping[str, Unit]) -> Unit:
    """The unit of a formula's value, at scale 1: values are computed in whole persons and yuan.

    `text`: the formula as written, to name the term that does not fit. `units`: by name; every name of the formula is
    there. Raises ExpressionError: terms of a sum differ, or a power has a unit.
    """
    if isinstance(node, Number):
        return ONE
    if isinstance(node, Name):
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
            doing = f"in one {node.sign}" if node.sign in FUNCTIONS else f"on both sides of '{node.sign}'"
            raise ExpressionError(
                f"'{written(term, text)}' is {unit} and '{written(node.terms[0], text)}' is {terms[0]}, which cannot "
                f"be {doing}",
                term.span[0] + 1,
            )
    return terms[0]


def written(node: Node, text: str) -> str:
    """A term as in the text."""
    return text[node.span[0] : node.span[1]]


def misfit(node: Node, units: Mapping[str, Unit], actual: Unit, wanted: Unit) -> str:
    """Which names bring what a result has too much or lack what it has too little, in words; empty for plain ones."""
    over = dict(actual.times(wanted, -1).powers)
    names_in_unit = []
    for name in dict.fromkeys(used.name for used in names(node)):
        brings = [noun for noun, power in units[name].powers if noun in over and power * over[noun] > 0]
        if brings:
            names_in_unit.append(f"'{name}' is in {units[name]}")
    return " and ".join(names_in_unit)


def _power(node: Operation, text: str, base: Unit, exponent: Unit) -> Unit:
    term = node.terms[1]
    if not exponent.is_plain:
        raise ExpressionError(f"the power '{written(term, text)}' is {exponent}, not a plain number", term.span[0] + 1)
    if base.is_plain:
        return ONE
    sign, inner = (-1, term.terms[0]) if isinstance(term, Operation) and term.sign == "neg" else (1, term)
    if not isinstance(inner, Number) or inner.value != int(inner.value) or inner.value > HIGHEST_POWER:
        raise ExpressionError(
            f"'{written(node.terms[0], text)}' is {base}, which only a whole power up to {HIGHEST_POWER} can raise",
            term.span[0] + 1,
        )
    return base.power(sign * int(inner.value))
