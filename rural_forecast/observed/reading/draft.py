"""A series while it is read: its points, and the statements of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rural_forecast.observed.observation import Observation
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.schema import AGREED


class Point(NamedTuple):
    """An observation, its period as it is written, and its index among the values."""

    observed: Observation
    head: Head
    value_index: int
    stated: bool  # its row states its status


@dataclass
class Draft:
    """A series as far as it is read."""

    name: str
    points: list[Point] = field(default_factory=list)
    growth: list[Observation] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=lambda: dict.fromkeys(AGREED, ""))
    first: dict[Any, Observation] = field(default_factory=dict)  # by period, source and author
    breaks: set[int] = field(default_factory=set)  # first years on a new basis, by flags
