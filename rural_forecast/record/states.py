"""The values and options that an answer follows from: those of a record, of data, or of a sizing model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, Place, RuralForecastError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.record.kept import KeptSeries, Record
from rural_forecast.series.history import annual
from rural_forecast.series.money.conversion import Exchange, conversion
from rural_forecast.series.money.prices import deflated, deflator
from rural_forecast.series.money.units import currency_of, with_currency
from rural_forecast.series.observation import Series
from rural_forecast.series.source import read
from rural_forecast.sizing.model import load
from rural_forecast.text.cells import quoted

TYPED = "typed"
"""Source of the known parts of a year that were typed."""
CHOOSING = ("since", "basis", "prefer")
"""Options that choose the values; a change of one is part of the history."""


class State(NamedTuple):
    """All that an answer follows from."""

    command: str
    known: Mapping[str, Series]
    """The series that it rests on, by id, in their own currency."""
    options: Mapping[str, Any]
    parents: Mapping[str, str] = {}
    """Of the nodes of a panel."""
    others: Mapping[str, Series] = {}
    """Other series by id, or as they are named: leading markets, a total, rates and prices."""

    def other(self, named: str) -> Series:
        """Another series: as it was kept, or else as its source has it now."""
        known = [self.others[name] for name in (named, named.rpartition("::")[2]) if name in self.others]
        return known[0] if known else read(named)

    def money(self, name: str) -> Any:
        """The option `rate` or `inflation`: a number, a country, or a series that was given."""
        given = self.options.get(name)
        return self.other(given) if isinstance(given, str) and (given in self.others or "::" in given) else given

    def last(self, name: str) -> list[int]:
        """The years in which a series, or any of those that a whole is made of, has a value."""
        series = [self.known[name]] if name in self.known else [*self.known.values()]
        observations = (seen for each in series for seen in each.observations if seen.status != "forecast")
        return [seen.period.year for seen in observations if seen.period.is_year]

    def exchange(self, unit: str) -> Exchange | None:
        """How amounts in a unit become those of the answer."""
        to = self.options.get("currency")
        return conversion(unit, to=to, rate=self.money("rate"), at=self.options.get("real")) if to else None

    def in_prices(self, series: Series) -> Series:
        """A series in the prices of the year that the options name."""
        if (real := self.options.get("real")) is None:
            return series
        return deflated(series, deflator(series.unit, real, inflation=self.money("inflation")))


def redoable(record: Record, name: str | None) -> KeptSeries:
    """One series of a record. Raises InputError if it cannot be redone; UsageError if one must be chosen."""
    place = Place(record.file, record.file)
    if not record.command or not (record.inputs or any(each.series.observations for each in record.series)):
        hint = "Records of 3.0 do, and those of 2.x made with --history."
        raise InputError("the record does not hold the values and options that it rests on.", hint, place=place)
    if record.options.get("currency") and "converted_from" not in record.options:
        raise InputError("the record does not say which currency was converted.", "Keep it again.", place=place)
    chosen = [each for each in record.series if name in (None, each.series.id)]
    if len(chosen) != 1:
        ids = quoted([each.series.id for each in record.series])
        code = "choice_needed" if chosen else "unknown_name"
        raise UsageError(f"{record.file} has {ids}.", f"Choose one with {option('series', 'NAME')}.", code=code)
    return chosen[0]


def of_record(record: Record, chosen: KeptSeries, name: str) -> State:
    """The values and options that the answer of a record follows from."""
    options, known = dict(record.options), dict(record.inputs)
    if record.command == "panel":
        nodes = {*record.parents, *record.parents.values()}
        known = {node: series for node, series in known.items() if node in nodes}
    elif record.command == "size":
        options["sizing"] = record.model
        money = [str(options.get(each)).rpartition("::")[2] for each in ("rate", "inflation")]
        known = {driver: series for driver, series in known.items() if driver not in money}
    else:
        known = {name: known.get(chosen.series.id, chosen.series)}
    state = State(record.command, known, options, record.parents, record.inputs)
    if record.command == "size" or "currency" not in options:
        return state
    return state._replace(known={name: _own(series, state) for name, series in known.items()})


def _own(series: Series, state: State) -> Series:
    """A series in its own currency, where it is kept in that of the answer."""
    own = str(state.options["converted_from"])
    if currency_of(series.unit).code == own:
        return series
    unit = with_currency(series.unit, own)
    how = state.exchange(unit)
    seen = (
        replace(each, value=rounded(each.value * how.rate(each.period.year))) for each in series.observations if how
    )
    return replace(series, unit=unit, observations=tuple(seen))


def rounded(value: float) -> float:
    """A value without the last digits, in which two ways to compute it may differ."""
    return float(f"{value:.12g}")


def with_typed(series: Series, old: Series) -> Series:
    """The newer values with the parts that were typed before: a record has those that it used alone."""
    both = dict[str, Any]()
    for rows in ("observations", "growth"):
        known = {seen.period for seen in getattr(series, rows)}
        kept = (seen for seen in getattr(old, rows) if seen.source == TYPED and seen.period not in known)
        both[rows] = (*getattr(series, rows), *kept)
    return replace(series, **both)


def _refreshed(state: State) -> dict[str, Series]:
    """The other series that the options name as their sources have them now; as kept where there is none any more."""
    named = (state.options.get(each) for each in ("like", "within", "rate", "inflation"))
    sources = [each for given in named for each in (given if isinstance(given, list) else [given])]
    others = dict(state.others)
    for each in sources:
        if isinstance(each, str):
            with suppress(RuralForecastError):
                others[each] = read(each)
    return others


def of_data(sources: Sequence[Series], kept: State, name: str) -> tuple[State, tuple[Note, ...]]:
    """The values of sources that the options of a record choose, and what is wrong with them."""
    doubts, known = tuple[Note, ...](), dict[str, Series]()
    for each in sources:
        source = used = each
        if kept.command != "nowcast":  # which takes parts of years too
            source = kept.in_prices(source)
            chosen = {each: kept.options[each] for each in CHOOSING if kept.options.get(each) is not None}
            history = annual(source, allow_gaps=True, **chosen)
            published = (seen for seen in source.observations if seen.status == "forecast")
            doubts = (*doubts, *(note for note in history.notes if note.warning))
            used = replace(source, observations=(*history.observations, *published), growth=())
        known[name if len(sources) == 1 else source.id] = used
    if name in kept.known and name not in known:
        raise UsageError(f"The newer data have no series {name}.", f"They have {quoted(list(known))}.")
    return kept._replace(known=known, others=_refreshed(kept)), doubts


def of_model(source: str, kept: Record) -> State:
    """A sizing model of today, sized with the options of a record."""
    model = load(source)
    known = {each.series.id: each.series for each in model.series}
    state = State("size", known, {**kept.options, "sizing": model.file.text}, others=kept.inputs)
    return state._replace(others=_refreshed(state))
