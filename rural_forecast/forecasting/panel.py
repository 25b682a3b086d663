"""Series of different length as flat arrays and offsets, those that are refused, and what is asked
of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np

from rural_forecast.errors import RuralForecastError, UsageError
from rural_forecast.forecasting import question as asking
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.leaders import Leader
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.models.base import Array, Integers, Model
from rural_forecast.notes import Note
from rural_forecast.series.period import LAST_YEAR

if TYPE_CHECKING:
    from rural_forecast.series.preference import PublishedForecast

CONSENSUS = "consensus"


class Refusal(NamedTuple):
    """A series that is not forecast, and why: the error, as for a series alone."""

    series_id: str
    error: RuralForecastError

    @property
    def line(self) -> int:
        """Line or row of the input, from 1; 0 where none is to blame."""
        return self.error.place.line

    @property
    def reason(self) -> str:
        """Why, in words; the line is left out."""
        why = self.error.problem if self.line else self.error.message
        hint = self.error.hint
        return f"{why.rstrip('.')}. {hint}" if hint else why


def refusal_of(name: str, error: RuralForecastError) -> Refusal:
    """A series whose error was caught; its traceback would keep a whole block of rows in memory."""
    error.__traceback__ = error.__context__ = None
    return Refusal(name, error)


class Panel(NamedTuple):
    """Series without gaps: series i has `values[offsets[i]:offsets[i + 1]]`, its last year is
    `origins[i]`.
    """

    ids: Sequence[str]
    offsets: Integers
    values: Array
    origins: Integers
    units: Sequence[str]
    published: Mapping[str, Sequence[PublishedForecast]] = {}  # by id, as all that follows
    wholes: Mapping[str, float] = {}  # the most that a rate can be
    doubts: Mapping[str, Note] = {}  # findings of the check on the values used, jumps excepted
    kinds: Mapping[str, str] = {}
    within: Mapping[str, str] = {}  # the id of the total that it is a part of
    totals: Panel | None = None

    def series(self, place: int) -> tuple[str, int, Array]:
        """The id, the first year and the values of a series."""
        start, end = self.offsets[place : place + 2].tolist()
        return self.ids[place], int(self.origins[place]) + 1 - end + start, self.values[start:end]

    def with_totals(self) -> Panel:
        """The same with its totals, which are series of it."""
        named = {*self.within.values()}
        places = [place for place, name in enumerate(self.ids if named else ()) if name in named]
        return self._replace(
            totals=self.select(np.array(places, dtype=np.int64))._replace(totals=None)
        )

    @property
    def years(self) -> Integers:
        """The year of each value."""
        return np.asarray(
            np.arange(len(self.values))
            + np.repeat(self.origins + 1 - self.offsets[1:], self.lengths)
        )

    @property
    def lengths(self) -> Integers:
        """Points of each series."""
        return np.diff(self.offsets)

    def select(self, chosen: Integers) -> Panel:
        """The series at these places, in this order."""
        ids = [self.ids[place] for place in chosen]
        by_id: Any = (
            {name: known[name] for name in ids if name in known} if known else known
            for known in self[5:-1]
        )
        offsets, at = _stretches(self.offsets[chosen], self.lengths[chosen])
        units = [self.units[place] for place in chosen]
        made = Panel(ids, offsets, self.values[at], self.origins[chosen], units, *by_id)
        return made._replace(totals=self.totals)

    def then(self, later: Panel) -> Panel:
        """These series and those of another panel."""
        by_id: Any = (
            {**own, **others} for own, others in zip(self[5:-1], later[5:-1], strict=True)
        )
        offsets = np.concatenate([self.offsets, later.offsets[1:] + self.offsets[-1]])
        values = np.concatenate([self.values, later.values])
        origins = np.concatenate([self.origins, later.origins])
        return Panel(
            [*self.ids, *later.ids], offsets, values, origins, [*self.units, *later.units], *by_id
        )

    def before(self, years: int | Integers) -> Panel:
        """The same without the last years of each series."""
        offsets, at = _stretches(self.offsets[:-1], self.lengths - years)
        return self._replace(offsets=offsets, values=self.values[at], origins=self.origins - years)


def _stretches(starts: Integers, lengths: Integers) -> tuple[Integers, Integers]:
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return offsets, np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])


class Request(NamedTuple):
    """A question to every series of a panel; picklable without models of a person's own, for it
    travels to workers.
    """

    horizon: int | None = asking.DEFAULT_HORIZON  # years ahead; with `year`, the most
    year: int | None = None
    levels: tuple[int, ...] = asking.DEFAULT_LEVELS
    models: tuple[str | Model, ...] = ()
    all_models: bool = False
    history: bool = False
    limits: Limits = NONE  # its kind, if any, is that of all series
    factors: tuple[float, ...] = ()
    """of every level: widths in units of ours (see `calibrate`); empty for as they are."""
    shift: float = 0.0
    """how far the consensus moves, in half-widths of the level nearest to 80 (see `calibrate`)."""
    leaders: tuple[Leader, ...] = ()
    """markets that may be ahead, in the unit of the series; the consensus follows them."""
    lead: float = 1.0  # how much they count, as a multiple of what was learned

    @property
    def middle_level(self) -> int:
        """Place of the level nearest to 80."""
        return min(range(len(self.levels)), key=lambda place: abs(self.levels[place] - 80))

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the forecasts of a series, in the order of its rows."""
        asked = [name if isinstance(name, str) else name.name for name in self.models]
        others = (
            model.name
            for model in registry.MODELS
            if self.all_models and model.own_forecast is None
        )
        return tuple(dict.fromkeys((*(asked or (CONSENSUS,)), *others)))

    @property
    def main(self) -> tuple[str, ...]:
        """The first of `slots`, which were asked for; a series for which none of them answers is
        refused.
        """
        return self.slots[: len(self.models) or 1]

    def model(self, slot: str) -> Model | None:
        """The model of a slot; None for the consensus."""
        own = (model for model in self.models if isinstance(model, Model) and model.name == slot)
        return None if slot == CONSENSUS else next(own, None) or registry.get(slot)


def request(**question: Unpack[asking.BatchQuestion]) -> Request:
    """Check a question before any work is done."""
    horizon = question.get("horizon")
    year = question.get("year")
    models = question.get("models", ())
    asking.check_horizon(horizon, year)
    if year is not None and not 1 <= year <= LAST_YEAR:
        raise UsageError(
            f"{year} is not a year from 1 to {LAST_YEAR}.", "Give the last year to forecast."
        )
    for name in models:
        if name != CONSENSUS:
            registry.get(name)
    asking.require_consensus(models, kind=question.get("kind"))
    horizon = (horizon or asking.DEFAULT_HORIZON) if year is None else None
    levels = asking.checked_levels(question.get("levels", asking.DEFAULT_LEVELS))
    models = tuple(sorted(dict.fromkeys(models), key=lambda name: name != CONSENSUS))
    flags = question.get("all_models", False), question.get("history", False)
    return Request(horizon, year, levels, models, *flags, asking.stated_limits(question, None))
