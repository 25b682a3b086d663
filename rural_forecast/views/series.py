"""`series list` and `series show` as documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.document.table import Column, Document, Remark, Table, Tone
from rural_forecast.notes import Note
from rural_forecast.series.catalogue import Summary
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Observation, Series, Source
from rural_forecast.series.preference import preferred
from rural_forecast.text.sparkline import sparkline
from rural_forecast.text.wording import sentence
from rural_forecast.views.about import about_series
from rural_forecast.views.columns import Field, growth_column, tabulated, without
from rural_forecast.views.notes import remarks

if TYPE_CHECKING:
    from rural_forecast.forecasting.targets import Target


def matching(summaries: Iterable[Summary], words: Sequence[str]) -> list[Summary]:
    """The series whose text holds every word."""
    wanted = [word.lower() for word in words]
    return [
        summary
        for summary in summaries
        if all(
            word in f"{summary.series_id} {summary.alias} {summary.title} {summary.publisher}".lower()
            for word in wanted
        )
    ]


def listing(summaries: Iterable[Summary], courses: Mapping[str, str] | None = None) -> Document:
    """One row a series; `courses` are pictures of its values in characters, for people."""
    summaries = tuple(summaries)
    fields: list[Field[Summary]] = [
        (Column("series_id", "Series"), lambda summary: summary.series_id),
        (Column("alias", "Alias"), lambda summary: summary.alias or None),
        (Column("title", "Title"), lambda summary: summary.title),
        (Column("measure", "Measure"), lambda summary: summary.measure),
        (Column("unit", "Unit"), lambda summary: summary.unit),
        (Column("first", "First", "year"), lambda summary: summary.first),
        (Column("last", "Last", "year"), lambda summary: summary.last),
        (Column("n", "Years", "integer"), lambda summary: summary.n),
        (Column("publisher", "Publisher"), lambda summary: summary.publisher),
    ]
    people = [field for field in fields if field[0].key not in ("title", "publisher")]
    if courses is not None:
        people.append((Column("course", "Course"), lambda summary: courses.get(summary.series_id)))
    count = f"{len(summaries)} series. 'rural-forecast series show ID' shows each."
    summary = count if summaries else "No series holds every word. 'rural-forecast series list' shows all."
    records, shown = tabulated(summaries, *fields), tabulated(summaries, *people)
    return Document("series list", records, "Series of the catalogue", summary=(summary,), sections=(shown,))


def courses(chosen: Iterable[Series]) -> dict[str, str]:
    """The whole years of each series as block characters."""
    return {series.id: sparkline([seen.value for seen in observed_years(series)]) for series in chosen}


def everything(series: Series, plans: Sequence[Target] = (), notes: Sequence[Note] = ()) -> Document:
    """Every value of a series with its source; the one that is used for its period is marked."""
    from rural_forecast.views.target import sentence as of_target  # loads NumPy, which the lists do without

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
    tones: tuple[Tone, ...] = tuple("plain" if id(seen) in used else "dim" for seen in series.observations)
    people = replace(_unmarked(tabulated(series.observations, *fields[1:-1])), tones=tones)
    facts = [f"Unit: {series.unit}" if series.unit else "", f"Measure: {series.measure}", series.frequency]
    return Document(
        command="series show",
        records=tabulated(series.observations, *fields),
        title=f"{series.title or series.id} ({series.id})",
        about=(series.definition,),
        summary=(
            " · ".join(fact for fact in facts if fact),
            f"Publisher: {series.publisher}" if series.publisher else "",
            f"Breaks: nothing is computed across {', '.join(map(str, series.breaks))}" if series.breaks else "",
        ),
        sections=(people, _sources(series.sources)) if series.sources else (people,),
        notes=(
            *remarks((*series.reading_notes, *notes)),
            *(Remark(of_target(plan, series.unit), code="target") for plan in plans),
            *((Remark(f"Caveat: {sentence(series.caveat)}", code="caveat"),) if series.caveat else ()),
        ),
        series=(about_series(series),),
    )


def planned(targets: Sequence[tuple[Series, Target]]) -> Document:
    """One row a dated target."""
    fields: list[Field[tuple[Series, Target]]] = [
        (Column("series_id", "Series"), lambda pair: pair[0].id),
        (Column("period", "For"), lambda pair: str(pair[1].plan.period)),
        (Column("target", "Target", "number"), lambda pair: pair[1].plan.value),
        (Column("qualifier", ""), lambda pair: pair[1].plan.qualifier),
        (Column("author", "By"), lambda pair: pair[1].plan.author),
        (Column("announced", "Announced"), lambda pair: pair[1].plan.dated or None),
        (Column("last_period", "Last known"), lambda pair: str(pair[1].last.period) if pair[1].last else None),
        (
            Column("last_value", "Value", "number", follows=True),
            lambda pair: pair[1].last.value if pair[1].last else None,
        ),
        (Column("last_qualifier", ""), lambda pair: pair[1].last.qualifier if pair[1].last else None),
        (Column("needed_pct", "Needs a year", "percent", 0, sign=True), lambda pair: pair[1].needed_pct),
        (Column("pace_pct", "Pace a year", "percent", 0, sign=True), lambda pair: pair[1].pace_pct),
        (Column("reaches", "Forecast reaches", "year"), lambda pair: pair[1].reach and pair[1].reach.year),
        (
            Column("reaches_earliest", "Earliest", "year", follows=True),
            lambda pair: pair[1].reach and pair[1].reach.earliest,
        ),
        (Column("reaches_latest", "Latest", "year", follows=True), lambda pair: pair[1].reach and pair[1].reach.latest),
        (Column("state", "State"), lambda pair: pair[1].state),
        (Column("unit", "Unit"), lambda pair: pair[0].unit),
    ]
    people = _unmarked(tabulated(targets, (fields[0][0], lambda pair: pair[0].label), *fields[1:]))
    filled = {column.key for column, *cells in zip(people.columns, *people.rows, strict=True) if {*cells} - {None, ""}}
    kept = filled - {"author", "announced", "unit"}  # 'series show' has these
    states = [target.state for _, target in targets]
    counts = {state: states.count(state) for state in ("reached", "missed", "open", "not due")}
    return Document(
        command="series list --targets",
        records=tabulated(targets, *fields),
        title="Dated targets of the catalogue",
        summary=(
            f"{len(targets)} targets: {', '.join(f'{count} {state}' for state, count in counts.items() if count)}.",
            "Open: no value is known at the target's date or after. 'rural-forecast series show ID' shows more.",
        ),
        sections=(without(people, *(column.key for column in people.columns if column.key not in kept)),),
        series=tuple(about_series(series) for series in {series.id: series for series, _ in targets}.values()),
    )


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
