"""A picture as png, pdf or on a terminal, made of its svg.

Their font comes with the extra; a character that it lacks is taken from those of the system, or
refused.
"""

from base64 import b64encode
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from rural_forecast.document.picture import Picture
from rural_forecast.errors import UsageError
from rural_forecast.render.drawing import svg
from rural_forecast.render.typeface import FOREIGN, faces_for
from rural_forecast.system.extras import need
from rural_forecast.text.style import BOLD, FAMILIES, MEDIUM, THEMES, WIDE, Size

ZOOM = 2  # dots of a png for each pixel of a drawing, where its width is not stated
_MOST_COLUMNS = 120  # of an image on a terminal
_ABSENT = "\U0010ffff"  # a character that no font has


def render(picture: Picture, form: str = "svg", *, size: Size = WIDE, **_: Any) -> str | bytes:
    """Draw the picture in its look, as `svg`, `png` or `pdf`.

    Raises UsageError as `svg` and `printed` do.
    """
    return _standing_alone(svg(picture, size)) if form == "svg" else printed(picture, form, size)


def _standing_alone(drawn: str) -> str:
    """Give an svg its font, so that it looks alike wherever it is opened.

    Programs that take no font from a file use one of theirs, which has two weights as a rule: the
    medium weight would become the regular one there.
    """
    drawn = drawn.replace(f'font-weight="{MEDIUM}"', f'font-weight="{BOLD}"')
    return drawn.replace("<style>", "\n".join(["<style>", *faces_for(drawn)]), 1)


def printed(picture: Picture, form: str, size: Size = WIDE) -> bytes:
    """Draw the picture as `png` or `pdf`. Raises UsageError if no font has its characters."""
    resvg = need("resvg_py", "chart", f"The format {form}")
    folder = font_folder(form)
    drawn = svg(picture, size)
    require_fonts(drawn, resvg, folder)
    drawn = _with_a_bold_title(drawn, picture, size)
    if form == "png":
        dots = {"width": picture.look.pixels} if picture.look.pixels else {"zoom": ZOOM}
        return bytes(resvg.svg_to_bytes(svg_string=drawn, font_dirs=[str(folder)], **dots))

    typst = need("typst", "chart", "The format pdf")
    page = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.picture))"
    given = {"sys_inputs": {"picture": drawn}, "font_paths": [str(folder)], "timestamp": 0}
    return bytes(typst.compile(page, format="pdf", **given))


def _with_a_bold_title(drawn: str, picture: Picture, size: Size) -> str:
    """Draw a title in another script by its outline: its font may have no bold weight.

    All its lines are drawn alike, those in Latin letters too.
    """
    if not FOREIGN.search(picture.title):
        return drawn
    ink = THEMES[picture.look.theme]["ink"]
    families = ", ".join(map(repr, reversed(FAMILIES)))  # those with such characters come last
    look = f"font-family: {families}; font-weight: 400; stroke: {ink}; stroke-width: 0.5;"
    style = f'svg text[font-size="{size.title:g}"] {{ {look} }}'
    return drawn.replace("</style>", f"{style}\n</style>")


def on_terminal(picture: Picture, columns: int, *, inline: bool = False) -> str:
    """Draw the picture as an image on a terminal, in `columns`.

    `inline` writes it as iTerm takes it. Other terminals are asked for what they take: sixel, the
    protocol of kitty, or blocks of colour where they show no images.
    """
    wide = min(columns, _MOST_COLUMNS)
    if inline:
        png = b64encode(printed(picture, "png")).decode()
        return f"\x1b]1337;File=inline=1;width={wide}:{png}\x07\n"

    names = ("textual_image.renderable", "PIL.Image", "rich.console")
    shown, pillow, rich = (need(name, "chart", "An image on a terminal") for name in names)
    image = pillow.open(BytesIO(printed(picture, "png")))
    console = rich.Console(
        file=StringIO(), force_terminal=True, color_system="truecolor", width=columns
    )
    try:
        console.print(shown.Image(image, width=wide, height="auto"))
    except ZeroDivisionError:  # textual_image divides by the size of a cell
        raise UsageError(
            "This terminal does not tell its size.", "Write the picture: -o market.png."
        ) from None
    return str(console.file.getvalue())


def font_folder(form: str) -> Path:
    """Find the font that comes with the extra."""
    fonts = need("fontpkg", "chart", f"The format {form}")
    return Path(fonts.path(FAMILIES[0])).parent


def require_fonts(text: str, resvg: Any, folder: Path) -> None:
    """Refuse a text or an svg with characters that no installed font has.

    Each one is drawn alone: those without a font are all drawn alike, as an empty box.
    """

    def drawn(sign: str) -> bytes:
        text = f'<text y="15" font-family="{", ".join(FAMILIES)}">{escape(sign)}</text>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{text}</svg>'
        return bytes(resvg.svg_to_bytes(svg_string=svg, font_dirs=[str(folder)]))

    absent = drawn(_ABSENT)
    signs = sorted(sign for sign in set(text) if sign > "~" and not sign.isspace())
    missing = "".join(sign for sign in signs if drawn(sign) == absent)
    if missing:
        shown = missing if len(missing) <= 12 else f"{missing[:12]}…"
        raise UsageError(
            f"No installed font has the characters {shown} of this picture.",
            "Install one that has, for Chinese such as Debian's fonts-wqy-microhei.",
        )
