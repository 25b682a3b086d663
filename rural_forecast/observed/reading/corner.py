"""Finds the measure in the corner of a table: above its labels, and beside its periods.

`Sales (EUR m)` there says what all values of the table are. The head of labels is else their own
name, such as `Country (code)`: it names a measure only if it states a unit beyond doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rural_forecast.observed.reading.codes import holds_numbers
from rural_forecast.observed.reading.names import names_place, single_spaced, unit_in
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.units import of_title
from rural_forecast.text.cells import expression

_OF_LABELS = expression(
    r"(?i)(?:products?|items?|categor(?:y|ies)|sectors?|industr(?:y|ies)|branch(?:es)?|segments?"
    r"|groups?|types?|kinds?|series|indicators?|variables?|names?|descriptions?|brands?"
    r"|compan(?:y|ies)|commodit(?:y|ies)|crops?|species)"
)


class CornerMeasure(NamedTuple):
    """The measure of all values of a table and its unit; two empty texts for none."""

    name: str
    unit: str


def measure_in_corner(table: PeriodTable, label_columns: Iterable[int]) -> CornerMeasure:
    """Find the measure that the head of a column of labels names."""
    if table.across:
        for column in label_columns:
            head = single_spaced(table.names[column])
            unit = _unit_of(head)
            # A column of numbers has a unit of its own, such as `Area (thousand km2)`.
            if unit and not holds_numbers(table.label(column)):
                return CornerMeasure(_without(head, unit), unit)
    return CornerMeasure("", "")


def _unit_of(head: str) -> str:
    return of_title([head], "") or of_title([unit_in(head)], "")


def _without(head: str, unit: str) -> str:
    """Take a unit off a head, with the sign or the word before it; empty for a name of labels."""
    before, _, _ = head.partition(unit)
    name = re.sub(r"(?i)(?:[\s,;:(\[]|\bin\b)+$", "", before)
    return "" if names_place(name) or _OF_LABELS.fullmatch(name) else name
