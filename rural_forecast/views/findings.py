"""`series check`: a row a finding."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rural_forecast.document.table import Column, Document, Table, Tone
from rural_forecast.observed.findings import Finding
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.reading import Fault
from rural_forecast.observed.source_names import STANDARD_INPUT
from rural_forecast.text.wording import Headline, counted, sentence, spans
from rural_forecast.views.about import documented
from rural_forecast.views.lookup import reading_notes
from rural_forecast.views.names import title_of
from rural_forecast.views.table import keyed

IN_A_ROW = "mistyped_year"  # code of the notes of the reader that are findings too


class _NamedFinding(NamedTuple):
    """A finding with the series that it is about."""

    series_id: str
    finding: Finding


def check(
    checked: Sequence[tuple[Series, Sequence[Finding]]], faults: Iterable[Fault], source: str
) -> Document:
    """Show a row a finding, in order of lines; what concerns a whole series comes first.

    `source` is written as it was typed.
    """
    source = STANDARD_INPUT if source == "-" else source
    series = [one for one, _ in checked]
    unreadable = _unreadable(faults, source)
    findings = [*unreadable, *_findings(checked)]
    findings.sort(key=lambda named: (named.finding.place.line, named.finding.place.column))

    of_file = bool(unreadable) or any(one.file for one in series)
    table = _findings_table(findings, source if of_file else "")
    single = len(checked) == 1 and not unreadable
    hidden: tuple[str, ...] = ("path", "column")
    if single and not of_file:
        hidden = ("series_id", "path", "line", "column")
    section = Table((), ())
    if findings:
        tones: tuple[Tone, ...] = tuple(
            "dim" if named.finding.severity == "note" else "plain" for named in findings
        )
        section = table.without(*hidden)._replace(tones=tones)

    head = Headline(
        f"Check of {title_of(series[0]) if single else source}",
        f"{_extent(series)}; {_verdict(findings)}.",
    )
    return documented("series check", head, table, [section], reading_notes(series), *series)


def _unreadable(faults: Iterable[Fault], source: str) -> list[_NamedFinding]:
    """Make a finding of each series that could not be read, named by the file if it has no name."""
    findings = []
    for fault in faults:
        text = f"{sentence(fault.error.problem)} {fault.error.hint}".strip().removesuffix(".")
        if fault.cells > 1:
            text += f"; {counted(fault.cells, 'cell')} in all"
        if fault.unlisted:
            text += f"; {counted(fault.unlisted, 'more cell')} of this series are refused as well"
        name = fault.series_id or source.rpartition("/")[2] or "series"
        finding = Finding("unreadable", None, text, "error", fault.error.place)
        findings.append(_NamedFinding(name, finding))
    return findings


def _findings(
    checked: Sequence[tuple[Series, Sequence[Finding]]],
) -> Iterator[_NamedFinding]:
    """Yield the findings of all series, at the end those of the reader, which every series has."""
    of_reader: dict[Finding, str] = {}
    for series, findings in checked:
        for finding in findings:
            if finding.code == "reading":
                of_reader.setdefault(finding, series.id)
            else:
                yield _NamedFinding(series.id, finding)
    for finding, series_id in of_reader.items():
        yield _NamedFinding(series_id, finding)


def _findings_table(findings: Sequence[_NamedFinding], source: str) -> Table:
    """Tabulate findings; with a `source`, all are in that file, else each where its place is."""
    rows = []
    for series_id, finding in findings:
        row = (
            series_id,
            str(finding.period) if finding.period else None,
            finding.severity,
            finding.code,
            finding.text,
            source or finding.place.path or None,
            finding.place.line or None,
            finding.place.column or None,
        )
        rows.append(row)
    columns = (
        Column("series_id", "Series"),
        Column("period", "Period"),
        Column("severity", "Severity"),
        Column("code", "Finding"),
        Column("text", "Text"),
        Column("path"),
        Column("line", "Line", "integer"),
        *keyed("column:integer"),
    )
    return Table(columns, tuple(rows))


def _verdict(findings: Sequence[_NamedFinding]) -> str:
    """Count findings, and notes apart from them."""
    serious = sum(named.finding.severity != "note" for named in findings)
    notes = len(findings) - serious
    verdict = counted(serious, "finding") if serious else "nothing found"
    return f"{verdict} and {counted(notes, 'note')}" if notes else verdict


def _extent(series: Sequence[Series]) -> str:
    """Count the whole years that have a value, and the series if there are several."""
    years = set[int]()
    for one in series:
        past = filter(_is_past, one.observations)
        years |= {observation.period.year for observation in past}
    extent = f"{counted(len(years), 'year')}, {spans(years)}" if years else "no whole year"
    return extent if len(series) == 1 else f"{len(series):,} series, {extent}"


def _is_past(observation: Observation) -> bool:
    """Return True for the value of a whole year that is no forecast of others."""
    return observation.status != "forecast" and observation.period.is_year


def lines(checked: Document, source: str) -> Iterator[str]:
    """Write a line a finding, `path:line:column: severity: series period: text`, and a summary."""
    for series_id, period, severity, _, text, *where in checked.records.rows:
        position = ":".join(str(part) for part in where if part is not None)
        subject = series_id if period is None else f"{series_id} {period}"
        yield f"{position}: {severity}: {subject}: {text}"
    for note in checked.notes:
        if note.code != IN_A_ROW:
            yield f"{source}: note: {note}"
    yield checked.summary[0]
