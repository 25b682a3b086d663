"""A picture whole as svg: headline, range, drawing, key, notes and source.

Png and pdf are made of the svg. Their font comes with the extra; a character that it lacks is taken
from those of the system, or refused. `_Composition` puts the parts of a picture below each other;
years are drawn by `course`, rows on one axis by `_RangesDrawing`.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO, StringIO
from itertools import pairwise, zip_longest
from math import ceil
from pathlib import Path
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Panels, Picture, Ranges, Row, Stack
from rural_forecast.errors import UsageError
from rural_forecast.render import canvas, course
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import HALF_CAPITAL, Box, Canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import BOLD, FAMILIES, MEDIUM, PHONE, REGULAR, THEMES, WIDE, Size

ZOOM = 2  # dots of a png for each pixel of a drawing, where its width is not stated
_MOST_COLUMNS = 120  # of an image on a terminal
_FAMILIES = ", ".join(map(repr, FAMILIES))
_ABSENT = "\U0010ffff"  # a character that no font has
_FOREIGN = re.compile("[\u0590-\u1fff\u2e80-\U0010ffff]")  # scripts that Fira Sans does not have

# A picture of a stated ratio gets wider by this factor until its texts leave room for the drawing,
# up to so many times its usual width. It may be a little higher than stated.
_WIDER = 1.2
_MOST_WIDENING = 4
_HIGHER = 1.01
_LOWEST = 150.0  # pixels of a drawing

# Texts of a picture.
_MOST_LINES = {"title": 3, "range": 3, "text": 4, "small": 4}
_LEADING = 1.34  # ems from a line to the next one
_TEXT_SHARE = 0.98  # of the room across: widths are estimates where a font differs
_SAMPLE = 34.0  # pixels of the line that a key shows
_EDGE = 0.65  # of the margin, above and below a picture

# Panels: the least pixels of the height of one, between two of them across, and of what is not its
# drawing.
_PANEL = 150.0
_BETWEEN = 28.0
_PANEL_HEAD = 60
_BESIDE_TITLE = 7.0  # pixels from the title of a panel to what else it says


def render(picture: Picture, form: str = "svg", *, size: Size = WIDE, **_: Any) -> str | bytes:
    """Draw the picture in its look, as `svg`, `png` or `pdf`.

    Raises UsageError as `svg` and `printed` do.
    """
    return svg(picture, size) if form == "svg" else printed(picture, form, size)


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
    if not _FOREIGN.search(picture.title):
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


def svg(picture: Picture, size: Size = WIDE) -> str:
    """Draw the picture as an svg of its own.

    Raises UsageError if the numbers are too large or too small to draw.
    """
    sheet = _Composition(picture, size)
    if picture.look.ratio is not None:
        sheet = _of_ratio(picture, size, picture.look.ratio)
    theme = picture.look.theme
    paper = THEMES[theme]["paper"]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {sheet.box}>',
        f"<title>{escape(one_line(picture.title))}</title>",
        f"<desc>{escape(prose(picture.alternative))}</desc>",
        "<style>",
        canvas.style(theme),
        f"svg text {{ font-family: {_FAMILIES}, sans-serif; }}",
        "</style>",
        f'<rect width="100%" height="100%" fill="{paper}"/>',
        *sheet.canvas.parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _of_ratio(picture: Picture, size: Size, ratio: float) -> "_Composition":
    """Compose a picture of a ratio, as wide as it takes for the texts to leave room to draw."""
    wide = size.width
    while True:
        height = wide / ratio
        own_size = size._replace(width=wide)
        natural = _Composition(picture, own_size, room=_LOWEST)
        room = height - natural.height + natural.drawn
        sheet = _Composition(picture, own_size, room=max(room, _LOWEST))
        if sheet.height <= _HIGHER * height or wide > _MOST_WIDENING * size.width:
            sheet.height = max(sheet.height, ceil(height))
            return sheet
        wide = round(_WIDER * wide)


def embedded(picture: Picture, sizes: tuple[Size, ...] = (WIDE, PHONE)) -> list[str]:
    """Draw the picture in the sizes of a page's media, without the words that the page has."""
    drawings = []
    for size in sizes:
        sheet = _Composition(picture.bare, size._replace(margin=2.0))
        head = f'<svg class="{size.name}" {sheet.box} aria-hidden="true" focusable="false">'
        drawings.append(f"{head}{''.join(sheet.canvas.parts)}</svg>")
    return drawings


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


