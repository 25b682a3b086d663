"""Explain why an answer moved: its command is run again after each change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.question.question import Window
from rural_forecast.record.asked import KeptQuestion
from rural_forecast.record.changes import (
    MOST_YEARS,
    data_changes,
    history_changes,
    in_words,
    observed_rows,
    values_of,
)
from rural_forecast.record.kept import KeptForecast, KeptSeries, Record
from rural_forecast.record.kept_state import of_record
from rural_forecast.record.newer_state import of_data, with_typed
from rural_forecast.record.reading import read_record, record_in
from rural_forecast.record.rerun import leading_author, run
from rural_forecast.record.revision import Kind, NewBasis, Revision, Step
from rural_forecast.record.same_market import require_same
from rural_forecast.record.state import LEVEL, RerunAnswer, State
from rural_forecast.text.numbers import Amounts
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
# Steps that else go unsaid; a total is recorded where it binds.
ONLY_IF_IT_MOVES = ("release", "markets", "within", "basis")
_OBSERVED = Amounts("", None).observed


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

    >>> import rural_forecast as rf
    >>> data = {2014: 180, 2015: 353, 2016: 482}
    >>> old = rf.forecast(rf.series(data, id="sales"), year=2018)
    >>> result = rf.revise(old, rf.series(data | {2017: 600}, id="sales"))
    >>> result.year, [step.name for step in result.steps][0]
    (2018, 'kept')
    """
    kept = old if isinstance(old, Record) else read_record(str(old))
    before, first = of_record(kept, series)
    newest = before.series
    name = newest.id
    record = record_in(new)
    notes = list[Note]()
    paths = [_path(before, kept)]
    if record is not None:
        after, state = of_record(record, name if len(record.series) > 1 else None, name)
        newest = after.series
        paths = [*paths, _path(after, record)]
        if first.command != state.command or first.question.currency != state.question.currency:
            problem = f"{kept.file} and {record.file} are of two commands or currencies."
            raise UsageError(problem, "Name two records of one command and currency.")
    else:
        state, notes = of_data(new, options, first, name)
    if kept.command == "nowcast":
        state = state._replace(series={name: with_typed(state.series[name], first.series[name])})
    then = before.series
    now = newest
    if kept.command != "size" and name in first.series:
        then = first.series[name]
        now = state.series.get(name, newest)
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
    answer = _of(paths[0][target], "kept", f"from {ends[0]}" if ends[0] else "")
    lastly = (
        [_of(paths[1][target], "release", _versions(__version__, record.version))] if record else []
    )
    steps = _with_changes(
        answer, (*_steps(kept.version, name, first, state, target), *lastly), notes
    )
    notes += _outside(answer, steps[-1].value)
    return Revision(newest, target, tuple(steps), kept, record, ends, tuple(notes), now)


def _with_changes(answer: Step, later: Iterable[Step], notes: list[Note]) -> list[Step]:
    """The steps with how far each moves the answer; a note names parts of years that do not."""
    steps = [answer]
    unused = []
    for step in later:
        before = steps[-1].value
        change = step.value - before
        if step.is_part_of_year and not change:
            unused.append(step.name)
        elif step.name not in ONLY_IF_IT_MOVES or abs(change) > EXACT * abs(before):
            steps.append(step._replace(change=change))
    if unused:
        move = "does" if len(unused) == 1 else "do"
        notes.append(Note("parts_not_used", f"{listed(unused)} {move} not move the answer."))
    return steps


def _outside(kept: Step, newest: float) -> Iterator[Note]:
    """Warn of a newer answer outside the range that was given before."""
    if kept.lower is None or kept.upper is None or kept.lower <= newest <= kept.upper:
        return
    kept_range = f"{_OBSERVED(kept.lower)} to {_OBSERVED(kept.upper)}"
    text = f"The newer answer is outside the range given before, {kept_range}."
    yield Note("outside_range", text, warning=True)


def _path(kept: KeptSeries, record: Record) -> dict[int, KeptForecast]:
    """The leading forecasts of a record by year."""
    leading = leading_author(record)
    return {one.period: one for one in kept.forecasts if one.author == leading}


def _of(forecast: KeptForecast, kind: Literal["kept", "release"], detail: str) -> Step:
    low, high = forecast.bounds.get(LEVEL, (None, None))
    return Step(kind, kind, forecast.value, low, high, 0.0, detail)


