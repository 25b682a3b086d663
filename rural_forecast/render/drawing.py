"""A picture whole: headline, range, drawing, key, notes and source as svg; png and pdf are made of
it.

Their font comes with the extra; a character that it lacks is taken from those of the system, or
refused.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from io import BytesIO, StringIO
from itertools import chain, pairwise, zip_longest
from math import ceil
from pathlib import Path
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Panels, Picture, Ranges, Row, Stack
from rural_forecast.errors import UsageError
from rural_forecast.render import canvas, course
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import Box, Canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import BOLD, FAMILIES, MEDIUM, PHONE, REGULAR, THEMES, WIDE, Size

ZOOM = 2
_LOWEST = 150.0
_MOST_WIDENING = 4  # pixels of a drawing in a picture of any ratio
_MOST_LINES = {"title": 3, "range": 3, "text": 4, "small": 4}
_PANEL = 150.0
_BETWEEN = 28.0
_LEADING = 1.34
_MOST_COLUMNS = 120
_FAMILIES = ", ".join(map(repr, FAMILIES))
_ABSENT = "\U0010ffff"
_FOREIGN = re.compile("[\u0590-\u1fff\u2e80-\U0010ffff]")


def render(picture: Picture, form: str = "svg", *, size: Size = WIDE, **_: Any) -> str | bytes:
    """Draw the picture in its look, as `svg`, `png` or `pdf`. Raises UsageError as `svg` and
    `printed`.
    """
    return svg(picture, size) if form == "svg" else printed(picture, form, size)


def printed(picture: Picture, form: str, size: Size = WIDE) -> bytes:
    """Draw the picture as `png` or `pdf`."""
    resvg = need("resvg_py", "chart", f"The format {form}")
    folder = font_folder(form)
    drawn = svg(picture, size)
    require_fonts(drawn, resvg, folder)
    # One in another font, maybe not bold: all its lines are drawn alike.
    if _FOREIGN.search(picture.title):
        ink = THEMES[picture.look.theme]["ink"]
        families = ", ".join(map(repr, reversed(FAMILIES)))
        look = f"font-family: {families}; font-weight: 400; stroke: {ink}; stroke-width: 0.5;"
        style = f'svg text[font-size="{size.title:g}"] {{ {look} }}'
        drawn = drawn.replace("</style>", f"{style}\n</style>")
    if form == "png":
        dots = {"width": picture.look.pixels} if picture.look.pixels else {"zoom": ZOOM}
        return bytes(resvg.svg_to_bytes(svg_string=drawn, font_dirs=[str(folder)], **dots))
    typst = need("typst", "chart", "The format pdf")
    page = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.picture))"
    given = {"sys_inputs": {"picture": drawn}, "font_paths": [str(folder)], "timestamp": 0}
    return bytes(typst.compile(page, format="pdf", **given))


def on_terminal(picture: Picture, columns: int, *, inline: bool = False) -> str:
    """Draw the picture as an image on a terminal that shows them, in `columns`; on another one in
    blocks of colour.
    """
    # As iTerm takes a png; other terminals are asked for what they take: sixel, or that of kitty.
    if inline:
        png = b64encode(printed(picture, "png")).decode()
        return f"\x1b]1337;File=inline=1;width={min(columns, _MOST_COLUMNS)}:{png}\x07\n"
    names = ("textual_image.renderable", "PIL.Image", "rich.console")
    shown, pillow, rich = (need(name, "chart", "An image on a terminal") for name in names)
    image = pillow.open(BytesIO(printed(picture, "png")))
    console = rich.Console(
        file=StringIO(), force_terminal=True, color_system="truecolor", width=columns
    )
    try:
        console.print(shown.Image(image, width=min(columns, _MOST_COLUMNS), height="auto"))
    except ZeroDivisionError:
        raise UsageError(
            "This terminal does not tell its size.", "Write the picture: -o market.png."
        ) from None
    return str(console.file.getvalue())


def svg(picture: Picture, size: Size = WIDE) -> str:
    """Draw the picture as an svg of its own. Raises UsageError if the numbers are too large or too
    small to draw.
    """
    sheet = _Composition(picture, size)
    theme = picture.look.theme
    ratio = picture.look.ratio
    wide = size.width
    height = 0.0
    while ratio is not None:  # as wide as it takes for the texts to leave room for the drawing
        height = wide / ratio
        own = size._replace(width=wide)
        natural = _Composition(picture, own, room=_LOWEST)
        sheet = _Composition(
            picture, own, room=max(height - natural.height + natural.drawn, _LOWEST)
        )
        if sheet.height <= 1.01 * height or wide > _MOST_WIDENING * size.width:
            break
        wide = round(1.2 * wide)
    sheet.height = max(sheet.height, ceil(height))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" role="img" {sheet.box}>\n'
        f"<title>{escape(one_line(picture.title))}</title>\n<desc>{escape(prose(picture.alternative))}</desc>\n"
        f"<style>\n{canvas.style(theme)}\nsvg text {{ font-family: {_FAMILIES}, sans-serif; }}\n</style>\n"
        f'<rect width="100%" height="100%" fill="{THEMES[theme]["paper"]}"/>\n'
        f"{chr(10).join(sheet.canvas.parts)}\n</svg>\n"
    )


def embedded(picture: Picture, sizes: tuple[Size, ...] = (WIDE, PHONE)) -> list[str]:
    """Draw the picture in the sizes of a page's media; the page itself has its headline, source and
    colours.
    """
    hidden = 'aria-hidden="true" focusable="false"'
    sheets = [(size.name, _Composition(picture.bare, size._replace(margin=2.0))) for size in sizes]
    return [
        f'<svg class="{name}" {sheet.box} {hidden}>{"".join(sheet.canvas.parts)}</svg>'
        for name, sheet in sheets
    ]


def font_folder(form: str) -> Path:
    """Find the font that comes with the extra."""
    fonts = need("fontpkg", "chart", f"The format {form}")
    return Path(fonts.path(FAMILIES[0])).parent


def require_fonts(text: str, resvg: Any, folder: Path) -> None:
    """Refuse characters of an svg, or a text, that no font has, by drawing each one alone: they are
    all drawn alike.
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
        said = f"No installed font has the characters {shown} of this picture."
        raise UsageError(
            said, "Install one that has, for Chinese such as Debian's fonts-wqy-microhei."
        )


