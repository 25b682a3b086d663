"""The formats that people read: their records, with renderers that are loaded when they are used."""

from rural_forecast.render.formats import Format, lazy

_TABLE = {"Document": lazy("table"), "Picture": lazy("terminal_chart")}


def _picture(name: str, order: int) -> Format:
    renderers = {"Picture": lazy("svg_file", "render_as", form=name), "Page": lazy("page.printed", form=name)}
    return Format(name, order, (f".{name}",), renderers, "chart", for_files=True)


FORMATS = (
    Format("table", 1, (".txt",), _TABLE, for_people=True, has_notes=True),
    Format("markdown", 6, (".md", ".markdown"), {"Document": lazy("markdown")}, for_people=True, has_notes=True),
    Format(
        "xlsx",
        8,
        (".xlsx",),
        {"Document": lazy("workbook")},
        "excel",
        for_files=True,
        for_people=True,
        has_notes=True,
        has_provenance=True,
    ),
    Format("svg", 11, (".svg",), {"Picture": lazy("svg_file")}, for_files=True),
    _picture("png", 12),
    _picture("pdf", 13),
    Format("html", 21, (".html", ".htm"), {"Page": lazy("page")}, "exhibit", for_files=True),
    Format("pptx", 22, (".pptx",), {"Page": lazy("page.slides")}, "exhibit", for_files=True),
)
