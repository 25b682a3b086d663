"""table: for people, on a terminal; pictures in characters."""

from rural_forecast.render.format import Format, lazy

FORMATS = (
    Format(
        "table",
        1,
        (".txt",),
        lazy("table"),
        for_people=True,
        has_notes=True,
        draw=lazy("terminal_chart"),
        other_names=("text",),
    ),
)