class _Composition:
    """A picture with its parts below each other; `height` is that of what is drawn so far.

    `room` is the height of the drawing if the picture has a ratio; else its size states it.
    """

    def __init__(self, picture: Picture, size: Size, room: float | None = None) -> None:
        self.size = size
        self.room = room
        self.canvas = Canvas(size)
        self.height = size.margin * _EDGE
        self._head(picture)
        top = self.height
        keyed = self._plot(picture)
        self.drawn = self.height - top
        if keyed and isinstance(picture.plot, Course):
            self._key(picture.plot)
        self._foot(picture)

    @property
    def box(self) -> str:
        """The size as attributes of an svg."""
        wide = f"{self.size.width:g}"
        high = f"{self.height:g}"
        return f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'

    def _head(self, picture: Picture) -> None:
        size = self.size
        self._prose(picture.title, "title", weight=BOLD)
        self._prose(picture.lead, "range", space=size.range * 0.3)
        self._prose(picture.about, "text", colour="quiet", space=size.text * 0.45)
        if isinstance(picture.plot, Course):
            self._line_keys(picture.plot)
        self.height += size.text if self.canvas.parts else 4

    def _line_keys(self, plot: Course) -> None:
        """Write a line for each key: how it is drawn, its name, and what it assumes."""
        size = self.size
        text = size.text
        x = size.margin + _SAMPLE + 10
        self.height += text * 0.45 if plot.keys else 0
        for key in plot.keys:
            colour, _ = canvas.pattern(key.tone)
            name = f"{key.name}: "
            room = _TEXT_SHARE * (size.width - size.margin - x - width(name, text, bold=True))
            for rank, words in enumerate(wrapped(key.text, room, text, most=2) or [""]):
                self.height += round(text * _LEADING)
                baseline = self.height - text * 0.3
                start = x
                if rank == 0:
                    middle = baseline - text * HALF_CAPITAL
                    line = [(size.margin, middle), (size.margin + _SAMPLE, middle)]
                    look = course.dashes(key.tone, key.dash)
                    self.canvas.line(line, colour, size.line * 0.75, look)
                    box = self.canvas.text(x, baseline, name.strip(), weight=BOLD)
                    start = box.right + 5
                self.canvas.text(start, baseline, words)

    def _plot(self, picture: Picture) -> bool:
        """Draw the plot; return True if its bands need a key."""
        plot = picture.plot
        size = self.size
        top = self.height
        bottom = top + (self.room or size.plot)
        frame = Box(size.margin, top, size.width - size.margin, bottom)
        self.height = bottom
        if isinstance(plot, Ranges):
            self.height = _RangesDrawing(picture, plot, self.canvas, frame, self.room).draw()
        elif isinstance(plot, Panels):
            self.height = self._panels(picture, plot, frame)
        elif isinstance(plot, Stack):
            course.stacked(picture, plot, self.canvas, frame)
        else:
            return course.draw(picture, plot, self.canvas, frame)
        return False

    def _key(self, plot: Course) -> None:
        """Draw the levels of the bands in one row, with what they mean if there is room."""
        size = self.size
        self.height += size.text * 1.5
        x = size.margin
        y = self.height
        swatch = size.small + 2
        for band in plot.bands:
            box = Box(x, y - swatch + 2, x + 2 * swatch, y + 2)
            self.canvas.rect(box, f"band{canvas.shade(band.level)}")
            name = self.canvas.text(x + 2 * swatch + 8, y, f"{band.level} %", weight=MEDIUM)
            x = name.right + 16
        if x + width("chance inside", size.text) < size.width:
            self.canvas.text(x, y, "chance inside", colour="quiet")
        self.height += 4

    def _foot(self, picture: Picture) -> None:
        self.height += self.size.small * 0.7
        for note in (*picture.notes, picture.source):
            self._prose(note, "small", colour="quiet", space=2)
        self.height = ceil(self.height + max(self.size.margin * _EDGE, 4))

    def _panels(self, picture: Picture, plot: Panels, frame: Box) -> float:
        """Draw small pictures in rows, each with its title above it; return where they end."""
        text = self.size.text
        across = self._panels_across(len(plot.pictures))
        down = -(-len(plot.pictures) // across)
        wide = (frame.right - frame.left - _BETWEEN * (across - 1)) / across
        high = max((self.room or 0) / down - _PANEL_HEAD, _PANEL)
        top = frame.top
        for start in range(0, len(plot.pictures), across):
            row = plot.pictures[start : start + across]
            titles = [wrapped(panel.title, wide, text, bold=True, most=2) for panel in row]
            beside = [self._fits_beside(panel, wide, text) for panel in row]
            heights = []
            for panel, lines, has_room in zip(row, titles, beside, strict=True):
                heights.append(len(lines) + bool(panel.about and not has_room))
            below = top + max(heights) * text * _LEADING
            for index, (panel, lines) in enumerate(zip(row, titles, strict=True)):
                left = frame.left + index * (wide + _BETWEEN)
                # The accent tells the panel of the headline from the others.
                accent = _has_answer(panel) and not all(map(_has_answer, plot.pictures))
                self._panel_head(panel, lines, (left, top), beside=beside[index], accent=accent)
                if isinstance(panel.plot, Course):
                    box = Box(left, below, left + wide, below + high)
                    # All axes are of one kind, but each has a unit of its own.
                    drawn = panel._replace(logarithmic=picture.logarithmic)
                    course.draw(drawn, panel.plot, self.canvas, box, small=True)
            top = below + high + text
        return top

    def _fits_beside(self, panel: Picture, wide: float, text: float) -> bool:
        """True if what a panel says besides its title fits on the line of the title."""
        title = width(prose(panel.title), text, bold=True)
        return title + _BESIDE_TITLE + width(prose(panel.about), text) <= wide

    def _panel_head(
        self,
        panel: Picture,
        lines: Sequence[str],
        corner: tuple[float, float],
        *,
        beside: bool,
        accent: bool,
    ) -> None:
        """Write the title of a panel, and what it says besides, on one line if that fits."""
        text = self.size.text
        left, top = corner
        colour = "accent" if accent else "ink"
        end = left
        for rank, line in enumerate(lines):
            baseline = top + text * (1 + rank * _LEADING)
            end = self.canvas.text(left, baseline, line, weight=BOLD, colour=colour).right
        quiet = "accent" if accent else "quiet"
        if beside:
            self.canvas.text(end + _BESIDE_TITLE, top + text, panel.about, colour=quiet)
        else:
            baseline = top + text * (1 + len(lines) * _LEADING)
            self.canvas.text(left, baseline, panel.about, colour=quiet)

    def _panels_across(self, count: int) -> int:
        """Choose the number of panels in a row, so that rows are about as full as each other."""
        if self.size.name == "phone":
            return 2 if count > 2 else 1
        most = 4
        if count <= 4:
            most = 2
        elif count <= 9:
            most = 3
        return min(count, most)

    def _prose(
        self, words: str, kind: str, *, weight: int = 400, colour: str = "ink", space: float = 0.0
    ) -> None:
        """Write a text in the size of its `kind`, below a `space`; nothing for an empty one."""
        size: float = getattr(self.size, kind)
        room = _TEXT_SHARE * (self.size.width - 2 * self.size.margin)
        lines = wrapped(words, room, size, bold=weight > MEDIUM, most=_MOST_LINES[kind])
        if lines:
            self.height += space
        for line in lines:
            self.height += round(size * _LEADING)
            y = self.height - size * 0.3
            self.canvas.text(self.size.margin, y, line, size=size, colour=colour, weight=weight)


def _has_answer(panel: Picture) -> bool:
    return isinstance(panel.plot, Course) and panel.plot.is_answer


# Rows on one axis. The height of a row in pixels; of many rows; and the least and the most where
# the picture has a ratio.
_ROW = 34.0
_LOW_ROW = 26.0
_MANY_ROWS = 12
_LEAST_ROW = 17.0
_MOST_ROW = 60.0
# Pixels more of a row with a second line of text, and of one that begins a group.
_SECOND_LINE = 16.0
_GROUP = 34.0
# Half heights of marks, in rows: bars and inner ranges, wider ranges, and the middle of a range.
_THICK = 0.29
_THIN = 0.17
_MIDDLE = 0.36
_INNER_LEVEL = 50

_NAMES_SHARE = 0.32  # of the frame, for the longest name
_NAMES_SHARE_ON_PHONE = 0.3
_TICK_ROOM = 80.0  # pixels of the axis for each tick
# Pixels between columns of texts, and from the last of them to the axis, with heads and without.
_SPACE = 20.0
_APART = 26.0
_APART_WITHOUT_HEADS = 8
_UNIT_GAP = 30  # pixels from the unit to the axis, if they are on one line
_ABOVE_ROWS = 2  # ems of the axis
_ABOVE_ROWS_WITH_UNIT = 3.5  # ems of the axis with the unit on a line of its own
_BELOW_ROWS = 6


@dataclass(frozen=True, slots=True)
class _TextColumn:
    """A column of texts right of the axis."""

    head: str
    texts: tuple[str, ...]
    width: float


class _RangesDrawing:
    """Rows on one axis: ranges with a middle, bars from end to end, steps joined as a waterfall."""

    def __init__(
        self, picture: Picture, plot: Ranges, canvas: Canvas, frame: Box, room: float | None
    ) -> None:
        self.plot = plot
        self.canvas = canvas
        self.frame = frame
        self.text = canvas.size.text
        self.phone = canvas.size.name == "phone"
        self._texts()
        self._across(picture)
        self._down(room)

    def _texts(self) -> None:
        """Cut names to their room, and collect the columns; a phone has room for the first one."""
        plot = self.plot
        share = _NAMES_SHARE_ON_PHONE if self.phone else _NAMES_SHARE
        most = (self.frame.right - self.frame.left) * share
        self.names = [wrapped(row.name, most, self.text, bold=True, most=1) for row in plot.rows]
        self.abouts = [wrapped(row.about, most, self.text, most=1) for row in plot.rows]

        columns = list(zip_longest(*(row.texts for row in plot.rows), fillvalue=""))
        if self.phone:
            columns = columns[:1]
        self.columns: list[_TextColumn] = []
        for index, texts in enumerate(columns):
            head = plot.heads[index] if index < len(plot.heads) else ""
            wide = _widest((head, *texts), self.text) + _SPACE
            self.columns.append(_TextColumn(head, texts, wide))

    def _across(self, picture: Picture) -> None:
        """Place the axis between names and columns; texts at the ends of bars have room too."""
        rows = self.plot.rows
        frame = self.frame
        lefts = [width(prose(row.ends[0]), self.text) for row in rows]
        rights = [width(prose(row.ends[1]), self.text) for row in rows]
        # The widest text is hardly ever at the end of the longest bar.
        room_left = max(lefts) * 0.6
        room_right = max(rights) * 0.6

        names = [name for lines in (*self.names, *self.abouts) for name in lines]
        columns = sum([column.width for column in self.columns])
        has_heads = any(self.plot.heads)
        self.left = frame.left + _widest(names, self.text) + 22 + room_left
        self.right = frame.right - columns - (_APART if has_heads else _APART_WITHOUT_HEADS)
        self.right -= room_right

        ticks = int((self.right - self.left) / _TICK_ROOM)
        self.scale = scales.of(picture, max(ticks, 2))
        self.unit = self.scale.headed(picture.unit)
        unit_room = self.left - frame.left - _UNIT_GAP
        self.has_unit_above = len(wrapped(self.unit, unit_room, self.text)) > 1

    def _down(self, room: float | None) -> None:
        """Choose the height of a row, so that all fill the `room`, if there is one to fill."""
        plot = self.plot
        count = len(plot.rows)
        above = _ABOVE_ROWS_WITH_UNIT if self.has_unit_above else _ABOVE_ROWS
        self.top = self.frame.top + self.text * above
        extra = sum(_GROUP for row in plot.rows if row.group)
        extra += sum(_SECOND_LINE for row in plot.rows if row.about)
        self.row_height = _ROW if count <= _MANY_ROWS else _LOW_ROW
        if room is not None:
            ems = 3.6 if plot.reference_text else 2
            room -= self.text * ems + _BELOW_ROWS + extra
            self.row_height = min(max(room / count, _LEAST_ROW), _MOST_ROW)
        self.bottom = self.top + self.row_height * count + extra

    def _x(self, value: float) -> float:
        return self.left + (self.right - self.left) * self.scale.share(value)

    def draw(self) -> float:
        """Draw everything, back to front; return where the rows end."""
        middles = self._middles()
        self._axis()
        self._connectors(middles)
        tops = self._group_tops(middles)
        self._clear_group_rows(tops)
        for index, (row, middle) in enumerate(zip(self.plot.rows, middles, strict=True)):
            self._mark(row, middle)
            self._row_texts(row, index, middle)
        self._answer_through_swings(middles)
        self._group_names(tops)
        return self._reference()

    def _middles(self) -> list[float]:
        """Place the middle of each row."""
        middles = []
        y = self.top
        for row in self.plot.rows:
            high = self.row_height + (_SECOND_LINE if row.about else 0)
            y += (_GROUP if row.group else 0) + high
            middles.append(y - high / 2)
        return middles

    def _axis(self) -> None:
        """Draw the unit, a line for each tick, and the heads of the columns."""
        canvas = self.canvas
        text = self.text
        y = self.top - text * 1.1
        unit_y = y - text * 1.5 if self.has_unit_above else y
        box = canvas.text(self.frame.left, unit_y, self.unit, colour="quiet")
        edge = box.left if self.has_unit_above else box.right + 8
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            x = self._x(tick)
            canvas.line([(x, self.top - 4), (x, self.bottom)], *self.scale.tick_line(tick))
            if x - width(words, text) / 2 >= edge:
                canvas.text(x, y, words, colour="quiet", anchor="middle")

        x = self.frame.right
        for column in reversed(self.columns):
            canvas.text(x, y, column.head, colour="quiet", anchor="end")
            x -= column.width

    def _connectors(self, middles: list[float]) -> None:
        """Draw a line from a step of a waterfall to the next row."""
        for row, (middle, next_middle) in zip(self.plot.rows, pairwise(middles), strict=False):
            if row.joins is not None:
                x = self._x(row.joins)
                self.canvas.line([(x, middle), (x, next_middle)], "axis", canvas.RULE)

    def _group_tops(self, middles: list[float]) -> list[tuple[str, float]]:
        """List the names of groups with the tops of their room, above their first rows."""
        tops = []
        for row, middle in zip(self.plot.rows, middles, strict=True):
            if row.group:
                tops.append((row.group, middle - self.row_height / 2 - _GROUP))
        return tops

    def _clear_group_rows(self, tops: list[tuple[str, float]]) -> None:
        """Take the lines of the grid away where names of groups are."""
        for _, top in tops:
            start = top + (8 if top == self.top else 1)
            box = Box(self.frame.left, start, self.frame.right, top + _GROUP - 4)
            self.canvas.rect(box, "paper")

    def _group_names(self, tops: list[tuple[str, float]]) -> None:
        """Write the name of each group, below a rule over the lines of the grid."""
        for name, top in tops:
            if top != self.top:
                y = top + 4
                self.canvas.line([(self.frame.left, y), (self.frame.right, y)], "grid")
            self.canvas.text(self.frame.left, top + _GROUP - 9, name, weight=BOLD, halo=True)

    def _mark(self, row: Row, middle: float) -> None:
        """Draw the ranges, the bar, the middle and the dots of a row."""
        main = row.tone == MAIN
        for level, lower, upper in reversed(row.shown):
            inner = level <= _INNER_LEVEL
            box = self._box((lower, upper), middle, _THICK if inner else _THIN)
            colour = "band" if main else "grey"
            self.canvas.rect(box, f"{colour}{50 if inner else 80}")
        if row.bar:
            self._bar(row, row.bar, middle)
        if row.value is not None and row.diamond:
            self.canvas.diamond(self._x(row.value), middle)
        elif row.value is not None and not row.dot:
            x = self._x(row.value)
            half = self.row_height * _MIDDLE
            colour = "accent" if main else "ink"
            self.canvas.line([(x, middle - half), (x, middle + half)], colour, 3.0)
        if row.value is not None and row.dot:
            self._dot(row.value, middle)
        if row.other is not None:
            self._dot(row.other, middle)

    def _bar(self, row: Row, bar: tuple[float, float], middle: float) -> None:
        """Draw a bar with texts at its ends; totals of a waterfall are lighter than its steps."""
        if row.tone == MAIN:
            colour = "accent"
        elif row.joins is None or row.strong:
            colour = "total"
        else:
            colour = "axis"
        box = self._box(bar, middle, _THICK)
        self.canvas.rect(box, colour)
        left, right = row.ends
        y = middle + self.text * HALF_CAPITAL
        self.canvas.text(box.left - 7, y, left, anchor="end", halo=True)
        self.canvas.text(box.right + 7, y, right, halo=True)

    def _dot(self, value: float, middle: float) -> None:
        self.canvas.dot(self._x(value), middle, 5.5, "ink", "paper", 1.5)

    def _box(self, ends: tuple[float, float], middle: float, half: float) -> Box:
        """Find the box of a range; `half` of its height is in rows."""
        low, high = map(self._x, sorted(ends))
        half *= self.row_height
        return Box(low, middle - half, max(high, low + 1), middle + half)

    def _row_texts(self, row: Row, index: int, middle: float) -> None:
        """Write the name of a row, the line below it, and its columns from the right."""
        canvas = self.canvas
        y = middle + self.text * HALF_CAPITAL
        above = _SECOND_LINE / 2 if row.about else 0
        main = row.tone == MAIN and row.strong
        colour = "accent" if main else "ink"
        weight = MEDIUM if row.about else REGULAR
        if row.strong:
            weight = BOLD
        for line in self.names[index]:
            canvas.text(self.frame.left, y - above, line, colour=colour, weight=weight)
        for line in self.abouts[index]:
            canvas.text(self.frame.left, y + above, line, colour="quiet")

        x = self.frame.right
        for rank, column in reversed(list(enumerate(self.columns))):
            tint = colour if rank == 0 or main else "quiet"
            weight = REGULAR if rank else BOLD
            words = column.texts[index]
            canvas.text(x, y, words, colour=tint, weight=weight, anchor="end")
            x -= column.width

    def _answer_through_swings(self, middles: list[float]) -> None:
        """Draw the answer as a line through the swings below it, as in a tornado."""
        plot = self.plot
        if plot.reference is None or plot.reference_text:
            return
        answers = []
        swings = []
        for row, middle in zip(plot.rows, middles, strict=True):
            if row.tone == MAIN and row.value is not None:
                answers.append(middle)
            if all(row.ends):
                swings.append(middle + self.row_height * 0.4)
        if answers and swings:
            x = self._x(plot.reference)
            self.canvas.line([(x, answers[0]), (x, swings[-1])], "accent", 2.0)

    def _reference(self) -> float:
        """Draw the reference with its name below the rows; return where they end."""
        plot = self.plot
        if plot.reference is None or not plot.reference_text:
            return self.bottom + _BELOW_ROWS
        text = self.text
        x = self._x(plot.reference)
        self.canvas.line([(x, self.top), (x, self.bottom + 2)], "ink", canvas.RULE, "2 4")
        half = width(prose(plot.reference_text), text) / 2
        x = min(max(x, self.frame.left + half), self.frame.right - half)
        y = self.bottom + text * 1.6
        self.canvas.text(x, y - 2, plot.reference_text, anchor="middle", weight=MEDIUM)
        return y + _BELOW_ROWS


def _widest(texts: Iterable[str], size: float) -> float:
    return max(width(prose(text), size, bold=True) for text in texts)
