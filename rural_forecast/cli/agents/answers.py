"""An answer to an agent, made of the document of a command.

It has rows first, then notes and what the series are; where each value comes from is given on
request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rural_forecast.cli.agents.tools import Tool

MOST_SERIES = 20
"""The series of which an answer gives the description; of others it gives the number."""
DIGITS = 5  # significant digits of numbers in an answer
Answer = dict[str, Any]
_NAMED = ("id", "title", "unit", "market_kind")  # of one of several series
_DESCRIBED = ("id", "title", "unit", "definition", "measure", "market_kind", "caveat", "publisher")


def answer_of(document: Mapping[str, Any], tool: Tool, *, with_sources: bool) -> Answer:
    """Write what an agent needs of a document, rows first; what is left out is counted."""
    all_rows = document.get("rows", ())
    notes = document.get("notes", [])
    shown_rows = all_rows
    shown_notes = notes
    less: tuple[str, ...] = ()
    if not with_sources:
        shown_rows = _shown(all_rows, tool)
        shown_notes = [note for note in notes if note["code"] not in tool.details]
        less = tool.less
    rows = [_without_empty(row, less) for row in shown_rows]
    common = _common(rows)
    reply: Answer = {}
    if common:
        reply["common"] = common
    reply["rows"] = [
        {key: value for key, value in row.items() if key not in common} for row in rows
    ]
    if document.get("figures"):
        reply["figures"] = _rounded(document["figures"])
    if less and rows:
        reply["more_columns"] = [column for column in less if column in all_rows[0]]
    if len(shown_rows) < len(all_rows):
        reply["more_rows"] = len(all_rows) - len(shown_rows)
    reply["notes"] = shown_notes
    if len(shown_notes) < len(notes):
        reply["more_notes"] = len(notes) - len(shown_notes)
    series = document.get("series", ())
    fields = _DESCRIBED if len(series) == 1 or with_sources else _NAMED
    reply["series"] = [
        _described(one, fields, with_sources=with_sources) for one in series[:MOST_SERIES]
    ]
    if len(series) > MOST_SERIES:
        reply["more_series"] = len(series) - MOST_SERIES
    if with_sources:
        provenance = dict(document.get("provenance", {}))
        provenance.pop("model", None)
        for reading in provenance.get("reading", ()):
            reading["lines"] = []
        reply["provenance"] = provenance
    return reply


def _shown(rows: Sequence[Mapping[str, Any]], tool: Tool) -> Sequence[Mapping[str, Any]]:
    """Leave out the rows that a tool gives with sources alone, unless these are all.

    Of earlier years it gives those of one item.
    """
    if tool.shows is not None:
        return [row for row in rows if tool.shows(row)] or rows
    if not tool.every_year or not rows:
        return rows
    last = max(row["period"] for row in rows)
    return [row for row in rows if row["period"] == last or row["item"] == tool.every_year]


def _described(
    series: Mapping[str, Any], fields: Sequence[str], *, with_sources: bool
) -> dict[str, Any]:
    """Describe a series; its values and their sources stay where they are."""
    described = {key: series[key] for key in fields if series.get(key)}
    if with_sources:
        described["sources"] = series.get("sources", [])
    return described


def _without_empty(row: Mapping[str, Any], less: Sequence[str] = ()) -> dict[str, Any]:
    shown = {key: value for key, value in row.items() if key not in less}
    return {key: _rounded(value) for key, value in shown.items() if value not in (None, "")}


def _rounded(value: Any) -> Any:
    """Round numbers to the digits that anyone reads."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return list(map(_rounded, value))
    return value


def _common(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Find the columns that are the same in all of several rows."""
    if len(rows) < 2:
        return {}
    first = rows[0]

    def is_common(key: str) -> bool:
        return all(row.get(key) == first[key] for row in rows)

    return {key: value for key, value in first.items() if is_common(key)}