class _Composition:
    def __init__(self, picture: Picture, size: Size, room: float | None = None) -> None:
        self.size = size
        self.margin = size.margin
        self.width = size.width
        self.room = room
        self.canvas = Canvas(size)
        self.height = self.margin * 0.65
        self._prose(picture.title, "title", weight=BOLD)
        self._prose(picture.subtitle, "range", space=size.range * 0.3)
        self._prose(picture.about, "text", colour="quiet", space=size.text * 0.45)
        self.height += size.text if self.canvas.parts else 4
        frame = Box(
            self.margin, self.height, self.width - self.margin, self.height + (room or size.plot)
        )
        plot = picture.plot
        self.height = frame.bottom
        keyed = False
        if isinstance(plot, Ranges):
            self.height = _RangesDrawing(picture, plot, self.canvas, frame, room).draw()
        elif isinstance(plot, Panels):
            self.height = self._panels(picture, plot, frame)
        elif isinstance(plot, Stack):
            course.stacked(picture, plot, self.canvas, frame)
        else:
            keyed = course.draw(picture, plot, self.canvas, frame)
        self.drawn = self.height - frame.top
        if isinstance(plot, Course) and keyed:
            self.height += size.text * 1.5
            x = self.margin
            y = self.height
            side = size.small + 2
            for band in plot.bands:
                self.canvas.rect(
                    Box(x, y - side + 2, x + 2 * side, y + 2), f"band{canvas.shade(band.level)}"
                )
                x = (
                    self.canvas.text(x + 2 * side + 8, y, f"{band.level} %", weight=MEDIUM).right
                    + 16
                )
            if x + width("chance inside", size.text) < self.width:
                self.canvas.text(x, y, "chance inside", colour="quiet")
            self.height += 4
        self.height += size.small * 0.7
        for note in (*picture.notes, picture.source):
            self._prose(note, "small", colour="quiet", space=2)
        self.height = ceil(self.height + max(self.margin * 0.65, 4))

    @property
    def box(self) -> str:
        return f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}"'

    def _panels(self, picture: Picture, plot: Panels, frame: Box) -> float:
        """Small pictures in rows, each with its title above it; gives where they end."""
        count = len(plot.pictures)
        text = self.size.text
        top = frame.top
        across = min(count, 2 if count <= 4 else 3 if count <= 9 else 4)
        if self.size.name == "phone":
            across = 2 if count > 2 else 1
        wide = (frame.right - frame.left - _BETWEEN * (across - 1)) / across
        high = max((self.room or 0) / -(-count // across) - 60, _PANEL)
        for start in range(0, count, across):
            row = plot.pictures[start : start + across]
            titles = [wrapped(one.title, wide, text, bold=True, most=2) for one in row]
            below = top + max(map(len, titles)) * text * _LEADING
            for place, (one, lines) in enumerate(zip(row, titles, strict=True)):
                left = frame.left + place * (wide + _BETWEEN)
                for rank, words in enumerate(lines):
                    self.canvas.text(left, top + text * (1 + rank * _LEADING), words, weight=BOLD)
                if isinstance(one.plot, Course):
                    box = Box(left, below, left + wide, below + high)
                    # Each has a unit of its own.
                    panel = one._replace(logarithmic=picture.logarithmic)
                    course.draw(panel, one.plot, self.canvas, box, small=True)
            top = below + high + text
        return top

    def _prose(
        self, words: str, kind: str, *, weight: int = 400, colour: str = "ink", space: float = 0.0
    ) -> None:
        size: float = getattr(self.size, kind)
        room = 0.98 * (self.width - 2 * self.margin)
        lines = wrapped(words, room, size, bold=weight > MEDIUM, most=_MOST_LINES[kind])
        self.height += space if lines else 0
        for line in lines:
            self.height += round(size * _LEADING)
            y = self.height - size * 0.3
            self.canvas.text(self.margin, y, line, size=size, colour=colour, weight=weight)


_ROW = 34.0
_LEAST = 17.0
_MOST = 60.0
_SECOND = 16.0
_GROUP = 34.0  # pixels more of a row with two lines, and of one that begins a group
# Half heights of bars and 50 %, of wider ranges, and of a middle, in rows.
_THICK = 0.29
_THIN = 0.17
_TALL = 0.36
_TICK_ROOM = 80.0
_SPACE = 20.0
_APART = 26.0  # pixels between columns of texts, and more of them from the axis on


class _RangesDrawing:
    """Rows on one axis: ranges with their middle, bars from end to end, steps joined as in a
    waterfall.
    """

    def __init__(
        self, picture: Picture, plot: Ranges, canvas: Canvas, frame: Box, room: float | None
    ) -> None:
        self.plot = plot
        self.canvas = canvas
        self.frame = frame
        text = canvas.size.text
        phone = canvas.size.name == "phone"
        rows = plot.rows
        self.text = text
        most = (frame.right - frame.left) * (0.3 if phone else 0.32)
        self.names = [wrapped(row.name, most, text, bold=True, most=1) for row in rows]
        self.abouts = [wrapped(row.about, most, text, most=1) for row in rows]
        columns = [*zip_longest(*(row.texts for row in rows), fillvalue="")][: 1 if phone else None]
        heads = (*plot.heads, *("" for _ in columns))
        self.columns = [*zip(heads, columns, strict=False)]
        self.widths = [_widest((head, *words), text) + _SPACE for head, words in self.columns]
        low, high = (max(width(prose(row.ends[at]), text) for row in rows) * 0.6 for at in (0, 1))
        self.left = frame.left + _widest(chain(*self.names, *self.abouts), text) + 22 + low
        self.right = frame.right - sum(self.widths) - (_APART if any(heads) else 8) - high
        self.scale = scales.of(picture, max(int((self.right - self.left) / _TICK_ROOM), 2))
        self.unit = self.scale.headed(picture.unit)
        self.above = len(wrapped(self.unit, self.left - frame.left - 30, text)) > 1
        self.top = frame.top + text * (3.5 if self.above else 2)
        extra = sum(_GROUP for row in rows if row.group) + sum(_SECOND for row in rows if row.about)
        self.each = _ROW if len(rows) <= 12 else 26.0
        if room is not None:
            room -= text * (3.6 if plot.reference_text else 2) + 6 + extra
            self.each = min(max(room / len(rows), _LEAST), _MOST)
        self.bottom = self.top + self.each * len(rows) + extra

    def _x(self, value: float) -> float:
        return self.left + (self.right - self.left) * self.scale.share(value)

    def draw(self) -> float:
        """Draw everything, back to front; gives where the rows end."""
        canvas = self.canvas
        plot = self.plot
        text = self.text
        self._axis()
        rows = []
        at = self.top
        for row in plot.rows:
            high = self.each + (_SECOND if row.about else 0)
            at += (_GROUP if row.group else 0) + high
            rows.append((row, at - high / 2))
        for (row, middle), (_, after) in pairwise(rows):
            if row.joins is not None:
                canvas.line(
                    [(self._x(row.joins), middle), (self._x(row.joins), after)], "axis", 1.2
                )
        groups = [(row.group, middle - self.each / 2 - _GROUP) for row, middle in rows if row.group]
        for _, top in groups:
            start = top + (8 if top == self.top else 1)
            canvas.rect(Box(self.frame.left, start, self.frame.right, top + _GROUP - 4), "paper")
        for place, (row, middle) in enumerate(rows):
            self._mark(row, middle)
            self._words(row, place, middle)
        x = self._x(plot.reference or 0.0)
        first = next(
            (middle for row, middle in rows if row.tone == MAIN and row.value is not None), None
        )
        swings = [middle + self.each * 0.4 for row, middle in rows if all(row.ends)]
        if plot.reference is not None and not plot.reference_text and first is not None and swings:
            # The answer, through the swings around it.
            canvas.line([(x, first), (x, swings[-1])], "accent", 2.0)
        for name, top in groups:  # with a rule above it, over the lines of the grid
            if top != self.top:
                canvas.line([(self.frame.left, top + 4), (self.frame.right, top + 4)], "grid")
            canvas.text(self.frame.left, top + _GROUP - 9, name, weight=BOLD, halo=True)
        if plot.reference is None or not plot.reference_text:
            return self.bottom + 6
        canvas.line([(x, self.top), (x, self.bottom + 2)], "ink", 1.2, "2 4")
        half = width(prose(plot.reference_text), text) / 2
        at = min(max(x, self.frame.left + half), self.frame.right - half)
        canvas.text(
            at, self.bottom + text * 1.6 - 2, plot.reference_text, anchor="middle", weight=MEDIUM
        )
        return self.bottom + text * 1.6 + 6

    def _axis(self) -> None:
        canvas, text, scale, y = self.canvas, self.text, self.scale, self.top - self.text * 1.1
        box = canvas.text(self.frame.left, y - text * 1.5 * self.above, self.unit, colour="quiet")
        edge = box.left if self.above else box.right + 8
        for tick, words in zip(scale.ticks, scale.texts, strict=True):
            x = self._x(tick)
            canvas.line([(x, self.top - 4), (x, self.bottom)], *scale.tick_line(tick))
            if x - width(words, text) / 2 >= edge:
                canvas.text(x, y, words, colour="quiet", anchor="middle")
        at = self.frame.right
        for (head, _), wide in zip(reversed(self.columns), reversed(self.widths), strict=True):
            canvas.text(at, y, head, colour="quiet", anchor="end")
            at -= wide

    def _mark(self, row: Row, middle: float) -> None:
        canvas = self.canvas
        main = row.tone == MAIN
        for level, lower, upper in reversed(row.shown):
            box = self._box((lower, upper), middle, _THICK if level <= 50 else _THIN)
            canvas.rect(box, f"{'band' if main else 'grey'}{50 if level <= 50 else 80}")
        if row.bar:
            box = self._box(row.bar, middle, _THICK)
            y = middle + self.text * 0.35
            canvas.rect(
                box, "accent" if main else "total" if row.joins is None or row.strong else "axis"
            )
            canvas.text(box.left - 7, y, row.ends[0], anchor="end", halo=True)
            canvas.text(box.right + 7, y, row.ends[1], halo=True)
        if row.value is not None and not row.dot:
            x = self._x(row.value)
            half = self.each * _TALL
            canvas.line([(x, middle - half), (x, middle + half)], "accent" if main else "ink", 3.0)
        for value in (row.value if row.dot else None, row.other):
            if value is not None:
                canvas.dot(self._x(value), middle, 5.5, "ink", "paper", 1.5)

    def _box(self, ends: tuple[float, float], middle: float, part: float) -> Box:
        low, high = map(self._x, sorted(ends))
        return Box(low, middle - self.each * part, max(high, low + 1), middle + self.each * part)

    def _words(self, row: Row, place: int, middle: float) -> None:
        canvas = self.canvas
        main = row.tone == MAIN and row.strong
        y = middle + self.text * 0.35
        colour = "accent" if main else "ink"
        weight = BOLD if row.strong else MEDIUM if row.about else REGULAR
        above = _SECOND / 2 if row.about else 0
        for words in self.names[place]:
            canvas.text(self.frame.left, y - above, words, colour=colour, weight=weight)
        for words in self.abouts[place]:
            canvas.text(self.frame.left, y + above, words, colour="quiet")
        at = self.frame.right
        for rank in reversed(range(len(self.columns))):
            tint = colour if not rank or main else "quiet"
            weight = REGULAR if rank else BOLD
            canvas.text(
                at, y, self.columns[rank][1][place], colour=tint, weight=weight, anchor="end"
            )
            at -= self.widths[rank]


def _widest(words: Iterable[str], size: float) -> float:
    return max(width(prose(one), size, bold=True) for one in words)
