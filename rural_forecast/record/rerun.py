"""All that an answer follows from, of a record or from today's data, and the command run again with
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from rural_forecast.errors import InputError, Place, RuralForecastError, UsageError, option
from rural_forecast.forecasting.answered import answered
from rural_forecast.forecasting.batch.build import panel_of
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.nowcasting.nowcast import nowcast
from rural_forecast.forecasting.nowcasting.parts import YearPart
from rural_forecast.forecasting.one_series import USED_AT_START
from rural_forecast.forecasting.panel import request
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.money import (
    Exchange,
    conversion,
    currency_of,
    deflated,
    deflator,
    with_currency,
)
from rural_forecast.observed.observation import (
    NO_KIND,
    Observation,
    Qualifier,
    Series,
    Status,
)
from rural_forecast.observed.period import Period, parse
from rural_forecast.observed.preference import observed_parts
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading import read as read_all
from rural_forecast.observed.reading.schema import breaks_in
from rural_forecast.observed.stated_breaks import broken
from rural_forecast.observed.yearly import observed_years
from rural_forecast.panels.panel import panel
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import CONSENSUS, Question, Window, headline
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.question.source import read
from rural_forecast.record.asked import KeptQuestion, question_of
from rural_forecast.record.kept import DRIVERS, REDONE, KeptSeries, Record
from rural_forecast.scenarios.scenario import Scenario, scenario
from rural_forecast.sizing.model import FromSeries, load
from rural_forecast.sizing.model import read as read_model
from rural_forecast.sizing.size import DEFAULT_DRAWS, size
from rural_forecast.sizing.toml import TomlFile
from rural_forecast.text.cells import quoted, shown

LEVEL = 80
TYPED = "typed"  # source of the known parts of a year that were typed
Q = TypeVar("Q")


class RerunAnswer(NamedTuple):
    """The answer for the year, and the forecasts up to it; no bounds where a statement fixes the
    year.
    """

    value: float
    lower: float | None
    upper: float | None
    path: Mapping[int, float]


@dataclass(frozen=True)
class Again:
    """The forecasts of a command that was run again, in the currency of the data."""

    years: Sequence[int]
    values: Sequence[float] | Array
    lower: Sequence[float] | Array
    upper: Sequence[float] | Array
    unit: str

    def answer(self, target: int, exchange: Exchange | None) -> RerunAnswer:
        """The answer for a year, in the currency that it is given in."""
        rates = {year: exchange.rate(year) if exchange else 1.0 for year in self.years}
        values = _by_year(self.years, self.values, rates)
        lower = _by_year(self.years, self.lower, rates)[target]
        upper = _by_year(self.years, self.upper, rates)[target]
        if isnan(lower):  # a statement fixes the year
            return RerunAnswer(values[target], None, None, values)
        return RerunAnswer(values[target], lower, upper, values)


def _by_year(
    years: Sequence[int], values: Sequence[float] | Array, rates: Mapping[int, float]
) -> dict[int, float]:
    pairs = zip(years, values, strict=True)
    return {year: float(value) / rates[year] for year, value in pairs}


class State(NamedTuple):
    """All that an answer follows from: series by id, in their own currency, and the question."""

    command: str
    series: Mapping[str, Series]
    question: KeptQuestion
    parents: Mapping[str, str] = {}
    others: Mapping[str, Series] = {}
    """leading markets, a total, rates and prices, also by the name of their source."""

    def other(self, named: str) -> Series:
        """Another series: as it was kept, or else as its source has it now."""
        for name in (named, named.rpartition("::")[2]):
            if name in self.others:
                return self.others[name]
        return read(named)

    def money(self, given: float | str | None) -> float | str | Series | None:
        """A rate or inflation as it was given: a number, a country, or a series."""
        if isinstance(given, str) and (given in self.others or "::" in given):
            return self.other(given)
        return given

    @property
    def rate(self) -> float | Series | None:
        """The rate after the last known one, or yearly rates."""
        rate = self.money(self.question.rate)
        return self.other(rate) if isinstance(rate, str) else rate

    @property
    def inflation(self) -> float | str | Series | None:
        """Inflation in percent, the country whose prices are meant, or yearly prices."""
        return self.money(self.question.inflation)

    def asked(self, kind: type[Q], target: int, **changed: Any) -> Q:
        """The question of the command that is run again, of the values that were chosen then."""
        question = self.question
        values = {
            **vars(Window(allow_gaps=True)),
            "year": target,
            "horizon": None,
            "levels": (LEVEL,),
            "like": tuple(self.other(name) for name in question.like),
            "within": self.other(question.within) if question.within else None,
            **changed,
        }
        taken = {field.name for field in fields(kind)}  # type: ignore[arg-type]
        return question.of(kind, **{name: values[name] for name in values if name in taken})

    def last(self, name: str) -> int:
        """The last year in which a series, or any of those that a whole is made of, has a value; 0
        for none.
        """
        whole = [self.series[name]] if name in self.series else self.series.values()
        last = 0
        for series in whole:
            for observation in observed_years(series):
                last = max(last, observation.period.year)
        return last

    def exchange(self, unit: str) -> Exchange | None:
        """How amounts in a unit become those of the answer."""
        to = self.question.currency
        if not to:
            return None
        return conversion(unit, to=to, rate=self.rate, price_year=self.question.real)

    def run(self, name: str, target: int) -> RerunAnswer:
        """Run the command for a series and year.

        Raises InputError if that cannot be done any more.
        """
        try:
            again = _COMMANDS[self.command](self, name, target)
            exchange = self.exchange(again.unit)
        except RuralForecastError as error:
            raise _cannot_be_run(str(error)) from error
        if target not in again.years:
            raise _cannot_be_run(f"There is no forecast of {target}.")
        return again.answer(target, exchange)


def _cannot_be_run(why: str) -> InputError:
    return InputError(f"A step of the revision cannot be run: {why}", "Keep the answer again.")


def of_record(record: Record, series: str | None, name: str = "") -> tuple[KeptSeries, State]:
    """One series of a record, and what its answer follows from by its `name`; refuses a record that
    lacks this.
    """
    options = record.options
    _require_values(record)
    kept = _chosen(record, series)
    own = kept.series
    command = record.command
    inputs = dict(record.inputs)
    others = dict(record.inputs)

    if command == "panel":
        nodes = {*record.parents, *record.parents.values()}
        inputs = {node: input_ for node, input_ in inputs.items() if node in nodes}
    elif command == "size":
        rate = str(options.get("rate")).rpartition("::")[2]
        inflation = str(options.get("inflation")).rpartition("::")[2]
        inputs.pop(rate, None)
        inputs.pop(inflation, None)
    else:
        if command == "batch":  # a total is a series of the same file
            others |= {part.series.id: _with_bases(part.series, record) for part in record.series}
            own = _with_bases(replace(own, **_stated_of(record, own.id)), record)
        inputs = {name or own.id: inputs.get(own.id, own)}

    state = State(command, inputs, question_of(record), record.parents, others)
    currency = state.question.converted_from
    # A sizing converts its result, and keeps its drivers as they were read.
    if command == "size" or currency is None:
        return kept, state
    own_money = {key: _converted_back(state, value, currency) for key, value in inputs.items()}
    return kept, state._replace(series=own_money)


def _require_values(record: Record) -> None:
    """Refuse a record that lacks the values or options of its answer."""
    options = record.options
    has_values = record.inputs or any(part.series.observations for part in record.series)
    lacks_currency = options.get("currency") and "converted_from" not in options
    has_price_year = isinstance(options.get("real", 0), int)
    if record.command in REDONE and has_values and not lacks_currency and has_price_year:
        return
    problem = "the record does not hold the values and options that it rests on."
    hint = f"Those of {', '.join(REDONE)} do."
    raise InputError(problem, hint, place=Place(record.file, record.file))


def _chosen(record: Record, series: str | None) -> KeptSeries:
    """The series of that name; the only one for None. Raises UsageError for any other number."""
    chosen = [part for part in record.series if series in (None, part.series.id)]
    if len(chosen) == 1:
        return chosen[0]
    problem = f"{record.file} has {quoted([part.series.id for part in record.series])}."
    code = "choice_needed" if chosen else "unknown_name"
    raise UsageError(problem, f"Choose one with {option('series', 'NAME')}.", code=code)


def _converted_back(state: State, series: Series, currency: str) -> Series:
    """The series in its own currency: a record keeps its values in that of the answer."""
    if currency_of(series.unit).code == currency:
        return series
    unit = with_currency(series.unit, currency)
    exchange = state.exchange(unit)
    if exchange is None:
        return series
    observations = []
    for observation in series.observations:
        # Twelve digits take back the last bit that the division by a rate has moved.
        value = float(f"{observation.value * exchange.rate(observation.period.year):.12g}")
        observations.append(replace(observation, value=value))
    return replace(series, unit=unit, observations=tuple(observations))


def _stated_of(record: Record, name: str) -> dict[str, Any]:
    """What the file of a batch stated of one series, which its rows do not say."""
    stated = record.stated.get(name)
    if stated is None:
        return {}
    if not isinstance(stated, Mapping) or any(
        not isinstance(text, str) for text in stated.values()
    ):
        raise InputError(f"the record states no columns of {shown(name)}.", "Keep it again.")
    return {key: stated[key] for key in ("measure", "market_kind", "within") if key in stated}


def _with_bases(series: Series, record: Record) -> Series:
    """Add the levels of earlier bases and the parts of years, which rows of a batch leave out."""
    stated = record.stated.get(series.id)
    if not isinstance(stated, Mapping):
        return series
    first = min((own.period.year for own in series.observations), default=0)
    if "breaks" in stated:
        earlier = [level for level in _by_year_of(stated, "levels") if level.period.year < first]
        first = min([first, *(level.period.year for level in earlier)])
        series = replace(
            series,
            breaks=breaks_in(str(stated["breaks"])) or (),
            observations=(*earlier, *series.observations),
            growth=tuple(_by_year_of(stated, "growth")),
        )
    # Parts of years before a gap would add up to years that were not used.
    parts = [part for part in _parts_of(stated, "parts") if part.period.year >= first]
    return replace(
        series,
        observations=(*series.observations, *parts),
        growth=(*series.growth, *_parts_of(stated, "growth_of_parts")),
    )


def _parts_of(stated: Mapping[str, Any], key: str) -> Iterator[Observation]:
    """Read parts of years, such as `2019M01=551.62;actual;=`."""
    for text in str(stated.get(key, "")).split():
        name, _, rest = text.partition("=")
        number, _, qualities = rest.partition(";")
        status, _, qualifier = qualities.partition(";")
        try:
            part = Observation(
                parse(name), float(number), cast("Status", status), cast("Qualifier", qualifier)
            )
        except ValueError:
            raise InputError(f"the record states no {key}.", "Keep it again.") from None
        yield part


def _by_year_of(stated: Mapping[str, Any], key: str) -> Iterator[Observation]:
    """Read numbers by year, such as `2019=551.62 2020=560`."""
    for pair in str(stated.get(key, "")).split():
        year, _, number = pair.partition("=")
        try:
            yield Observation(Period(int(year)), float(number))
        except ValueError:
            raise InputError(f"the record states no {key}.", "Keep it again.") from None


def of_data(
    new: Any, read_as: ReadOptions | None, kept: State, name: str
) -> tuple[State, list[Note]]:
    """Return what the options of a record choose of data of today, of a sizing its model; and what
    is wrong.
    """
    if kept.command == "size":
        model = load(str(new))
        drivers = {series.id: series for series in model.series}
        question = replace(kept.question, sizing=model.file.text)
        return _refreshed(kept._replace(series=drivers, question=question)), []
    if isinstance(new, str | Path):
        if kept.command == "panel":
            new = read_all(str(new), read_as or ReadOptions().dated())
        else:
            new = read(str(new), read_as)
    sources = [new] if isinstance(new, Series) else [*new]
    newer = {}
    doubts = list[Note]()
    asked = kept.question
    window = Window(
        since=asked.since,
        prefer=asked.prefer,
        basis=asked.basis,
        allow_gaps=True,
    )
    for source in sources:
        used = source
        if source.file and name in kept.series:  # as it was stated of the file before
            used = replace(used, measure=kept.series[name].measure)
        if kept.command != "nowcast":  # which takes parts of years too
            if asked.real is not None:
                prices = deflator(used.unit, asked.real, inflation=kept.inflation)
                used = deflated(used, prices)
            history = window.history_of(broken(used, asked.breaks))
            published = [row for row in used.observations if row.status == "forecast"]
            parts = _running_parts(used, history)
            for note in history.notes:
                if note.warning and not (parts and note.code in USED_AT_START):
                    doubts.append(note)
            growth = [rate for rate in used.growth if parts and not rate.period.is_year]
            used = replace(
                used,
                observations=(
                    *history.on_earlier_bases,
                    *history.observations,
                    *parts,
                    *published,
                ),
                growth=(*history.growth_into_bases, *growth),
                breaks=history.breaks_used,
            )
        newer[name if len(sources) == 1 else source.id] = used
    if missing := [kept_name for kept_name in kept.series if kept_name not in newer]:
        raise UsageError(
            f"The newer data have no series {quoted(missing)}.", f"They have {quoted(list(newer))}."
        )
    return _refreshed(kept._replace(series=newer)), doubts


def _running_parts(series: Series, history: History) -> list[Observation]:
    """The parts of years, where some are of the year after the last whole one."""
    if not history.running:
        return []
    return [*observed_parts(series.observations)]


def _refreshed(state: State) -> State:
    """The same with the other series as their sources have them now; as kept where there is none
    any more.
    """
    others = dict(state.others)
    question = state.question
    for name in (*question.like, question.within, question.rate, question.inflation):
        if isinstance(name, str):
            with suppress(RuralForecastError):
                others[name] = read(name)
    return state._replace(others=others)


def _series(state: State, name: str) -> Series:
    """The known values alone, on the bases that were chosen."""
    series = state.series[name]
    levels = tuple(replace(row, derived=False, derivation=None) for row in series.observations)
    # Growth is known for the first years of a basis alone.
    return replace(series, observations=levels, market_kind=NO_KIND, within="", total=None)


def _since(state: State, name: str) -> int | None:
    """The first year used, where parts of earlier ones would add up to years that were not."""
    has_parts = any(not row.period.is_year for row in state.series[name].observations)
    return state.question.since if has_parts else None


def project_again(state: State, name: str, target: int, levels: Sequence[int]) -> Forecast:
    """The forecast of a series, led by its pool where one was asked for."""
    question = state.asked(Question, target, levels=levels, since=_since(state, name))
    result = forecast(_series(state, name), question)
    weights = state.question.pool
    return result if weights is None else pooled(result, weights)


def _project(state: State, name: str, target: int) -> Again:
    result = project_again(state, name, target, (LEVEL,))
    best = result.best
    unit = state.series[name].unit
    return Again(result.years, best.values, best.lower[0], best.upper[0], unit)


def _batch(state: State, name: str, target: int) -> Again:
    """Forecast the series as a panel of one, with its total, by the factors that were measured."""
    own = state.series[name]
    kind = own.market_kind or NO_KIND
    series = [replace(_series(state, name), market_kind=kind, within=own.within)]
    if own.within:
        series.append(replace(state.other(own.within), id=own.within))
    panel = panel_of([annual(one, allow_gaps=True) for one in series]).with_totals()
    # The factors are those of the levels that were asked for.
    levels = state.question.levels if state.question.factors else (LEVEL,)
    asked = request(state.asked(BatchQuestion, target, levels=levels, all_models=False))
    asked = asked._replace(
        factors=tuple(state.question.factors), shift=state.question.shift, lead=state.question.lead
    )
    answered_by, refusals = answered(panel, asked)
    for refusal in refusals:
        if refusal.series_id == name:
            raise refusal.error
    path = answered_by.path(0, answered_by.panel.ids.index(name))
    level = levels.index(LEVEL) if LEVEL in levels else headline(levels)
    origin = target - len(path.values)
    if len(path.values):
        origin = int(answered_by.panel.origins[answered_by.panel.ids.index(name)])
    years = range(origin + 1, origin + 1 + len(path.values))
    return Again(years, path.values, path.lower[level], path.upper[level], own.unit)


def _scenario(state: State, name: str, target: int) -> Again:
    title, assumptions = next(iter((state.question.scenarios or {}).items()), ("", {}))
    own = Scenario(title, **_assumed(title, assumptions))
    asked = state.asked(ScenarioQuestion, target, since=_since(state, name))
    result = scenario(_series(state, name), own, question=asked)
    path = result.outcomes[0].path
    unit = state.series[name].unit
    return Again(result.baseline.years, path.values, path.lower[0], path.upper[0], unit)


def _assumed(title: str, assumptions: Any) -> dict[str, Any]:
    """The fields of a scenario. Raises InputError for what is none, or no number."""
    names = {field.name for field in fields(Scenario)} - {"name", "file"}
    if not isinstance(assumptions, Mapping) or not assumptions.keys() <= names:
        raise InputError(f"The scenario {shown(title)} of the record is none.", "Keep it again.")
    values = {}
    for key, value in assumptions.items():
        values[key] = value if key in ("reason", "range_level") else _number_or_range(value)
    return values


def _number_or_range(value: Any) -> Any:
    """A number, a range or either by year, as a scenario has it."""
    if isinstance(value, Mapping) and all(year.isdigit() for year in value):
        return {int(year): _number_or_range(stated) for year, stated in value.items()}
    ends = value if isinstance(value, list) and len(value) == 2 else [value]
    if all(isinstance(end, int | float) for end in ends):
        return tuple(ends) if len(ends) == 2 else value
    raise InputError(f"{value!r} is no number or range.", "Keep it again.", value=value)


def _nowcast(state: State, name: str, target: int) -> Again:
    series = state.series[name]
    grown = {row.period: row.value for row in series.growth if row.source == TYPED}
    parts = [row for row in series.observations if row.source == TYPED]
    typed = [YearPart(part.period, part.value, grown.get(part.period)) for part in parts]
    published = replace(
        series,
        observations=tuple(row for row in series.observations if row.source != TYPED),
        growth=tuple(row for row in series.growth if row.source != TYPED),
    )
    # A nowcast rests on what was published, and chooses among it once more.
    question = state.question
    asked = state.asked(
        NowcastQuestion,
        target,
        partial=typed,
        since=question.since,
        prefer=question.prefer,
        basis=question.basis,
        breaks=question.breaks,
        allow_gaps=False,
    )
    result = nowcast(published, asked)
    return Again((target,), (result.value,), result.lower, result.upper, result.series.unit)


def with_typed(series: Series, old: Series) -> Series:
    """The newer values with the parts that were typed before: a record has those that it used
    alone.
    """
    both: dict[str, Any] = {}
    for rows in ("observations", "growth"):
        newer = getattr(series, rows)
        periods = {row.period for row in newer}
        typed = [row for row in getattr(old, rows) if row.source == TYPED]
        both[rows] = (*newer, *(row for row in typed if row.period not in periods))
    return replace(series, **both)


def _panel(state: State, name: str, target: int) -> Again:
    import pandas as pd

    values = []
    for key, series in state.series.items():
        growth = {rate.period: rate.value for rate in series.growth}
        breaks = " ".join(map(str, series.breaks)) or None
        for level in series.observations:
            period = str(level.period)
            values.append((key, period, level.value, growth.get(level.period), breaks))
    frame = pd.DataFrame(values, columns=["series_id", "period", "value", "growth_pct", "breaks"])
    result = panel(
        frame.dropna(axis="columns", how="all"),
        year=target,
        levels=(LEVEL,),
        model=state.question.model,
        method=state.question.method,  # type: ignore[arg-type] # it is checked there
        parents=state.parents or None,
        like=[state.other(market) for market in state.question.like],
    )
    if name not in result.tree.names:
        raise InputError(f"{name} is no node any more.", "Keep the answer again.")
    node = result.tree.names.index(name)
    unit = next(iter(state.series.values())).unit
    own = result.values[node]  # noqa: PD011 - an array of ours
    return Again(result.years, own, result.lower[0][node], result.upper[0][node], unit)


def _size(state: State, _: str, target: int) -> Again:
    def now(value: Any) -> Any:
        """A driver with the values of its series that are known now."""
        if not isinstance(value, FromSeries):
            return value
        series = state.series.get(value.series.id, value.series)
        return value._replace(
            series=replace(value.series, observations=series.observations, growth=series.growth)
        )

    question = state.question
    model = read_model(TomlFile.read((question.sizing or "").encode(), "the model", Path()))
    drivers = tuple(driver._replace(value=now(driver.value)) for driver in model.drivers)
    sized = size(
        model._replace(drivers=drivers, top_down=now(model.top_down)),
        year=max([target, *question.years]),
        levels=(LEVEL,),
        draws=question.draws or DEFAULT_DRAWS,
        seed=1 if question.seed is None else question.seed,
        real=question.real,
        inflation=state.inflation,
    )
    estimates = sized.main.estimates
    return Again(
        sized.years,
        [estimate.value for estimate in estimates],
        [estimate.lower[0] for estimate in estimates],
        [estimate.upper[0] for estimate in estimates],
        sized.main.unit,
    )


_COMMANDS = {
    "project": _project,
    "batch": _batch,
    "scenario": _scenario,
    "nowcast": _nowcast,
    "panel": _panel,
    "size": _size,
}


def leading_author(record: Record) -> str:
    """The author of the leading forecasts of a record."""
    question = question_of(record)
    if record.command == "nowcast":
        return "combined"
    if record.command == "size":
        return DRIVERS
    if record.command == "scenario":
        return next(iter(question.scenarios or [""]))
    if record.command == "panel":
        return question.model
    if question.pool is not None:
        return "pool"
    first = next(iter(question.models), CONSENSUS)
    return str(first)
