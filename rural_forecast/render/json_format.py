"""json: one object with the records, what each series is, notes and provenance; a row a line, so that it reads well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.render.json_text import encode, encoder, records

if TYPE_CHECKING:
    from rural_forecast.document.table import Document

SCHEMA_VERSION = 1


def render(document: Document) -> str:
    """Write the document; the keys are always there and always in this order.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    pretty, flat = encoder(indent=2), encoder()
    rows = [encode(flat, row) for row in records(document.records)]
    values = {
        "schema_version": encode(flat, SCHEMA_VERSION),
        "command": encode(flat, document.command),
        "series": encode(pretty, document.series),
        "rows": "[\n" + ",\n".join(f"  {row}" for row in rows) + "\n]" if rows else "[]",
        "notes": encode(pretty, document.notes),
        "provenance": encode(pretty, document.provenance),
    }
    members = [f'  "{key}": {text.replace(chr(10), chr(10) + "  ")}' for key, text in values.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"
