"""Why the answer for a year moved: from a kept answer to a newer one in steps, each of them run.

Newer values and options replace the kept ones one after the other; what is left over is due to the
release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.history import observed_years
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.question.question import Window
from rural_forecast.record import rerun
from rural_forecast.record.asked import KeptQuestion
from rural_forecast.record.kept import KeptForecast, KeptSeries, Record, read_record, record_in
from rural_forecast.record.rerun import LEVEL, Answer, State
from rural_forecast.record.score import require_same
from rural_forecast.text.numbers import Amounts, number
from rural_forecast.text.wording import listed, spans
from rural_forecast.version import __version__

EXACT = 1e-9  # relative difference below which two releases give the same number
# What a record keeps that no step changes; the choice of values is part of the history.
NOT_RUN = (
    # Two records of one currency are compared.
    "currency",
    "converted_from",
    # Of the output.
    "year",
    "horizon",
    "levels",
    "kernels",
    "opinions",
    "all_models",
    "history",
    # They change with the values.
    "years",
    "known_parts",
    "same_definition",
    "weights",
    "top_down",
    "leaders",
)
CHOOSING = ("since", "basis", "prefer")
# Steps that else go unsaid; a total is recorded where it binds.
ONLY_IF_IT_MOVES = ("release", "markets", "within")
MOST_YEARS = 3
_SEEN = Amounts("", None).observed
Kind = Literal["kept", "release", "history", "point", "option"]


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

    def __repr__(self) -> str:
        moved = f"{self.change:,.4g} {self.series.unit}"
        return f"<Revision of {self.series.id}: {self.year} moved by {moved}>"

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
    """Explain why the answer for a year moved, step by step from a kept answer to a newer one.

    Parameters
    ----------
    old : a record, as a file or as it was read
    new : a newer record of the same command, or the data of today: a file, an id of the catalogue,
        or series; of a sizing its model
    year : the year of the answer; left out, the last one that both forecast
    series : the series, where a record has several
    options : how a file of data is read

    Raises
    ------
    InputError : a file is no record, it does not hold the values it used, or a step cannot be run;
        the units or definitions differ
    UsageError : the year is in one of the two alone, or has come; a series must be chosen; the
        newer data end earlier
    """
    kept = old if isinstance(old, Record) else read_record(str(old))
    before, first = rerun.of_record(kept, series)
    newest = before.series
    name = newest.id
    record = record_in(new)
    notes = list[Note]()
    paths = [_path(before, kept)]
    if record is not None:
        after, state = rerun.of_record(record, name if len(record.series) > 1 else None, name)
        newest = after.series
        paths = [*paths, _path(after, record)]
        if first.command != state.command or first.question.currency != state.question.currency:
            problem = f"{kept.file} and {record.file} are of two commands or currencies."
            raise UsageError(problem, "Name two records of one command and currency.")
    else:
        state, notes = rerun.of_data(new, options, first, name)
    if kept.command == "nowcast":
        state = state._replace(known={name: rerun.with_typed(state.known[name], first.known[name])})
    then = before.series
    now = newest
    if kept.command != "size" and name in first.known:
        then = first.known[name]
        now = state.known.get(name, newest)
    require_same(then, now, kept.file)
    both = set(paths[0]).intersection(*paths)
    target = year or max(both, default=0)
    ends = (first.last(name), state.last(name))
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
    steps = [_of(paths[0][target], "kept", f"from {ends[0]}" if ends[0] else "")]
    lastly = (
        [_of(paths[1][target], "release", _versions(__version__, record.version))] if record else []
    )
    for step in (*_steps(kept.version, name, first, state, target), *lastly):
        change = step.value - steps[-1].value
        if step.name not in ONLY_IF_IT_MOVES or abs(change) > EXACT * abs(steps[-1].value):
            steps.append(step._replace(change=change))
    start = steps[0]
    end = steps[-1].value
    if (
        start.lower is not None
        and start.upper is not None
        and not start.lower <= end <= start.upper
    ):
        kept_range = f"{_SEEN(start.lower)} to {_SEEN(start.upper)}"
        text = f"The newer answer is outside the range given before, {kept_range}."
        notes.append(Note("outside_range", text, warning=True))
    return Revision(newest, target, tuple(steps), kept, record, ends, tuple(notes))


def _path(kept: KeptSeries, record: Record) -> dict[int, KeptForecast]:
    """The leading forecasts of a record by year."""
    leading = rerun.leading_author(record)
    return {said.period: said for said in kept.forecasts if said.author == leading}


def _of(said: KeptForecast, kind: Literal["kept", "release"], detail: str) -> Step:
    low, high = said.bounds.get(LEVEL, (None, None))
    return Step(kind, kind, said.value, low, high, 0.0, detail)


def _steps(made_by: str, name: str, old: State, new: State, target: int) -> Iterator[Step]:
    """The answer run again after each change, from all that is old to all that is new."""

    def step(kind: Kind, what: str, detail: str, **more: Any) -> Step:
        return Step(kind, what, now.value, now.lower, now.upper, 0.0, detail, **more)

    state = old
    now = old.run(name, target)
    yield step("release", "release", _versions(made_by, __version__))
    for period, known in _changes(old, new):
        state = state._replace(known=known)
        before = now
        now = state.run(name, target)
        if period:
            yield step("point", period, **_point(state, name, period, before))
        else:
            yield step("history", "history", _restated(name, old, new, known))
    state = state._replace(known=new.known, parents=new.parents, others=new.others)
    now = state.run(name, target)
    yield step("option", "markets", "other markets, rates or prices have other data")
    for option_name in _options():
        before_it = getattr(old.question, option_name)
        after_it = getattr(new.question, option_name)
        if before_it == after_it:
            continue
        state = state._replace(question=replace(state.question, **{option_name: after_it}))
        now = state.run(name, target)
        detail = "changed"
        if option_name not in ("scenarios", "sizing"):
            detail = f"{_stated(after_it)} instead of {_stated(before_it)}"
        yield step("option", option_name, detail)


def _options() -> list[str]:
    """The options that are run again one after the other: those of a question, models first."""
    names = [each.name for each in fields(KeptQuestion)]
    chosen = {each.name for each in fields(Window)}
    run = [name for name in names if name not in chosen and name not in NOT_RUN]
    return sorted(run, key=lambda name: name != "models")


def _changes(old: State, new: State) -> Iterator[tuple[str, dict[str, Series]]]:
    """The newer series as far as the old ones went, where they differ, and then with each period
    that came since.
    """

    def until(end: date) -> dict[str, Series]:
        made = dict[str, Series]()
        for name, series in new.known.items():
            seen = (
                each
                for each in series.observations
                if each.status == "forecast" or each.period.end <= end
            )
            growth = (each for each in series.growth if each.period.end <= end)
            made[name] = replace(series, observations=tuple(seen), growth=tuple(growth))
        return made

    seen = max(
        (seen.period.end for series in old.known.values() for seen in _observed(series)),
        default=date.min,
    )
    known = until(seen)
    if _facts(known) != _facts(old.known):
        yield "", known
    later = {seen.period for series in new.known.values() for seen in _observed(series)}
    for period in sorted(period for period in later if period.end > seen):
        yield str(period), until(period.end)


def _observed(series: Series) -> list[Observation]:
    return [*(seen for seen in series.observations if seen.status != "forecast"), *series.growth]


def _facts(known: Mapping[str, Series]) -> set[tuple[str, Period, float]]:
    """All that is known, without the last digits, in which two ways to compute it may differ."""
    seen = (
        (name, each.period, each.value)
        for name, series in known.items()
        for each in _observed(series)
    )
    return {(name, period, float(f"{value:.12g}")) for name, period, value in seen}


def _versions(before: str, after: str) -> str:
    if before == after:
        return f"{after} has other learned numbers, or other markets have other data"
    return f"{after or 'unknown'} instead of {before or 'unknown'}"


def _restated(name: str, old: State, new: State, known: Mapping[str, Series]) -> str:
    was, now = (
        {seen.period.year: seen.value for seen in (observed_years(of[name]) if name in of else ())}
        for of in (old.known, known)
    )
    chosen = [
        each for each in CHOOSING if getattr(new.question, each) != getattr(old.question, each)
    ]
    both = [year for year in was if year in now and now[year] != was[year]]
    parts = [f"{each} {_stated(getattr(new.question, each))}" for each in chosen]
    if both:
        values = listed(f"{year} is {number(now[year])}, not {number(was[year])}" for year in both)
        parts.append(values if len(both) <= MOST_YEARS else f"{spans(both)} restated")
    for years, what in ((now.keys() - was.keys(), "added"), (was.keys() - now.keys(), "left out")):
        parts += [f"{spans(years)} {what}"] if years else []
    return "; ".join(parts) or listed(
        sorted({each for each, *_ in _facts(old.known) ^ _facts(known)})
    )


def _point(state: State, name: str, period: str, before: Answer) -> dict[str, Any]:
    series = state.known.get(name)
    year = int(period) if period.isdigit() else 0
    of_year = (
        [seen.value for seen in observed_years(series) if seen.period.year == year]
        if series
        else []
    )
    if series and of_year:
        how = state.exchange(series.unit)
        expected = before.path.get(year)
        came = how.value(of_year[0], year) if how else of_year[0]
        detail = f"came {_SEEN(came)}{'' if expected is None else f', not {_SEEN(expected)}'}"
        return {"detail": detail, "came": came, "expected": expected}
    if len(state.known) > 1:
        rows = [
            each
            for each, of in state.known.items()
            if any(str(seen.period) == period for seen in _observed(of))
        ]
        return {
            "detail": f"came of {listed(rows)}" if len(rows) <= MOST_YEARS else "came of its parts"
        }
    (series,) = state.known.values()
    value = [_SEEN(seen.value) for seen in series.observations if str(seen.period) == period]
    growth = [f"{seen.value:+.3g} %" for seen in series.growth if str(seen.period) == period]
    return {"detail": f"came {', '.join((*value[:1], *growth[:1]))}"}


def _stated(value: Any) -> str:
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, Mapping):
        return listed(f"{name} {_stated(each)}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed(map(_stated, value))
    return number(float(value)) if isinstance(value, int | float) else str(value)
