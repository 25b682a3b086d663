"""`series list`, `show`, `read` and `check`, and `models`."""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from rural_forecast.document.table import Column, Document, Table, Tone
from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Target
from rural_forecast.models.base import Model
from rural_forecast.notes import Note
from rural_forecast.series.findings import Finding
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Series
from rural_forecast.series.preference import by_period, preferred
from rural_forecast.series.reading import Fault
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.text.numbers import Amounts, number, observed_places, sparkline
from rural_forecast.text.wording import Headline, counted, headline, sentence, spans
from rural_forecast.views.about import documented, observations, title_of
from rural_forecast.views.table import growth_column, keyed, tabulated

COURSE = 10
IN_A_ROW = "mistyped_year"  # code of the notes of the reader that are findings too
_MARKS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def listing(every: Iterable[Series], words: Sequence[str] = ()) -> Document:
    """One row a series whose text holds every word; people see its whole years in characters."""
    records = []
    people = []
    for series in every:
        text = f"{series.id} {series.alias} {series.title} {series.publisher}".lower()
        if not all(word.lower() in text for word in words):
            continue
        periods = [*by_period(series.observations)]
        first, last = (periods[0].year, periods[-1].year) if periods else (None, None)
        about = (series.title, series.measure, series.unit)
        count = sum(period.is_year for period in periods)
        records.append(
            (series.id, series.alias or None, *about, first, last, count, series.publisher)
        )
        years = "none" if first is None else f"{first}" if first == last else f"{first}–{last}"
        seen = [each.value for each in observed_years(series)]
        people.append((series.label, series.unit, years, sparkline(seen, longest=COURSE)))
    columns = keyed("series_id alias title measure unit first:year last:year n:integer publisher")
    shown = (
        Column("label", "Series"),
        Column("unit", "Unit"),
        Column("years", "Years"),
        Column("course", "Course"),
    )
    each = "Each: rural-forecast series show NAME. A NAME serves every command as SOURCE."
    summary = (
        each if records else "No series holds every word. 'rural-forecast series list' shows all."
    )
    title = f"{len(records)} series of the catalogue"
    sections = (Table(shown, tuple(people)),)
    return Document(
        "series list", Table(columns, tuple(records)), title, summary=(summary,), sections=sections
    )


def everything(series: Series, notes: Sequence[Note] = ()) -> Document:
    """Every value of a series with its source; the one that is used for its period is marked."""
    used = set(map(id, preferred(series.observations, series.sources).values()))
    growth = {seen.period: seen.value for seen in series.growth}
    rows = []
    for seen in series.observations:
        is_used = id(seen) in used
        about = (seen.source or None, seen.note or None, series.unit)
        rise = growth.get(seen.period) if is_used else None
        rows.append(
            (
                series.id,
                str(seen.period),
                seen.value,
                seen.qualifier,
                seen.status,
                is_used,
                rise,
                *about,
            )
        )
    columns = (
        Column("series_id"),
        Column("period", "Period"),
        Column("value", "Value", "number"),
        Column("qualifier"),
        Column("status", "Status"),
        Column("used", "Used", "boolean"),
        growth_column("published_growth_pct", "Growth as published"),
        Column("source", "Source"),
        Column("note"),
        Column("unit"),
    )
    records = Table(columns, tuple(rows))
    values = records._replace(rows=tuple(row for row in rows if row[5] and row[4] != "forecast"))
    facts = [
        series.id,
        f"Unit: {series.unit}" if series.unit else "",
        f"Measure: {series.measure}",
        series.frequency,
    ]
    facts += [f"Breaks: {', '.join(map(str, series.breaks))}" if series.breaks else ""]
    caveat = (Note("caveat", f"Caveat: {sentence(series.caveat)}"),) if series.caveat else ()
    last = next((seen for seen in reversed(observed_years(series)) if id(seen) in used), None)
    claim = counted(len(series.observations), "value")
    if last:
        claim = (
            f"{Amounts(series.unit, observed_places(last.value)).full(last.value)} in {last.period}"
        )
    of_source = [
        *(
            Column("id", "Source"),
            Column("publisher", "Publisher"),
            Column("title", "Title"),
            Column("dated", "Date"),
        ),
        *(Column("reach", "Read at"), Column("url")),
    ]
    tones: tuple[Tone, ...] = tuple(
        "plain" if id(seen) in used else "dim" for seen in series.observations
    )
    sections = [
        values.without("series_id", "used", "note", "unit"),
        records.without("series_id", "unit")._replace(title="Every value", tones=tones),
    ]
    sections = [  # people need no qualifier `=`
        each._replace(
            rows=tuple(tuple("" if cell == "=" else cell for cell in row) for row in each.rows)
        )
        for each in sections
    ]
    sections += (
        [tabulated(series.sources.values(), *of_source, title="Sources")] if series.sources else []
    )
    head = headline(title_of(series), claim, " · ".join(filter(None, facts)))
    more = {
        "said": [f"Publisher: {series.publisher}" if series.publisher else ""],
        "about": (series.definition,),
    }
    known = [*series.reading_notes, *notes, *caveat]
    return documented(
        "series show", head, records, sections, known, series, brief="-f markdown", **more
    )


def target_sentence(target: Target, unit: str) -> str:
    """One target: whether it is reached, the growth it needs, and when the forecast reaches it."""
    plan = target.plan
    reach = target.reach
    seen = target.reached or target.last
    amount = f"{_MARKS[plan.qualifier]}{number(plan.value)}{f' {unit}' if unit and unit != 'count' else ''}"
    known = (
        f"{_MARKS[seen.qualifier]}{number(seen.value)} in {seen.period}"
        if seen
        else "no value is known"
    )
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
        parts.append(
            f"The forecast reaches it in {reach.year} ({LEVEL} %: {reach.earliest} to {latest})."
        )
    return " ".join(parts)


