"""`series check` as a document, and for people as lines that editors can follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.notes import Note
from rural_forecast.series.findings import Finding
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.faults import Fault
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.text.wording import counted, sentence, spans
from rural_forecast.views.about import about_series, title_of
from rural_forecast.views.notes import remarks
from rural_forecast.views.notes import text as words

_COLUMNS = (
    Column("series_id", "Series"),
    Column("period", "Period"),
    Column("severity", "Severity"),
    Column("code", "Finding"),
    Column("text", "Text"),
    Column("path"),
    Column("line", "Line", "integer"),
    Column("column", kind="integer"),
)


class Checked(NamedTuple):
    """A series and what was found."""

    series: Series
    findings: Sequence[Finding]


def unreadable(faults: Iterable[Fault]) -> list[tuple[str, Finding]]:
    """What is refused of a file, by id of its series."""
    findings = []
    for fault in faults:
        error = fault.error
        note = Note("unreadable", {"problem": error.problem, "hint": error.hint})
        findings.append((fault.series_id, Finding("unreadable", None, note, "error", error.place)))
    return findings


def document(checked: Sequence[Checked], faults: Sequence[tuple[str, Finding]], source: str) -> Document:
    """One row a finding, in order of lines; what concerns a whole series comes first.

    Parameters
    ----------
    source : the file as it was typed
    """
    source = STANDARD_INPUT if source == "-" else source
    stem = source.rpartition("/")[2] or "series"
    of_file = bool(faults) or any(each.series.file for each in checked)
    path = source if of_file else ""
    findings = [(series_id or stem, finding) for series_id, finding in faults]
    findings += [
        (each.series.id, finding) for each in checked for finding in each.findings if finding.code != "reading"
    ]
    reading = [(each.series.id, finding) for each in checked for finding in each.findings if finding.code == "reading"]
    of_the_file = {finding: series_id for series_id, finding in reversed(reading)}  # every series has them
    findings += [(series_id, finding) for finding, series_id in reversed(of_the_file.items())]
    findings.sort(key=lambda each: (each[1].place.line, each[1].place.column))
    rows = tuple(_row(series_id, finding, path) for series_id, finding in findings)
    single = len(checked) == 1 and not faults
    hidden = {0, 5, 6, 7} if single and not of_file else {5, 7}
    shown = [index for index in range(len(_COLUMNS)) if index not in hidden]
    tones: tuple[Tone, ...] = tuple("dim" if finding.severity == "note" else "plain" for _, finding in findings)
    people = Table(
        tuple(_COLUMNS[index] for index in shown),
        tuple(tuple(row[index] for index in shown) for row in rows),
        tones=tones,
    )
    return Document(
        command="series check",
        records=Table(_COLUMNS, rows),
        title=f"Check of {title_of(checked[0].series) if single else source}",
        summary=(f"{_extent([each.series for each in checked])}; {_verdict([finding for _, finding in findings])}.",),
        sections=(people,) if rows else (Table((), ()),),
        notes=remarks(dict.fromkeys(note for each in checked for note in each.series.reading_notes)),
        series=tuple(about_series(each.series) for each in checked),
    )


def _row(series_id: str, finding: Finding, path: str) -> tuple[Cell, ...]:
    place = finding.place
    where = (path or place.path or None, place.line or None, place.column or None)
    period = str(finding.period) if finding.period else None
    return (series_id, period, finding.severity, finding.code, words(finding.note).removesuffix("."), *where)


def _extent(series: Sequence[Series]) -> str:
    """How many series and years there are."""
    observed = (seen.period for part in series for seen in part.observations if seen.status != "forecast")
    years = sorted({period.year for period in observed if period.is_year})
    span = f"{counted(len(years), 'year')}, {spans(years)}" if years else "no whole year"
    return span if len(series) == 1 else f"{len(series):,} series, {span}"


def _verdict(findings: Sequence[Finding]) -> str:
    serious = sum(finding.severity != "note" for finding in findings)
    verdict = counted(serious, "finding") if serious else "nothing found"
    return verdict + (f" and {counted(len(findings) - serious, 'note')}" if len(findings) > serious else "")


def lines(checked: Document, source: str) -> Iterator[str]:
    """A line a finding, `path:line:column: severity: series period: text`, and one that sums up."""

    for series_id, period, severity, _, text, *where in checked.records.rows:
        position = ":".join(str(part) for part in where if part is not None)
        about = series_id if period is None else f"{series_id} {period}"
        yield f"{position}: {severity}: {about}: {text}"
    texts = {sentence(str(row[4])) for row in checked.records.rows}
    yield from (f"{source}: note: {note}" for note in checked.notes if note not in texts)
    yield checked.summary[0]
