"""markdown: tables for people, in GitHub's dialect."""

from rural_forecast.render.format import Format, lazy

FORMATS = (Format("markdown", 6, (".md", ".markdown"), lazy("markdown"), for_people=True, has_notes=True),)
