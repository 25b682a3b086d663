"""The options of pictures, and the picture that they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rural_forecast.cli import conditions as only
from rural_forecast.cli import environment
from rural_forecast.cli.declare import flag, group, value
from rural_forecast.errors import UsageError

if TYPE_CHECKING:
    from rural_forecast.document.picture import Look, Picture

Theme = Literal["light", "dark"]
_FLATTEST = 3
_FEWEST_PIXELS, _MOST_PIXELS = 200, 10_000

Charted = Literal["text", "image"] | None
CHART = flag(
    "--chart",
    "Draw the picture under the table; --chart=image as an image, on kitty, iTerm and terminals with sixel.",
    default=None,
    left_out="not drawn",
    needs=only.UNDER_A_TABLE,
    section="Output",
)


class Sketch(NamedTuple):
    """A picture that is drawn if it is wanted."""

    make: Callable[[], Picture]
    under: Charted
    """It is drawn under a table, in characters or as an image."""

    def drawn(self) -> Picture | None:
        """The picture, if the result has one."""
        try:
            return self.make()
        except UsageError:
            return None


@group("Output")
class Titled:
    """The title and the colours of a picture, in every command that can draw its result."""

    title: str | None = value(
        "TEXT", "Name of the series in the headline, or of a page of several.", needs=only.PICTURE
    )
    theme: Theme = flag(
        "--theme", "Colours of svg, png and pdf.", default="light", needs=only.PICTURE_FILE, variable=environment.THEME
    )

    def of(self, kind: str, result: Any, *, under: Charted = None, **options: Any) -> Sketch:
        """Sketch a result by the function `picture` of a file of `views`, such as `chart`."""
        return Drawing(titled=self).of(kind, result, under=under, **options)


@group("Output")
class Drawing:
    """The options of a picture, in the commands that are about pictures."""

    titled: Titled = Titled()
    log: bool = flag("--log", "Draw on a logarithmic axis.", needs=only.PICTURE)
    headline: str | None = value("TEXT", "The whole headline, in place of ours.", needs=only.PICTURE)
    subtitle: str | None = value("TEXT", "Text below the headline, in place of the range.", needs=only.PICTURE)
    credit: str | None = value("TEXT", "Source named below the picture.", needs=only.PICTURE)
    note: list[str] | None = value("TEXT", "Note below the picture; repeatable.", needs=only.PICTURE)
    ratio: str | None = value("W:H", "Width to height.", left_out="as high as it needs", needs=only.PICTURE_FILE)
    pixels: int | None = value("COUNT", "Width of a png.", left_out="1800", needs=only.PNG)

    def of(self, kind: str, result: Any, *, under: Charted = None, **options: Any) -> Sketch:
        """Sketch a result by the function `picture` of a file of `views`, such as `chart`."""

        def make() -> Picture:
            view = import_module(f"rural_forecast.views.{kind}")
            return self.dressed(view.picture(result, **options))

        return Sketch(make, under)

    def dressed(self, picture: Picture) -> Picture:
        """Give a picture the texts and the look asked for. Raises UsageError as `look`."""
        return picture.dressed(
            name=self.titled.title,
            headline=self.headline,
            subtitle=self.subtitle,
            source=self.credit and f"Source: {self.credit}",
            notes=self.note or (),
            logarithmic=self.log,
            look=self.look(),
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
        return Look(self.titled.theme, ratio, self.pixels)
