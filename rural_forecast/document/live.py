"""What a workbook keeps alive: change an input, and the results of a model, or the wholes of a tree, follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Input:
    """A driver with the ends of its interval."""

    name: str
    unit: str
    ends: tuple[float, float, float]
    """Low, base and high."""
    scale: float
    """What one of its unit is in the plain units in which formulas are worked out: 1e6 of a million."""
    results: tuple[float, float]
    """The last result with this input low and high, all others at their base."""
    basis: str = ""
    """What it rests on."""


@dataclass(frozen=True, slots=True)
class Result:
    """A stage."""

    name: str
    unit: str
    formula: str
    """As spreadsheets write it, of inputs in braces: `MIN({users},{people})*{share}`."""
    scale: float
    values: tuple[float, ...]
    """With all inputs low, at their base and high."""
    text: str = ""
    """As its author wrote it."""


@dataclass(frozen=True, slots=True)
class Live:
    """Inputs and results of one year; the last result is the one that the inputs are compared by."""

    year: int
    level: int
    """Of the intervals, in whole percents."""
    inputs: tuple[Input, ...]
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree, over all its years."""

    name: str
    depth: int
    parts: tuple[int, ...]
    """Places of its parts among the nodes; none of a leaf."""
    values: tuple[float | None, ...]
    given: bool
    """Whether its history is its own, and not the sum of its parts."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes over years, each after its whole and before the next part of that whole."""

    years: tuple[int, ...]
    origin: int
    """The last year of history."""
    unit: str
    nodes: tuple[Node, ...]
