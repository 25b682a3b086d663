"""The model of a sizing as live formulas of a workbook: change an input, and the results follow."""

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
    """One of its unit in the plain units of formulas: 1e6 of a million."""
    results: tuple[float, float]
    """The last result with this input low and high, all others at their base."""
    basis: str = ""
    """The evidence for it."""


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
