"""A revision: the steps from a kept answer to a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.record.kept import Record

Kind = Literal["kept", "release", "history", "basis", "point", "option"]


class NewBasis(NamedTuple):
    """The first year on a new basis, and how the level of the year before it moves."""

    year: int
    before: int
    as_was: float
    ratio: float

    @property
    def level(self) -> float:
        """The level of the year before, on the new basis."""
        return self.as_was * self.ratio


class Step(NamedTuple):
    """The answer after one change, with its 80 % range if the record has it and no statement fixes
    the year.
    """

    kind: Kind
    name: str  # `kept`, `release`, `history`, the period of a new point, or the name of an option
    value: float
    lower: float | None
    upper: float | None
    change: float  # from the step before; 0 for the first
    detail: str = ""
    came: float = 0.0
    expected: float | None = None  # the forecast of that year by the step before
    basis: NewBasis | None = None  # of such a step

    @property
    def is_part_of_year(self) -> bool:
        """True for the value of a part of a year, such as a month."""
        return self.kind == "point" and not self.name.isdigit()


@dataclass(frozen=True, slots=True, eq=False)
class Revision(Comparable):
    """Two answers for one year, and the steps between them: the first is the kept forecast, the
    last the newest.
    """

    series: Series
    year: int
    steps: tuple[Step, ...]
    old: Record
    new: Record | None  # none where the newer answer is that of a source
    origins: tuple[int, int]  # last years known to the two
    notes: tuple[Note, ...] = ()
    newer: Series | None = None  # with the values of the newer answer, where they are known

    def __repr__(self) -> str:
        moved = f"{self.change:,.4g} {self.series.unit}"
        return f"<Revision of {self.series.id}: {self.year} moved by {moved}>"

    @property
    def change(self) -> float:
        """The whole change."""
        return self.steps[-1].value - self.steps[0].value
