"""Why the answer for a year moved: from a kept answer to a newer one in steps, each of them run.

The steps put newer values and options in place of the kept ones, one after the other, and run the command again:
restated history, what came since, each option. What is left over at the ends is due to the release of the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.record import rerun
from rural_forecast.record.kept import DRIVERS, KeptSeries, Record, Said, read_record, record_in
from rural_forecast.record.rerun import Answer, State
from rural_forecast.record.score import require_same
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading import read as read_all
from rural_forecast.series.source import read
from rural_forecast.text.numbers import Amounts, number
from rural_forecast.text.wording import listed, spans
from rural_forecast.version import __version__

LEVEL = 80
EXACT = 1e-9  # relative difference below which two releases give the same number
OPTIONS = (
    *("models", "ceiling", "floor", "measure", "kind", "like", "within", "pool", "model", "method", "scenarios"),
    *("sizing", "draws", "seed", "real", "inflation", "rate"),
)
"""Options of a record that are redone, in the order of their steps."""
MOST_YEARS = 3
_SEEN = Amounts("", None).seen
Kind = Literal["kept", "release", "history", "point", "option"]


class Step(NamedTuple):
    """The answer after one change, with its 80 % range if the record has it and no statement fixes the year."""

    kind: Kind
    name: str  # `kept`, `release`, `history`, the period of a new point, or the name of an option
    value: float
    lower: float | None
    upper: float | None
    change: float  # from the step before; 0 for the first
    detail: str = ""
    came: float = 0.0
    expected: float | None = None  # the forecast of that year by the step before


@dataclass(frozen=True, slots=True, eq=False)
class Revision(Comparable):
    """Two answers for one year, and the steps between them: the first is the kept forecast, the last the newest."""

    series: Series
    year: int
    steps: tuple[Step, ...]
    old: Record
    new: Record | None  # none where the newer answer is that of a source
    origins: tuple[int, int]  # last years known to the two
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return f"<Revision of {self.series.id}: {self.year} moved by {self.change:,.4g} {self.series.unit}>".rstrip()

    @property
    def change(self) -> float:
        """The whole change."""
        return self.steps[-1].value - self.steps[0].value


def revise(
    old: str | Path | Record,
    new: str | Path | Record | Series | Sequence[Series],
    *,
    year: int | None = None,
    series: str | None = None,
    options: ReadOptions | None = None,
) -> Revision:
    """Explain why the answer for a year moved, by running every step from a kept answer to a newer one.

    Parameters
    ----------
    old : a record, as a file or as it was read
    new : a newer record of the same command, or the data of today: a file, an id of the catalogue, or series; of a
        sizing its model
    year : the year of the answer; left out, the last one that both forecast
    series : the series, where a record has several
    options : how a file of data is read

    Raises
    ------
    InputError : a file is no record, it does not hold the values it used, or a step cannot be run; the units or
        definitions differ
    UsageError : the year is in one of the two alone, or has come; a series must be chosen; the newer data end earlier

    >>> import rural_forecast as rf
    >>> rf.revise("kept.json", "mofcom", year=2028)  # doctest: +SKIP
    """
    kept = old if isinstance(old, Record) else read_record(str(old))
    before = rerun.redoable(kept, series)
    name = before.series.id
    first = rerun.of_record(kept, before, name)
    record, after, doubts = record_in(new), None, tuple[Note, ...]()
    if record is not None:
        after = rerun.redoable(record, name if len(record.series) > 1 else None)
        state = rerun.of_record(record, after, name)
        commands = {each.command.replace("batch", "project") for each in (kept, record)}
        if len(commands) > 1 or kept.options.get("currency") != record.options.get("currency"):
            problem = f"{kept.file} and {record.file} are of two commands or currencies."
            raise UsageError(problem, "Name two records of one command and currency.")
    elif kept.command == "size":
        state = rerun.of_model(str(new), kept)
    else:
        given: Any = new
        if isinstance(new, str | Path):
            of_panel = kept.command == "panel"
            given = read_all(str(new), options or ReadOptions().dated()) if of_panel else read(str(new), options)
        state, doubts = rerun.of_data([given] if isinstance(given, Series) else [*given], first, name)
    if kept.command == "nowcast":
        state = state._replace(known={name: rerun.with_typed(state.known[name], first.known[name])})
    newest = after.series if after else before.series
    then, now = before.series, newest
    if kept.command != "size" and name in first.known:
        then, now = first.known[name], state.known.get(name, newest)
    require_same(then, now, kept.file)
    paths = [_path(each, of) for each, of in ((before, kept), (after, record)) if each and of]
    both = set(paths[0]).intersection(*paths)
    target, ends = year or max(both, default=0), (first.last(name), state.last(name))
    problem = hint = ""
    if target not in both:
        problem = f"There are not two forecasts of {year or 'one year'}."
        hint = f"Both have {spans(both)}." if both else "They share no year."
    elif ends[1] < ends[0]:
        problem = f"The newer data end in {ends[1]}, before the kept forecast's, in {ends[0]}."
        hint = "Name the older record first."
    elif ends[1] >= target and kept.command != "size":
        problem = f"{target} has come: the newer data go to {ends[1]}."
        hint = f"'score' compares the forecast with it; or ask for {option('year', ends[1] + 1)}."
    if problem:
        raise UsageError(problem, hint)
    last = (paths[1][target], record.version) if record else None
    steps = tuple(_steps(kept.version, name, paths[0][target], first, state, target, last))
    notes, (start, end) = [*doubts], (steps[0], steps[-1])
    if start.lower is not None and start.upper is not None and not start.lower <= end.value <= start.upper:
        side = "below" if end.value < start.lower else "above"
        ends_of = f"{_SEEN(start.lower)} to {_SEEN(start.upper)}"
        text = f"The newer answer is {side} the range given before, {ends_of}."
        notes.append(Note("outside_range", text, warning=True))
    return Revision(newest, target, steps, kept, record, ends, tuple(notes))


def _path(kept: KeptSeries, record: Record) -> dict[int, Said]:
    models = record.options.get("models") or ["consensus"]
    leading = {
        "nowcast": ["combined"],
        "size": [DRIVERS],
        "scenario": list(record.options.get("scenarios") or {}),
        "panel": [str(record.options.get("model", "consensus"))],
    }.get(record.command, ["pool"] if record.options.get("pool") is not None else models)
    return {said.period: said for said in kept.said if said.author == leading[0]}


def _steps(
    made_by: str, name: str, first: Said, old: State, new: State, target: int, last: tuple[Said, str] | None
) -> Iterator[Step]:
    origin, value, (low, high) = old.last(name), first.value, first.bounds.get(LEVEL, (None, None))
    yield Step("kept", "kept", value, low, high, 0.0, f"from {origin}" if origin else "")

    def step(kind: Kind, what: str, now: Answer, detail: str, always: bool = True, **more: Any) -> Iterator[Step]:
        nonlocal value
        change = now.value - value
        if always or abs(change) > EXACT * abs(value):  # others only where they move the answer
            value = now.value
            yield Step(kind, what, now.value, now.lower, now.upper, change, detail, **more)

    state, now = old, old.run(name, target, LEVEL)
    yield from step("release", "release", now, _versions(made_by, __version__), always=False)
    for period, known in _changes(old, new):
        state, before = state._replace(known=known), now.path
        now = state.run(name, target, LEVEL)
        if period:
            yield from step("point", period, now, **_point(state, name, period, before))
        else:
            yield from step("history", "history", now, _restated(name, old, new, known))
    state = state._replace(known=new.known, parents=new.parents, others=new.others)
    text = "other markets, rates or prices have other data"
    yield from step("option", "markets", state.run(name, target, LEVEL), text, always=False)
    for each in OPTIONS:
        was, asked = old.options.get(each), new.options.get(each)
        if was != asked:
            state = state._replace(options={**state.options, each: asked})
            detail = "changed" if each in ("scenarios", "sizing") else f"{_stated(asked)} instead of {_stated(was)}"
            # a record names a total only where it binds
            yield from step("option", each, state.run(name, target, LEVEL), detail, always=each != "within")
    if last is not None:
        said, version = last
        low, high = said.bounds.get(LEVEL, (None, None))
        now = Answer(said.value, low, high, {})
        yield from step("release", "release", now, _versions(__version__, version), always=False)


def _changes(old: State, new: State) -> Iterator[tuple[str, dict[str, Series]]]:
    seen = max((seen.period.end for series in old.known.values() for seen in _observed(series)), default=date.min)
    until = _until(new.known, seen)
    if _facts(until) != _facts(old.known):
        yield "", until
    later = {seen.period for series in new.known.values() for seen in _observed(series)}
    for period in sorted(period for period in later if period.end > seen):
        yield str(period), _until(new.known, period.end)


def _observed(series: Series) -> list[Observation]:
    return [*(seen for seen in series.observations if seen.status != "forecast"), *series.growth]


def _facts(known: Mapping[str, Series]) -> set[tuple[str, Period, float]]:
    return {
        (name, seen.period, rerun.rounded(seen.value)) for name, series in known.items() for seen in _observed(series)
    }


def _until(known: Mapping[str, Series], end: date) -> dict[str, Series]:
    made = {}
    for name, series in known.items():
        seen = (each for each in series.observations if each.status == "forecast" or each.period.end <= end)
        growth = (each for each in series.growth if each.period.end <= end)
        made[name] = replace(series, observations=tuple(seen), growth=tuple(growth))
    return made


def _versions(before: str, after: str) -> str:
    if before == after:
        return f"{after} has other learned numbers, or other markets have other data"
    return f"{after or 'unknown'} instead of {before or 'unknown'}"


def _restated(name: str, old: State, new: State, known: Mapping[str, Series]) -> str:
    was, now = rerun.values_of(old.known.get(name)), rerun.values_of(known.get(name))
    chosen = [each for each in rerun.CHOOSING if new.options.get(each) != old.options.get(each)]
    both = [year for year in was if year in now and now[year] != was[year]]
    parts = [f"{each} {_stated(new.options.get(each))}" for each in chosen]
    if both:
        values = listed(f"{year} is {number(now[year])}, not {number(was[year])}" for year in both)
        parts.append(values if len(both) <= MOST_YEARS else f"{spans(both)} restated")
    for years, what in ((now.keys() - was.keys(), "added"), (was.keys() - now.keys(), "left out")):
        parts += [f"{spans(years)} {what}"] if years else []
    return "; ".join(parts) or listed(sorted({each for each, *_ in _facts(old.known) ^ _facts(known)}))


def _point(state: State, name: str, period: str, before: Mapping[int, float]) -> dict[str, Any]:
    series, year = state.known.get(name), int(period) if period.isdigit() else 0
    if year and (values := rerun.values_of(series)).get(year) is not None and series is not None:
        how, expected = state.exchange(series.unit), before.get(year)
        came = how.value(values[year], year) if how else values[year]
        detail = f"came {_SEEN(came)}{'' if expected is None else f', not {_SEEN(expected)}'}"
        return {"detail": detail, "came": came, "expected": expected}
    if len(state.known) > 1:
        rows = [each for each, of in state.known.items() if any(str(seen.period) == period for seen in _observed(of))]
        return {"detail": f"came of {listed(rows)}" if len(rows) <= MOST_YEARS else "came of its parts"}
    (series,) = state.known.values()
    value = [_SEEN(seen.value) for seen in series.observations if str(seen.period) == period]
    growth = [f"{seen.value:+.3g} %" for seen in series.growth if str(seen.period) == period]
    return {"detail": f"came {', '.join((*value[:1], *growth[:1]))}"}


def _stated(value: Any) -> str:
    if value in (None, [], {}):
        return "none"
    if isinstance(value, Mapping):
        return listed(f"{name} {_stated(each)}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed(map(_stated, value))
    return number(float(value)) if isinstance(value, int | float) else str(value)
