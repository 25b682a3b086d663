"""`series list`, `show`, `read` and `check`, and `models`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from rural_forecast.document.table import Column, Document, Table, Tone
from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Target
from rural_forecast.models.base import Model, Parameter
from rural_forecast.notes import Note
from rural_forecast.series.findings import Finding
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import by_period, preferred
from rural_forecast.series.reading import Fault
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.text.headline import headline
from rural_forecast.text.numbers import Amounts, number, observed_places, sparkline
from rural_forecast.text.wording import counted, sentence, spans
from rural_forecast.views.about import about_series, observations, remarks, title_of
from rural_forecast.views.table import Field, growth_column, keyed, tabulated, without

COURSE = 10
IN_A_ROW = "mistyped_year"
"""Code of the notes of the reader that are findings too."""
_MARKS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def listing(every: Iterable[Series], words: Sequence[str] = (), *, course: bool = False) -> Document:
    """One row a series whose text holds every word; `course` pictures its whole years in characters, for people."""
    records, people = [], []
    for series in every:
        text = f"{series.id} {series.alias} {series.title} {series.publisher}".lower()
        if not all(word.lower() in text for word in words):
            continue
        periods = [*by_period(series.observations)]
        first, last = (periods[0].year, periods[-1].year) if periods else (None, None)
        about, count = (series.title, series.measure, series.unit), sum(period.is_year for period in periods)
        records.append((series.id, series.alias or None, *about, first, last, count, series.publisher))
        years, seen = f"{first}" if first == last else f"{first}–{last}", observed_years(series) if course else ()
        people.append((series.label, series.unit, years, sparkline([each.value for each in seen], longest=COURSE)))
    columns = (
        Column("series_id", "Series"), Column("alias", "Alias"), Column("title", "Title"), Column("measure", "Measure"),
        Column("unit", "Unit"), Column("first", "First", "year"), Column("last", "Last", "year"),
        Column("n", "Years", "integer"), Column("publisher", "Publisher"),
    )  # fmt: skip
    shown = Column("label", "Series"), Column("unit", "Unit"), Column("years", "Years"), Column("course", "Course")
    each = "Each: rural-forecast series show NAME. A NAME serves every command as SOURCE."
    summary = each if records else "No series holds every word. 'rural-forecast series list' shows all."
    section = Table(shown, tuple(people)) if course else without(Table(shown, tuple(people)), "course")
    title = f"{len(records)} series of the catalogue"
    return Document("series list", Table(columns, tuple(records)), title, summary=(summary,), sections=(section,))


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
    values = [seen for seen in series.observations if id(seen) in used and seen.status != "forecast"]
    facts = [series.id, f"Unit: {series.unit}" if series.unit else "", f"Measure: {series.measure}", series.frequency]
    facts += [f"Breaks: {', '.join(map(str, series.breaks))}" if series.breaks else ""]
    caveat = (Note("caveat", f"Caveat: {sentence(series.caveat)}"),) if series.caveat else ()
    last = next((seen for seen in reversed(observed_years(series)) if id(seen) in used), None)
    claim = counted(len(series.observations), "value")
    if last:
        claim = f"{Amounts(series.unit, observed_places(last.value)).full(last.value)} in {last.period}"
    of_source = [
        *(Column("id", "Source"), Column("publisher", "Publisher"), Column("title", "Title"), Column("dated", "Date")),
        *(Column("reach", "Read at"), Column("url")),
    ]
    return Document(
        command="series show",
        records=records,
        title=headline(title_of(series), claim).text,
        about=(series.definition,),
        summary=(" · ".join(filter(None, facts)), f"Publisher: {series.publisher}" if series.publisher else ""),
        sections=(
            _unmarked(without(tabulated(values, *fields), "series_id", "used", "note", "unit")),
            _unmarked(without(records, "series_id", "unit"))._replace(
                title="Every value", tones=tuple("plain" if id(seen) in used else "dim" for seen in series.observations)
            ),
            *((tabulated(series.sources.values(), *of_source, title="Sources"),) if series.sources else ()),
        ),
        brief="-f markdown",
        notes=(*remarks((*series.reading_notes, *notes)), *caveat),
        series=(about_series(series),),
    )


def _unmarked(table: Table) -> Table:
    """A table for people, to whom a qualifier `=` means nothing."""
    return table._replace(rows=tuple(tuple("" if cell == "=" else cell for cell in row) for row in table.rows))


def target_sentence(target: Target, unit: str) -> str:
    """One target: whether it is reached, the growth it needs, and when the forecast reaches it."""
    plan, reach, seen = target.plan, target.reach, target.reached or target.last
    amount = f"{_MARKS[plan.qualifier]}{number(plan.value)}{f' {unit}' if unit and unit != 'count' else ''}"
    known = f"{_MARKS[seen.qualifier]}{number(seen.value)} in {seen.period}" if seen else "no value is known"
    known = known if target.reached or not seen else f"last known {known}"
    parts = [f"Target of {amount} for {plan.period} ({plan.author}): {target.state}, {known}."]
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


def read(series: Sequence[Series]) -> Document:
    """One row an observation, and one a growth without a level."""
    table = observations(series)
    return Document(
        command="series read",
        records=table,
        title=title_of(series[0]) if len(series) == 1 else f"{len(series):,} series",
        sections=(table,),
        notes=remarks(dict.fromkeys(note for part in series for note in part.reading_notes)),
        series=tuple(map(about_series, series)),
    )


def check(checked: Sequence[tuple[Series, Sequence[Finding]]], faults: Iterable[Fault], source: str) -> Document:
    """One row a finding, in order of lines; what concerns a whole series comes first.

    `source`: the file as it was typed.
    """
    source = STANDARD_INPUT if source == "-" else source
    findings = []
    for fault in faults:
        text = f"{sentence(fault.error.problem)} {fault.error.hint}".strip().removesuffix(".")
        name = fault.series_id or source.rpartition("/")[2] or "series"
        findings.append((name, Finding("unreadable", None, text, "error", fault.error.place)))
    series, single = [each for each, _ in checked], len(checked) == 1 and not findings
    of_file = bool(findings) or any(each.file for each in series)
    reading: dict[Finding, str] = {}  # every series has those of the reader
    for each, finding in ((each, finding) for each, those in checked for finding in those):
        if finding.code == "reading":
            reading.setdefault(finding, each.id)
        else:
            findings.append((each.id, finding))
    findings += [(series_id, finding) for finding, series_id in reading.items()]
    findings.sort(key=lambda pair: (pair[1].place.line, pair[1].place.column))
    rows = [
        (
            *(series_id, str(finding.period) if finding.period else None, finding.severity, finding.code, finding.text),
            (source if of_file else "") or finding.place.path or None,
            *(finding.place.line or None, finding.place.column or None),
        )
        for series_id, finding in findings
    ]
    titles = Column("series_id", "Series"), Column("period", "Period"), Column("severity", "Severity")
    more = Column("code", "Finding"), Column("text", "Text"), Column("path"), Column("line", "Line", "integer")
    table = Table((*titles, *more, *keyed("column:integer")), tuple(rows))
    hidden = ("path", "column") if of_file or not single else ("series_id", "path", "line", "column")
    tones: tuple[Tone, ...] = tuple("dim" if finding.severity == "note" else "plain" for _, finding in findings)
    serious = sum(finding.severity != "note" for _, finding in findings)
    verdict = counted(serious, "finding") if serious else "nothing found"
    verdict += f" and {counted(len(findings) - serious, 'note')}" if len(findings) > serious else ""
    return Document(
        command="series check",
        records=table,
        title=f"Check of {title_of(series[0]) if single else source}",
        summary=(f"{_extent(series)}; {verdict}.",),
        sections=(without(table, *hidden)._replace(tones=tones) if findings else Table((), ()),),
        notes=remarks(note for each in series for note in each.reading_notes),
        series=tuple(map(about_series, series)),
    )


def _extent(series: Sequence[Series]) -> str:
    observed = (seen.period for part in series for seen in part.observations if seen.status != "forecast")
    years = sorted({period.year for period in observed if period.is_year})
    span = f"{counted(len(years), 'year')}, {spans(years)}" if years else "no whole year"
    return span if len(series) == 1 else f"{len(series):,} series, {span}"


def lines(checked: Document, source: str) -> Iterator[str]:
    """A line a finding, `path:line:column: severity: series period: text`, and one that sums up."""
    for series_id, period, severity, _, text, *where in checked.records.rows:
        position = ":".join(str(part) for part in where if part is not None)
        about = series_id if period is None else f"{series_id} {period}"
        yield f"{position}: {severity}: {about}: {text}"
    yield from (f"{source}: note: {note}" for note in checked.notes if note.code != IN_A_ROW)
    yield checked.summary[0]


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

    def finite(bound: float) -> float | None:
        return bound if isfinite(bound) else None

    fields: list[Field[Parameter]] = [
        (Column("model", "Model"), lambda _: model.name),
        (Column("parameter", "Parameter"), lambda parameter: parameter.name),
        Column("meaning", "Meaning"),
        (Column("unit", "Unit"), lambda parameter: parameter.unit or None),
        (Column("lower", "From", "number", digits), lambda parameter: finite(parameter.lower)),
        (Column("upper", "To", "number", digits), lambda parameter: finite(parameter.upper)),
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
