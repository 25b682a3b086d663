"""Why the answer for a year moved: from a kept forecast to a newer one in steps, each of them run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.errors import InputError, ModelError, Place, UsageError, option
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.pool import pooled
from rural_forecast.notes import Note
from rural_forecast.record.kept import KeptSeries, Record, Said, is_record, read_record
from rural_forecast.record.score import require_same
from rural_forecast.series.history import annual
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.source import read
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.numbers import Amounts, number
from rural_forecast.text.wording import listed, spans
from rural_forecast.version import __version__

LEVEL = 80
EXACT = 1e-9
"""Relative difference below which two releases give the same number."""
OPTIONS = ("models", "ceiling", "floor", "measure", "kind", "pool")
"""Options of a record that are redone, in the order of their steps."""
CHOOSING = ("since", "basis", "prefer")
"""Options that choose the values; a change of one is part of the history."""
MOST_YEARS = 3
"""Restated years that a step names with their values."""
_SEEN = Amounts("", None).seen
Kind = Literal["kept", "release", "history", "point", "option"]


class Step(NamedTuple):
    """The answer after one change."""

    kind: Kind
    name: str
    """`kept`, `release`, `history`, the year of a new point, or the name of an option."""
    value: float
    lower: float | None
    """Of the 80 % range; None where the record has another level."""
    upper: float | None
    change: float
    """From the step before; 0 for the first."""
    detail: str = ""
    year: int = 0
    """Of a new point."""
    came: float = 0.0
    expected: float | None = None
    """The forecast of that year by the step before."""


@dataclass(frozen=True, slots=True, eq=False)
class Revision(Comparable):
    """Two answers for one year, and the steps between them."""

    series: Series
    """The newer one."""
    year: int
    steps: tuple[Step, ...]
    """The first is the kept forecast, the last the newest one."""
    old: Record
    new: Record | None
    """None where the newer answer is that of a source."""
    origins: tuple[int, int]
    """Last years known to the two."""
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return f"<Revision of {self.series.id}: {self.year} moved by {self.change:,.4g} {self.series.unit}>".rstrip()

    @property
    def change(self) -> float:
        """The whole change."""
        return self.steps[-1].value - self.steps[0].value


class _Answer(NamedTuple):
    """The answer for the year, and the forecasts up to it."""

    value: float
    lower: float
    upper: float
    path: Mapping[int, float]


def revise(
    old: str | Path | Record,
    new: str | Path | Record | Series,
    *,
    year: int | None = None,
    series: str | None = None,
    options: ReadOptions | None = None,
) -> Revision:
    """Explain why the answer for a year moved, by running every step from a kept forecast to a newer one.

    Parameters
    ----------
    old : a record of `project` or `batch`, as a file or as it was read
    new : a newer record, or the data of today: a file, an id of the catalogue, or a series
    year : the year of the answer; left out, the last one that both forecast
    series : the series, where a record has several
    options : how a file of data is read

    Raises
    ------
    InputError : a file is no record, or it does not hold the values it used; the units or definitions differ
    UsageError : the year is in one of the two alone, or has come; a series must be chosen; the newer data end earlier

    >>> import rural_forecast as rf
    >>> rf.revise("kept.json", "mofcom", year=2028)  # doctest: +SKIP
    """
    kept = old if isinstance(old, Record) else read_record(str(old))
    record = new if isinstance(new, Record) else None
    if record is None and not isinstance(new, Series) and is_record(str(new)):
        record = read_record(str(new))
    doubts: tuple[Note, ...] = ()
    if record is not None:
        before = redoable(kept, series)
        after = redoable(record, before.series.id if len(record.series) > 1 else None)
        newest, chosen = after.series, {name: record.options.get(name) for name in OPTIONS}
        target = _target(before, after, year, kept, record)
    else:
        source = new if isinstance(new, Series) else read(str(new), options)
        named = source.id if source.id in {each.series.id for each in kept.series} else None
        before, after = redoable(kept, series or named), None
        newest, doubts = _used(source, kept.options)
        chosen = {name: kept.options.get(name) for name in OPTIONS}
        target = year or max(said.period for said in before.said)
    require_same(before.series, newest, kept.file)
    if target not in _path(before, kept):
        last = max(_path(before, kept), default=target)
        raise UsageError(f"{kept.file} has no forecast of {target}.", f"Ask for {option('year', last)}, say.")
    known = _values(newest)
    old_values = _values(before.series)
    if max(known) < max(old_values):
        problem = f"The newer data end in {max(known)}, before the kept forecast's, in {max(old_values)}."
        raise UsageError(problem, "Name the older record first.")
    if max(known) >= target:
        problem = f"{target} has come: the newer data go to {max(known)}."
        raise UsageError(
            problem, f"'score' compares the forecast with it; or ask for {option('year', max(known) + 1)}."
        )
    steps = tuple(_steps(kept, before, newest, chosen, target, record, after))
    origins = max(old_values), max(known)
    return Revision(newest, target, steps, kept, record, origins, (*doubts, *_notes(steps)))


def redoable(record: Record, name: str | None) -> KeptSeries:
    """One series of a record. Raises InputError if it cannot be redone; UsageError if one must be chosen."""
    place = Place(record.file, record.file)
    if record.command not in ("project", "batch"):
        what = f"this is a record of {record.command}" if record.command else "these are rows without options"
        raise InputError(f"{what}.", "revise redoes records of project and batch.", place=place)
    if (currency := record.options.get("currency")) is not None:
        hint = "Keep it without --currency."
        raise InputError(f"a forecast shown in {shown(str(currency))} cannot be redone.", hint, place=place)
    if others := [option(each) for each in ("like", "within") if record.options.get(each)]:
        hint = f"Keep it without {' and '.join(others)}."
        raise InputError("a forecast that rests on other series cannot be redone.", hint, place=place)
    chosen = [each for each in record.series if name in (None, each.series.id)]
    if len(chosen) != 1:
        ids = quoted([each.series.id for each in record.series])
        code = "choice_needed" if chosen else "unknown_name"
        raise UsageError(f"{record.file} has {ids}.", f"Choose one with {option('series', 'NAME')}.", code=code)
    if not any(seen.status != "forecast" for seen in chosen[0].series.observations):
        hint = "Records of 3.0 do, and those of 2.x made with --history."
        raise InputError("the record does not hold the values that it rests on.", hint, place=place)
    return chosen[0]


def _used(source: Series, options: Mapping[str, Any]) -> tuple[Series, tuple[Note, ...]]:
    """The values of a source that the options of a record choose, and what is wrong with them."""
    chosen = {name: options[name] for name in CHOOSING if options.get(name) is not None}
    history = annual(source, allow_gaps=True, **chosen)
    published = (seen for seen in source.observations if seen.status == "forecast")
    warnings = tuple(note for note in history.notes if note.warning)
    return replace(source, observations=(*history.observations, *published), growth=()), warnings


def _values(series: Series) -> dict[int, float]:
    return {seen.period.year: seen.value for seen in series.observations if seen.status != "forecast"}


def _path(kept: KeptSeries, record: Record) -> dict[int, Said]:
    """The leading forecast by year."""
    models = record.options.get("models") or ["consensus"]
    author = "pool" if record.options.get("pool") is not None else models[0]
    return {said.period: said for said in kept.said if said.author == author}


def _target(before: KeptSeries, after: KeptSeries, year: int | None, old: Record, new: Record) -> int:
    both = set(_path(before, old)) & set(_path(after, new))
    if not both or (year is not None and year not in both):
        years = f" They share {spans(both)}." if both else ""
        raise UsageError(
            f"{old.file} and {new.file} do not both forecast {year or 'any year'}.", f"Name others.{years}"
        )
    return year or max(both)


def _steps(
    kept: Record,
    before: KeptSeries,
    newest: Series,
    chosen: Mapping[str, Any],
    target: int,
    record: Record | None,
    after: KeptSeries | None,
) -> Iterator[Step]:
    first = _path(before, kept)[target]
    lower, upper = first.bounds.get(LEVEL, (None, None))
    yield Step("kept", "kept", first.value, lower, upper, 0.0, f"from {max(_values(before.series))}")
    shown_value = first.value

    def step(kind: Kind, name: str, now: _Answer, detail: str, **more: Any) -> Step:
        nonlocal shown_value
        change, shown_value = now.value - shown_value, now.value
        return Step(kind, name, now.value, now.lower, now.upper, change, detail, **more)

    old_values, known = _values(before.series), _values(newest)
    options = {name: kept.options.get(name) for name in OPTIONS}
    now = _run(before.series, old_values, options, target)
    if abs(now.value - first.value) > EXACT * abs(first.value):
        yield step("release", "release", now, _versions(kept.version, __version__))
    origin = max(old_values)
    restated = {year: value for year, value in known.items() if year <= origin}
    if restated != old_values:
        now = _run(newest, restated, options, target)
        yield step("history", "history", now, _restated(old_values, restated, kept, record))
    for year in range(origin + 1, max(known) + 1):
        expected = now.path.get(year)
        now = _run(newest, {each: value for each, value in known.items() if each <= year}, options, target)
        forecast_was = "" if expected is None else f", not {_SEEN(expected)}"
        detail = f"came {_SEEN(known[year])}{forecast_was}"
        yield step("point", str(year), now, detail, year=year, came=known[year], expected=expected)
    for name in OPTIONS:
        if chosen[name] != options[name]:
            detail = f"{_stated(chosen[name])} instead of {_stated(options[name])}"
            options = {**options, name: chosen[name]}
            now = _run(newest, known, options, target)
            yield step("option", name, now, detail)
    if record is not None and after is not None:
        last = _path(after, record)[target]
        if abs(now.value - last.value) > EXACT * abs(last.value):
            lower, upper = last.bounds.get(LEVEL, (None, None))
            change = last.value - shown_value
            detail = _versions(__version__, record.version)
            yield Step("release", "release", last.value, lower, upper, change, detail)


def _run(about: Series, values: Mapping[int, float], options: Mapping[str, Any], target: int) -> _Answer:
    """Forecast a year from values, by options of a record. Raises InputError if that cannot be done any more."""
    published = [seen for seen in about.observations if seen.status == "forecast"]
    seen = {seen.period.year: seen for seen in about.observations if seen.status != "forecast"}
    observations = [
        replace(seen.get(year) or Observation(Period(year), value), value=value, derived=False, derivation=None)
        for year, value in sorted(values.items())
    ]
    series = replace(about, observations=(*observations, *published), growth=(), breaks=(), market_kind="", within="")
    asked = {
        name: value for name in ("ceiling", "floor", "measure", "kind") if (value := options.get(name)) is not None
    }
    if "ceiling" in asked:
        asked["ceiling"] = tuple(asked["ceiling"])
    try:
        made = forecast(series, year=target, models=options.get("models") or (), levels=(LEVEL,), **asked)
        made = made if options.get("pool") is None else pooled(made, options["pool"])
    except (UsageError, ModelError, TypeError, ValueError, AttributeError) as error:
        hint = "Keep the forecast again with this release."
        raise InputError(f"A step of the revision cannot be run: {error}", hint) from error
    path = dict(zip(made.years, made.best.values.tolist(), strict=True))
    return _Answer(made.best.last, *made.best.ends(0), path)


def _versions(before: str, after: str) -> str:
    if before == after:
        return f"{after} has other learned numbers"
    return f"{after or 'unknown'} instead of {before or 'unknown'}"


def _restated(old: Mapping[int, float], new: Mapping[int, float], kept: Record, record: Record | None) -> str:
    """Say what differs in the years that both know."""
    both = [year for year in old if year in new and new[year] != old[year]]
    parts = []
    if record is not None:
        changed = [name for name in CHOOSING if record.options.get(name) != kept.options.get(name)]
        parts += [f"{name} {_stated(record.options.get(name))}" for name in changed]
    if both:
        values = listed(f"{year} is {number(new[year])}, not {number(old[year])}" for year in both)
        parts.append(values if len(both) <= MOST_YEARS else f"{spans(both)} restated")
    for years, what in ((new.keys() - old.keys(), "added"), (old.keys() - new.keys(), "left out")):
        parts += [f"{spans(years)} {what}"] if years else []
    return "; ".join(parts)


def _stated(value: Any) -> str:
    if value in (None, [], {}):
        return "none"
    if isinstance(value, Mapping):
        return listed(f"{name} {share:g}" for name, share in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        numbers = all(isinstance(each, int | float) for each in value)
        return " to ".join(map(number, value)) if numbers else listed(map(str, value))
    return number(float(value)) if isinstance(value, int | float) else str(value)


def _notes(steps: Sequence[Step]) -> Iterator[Note]:
    first = steps[0]
    if first.lower is not None and first.upper is not None and not first.lower <= steps[-1].value <= first.upper:
        side = "below" if steps[-1].value < first.lower else "above"
        ends = f"{_SEEN(first.lower)} to {_SEEN(first.upper)}"
        yield Note("outside_range", f"The newer answer is {side} the range given before, {ends}.", warning=True)
