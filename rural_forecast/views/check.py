"""`series check` as a document, and for people as lines that editors can follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rural_forecast.document.table import Column, Document, Table, Tone
from rural_forecast.series.findings import Finding
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import Fault
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.text.wording import counted, sentence, spans
from rural_forecast.views.about import about_series, remarks, title_of
from rural_forecast.views.table import Field, tabulated, without

IN_A_ROW = "mistyped_year"
"""Code of the notes of the reader that are findings too."""


class Checked(NamedTuple):
    """A series and what was found."""

    series: Series
    findings: Sequence[Finding]


def unreadable(faults: Iterable[Fault]) -> list[tuple[str, Finding]]:
    """Findings on cells that are refused, with the id of their series."""
    findings = []
    for fault in faults:
        error = fault.error
        text = f"{sentence(error.problem)} {error.hint}".strip().removesuffix(".")
        findings.append((fault.series_id, Finding("unreadable", None, text, "error", error.place)))
    return findings


def document(checked: Sequence[Checked], faults: Sequence[tuple[str, Finding]], source: str) -> Document:
    """One row a finding, in order of lines; what concerns a whole series comes first.

    `source`: the file as it was typed.
    """
    source = STANDARD_INPUT if source == "-" else source
    of_file = bool(faults) or any(each.series.file for each in checked)
    findings = [(series_id or source.rpartition("/")[2] or "series", finding) for series_id, finding in faults]
    reading: dict[Finding, str] = {}
    for series_id, finding in ((each.series.id, finding) for each in checked for finding in each.findings):
        if finding.code == "reading":
            reading.setdefault(finding, series_id)  # every series has them
        else:
            findings.append((series_id, finding))
    findings += [(series_id, finding) for finding, series_id in reading.items()]
    findings.sort(key=lambda pair: (pair[1].place.line, pair[1].place.column))
    single = len(checked) == 1 and not faults
    table = tabulated(findings, *_fields(source if of_file else ""))
    hidden = ("path", "column") if of_file or not single else ("series_id", "path", "line", "column")
    tones: tuple[Tone, ...] = tuple("dim" if finding.severity == "note" else "plain" for _, finding in findings)
    return Document(
        command="series check",
        records=table,
        title=f"Check of {title_of(checked[0].series) if single else source}",
        summary=(f"{_extent([each.series for each in checked])}; {_verdict([finding for _, finding in findings])}.",),
        sections=(without(table, *hidden)._replace(tones=tones) if findings else Table((), ()),),
        notes=remarks(note for each in checked for note in each.series.reading_notes),
        series=tuple(about_series(each.series) for each in checked),
    )


def _fields(path: str) -> list[Field[tuple[str, Finding]]]:
    return [
        (Column("series_id", "Series"), lambda pair: pair[0]),
        (Column("period", "Period"), lambda pair: str(pair[1].period) if pair[1].period else None),
        (Column("severity", "Severity"), lambda pair: pair[1].severity),
        (Column("code", "Finding"), lambda pair: pair[1].code),
        (Column("text", "Text"), lambda pair: pair[1].text),
        (Column("path"), lambda pair: path or pair[1].place.path or None),
        (Column("line", "Line", "integer"), lambda pair: pair[1].place.line or None),
        (Column("column", kind="integer"), lambda pair: pair[1].place.column or None),
    ]


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
    yield from (f"{source}: note: {note}" for note in checked.notes if note.code != IN_A_ROW)
    yield checked.summary[0]
