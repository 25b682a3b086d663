"""xlsx: a workbook of numbers, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from rural_forecast.document.table import Document


def _render(document: Document, **_: Any) -> bytes:
    from rural_forecast.render import xlsx

    return xlsx.render(document)


FORMATS = (
    Format(
        "xlsx",
        8,
        (".xlsx",),
        _render,
        extra="excel",
        for_files=True,
        for_people=True,
        has_notes=True,
        has_provenance=True,
        other_names=("excel", "xls"),
    ),
)
