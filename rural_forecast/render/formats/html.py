"""html: a report as one page."""

from rural_forecast.render.format import Format, lazy

FORMATS = (Format("html", 21, (".html", ".htm"), lazy("page"), "page", "report", for_files=True),)
