"""ndjson: one record a line, for programs that read line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.render.json_text import encode, encoder, records

if TYPE_CHECKING:
    from rural_forecast.document.table import Document


def render(document: Document) -> str:
    """Write the records, compact; no records give no text.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    compact = encoder(separators=(",", ":"))
    return "".join(encode(compact, row) + "\n" for row in records(document.records))
