"""Options of pictures and pages: their texts, and their look."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rural_forecast.cli import conditions as only
from rural_forecast.cli import values
from rural_forecast.cli.options.writing import format_option
from rural_forecast.cli.parameters import OneOf
from rural_forecast.render import formats

OUTPUT = "Output"

Columns = Annotated[
    bool,
    typer.Option(
        "--columns",
        help="Draw one series as columns with their values and growth a year.",
        rich_help_panel=OUTPUT,
    ),
]

Appendix = Annotated[
    bool,
    typer.Option(
        "--appendix",
        help="Add the models, the evidence, every value and the method.",
        rich_help_panel=OUTPUT,
    ),
    only.WITH_APPENDIX,
]

Author = Annotated[
    str | None,
    typer.Option(
        "--author",
        metavar="TEXT",
        help="Who wrote the page.",
        envvar="RURAL_FORECAST_AUTHOR",
        rich_help_panel=OUTPUT,
    ),
]

Chart = Annotated[
    Literal["text", "image"] | None,
    typer.Option(
        "--chart",
        help=(
            "Draw it below the table; --chart=image as an image, on kitty, iTerm and "
            "terminals with sixel."
        ),
        show_default="not drawn",
        rich_help_panel=OUTPUT,
    ),
    only.UNDER_A_TABLE,
]

_TITLE = typer.Option(
    "--title",
    metavar="TEXT",
    help="Name of the series in headlines, or of a page of several.",
    rich_help_panel=OUTPUT,
)
Title = Annotated[str | None, _TITLE, only.HEADLINE]
TitleOfPage = Annotated[str | None, _TITLE]

Theme = Annotated[
    Literal["light", "dark"],
    typer.Option(
        "--theme",
        help="Colours of svg, png and pdf.",
        envvar="RURAL_FORECAST_THEME",
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE_FILE,
]

Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="FILE",
        help="A presentation whose layout, fonts and colours the slides take.",
        rich_help_panel=OUTPUT,
    ),
    only.SLIDES,
]

Log = Annotated[
    bool,
    typer.Option("--log", help="Draw on a logarithmic axis.", rich_help_panel=OUTPUT),
    only.PICTURE,
]

Headline = Annotated[
    str | None,
    typer.Option(
        "--headline",
        metavar="TEXT",
        help="The whole headline, in place of ours.",
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE_OR_SLIDE,
]

Subtitle = Annotated[
    str | None,
    typer.Option(
        "--subtitle",
        metavar="TEXT",
        help="Text below the headline, in place of the range.",
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE_OR_SLIDE,
]

Credit = Annotated[
    str | None,
    typer.Option(
        "--credit", metavar="TEXT", help="Source named below the picture.", rich_help_panel=OUTPUT
    ),
    only.PICTURE_OR_SLIDE,
]

Note = Annotated[
    list[str] | None,
    typer.Option(
        "--note", metavar="TEXT", help="Note below the picture; repeatable.", rich_help_panel=OUTPUT
    ),
    only.PICTURE,
]

Ratio = Annotated[
    float | None,
    typer.Option(
        "--ratio",
        metavar="W:H",
        help="Width to height.",
        show_default="as high as it needs",
        parser=values.RATIO,
        rich_help_panel=OUTPUT,
    ),
    only.PICTURE_FILE,
]

Pixels = Annotated[
    int | None,
    typer.Option(
        "--pixels",
        metavar="COUNT",
        help="Width of a png.",
        show_default="1800",
        min=200,
        max=10000,
        rich_help_panel=OUTPUT,
    ),
    only.PNG,
]

_CHARTS = ("table", *formats.PICTURES)
_PAGES = ("html", "pdf", "png", "pptx")
FormatOfChart = Annotated[str | None, format_option(_CHARTS), OneOf(_CHARTS)]
FormatOfPage = Annotated[str | None, format_option(_PAGES), OneOf(_PAGES)]
