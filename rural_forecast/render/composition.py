"""The parts of a picture below each other: headline, range, drawing, key, notes and source.

Years are drawn by `course`, parts by `stack`, rows on one axis by `ranges`.
"""

from collections.abc import Sequence
from math import ceil

from rural_forecast.document.picture import Course, Panels, Picture, Ranges, Stack
from rural_forecast.render import canvas, course, ranges, stack
from rural_forecast.render.canvas import HALF_CAPITAL, Box, Canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, Size

# Texts of a picture.
_MOST_LINES = {"title": 3, "range": 3, "text": 4, "small": 4}
_LEADING = 1.34  # ems from a line to the next one
_TEXT_SHARE = 0.98  # of the room across: widths are estimates where a font differs
_SAMPLE = 34.0  # pixels of the line that a key shows
_EDGE = 0.65  # of the margin, above and below a picture

# Panels: the least pixels of the height of one, between two of them across, and of what is not its
# drawing.
_PANEL = 150.0
_ALL_PANELS = 260.0  # pixels of the height of all rows at least: few panels are higher
_BETWEEN = 28.0
_PANEL_HEAD = 60
_BESIDE_TITLE = 7.0  # pixels from the title of a panel to what else it says


class Composition:
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
                    look = canvas.dashes(key.tone, key.dash)
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
            self.height = ranges.draw(picture, plot, self.canvas, frame, self.room)
        elif isinstance(plot, Panels):
            self.height = self._panels(picture, plot, frame)
        elif isinstance(plot, Stack):
            stack.draw(picture, plot, self.canvas, frame)
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
        high = max((self.room or 0) / down - _PANEL_HEAD, _PANEL, _ALL_PANELS / down)
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
        name, colon, claim = prose(words).partition(": ")
        if kind == "title" and len(lines) == 2 and colon:  # rather than a last word alone
            parted = [f"{name}:", claim]
            if all(width(line, size, bold=True) <= room for line in parted):
                lines = parted
        if lines:
            self.height += space
        for line in lines:
            self.height += round(size * _LEADING)
            y = self.height - size * 0.3
            self.canvas.text(self.size.margin, y, line, size=size, colour=colour, weight=weight)


def _has_answer(panel: Picture) -> bool:
    return isinstance(panel.plot, Course) and panel.plot.is_answer
