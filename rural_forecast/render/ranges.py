"""Rows on one axis as svg: ranges with a middle, bars from end to end, steps of a waterfall."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row, Sign
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import HALF_CAPITAL, RULE, Box, Canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

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
_CROSS = 4.5  # half of the width and height of a cross, in pixels
_HEAD_SIGN = 20.0  # pixels of a sign and the room around it, left of the head of its column
# The range of a bar: the width of its line in pixels, and half the height of its ends in rows; and
# the pixels between the value of such a bar and its left end.
_WHISKER = 2.4
_WHISKER_END = 0.2
_INSIDE_BAR = 12

_NAMES_SHARE = 0.32  # of the frame, for the longest name
_NAMES_SHARE_ON_PHONE = 0.3
_TICK_ROOM = 80.0  # pixels of the axis for each tick
# Pixels between columns of texts, and from the last of them to the axis, with heads and without.
_SPACE = 20.0
_APART = 26.0
_APART_WITHOUT_HEADS = 8
_UNIT_GAP = 10  # pixels from the unit to the first tick, if they are on one line
_ABOVE_ROWS = 2  # ems of the axis
_ABOVE_ROWS_WITH_UNIT = 3.5  # ems of the axis with the unit on a line of its own
_BELOW_ROWS = 6
_BELOW_WITH_REFERENCE = 1.6  # ems of the name of a reference


@dataclass(frozen=True, slots=True)
class _TextColumn:
    """A column of texts right of the axis."""

    head: str
    texts: tuple[str, ...]
    width: float
    sign: Sign | None = None  # with which its values are drawn


def draw(picture: Picture, plot: Ranges, canvas: Canvas, frame: Box, room: float | None) -> float:
    """Draw rows into a frame, or as high as the `room`; return where they end."""
    return _RangesDrawing(picture, plot, canvas, frame, room).draw()


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
        # Signs whose column is left out, which the line of the unit names.
        self.further: list[tuple[str, Sign]] = []
        if self.phone:
            columns = columns[:1]
            self.further = [*zip(plot.heads, plot.signs, strict=False)][1:]
        self.columns: list[_TextColumn] = []
        for index, texts in enumerate(columns):
            head = plot.heads[index] if index < len(plot.heads) else ""
            sign = plot.signs[index] if index < len(plot.signs) else None
            head_width = width(prose(head), self.text) + (_HEAD_SIGN if sign else 0)
            wide = max(head_width, _widest(texts, self.text)) + _SPACE
            self.columns.append(_TextColumn(head, texts, wide, sign))

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
        # The unit is on the line of the ticks if it leaves room for the first of them.
        first = zip(self.scale.ticks, self.scale.texts, strict=True)
        starts = [self._x(tick) - width(words, self.text) / 2 for tick, words in first]
        unit_room = min([self.left, *starts]) - frame.left - _UNIT_GAP
        self.has_unit_above = bool(self.further) or width(self.unit, self.text) > unit_room

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
            ems = above + (_BELOW_WITH_REFERENCE if plot.reference_text else 0)
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
            self._head(x, y, column.head, column.sign)
            x -= column.width
        x = self.frame.right
        for name, sign in reversed(self.further):
            x = self._head(x, unit_y, name, sign) - _SPACE

    def _head(self, right: float, y: float, name: str, sign: Sign | None) -> float:
        """Write the head of a column with its sign; return where it begins."""
        head = self.canvas.text(right, y, name, colour="quiet", anchor="end")
        if sign is None:
            return head.left
        self._sign(sign, head.left - _HEAD_SIGN / 2, y - self.text * HALF_CAPITAL, main=True)
        return head.left - _HEAD_SIGN

    def _connectors(self, middles: list[float]) -> None:
        """Draw a line from a step of a waterfall to the next row."""
        for row, (middle, next_middle) in zip(self.plot.rows, pairwise(middles), strict=False):
            if row.joins is not None:
                x = self._x(row.joins)
                self.canvas.line([(x, middle), (x, next_middle)], "axis", RULE)

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
        for level, lower, upper in reversed(() if row.bar else row.shown):
            inner = level <= _INNER_LEVEL
            box = self._box((lower, upper), middle, _THICK if inner else _THIN)
            colour = "band" if main else "grey"
            self.canvas.rect(box, f"{colour}{50 if inner else 80}")
        if row.bar:
            self._bar(row, row.bar, middle)
        if row.value is not None and row.diamond:
            self.canvas.diamond(self._x(row.value), middle)
        elif row.value is not None:
            sign: Sign = "other" if row.dot else "value"
            self._sign(sign, self._x(row.value), middle, main=main)
        if row.rival is not None:
            self._sign("rival", self._x(row.rival), middle, main=main)
        if row.other is not None:
            self._sign("other", self._x(row.other), middle, main=main)

    def _sign(self, sign: Sign, x: float, y: float, *, main: bool) -> None:
        """Draw a forecast as a stroke, what was observed as a dot, another method as a cross."""
        if sign == "other":
            self.canvas.dot(x, y, 5.5, "ink", "paper", 1.5)
        elif sign == "value":
            half = self.row_height * _MIDDLE
            self.canvas.line([(x, y - half), (x, y + half)], "accent" if main else "ink", 3.0)
        else:
            for colour, wide in (("paper", 5.0), ("quiet", 2.4)):
                for rise in (_CROSS, -_CROSS):
                    self.canvas.line([(x - _CROSS, y - rise), (x + _CROSS, y + rise)], colour, wide)

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
        start = box.right
        for _, lower, upper in row.shown:
            low, high = map(self._x, (lower, upper))
            self._whisker((low, high), middle)
            room = min(low, box.right) - box.left
            if right and width(prose(right), self.text, bold=True) + 2 * _INSIDE_BAR < room:
                inside = "paper" if row.tone == MAIN else "ink"
                self.canvas.text(box.left + _INSIDE_BAR, y, right, colour=inside, weight=BOLD)
                right = ""
            start = max(start, high)
        self.canvas.text(box.left - 7, y, left, anchor="end", halo=True)
        self.canvas.text(start + 7, y, right, halo=True)

    def _whisker(self, ends: tuple[float, float], middle: float) -> None:
        """Draw a range over a bar as a line with ends, set off by the colour of the page."""
        half = self.row_height * _WHISKER_END
        strokes = [[(x, middle - half), (x, middle + half)] for x in ends]
        strokes.append([(x, middle) for x in ends])
        for colour, wide in (("paper", _WHISKER + 3), ("ink", _WHISKER)):
            for stroke in strokes:
                self.canvas.line(stroke, colour, wide)

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
        self.canvas.line([(x, self.top), (x, self.bottom + 2)], "ink", RULE, "2 4")
        half = width(prose(plot.reference_text), text) / 2
        x = min(max(x, self.frame.left + half), self.frame.right - half)
        y = self.bottom + text * 1.6
        self.canvas.text(x, y - 2, plot.reference_text, anchor="middle", weight=MEDIUM)
        return y + _BELOW_ROWS


def _widest(texts: Iterable[str], size: float) -> float:
    return max(width(prose(text), size, bold=True) for text in texts)
