"""Series of different length as flat arrays and offsets, series that are refused, and the question
to all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asked import stated_limits
from rural_forecast.forecasting.leaders import Leader
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.forecasting.start import Start
from rural_forecast.models.base import Array, Integers, Model
from rural_forecast.notes import Note
from rural_forecast.observed.observation import NO_KIND
from rural_forecast.question.question import CONSENSUS, DEFAULT_HORIZON, DEFAULT_LEVELS

if TYPE_CHECKING:
    from rural_forecast.observed.breaks import Bases
    from rural_forecast.observed.observation import Series
    from rural_forecast.observed.preference import PublishedForecast
    from rural_forecast.question.batch import BatchQuestion

Fact = TypeVar("Fact")


class Refusal(NamedTuple):
    """A series that is not forecast, and the error that it would get alone."""

    series_id: str
    error: RuralForecastError

    @property
    def line(self) -> int:
        """Line or row of the input, from 1; 0 where none is to blame."""
        return self.error.place.line

    @property
    def reason(self) -> str:
        """The error in words, without the line."""
        why = self.error.problem if self.line else self.error.message
        hint = self.error.hint
        return f"{why.rstrip('.')}. {hint}" if hint else why


def refusal_of(name: str, error: RuralForecastError) -> Refusal:
    """Keep a caught error as the refusal of a series."""
    # A traceback would keep a whole block of rows in memory.
    error.__traceback__ = error.__context__ = None
    return Refusal(name, error)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Series without gaps, as flat arrays.

    Series i has `values[offsets[i]:offsets[i + 1]]`, and its last year is `origins[i]`. Whatever
    only some of the series have is kept by id, so that a million series without it cost nothing.
    """

    ids: Sequence[str]
    offsets: Integers
    values: Array
    origins: Integers
    units: Sequence[str]
    published: Mapping[str, Sequence[PublishedForecast]] = field(
        default_factory=dict
    )  # by id, as all that follows
    wholes: Mapping[str, float] = field(default_factory=dict)  # the most that a rate can be
    doubts: Mapping[str, Note] = field(default_factory=dict)
    """Findings of the check on the values used, jumps excepted."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Subjects that are stated, `none` among them."""
    subjects: Mapping[str, str] = field(default_factory=dict)
    """Subjects that are read from titles; they count where none is stated."""
    within: Mapping[str, str] = field(
        default_factory=dict
    )  # the id of the total that it is a part of
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Heads and labels by which a share or growth is known, or is none."""
    measured: tuple[str, ...] = ()
    """Labels that all series share: first what they measure, then their places."""
    totals: Panel | None = None
    bases: Mapping[str, Bases] = field(default_factory=dict)
    """The levels of all bases of series with growth on earlier ones, which models see."""
    running: Mapping[str, Series] = field(default_factory=dict)
    """Series of which parts of the year after the last one are known."""
    starts: Mapping[str, Start] = field(default_factory=dict)
    """The nowcasts of the years after the last ones, from which forecasts go on."""

    def names(self, index: int) -> tuple[str, ...]:
        """Return all that says in words what a series measures: its id, and labels."""
        name = self.ids[index]
        return (name, *self.labels.get(name, ()))

    def series(self, index: int) -> tuple[str, int, Array]:
        """Return the id, the first year and the values of a series."""
        start, end = self.offsets[index : index + 2].tolist()
        first = int(self.origins[index]) + 1 - end + start
        return self.ids[index], first, self.values[start:end]

    @property
    def years(self) -> Integers:
        """The year of each value."""
        year_of_first_value = self.origins + 1 - self.offsets[1:]
        return np.asarray(
            np.arange(len(self.values)) + np.repeat(year_of_first_value, self.lengths)
        )

    @property
    def lengths(self) -> Integers:
        """Points of each series."""
        return np.diff(self.offsets)

    def with_evidence(self) -> tuple[Integers, Array]:
        """The offsets and values that models see: with growth on earlier bases."""
        if not self.bases:
            return self.offsets, self.values
        parts = []
        for index, name in enumerate(self.ids):
            _, _, values = self.series(index)
            bases = self.bases.get(name)
            if bases is not None:
                values = bases.until(int(self.origins[index])).linked().values
            parts.append(values)
        lengths = [len(values) for values in parts]
        return np.concatenate([[0], np.cumsum(lengths)]), np.concatenate([np.empty(0), *parts])

    @property
    def ends_of_rates(self) -> Array:
        """The most that each series can be; infinite for those that are no rates."""
        if not self.wholes:
            return np.full(len(self.ids), np.inf)
        return np.array([self.wholes.get(name, np.inf) for name in self.ids])

    def with_totals(self) -> Panel:
        """Return the panel with its totals, which are series of it."""
        totals: list[int] = []
        if self.within:
            ids_of_totals = {*self.within.values()}
            totals = [index for index, name in enumerate(self.ids) if name in ids_of_totals]
        chosen = self.select(np.array(totals, dtype=np.int64))
        return replace(self, totals=replace(chosen, totals=None))

    def select(self, chosen: Integers) -> Panel:
        """Return the series at these indices, in this order."""
        ids = [self.ids[index] for index in chosen]
        offsets, flat = _stretches(self.offsets[chosen], self.lengths[chosen])
        return Panel(
            ids=ids,
            offsets=offsets,
            values=self.values[flat],
            origins=self.origins[chosen],
            units=[self.units[index] for index in chosen],
            published=_of_ids(self.published, ids),
            wholes=_of_ids(self.wholes, ids),
            doubts=_of_ids(self.doubts, ids),
            kinds=_of_ids(self.kinds, ids),
            subjects=_of_ids(self.subjects, ids),
            within=_of_ids(self.within, ids),
            labels=_of_ids(self.labels, ids),
            measured=self.measured,
            totals=self.totals,
            bases=_of_ids(self.bases, ids),
            running=_of_ids(self.running, ids),
            starts=_of_ids(self.starts, ids),
        )

    def then(self, later: Panel) -> Panel:
        """Return these series and, after them, those of another panel; totals are left out."""
        return Panel(
            ids=[*self.ids, *later.ids],
            offsets=np.concatenate([self.offsets, later.offsets[1:] + self.offsets[-1]]),
            values=np.concatenate([self.values, later.values]),
            origins=np.concatenate([self.origins, later.origins]),
            units=[*self.units, *later.units],
            published={**self.published, **later.published},
            wholes={**self.wholes, **later.wholes},
            doubts={**self.doubts, **later.doubts},
            kinds={**self.kinds, **later.kinds},
            subjects={**self.subjects, **later.subjects},
            within={**self.within, **later.within},
            labels={**self.labels, **later.labels},
            measured=self._measured_also_by(later),
            bases={**self.bases, **later.bases},
            running={**self.running, **later.running},
            starts={**self.starts, **later.starts},
        )

    def _measured_also_by(self, later: Panel) -> tuple[str, ...]:
        """Select the labels that the series of another panel share, too."""
        if not self.ids or not later.ids:
            return self.measured or later.measured
        return tuple(label for label in self.measured if label in later.measured)

    def with_starts(self) -> Panel:
        """Return the panel with the nowcasts that all series have, as their last values."""
        starts = [self.starts[name] for name in self.ids]
        bases = {}
        for name, own in self.bases.items():
            start = self.starts[name]
            bases[name] = replace(own, levels={**own.levels, start.year: start.value})
        return replace(
            self,
            offsets=self.offsets + np.arange(len(self.offsets)),
            values=np.insert(self.values, self.offsets[1:], [start.value for start in starts]),
            origins=self.origins + 1,
            bases=bases,
            running={},
            starts={},
        )

    def before(self, years: int | Integers) -> Panel:
        """Return the panel without the last years of each series."""
        offsets, flat = _stretches(self.offsets[:-1], self.lengths - years)
        return replace(
            self,
            offsets=offsets,
            values=self.values[flat],
            origins=self.origins - years,
            running={},
            starts={},
        )


def _of_ids(by_id: Mapping[str, Fact], ids: Sequence[str]) -> Mapping[str, Fact]:
    if not by_id:
        return by_id
    return {name: by_id[name] for name in ids if name in by_id}


def _stretches(starts: Integers, lengths: Integers) -> tuple[Integers, Integers]:
    """Return the offsets of stretches of a flat array, and the indices of all their values."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return offsets, np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])


