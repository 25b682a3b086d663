"""`series list`, `series show` and `models`: the catalogue, a series with sources and targets, and the models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Target
from rural_forecast.models.base import Model, Parameter
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Observation, Series, Source
from rural_forecast.series.preference import by_period, preferred
from rural_forecast.text.headline import headline
from rural_forecast.text.numbers import Amounts, number, observed_places, sparkline
from rural_forecast.text.wording import counted, sentence
from rural_forecast.views.about import about_series, remarks, title_of
from rural_forecast.views.table import Field, growth_column, tabulated, toned, without

COURSE = 10
_HIDDEN = ("series_id", "used", "note", "unit")
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
    records = tabulated(
        every,
        (Column("series_id", "Series"), lambda series: series.id),
        (Column("alias", "Alias"), lambda series: series.alias or None),
        *(Column("title", "Title"), Column("measure", "Measure"), Column("unit", "Unit")),
        (Column("first", "First", "year"), lambda series: ends[series.id][0]),
        (Column("last", "Last", "year"), lambda series: ends[series.id][-1]),
        (Column("n", "Years", "integer"), lambda series: sum(period.is_year for period in periods[series.id])),
        Column("publisher", "Publisher"),
    )
    people: list[Field[Series]] = [
        Column("label", "Series"),
        Column("unit", "Unit"),
        (Column("years", "Years"), lambda series: "–".join(sorted({str(ends[series.id][at]) for at in (0, -1)}))),
    ]
    if courses is not None:
        people.append((Column("course", "Course"), lambda series: courses.get(series.id)))
    each = "Each: rural-forecast series show NAME. A NAME serves every command as SOURCE."
    summary = each if every else "No series holds every word. 'rural-forecast series list' shows all."
    title, sections = f"{len(every)} series of the catalogue", (tabulated(every, *people),)
    return Document("series list", records, title, summary=(summary,), sections=sections)


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
        Column("value", "Value", "number"),
        Column("qualifier"),
        Column("status", "Status"),
        (Column("used", "Used", "boolean"), lambda seen: id(seen) in used),
        (
            growth_column("published_growth_pct", "Growth as published"),
            lambda seen: growth.get(seen.period) if id(seen) in used else None,
        ),
        (Column("source", "Source"), lambda seen: seen.source or None),
        (Column("note"), lambda seen: seen.note or None),
        (Column("unit"), lambda _: series.unit),
    ]
    records = tabulated(series.observations, *fields)
    people = _unmarked(without(records, "series_id", "unit"))._replace(title="Every value")
    values = [seen for seen in series.observations if id(seen) in used and seen.status != "forecast"]
    facts = [series.id, f"Unit: {series.unit}" if series.unit else "", f"Measure: {series.measure}", series.frequency]
    facts += [f"Breaks: {', '.join(map(str, series.breaks))}" if series.breaks else ""]
    caveat = (Note("caveat", f"Caveat: {sentence(series.caveat)}"),) if series.caveat else ()
    last = next((seen for seen in reversed(observed_years(series)) if id(seen) in used), None)
    claim = counted(len(series.observations), "value")
    if last:
        claim = f"{Amounts(series.unit, observed_places(last.value)).full(last.value)} in {last.period}"
    return Document(
        command="series show",
        records=records,
        title=headline(title_of(series), claim).text,
        about=(series.definition,),
        summary=(" · ".join(filter(None, facts)), f"Publisher: {series.publisher}" if series.publisher else ""),
        sections=(
            _unmarked(without(tabulated(values, *fields), *_HIDDEN)),
            toned(people, ("plain" if id(seen) in used else "dim" for seen in series.observations)),
            *((_sources(series.sources),) if series.sources else ()),
        ),
        brief="-f markdown",
        notes=(*remarks((*series.reading_notes, *notes)), *caveat),
        series=(about_series(series),),
    )


def _unmarked(table: Table) -> Table:
    """A table for people, to whom a qualifier `=` means nothing."""
    return table._replace(rows=tuple(tuple("" if cell == "=" else cell for cell in row) for row in table.rows))


def _sources(sources: Mapping[str, Source]) -> Table:
    return tabulated(
        sources.values(),
        *(Column("id", "Source"), Column("publisher", "Publisher"), Column("title", "Title"), Column("dated", "Date")),
        *(Column("reach", "Read at"), Column("url")),
        title="Sources",
    )


def target_notes(series: Series, targets: Iterable[Target]) -> list[Note]:
    """The dated targets of a series in words."""
    return [Note("target", target_sentence(target, series.unit)) for target in targets]


def target_sentence(target: Target, unit: str) -> str:
    """One target: whether it is reached, the growth it needs, and when the forecast reaches it."""
    plan, reach = target.plan, target.reach
    amount = f"{_MARKS[plan.qualifier]}{number(plan.value)}{f' {unit}' if unit and unit != 'count' else ''}"
    parts = [f"Target of {amount} for {plan.period} ({plan.author}): {target.state}, {_known(target)}."]
    if target.needed_pct is not None:
        needs = "It needed" if target.due else "It needs"
        pace = f", against {target.pace_pct:+.0f} % achieved" if target.pace_pct is not None else ""
        parts.append(f"{needs} {target.needed_pct:+.0f} % a year from there{pace}.")
    if reach is not None and reach.year is None:
        parts.append(f"The forecast does not reach it within {FARTHEST} years.")
    elif reach is not None:
        latest = reach.latest or f"not within {FARTHEST} years"
        parts.append(f"The forecast reaches it in {reach.year} ({LEVEL} %: {reach.earliest} to {latest}).")
    return " ".join(parts)


def _known(target: Target) -> str:
    seen = target.reached or target.last
    if seen is None:
        return "no value is known"
    value = f"{_MARKS[seen.qualifier]}{number(seen.value)} in {seen.period}"
    return value if target.reached else f"last known {value}"


def models(known: Iterable[Model]) -> Document:
    """One row a model."""
    known = tuple(known)
    fields: list[Field[Model]] = [
        (Column("model", "Model"), lambda model: model.name),
        *(Column("title", "Title"), Column("role", "Role"), Column("min_points", "Points", "integer")),
        (Column("spreadsheet", "Spreadsheet"), lambda model: model.spreadsheet or None),
        Column("reference", "Reference"),
    ]
    roles = "Members have a weight in the consensus; curves join once a ceiling is stated; opinions have none."
    show = "'rural-forecast models NAME' gives formula, parameters, assumptions and reference."
    records, title = tabulated(known, *fields), f"{len(known)} models"
    sections = (without(records, "spreadsheet", "reference"),)
    return Document("models", records, title, sections=sections, notes=(Note("roles", roles), Note("show", show)))


def one_model(model: Model) -> Document:
    """One model: a row a parameter for machines, the facts above it for people."""
    bounds = [bound for p in model.parameters for bound in (p.lower, p.upper) if isfinite(bound)]
    digits = max((len(f"{bound:g}".partition(".")[2]) for bound in bounds), default=0)
    fields: list[Field[Parameter]] = [
        (Column("model", "Model"), lambda _: model.name),
        (Column("parameter", "Parameter"), lambda parameter: parameter.name),
        Column("meaning", "Meaning"),
        (Column("unit", "Unit"), lambda parameter: parameter.unit or None),
        (Column("lower", "From", "number", digits), lambda parameter: _finite(parameter.lower)),
        (Column("upper", "To", "number", digits), lambda parameter: _finite(parameter.upper)),
    ]
    positive = ", all positive" if model.positive else ""
    ceiling = ", and a stated ceiling (--ceiling A..B)" if model.needs_ceiling else ""
    parameters = tabulated(model.parameters, *fields[1:], title="Parameters")
    return Document(
        command="models",
        records=tabulated(model.parameters, *fields),
        title=f"{model.title} ({model.name})",
        about=(f"Role: {model.role}",),
        summary=(
            f"Formula: {model.formula}",
            f"Assumes: {model.assumes}",
            f"Needs: {counted(model.min_points, 'point')} or more{positive}{ceiling}.",
            f"Reference: {model.reference}",
            *((f"Spreadsheet: {model.spreadsheet}",) if model.spreadsheet else ()),
        ),
        sections=(parameters,) if model.parameters else (Table((), ()),),
    )


def _finite(bound: float) -> float | None:
    return bound if isfinite(bound) else None
