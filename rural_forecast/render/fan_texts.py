"""Texts of figures in a fan: each stands where it covers nothing, or is left out."""

from collections.abc import Iterator

from rural_forecast.document.picture import Course, Mark
from rural_forecast.render.canvas import HALF_CAPITAL, Box, Plane, Point, box_of
from rural_forecast.render.fan_edge import RING
from rural_forecast.text.style import MEDIUM

# The pixels up or down from which it has a leader, and the leader's own gaps.
_LEADER_FROM = 20
_LEADER_START = 7
_LEADER_END = 1


class FigureTexts:
    """The texts of values and published figures.

    `plane` is the drawing, `taken` the boxes that texts keep away from.
    """

    def __init__(self, plane: Plane, plot: Course, taken: list[Box]) -> None:
        self.plane = plane
        self.plot = plot
        self.size = plane.canvas.size
        self.taken = taken

    def write(self, mark: Mark) -> list[Point] | None:
        """Write the text of a figure where it covers nothing; return the leader that it needs."""
        x = self.plane.x(mark.x)
        y = self.plane.y(mark.y)
        size = self.size.text
        plain = mark.shape == "none"
        page = Box(
            self.plane.left - RING,
            self.plane.top - size * 0.4,
            self.plane.right + 4,
            self.plane.bottom - 2,
        )
        shaded_from = min(
            (self.plane.x(band.xs[0]) for band in self.plot.bands), default=page.right
        )
        for dx, dy, anchor in self._offsets(mark):
            box = box_of(x + dx, y + dy, mark.text, size, MEDIUM, anchor)
            halo = plain and box.right < shaded_from + 2  # in the colour of the page: none on bands
            if plain and x <= shaded_from and not halo:
                continue
            if not _is_within(box, page) or any(map(box.wider(2).meets, self.taken)):
                continue
            self.plane.canvas.text(
                x + dx, y + dy, mark.text, weight=MEDIUM, anchor=anchor, halo=halo
            )
            self.taken.append(box)
            if plain or abs(dy) < _LEADER_FROM:
                return None
            if dy < 0:
                return [(x, y - _LEADER_START), (x, box.bottom + _LEADER_END)]
            return [(x, y + _LEADER_START), (x, box.top - _LEADER_END)]
        return None

    def _offsets(self, mark: Mark) -> Iterator[tuple[float, float, str]]:
        """List positions of a text from its figure, in pixels with the anchor, the best first."""
        size = self.size.text
        sides = [(-12.0, size * HALF_CAPITAL, "end"), (12.0, size * HALF_CAPITAL, "start")]

        # A sign: beside it, above and below it, then farther away, where it needs a leader.
        if mark.shape != "none":
            yield from sides
            for dy in (-14, 26, -32, 44, -52):
                yield 0, dy, "middle"
            for dy in (-32, -52, -72, -92, 36, 60, 84):
                yield 6, dy, "end"
                yield 6, dy, "start"
            return

        # A value on a line: around it, left of it first, as the line goes on to the right. Left of
        # the first value is the axis.
        is_first = mark.x == self.plane.span[0]
        left = [(-8, -12.0, "end"), (-8, size + 8, "end")]
        right = [(9, size + 6, "start"), (9, -10.0, "start")]
        yield from [*right, *left] if is_first else [*left, *right]
        yield 0, -14, "middle"
        yield 0, size + 10, "middle"
        yield from sides
        if is_first and mark.x == self.plot.origin:
            yield -10, -26, "start"
        for dy in (-28, -44):
            yield 0, dy, "middle"
            yield 0, dy, "end"


def _is_within(box: Box, page: Box) -> bool:
    across = page.left <= box.left <= box.right <= page.right
    return across and page.top <= box.top <= box.bottom <= page.bottom
