"""`series list`, `show` and `sources` as documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.notes import Note
from rural_forecast.series.catalogue import Summary
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Observation, Series, Source
from rural_forecast.series.period import parse
from rural_forecast.series.preference import prefer
from rural_forecast.text.wording import sentence
from rural_forecast.views.common import about_series
from rural_forecast.views.notes import remarks
from rural_forecast.views.sparkline import sparkline

if TYPE_CHECKING:
    from rural_forecast.forecasting.targets import Target


def matching(summaries: Iterable[Summary], words: Sequence[str]) -> list[Summary]:
    """The series whose text holds every word."""
    wanted = [word.lower() for word in words]
    return [
        one
        for one in summaries
        if all(word in f"{one.series_id} {one.alias} {one.title} {one.publisher}".lower() for word in wanted)
    ]


def listing(summaries: Iterable[Summary], courses: Mapping[str, str] | None = None) -> Document:
    """One row a series; `courses` are pictures of its values in characters, for people."""
    summaries = tuple(summaries)
    rows = tuple(
        (s.series_id, s.alias or None, s.title, s.measure, s.unit, _year(s.first), _year(s.last), s.n, s.publisher)
        for s in summaries
    )
    columns = (
        Column("series_id", "Series"),
        Column("alias", "Alias"),
        Column("title", "Title"),
        Column("measure", "Measure"),
        Column("unit", "Unit"),
        Column("first", "First", "year"),
        Column("last", "Last", "year"),
        Column("n", "Years", "integer"),
        Column("publisher", "Publisher"),
    )
    short = (0, 1, 3, 4, 5, 6, 7)
    people = Table(tuple(columns[i] for i in short), tuple(tuple(row[i] for i in short) for row in rows))
    if courses is not None:
        drawn = (courses.get(one.series_id) for one in summaries)
        wider = tuple((*row, course) for row, course in zip(people.rows, drawn, strict=True))
        people = Table((*people.columns, Column("course", "Course")), wider)
    return Document(
        command="series list",
        records=Table(columns, rows),
        title="Series of the catalogue",
        summary=(
            f"{len(rows)} series. 'rural-forecast series show ID' tells what each one is."
            if rows
            else "No series holds every word. 'rural-forecast series list' shows all.",
        ),
        sections=(people,),
    )


def courses(found: Iterable[Series]) -> dict[str, str]:
    """The whole years of each series as block characters."""
    return {series.id: sparkline([seen.value for seen in observed_years(series)]) for series in found}


def _year(period: str) -> int | None:
    return parse(period).year if period else None


def everything(series: Series, plans: Sequence[Target] = (), notes: Sequence[Note] = ()) -> Document:
    """Every value of a series with its source; the one that is used for its period stands out."""
    from rural_forecast.forecasting.targets import told  # loads NumPy, which the lists do without

    by_period: dict[object, list[Observation]] = {}
    for seen in series.observations:
        if seen.status != "forecast":
            by_period.setdefault(seen.period, []).append(seen)
    used = {id(prefer(group, series.sources)) for group in by_period.values()}
    growth = {seen.period: seen.value for seen in series.growth}
    columns = (
        Column("series_id"),
        Column("period", "Period"),
        Column("value", "Value", "number"),
        Column("qualifier", ""),
        Column("status", "Status"),
        Column("used", "Used", "boolean"),
        Column("published_growth_pct", "Growth as published", "percent", 1, sign=True),
        Column("source", "Source", label=True),
        Column("note"),
        Column("unit"),
    )
    rows: list[tuple[Cell, ...]] = []
    tones: list[Tone] = []
    for seen in series.observations:
        chosen = id(seen) in used
        published = growth.get(seen.period) if chosen else None
        rows.append(
            (
                series.id,
                str(seen.period),
                seen.value,
                seen.qualifier,
                seen.status,
                chosen,
                published,
                seen.source or None,
                seen.note or None,
                series.unit,
            )
        )
        tones.append("plain" if chosen else "dim")
    seen_by_people = tuple(_unmarked(row)[1:-1] for row in rows)
    people = Table(columns[1:-1], seen_by_people, tones=tuple(tones))
    facts = [f"Unit: {series.unit}" if series.unit else "", f"Measure: {series.measure}", series.frequency]
    return Document(
        command="series show",
        records=Table(columns, tuple(rows)),
        title=f"{series.title or series.id} ({series.id})",
        subtitle=series.definition,
        summary=(
            " · ".join(fact for fact in facts if fact),
            f"Publisher: {series.publisher}" if series.publisher else "",
            f"Breaks: nothing is computed across {', '.join(map(str, series.breaks))}" if series.breaks else "",
        ),
        sections=(people, _sources(series.sources)) if series.sources else (people,),
        notes=(
            *remarks((*series.reading_notes, *notes)),
            *(Remark(told(plan, series.unit), code="target") for plan in plans),
            *((Remark(f"Caveat: {sentence(series.caveat)}", code="caveat"),) if series.caveat else ()),
        ),
        series=(about_series(series),),
    )


def planned(found: Sequence[tuple[Series, Target]]) -> Document:
    """One row a dated target."""
    columns = (
        Column("series_id", "Series"),
        Column("period", "For"),
        Column("target", "Target", "number"),
        Column("qualifier", ""),
        Column("author", "By"),
        Column("announced", "Announced"),
        Column("last_period", "Last known"),
        Column("last_value", "Value", "number", follows=True),
        Column("last_qualifier", ""),
        Column("needed_pct", "Needs a year", "percent", 0, sign=True),
        Column("pace_pct", "Pace a year", "percent", 0, sign=True),
        Column("reaches", "Forecast reaches", "year"),
        Column("reaches_earliest", "Earliest", "year", follows=True),
        Column("reaches_latest", "Latest", "year", follows=True),
        Column("state", "State"),
        Column("unit", "Unit"),
    )
    rows = tuple(_plan(series, one) for series, one in found)
    brief = {"author", "announced", "unit"}  # 'series show' tells these
    named = [(series.label, *_unmarked(row)[1:]) for (series, _), row in zip(found, rows, strict=True)]
    people = [
        place
        for place, column in enumerate(columns)
        if column.key not in brief and any(row[place] not in (None, "") for row in named)
    ]
    counts = {state: sum(one.state == state for _, one in found) for state in ("reached", "missed", "open", "not due")}
    return Document(
        command="series list --targets",
        records=Table(columns, rows),
        title="Dated targets of the catalogue",
        summary=(
            f"{len(rows)} targets: {', '.join(f'{count} {state}' for state, count in counts.items() if count)}.",
            "Open: no value is known at the target's date or after. 'rural-forecast series show ID' tells more.",
        ),
        sections=(Table(tuple(columns[i] for i in people), tuple(tuple(row[i] for i in people) for row in named)),),
        series=tuple(about_series(series) for series in {series.id: series for series, _ in found}.values()),
    )


def _plan(series: Series, one: Target) -> tuple[Cell, ...]:
    plan, last, reach = one.plan, one.last, one.reach
    return (
        series.id,
        str(plan.period),
        plan.value,
        plan.qualifier,
        plan.author,
        plan.dated or None,
        str(last.period) if last else None,
        last.value if last else None,
        last.qualifier if last else None,
        one.needed_pct,
        one.pace_pct,
        *((reach.year, reach.earliest, reach.latest) if reach else (None, None, None)),
        one.state,
        series.unit,
    )


def _unmarked(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A row for people, to whom only a qualifier other than `=` says something."""
    return tuple("" if cell == "=" else cell for cell in row)


def cited(sources: Mapping[str, Source]) -> Document:
    """One row a source: publisher, title and date."""
    table = replace(_sources(sources), title="")
    return Document(command="series sources", records=table, title="Sources", sections=(table,))


def _sources(sources: Mapping[str, Source]) -> Table:
    columns = (
        Column("source_id", "Source"),
        Column("publisher", "Publisher"),
        Column("title", "Title"),
        Column("date", "Date"),
        Column("reach", "Read at"),
        Column("url"),
    )
    rows = tuple(
        (s.id, s.publisher or None, s.title or None, s.dated or None, s.reach or None, s.url or None)
        for s in sources.values()
    )
    return Table(columns, rows, title="Sources")
