"""The right edge of a fan: labels of its last values, or bars of the ranges of its lines."""

from dataclasses import dataclass, replace

from rural_forecast.document.picture import MAIN, PLAIN, Course, Label
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import (
    HALF_CAPITAL,
    LABEL_LINE,
    NAME_GAP,
    Box,
    Plane,
    Point,
    dashes,
    pattern,
)
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

RING = 5.0  # radius of the ring at the end of a forecast
CONTEXT_WIDTH = 0.75  # of a line of context, over that of the medium

# Labels at the right edge of a fan.
_GAP = 14.0  # pixels from the end of the drawing to a label
_NO_LABELS = 12  # pixels right of the last ring where there are none
_TIE = 6.0  # pixels of the tick between a bound and its label
_LEAST_NAME = 60  # pixels for a name, however wide its amount is
_MOST_NAME_LINES = 3
_MANY_LABELS = 6  # with more, a name has one line
# The share of the frame that labels take at most.
_LABELS_SHARE = 0.27
_MANY_LABELS_SHARE = 0.42
_PHONE_LABELS_SHARE = 0.3
_CUT_SIGNS = {0: "", 1: " ↑", -1: " ↓"}  # behind a bound beyond the axis, by its side
_CUT_LABEL_DROP = 8  # pixels that the label of one above the axis is lower, at what is visible

# Published figures of the last year: pixels from the end of the drawing to the first sign, from one
# sign to the next where they would touch, and from the last one to the labels.
_FIRST_SIGN = 18
_NEXT_SIGN = 14
_BEHIND_SIGNS = 8
_HALF_SIGN = 6.5

# Bars of ranges right of a fan: the least and the most room of one, that of all, half of its width,
# and the pixels from the end of the drawing to the first room. There are so many at most.
_END_ROOM = 84.0
_MOST_END_ROOM = 150.0
_ROOM_OF_ENDS = 330.0
_END_BETWEEN = 8.0  # pixels between their names
_END_HALF = 6.0
_END_GAP = 22.0
_MOST_ENDS = 5
_END_LINE = 17.0  # half of the line that shows how the course of a bar is drawn


@dataclass(frozen=True, slots=True)
class _EndLabel:
    """A label at the right edge, before it is moved apart from its neighbours."""

    label: Label
    amount: str
    names: list[str]  # lines of the name
    y: float
    side: int  # on which its value leaves the axis: 1 above, -1 below, 0 inside
    weight: int
    size: float
    width: float
    sign: Point | None = None  # of a published figure: pixels right of the drawing, and the height
    gap: float = _GAP  # pixels from the end of the drawing


