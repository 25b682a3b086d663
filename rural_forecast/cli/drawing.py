"""The options of pictures, and the picture that they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rural_forecast.cli import conditions as only
from rural_forecast.cli.declare import flag, group, value
from rural_forecast.errors import UsageError

if TYPE_CHECKING:
    from rural_forecast.document.picture import Look, Picture

Theme = Literal["light", "dark"]
_FLATTEST = 3
_FEWEST_PIXELS, _MOST_PIXELS = 200, 10_000


class Sketch(NamedTuple):
    """A picture that is drawn if it is wanted."""

    make: Callable[[], Picture]
    under: bool
    """Whether to draw it under a table."""


@group
class Drawing(NamedTuple):
    """How a picture is drawn."""

    log: bool = flag("--log", "Draw on a logarithmic axis.", needs=only.PICTURE)
    title: str | None = value("TEXT", "Title of the picture; ours follows it.", needs=only.PICTURE)
    subtitle: str | None = value("TEXT", "Text below the title of the picture.", needs=only.PICTURE)
    credit: str | None = value("TEXT", "Source named below the picture.", "--source", needs=only.PICTURE)
    note: list[str] | None = value("TEXT", "Note below the picture; repeatable.", needs=only.PICTURE)
    theme: Theme = flag("--theme", "Colours of svg, png and pdf.", default="light", needs=only.PICTURE_FILE)
    ratio: str | None = value("W:H", "Width to height.", left_out="as high as it needs", needs=only.PICTURE_FILE)
    pixels: int | None = value("COUNT", "Width of a png.", left_out="1800", needs=only.PNG)

    def dressed(self, picture: Picture, look: Look) -> Picture:
        """The picture with the texts and the look asked for."""
        from rural_forecast.views.pictures import dressed

        return dressed(
            picture,
            title=self.title,
            subtitle=self.subtitle,
            source=self.credit,
            notes=self.note or (),
            logarithmic=self.log,
            look=look,
        )

    def look(self) -> Look:
        """Theme and size. Raises UsageError if no picture can have the ratio or the width."""
        from rural_forecast.document.picture import Look

        ratio = None
        if self.ratio is not None:
            sides = re.fullmatch(r"(\d{1,4}):(\d{1,4})", self.ratio)
            ratio = int(sides[1]) / max(int(sides[2]), 1) if sides else 0.0
            if not _FLATTEST >= ratio >= 1 / _FLATTEST:
                raise UsageError(
                    f"--ratio {self.ratio} is not width to height, from 1:{_FLATTEST} to {_FLATTEST}:1.",
                    "Give one such as 16:9.",
                )
        if self.pixels is not None and not _FEWEST_PIXELS <= self.pixels <= _MOST_PIXELS:
            raise UsageError(
                f"--pixels {self.pixels} is not between {_FEWEST_PIXELS} and {_MOST_PIXELS:,}.",
                "Give a width such as 1200.",
            )
        return Look(self.theme, ratio, self.pixels)


@group
class Picturing(NamedTuple):
    """Whether a picture is drawn under a table, and how it is drawn there or in a file."""

    chart: bool = flag("--chart", "Draw the picture under the table.", needs=only.UNDER_A_TABLE)
    drawing: Drawing = Drawing()

    def of(self, kind: str, result: Any, **options: Any) -> Sketch:
        """The picture of a result, by the view `kind`, drawn if it is wanted."""

        def make() -> Picture:
            view = import_module(f"rural_forecast.views.pictures.{kind}")
            return self.drawing.dressed(view.picture(result, **options), self.drawing.look())

        return Sketch(make, self.chart)
