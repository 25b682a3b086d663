"""Formats for people whose renderers are loaded when they are used: tables, workbooks, pictures and pages."""

from rural_forecast.render.formats import Format, lazy

_TABLE = {"Document": lazy("table"), "Picture": lazy("terminal")}
_SLIDES = lazy("page.slides")
_WORKBOOK = {"Document": lazy("workbook")}


def _picture(name: str, order: int) -> Format:
    renderers = {"Picture": lazy("drawing", form=name), "Page": lazy("page.printed", form=name)}
    return Format(name, order, (f".{name}",), renderers, "chart", for_files=True)


FORMATS = (
    Format("table", 1, (".txt",), _TABLE, for_people=True, has_notes=True),
    Format("xlsx", 8, (".xlsx",), _WORKBOOK, "excel", True, True, has_notes=True, has_provenance=True),
    Format("svg", 11, (".svg",), {"Picture": lazy("drawing")}, for_files=True),
    _picture("png", 12),
    _picture("pdf", 13),
    Format("html", 21, (".html", ".htm"), {"Page": lazy("page.html")}, "exhibit", for_files=True),
    Format("pptx", 22, (".pptx",), {"Picture": _SLIDES, "Page": _SLIDES}, "exhibit", for_files=True),
)
