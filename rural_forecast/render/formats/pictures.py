"""svg, png and pdf: pictures, drawn by matplotlib."""

from rural_forecast.render.format import Format, lazy

FORMATS = tuple(
    Format(name, order, (f".{name}",), lazy("chart", form=name), "picture", "chart", for_files=True)
    for order, name in enumerate(("svg", "png", "pdf"), 11)
)
