"""`series list` and `series show`: the catalogue, every value of a series with its source, and its dated targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rural_forecast.document.table import Column, Document, Remark, Table
from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Reach, Target
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Observation, Series, Source
from rural_forecast.series.preference import by_period, preferred
from rural_forecast.text.headline import headline
from rural_forecast.text.numbers import Amounts, number, observed_places, sparkline
from rural_forecast.text.wording import capital, counted, sentence
from rural_forecast.views.about import about_series, remarks, title_of
from rural_forecast.views.table import Field, growth_column, tabulated, toned

COURSE = 10
"""Years of a course in a list."""
_ON_SCREEN = ("period", "value", "qualifier", "status", "published_growth_pct", "source")
_MARKS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def matching(every: Iterable[Series], words: Sequence[str]) -> list[Series]:
    """The series whose text holds every word."""

    def holds(series: Series) -> bool:
        text = f"{series.id} {series.alias} {series.title} {series.publisher}".lower()
        return all(word.lower() in text for word in words)

    return list(filter(holds, every))


def listing(every: Iterable[Series], courses: Mapping[str, str] | None = None) -> Document:
    """One row a series; `courses` are pictures of its values in characters, for people."""
    every = tuple(every)
    periods = {one.id: by_period(one.observations) for one in every}
    ends: dict[str, Sequence[int | None]] = {
        name: [period.year for period in known] or [None] for name, known in periods.items()
    }
    fields: list[Field[Series]] = [
        (Column("series_id", "Series"), lambda series: series.id),
        (Column("alias", "Alias"), lambda series: series.alias or None),
        (Column("title", "Title"), lambda series: series.title),
        (Column("measure", "Measure"), lambda series: series.measure),
        (Column("unit", "Unit"), lambda series: series.unit),
        (Column("first", "First", "year"), lambda series: ends[series.id][0]),
        (Column("last", "Last", "year"), lambda series: ends[series.id][-1]),
        (Column("n", "Years", "integer"), lambda series: sum(period.is_year for period in periods[series.id])),
        (Column("publisher", "Publisher"), lambda series: series.publisher),
    ]
    people: list[Field[Series]] = [
        (Column("series_id", "Series"), lambda series: series.label),
        (Column("unit", "Unit"), lambda series: series.unit),
        (Column("years", "Years"), lambda series: "–".join(sorted({str(ends[series.id][at]) for at in (0, -1)}))),
    ]
    if courses is not None:
        people.append((Column("course", "Course"), lambda series: courses.get(series.id)))
    title = f"{len(every)} series of the catalogue"
    each = "Each: rural-forecast series show NAME. A NAME serves every command as SOURCE."
    summary = each if every else "No series holds every word. 'rural-forecast series list' shows all."
    records, shown = tabulated(every, *fields), tabulated(every, *people)
    return Document("series list", records, title, summary=(summary,), sections=(shown,))


def courses(chosen: Iterable[Series]) -> dict[str, str]:
    """The whole years of each series as block characters."""
    return {series.id: sparkline([seen.value for seen in observed_years(series)], longest=COURSE) for series in chosen}


def everything(series: Series, notes: Sequence[Note] = ()) -> Document:
    """Every value of a series with its source; the one that is used for its period is marked."""
    used = set(map(id, preferred(series.observations, series.sources).values()))
    growth = {seen.period: seen.value for seen in series.growth}
    fields: list[Field[Observation]] = [
        (Column("series_id"), lambda _: series.id),
        (Column("period", "Period"), lambda seen: str(seen.period)),
        (Column("value", "Value", "number"), lambda seen: seen.value),
        (Column("qualifier", ""), lambda seen: seen.qualifier),
        (Column("status", "Status"), lambda seen: seen.status),
        (Column("used", "Used", "boolean"), lambda seen: id(seen) in used),
        (
            growth_column("published_growth_pct", "Growth as published"),
            lambda seen: growth.get(seen.period) if id(seen) in used else None,
        ),
        (Column("source", "Source", label=True), lambda seen: seen.source or None),
        (Column("note"), lambda seen: seen.note or None),
        (Column("unit"), lambda _: series.unit),
    ]
    people = toned(
        replace(_unmarked(tabulated(series.observations, *fields[1:-1])), title="Every value"),
        ("plain" if id(seen) in used else "dim" for seen in series.observations),
    )
    facts = [series.id, f"Unit: {series.unit}" if series.unit else "", f"Measure: {series.measure}", series.frequency]
    facts += [f"Breaks: {', '.join(map(str, series.breaks))}" if series.breaks else ""]
    values = [seen for seen in series.observations if id(seen) in used and seen.status != "forecast"]
    years = [seen for seen in observed_years(series) if id(seen) in used]
    screen = _unmarked(tabulated(values, *(field for field in fields if field[0].key in _ON_SCREEN)))
    caveat = (Remark(f"Caveat: {sentence(series.caveat)}", code="caveat"),) if series.caveat else ()
    return Document(
        command="series show",
        records=tabulated(series.observations, *fields),
        title=headline(title_of(series), _last(series, years[-1:])).text,
        about=(series.definition,),
        summary=(" · ".join(filter(None, facts)), f"Publisher: {series.publisher}" if series.publisher else ""),
        sections=(screen, people, *((_sources(series.sources),) if series.sources else ())),
        brief="-f markdown",
        notes=(*remarks((*series.reading_notes, *notes)), *caveat),
        series=(about_series(series),),
    )


def _last(series: Series, last: Sequence[Observation]) -> str:
    """Give the value of the last year, or the number of values."""
    if not last:
        return counted(len(series.observations), "value")
    (seen,) = last
    value = Amounts(series.unit, observed_places(seen.value))
    return f"{value.full(seen.value)} in {seen.period}"


def _unmarked(table: Table) -> Table:
    """A table for people, to whom a qualifier `=` means nothing."""
    return replace(table, rows=tuple(tuple("" if cell == "=" else cell for cell in row) for row in table.rows))


def _sources(sources: Mapping[str, Source]) -> Table:
    return tabulated(
        sources.values(),
        (Column("source_id", "Source"), lambda source: source.id),
        (Column("publisher", "Publisher"), lambda source: source.publisher or None),
        (Column("title", "Title"), lambda source: source.title or None),
        (Column("date", "Date"), lambda source: source.dated or None),
        (Column("reach", "Read at"), lambda source: source.reach or None),
        (Column("url"), lambda source: source.url or None),
        title="Sources",
    )


def target_notes(series: Series, targets: Iterable[Target]) -> list[Note]:
    """The dated targets of a series in words."""
    return [Note("target", target_sentence(target, series.unit)) for target in targets]


def target_sentence(target: Target, unit: str) -> str:
    """One target: whether it is reached, the growth it needs, and when the forecast reaches it."""
    plan = target.plan
    amount = f"{_MARKS[plan.qualifier]}{number(plan.value)}{f' {unit}' if unit and unit != 'count' else ''}"
    about = "; ".join(filter(None, (f"{plan.author}{f', {plan.dated}' if plan.dated else ''}", plan.note)))
    parts = [f"Target of {amount} for {plan.period} ({about}): {_verdict(target)}"]
    if target.needed_pct is not None:
        needs = "It needed" if target.due else "It needs"
        parts.append(f"{needs} {target.needed_pct:+.0f} % a year from there{_pace(target)}.")
    if target.reach is not None:
        parts.append(_reaching(target.reach))
    return " ".join(parts)


def _value(seen: Observation) -> str:
    return f"{_MARKS[seen.qualifier]}{number(seen.value)} in {seen.period}{f' ({seen.note})' if seen.note else ''}"


def _verdict(target: Target) -> str:
    last, by = target.last, target.reached
    if last is None:
        return "open. No value of it is known."
    if by is not None and target.state != "missed":
        late = "" if by.period.end <= target.plan.period.end else "; whether in time is not known"
        return f"reached, {_value(by)}{late}."
    if target.state == "missed":
        return f"missed; reached later, {_value(by)}." if by is not None else f"missed; {_value(last)}."
    since = "no value is known since" if target.due else "the last known value"
    passed = ", and its date has passed" if target.due else ""
    return f"{target.state}. {capital(_value(last))}; {since}{passed}."


def _pace(target: Target) -> str:
    if target.pace_pct is None or target.start is None or target.last is None:
        return ""
    return f", against {target.pace_pct:+.0f} % achieved ({target.start.period} to {target.last.period})"


def _reaching(reach: Reach) -> str:
    if reach.year is None:
        early = f"; its {LEVEL} % interval does in {reach.earliest} at the earliest" if reach.earliest else ""
        return f"The forecast does not reach it within {FARTHEST} years{early}."
    latest = reach.latest or f"not within {FARTHEST} years"
    return f"The forecast reaches it in {reach.year} ({LEVEL} %: {reach.earliest} to {latest})."
