"""All that an answer follows from, of a record or from today's data, and the command run again with
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from rural_forecast.errors import InputError, Place, RuralForecastError, UsageError, option
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.pool import pooled
from rural_forecast.notes import Note
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.nowcasting.parts import YearPart
from rural_forecast.panels.panel import panel
from rural_forecast.question.commands import NowcastQuestion, ScenarioQuestion
from rural_forecast.question.question import Question
from rural_forecast.question.source import read
from rural_forecast.record.kept import REDONE, KeptSeries, Record
from rural_forecast.scenarios.scenario import Scenario, scenario
from rural_forecast.series.history import annual, observed_years
from rural_forecast.series.money import (
    Exchange,
    conversion,
    currency_of,
    deflated,
    deflator,
    with_currency,
)
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading import read as read_all
from rural_forecast.sizing.model import FromSeries, load
from rural_forecast.sizing.model import read as read_model
from rural_forecast.sizing.size import size
from rural_forecast.sizing.toml import TomlFile
from rural_forecast.text.cells import quoted

LEVEL = 80
TYPED = "typed"  # source of the known parts of a year that were typed
# Options that choose the values; a change of one is part of the history.
CHOOSING = ("since", "basis", "prefer")
Made: TypeAlias = tuple[Sequence[int], Iterable[float], Iterable[float], Iterable[float], str]
"""Years, values, lower and upper bounds, and the unit, in the currency of the data."""


class Answer(NamedTuple):
    """The answer for the year, and the forecasts up to it; no bounds where a statement fixes the
    year.
    """

    value: float
    lower: float | None
    upper: float | None
    path: Mapping[int, float]


class State(NamedTuple):
    """All that an answer follows from: series by id, in their own currency, and options."""

    command: str
    known: Mapping[str, Series]
    options: Mapping[str, Any]
    parents: Mapping[str, str] = {}
    others: Mapping[str, Series] = {}
    """leading markets, a total, rates and prices, also by the name of their source."""

    def other(self, named: str) -> Series:
        """Another series: as it was kept, or else as its source has it now."""
        known = [
            self.others[name] for name in (named, named.rpartition("::")[2]) if name in self.others
        ]
        return known[0] if known else read(named)

    def money(self, name: str) -> Any:
        """The option `rate` or `inflation`: a number, a country, or a series that was given."""
        given = self.options.get(name)
        return (
            self.other(given)
            if isinstance(given, str) and (given in self.others or "::" in given)
            else given
        )

    def last(self, name: str) -> int:
        """The last year in which a series, or any of those that a whole is made of, has a value; 0
        for none.
        """
        series = [self.known[name]] if name in self.known else [*self.known.values()]
        return max(
            (seen.period.year for each in series for seen in observed_years(each)), default=0
        )

    def exchange(self, unit: str) -> Exchange | None:
        """How amounts in a unit become those of the answer."""
        to = self.options.get("currency")
        return (
            conversion(unit, to=to, rate=self.money("rate"), price_year=self.options.get("real"))
            if to
            else None
        )

    def run(self, name: str, target: int) -> Answer:
        """Run the command for a series and year. Raises InputError if that cannot be done any more."""
        try:
            years, *sides, unit = _COMMANDS[self.command](self, name, target)
            how = self.exchange(unit)
            values, lower, upper = (
                {
                    year: float(value) / (how.rate(year) if how else 1.0)
                    for year, value in zip(years, side, strict=True)
                }
                for side in sides
            )
            fixed = isnan(lower[target])
            return Answer(
                values[target],
                None if fixed else lower[target],
                None if fixed else upper[target],
                values,
            )
        except (RuralForecastError, TypeError, ValueError, LookupError, AttributeError) as error:
            raise InputError(
                f"A step of the revision cannot be run: {error}", "Keep the answer again."
            ) from error


def of_record(record: Record, series: str | None, name: str = "") -> tuple[KeptSeries, State]:
    """One series of a record, and what its answer follows from by its `name`; refuses a record that
    lacks this.
    """
    options = dict(record.options)
    known = dict(record.inputs)
    values = known or any(each.series.observations for each in record.series)
    unsaid = options.get("currency") and "converted_from" not in options
    if (
        record.command not in REDONE
        or not values
        or unsaid
        or not isinstance(options.get("real", 0), int)
    ):
        problem = "the record does not hold the values and options that it rests on."
        raise InputError(
            problem, f"Those of {', '.join(REDONE)} do.", place=Place(record.file, record.file)
        )
    chosen = [each for each in record.series if series in (None, each.series.id)]
    if len(chosen) != 1:
        problem = f"{record.file} has {quoted([each.series.id for each in record.series])}."
        code = "choice_needed" if chosen else "unknown_name"
        raise UsageError(problem, f"Choose one with {option('series', 'NAME')}.", code=code)
    own = chosen[0].series
    command = record.command.replace("batch", "project")
    if command == "panel":
        nodes = {*record.parents, *record.parents.values()}
        known = {node: series for node, series in known.items() if node in nodes}
    elif command == "size":
        options["sizing"] = record.model
        money = [str(options.get(each)).rpartition("::")[2] for each in ("rate", "inflation")]
        known = {driver: series for driver, series in known.items() if driver not in money}
    else:
        known = {name or own.id: known.get(own.id, own)}
    state = State(command, known, options, record.parents, record.inputs)
    # The values of the record are in that of the answer.
    if command != "size" and "currency" in options:
        currency = str(options["converted_from"])
        for key, each in known.items():
            unit = with_currency(each.unit, currency)
            if (
                currency_of(each.unit).code != currency
                and (how := state.exchange(unit)) is not None
            ):
                rated = (
                    (seen, float(f"{seen.value * how.rate(seen.period.year):.12g}"))
                    for seen in each.observations
                )
                known[key] = replace(
                    each, unit=unit, observations=tuple(replace(one, value=at) for one, at in rated)
                )
    return chosen[0], state


def of_data(
    new: Any, read_as: ReadOptions | None, kept: State, name: str
) -> tuple[State, list[Note]]:
    """Return what the options of a record choose of data of today, of a sizing its model; and what
    is wrong.
    """
    if kept.command == "size":
        model = load(str(new))
        known = {each.id: each for each in model.series}
        return _refreshed(
            kept._replace(known=known, options={**kept.options, "sizing": model.file.text})
        ), []
    if isinstance(new, str | Path):
        of_panel = kept.command == "panel"
        new = (
            read_all(str(new), read_as or ReadOptions().dated())
            if of_panel
            else read(str(new), read_as)
        )
    sources = [new] if isinstance(new, Series) else [*new]
    known = {}
    doubts = list[Note]()
    chosen: dict[str, Any] = {
        each: kept.options[each] for each in CHOOSING if kept.options.get(each) is not None
    }
    for source in sources:
        used = source
        if kept.command != "nowcast":  # which takes parts of years too
            if real := kept.options.get("real"):
                used = deflated(used, deflator(used.unit, real, inflation=kept.money("inflation")))
            history = annual(used, allow_gaps=True, **chosen)
            published = (seen for seen in used.observations if seen.status == "forecast")
            doubts += [note for note in history.notes if note.warning]
            used = replace(used, observations=(*history.observations, *published), growth=())
        known[name if len(sources) == 1 else source.id] = used
    if name in kept.known and name not in known:
        raise UsageError(
            f"The newer data have no series {name}.", f"They have {quoted(list(known))}."
        )
    return _refreshed(kept._replace(known=known)), doubts


def _refreshed(state: State) -> State:
    """The same with the other series as their sources have them now; as kept where there is none
    any more.
    """
    others = dict(state.others)
    for given in map(state.options.get, ("like", "within", "rate", "inflation")):
        for each in given if isinstance(given, list) else [given]:
            with suppress(RuralForecastError):
                others |= {each: read(each)} if isinstance(each, str) else {}
    return state._replace(others=others)


def _series(state: State, name: str) -> Series:
    """The known values alone, on the basis that was chosen."""
    series = state.known[name]
    seen = tuple(replace(each, derived=False, derivation=None) for each in series.observations)
    return replace(series, observations=seen, growth=(), breaks=(), market_kind="", within="")


def asked_of(state: State) -> dict[str, Any]:
    """The options of a forecast, with the series that they name."""
    options = state.options
    asked = {
        key: options[key] for key in ("floor", "measure", "kind", "models") if options.get(key)
    }
    asked |= {"ceiling": tuple(options["ceiling"])} if options.get("ceiling") else {}
    asked |= {"like": list(map(state.other, options["like"]))} if options.get("like") else {}
    return asked | ({"within": state.other(options["within"])} if options.get("within") else {})


def _project(state: State, name: str, target: int) -> Made:
    made = forecast(_series(state, name), Question(year=target, levels=(LEVEL,), **asked_of(state)))
    made = made if state.options.get("pool") is None else pooled(made, state.options["pool"])
    return (
        made.years,
        made.best.values,
        made.best.lower[0],
        made.best.upper[0],
        state.known[name].unit,
    )


def _scenario(state: State, name: str, target: int) -> Made:
    def assumed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {int(year): assumed(each) for year, each in value.items()}
        return tuple(value) if isinstance(value, list) else value

    title, stated = next(iter(state.options["scenarios"].items()))
    one = Scenario(title, **{key: assumed(value) for key, value in stated.items()})
    made = scenario(
        _series(state, name),
        one,
        question=ScenarioQuestion(year=target, levels=(LEVEL,), **asked_of(state)),
    )
    path = made.outcomes[0].path
    return made.baseline.years, path.values, path.lower[0], path.upper[0], state.known[name].unit


def _nowcast(state: State, name: str, target: int) -> Made:
    series = state.known[name]
    asked = {
        key: state.options[key] for key in ("same_definition", "basis") if key in state.options
    }
    grown = {each.period: each.value for each in series.growth if each.source == TYPED}
    parts = (each for each in series.observations if each.source == TYPED)
    typed = [YearPart(each.period, each.value, grown.get(each.period)) for each in parts]
    seen, growth = (
        tuple(each for each in rows if each.source != TYPED)
        for rows in (series.observations, series.growth)
    )
    published = replace(series, observations=seen, growth=growth)
    made = nowcast(published, NowcastQuestion(year=target, levels=(LEVEL,), partial=typed, **asked))
    return (target,), (made.value,), made.lower, made.upper, made.series.unit


def with_typed(series: Series, old: Series) -> Series:
    """The newer values with the parts that were typed before: a record has those that it used
    alone.
    """
    both: dict[str, Any] = {}
    for rows in ("observations", "growth"):
        known = {seen.period for seen in getattr(series, rows)}
        kept = (
            seen for seen in getattr(old, rows) if seen.source == TYPED and seen.period not in known
        )
        both[rows] = (*getattr(series, rows), *kept)
    return replace(series, **both)


def _panel(state: State, name: str, target: int) -> Made:
    import pandas as pd

    seen = [
        (key, each.period.year, each.value)
        for key, of in state.known.items()
        for each in of.observations
    ]
    frame = pd.DataFrame(seen, columns=["series_id", "year", "value"])
    asked = {key: state.options[key] for key in ("model", "method") if key in state.options}
    asked["like"] = list(map(state.other, state.options.get("like", ())))
    made = panel(frame, year=target, levels=(LEVEL,), parents=state.parents or None, **asked)
    node = made.tree.names.index(name)
    unit = next(iter(state.known.values())).unit
    values = made.values  # noqa: PD011 - an array of ours
    return made.years, values[node], made.lower[0][node], made.upper[0][node], unit


def _size(state: State, _: str, target: int) -> Made:
    def of(value: Any) -> Any:
        if not isinstance(value, FromSeries):
            return value
        now = state.known.get(value.series.id, value.series)
        return value._replace(
            series=replace(value.series, observations=now.observations, growth=now.growth)
        )

    model = read_model(TomlFile.read(state.options["sizing"].encode(), "the model", Path()))
    drivers = tuple(each._replace(value=of(each.value)) for each in model.drivers)
    asked = {key: state.options[key] for key in ("draws", "seed", "real") if key in state.options}
    asked |= {
        "year": max([target, *state.options.get("years", ())]),
        "inflation": state.money("inflation"),
    }
    sized = size(
        model._replace(drivers=drivers, top_down=of(model.top_down)), levels=(LEVEL,), **asked
    )
    rows = [(each.value, *each.lower, *each.upper) for each in sized.main.estimates]
    values, lower, upper = zip(*rows, strict=True)
    return sized.years, values, lower, upper, sized.main.unit


_COMMANDS = {
    "project": _project,
    "scenario": _scenario,
    "nowcast": _nowcast,
    "panel": _panel,
    "size": _size,
}
