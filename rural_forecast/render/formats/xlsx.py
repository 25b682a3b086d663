"""xlsx: a workbook of numbers, for people."""

from rural_forecast.render.format import Format, lazy

FORMATS = (
    Format(
        "xlsx",
        8,
        (".xlsx",),
        lazy("xlsx"),
        extra="excel",
        for_files=True,
        for_people=True,
        has_notes=True,
        has_provenance=True,
        other_names=("excel", "xls"),
    ),
)
