"""All that an answer follows from, of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.observed.money.units import currency_of, with_currency
from rural_forecast.observed.observation import (
    Observation,
    Qualifier,
    Series,
    Status,
)
from rural_forecast.observed.period import Period, parse
from rural_forecast.observed.reading.names import likeness
from rural_forecast.observed.reading.schema import breaks_in
from rural_forecast.record.asked import question_of
from rural_forecast.record.kept import REDONE, KeptSeries, Record
from rural_forecast.record.state import State
from rural_forecast.text.cells import quoted, shown


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
    others = {key: _as_stated(other, record) for key, other in record.inputs.items()}

    if command == "panel":
        nodes = {*record.parents, *record.parents.values()}
        inputs = {key: node for key, node in others.items() if key in nodes}
    elif command == "size":
        rate = str(options.get("rate")).rpartition("::")[2]
        inflation = str(options.get("inflation")).rpartition("::")[2]
        inputs.pop(rate, None)
        inputs.pop(inflation, None)
    else:
        if command == "batch":  # a total is a series of the same file
            for part in record.series:
                others[part.series.id] = _with_bases(_as_stated(part.series, record), record)
            own = others[own.id]
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
    """The series of that name, or the one like it; the only one for None.

    Raises UsageError for any other number.
    """
    chosen = list(record.series)
    if series is not None:
        grades = [likeness(part.series.id, series) for part in record.series]
        best = max(1, *grades)
        chosen = [part for part, grade in zip(chosen, grades, strict=True) if grade == best]
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


def _as_stated(series: Series, record: Record) -> Series:
    """The series with what its file or title stated, which its rows lack."""
    stated = record.stated.get(series.id)
    if stated is None:
        return series
    if not isinstance(stated, Mapping) or any(
        not isinstance(text, str) for text in stated.values()
    ):
        raise InputError(f"the record states no columns of {shown(series.id)}.", "Keep it again.")
    own = {key: stated[key] for key in ("measure", "market_kind", "within") if key in stated}
    return replace(series, **own)


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
