"""The formats that people read: their records, with renderers that are loaded when they are used."""

from rural_forecast.render.formats import Format, lazy

FORMATS = (
    Format("table", 1, (".txt",), lazy("table"), for_people=True, has_notes=True, draw=lazy("terminal_chart")),
    Format("markdown", 6, (".md", ".markdown"), lazy("markdown"), for_people=True, has_notes=True),
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
    ),
    Format("svg", 11, (".svg",), lazy("sheet"), "picture", for_files=True),
    *(
        Format(
            name,
            order,
            (f".{name}",),
            lazy("sheet", "render_as", form=name),
            "picture",
            "chart",
            for_files=True,
            page=lazy("page.printed", form=name),
        )
        for order, name in enumerate(("png", "pdf"), 12)
    ),
    Format("html", 21, (".html", ".htm"), lazy("page"), "page", "report", for_files=True),
    Format("pptx", 22, (".pptx",), lazy("page.slides"), "page", "exhibit", for_files=True),
)