class RightEdge:
    """Labels at the right edge, or bars in their place; their room is measured before the drawing.

    `plane` is the drawing that they stand beside.
    """

    def __init__(self, plane: Plane, plot: Course, *, is_phone: bool) -> None:
        self.plane = plane
        self.plot = plot
        self.size = plane.canvas.size
        self.is_phone = is_phone
        # A phone has no room for bars of ranges beside the drawing.
        self.ends = plot.ends if len(plot.ends) <= _MOST_ENDS and not is_phone else ()
        self.end_room = self._room_of_an_end()
        self.labels: list[_EndLabel] = []
        if not self.ends:
            self.labels += [self._end_label(label) for label in plot.labels]
        near = max((label.width for label in self.labels), default=0.0)
        self.labels += self._labels_of_signs(_GAP + near + _FIRST_SIGN if near else _FIRST_SIGN)

    @property
    def room(self) -> float:
        """The pixels right of the drawing."""
        if self.ends:
            return _END_GAP + self.end_room * len(self.ends)
        ends = [label.gap + label.width for label in self.labels]
        return max(ends) if ends else RING + _NO_LABELS

    def _room_of_an_end(self) -> float:
        """Choose the room of a bar, in which its name fits if it can."""
        names = [width(prose(end.name), self.size.text, bold=True) for end in self.ends]
        if not names:
            return 0.0
        most = min(max(_ROOM_OF_ENDS / len(names), _END_ROOM), _MOST_END_ROOM)
        return min(max(*names, _END_ROOM - _END_BETWEEN) + _END_BETWEEN, most)

    def draw(self) -> None:
        """Write the labels, and draw the bars."""
        self._draw_labels()
        self._draw_ranges()

    def _end_label(self, label: Label) -> _EndLabel:
        text = self.size.text
        share, side = self.plane.scale.placed(label.y)
        amount = prose(label.amount) + _CUT_SIGNS[side]
        size = self.size.range if label.strong and not self.plane.small else text
        weight = self._weight(label)
        amount_width = width(amount, size, bold=weight > REGULAR)

        # On a phone, a name is below its amount.
        room = self._labels_room
        if not self.is_phone:
            room -= amount_width + NAME_GAP
        names: list[str] = []
        is_named_by_its_place = label.strong and bool(self.plot.signs_beside)
        if not label.level and not is_named_by_its_place:
            lines = 1 if len(self.plot.labels) > _MANY_LABELS else _MOST_NAME_LINES
            names = wrapped(label.name, max(room, _LEAST_NAME), text, most=lines)
        name_width = max((width(name, text) for name in names), default=0.0)
        if self.is_phone:
            whole_width = max(amount_width, name_width)
        else:
            whole_width = amount_width + (name_width + NAME_GAP if names else 0)

        y = self.plane.y_of_share(share)
        if side > 0:
            y += _CUT_LABEL_DROP
        return _EndLabel(label, amount, names, y, side, weight, size, whole_width)

    def _labels_of_signs(self, start: float) -> list[_EndLabel]:
        """Label published figures of the last year, in a gutter right of the other labels.

        Signs that would touch are side by side, from `start` on.
        """
        placed: list[Point] = []
        labels = []
        for mark in sorted(self.plot.signs_beside, key=lambda mark: -mark.y):
            label = self._end_label(Label(mark.y, mark.amount, mark.author, PLAIN))
            across = start
            while any(across == x and abs(label.y - y) < 2 * _HALF_SIGN for x, y in placed):
                across += _NEXT_SIGN
            placed.append((across, label.y))
            labels.append(replace(label, sign=(across, label.y)))
        if not labels:
            return []
        gap = max(x for x, _ in placed) + _HALF_SIGN + _BEHIND_SIGNS
        return [replace(label, gap=gap) for label in labels]

    @property
    def _labels_room(self) -> float:
        """The most pixels that labels take."""
        share = _LABELS_SHARE
        if self.is_phone:
            share = _PHONE_LABELS_SHARE
        elif len(self.plot.labels) > _MANY_LABELS:
            share = _MANY_LABELS_SHARE
        return share * (self.plane.frame.right - self.plane.frame.left)

    def _weight(self, label: Label) -> int:
        """Choose the weight of a label: the lighter, the wider its band."""
        if not label.level:
            return REGULAR if label.tone == PLAIN and not label.strong else BOLD
        inner_bands = self.plot.bands[-2:]
        return MEDIUM if label.level <= inner_bands[0].level else REGULAR

    def _draw_labels(self) -> None:
        """Write the labels at the end, moved apart where they are crowded, and tie them."""
        text = self.size.text
        published = [label for label in self.labels if label.sign]
        own = [label for label in self.labels if not label.sign]
        for column in (own, published):
            lines = max(map(self._lines_of, column), default=1)
            wanted = [label.y for label in column]
            room = text * (LABEL_LINE * lines + 0.2)
            moved = scales.spread(wanted, room, self.plane.top + 4, self.plane.bottom)
            for label, y in zip(column, moved, strict=True):
                self._tie(label, y)
                self._write(label, y)
        for label in self.labels:
            if label.sign:
                across, height = label.sign
                self.plane.canvas.diamond(self.plane.right + across, height)

    def _draw_ranges(self) -> None:
        """Draw the range of each line in the last year as a bar, with its name below it."""
        text = self.size.text
        canvas = self.plane.canvas
        for rank, end in enumerate(self.ends):
            x = self.plane.right + _END_GAP + self.end_room * (rank + 0.5)
            main = end.tone == MAIN
            colour = "accent" if main else "ink"
            quiet = "accent" if main else "quiet"
            y = self.plane.y(end.value)
            if end.bounds:
                low, high = map(self.plane.y, end.bounds)
                canvas.rect(
                    Box(x - _END_HALF, high, x + _END_HALF, low), "band80" if main else "grey80"
                )
                for height, words in ((high - 6, end.texts[1]), (low + text, end.texts[0])):
                    canvas.text(x, height, words, colour=quiet, anchor="middle", halo=True)
            half = _END_HALF + 4
            canvas.line([(x - half, y), (x + half, y)], colour, 3.0)
            baseline = y + text * HALF_CAPITAL
            canvas.text(x + half + 4, baseline, end.amount, colour=colour, weight=BOLD, halo=True)

            ink, _ = pattern(end.tone)
            foot = self.plane.bottom + text * 0.75
            sample = [(x - _END_LINE, foot), (x + _END_LINE, foot)]
            canvas.line(sample, ink, self._end_width(end.tone), dashes(end.tone, end.dash))
            name = wrapped(end.name, self.end_room - _END_BETWEEN / 2, text, most=1)[0]
            weight = BOLD if main else REGULAR
            canvas.text(
                x,
                self.plane.bottom + text * 1.75,
                name,
                colour=colour,
                weight=weight,
                anchor="middle",
            )
        if self.ends:
            y = self.plane.frame.top + text * 0.6
            canvas.text(
                self.plane.frame.right, y, self.plot.ends_head, colour="quiet", anchor="end"
            )

    def _end_width(self, tone: int) -> float:
        return self.size.line * (1 if tone == MAIN else CONTEXT_WIDTH)

    def _lines_of(self, label: _EndLabel) -> int:
        """Count the lines of a label; on a phone, the amount has one of its own."""
        if not label.names:
            return 1
        return len(label.names) + self.is_phone

    def _tie(self, label: _EndLabel, y: float) -> None:
        """Draw a thin line from a value to its label that was moved, or the tick of a bound."""
        if label.side:
            return
        start = self.plane.right + (label.sign[0] + _HALF_SIGN if label.sign else 3)
        end = self.plane.right + label.gap - 4
        moved = abs(y - label.y) > 3
        if label.sign or (moved and not label.label.strong):
            self.plane.canvas.line([(start, label.y), (end, y)], "axis", 0.8)
        elif label.label.level:
            self.plane.canvas.line([(start, y), (start + _TIE, y)], "accent")

    def _write(self, label: _EndLabel, y: float) -> None:
        """Write the amount and the name of a label around the height `y`."""
        text = self.size.text
        colour = {MAIN: "accent", PLAIN: "ink"}.get(label.label.tone, "quiet")
        x = self.plane.right + label.gap
        start = y
        if label.names:
            start -= 0.65 * text * (self._lines_of(label) - 1)
        box = self.plane.canvas.text(
            x,
            start + label.size * HALF_CAPITAL,
            label.amount,
            size=label.size,
            colour=colour,
            weight=label.weight,
        )
        for rank, name in enumerate(label.names, self.is_phone):
            baseline = start + text * (HALF_CAPITAL + LABEL_LINE * rank)
            if self.is_phone:
                baseline += 2 if label.label.strong else 0  # its amount is larger
                self.plane.canvas.text(x, baseline, name, colour=colour)
            else:
                self.plane.canvas.text(box.right + NAME_GAP, baseline, name, colour=colour)