def read(series: Sequence[Series]) -> Document:
    """One row an observation, and one a growth without a level."""
    table = observations(series)
    head = Headline(title_of(series[0]) if len(series) == 1 else f"{len(series):,} series")
    notes = (note for part in series for note in part.reading_notes)
    columns = [
        column._replace(
            title=column.key.removesuffix("_id").removesuffix("_pct").replace("_", " ").capitalize()
        )
        for column in table.columns
    ]
    return documented(
        "series read", head, table, [table._replace(columns=tuple(columns))], notes, *series
    )


def check(
    checked: Sequence[tuple[Series, Sequence[Finding]]], faults: Iterable[Fault], source: str
) -> Document:
    """One row a finding, in order of lines; what concerns a whole series comes first; `source` as
    it was typed.
    """
    source = STANDARD_INPUT if source == "-" else source
    findings = []
    for fault in faults:
        text = f"{sentence(fault.error.problem)} {fault.error.hint}".strip().removesuffix(".")
        name = fault.series_id or source.rpartition("/")[2] or "series"
        findings.append((name, Finding("unreadable", None, text, "error", fault.error.place)))
    series = [each for each, _ in checked]
    single = len(checked) == 1 and not findings
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
            *(
                series_id,
                str(finding.period) if finding.period else None,
                finding.severity,
                finding.code,
                finding.text,
            ),
            (source if of_file else "") or finding.place.path or None,
            *(finding.place.line or None, finding.place.column or None),
        )
        for series_id, finding in findings
    ]
    titles = (
        Column("series_id", "Series"),
        Column("period", "Period"),
        Column("severity", "Severity"),
    )
    more = (
        Column("code", "Finding"),
        Column("text", "Text"),
        Column("path"),
        Column("line", "Line", "integer"),
    )
    table = Table((*titles, *more, *keyed("column:integer")), tuple(rows))
    hidden = (
        ("path", "column") if of_file or not single else ("series_id", "path", "line", "column")
    )
    tones: tuple[Tone, ...] = tuple(
        "dim" if finding.severity == "note" else "plain" for _, finding in findings
    )
    serious = sum(finding.severity != "note" for _, finding in findings)
    verdict = counted(serious, "finding") if serious else "nothing found"
    verdict += f" and {counted(len(findings) - serious, 'note')}" if len(findings) > serious else ""
    seen = (one.period for each in series for one in each.observations if one.status != "forecast")
    years = sorted({period.year for period in seen if period.is_year})
    extent = f"{counted(len(years), 'year')}, {spans(years)}" if years else "no whole year"
    extent = extent if len(series) == 1 else f"{len(series):,} series, {extent}"
    head = Headline(
        f"Check of {title_of(series[0]) if single else source}", f"{extent}; {verdict}."
    )
    section = table.without(*hidden)._replace(tones=tones) if findings else Table((), ())
    notes = (note for each in series for note in each.reading_notes)
    return documented("series check", head, table, [section], notes, *series)


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
    rows = [
        (of.name, of.title, of.role, of.min_points, of.spreadsheet or None, of.reference)
        for of in known
    ]
    names = Column("model", "Model"), Column("title", "Title"), Column("role", "Role")
    more = Column("spreadsheet", "Spreadsheet"), Column("reference", "Reference")
    records = Table((*names, Column("min_points", "Points", "integer"), *more), tuple(rows))
    roles = "Members have a weight in the consensus; curves join once a ceiling is stated; opinions have none."
    show = "'rural-forecast models NAME' gives formula, parameters, assumptions and reference."
    sections = (records.without("spreadsheet", "reference"),)
    notes = (Note("roles", roles), Note("show", show))
    return Document("models", records, f"{len(rows)} models", sections=sections, notes=notes)


def one_model(model: Model) -> Document:
    """One model: a row a parameter for machines, the facts above it for people."""
    bounds = [bound for p in model.parameters for bound in (p.lower, p.upper) if isfinite(bound)]
    digits = max((len(f"{bound:g}".partition(".")[2]) for bound in bounds), default=0)
    rows = []
    for each in model.parameters:
        low, high = (bound if isfinite(bound) else None for bound in (each.lower, each.upper))
        rows.append((model.name, each.name, each.meaning, each.unit or None, low, high))
    names = Column("model", "Model"), Column("parameter", "Parameter"), Column("meaning", "Meaning")
    ends = Column("lower", "From", "number", digits), Column("upper", "To", "number", digits)
    records = Table((*names, Column("unit", "Unit"), *ends), tuple(rows))
    positive = ", all positive" if model.positive else ""
    ceiling = ", and a stated ceiling (--ceiling A..B)" if model.role == "curve" else ""
    said = (
        f"Formula: {model.formula}",
        f"Assumes: {model.assumes}",
        f"Needs: {counted(model.min_points, 'point')} or more{positive}{ceiling}.",
        f"Reference: {model.reference}",
        f"Spreadsheet: {model.spreadsheet}" if model.spreadsheet else "",
    )
    about = (f"Role: {model.role}",)
    title = f"{model.title} ({model.name})"
    parameters = records.without("model")._replace(title="Parameters") if rows else Table((), ())
    return Document("models", records, title, about=about, summary=said, sections=(parameters,))
