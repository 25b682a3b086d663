"""Years as bars from zero, each with its value and its range."""

from rural_forecast.document.picture import (
    MAIN,
    Course,
    Mark,
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
_CAP = 5.0  # pixels of half of the line at the end of a range
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
        self.whisker = self._whisker_offset()
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
        """Draw lines where a new basis and the forecast begin, with a word on each side."""
        origin = self.plot.origin
        if origin is None or origin >= self.span[1]:
            return
        new_basis = self._new_basis()
        edge = self.left + width(self.unit, self.text)
        if new_basis is not None:
            start = self._divide_before(new_basis)
            self._beside_divide(start, self._earlier, "quiet", edge=edge)
            edge = start
        x = self._divide_before(origin + 1)
        self._beside_divide(x, "observed", "ink", edge=edge)
        start = x + _BESIDE_DIVIDE
        self.canvas.text(start, self._head, "forecast", colour="accent")

    @property
    def _head(self) -> float:
        """The baseline of the words above the bars."""
        return self.frame.top + self.text * 1.6

    def _new_basis(self) -> float | None:
        """Find the first year of a new basis among the years observed."""
        years = [line.xs[0] for line in self.plot.lines if line.is_break]
        return years[0] if years else None

    @property
    def _earlier(self) -> str:
        """The name of the bars before a new basis."""
        names = (line.name for line in self.plot.lines if line.faint and not line.is_break)
        return next(names, "")

    def _divide_before(self, year: float) -> float:
        """Draw a line between the bar of a year and the one before; return where it is."""
        x = self.left + self.width * (year - self.span[0])
        self.canvas.line([(x, self._head - self.text), (x, self.bottom)], "quiet", 1.2, "2 3")
        return x

    def _beside_divide(self, x: float, words: str, colour: str, *, edge: float) -> None:
        """Write words left of a divide if they fit between it and an `edge`."""
        end = x - _BESIDE_DIVIDE
        box = box_of(end, self._head, words, self.text, REGULAR, "end")
        if box.left > edge:
            self.canvas.text(end, self._head, words, colour=colour, anchor="end")

    def _bodies(self) -> None:
        """Draw the bars: those of an earlier basis are lighter, that of the headline is darkest."""
        zero = self.y(0.0)
        for line in self.plot.lines:
            if line.is_break:
                continue
            for year, y in zip(line.xs, map(self.y, line.ys), strict=True):
                colour = "total" if line.faint else "axis"
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
                half = min(self.half * (1 - _WHISKER), _CAP)
                self.canvas.span(x, (low, high), 2.0, half)
                self.taken.append(Box(x - half, low, x + half, high))

    def _whisker(self, year: float) -> float:
        return self.x(year) + self.whisker

    def _whisker_offset(self) -> float:
        """Place ranges right of the middle of bars, so far that values fit left of them."""
        years = {year for band in self.plot.bands for year in band.xs}
        texts = [mark.text for mark in self.plot.marks if mark.shape == "none" and mark.x in years]
        widest = max((width(prose(text), self.text, bold=True) for text in texts), default=0.0)
        needed = widest + _BESIDE_WHISKER - self.width / 2
        usual = self.half * (2 * _WHISKER - 1)
        return max(usual, min(needed, self.half - _CAP))

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
            if mark.x in upper_ends and box.left < self.x(mark.x) - self.width / 2 - 1:
                # Too long to fit left of its range: above it.
                x = self._whisker(mark.x)
                y = self.y(upper_ends[mark.x]) - _BAR_GAP
                anchor = "middle"
                box = box_of(x, y, mark.text, self.text, MEDIUM, anchor)
            others = [other for year, other in self.bodies.items() if year != mark.x]
            if mark.x not in needed and any(map(box.meets, [*others, *self.taken])):
                continue
            colour = self._colour_of_value(mark)
            weight = MEDIUM if mark.tone == MAIN or mark.x in needed else REGULAR
            self.canvas.text(
                x, y, mark.text, colour=colour, weight=weight, anchor=anchor, halo=True
            )
            self.taken.append(box)

    def _colour_of_value(self, mark: Mark) -> str:
        """Choose the accent for a forecast, and grey for a value on an earlier basis."""
        if mark.tone == MAIN:
            return "accent"
        new_basis = self._new_basis()
        return "quiet" if new_basis is not None and mark.x < new_basis else "ink"

    def _beside(self) -> None:
        """Write the bounds and the published figures of the last year, moved apart."""
        wanted = [self.y(label.y) for label in self.labels]
        wanted += [self.y(mark.y) for mark in self.published]
        moved = scales.spread(wanted, self.text * LABEL_LINE, self.top, self.bottom)
        x = self.right + _BESIDE_BARS
        for label, y in zip(self.labels, moved, strict=False):
            baseline = y + self.text * HALF_CAPITAL
            start = self._whisker(self.span[1]) + _CAP
            self.canvas.line([(start, self.y(label.y)), (x - 4, y)], "accent", 0.8)
            box = self.canvas.text(x, baseline, label.amount, colour="accent", weight=MEDIUM)
            self.canvas.text(box.right + NAME_GAP, baseline, label.name, colour="accent")
        for mark, y in zip(self.published, moved[len(self.labels) :], strict=True):
            own = self.y(mark.y)
            start = x + _DIAMOND
            if abs(own - y) > 3:
                self.canvas.line([(x + 6.5, own), (start - 4, y)], "axis", 0.8)
            self.canvas.text(start, y + self.text * HALF_CAPITAL, mark.text)
            self.canvas.diamond(x, own)