class Request(NamedTuple):
    """A question to every series of a panel; picklable without models of a person's own, for it
    travels to workers.
    """

    horizon: int | None = DEFAULT_HORIZON  # years ahead; with `year`, the most
    year: int | None = None
    levels: tuple[int, ...] = DEFAULT_LEVELS
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
        """Index of the level nearest to 80."""
        return min(range(len(self.levels)), key=lambda index: abs(self.levels[index] - 80))

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the forecasts of a series, in the order of its rows."""
        names = [model if isinstance(model, str) else model.name for model in self.models]
        names = names or [CONSENSUS]
        if self.all_models:
            names += [model.name for model in registry.MODELS if model.own_forecast is None]
        return tuple(dict.fromkeys(names))

    @property
    def main(self) -> tuple[str, ...]:
        """The first of `slots`, which were asked for; a series for which none of them answers is
        refused.
        """
        return self.slots[: len(self.models) or 1]

    def model(self, slot: str) -> Model | None:
        """The model of a slot; None for the consensus."""
        if slot == CONSENSUS:
            return None
        for model in self.models:
            if isinstance(model, Model) and model.name == slot:
                return model
        return registry.get(slot)


def request(question: BatchQuestion) -> Request:
    """Make the request to every series of a batch. Raises UsageError for an unknown model."""
    models = tuple(
        sorted(
            dict.fromkeys(registry.resolved(question.models)), key=lambda name: name != CONSENSUS
        )
    )
    for model in models:
        if model != CONSENSUS:
            registry.get(model)
    horizon = (question.horizon or DEFAULT_HORIZON) if question.year is None else None
    return Request(
        horizon,
        question.year,
        tuple(question.levels),
        models,
        question.all_models,
        question.history,
        stated_limits(question),
    )


def years_ahead(panel: Panel, request: Request) -> Integers:
    """Return the years that are asked for after the last one of each series."""
    if request.year is None:
        return np.full(len(panel.ids), request.horizon, dtype=np.int64)
    ahead = request.year - panel.origins
    return ahead if request.horizon is None else np.minimum(ahead, request.horizon)


def kinds_of(panel: Panel, request: Request) -> list[str | None]:
    """Return the subject of each series, as stated or else as read from its title.

    None if the consensus is not asked for.
    """
    stated = request.limits.kind
    has_any = stated or panel.kinds or panel.subjects
    if CONSENSUS not in request.slots or stated == NO_KIND or not has_any:
        return [None] * len(panel.ids)
    kinds = []
    for name in panel.ids:
        kind = stated or panel.kinds.get(name) or panel.subjects.get(name)
        kinds.append(None if kind == NO_KIND else kind)
    return kinds