def _steps(release: str, name: str, old: State, new: State, target: int) -> Iterator[Step]:
    """The answer run again after each change, from all that is old to all that is new."""

    def step(kind: Kind, what: str, detail: str, **more: Any) -> Step:
        return Step(kind, what, now.value, now.lower, now.upper, 0.0, detail, **more)

    state = old
    now = run(old, name, target)
    yield step("release", "release", _versions(release, __version__))
    for period, newer in data_changes(old, new):
        state = state._replace(series=newer)
        before = now
        moved = _to_new_basis(state, name, period)
        if moved is not None:
            basis, detail = moved
            before = now = _times(now, basis.ratio)
            yield step("basis", "basis", detail, basis=basis)
        now = run(state, name, target)
        if period:
            yield step("point", period, **_point(state, name, period, before))
        else:
            yield step("history", "history", history_changes(name, old, new, newer))
    state = state._replace(series=new.series, parents=new.parents, others=new.others)
    now = run(state, name, target)
    yield step("option", "markets", "other markets, rates or prices have other data")
    for option_name in _options():
        before_it = getattr(state.question, option_name)
        after_it = getattr(new.question, option_name)
        if before_it == after_it:
            continue
        changed = {option_name: after_it}
        if option_name == "models":  # a subject moves the consensus alone
            changed["kind"] = new.question.kind
        state = state._replace(question=replace(state.question, **changed))
        now = run(state, name, target)
        detail = "changed"
        if option_name not in ("scenarios", "sizing"):
            detail = f"{in_words(after_it)} instead of {in_words(before_it)}"
        yield step("option", option_name, detail)


def _to_new_basis(state: State, name: str, period: str) -> tuple[NewBasis, str] | None:
    """Find how far the first year on a new basis moves the level of the year before, and say it.

    What the level of the new basis changes is no performance: it comes before what came.
    """
    series = state.series.get(name)
    if series is None or not period.isdigit() or state.command == "size":
        return None
    year = int(period)
    linked = annual(series, allow_gaps=True).linked if year in series.breaks else None
    for link in linked.links if linked else ():
        if link.year != year or not link.factor > 0:
            continue
        level = values_of(state.series, name).get(link.before)
        if level is None:
            return None
        how = f"{link.growth_pct:+.3g} % into {year}"
        how += " is published" if link.published else " is assumed"
        exchange = state.exchange(series.unit)
        if exchange:
            level = exchange.value(level, link.before)
        basis = NewBasis(year, link.before, level, 1 / link.factor)
        moved = _OBSERVED(basis.level)
        detail = f"{link.before} is {moved} on that of {year}, not {_OBSERVED(level)}: {how}"
        return basis, detail.replace("-", "−")
    return None


def _times(answer: RerunAnswer, ratio: float) -> RerunAnswer:
    """An answer on another basis."""
    return answer._replace(
        value=answer.value * ratio,
        lower=None if answer.lower is None else answer.lower * ratio,
        upper=None if answer.upper is None else answer.upper * ratio,
        path={year: value * ratio for year, value in answer.path.items()},
    )


def _options() -> list[str]:
    """The options that are run again one after the other: those of a question, models first."""
    names = [field.name for field in fields(KeptQuestion)]
    window = {field.name for field in fields(Window)}
    run = [name for name in names if name not in window and name not in NOT_RUN]
    return sorted(run, key=lambda name: name != "models")


def _versions(before: str, after: str) -> str:
    if before == after:
        return f"{after} has other learned numbers, or other markets have other data"
    return f"{after or 'unknown'} instead of {before or 'unknown'}"


def _point(state: State, name: str, period: str, before: RerunAnswer) -> dict[str, Any]:
    """The fields of the step of a new period: what came, and what was expected."""
    year = int(period) if period.isdigit() else 0
    values = values_of(state.series, name)
    if year in values:
        came = values[year]
        exchange = state.exchange(state.series[name].unit)
        if exchange:
            came = exchange.value(came, year)
        expected = before.path.get(year)
        detail = f"came {_OBSERVED(came)}"
        if expected is not None:
            detail += f", not {_OBSERVED(expected)}"
        return {"detail": detail, "came": came, "expected": expected}
    if len(state.series) > 1:
        names = []
        for key, series in state.series.items():
            if period in map(str, (row.period for row in observed_rows(series))):
                names.append(key)
        few = len(names) <= MOST_YEARS
        return {"detail": f"came of {listed(names)}" if few else "came of its parts"}
    (series,) = state.series.values()
    value = [_OBSERVED(row.value) for row in series.observations if str(row.period) == period]
    growth = [f"{row.value:+.3g} %" for row in series.growth if str(row.period) == period]
    return {"detail": f"came {', '.join((*value[:1], *growth[:1]))}"}
