"""Years as bars from zero, each with its value and its range."""

from rural_forecast.document.picture import (
    MAIN,
    Course,
    Picture,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import (
    HALF_CAPITAL,
    LABEL_LINE,
    NAME_GAP,
    RULE,
    Box,
    Canvas,
    Plane,
    box_of,
)
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import MEDIUM, REGULAR

# Bars. A bar takes this part of the room of its year, up to so many pixels.
_BAR_SHARE = 0.76
_WIDEST_BAR = 64.0
_ABOVE_BARS = 3.4  # ems of the unit, and of the words over the divide
_BAR_GAP = 6  # pixels between a bar and the baseline of the text above it
_BELOW_BAR = 4  # pixels between a bar below zero and the text under it
_WHISKER = 0.68  # place of a range on its bar: right of the middle, so that a value fits beside it
_BESIDE_WHISKER = 6  # pixels between a range and the value left of it
_BESIDE_DIVIDE = 8  # pixels between the divide and the words on both sides
_BESIDE_BARS = 10  # pixels from the last bar to the texts right of it
_DIAMOND = 20  # pixels from the last bar to the text of a published figure, its sign included


def draw(picture: Picture, plot: Course, canvas: Canvas, frame: Box) -> None:
    """Draw a bar a year from zero, its value over it and its range beside that."""
    _BarDrawing(picture, plot, canvas, frame).draw()


class _BarDrawing(Plane):
    """Bars of years with their ranges; bounds and published figures of the last one are beside."""

    def __init__(self, picture: Picture, plot: Course, canvas: Canvas, frame: Box) -> None:
        super().__init__(picture, canvas, frame, plot.span)
        self.plot = plot
        self.text = canvas.size.text
        self.top = frame.top + self.text * _ABOVE_BARS
        self.labels = [label for label in plot.labels if label.level]
        self.published = plot.signs_beside
        self.right -= self._room_beside()
        first, last = plot.span
        self.width = (self.right - self.left) / (last - first + 1)
        self.half = min(self.width * _BAR_SHARE, _WIDEST_BAR) / 2
        self.bodies: dict[float, Box] = {}
        self.taken: list[Box] = []

    @property
    def slot(self) -> float:
        """The pixels of a year: bars are in the middle of theirs."""
        return self.width

    def x(self, year: float) -> float:
        """Place the middle of the bar of a year."""
        return self.left + self.width * (year - self.span[0] + 0.5)

    def _room_beside(self) -> float:
        """Measure the texts right of the last bar."""
        texts = [width(mark.text, self.text) + _DIAMOND for mark in self.published]
        for label in self.labels:
            words = f"{label.amount} {label.name}"
            texts.append(width(prose(words), self.text, bold=True) + NAME_GAP)
        return max(texts) + _BESIDE_BARS if texts else 0.0

    def draw(self) -> None:
        """Draw everything, back to front."""
        self.grid()
        self._divide()
        self._bodies()
        self._ranges()
        self._values()
        self._beside()
        zero = self.y(0.0)
        self.canvas.line([(self.left, zero), (self.right, zero)], "axis", RULE)
        self.years(self.plot.origin)

    def _divide(self) -> None:
        """Draw the line between history and forecast, with a word on each side."""
        origin = self.plot.origin
        if origin is None or origin >= self.span[1]:
            return
        x = self.left + self.width * (origin - self.span[0] + 1)
        top = self.frame.top + self.text * 1.6
        self.canvas.line([(x, top - self.text), (x, self.bottom)], "quiet", 1.2, "2 3")
        for words, dx, anchor, colour in (
            ("observed", -_BESIDE_DIVIDE, "end", "ink"),
            ("forecast", _BESIDE_DIVIDE, "start", "accent"),
        ):
            box = box_of(x + dx, top, words, self.text, REGULAR, anchor)
            if box.left > self.left + width(self.unit, self.text):
                self.canvas.text(x + dx, top, words, colour=colour, anchor=anchor)

    def _bodies(self) -> None:
        """Draw the bars; that of the last year, which the headline names, is the darkest."""
        zero = self.y(0.0)
        for line in self.plot.lines:
            for year, y in zip(line.xs, map(self.y, line.ys), strict=True):
                colour = "total"
                if line.tone == MAIN:
                    colour = "band50" if year == self.span[1] else "band80"
                x = self.x(year)
                body = Box(x - self.half, min(y, zero), x + self.half, max(y, zero, y + 1))
                self.canvas.rect(body, colour)
                self.bodies[year] = body

    def _ranges(self) -> None:
        for band in self.plot.bands:
            for year, lower, upper in zip(band.xs, band.lower, band.upper, strict=True):
                x = self._whisker(year)
                low, high = sorted(map(self.y, (lower, upper)))
                half = min(self.half * (1 - _WHISKER), 5.0)
                self.canvas.span(x, (low, high), 2.0, half)
                self.taken.append(Box(x - half, low, x + half, high))

    def _whisker(self, year: float) -> float:
        return self.x(year) + self.half * (2 * _WHISKER - 1)

    def _values(self) -> None:
        """Write the value of each bar where it touches no other; the last ones are always there."""
        needed = (self.plot.origin, self.span[1])
        upper_ends: dict[float, float] = {}
        for band in self.plot.bands:
            ends = map(max, band.lower, band.upper)
            upper_ends |= dict(zip(band.xs, ends, strict=True))
        values = [mark for mark in self.plot.marks if mark.shape == "none"]
        for mark in sorted(values, key=lambda mark: mark.x not in needed):
            body = self.bodies[mark.x]
            y = body.top - _BAR_GAP if mark.y >= 0 else body.bottom + self.text + _BELOW_BAR
            x = self.x(mark.x)
            anchor = "middle"
            if mark.x in upper_ends:
                x = self._whisker(mark.x) - _BESIDE_WHISKER
                anchor = "end"
            box = box_of(x, y, mark.text, self.text, MEDIUM, anchor)
            if mark.x in upper_ends and box.left < self.x(mark.x) - self.width / 2:
                # Too long to fit left of its range: above it.
                x = self._whisker(mark.x)
                y = self.y(upper_ends[mark.x]) - _BAR_GAP
                anchor = "middle"
                box = box_of(x, y, mark.text, self.text, MEDIUM, anchor)
            others = [other for year, other in self.bodies.items() if year != mark.x]
            if mark.x not in needed and any(map(box.meets, [*others, *self.taken])):
                continue
            colour = "accent" if mark.tone == MAIN else "ink"
            self.canvas.text(
                x, y, mark.text, colour=colour, weight=MEDIUM, anchor=anchor, halo=True
            )
            self.taken.append(box)

    def _beside(self) -> None:
        """Write the bounds and the published figures of the last year, moved apart."""
        wanted = [self.y(label.y) for label in self.labels]
        wanted += [self.y(mark.y) for mark in self.published]
        moved = scales.spread(wanted, self.text * LABEL_LINE, self.top, self.bottom)
        x = self.right + _BESIDE_BARS
        for label, y in zip(self.labels, moved, strict=False):
            baseline = y + self.text * HALF_CAPITAL
            box = self.canvas.text(x, baseline, label.amount, colour="accent", weight=MEDIUM)
            self.canvas.text(box.right + NAME_GAP, baseline, label.name, colour="accent")
        for mark, y in zip(self.published, moved[len(self.labels) :], strict=True):
            own = self.y(mark.y)
            start = x + _DIAMOND
            if abs(own - y) > 3:
                self.canvas.line([(x + 6.5, own), (start - 4, y)], "axis", 0.8)
            self.canvas.text(start, y + self.text * HALF_CAPITAL, mark.text)
            self.canvas.diamond(x, own)
