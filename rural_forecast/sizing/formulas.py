"""The formulas of a model, read, put in the order in which they can be worked out, and checked for their units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rural_forecast.errors import InputError
from rural_forecast.sizing.driver_table import Derived
from rural_forecast.sizing.expression import ExpressionError, Node, names, parse
from rural_forecast.sizing.unit_check import misfit, unit_of
from rural_forecast.sizing.units import ONE, Unit, parse_unit
from rural_forecast.toml.file import TomlFile

YEAR = "year"
"""The name of the year in every formula."""


class Formula(NamedTuple):
    """One formula with its unit."""

    given: Derived
    node: Node
    unit: Unit
    uses: frozenset[str]
    """Drivers with values of their own that it rests on, directly or through other formulas."""

    @property
    def name(self) -> str:
        """The driver or stage it gives."""
        return self.given.name


def resolve(given: Iterable[Derived], drivers: Mapping[str, Unit], file: TomlFile) -> dict[str, Formula]:
    """Formulas by name, each after those that it uses.

    Parameters
    ----------
    drivers : units of the drivers that have values of their own

    Raises
    ------
    InputError : a formula cannot be read, names something that is not there, goes in a circle or its units do not fit
    """
    by_name = {one.name: one for one in given}
    nodes = {one.name: _parsed(one, file) for one in by_name.values()}
    known = (*drivers, *by_name, YEAR)
    for name, node in nodes.items():
        for used in names(node):
            if used.name not in known:
                raise _unknown(by_name[name], used.name, used.span[0] + 1, known, file)
    units = {**drivers, YEAR: ONE}
    found: dict[str, Formula] = {}
    for name in _ordered(by_name, nodes, file):
        used_names = dict.fromkeys(one.name for one in names(nodes[name]))
        uses = {one for one in used_names if one in drivers}.union(
            *(found[one].uses for one in used_names if one in found)
        )
        units[name] = _checked(by_name[name], nodes[name], units, file)
        found[name] = Formula(by_name[name], nodes[name], units[name], frozenset(uses))
    return found


def _parsed(given: Derived, file: TomlFile) -> Node:
    try:
        return parse(given.text)
    except ExpressionError as error:
        raise _refuse(given, error, file) from None


def _refuse(given: Derived, error: ExpressionError, file: TomlFile) -> InputError:
    return file.refuse(given.path, f"{error.message} (column {error.column} of '{_short(given.text)}')")


def _short(text: str) -> str:
    return text if len(text) <= 100 else text[:97] + "..."


def _unknown(given: Derived, name: str, column: int, known: tuple[str, ...], file: TomlFile) -> InputError:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}?" if close else f"Add a table [drivers.{name}]."
    sentence = f"there is no driver '{name}' (column {column} of '{_short(given.text)}')"
    return file.refuse(given.path, sentence, hint)


def _ordered(by_name: Mapping[str, Derived], nodes: Mapping[str, Node], file: TomlFile) -> list[str]:
    """Names so that each comes after those it uses.

    Raises
    ------
    InputError : formulas use each other in a circle, which the message shows
    """
    needs = {name: [one.name for one in names(node) if one.name in nodes] for name, node in nodes.items()}
    ready: list[str] = []
    while len(ready) < len(needs):
        free = [name for name in needs if name not in ready and all(one in ready for one in needs[name])]
        if not free:
            raise _circle(by_name, needs, ready, file)
        ready += free
    return ready


def _circle(
    by_name: Mapping[str, Derived], needs: Mapping[str, list[str]], ready: list[str], file: TomlFile
) -> InputError:
    walked = [next(name for name in needs if name not in ready)]
    while walked.count(walked[-1]) == 1:
        walked.append(next(one for one in needs[walked[-1]] if one not in ready))
    circle = walked[walked.index(walked[-1]) :]
    return file.refuse(
        by_name[circle[0]].path,
        f"the formulas go in a circle: {' needs '.join(circle)}",
        "Give one of them a value of its own.",
    )


def _checked(given: Derived, node: Node, units: Mapping[str, Unit], file: TomlFile) -> Unit:
    """The unit of a formula, which must be the stated one where there is one."""
    try:
        unit = unit_of(node, given.text, units)
    except ExpressionError as error:
        raise _refuse(given, error, file) from None
    if not given.unit_text:
        return unit
    try:
        wanted = parse_unit(given.unit_text)
    except ValueError as error:
        raise file.refuse((*given.path[:-1], "unit"), str(error)) from None
    if unit.powers != wanted.powers:
        terms = misfit(node, units, unit, wanted)
        because = f": {terms}" if terms else ""
        raise file.refuse(
            given.path,
            f"'{_short(given.text)}' gives {unit}, not {given.unit_text}{because}",
            "Change the unit of that driver, or add a driver that bridges the two, such as persons per household.",
        )
    return wanted
